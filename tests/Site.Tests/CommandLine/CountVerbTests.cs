using System.Text.Json;
using Waymark.App.CommandLine;
using Waymark.App.Hosting;
using Waymark.App.Output;
using Waymark.Casework.Contracts;
using Waymark.Model;
using Waymark.Site.Tests.Support;

namespace Waymark.Site.Tests.CommandLine;

/// <summary>Released figures on victims from a terminal, and the way of their file into the evidence of any node (J04, S017); all figures are invented.</summary>
public sealed class CountVerbTests
{
    [Fact]
    public async Task The_file_is_read_by_the_import_with_what_is_withheld_as_withheld()
    {
        using var call = new Called { Opener = new PlatformOpener() };
        var sheet = new CountSheet("ken-2025", 2025, "KEN", new("Kenya", "肯尼亚"), "low", CountState.Released, new(2026, 11, 22, 9, 0, 0, TimeSpan.Zero), "maya",
        [
            new("Total", "Total", "Total", "Total", 26), new("Total", "Total", "Female", "Total", 20), new("Total", "Total", "Male", "Total", null), new("by form of exploitation", "Forced labour", "Total", "0 to 17 years", 12),
            new("by citizenship", "Cambodia", "Total", "Total", 14), new("by age when trafficked", "9 to 17 years", "Total", "Total", null),
        ]);
        using (var memory = new MemoryStream())
        {
            (await CountFile.WriteAsync(sheet, isSample: false, memory, default)).IsOk.ShouldBeTrue();
            File.WriteAllBytes(Path.Combine(call.Folder, CountFile.Name(sheet)), memory.ToArray());
        }

        (await call.RunAsync("import", "victims-ken-2025.csv")).Code.ShouldBe(ExitCode.Done, call.Error + call.Output);
        (await call.RunAsync("query", "waymark/victims-in-case-register", "--format", "csv")).Code.ShouldBe(ExitCode.Done, call.Error);
        var text = call.Output;
        text.ShouldContain("KEN,_T,_T,_T,_T,2025,26,A,person");
        text.ShouldContain("KEN,_T,_T,M,_T,2025,,Q,person");
        text.ShouldContain("KEN,form,Forced labour,_T,0 to 17 years,2025,12,A,person");
        text.ShouldNotContain(",?", Case.Sensitive, "every code is known");
    }

    [Fact]
    public async Task Nothing_is_told_that_was_not_released()
    {
        using var call = new Called { Opener = new PlatformOpener() };
        (await call.RunAsync("counts", "show", "--json")).Code.ShouldBe(ExitCode.Done, call.Error);
        JsonDocument.Parse(call.Output).RootElement.GetProperty("result").GetProperty("years").GetArrayLength().ShouldBe(0);
        (await call.RunAsync("counts", "export", "ken-2025", "-o", "out.csv")).Code.ShouldBe(ExitCode.NotFound);
        File.Exists(Path.Combine(call.Folder, "out.csv")).ShouldBeFalse();
    }
}
