using Shouldly;
using Waymark.Formats.Htcds;
using Xunit;

namespace Waymark.Formats.Tests.Htcds;

/// <summary>The pack and our template against the files that UN Migration published; they are read where they are and never copied.</summary>
public sealed class PublishedTests
{
    private const string Fields = "htcds/HTCDS Field Standards 2.0.ods";
    private const string Plain = "htcds/HTCDS Excel Spreadsheet v2.0.xlsx";
    private const string Validated = "htcds/HTCDS Excel Spreadsheet single select with validation v2.0.xlsx";

    [Fact]
    public void The_pack_holds_all_84_fields_with_their_labels_and_values_byte_for_byte()
    {
        var rows = Evidence.Grid(Fields, "Field_Standards").Rows
            .Where(row => row.At(2).Text is "DRAFT" or "DEPRECATED").ToList();
        rows.Count.ShouldBe(84);
        Standard.Value.Fields.Count.ShouldBe(84);
        var seen = 0;
        foreach (var row in rows)
        {
            var code = row.At(7).Text is { Length: > 0 } whole ? whole : row.At(4).Text + row.At(5).Text;
            var field = Standard.Value.Find(code).ShouldNotBeNull(code);
            seen++;
            field.Label.In("en").ShouldBe(row.At(6).Text is { Length: > 0 } label ? label : row.At(5).Text, code);
            field.IsCore.ShouldBe(row.At(3).Text == "Core", code);
            field.IsDeprecated.ShouldBe(row.At(2).Text == "DEPRECATED", code);
            field.IsMultiple.ShouldBe(row.At(8).Text == "Multiselect Picklist", code);
            if (field.List is { } list)
            {
                // One code of the field standard ends in a blank; a code has none.
                Lines(row.At(10).Text).Select(line => line.Trim()).ShouldBe(Standard.Value.Codes[list].Select(value => value.Code), code);
                Lines(row.At(11).Text).ShouldBe(Standard.Value.Codes[list].Select(value => value.Label.In("en")), code);
            }
        }

        seen.ShouldBe(84);
        Standard.Value.Fields.Count(field => field.IsDeprecated).ShouldBe(3);
        Standard.Value.Fields.Count(field => field.IsCore).ShouldBe(40);
        Standard.Value.Codes["relationships-to-trafficker"].ShouldContain(code => code.Code == "Unaquainted");
    }

    [Theory]
    [InlineData(Plain)]
    [InlineData(Validated)]
    public void The_headings_of_both_spreadsheets_are_understood_and_their_contradictions_said(string path)
    {
        var read = HtcdsReader.Read(Evidence.Open(path), Standard.Value).Value;
        (read.Cases.Count, read.Aside.Count).ShouldBe((0, 0));
        read.NumberedOnly.ShouldBe(1000);
        read.Fields.Count.ShouldBe(34);
        read.Fields.ShouldContain("cas_ReasonForOutgoingReferral");
        read.Fields.ShouldContain("vic_TraffickingStatusDecisionMakingOrg");
        read.Faults.Select(fault => (fault.Code, fault.Where)).ShouldBe([("htcds.heading-contradicts", "N1"),
            ("htcds.heading-contradicts", "O1"), ("htcds.heading-contradicts", "Q1"), ("htcds.heading-contradicts", "R1")]);
        foreach (var trust in new[] { HtcdsTrust.Code, HtcdsTrust.Label })
        {
            HtcdsReader.Read(Evidence.Open(path), Standard.Value, new(trust)).Value.Fields.Count.ShouldBe(38);
        }
    }

    [Fact]
    public async Task Our_template_has_the_columns_and_the_lists_of_the_published_one()
    {
        using var memory = new MemoryStream();
        (await HtcdsWriter.WriteAsync([], memory, Standard.Value, new(HtcdsLayout.Template), TestContext.Current.CancellationToken)).Value.ShouldBe(0);
        var ours = TabularFile.Open(memory.ToArray(), "t.xlsx").Value["Case Sheet"]!.Read().Value;
        var published = Evidence.Grid(Validated, "Case Sheet");
        for (var column = 2; column <= 39; column++)
        {
            ours.At(2, column).Text.Trim().ShouldBe(published.At(2, column).Text.Trim());
        }

        Standard.Value.Template.Count.ShouldBe(38);
        Standard.Value.Template.Select(column => (column.Column, column.Code, column.Label)).ShouldBe(Enumerable.Range(2, 38).Select(column =>
            (CellAddress.Letters(column), published.At(1, column).Text, published.At(2, column).Text)));
        var offers = Evidence.Grid(Validated, "validation");
        foreach (var (letter, list) in new[] { (2, "genders"), (6, "methods-of-recruitment"), (7, "methods-of-control"), (8, "types-of-exploitation"),
            (9, "industries"), (10, "types-of-sexual-exploitation"), (11, "vulnerabilities"), (12, "case-statuses"), (13, "referral-reasons"),
            (14, "referral-reasons"), (15, "trafficking-statuses"), (16, "deciding-bodies") })
        {
            Enumerable.Range(4, 300).Select(row => offers.At(row, letter).Text).TakeWhile(text => text.Length > 0)
                .ShouldBe(Standard.Value.Codes[list].Select(code => code.Template), list);
        }

        Enumerable.Range(4, 249).All(row => Standard.Value.Code(HtcdsStandard.Countries, offers.At(row, 5).Text)
            == Standard.Value.Code(HtcdsStandard.Countries, offers.At(row, 4).Text)).ShouldBeTrue();
        // Ours offers codes of countries in the address as well.
        ours.Validations.Count(rule => rule.Type == "list").ShouldBe(13);
        published.Validations.Count(rule => rule.Type == "list").ShouldBe(12);
    }

    private static string[] Lines(string text) => [.. text.Split('\n').Where(line => line.Length > 0)];
}
