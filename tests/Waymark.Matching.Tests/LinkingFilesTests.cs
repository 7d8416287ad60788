using System.Globalization;
using System.Text;
using Shouldly;
using Waymark.Linkage;
using Xunit;

namespace Waymark.Matching.Tests;

/// <summary>Files in, links out.</summary>
public sealed class LinkingFilesTests
{
    [Fact]
    public void One_file_is_searched_for_duplicates_and_two_are_linked_with_each_other()
    {
        using var place = new Place();
        var (left, right, both) = Registers(place, 400);
        var linked = Run(left, right);
        Lines(stream => LinkWriters.Links(stream, linked)).Count(l => l.StartsWith('a')).ShouldBeInRange(190, 210);
        var alone = Run(both, null);
        Lines(stream => LinkWriters.Links(stream, alone)).Length.ShouldBeInRange(190, 210);
        var clusters = Lines(stream => LinkWriters.Clusters(stream, alone));
        clusters[0].ShouldBe("id,cluster");
        clusters.Length.ShouldBe(601);
    }

    [Fact]
    public void Links_name_ids_as_written_with_probability_and_weight()
    {
        using var place = new Place();
        var (left, right, _) = Registers(place, 400, prefix: "x,\"y ");
        var lines = Lines(stream => LinkWriters.Links(stream, Run(left, right)));
        lines[0].ShouldBe("left_id,right_id,probability,weight");
        lines[1].ShouldStartWith("\"x,\"\"y a");
        lines.Length.ShouldBeGreaterThan(150);
    }

    /// <summary>M70: women of this file share four given names, so their strangers agree more often than the model knows.</summary>
    [Fact]
    public void Pairs_of_a_group_that_is_not_trusted_name_it_and_are_no_links()
    {
        using var place = new Place();
        var run = Run(place.Write("women.csv", OneSided.Names()), null);
        var doubted = run.Outcome.Trust.Single(g => g.Kind == "sex" && !g.IsTrusted);
        doubted.Value.ShouldBe("female");
        using var stream = new MemoryStream();
        var links = LinkWriters.Links(stream, run);
        var lines = Encoding.UTF8.GetString(stream.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines[0].ShouldBe("left_id,right_id,probability,weight,candidate_only");
        lines.Count(line => line.EndsWith(",sex: female", StringComparison.Ordinal)).ShouldBeGreaterThan(100);
        lines.Skip(1).Count(line => line.EndsWith(',')).ShouldBe(links);
    }

    /// <summary>M70: a register that grows doubts the same group, in however many pieces its records come.</summary>
    [Fact]
    public void An_index_gives_candidates_for_the_group_that_the_model_is_wrong_about()
    {
        using var place = new Place();
        var rows = OneSided.Names().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string Part(string name, int from, int to) => place.Write(name, rows[0] + "\n" + string.Join('\n', rows[from..to]) + "\n");
        var cancel = TestContext.Current.CancellationToken;
        var (old, late, last, both) = (Part("old.csv", 1, rows.Length - 400), Part("late.csv", rows.Length - 400, rows.Length - 100), Part("last.csv", rows.Length - 100, rows.Length), Part("both.csv", rows.Length - 400, rows.Length));
        using (var index = File.Create(Path.Combine(place.Folder, "old.index")))
        {
            IndexFiles.Create(Request(old, null), null, cancel).Value.Index.Save(index);
        }

        var alone = IndexFiles.Add(Request(both, null), Path.Combine(place.Folder, "old.index"), cancel).Value;
        using (var index = File.Create(Path.Combine(place.Folder, "pieces.index")))
        {
            IndexFiles.Add(Request(late, null), Path.Combine(place.Folder, "old.index"), cancel).Value.Index.Save(index);
        }

        var pieces = IndexFiles.Add(Request(last, null), Path.Combine(place.Folder, "pieces.index"), cancel).Value;
        var outcome = alone.Outcome;
        outcome.Trust.Where(group => !group.IsTrusted).ShouldContain(group => group.Kind == "sex" && group.Value == "female");
        outcome.Trust.Single(group => group is { Kind: "sex", Value: "male" }).IsTrusted.ShouldBeTrue();
        pieces.Outcome.Trust.ShouldBe(outcome.Trust);
        pieces.Outcome.Clusters.ShouldBe(outcome.Clusters);
        var above = outcome.Pairs.Where(pair => pair.Probability >= outcome.Threshold).ToList();
        above.Count(outcome.IsLink).ShouldBeGreaterThan(300);
        above.Count(pair => !outcome.IsLink(pair)).ShouldBeGreaterThan(100);
        using var stream = new MemoryStream();
        var links = IndexFiles.Links(stream, alone.Index, outcome);
        var lines = Encoding.UTF8.GetString(stream.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines[0].ShouldBe("left_id,right_id,probability,weight,candidate_only");
        lines.Skip(1).Count(line => line.EndsWith(',')).ShouldBe(links);
        links.ShouldBe(above.Count(outcome.IsLink));
    }

    [Fact]
    public void A_kept_model_is_read_back_and_gives_the_same_links()
    {
        using var place = new Place();
        var (left, right, _) = Registers(place, 400);
        var trained = LinkFiles.Train(Request(left, right), null, TestContext.Current.CancellationToken).Value;
        var path = Path.Combine(place.Folder, "model.json");
        using (var file = File.Create(path))
        {
            ModelFile.Write(file, trained.Model, trained.Files.Pack.Hash);
        }

        var again = LinkFiles.Run(Request(left, right) with { Model = ModelFile.Read(path).Value.Model }, null, TestContext.Current.CancellationToken).Value;
        Lines(s => LinkWriters.Links(s, again)).Select(Ids).ShouldBe(Lines(s => LinkWriters.Links(s, Run(left, right))).Select(Ids), ignoreOrder: true);
        ModelFile.Read(place.Write("no.json", "{}")).Error!.Code.ShouldBe("matching.model");
        ModelFile.Read(place.Write("no.json", "x")).Error!.Code.ShouldBe("matching.model");

        static string Ids(string line) => string.Join(',', line.Split(',').Take(2));
    }

    [Fact]
    public void Truth_is_a_list_of_pairs_of_persons_or_a_column()
    {
        using var place = new Place();
        var (left, right, both) = Registers(place, 400);
        var pairs = place.Write("pairs.csv", "left_id,right_id\n" + string.Concat(Enumerable.Range(0, 200).Select(i => $"a{i * 2},b{i * 2}\n")));
        var run = Run(left, right);
        var byPairs = LinkageEngine.Evaluate(run.Outcome, Truth.Read(pairs, run.Files, TestContext.Current.CancellationToken).Value).Value;
        byPairs.AtThreshold.True.ShouldBe(200);
        byPairs.AtThreshold.F1.ShouldBeGreaterThan(0.95);
        var persons = place.Write("persons.csv", "rec_id,entity\n" + string.Concat(Enumerable.Range(0, 400).Select(i => $"a{i},E{i}\nb{i},E{i}\n")));
        LinkageEngine.Evaluate(run.Outcome, Truth.Read(persons, run.Files, TestContext.Current.CancellationToken).Value).Value.ShouldBe(byPairs);
        var kept = LinkFiles.Run(Request(both, null) with { KeepColumn = "person" }, null, TestContext.Current.CancellationToken).Value;
        LinkageEngine.Evaluate(kept.Outcome, Truth.OfColumn(kept.Files, "person").Value).Value.AtThreshold.True.ShouldBe(200);
        kept.Outcome.Groups(kept.Files.Kept!).ShouldContain(g => g.Kind == "script" && g.Value == "Latin");
    }

    [Fact]
    public void Explanations_are_written_as_lines_of_JSON_as_words_and_as_a_drawing()
    {
        using var place = new Place();
        var (left, right, _) = Registers(place, 400);
        var run = Run(left, right);
        foreach (var line in Lines(s => ExplanationWriter.Write(s, "x.jsonl", run, 30, "en").Value.ShouldBe(30)))
        {
            var json = System.Text.Json.JsonDocument.Parse(line).RootElement;
            var bits = json.GetProperty("start").GetDouble() + json.GetProperty("steps").EnumerateArray().Sum(s => s.GetProperty("bits").GetDouble());
            bits.ShouldBe(json.GetProperty("weight").GetDouble(), 0.05);
            (1 / (1 + Math.Pow(2, -bits))).ShouldBe(json.GetProperty("probability").GetDouble(), 0.02);
        }

        string.Join('\n', Lines(s => ExplanationWriter.Write(s, "x.txt", run, 3, "zh"))).ShouldContain("出生日期：");
        var svg = System.Xml.Linq.XDocument.Parse(string.Join('\n', Lines(s => ExplanationWriter.Write(s, "x.svg", run, 5, "en"))));
        svg.Descendants().Count(e => e.Name.LocalName == "g").ShouldBe(5);
        svg.Descendants().Count(e => e.Name.LocalName == "desc").ShouldBe(5);
        ExplanationWriter.Write(Stream.Null, "x.pdf", run, null, "en").Error!.Code.ShouldBe("link.explain-ending");
    }

    private static LinkFilesRequest Request(string left, string? right) => new(left, right, "id") { PacksFolder = Place.Packs, Threads = 2 };

    private static LinkRun Run(string left, string? right) => LinkFiles.Run(Request(left, right), null, TestContext.Current.CancellationToken).Value;

    private static string[] Lines(Action<Stream> write)
    {
        using var stream = new MemoryStream();
        write(stream);
        return Encoding.UTF8.GetString(stream.ToArray()).TrimEnd('\n').Split('\n');
    }

    /// <summary>Two registers of people of whom every second is in both, and one file with both.</summary>
    private static (string Left, string Right, string Both) Registers(Place place, int persons, string prefix = "")
    {
        string[] syllables = ["ba", "ri", "mo", "la", "ke", "tu", "sa", "no", "fi", "da", "gu", "he", "yo", "pi", "za", "we", "lo", "ma", "ne", "ti"];
        var random = new Random(41);
        string Name(int length) => string.Concat(Enumerable.Range(0, length).Select(_ => syllables[random.Next(syllables.Length)]));
        const string Header = "id,given_name,family_name,birth_date,place,person\n";
        var (left, right, both) = (new StringBuilder(Header), new StringBuilder(Header), new StringBuilder(Header));
        for (var i = 0; i < persons; i++)
        {
            var rest = $"{Name(3)},{Name(4)},{1950 + random.Next(60)}-{1 + random.Next(12):00}-{1 + random.Next(28):00},{Name(2)}";
            Add(left, "a", i, rest);
            Add(both, "a", i, rest);
            if (i % 2 == 0)
            {
                Add(right, "b", i, rest);
                Add(both, "b", i, rest);
            }
            else
            {
                Add(right, "b", i + persons, $"{Name(3)},{Name(4)},{1950 + random.Next(60)}-0{1 + random.Next(9)}-11,{Name(2)}");
            }
        }

        return (place.Write("left.csv", left.ToString()), place.Write("right.csv", right.ToString()), place.Write("both.csv", both.ToString()));

        void Add(StringBuilder into, string side, int i, string rest)
        {
            var id = prefix.Length == 0 ? $"{side}{i}" : "\"" + (prefix + side + i).Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";
            into.Append(System.Globalization.CultureInfo.InvariantCulture, $"{id},{rest},P{i}\n");
        }
    }
}
