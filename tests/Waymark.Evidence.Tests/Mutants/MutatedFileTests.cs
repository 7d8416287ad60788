using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Shouldly;
using Xunit;

namespace Waymark.Evidence.Tests.Mutants;

/// <summary>
/// Thousands of damaged files through the importer, in a process whose whole heap (originals and all) may not pass 256 MiB
/// beyond what it held before the first file: a correct import whose cells balance, or an error that says where.
/// </summary>
[Collection(nameof(Alone))]
public sealed class MutatedFileTests(ITestOutputHelper output)
{
    private const long MemoryLimit = 256L << 20;
    private const long PackAllowance = 24L << 20;
    private const int Seed = 0;

    /// <summary>WAYMARK_LONG=1 takes 100,000; WAYMARK_MUTANTS=n takes n.</summary>
    private static int Count => Environment.GetEnvironmentVariable("WAYMARK_MUTANTS") is { Length: > 0 } stated ? int.Parse(stated, CultureInfo.InvariantCulture)
        : Environment.GetEnvironmentVariable("WAYMARK_LONG") == "1" ? 100_000 : 2_000;

    [Fact]
    public async Task A_damaged_file_is_imported_with_balanced_cells_or_refused_with_a_place_in_two_seconds_and_256_MiB()
    {
        var tally = await RunAsync(Seed, Count);
        output.WriteLine(JsonSerializer.Serialize(tally, Indented));
        if (Environment.GetEnvironmentVariable("WAYMARK_RESULTS") is { Length: > 0 } file)
        {
            await File.WriteAllTextAsync(file, JsonSerializer.Serialize(tally, Indented) + "\n", TestContext.Current.CancellationToken);
        }

        tally.Failures.Take(30).ShouldBeEmpty();
        tally.Mutants.ShouldBe(Count);
        (tally.HeapLimit - tally.HeldBefore).ShouldBeLessThanOrEqualTo(MemoryLimit);
        tally.Harmless.ShouldBeGreaterThan(0);
        tally.States["DryRun"].ShouldBeGreaterThan(Count / 10);
        (tally.States.GetValueOrDefault("Failed") + tally.States.GetValueOrDefault("Unrecognised")).ShouldBeGreaterThan(Count / 20);
    }

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static async Task<MutantTally> RunAsync(int from, int count)
    {
        string[] host = Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet" ? [typeof(MutatedFileTests).Assembly.Location] : [];
        var start = new ProcessStartInfo(Environment.ProcessPath!,
            [.. host, "mutant-importer", from.ToString(CultureInfo.InvariantCulture), count.ToString(CultureInfo.InvariantCulture)])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_GCHeapHardLimit"] = (MemoryLimit + PackAllowance).ToString("X", CultureInfo.InvariantCulture);
        start.Environment["DOTNET_gcServer"] = "0";
        using var child = Process.Start(start)!;
        var complaint = child.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var answer = await child.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        child.ExitCode.ShouldBe(0, await complaint);
        return JsonSerializer.Deserialize<MutantTally>(answer)!;
    }
}

/// <summary>Tests that use the machine for themselves.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
