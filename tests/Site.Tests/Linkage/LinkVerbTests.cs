using System.Reflection;
using System.Text;
using System.Text.Json;
using Waymark.App.CommandLine;
using Waymark.App.Output;
using Waymark.Matching;
using Waymark.Matching.Contracts;
using Waymark.Site.Tests.Support;

namespace Waymark.Site.Tests.Linkage;

/// <summary><c>waymark link review</c>, <c>index</c>, <c>--against</c>, <c>worker</c>, <c>attack</c>, and files as people really have them.</summary>
public sealed class LinkVerbTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_review_shows_reasons_before_the_score_keeps_answers_goes_on_and_estimates_anew()
    {
        using var call = new Called();
        call.Write("both.csv", Both(700));
        call.Input = "y\nwhat?\nn\nu\n?\ny\nq\n";
        await call.RunAsync("link", "review", "both.csv", "--id", "id", "--answers", "answers.csv", "--out", "links.csv", "--threads", "1");
        call.Code.ShouldBe(0, call.Error);
        (await File.ReadAllLinesAsync(Path.Combine(call.Folder, "answers.csv"), Cancel)).Select(line => line.Split(',')[^1]).ShouldBe(["answer", "same", "different", "undone", "unsure", "same"]);
        var reasons = call.Error.IndexOf("birth date:", StringComparison.Ordinal);
        reasons.ShouldBeGreaterThan(0);
        call.Error.IndexOf("The model gave", StringComparison.Ordinal).ShouldBeGreaterThan(reasons);
        call.Error.ShouldContain("3 answers.");
        call.Error.ShouldContain("Taken back:");

        // Killed in the midst of a line, and begun again: what was answered is not asked again.
        await File.AppendAllTextAsync(Path.Combine(call.Folder, "answers.csv"), "x,y,same\nunknown,", Cancel);
        call.Input = "";
        await call.RunAsync("link", "review", "both.csv", "--id", "id", "--answers", "answers.csv", "--json", "--threads", "1");
        call.Code.ShouldBe(0, call.Error);
        JsonDocument.Parse(call.Output).RootElement.GetProperty("result").GetProperty("answers").GetInt32().ShouldBe(4);
        call.Write("no.csv", "a,b\n1,2\n");
        await call.RunAsync("link", "review", "both.csv", "--id", "id", "--answers", "no.csv", "--json");
        (call.Code, call.Error.Contains("matching.answers", StringComparison.Ordinal)).ShouldBe((ExitCode.Usage, true));
    }

    [Fact]
    public async Task Answers_of_two_persons_take_links_away_and_the_threshold_follows()
    {
        using var call = new Called();
        call.Write("both.csv", Both(700));
        call.Input = string.Concat(Enumerable.Repeat("n\n", 40));
        await call.RunAsync("link", "review", "both.csv", "--id", "id", "--answers", "answers.csv", "--out", "links.csv", "--most", "40", "--json", "--threads", "1");
        call.Code.ShouldBe(0, call.Error);
        var result = JsonDocument.Parse(call.Output).RootElement.GetProperty("result");
        result.GetProperty("answers").GetInt32().ShouldBe(40);
        var denied = (await File.ReadAllLinesAsync(Path.Combine(call.Folder, "answers.csv"), Cancel)).Skip(1).Select(line => line.Split(',')).Select(cells => (cells[0], cells[1])).ToHashSet();
        (await File.ReadAllLinesAsync(Path.Combine(call.Folder, "links.csv"), Cancel)).Skip(1).Select(line => line.Split(',')).Count(cells => denied.Contains((cells[0], cells[1])) || denied.Contains((cells[1], cells[0]))).ShouldBe(0);
    }

    [Fact]
    public async Task New_records_in_pieces_give_the_links_of_all_at_once()
    {
        using var call = new Called();
        var rows = Both(500).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string Part(int from, int to) => rows[0] + "\n" + string.Join('\n', rows[(1 + from)..(1 + to)]) + "\n";
        call.Write("old.csv", Part(0, 600));
        call.Write("one.csv", Part(600, 680));
        call.Write("two.csv", Part(680, rows.Length - 1));
        call.Write("both.csv", Part(600, rows.Length - 1));
        await call.RunAsync("link", "index", "old.csv", "--id", "id", "-o", "pieces.index", "--threads", "1");
        call.Code.ShouldBe(0, call.Error);
        File.Copy(Path.Combine(call.Folder, "pieces.index"), Path.Combine(call.Folder, "batch.index"));
        foreach (var (file, index, output) in new[] { ("one.csv", "pieces.index", "part.csv"), ("two.csv", "pieces.index", "pieces.csv"), ("both.csv", "batch.index", "batch.csv") })
        {
            await call.RunAsync("link", file, "--id", "id", "--against", index, "--out", output, "--clusters", output + ".clusters", "--explain", output + ".jsonl");
            call.Code.ShouldBe(0, call.Error);
            call.Error.ShouldContain("compared: given_name = given_name, ");
        }

        var batch = await File.ReadAllTextAsync(Path.Combine(call.Folder, "batch.csv"), Cancel);
        batch.Split('\n').Length.ShouldBeGreaterThan(200);

        // Why a link of a new record has its weight is told, of each such link and of no other.
        var why = (await File.ReadAllLinesAsync(Path.Combine(call.Folder, "batch.csv.jsonl"), Cancel)).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        string[] fresh = [.. rows[601..].Select(row => row.Split(',')[0])];
        why.Select(line => line.GetProperty("left_id").GetString() + "," + line.GetProperty("right_id").GetString()).Order(StringComparer.Ordinal)
            .ShouldBe(batch.Split('\n').Skip(1).Where(line => line.Split(',') is [_, var right, ..] && fresh.Contains(right)).Select(line => string.Join(',', line.Split(',')[..2])).Order(StringComparer.Ordinal));
        why.ShouldAllBe(line => line.GetProperty("steps").GetArrayLength() > 0);
        (await File.ReadAllTextAsync(Path.Combine(call.Folder, "pieces.csv"), Cancel)).ShouldBe(batch);
        (await File.ReadAllTextAsync(Path.Combine(call.Folder, "pieces.csv.clusters"), Cancel)).ShouldBe(await File.ReadAllTextAsync(Path.Combine(call.Folder, "batch.csv.clusters"), Cancel));

        // The same records again are refused, and the index stays as it was.
        var before = await File.ReadAllBytesAsync(Path.Combine(call.Folder, "batch.index"), Cancel);
        await call.RunAsync("link", "one.csv", "--id", "id", "--against", "batch.index", "--out", "again.csv");
        call.Code.ShouldNotBe(0);
        (await File.ReadAllBytesAsync(Path.Combine(call.Folder, "batch.index"), Cancel)).ShouldBe(before);
        await call.RunAsync("link", "one.csv", "--id", "id", "--against", "one.csv", "--out", "again.csv", "--json");
        call.Code.ShouldNotBe(0);
        await call.RunAsync("link", "one.csv", "two.csv", "--id", "id", "--against", "batch.index", "-o", "again.csv", "--json");
        call.Error.ShouldContain("link.against");
    }

    [Fact]
    public async Task M03_registers_named_as_such_are_refused_before_a_file_is_opened()
    {
        using var call = new Called();
        await call.RunAsync("link", "absent.csv", "gone.csv", "--id", "id", "--register-class", "victim,suspect", "--json");
        (call.Code, call.Error.Contains("matching.forbidden-pair", StringComparison.Ordinal)).ShouldBe((ExitCode.Refused, true), call.Error);
        await call.RunAsync("link", "absent.csv", "--id", "id", "--register-class", "tracing", "--json");
        (call.Code, call.Error.Contains("matching.register", StringComparison.Ordinal)).ShouldBe((ExitCode.Refused, true), call.Error);
    }

    [Theory]
    [InlineData("link encode absent.csv --id id --project absent.key -o e.enc")]
    [InlineData("link index absent.csv --id id -o i.index")]
    [InlineData("link attack absent.csv --id id")]
    [InlineData("link match a.enc b.enc -o p.csv")]
    public async Task M03_verbs_of_one_file_and_of_encoded_sets_know_the_class_of_a_register_too(string words)
    {
        using var call = new Called();
        foreach (var (classes, code) in new[] { ("victim,suspect", "matching.forbidden-pair"), ("tracing", "matching.register") })
        {
            await call.RunAsync([.. words.Split(' '), "--register-class", classes, "--json"]);
            (call.Code, call.Error.Contains(code, StringComparison.Ordinal)).ShouldBe((ExitCode.Refused, true), call.Error);
        }
    }

    [Fact]
    public async Task A_wish_for_explanations_that_cannot_be_met_is_refused_before_anything_is_linked()
    {
        using var call = new Called();
        call.Write("both.csv", Both(40));
        await call.RunAsync("link", "both.csv", "--id", "id", "-o", "l.csv", "--explain", "why.pdf", "--json");
        (call.Code, call.Error.Contains("link.explain-ending", StringComparison.Ordinal), File.Exists(Path.Combine(call.Folder, "l.csv"))).ShouldBe((ExitCode.Usage, true, false), call.Error);
    }

    [Theory]
    [InlineData("link marked.csv --id id -o l.csv")]
    [InlineData("link plain.csv marked.csv --id id -o l.csv")]
    [InlineData("link profile marked.csv")]
    [InlineData("link train marked.csv --id id -o m.json")]
    [InlineData("link evaluate marked.csv --id id --truth-column x")]
    [InlineData("link evaluate plain.csv --id id --truth marked.csv")]
    [InlineData("link review marked.csv --id id --answers a.csv")]
    [InlineData("link index marked.csv --id id -o i.index")]
    [InlineData("link encode marked.csv --id id --project k --new-project -o e.enc")]
    [InlineData("link attack marked.csv --id id")]
    [InlineData("link match marked.csv marked.csv -o p.csv")]
    public async Task M03_every_verb_refuses_a_marked_export(string words)
    {
        using var call = new Called();
        // As lists leave a register, and rows of one laid under others.
        call.Write("marked.csv", $"copy,id,given_name,family_name\n,1,Ana,Bela\n{ExportMark.Of("0123456789ab")},2,Ana,Bela\n");
        call.Write("plain.csv", Both(40));
        await call.RunAsync([.. words.Split(' '), "--json"]);
        call.Error.ShouldContain("matching.marked-export");
        call.Code.ShouldBe(ExitCode.Refused);
        File.Exists(Path.Combine(call.Folder, "l.csv")).ShouldBeFalse();
    }

    [Fact]
    public async Task M06_no_output_about_records_carries_script_language_nationality_ethnicity_religion_or_status()
    {
        var seen = new HashSet<Type>();
        var found = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var type in CliSchemas.All.Where(pair => pair.Key.StartsWith("waymark.link", StringComparison.Ordinal)).Select(pair => pair.Value)
            .Concat([typeof(LinkageProject), typeof(LinkageRun), typeof(RunReport), typeof(PairCard), typeof(ReviewState)]))
        {
            Walk(type);
        }

        // Counts over a whole file, and false links per group of people: asked for, so that a model which is wrong about some is seen.
        found.ShouldBe(["LinkProfileOutput.NameScripts"]);
        using var call = new Called();
        call.Write("both.csv", Both(60));
        await call.RunAsync("link", "both.csv", "--id", "id", "-o", "links.csv", "--clusters", "clusters.csv", "--explain", "why.jsonl");
        foreach (var file in (string[])["links.csv", "clusters.csv", "why.jsonl"])
        {
            var text = await File.ReadAllTextAsync(Path.Combine(call.Folder, file), Cancel);
            foreach (var word in (string[])["Latin", "script\"", "language", "ethnic", "religion"])
            {
                text.ShouldNotContain(word, Case.Insensitive, file);
            }
        }

        foreach (var page in Directory.GetFiles(Path.Combine(Places.Root, "src", "App", "Waymark.Pages", "Pages", "Linkage"), "*.razor"))
        {
            var asked = System.Text.RegularExpressions.Regex.Matches(await File.ReadAllTextAsync(page, Cancel), @"SupplyParameterFromQuery[^\n]*\s(\w+) \{", System.Text.RegularExpressions.RegexOptions.CultureInvariant, TimeSpan.FromSeconds(2)).Select(match => match.Groups[1].Value);
            asked.Where(name => name != "Pair").ShouldBeEmpty("lists of linkage have no filter and no sort");
        }

        void Walk(Type type)
        {
            var inner = type.IsGenericType ? type.GetGenericArguments() : type.HasElementType ? [type.GetElementType()!] : [];
            foreach (var part in inner)
            {
                Walk(part);
            }

            if (type.Namespace?.StartsWith("Waymark", StringComparison.Ordinal) != true || type == typeof(Model.LocalText) || !seen.Add(type) || type.IsEnum)
            {
                return;
            }

            foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
            {
                if (((string[])["script", "language", "nationality", "ethnic", "religion", "status", "citizen"]).Any(word => property.Name.Contains(word, StringComparison.OrdinalIgnoreCase)))
                {
                    found.Add($"{type.Name}.{property.Name}");
                }

                Walk(property.PropertyType);
            }
        }
    }

    [Fact]
    public async Task Attacks_are_run_on_a_preset_and_say_whether_it_stands()
    {
        using var call = new Called();
        await call.RunAsync("link", "attack", "--preset", "hardened", "--people", "120", "--json");
        call.Code.ShouldNotBe(ExitCode.Bug, call.Error);
        await call.RunAsync("link", "attack", "--preset", "hardened", "--people", "400", "--json");
        call.Code.ShouldBeOneOf(ExitCode.Done, ExitCode.Faults);
        var lines = JsonDocument.Parse(call.Output).RootElement.GetProperty("result").GetProperty("attacks").EnumerateArray().ToList();
        lines.Count.ShouldBeGreaterThanOrEqualTo(4);
        lines.All(line => line.GetProperty("stands").GetBoolean()).ShouldBe(call.Code == ExitCode.Done);
        await call.RunAsync("link", "attack", "--people", "7", "--json");
        call.Error.ShouldContain("link.people");
        await call.RunAsync("link", "attack", "--preset", "nope", "--json");
        call.Code.ShouldBe(ExitCode.NotFound);
    }

    [Fact]
    public async Task A_worker_with_nothing_to_do_ends_when_asked_to()
    {
        using var call = new Called();
        await call.RunAsync("link", "worker", "--until-empty");
        (call.Code, call.Output).ShouldBe((ExitCode.Done, ""));
        await call.RunAsync("link", "worker", "--lease", "0", "--json");
        call.Error.ShouldContain("link.worker");
    }

    [Theory]
    [InlineData("id,given_name,family_name,birth_date\n", 0, 0, 0)]
    [InlineData("id,given_name,family_name,birth_date\n1,Ana,Bela,1990-01-02\n", 0, 1, 0)]
    [InlineData("id,given_name,family_name,birth_date\n1,Ana,Bela,1990-01-02\n1,Ana,Bela,1990-01-02\n2,\"Eva\",Cruz,1991-03-04\n", 3, 3, 1)]
    [InlineData("id,given_name,family_name,birth_date\n1,Ana\n2,Ana,Bela,1990-01-02,x,y\n3,Eva,Cruz,1991-03-04\n", 3, 3, 2)]
    [InlineData("id,given_name,empty,birth_date\n1,Ana,,1990-01-02\n2,Eva,,1991-03-04\n", 0, 2, 0)]
    [InlineData("id,given_name,family_name,birth_date\n1,\"Ana,Bela,1990-01-02\n2,Eva,Cruz,1991-03-04\n", 0, 2, 0)]
    public async Task Odd_files_lose_nothing_and_say_what_was_kept_aside(string text, int code, int rows, int aside)
    {
        using var call = new Called();
        call.Write("odd.csv", text);
        await call.RunAsync("link", "odd.csv", "--id", "id", "-o", "links.csv", "--json");
        call.Code.ShouldBe(code, call.Error);
        var file = JsonDocument.Parse(call.Output).RootElement.GetProperty("result").GetProperty("files")[0];
        (file.GetProperty("rows").GetInt32(), file.GetProperty("asideCount").GetInt32()).ShouldBe((rows, aside));
    }

    [Fact]
    public async Task A_workbook_is_linked_like_a_text_file()
    {
        using var call = new Called();
        var text = Both(200);
        call.Write("both.csv", text);
        await File.WriteAllBytesAsync(Path.Combine(call.Folder, "both.json"), Encoding.UTF8.GetBytes(Json(text)), Cancel);
        await call.RunAsync("link", "both.csv", "--id", "id", "-o", "csv.csv");
        await call.RunAsync("link", "both.json", "--id", "id", "-o", "json.csv", "--clusters", "clusters.csv", "--explain", "why.txt");
        call.Code.ShouldBe(0, call.Error);
        (await File.ReadAllTextAsync(Path.Combine(call.Folder, "json.csv"), Cancel)).ShouldBe(await File.ReadAllTextAsync(Path.Combine(call.Folder, "csv.csv"), Cancel));
        (await File.ReadAllTextAsync(Path.Combine(call.Folder, "why.txt"), Cancel)).ShouldContain("birth date");
        (await File.ReadAllLinesAsync(Path.Combine(call.Folder, "clusters.csv"), Cancel))[0].ShouldBe("id,cluster");
    }

    private static string Json(string csv)
    {
        var lines = csv.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(',')).ToList();
        return JsonSerializer.Serialize(lines.Skip(1).Select(cells => cells.Select((cell, i) => (Name: lines[0][i], cell)).ToDictionary(pair => pair.Name, pair => pair.cell, StringComparer.Ordinal)));
    }

    /// <summary>One file in which some people stand twice, some of them misspelt.</summary>
    private static string Both(int people) =>
        LinkagePeople.Persons("t", 0, people) + string.Join('\n', LinkagePeople.Persons("s", people / 2, people).Split('\n')[1..]);
}
