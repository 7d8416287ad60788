using System.Diagnostics;
using Shouldly;
using Xunit;

namespace Waymark.Formats.Tests;

/// <summary>
/// Thousands of damaged files: each is read correctly or refused with a place and both languages, quickly and in
/// little memory.
/// </summary>
[Collection("costs")]
public sealed class MutationTests(ITestOutputHelper output)
{
    private const long MemoryLimit = 256L << 20;
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(2);

    private static bool IsLong => Environment.GetEnvironmentVariable("WAYMARK_LONG") == "1";

    /// <summary>
    /// Small published files of every format stand in for most mutants; the large ones take part in the long run and
    /// in every fortieth mutant.
    /// </summary>
    private static List<(string Name, byte[] Bytes)> Bases()
    {
        var own = Fixtures.All.ToList();
        return Evidence.IsThere
            ? [.. own, .. Evidence.Files.Select(static path => (path, Evidence.Bytes(path)))]
            : own;
    }

    [Fact]
    public void A_damaged_file_is_read_or_refused_with_a_place_in_time_and_memory()
    {
        var bases = Bases();
        var small = bases.Where(static file => file.Bytes.Length < 130_000).ToList();
        var (count, read, partly, refused) = (IsLong ? 100_000 : 2_000, 0, 0, 0);
        var (slowest, largest) = ((Time: TimeSpan.Zero, Name: ""), (Bytes: 0L, Name: ""));
        var failures = new List<string>();
        var clock = new Stopwatch();
        for (var seed = 0; seed < count; seed++)
        {
            var (name, original) = seed % 40 == 39 ? bases[seed / 40 % bases.Count] : small[seed % small.Count];
            var mutant = Mutations.Make(original, seed);
            var before = GC.GetAllocatedBytesForCurrentThread();
            clock.Restart();
            var outcome = Try(mutant, name, failures);
            clock.Stop();
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            _ = outcome switch { Outcome.Read => read++, Outcome.Partly => partly++, _ => refused++ };
            slowest = clock.Elapsed > slowest.Time ? (clock.Elapsed, $"{name} {mutant}") : slowest;
            largest = allocated > largest.Bytes ? (allocated, $"{name} {mutant}") : largest;
            if (clock.Elapsed > TimeLimit || allocated > MemoryLimit)
            {
                failures.Add(FormattableString.Invariant($"{name} {mutant}: {clock.ElapsedMilliseconds} ms, {allocated >> 20} MiB"));
            }
        }

        output.WriteLine(FormattableString.Invariant($"{count} mutants: {read} read, {partly} read in part, {refused} refused; slowest {slowest.Time.TotalMilliseconds:F0} ms {slowest.Name}; most allocated {largest.Bytes >> 20} MiB {largest.Name}"));
        failures.Take(30).ShouldBeEmpty();
        read.ShouldBeGreaterThan(count / 20);
        refused.ShouldBeGreaterThan(count / 20);
    }

    private static Outcome Try(Mutant mutant, string name, List<string> failures)
    {
        try
        {
            var opened = TabularFile.Open(mutant.Bytes, name);
            if (!opened.TryGet(out var file))
            {
                return Refused(opened.Error!, name, mutant, failures);
            }

            var result = Outcome.Read;
            foreach (var sheet in file.Sheets)
            {
                var grid = sheet.Read();
                if (grid.IsOk)
                {
                    Walk(grid.Value, name, mutant, failures);
                }
                else
                {
                    Refused(grid.Error, name, mutant, failures);
                    result = Outcome.Partly;
                }
            }

            return result;
        }
        catch (Exception exception)
        {
            failures.Add($"{name} {mutant}: {exception.GetType().Name} {exception.Message} {exception.StackTrace?.Split('\n')[0]}");
            return Outcome.Refused;
        }
    }

    /// <summary>A grid that was handed out can be walked, and its counts agree.</summary>
    private static void Walk(Grid grid, string name, Mutant mutant, List<string> failures)
    {
        var (cells, last) = (0, 0);
        foreach (var row in grid.Rows)
        {
            cells += row.Count;
            var column = 0;
            for (var i = 0; i < row.Count; i++)
            {
                var cell = row[i];
                column = cell.Column > column ? cell.Column : int.MaxValue;
                if (cell.Kind == CellKind.Number && !cell.TryGetNumber(out _))
                {
                    failures.Add($"{name} {mutant}: {cell.Address} is a number that cannot be read: {cell.Text}");
                }
            }

            if (row.Number <= last || column == int.MaxValue)
            {
                failures.Add($"{name} {mutant}: row {row.Number} out of order");
            }

            last = row.Number;
        }

        if (cells != grid.CellCount)
        {
            failures.Add($"{name} {mutant}: {cells} cells walked, {grid.CellCount} counted");
        }
    }

    private static Outcome Refused(Waymark.Model.Error error, string name, Mutant mutant, List<string> failures)
    {
        if (string.IsNullOrEmpty(error.Where) || error.Message.In("zh").Length == 0
            || error.Message.In("en").Length == 0 || error.Hint is null)
        {
            failures.Add($"{name} {mutant}: error without place, hint or language: {error}");
        }

        return Outcome.Refused;
    }

    private enum Outcome { Read, Partly, Refused }
}
