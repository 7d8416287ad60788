using System.Globalization;
using System.Text;
using Waymark.Casework.Contracts;
using Waymark.Casework.Tests;
using Waymark.Matching.Contracts;
using Waymark.Matching.Tests;
using Waymark.Storage;
using Waymark.Storage.Sqlite;
using static Waymark.Casework.Tests.Node;

namespace Waymark.Misuse.Tests;

/// <summary>Group 11: biased or invented matches. Everybody is invented.</summary>
[Missing("M71", "a wrong merge opens no breach by itself: whoever finds it opens one; larger clusters are counted in the report of a run and are put to nobody as a task of their own")]
public sealed class G11MatchTests
{
    [Fact]
    [Proves(Parts.All, Door.Module)]
    public async Task M68_whoever_clicks_through_is_slowed_down_sees_no_score_before_the_own_answer_and_sets_off_an_alarm()
    {
        using var trial = new Trial();
        await using var node = await OpenAsync();
        var id = await Traced.CandidateAsync(node, (await Traced.SearchedAsync(node)).Request);
        async Task<Seen> ScoreAsync(Waymark.Protection.Contracts.Actor actor)
        {
            var card = Ok(await node.Cases.CardAsync(Desk(actor), id, default));
            return new(card.Score is not null || card.Opinions.Count > 0 || card.Rows.Count == 0, "reasons.first");
        }

        await trial.RefusedAsync(Door.Module, () => ScoreAsync(South));
        await trial.RefusedAsync(Door.Module, () => HurryAsync(node, id), "matching.too-quick");
        await trial.RefusedAsync(Door.Module, () => ScoreAsync(SouthColleague));

        // Two answers were given and taken back until here; the fiftieth "the same" in a row is heard of.
        for (var answers = 1; answers < 50; answers++)
        {
            (await AlarmsAsync(node)).ShouldBe(0);
            await Traced.AnswerAsync(node, South, id, PairChoice.Same);
            if (answers < 49)
            {
                Ok(await node.Cases.TakeBackAsync(Desk(South), id, default));
            }
        }

        await trial.RefusedAsync(Door.Module, async () => new(await AlarmsAsync(node) != 1, "review.all-same"));
        await trial.PassesAsync(async () => Ok(await node.Cases.CardAsync(Desk(South), id, default)).Score is not null, "whoever looked and answered sees how sure the comparison is");

        ComposedStore? composed = null;
        await using var open = await OpenAsync(open: async (folder, clock) => composed = new ComposedStore((await SqliteStore.OpenAsync(Path.Combine(folder, "data"), clock, null, default)).Value));
        composed!.Forgotten.Add("casework.review-pace");
        var other = await Traced.CandidateAsync(open, (await Traced.SearchedAsync(open)).Request);
        await trial.HarmsWithoutAsync("the pace that is kept of each account", () => HurryAsync(open, other));

        // Answers, takes it back, and answers again at once.
        static async Task<Seen> HurryAsync(Node node, string id)
        {
            await Traced.AnswerAsync(node, South, id, PairChoice.Same);
            Ok(await node.Cases.TakeBackAsync(Desk(South), id, default));
            var again = await node.Cases.AnswerAsync(Desk(South), id, PairChoice.Same, "what the records say", default);
            return new(again.IsOk, again.Error?.Code);
        }

        static async Task<int> AlarmsAsync(Node node) =>
            (await node.Store.Queue.ListAsync("protection.alarm", 100, default)).Count(job => Encoding.UTF8.GetString(job.Payload.Span).Contains("review.all-same", StringComparison.Ordinal));
    }

    [Fact]
    [Proves(Parts.All, Door.Module)]
    public async Task M69_nobody_is_declared_dead_without_two_units_the_paper_of_the_authority_and_a_second_person()
    {
        using var trial = new Trial();
        const string Body = "unidentified-deceased";
        var shipped = Packed.Plan(Body);
        await trial.RefusedAsync(Door.Module, () => Packed.StepAsync(shipped, "identifies", changed: [("death-record", null)]));
        await trial.RefusedAsync(Door.Module, () => Packed.StepAsync(shipped, "identifies", changed: [("match-decision", null)]));
        await trial.RefusedAsync(Door.Module, () => Packed.StepAsync(shipped, "identifies", alone: true));

        await using var node = await OpenAsync();
        var (request, _, _, person) = await Traced.SearchedAsync(node, isFound: false);
        var body = await Traced.DeadAsync(node, person);
        var id = await Traced.CandidateAsync(node, request);
        await Traced.AnswerAsync(node, South, id, PairChoice.Same);
        await Traced.AnswerAsync(node, SouthColleague, id, PairChoice.Same);
        await trial.RefusedAsync(Door.Module, async () =>
        {
            var done = await node.Cases.StepAsync(Desk(South), body, "match", Ok(await node.Cases.OpenAsync(Desk(South), body, default)).Document.StateVersion, null, default);
            return new(done.IsOk, done.Error?.Code ?? done.Refusal?.Code);
        });
        await trial.PassesAsync(async () =>
        {
            await Traced.AnswerAsync(node, new("forensic-1", "case-worker", ["forensic/east", "protection/south"], true, "key-forensic-1"), id, PairChoice.Same);
            await Traced.StepAsync(node, Desk(South), body, "match");
            return (await Packed.StepAsync(shipped, "identifies")).Harm && (await Packed.StepAsync(shipped, "reopened")).Harm;
        }, "two units, the paper and a second person identify, and it can be taken back");
        await trial.HarmsWithoutAsync("the paper of the authority", () => Packed.StepAsync(Packed.Without(Body, "The authority's record is there"), "identifies", changed: [("death-record", null)]));
    }

    [Fact]
    [Proves(Parts.All, Door.CommandLine)]
    public async Task M70_a_group_of_which_the_model_links_strangers_gives_candidates_and_the_others_links()
    {
        using var trial = new Trial();
        using var call = new Installation();
        await File.WriteAllTextAsync(Path.Combine(call.Folder, "all.csv"), OneSided.Names());
        var (code, _, error) = await call.RunAsync("link", "all.csv", "--id", "id", "-o", "links.csv");
        code.ShouldBe(0, error);
        var rows = (await File.ReadAllLinesAsync(Path.Combine(call.Folder, "links.csv"))).Skip(1).Select(line => line.Split(',')).Select(cells => (Left: Number(cells[0]), Right: Number(cells[1]), Candidate: cells[4])).ToList();
        Seen Strangers(IEnumerable<(int Left, int Right, string Candidate)> links)
        {
            var wrong = links.Count(link => link.Left >= OneSided.FirstWoman && link.Left != link.Right);
            return new(wrong > 0, "candidate.only", wrong.ToString(CultureInfo.InvariantCulture));
        }

        await trial.RefusedAsync(Door.CommandLine, () => Task.FromResult(Strangers(rows.Where(row => row.Candidate.Length == 0))));
        await trial.PassesAsync(() => Task.FromResult(rows.Count(row => row.Candidate.Length == 0 && row.Left < OneSided.FirstWoman && row.Left == row.Right) > 500), "men with many names are linked");

        // Whoever took every pair above the threshold for a link, as without the trust that is kept per group.
        await trial.HarmsWithoutAsync("the trust per group", () => Task.FromResult(Strangers(rows)));

        static int Number(string id) => int.Parse(id.AsSpan(1), CultureInfo.InvariantCulture);
    }

    [Fact]
    [Proves(Parts.All, Door.Module, Door.MergeSplitUndo, Door.CommandLine)]
    public async Task M71_placeholders_are_nobody_and_a_victim_and_a_suspect_are_never_one()
    {
        using var trial = new Trial();
        await using var node = await OpenAsync();
        var victim = await node.PersonAsync("Amina Hassan", "2004");
        async Task<Seen> MergeAsync(RecordPartition partition)
        {
            var suspect = await node.PersonAsync("Amina Hassan", "2004", partition);
            var done = await node.Cases.MergeAsync(Desk(), victim, suspect, "same person", null, default);
            return new(done.IsOk, done.Error?.Code);
        }

        await trial.RefusedAsync(Door.Module, () => MergeAsync(RecordPartition.Suspect), "case.partition");
        await trial.RefusedAsync(Door.Module, () => MergeAsync(RecordPartition.Victim), "case.partition");

        // A wrong merge comes apart, and who may know of either is what it was.
        var (one, two) = (await node.PersonAsync("Leila Saleh", "1998"), await node.PersonAsync("Leila Salih", "1998"));
        Ok(await node.Cases.RestrictAsync(Desk(), two, [Worker.Account], default));
        async Task<string> KnownAsync() => string.Join(' ', await Task.WhenAll(new[] { one, two }.Select(async person => (await node.Cases.OpenAsync(Desk(Colleague), person, default)).Error?.Code ?? "known")));
        var before = await KnownAsync();
        before.ShouldBe("known case.nothing");
        await trial.RefusedAsync(Door.MergeSplitUndo, async () =>
        {
            Ok(await node.Cases.MergeAsync(Desk(), one, two, "same person", null, default));
            Ok(await node.Cases.SplitAsync(Desk(), one, two, "two people", null, default));
            var after = await KnownAsync();
            return new(after != before, "as.before", after);
        });

        using var call = new Installation();
        var people = new StringBuilder("id,given_name,family_name,birth_date\n");
        for (var number = 0; number < 300; number++)
        {
            var (given, family) = ($"{(char)('a' + (number % 26))}mo{(char)('b' + (number / 26))}ri", $"ke{(char)('a' + (number * 7 % 26))}lu{(char)('b' + (number / 26))}sa");
            people.Append(CultureInfo.InvariantCulture, $"a{number},{given},{family},{1960 + (number % 40)}-{1 + (number % 12):00}-{1 + (number % 28):00}\n");
            people.Append(CultureInfo.InvariantCulture, $"b{number},{given},{family},{1960 + (number % 40)}-{1 + (number % 12):00}-{1 + (number % 28):00}\n");
        }

        for (var number = 0; number < 5_000; number++)
        {
            people.Append(CultureInfo.InvariantCulture, $"u{number},UNKNOWN,UNKNOWN,1970-01-01\n");
        }

        await File.WriteAllTextAsync(Path.Combine(call.Folder, "all.csv"), people.ToString());
        var (code, _, error) = await call.RunAsync("link", "all.csv", "--id", "id", "-o", "links.csv");
        code.ShouldBe(0, error);
        var links = (await File.ReadAllLinesAsync(Path.Combine(call.Folder, "links.csv"))).Skip(1).Select(line => line.Split(',')).ToList();
        await trial.RefusedAsync(Door.CommandLine, () => Task.FromResult(new Seen(links.Exists(link => link[0][0] == 'u' || link[1][0] == 'u'), "unknown.is-nobody")));
        await trial.PassesAsync(() => Task.FromResult(links.Count(link => link[0][1..] == link[1][1..]) > 280), "people with names are linked");
        await trial.HarmsWithoutAsync("a partition of their own", () => MergeAsync(RecordPartition.Missing));
    }
}
