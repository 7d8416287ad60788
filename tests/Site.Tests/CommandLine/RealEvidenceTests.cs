using System.Text.Json;
using Waymark.App.CommandLine;
using Waymark.App.Hosting;
using Waymark.Site.Tests.Support;

namespace Waymark.Site.Tests.CommandLine;

/// <summary>The verbs over the real evidence base, as a person uses them one after the other.</summary>
public sealed class RealEvidenceTests
{
    [Fact]
    public async Task The_reference_evidence_is_there_from_the_first_call()
    {
        using var call = new Called { Opener = new PlatformOpener() };
        (await call.RunAsync("series", "--json")).Code.ShouldBe(ExitCode.Done, call.Error);
        using var document = JsonDocument.Parse(call.Output);
        document.RootElement.GetProperty("result").GetProperty("series").EnumerateArray().Select(series => series.GetProperty("id").GetString())
            .ShouldContain("reference/key-figures");
    }

    [Fact]
    public async Task A_file_of_an_agency_is_imported_asked_explained_and_found_again()
    {
        var file = Path.Combine(Data(), "evidence", "unhcr", "solutions.csv");
        using var call = new Called { Opener = new PlatformOpener() };
        (await call.RunAsync("import", file, "--dry-run")).Code.ShouldBe(ExitCode.Done, call.Error);
        call.Output.ShouldContain("dry run, nothing written");
        (await call.RunAsync("import", file, "--json")).Code.ShouldBe(ExitCode.Done, call.Error);
        using (var report = JsonDocument.Parse(call.Output))
        {
            var cells = report.RootElement.GetProperty("result").GetProperty("files")[0].GetProperty("cells");
            cells.GetProperty("read").GetInt64().ShouldBe(cells.GetProperty("observations").GetInt64() + cells.GetProperty("structural").GetInt64() + cells.GetProperty("keptAside").GetInt64());
        }

        (await call.RunAsync("import", file)).Code.ShouldBe(ExitCode.Done, call.Error);
        call.Output.ShouldContain("already present, nothing written");
        (await call.RunAsync("query", "unhcr/solutions", "--limit", "3", "--format", "csv")).Code.ShouldBe(ExitCode.Done, call.Error);
        var lines = call.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Length.ShouldBe(4);
        lines[0].ShouldContain(",period,value,status,unit");
        (await call.RunAsync("explain", "unhcr/solutions", "--limit", "1")).Code.ShouldBe(ExitCode.Done, call.Error);
        call.Output.ShouldContain("solutions.csv");
        (await call.RunAsync("diff", "--from", "2000-01-01", "--changes", "1")).Code.ShouldBe(ExitCode.Done, call.Error);
        call.Output.ShouldContain("unhcr/solutions");
        (await call.RunAsync("verify")).Code.ShouldBe(ExitCode.Done, call.Error);
        (await call.RunAsync("backup", "copy")).Code.ShouldBe(ExitCode.Done, call.Error);
        (await call.RunAsync("verify", "copy")).Code.ShouldBe(ExitCode.Done, call.Error);
        (await call.RunAsync("restore", "copy", "--data", "second")).Code.ShouldBe(ExitCode.Done, call.Error);
        (await call.RunAsync("query", "unhcr/solutions", "--limit", "3", "--format", "csv", "--data", "second")).Code.ShouldBe(ExitCode.Done, call.Error);
        call.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe(lines);
        (await call.RunAsync("backup", "copy")).Code.ShouldBe(ExitCode.Conflict, "a backup never overwrites");
    }

    private static string Data()
    {
        Assert.SkipWhen(WorkingCopy.Shared is null, "skipped: data folder absent");
        return Path.Combine(WorkingCopy.Shared!, "data");
    }
}
