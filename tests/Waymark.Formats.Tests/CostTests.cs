using System.Diagnostics;
using System.IO.Compression;
using Shouldly;
using Xunit;

namespace Waymark.Formats.Tests;

/// <summary>Tests that take time run alone, so that they measure themselves.</summary>
[CollectionDefinition("costs", DisableParallelization = true)]
public sealed class Costs;

/// <summary>What reading costs: allocation and ratios are held, milliseconds are printed.</summary>
[Collection("costs")]
public sealed class CostTests(ITestOutputHelper output)
{
    [Fact]
    public void Opening_and_walking_the_tidy_table_costs_less_than_splitting_its_lines_and_walking_allocates_nothing_by_the_row()
    {
        var bytes = Evidence.Bytes("tidy/unhcr.csv.gz");
        var split = Best(() => Split(bytes));
        var (unpack, open, walk, grid, allocated, kept) = (Best(() => Unpack(bytes)), 0.0, 0.0, 0.0, 0L, 0L);
        var fields = 0L;
        open = Best(() => TabularFile.Open(bytes, "unhcr.csv.gz").Value);
        var file = TabularFile.Open(bytes, "unhcr.csv.gz").Value;
        walk = Best(() =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            fields = 0;
            var cursor = file.Text!.Cursor();
            var length = 0L;
            while (cursor.Read())
            {
                for (var i = 0; i < cursor.FieldCount; i++)
                {
                    length += cursor.Field(i).Length;
                }

                fields += cursor.FieldCount;
            }

            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            return length;
        });
        grid = Best(() =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var cells = file.Sheets[0].Read().Value.CellCount;
            kept = GC.GetAllocatedBytesForCurrentThread() - before;
            return cells;
        });
        output.WriteLine(FormattableString.Invariant($"unpack alone {unpack:F1} ms, open (hash, unpack, encoding, delimiter) {open:F1} ms, walk {fields} fields {walk:F1} ms and {allocated} bytes, grid {grid:F1} ms and {kept >> 20} MiB; StreamReader and Split {split:F1} ms, ratio {(open + walk) / split:F2}"));
        fields.ShouldBe(959_290);
        allocated.ShouldBeLessThan(4096);
        kept.ShouldBeLessThan(64L << 20);
        ((open + walk) / split).ShouldBeLessThan(0.9, "0.66 to 0.78 on the processors measured");
    }

    private static double Best<T>(Func<T> body)
    {
        var best = double.MaxValue;
        for (var i = 0; i < 7; i++)
        {
            var clock = Stopwatch.StartNew();
            GC.KeepAlive(body());
            best = Math.Min(best, clock.Elapsed.TotalMilliseconds);
        }

        return best;
    }

    private static long Unpack(byte[] bytes)
    {
        using var stream = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
        var buffer = new byte[1 << 16];
        var total = 0L;
        for (int read; (read = stream.Read(buffer)) > 0; total += read) { }
        return total;
    }

    private static int Split(byte[] bytes)
    {
        using var reader = new StreamReader(new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress));
        var fields = 0;
        while (reader.ReadLine() is { } line)
        {
            fields += line.Split(',').Length;
        }

        return fields;
    }
}
