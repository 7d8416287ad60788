using System.Text;
using Shouldly;
using Waymark.Formats.Htcds;
using Xunit;

namespace Waymark.Formats.Tests.Htcds;

/// <summary>Unknown codes are said with their cell and never guessed; rows that cannot be read stand aside. All persons are invented.</summary>
public sealed class ReaderTests
{
    private const string Head = "cas_CaseOwner,prs_FirstName,prs_Gender,prs_Citizenship,vic_MethodsOfControl,prs_Birthdate,con_Consent,prs_PrimaryLanguage\n";

    private static HtcdsFile Read(string text, HtcdsTrust trust = HtcdsTrust.Neither) =>
        HtcdsReader.Read(TabularFile.Open(Encoding.UTF8.GetBytes(text), "cases.csv").Value, Standard.Value, new(trust)).Value;

    [Theory]
    [InlineData("prs_Gender", "feminine")]
    [InlineData("prs_Gender", "Femenine")]
    [InlineData("prs_Citizenship", "Thailnd")]
    [InlineData("prs_Citizenship", "XA")]
    [InlineData("vic_MethodsOfControl", "Debt bondage;Debts")]
    [InlineData("vic_MethodsOfControl", "Physical Threat")]
    [InlineData("prs_PrimaryLanguage", "Bambara language")]
    [InlineData("cas_Status", "accepted")]
    public void An_unknown_code_is_reported_with_its_cell_and_never_guessed(string field, string text)
    {
        var read = Read($"{field},cas_CaseOwner,prs_FirstName\n\"{text}\",Unit A,Invented\n");
        var fault = read.Faults.ShouldHaveSingleItem();
        (fault.Code, fault.Where).ShouldBe(("htcds.unknown-code", "2:1"));
        fault.In("en").ShouldNotContain(text);
        var value = read.Cases.Single().Values[field];
        (value.Text, value.IsKnown).ShouldBe((text, false));
        value.Codes.ShouldBe(text.Contains(';', StringComparison.Ordinal) ? ["DebtBondage"] : []);
    }

    [Fact]
    public void Codes_labels_and_the_wording_of_the_published_lists_say_the_same_code()
    {
        foreach (var text in new[] { "DebtBondage", "Debt bondage", "Debt bondage ", " Debt bondage" })
        {
            Read(Head + $"Unit A,Invented,Feminine,TH,{text},1998,TRUE,bam\n").Cases.Single().Values["vic_MethodsOfControl"].Codes.ShouldBe(["DebtBondage"]);
        }

        var one = Read(Head + "Unit A,Invented,Non-Conforming,Korea (Democratic People's Republic of),False promises;Other,1998-05,FALSE,chi\n").Cases.Single().Values;
        one["prs_Gender"].Codes.ShouldBe(["NonConforming"]);
        one["prs_Citizenship"].Codes.ShouldBe(["PRK"]);
        one["vic_MethodsOfControl"].Codes.ShouldBe(["FalsePromises", "Other"]);
        one["con_Consent"].Codes.ShouldBe(["false"]);
        one["prs_PrimaryLanguage"].Codes.ShouldBe(["zh"]);
    }

    [Fact]
    public void A_code_of_the_definitions_file_is_known_as_another_edition_and_not_mapped_by_likeness()
    {
        var read = Read(Head + "Unit A,Invented,Feminine,TH,RestrictsMovement,1998,TRUE,bam\nUnit A,Invented,Feminine,TH,Threats,1998,TRUE,bam\n");
        read.Faults.Select(fault => fault.Code).ShouldBe(["htcds.other-edition", "htcds.other-edition"]);
        read.Cases.ShouldAllBe(one => one.Values["vic_MethodsOfControl"].Codes.Count == 0);
    }

    [Theory]
    [InlineData("03/04/2020")]
    [InlineData("2024-02-30")]
    [InlineData("2024-13")]
    [InlineData("about 1990")]
    public void A_date_that_says_two_days_or_none_is_kept_and_not_read(string text)
    {
        var read = Read(Head + $"Unit A,Invented,Feminine,TH,Other,{text},TRUE,bam\n");
        read.Faults.Single().Code.ShouldBe("htcds.unread-value");
        var value = read.Cases.Single().Values["prs_Birthdate"];
        (value.Text, value.IsKnown, value.Where).ShouldBe((text, false, "2:6"));
    }

    [Fact]
    public void Rows_of_another_width_and_rows_with_errors_of_the_program_stand_aside_and_are_not_lost()
    {
        var read = Read(Head + "Unit A,Invented,Feminine,TH,Other,1998,TRUE,bam\nUnit A,Shifted,Feminine,TH,Other,extra,1998,TRUE,bam\nUnit A,Short\n");
        (read.Cases.Count, read.Aside.Count).ShouldBe((1, 2));
        read.Aside.ShouldAllBe(row => row.Why.Code == "htcds.width");
        read.Aside[0].Cells.ShouldContain("Shifted");
    }

    [Fact]
    public void Values_below_headings_that_contradict_each_other_wait_for_a_person()
    {
        const string text = "prs_FirstName,prs_MailingCity,prs_MailingCountry,cas_CaseOwner\nFirst Name,Mailing Street,Mailing City,Case Owner\nInvented,5 Harbour Road,Xanadu,Unit A\n";
        var read = Read(text);
        read.Faults.Count(fault => fault.Code == "htcds.heading-contradicts").ShouldBe(2);
        var one = read.Cases.Single();
        one.Unplaced.Select(cell => cell.Text).ShouldBe(["5 Harbour Road", "Xanadu"]);
        one.Values.Keys.ShouldBe(["prs_FirstName", "cas_CaseOwner"], ignoreOrder: true);
        Read(text, HtcdsTrust.Label).Cases.Single().Values["prs_MailingStreet"].Text.ShouldBe("5 Harbour Road");
        Read(text, HtcdsTrust.Code).Cases.Single().Values["prs_MailingCity"].Text.ShouldBe("5 Harbour Road");
    }

    [Fact]
    public void A_column_that_the_standard_does_not_know_is_said_and_its_cells_are_kept()
    {
        var read = Read("prs_FirstName,prs_SecondName,cas_CaseOwner,prs_Religion\nInvented,Person,Unit A,kept\n");
        (read.Faults.Single().Code, read.Faults.Single().Where).ShouldBe(("htcds.unknown-field", "D1"));
        read.Cases.Single().Unplaced.Single().ShouldBe(new HtcdsCell("2:4", "prs_Religion", "kept"));
        HtcdsReader.Read(TabularFile.Open("a,b,c\n1,2,3\n"u8.ToArray(), "x.csv").Value, Standard.Value).Error!.Code.ShouldBe("htcds.no-heading");
    }
}
