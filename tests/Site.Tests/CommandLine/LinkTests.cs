using System.Text.Json;
using Waymark.Site.Tests.Support;

namespace Waymark.Site.Tests.CommandLine;

/// <summary><c>waymark link</c> on plain files, end to end.</summary>
public sealed class LinkTests
{
    [Fact]
    public async Task A_file_is_searched_for_duplicates_and_links_clusters_and_reasons_are_written()
    {
        using var call = new Called();
        call.Write("persons.csv", Persons(300));
        await call.RunAsync("link", "persons.csv", "--id", "key", "--out", "links.csv", "--clusters", "clusters.csv", "--explain", "why.jsonl", "--threads", "2");
        call.Code.ShouldBe(0, call.Error);
        var links = await File.ReadAllLinesAsync(Path.Combine(call.Folder, "links.csv"), TestContext.Current.CancellationToken);
        links[0].ShouldBe("left_id,right_id,probability,weight");
        links.Length.ShouldBeInRange(95, 106);
        (await File.ReadAllLinesAsync(Path.Combine(call.Folder, "clusters.csv"), TestContext.Current.CancellationToken)).Length.ShouldBe(401);
        File.Exists(Path.Combine(call.Folder, "why.jsonl")).ShouldBeTrue();
        call.Error.ShouldContain("Vorname = given_name");
        call.Error.ShouldContain("not compared: key, zzz");
    }

    [Fact]
    public async Task Rows_kept_aside_are_named_and_end_with_three()
    {
        using var call = new Called();
        call.Write("persons.csv", Persons(60) + "k1,again,x,1990-01-01,y,z\nshort,row\n");
        await call.RunAsync("link", "persons.csv", "--id", "key", "--out", "links.csv", "--json");
        call.Code.ShouldBe(3, call.Error);
        var result = JsonDocument.Parse(call.Output).RootElement.GetProperty("result");
        var file = result.GetProperty("files")[0];
        file.GetProperty("asideCount").GetInt32().ShouldBe(2);
        file.GetProperty("aside")[0].GetProperty("code").GetString().ShouldBe("row.id-twice");
        file.GetProperty("aside")[1].GetProperty("line").GetInt32().ShouldBe(83);
        JsonDocument.Parse(call.Output).RootElement.GetProperty("schema").GetString().ShouldBe("waymark.link/1");
    }

    [Theory]
    [InlineData(2, "link.no-file", "link")]
    [InlineData(2, "link.no-id", "link persons.csv")]
    [InlineData(2, "matching.no-id-column", "link persons.csv --id nix -o l.csv")]
    [InlineData(2, "link.map", "link persons.csv --id key --map given=Vorname -o l.csv")]
    [InlineData(2, "linkage.no-mapped-column", "link persons.csv --id key --map given_name=nix -o l.csv")]
    [InlineData(2, "link.threshold", "link persons.csv --id key --threshold 2 -o l.csv")]
    [InlineData(2, "link.encoding", "link persons.csv --id key --encoding klingon -o l.csv")]
    [InlineData(2, "link.explain-ending", "link persons.csv --id key -o l.csv --explain x.pdf")]
    [InlineData(2, "link.truth", "link evaluate persons.csv --id key")]
    [InlineData(4, "matching.unreadable", "link absent.csv --id key -o l.csv")]
    [InlineData(4, "matching.no-header", "link empty.csv --id key -o l.csv")]
    [InlineData(4, "matching.unreadable", "link persons.csv --id key --model absent.json -o l.csv")]
    public async Task What_is_wrong_is_said_with_code_and_exit(int code, string error, string words)
    {
        using var call = new Called();
        call.Write("persons.csv", Persons(20));
        call.Write("empty.csv", "");
        await call.RunAsync([.. words.Split(' '), "--json"]);
        call.Code.ShouldBe(code, call.Error);
        call.Error.ShouldContain($"\"{error}\"");
    }

    [Fact]
    public async Task A_second_file_with_another_id_column_is_told_how_to_name_it()
    {
        using var call = new Called();
        call.Write("persons.csv", Persons(20));
        call.Write("other.csv", Persons(20).Replace("key,", "record,", StringComparison.Ordinal));
        await call.RunAsync("link", "persons.csv", "other.csv", "--id", "key", "-o", "l.csv");
        call.Code.ShouldBe(2);
        call.Error.ShouldContain("--right-id");
        await call.RunAsync("link", "persons.csv", "other.csv", "--id", "key", "--right-id", "record", "-o", "l.csv");
        call.Code.ShouldBe(0, call.Error);
    }

    [Theory]
    [InlineData("")]
    [InlineData("k1,Anna,Kowalska,1990-02-03,Gdansk,1\n")]
    public async Task A_file_with_no_or_one_record_gives_no_links(string rows)
    {
        using var call = new Called();
        call.Write("persons.csv", "key,Vorname,Nachname,Geburtsdatum,Ort,zzz\n" + rows);
        await call.RunAsync("link", "persons.csv", "--id", "key", "--out", "links.csv");
        call.Code.ShouldBe(0, call.Error);
        (await File.ReadAllTextAsync(Path.Combine(call.Folder, "links.csv"), TestContext.Current.CancellationToken)).ShouldBe("left_id,right_id,probability,weight\n");
    }

    [Fact]
    public async Task A_model_is_trained_kept_and_used_and_quality_is_measured()
    {
        using var call = new Called();
        call.Write("persons.csv", Persons(300));
        await call.RunAsync("link", "train", "persons.csv", "--id", "key", "-o", "model.json");
        call.Code.ShouldBe(0, call.Error);
        await call.RunAsync("link", "evaluate", "persons.csv", "--id", "key", "--model", "model.json", "--truth-column", "zzz", "--json");
        call.Code.ShouldBe(0, call.Error);
        JsonDocument.Parse(call.Output).RootElement.GetProperty("result").GetProperty("atThreshold").GetProperty("f1").GetDouble().ShouldBeGreaterThan(0.95);
        await call.RunAsync("link", "profile", "persons.csv", "--lang", "zh");
        call.Code.ShouldBe(0, call.Error);
        call.Output.ShouldContain("family_name");
    }

    [Fact]
    public async Task Without_a_file_for_them_links_go_to_stdout_and_words_to_stderr()
    {
        using var call = new Called();
        call.Write("persons.csv", Persons(90));
        await call.RunAsync("link", "persons.csv", "--id", "key");
        call.Output.ShouldStartWith("left_id,right_id,probability,weight\n");
        call.Error.ShouldContain("pairs compared");
    }

    /// <summary>People with German headers, every third of them twice.</summary>
    private static string Persons(int count)
    {
        string[] syllables = ["ba", "ri", "mo", "la", "ke", "tu", "sa", "no", "fi", "da", "gu", "he", "yo", "pi", "za", "we", "lo", "ma", "ne", "ti"];
        var random = new Random(7);
        string Name(int length) => string.Concat(Enumerable.Range(0, length).Select(_ => syllables[random.Next(syllables.Length)]));
        var text = new System.Text.StringBuilder("key,Vorname,Nachname,Geburtsdatum,Ort,zzz\n");
        for (var i = 0; i < count; i++)
        {
            var rest = FormattableString.Invariant($"{Name(3)},{Name(4)},{1950 + random.Next(60)}-{1 + random.Next(12):00}-{1 + random.Next(28):00},{Name(2)},P{i}");
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"k{i},{rest}\n");
            if (i % 3 == 0)
            {
                text.Append(System.Globalization.CultureInfo.InvariantCulture, $"d{i},{rest}\n");
            }
        }

        return text.ToString();
    }
}
