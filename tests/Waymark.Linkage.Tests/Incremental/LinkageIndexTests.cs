using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Waymark.Linkage.Tests.Incremental;

/// <summary>The law of a growing register: however its records come in pieces, pairs, scores and clusters are the same.</summary>
public sealed class LinkageIndexTests
{
    private const string Header = "id,given_name,family_name,birth_date,place";
    private static readonly string[] s_rows = [.. Tables.Persons(61, 260), .. Foreign()];
    private static readonly byte[] s_start = Start();

    [Fact]
    public void Incremental_is_batch_whatever_the_split() =>
        Prop.ForAll(Gen.ListOf(Gen.Choose(100, s_rows.Length)).ToArbitrary(), cuts => Same(Grown([.. cuts.Order()]), Grown([]))).QuickCheckThrowOnFailure();

    [Fact]
    public void Incremental_is_batch_when_the_index_is_saved_and_read_between_the_pieces()
    {
        var index = Grown([180, 240]);
        using var file = new MemoryStream();
        var half = Add(Load(s_start), 100, 200);
        half.Save(file);
        file.Position = 0;
        Same(Add(LinkageIndex.Load(file, Tables.Knowledge).Value, 200, s_rows.Length), index).ShouldBeTrue();
    }

    [Fact]
    public void A_crowd_of_equal_records_neither_explodes_nor_breaks_the_law()
    {
        var crowd = Enumerable.Range(0, 3000).Select(i => $"m{i},maria,garcia,1980-01-01,aden").ToArray();
        var whole = Load(s_start);
        whole.Add(Tables.Rows(Header, crowd), null, TestContext.Current.CancellationToken).IsOk.ShouldBeTrue();
        var pieces = Load(s_start);
        foreach (var piece in crowd.Chunk(701))
        {
            pieces.Add(Tables.Rows(Header, piece), null, TestContext.Current.CancellationToken).IsOk.ShouldBeTrue();
        }

        Same(pieces, whole).ShouldBeTrue();
        whole.Link(LinkageConstraints.None, TestContext.Current.CancellationToken).Value.Pairs.Count.ShouldBeLessThan(3000 * 400);
    }

    [Fact]
    public void New_records_find_the_person_they_are()
    {
        var (table, entities) = People.Make(5, 3000, 0.5, 0.1, 1, rich: true);
        var rows = Enumerable.Range(0, table.Rows).ToArray();
        var (old, fresh) = (Part(table, rows[..3000]), Part(table, rows[3000..]));
        var index = LinkageIndex.Create(new LinkageRequest(old, null, Tables.Knowledge) { Threads = 2 }, null, TestContext.Current.CancellationToken).Value;
        index.Add(fresh, null, TestContext.Current.CancellationToken).Value.ShouldBe(3000);
        var outcome = index.Link(LinkageConstraints.None, TestContext.Current.CancellationToken).Value;
        var links = outcome.Pairs.Where(p => p.Probability >= outcome.Threshold).ToArray();
        double right = links.Count(p => entities[p.Left] == entities[p.Right]);
        var truth = entities.GroupBy(e => e).Sum(g => g.Count() * (g.Count() - 1) / 2);
        (2 * right / (links.Length + truth)).ShouldBeGreaterThan(0.97);
        index.Id(3000).ShouldBe(fresh.Id(0));
        index.Find(fresh.Id(0)).ShouldBe(3000);
        var why = index.Explain(links[0], TestContext.Current.CancellationToken).Value;
        (why.StartBits + why.Steps.Sum(s => s.Bits)).ShouldBe(why.Weight, 0.05);
    }

    [Fact]
    public void Constraints_hold_in_an_index_and_are_not_kept()
    {
        var index = Grown([]);
        var before = index.Link(LinkageConstraints.None, TestContext.Current.CancellationToken).Value;
        var link = before.Pairs.First(p => before.Clusters[p.Left] == before.Clusters[p.Right]);
        var apart = index.Link(new() { Reviewed = [new(link.Left, link.Right, false)] }, TestContext.Current.CancellationToken).Value;
        apart.Clusters[link.Left].ShouldNotBe(apart.Clusters[link.Right]);
        index.Link(LinkageConstraints.None, TestContext.Current.CancellationToken).Value.Clusters.ShouldBe(before.Clusters);
    }

    [Fact]
    public void Faulty_records_and_faulty_files_are_errors_and_change_nothing()
    {
        var index = Load(s_start);
        var count = index.Count;
        index.Add(Tables.Rows(Header, s_rows[..3]), null, TestContext.Current.CancellationToken).Error!.Code.ShouldBe("linkage.id-held");
        index.Count.ShouldBe(count);
        for (var length = 0; length < s_start.Length; length += Math.Max(1, s_start.Length / 60))
        {
            LinkageIndex.Load(new MemoryStream(s_start[..length]), Tables.Knowledge).Error!.Code.ShouldBe("linkage.index");
        }

        var random = new Random(9);
        for (var i = 0; i < 200; i++)
        {
            var damaged = s_start.ToArray();
            damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            if (LinkageIndex.Load(new MemoryStream(damaged), Tables.Knowledge) is { IsOk: false } refused)
            {
                refused.Error!.Code.ShouldBe("linkage.index");
            }
        }
    }

    private static byte[] Start()
    {
        using var file = new MemoryStream();
        LinkageIndex.Create(new LinkageRequest(Tables.Rows(Header, s_rows[..100]), null, Tables.Knowledge) { Threads = 2 }, null, CancellationToken.None).Value.Save(file);
        return file.ToArray();
    }

    private static LinkageIndex Load(byte[] bytes) => LinkageIndex.Load(new MemoryStream(bytes), Tables.Knowledge).Value;

    private static LinkageIndex Grown(int[] cuts)
    {
        var index = Load(s_start);
        foreach (var (from, to) in cuts.Prepend(100).Zip(cuts.Append(s_rows.Length)))
        {
            Add(index, from, to);
        }

        return index;
    }

    private static LinkageIndex Add(LinkageIndex index, int from, int to)
    {
        if (to > from)
        {
            index.Add(Tables.Rows(Header, s_rows[from..to]), null, CancellationToken.None).IsOk.ShouldBeTrue();
        }

        return index;
    }

    private static bool Same(LinkageIndex a, LinkageIndex b)
    {
        var (x, y) = (a.Link(LinkageConstraints.None, CancellationToken.None).Value, b.Link(LinkageConstraints.None, CancellationToken.None).Value);
        return x.Pairs.SequenceEqual(y.Pairs) && x.Clusters.SequenceEqual(y.Clusters) && x.Threshold == y.Threshold && x.Pairs.Count > 20;
    }

    private static LinkageTable Part(LinkageTable table, int[] rows)
    {
        var columns = table.Columns.Select(c => new LinkageColumnBuilder(c.Name)).ToArray();
        foreach (var row in rows)
        {
            for (var c = 0; c < columns.Length; c++)
            {
                columns[c].Add(table.Columns[c].Values[table.Columns[c].Codes[row]]);
            }
        }

        return LinkageTable.Create("part", [.. columns.Select(c => c.Build())], "id").Value;
    }

    /// <summary>Names in other scripts that come only after the model was fitted.</summary>
    private static IEnumerable<string> Foreign()
    {
        string[] given = ["Наталья", "Иван", "محمد", "فاطمة", "王伟"];
        string[] latin = ["Natalia", "Ivan", "Mohammed", "Fatima", "Wang Wei"];
        for (var i = 0; i < 10; i++)
        {
            yield return $"n{i},{given[i % 5]},Petrova{i / 5},19{70 + i}-03-1{i % 10},lviv";
            yield return $"l{i},{latin[i % 5]},Petrova{i / 5},19{70 + i}-03-1{i % 10},lviv";
        }
    }
}
