using System.Text.Json;
using Waymark.App.CommandLine;
using Waymark.Site.Tests.Support;

namespace Waymark.Site.Tests.CommandLine;

/// <summary>A spreadsheet of the case data standard looked at from a terminal: no store, no values of anybody; the persons are invented.</summary>
public sealed class HtcdsVerbTests
{
    private const string Rows = "prs_FirstName,prs_Gender,vic_MethodsOfControl,prs_Citizenship\nXiomara,Feminine ,Hypnosis,TH\nYara,Feminine\nZoe,Masculine,PhysicalThreats,MMR\n";

    [Theory]
    [InlineData("en", "2 cases in 4 fields; 1 rows aside")]
    [InlineData("zh", "2 个个案，4 个字段；1 行留置")]
    public async Task What_is_not_understood_is_said_with_its_cell_and_without_its_value_and_the_cases_are_written_again_as_they_were(string language, string summary)
    {
        using var call = new Called();
        call.Write("cases.csv", Rows);
        (await call.RunAsync("htcds", "check", "cases.csv", "-o", "cases.xlsx", "--lang", language)).Code.ShouldBe(ExitCode.Faults);
        call.Error.ShouldContain("[htcds.unknown-code]");
        call.Error.ShouldContain(summary);
        call.Error.ShouldNotContain("Hypnosis");
        call.Output.ShouldBeEmpty();
        File.Exists(Path.Combine(call.Folder, "data")).ShouldBeFalse();

        // What was written says the same when it is looked at, and is written the same once more.
        (await call.RunAsync("htcds", "check", "cases.xlsx", "-o", "again.xlsx", "--json")).Code.ShouldBe(ExitCode.Faults);
        var found = JsonDocument.Parse(call.Output).RootElement.GetProperty("result");
        (found.GetProperty("cases").GetInt32(), found.GetProperty("fields").GetArrayLength(), found.GetProperty("aside").GetArrayLength()).ShouldBe((2, 84, 0));
        File.ReadAllBytes(Path.Combine(call.Folder, "again.xlsx")).ShouldBe(File.ReadAllBytes(Path.Combine(call.Folder, "cases.xlsx")));
    }

    [Fact]
    public async Task A_template_is_empty_and_known_and_no_file_or_no_heading_is_an_error()
    {
        using var call = new Called();
        (await call.RunAsync("htcds", "template", "-o", "empty.xlsx")).Code.ShouldBe(ExitCode.Done, call.Error);
        (await call.RunAsync("htcds", "check", "empty.xlsx", "--json")).Code.ShouldBe(ExitCode.Done, call.Error);
        JsonDocument.Parse(call.Output).RootElement.GetProperty("result").GetProperty("fields").GetArrayLength().ShouldBe(84);
        (await call.RunAsync("htcds", "check", "missing.csv")).Code.ShouldBe(ExitCode.NotFound);
        call.Write("other.csv", "a,b\n1,2\n");
        (await call.RunAsync("htcds", "check", "other.csv")).Code.ShouldBe(ExitCode.Faults);
        call.Error.ShouldContain("[htcds.no-heading]");
        (await call.RunAsync("htcds", "check", "other.csv", "--trust", "both")).Code.ShouldBe(ExitCode.Usage);
    }
}
