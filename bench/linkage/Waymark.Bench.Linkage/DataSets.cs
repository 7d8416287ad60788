using System.IO.Compression;

namespace Waymark.Linkage.Bench;

/// <summary>The development files: where they are and what is true about them. Truth is used only to measure.</summary>
public sealed record DataSet(string Name, string Left, string? Right, string Id, Func<string, LinkageTable, LinkageTable?, string[]> Truth)
{
    public static IReadOnlyList<DataSet> All { get; } =
    [
        new("febrl3", "febrl/febrl3.csv", null, "rec_id", (_, l, r) => Ids(l, r, x => x.Split('-')[1])),
        new("febrl4", "febrl/febrl4a.csv", "febrl/febrl4b.csv", "rec_id", (_, l, r) => Ids(l, r, x => x.Split('-')[1])),
        new("fake1000", "fake1000/fake_1000.csv", null, "unique_id", (_, l, _) => Column(l, "cluster")),
        new("historical", "historical/historical_50k.csv.gz", null, "unique_id", (_, l, _) => Column(l, "cluster")),
        new("multiscript", "multiscript/multiscript_persons.csv.gz", null, "rec_id", (d, l, r) => Multi(d, l, r)),
        new("scale", "scale/scale_1m.csv.gz", null, "unique_id", (_, l, _) => Column(l, "cluster")),
    ];

    private static string[] Ids(LinkageTable left, LinkageTable? right, Func<string, string> entity) =>
        [.. Enumerable.Range(0, left.Rows).Select(r => entity(left.Id(r))), .. right is null ? [] : Enumerable.Range(0, right.Rows).Select(r => entity(right.Id(r)))];

    private static string[] Column(LinkageTable table, string name)
    {
        var column = table.Columns.Single(c => c.Name == name);
        return [.. column.Codes.Select(column.Values.Text)];
    }

    private static string[] Multi(string data, LinkageTable left, LinkageTable? right)
    {
        using var file = new StreamReader(new GZipStream(File.OpenRead(Path.Combine(data, "multiscript/multiscript_truth.csv.gz")), CompressionMode.Decompress));
        var entity = new Dictionary<string, string>(StringComparer.Ordinal);
        while (file.ReadLine() is { } line)
        {
            var cut = line.Split(',');
            entity[cut[0]] = cut[1];
        }

        return Ids(left, right, x => entity[x]);
    }
}
