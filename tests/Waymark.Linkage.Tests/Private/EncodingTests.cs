using Shouldly;
using Waymark.Linkage.Bench;
using Waymark.Linkage.Private;
using Waymark.Model;
using Xunit;

namespace Waymark.Linkage.Tests.Private;

/// <summary>Keyed encodings: what they keep together, what they keep apart, and what leaves the owner.</summary>
public sealed class EncodingTests
{
    private const string Header = "id,given_name,family_name,birth_date,sex,place,phone";

    private static readonly ProjectKey Key = ProjectKey.From([.. Enumerable.Range(1, 32).Select(i => (byte)i)]).Value;

    private static readonly LinkageTable People = Tables.Rows("id,given_name,family_name,birth_date,place", Tables.Persons(3, 400));

    [Fact]
    public void The_same_key_and_noise_give_the_same_set_and_another_key_gives_strangers()
    {
        var (one, two) = (Encode(People, Key, 1), Encode(People, Key, 1));
        EncodedSetFormat.Lines(one.Set).ShouldBe(EncodedSetFormat.Lines(two.Set));
        var other = Encode(People, ProjectKey.Create(), 1);
        var apart = DicePairs.Find(one.Set.Records, other.Set.Records, new(0.6), CancellationToken.None).Value.Pairs;
        var together = DicePairs.Find(one.Set.Records, Encode(People, Key, 2).Set.Records, new(0.6), CancellationToken.None).Value.Pairs;
        together.Count.ShouldBeGreaterThan(400);
        apart.Count.ShouldBeLessThan(together.Count / 20);
        PrivateMatcher.Match(one.Set, other.Set, new(), CancellationToken.None).Error!.Code.ShouldBe("linkage.projects-differ");
    }

    [Theory]
    [InlineData("محمد,حسن,1990-03-04,M,aden,", "Mohammed,Hassan,1990-03-04,M,aden,")]
    [InlineData("Иван,Петров,1984-06-07,M,lviv,", "Ivan,Petrov,1984-06-07,M,lviv,")]
    [InlineData("王,小明,1999-12-30,M,,0971234567", "Wang,Xiaoming,1999-12-30,M,,+380971234567")]
    [InlineData("Nguyễn,Thị Hồng,1988-02-17,F,hanoi,", "Thi Hong,Nguyen,1988-02-17,F,hanoi,")]
    [InlineData("Somchai,Dee,2534-05-06,M,,", "Somchai,Dee,1991-05-06,M,,")]
    public void Scripts_orders_and_calendars_meet_before_they_are_encoded(string left, string right)
    {
        var plain = EncodingPreset.Hardened with { CoinShare = 0, FakeShare = 0 };
        var others = Enumerable.Range(0, 30).Select(i => $"o{i},Ana{i},Kovac{i},19{50 + i}-08-{1 + (i % 28):00},F,goma,55{i}55{i}555");
        var a = Encode(Tables.Rows(Header, [$"x,{left}", .. others]), Key, 1, plain);
        var b = Encode(Tables.Rows(Header, [$"y,{right}"]), Key, 2, plain, a.Schema);
        var scores = DicePairs.Find(a.Set.Records, b.Set.Records, new(0.001), CancellationToken.None).Value.Pairs
            .Select(p => (a.Handles[p.Left].Row, p.Dice)).OrderByDescending(s => s.Dice).ToList();
        scores[0].Row.ShouldBe(0);
        (scores[0].Dice - scores[1].Dice).ShouldBeGreaterThan(0.05);
    }

    [Fact]
    public void Handles_are_drawn_and_sorted_and_invented_records_are_known_to_the_owner_alone()
    {
        var owner = Encode(People, Key, 7);
        owner.Handles.Count(h => h.IsInvented).ShouldBe((int)Math.Ceiling((People.Rows - owner.LeftOut.Count) * 0.25));
        owner.Handles.Where(h => !h.IsInvented).Select(h => h.Row).Concat(owner.LeftOut).ShouldBe(Enumerable.Range(0, People.Rows), ignoreOrder: true);
        owner.Set.Handles.ShouldBe(owner.Set.Handles.Order(StringComparer.Ordinal));
        owner.Set.Handles.ShouldAllBe(h => h.Length == 32);
        var text = string.Join('\n', EncodedSetFormat.Lines(owner.Set));
        text.ShouldNotContain(Convert.ToBase64String(Key.Export()));
        People.Columns[1].Values.Text(1).ShouldSatisfyAllConditions(name => text.ShouldNotContain("," + name + ","));
    }

    [Fact]
    public void Records_that_know_one_field_only_are_left_out_and_named()
    {
        var table = Tables.Rows(Header, ["a,Omar,Aziz,,,,", "b,Omar,Aziz,1990-01-02,,,", "c,,,,,,", "d,Lina,Haddad,1991-02-03,F,homs,"]);
        var owner = Encode(table, Key, 1);
        owner.LeftOut.ShouldBe([0, 2]);
    }

    [Fact]
    public void Records_that_say_what_more_than_three_say_are_left_out_and_named()
    {
        string[] many = [.. Enumerable.Range(0, 4).Select(i => $"m{i},Omar,Aziz,1990-01-02,M,homs,")];
        string[] few = [.. Enumerable.Range(0, 3).Select(i => $"f{i},Lina,Haddad,1991-02-03,F,homs,")];
        Encode(Tables.Rows(Header, [.. few, .. many]), Key, 1).LeftOut.ShouldBe([3, 4, 5, 6]);
    }

    [Fact]
    public void An_encoded_set_survives_its_file_and_faults_are_placed()
    {
        var set = Encode(People, Key, 4).Set;
        var lines = EncodedSetFormat.Lines(set).ToList();
        var back = EncodedSetFormat.Read(lines, "a.enc").Value;
        EncodedSetFormat.Lines(back).ShouldBe(lines);
        EncodedSetFormat.Read(lines[..^1], "a.enc").Error!.Code.ShouldBe("linkage.encoding-short");
        EncodedSetFormat.Read([.. lines[..5], "x,y"], "a.enc").Error!.Where.ShouldBe("a.enc:6");
        EncodedSetFormat.Read([.. lines[..5], lines[4]], "a.enc").Error!.Where.ShouldBe("a.enc:6");
        EncodedSetFormat.Read(["id,name", "1,2"], "a.csv").Error!.Code.ShouldBe("linkage.encoding-header");
        EncodedSetFormat.Read([], "a.csv").Error!.Code.ShouldBe("linkage.encoding-header");
    }

    [Fact]
    public void A_project_file_is_read_as_written_and_a_changed_one_is_refused()
    {
        var schema = EncodingSchema.From(People, Tables.Knowledge, null, EncodingPreset.Hardened).Value;
        var text = new ProjectFile(Key, schema).Write();
        var back = ProjectFile.Read(text, "p.json").Value;
        back.Key.Fingerprint().ShouldBe(Key.Fingerprint());
        back.Schema.Fields.ShouldBe(schema.Fields, ignoreOrder: true);
        ProjectFile.Read(text.Replace("AQID", "AQIE", StringComparison.Ordinal), "p.json").Error!.Code.ShouldBe("linkage.project-file");
        ProjectFile.Read("{", "p.json").Error!.Code.ShouldBe("linkage.project-file");
        ProjectFile.Read(text.Replace("hardened-1", "soft", StringComparison.Ordinal), "p.json").Error!.Code.ShouldBe("linkage.preset-unknown");
    }

    [Fact]
    public void Threads_change_no_link()
    {
        var (a, b) = (Encode(People, Key, 1).Set, Encode(People, Key, 2).Set);
        var one = PrivateMatcher.Match(a, b, new() { Threads = 1 }, CancellationToken.None).Value;
        var three = PrivateMatcher.Match(a, b, new() { Threads = 3 }, CancellationToken.None).Value;
        three.Links.ShouldBe(one.Links);
        three.Threshold.ShouldBe(one.Threshold);
    }

    [Fact]
    public void A_pair_that_stands_alone_scores_what_it_is_and_one_in_a_crowd_less()
    {
        // Record 0 has one like it; record 1 as good a one, and ten strangers on its heels.
        DicePair[] pairs = [new(0, 0, 45, 100), new(1, 1, 45, 100), .. Enumerable.Range(2, 10).Select(right => new DicePair(1, right, 40, 100))];
        var (left, right) = (Crowds.Around(pairs, 2, p => p.Left, 0.6), Crowds.Around(pairs, 12, p => p.Right, 0.6));
        left[0].ShouldBe(0);
        left[1].ShouldBe(0.2, 1e-9);
        right.ShouldAllBe(crowd => crowd == 0, "whoever has one neighbour stands in no crowd: it may be the same person");
        var scores = Crowds.Score(pairs, left, right);
        scores[0].Score.ShouldBe(0.9);
        scores[1].Score.ShouldBe(0.8, 1e-9);
        Crowds.Around(pairs, 2, p => p.Left, 0.85)[1].ShouldBe(0, "below the floor nobody is near");
    }

    [Fact]
    public void FEBRL4_without_the_security_number_is_linked_at_the_automatic_threshold()
    {
        var data = PackFolder.FindData();
        if (data is null)
        {
            Assert.Skip("skipped: data folder absent");
        }

        var (left, right, entity) = PrivateSets.Febrl4(data);
        Score(left, right, entity).F1.ShouldBeGreaterThanOrEqualTo(0.998);
    }

    [Fact]
    public void Registers_in_many_scripts_are_linked_at_the_automatic_threshold()
    {
        var data = PackFolder.FindData();
        if (data is null)
        {
            Assert.Skip("skipped: data folder absent");
        }

        var (left, right, entity) = PrivateSets.MultiScript(data);
        var (f1, expected, wrong) = Score(left, right, entity);
        f1.ShouldBeGreaterThanOrEqualTo(0.71);
        (expected / wrong).ShouldBeInRange(0.5, 2);
    }

    private static (double F1, double Expected, int Wrong) Score(LinkageTable left, LinkageTable right, Func<string, string> entity)
    {
        var a = Encode(left, Key, 11);
        var b = Encode(right, Key, 12, schema: a.Schema);
        var outcome = PrivateMatcher.Match(a.Set, b.Set, new(), TestContext.Current.CancellationToken).Value;
        var (rowsA, rowsB) = (a.Handles.ToDictionary(h => h.Handle, h => h.Row), b.Handles.ToDictionary(h => h.Handle, h => h.Row));
        var links = outcome.Links.Select(l => (Left: rowsA[l.Left], Right: rowsB[l.Right])).Where(l => l.Left >= 0 && l.Right >= 0).ToList();
        var correct = links.Count(l => entity(left.Id(l.Left)) == entity(right.Id(l.Right)));
        var there = Enumerable.Range(0, right.Rows).ToLookup(r => entity(right.Id(r)));
        var truth = Enumerable.Range(0, left.Rows).Sum(l => there[entity(left.Id(l))].Count());
        return (2.0 * correct / (links.Count + truth), outcome.ExpectedFalse, links.Count - correct);
    }

    private static Owner Encode(LinkageTable table, ProjectKey key, int seed, EncodingPreset? preset = null, EncodingSchema? schema = null)
    {
        schema ??= EncodingSchema.From(table, Tables.Knowledge, null, preset ?? EncodingPreset.Hardened).Value;
        var owner = RecordEncoder.Encode(table, Tables.Knowledge, null, key, schema, new Random(seed).NextBytes).Value;
        return new(owner.Set, owner.Handles, owner.LeftOut, schema);
    }

    private sealed record Owner(EncodedSet Set, IReadOnlyList<HandleEntry> Handles, IReadOnlyList<int> LeftOut, EncodingSchema Schema);
}
