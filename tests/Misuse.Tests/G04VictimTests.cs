using System.Net;
using System.Text;
using System.Text.Json;
using Waymark.Casework.Contracts;
using Waymark.Casework.Tests;
using Waymark.Casework.Tests.Files;
using Waymark.Matching.Contracts;
using Waymark.Site.Tests.Support;
using static Waymark.Casework.Tests.Node;

namespace Waymark.Misuse.Tests;

/// <summary>Group 4: victims and witnesses.</summary>
[Missing("M27", "no machine writes to people: what a worker sent is noted; texts to people and the history of a phone come with guidance (part 7)")]
[Missing("M30", "what leaves for another node as a region comes with exchange (part 6), maps with publication (part 7)")]
[Missing("M31", "interpreters have no account (M55); a lawyer's own view is not built")]
[Missing("M32", "who works on the case can still enter an earlier end of the time for reflection; it stands in the history with their name")]
public sealed class G04VictimTests
{
    [Fact]
    [Proves(Parts.All, Door.Module, Door.PackFolder)]
    public async Task M26_four_worlds_read_the_same_until_the_person_found_agreed()
    {
        using var trial = new Trial();
        await using var nobody = await OpenAsync();
        var (alone, _, _, _) = await Traced.SearchedAsync(nobody, "Chen Wei", "1961-01-02");
        var code = Ok(await nobody.Cases.GiveCodeAsync(Desk(), alone, default)).Shown;
        Ok(await nobody.Cases.LookAsync(Desk(), alone, default));
        nobody.Clock.Advance(TimeSpan.FromDays(2));
        var (later, expected) = (nobody.Clock.GetUtcNow(), $"{await nobody.Cases.WordAsync(code, default)}\n{await Traced.TranscriptAsync(nobody, alone)}");
        async Task<Seen> WorldAsync(string world)
        {
            await using var node = await OpenAsync();
            var (request, enquirer, found, person) = await Traced.SearchedAsync(node);
            var follow = Ok(await node.Cases.GiveCodeAsync(Desk(), request, default)).Shown;
            var id = await Traced.CandidateAsync(node, request);
            await Traced.AnswerAsync(node, South, id, world == "two-people" ? PairChoice.Different : PairChoice.Same);
            await Traced.AnswerAsync(node, SouthColleague, id, world == "two-people" ? PairChoice.Different : PairChoice.Same);
            if (world != "two-people")
            {
                await Traced.HolderAsync(node, found, person, enquirer, world);
            }

            node.Clock.Advance(later - node.Clock.GetUtcNow());
            return new(false, "same", $"{await node.Cases.WordAsync(follow, default)}\n{await Traced.TranscriptAsync(node, request)}");
        }

        foreach (var world in new[] { "declined", "undecided", "barred", "two-people" })
        {
            await trial.NeutralAsync(Door.Module, () => WorldAsync(world), () => Task.FromResult(new Seen(false, "same", expected)));
        }

        await trial.PassesAsync(async () => (await WorldAsync("agreed")).Bytes != expected, "what was agreed arrives");

        // Nobody is compared before identity and relation of whoever asks were checked.
        async Task<Seen> UncheckedAsync(Node node)
        {
            var (_, sought, enquirer) = await node.TracingAsync();
            (await node.Consents.RecordAsync(new(enquirer.Id, "family-tracing", "none", Waymark.Protection.Contracts.ConsentChoice.Given, node.Clock.GetUtcNow(), null, "1", "bm", "oral-recorded", true, true, "interpreter-1", null, null, "worker-1"), default)).IsOk.ShouldBeTrue();
            var request = Ok(await node.Cases.CreateAsync(Desk(), new("tracing", null, new Dictionary<string, string>(StringComparer.Ordinal) { ["relation"] = "spouse", ["identity-checked"] = "no", ["scope"] = "own" }, [("sought", sought.Id), ("enquirer", enquirer.Id)]), default)).Address;
            var accepted = await node.Cases.StepAsync(Desk(), request, "accept", 1, null, default);
            if (accepted.IsOk)
            {
                Ok(await node.Cases.StepAsync(Desk(), request, "search", 2, null, default));
            }

            return await node.Cases.LookAsync(Desk(), request, default) is var looked ? new(looked.IsOk, accepted.Error?.Code ?? looked.Error?.Code) : null!;
        }

        await using (var node = await OpenAsync())
        {
            await trial.RefusedAsync(Door.Module, () => UncheckedAsync(node), "step.condition");
        }

        // Closing is not shown, nor is any other outcome before the family may be told.
        static Seen Outward(Waymark.Casework.Registers.RegisterPlan plan) =>
            new(plan.States.Where(state => state.Id is "active" or "suspended" or "located" or "unresolved" or "entered-in-error").Select(state => state.Outward!.In("en")).Distinct().Count() > 1, "one.word");
        await trial.RefusedAsync(Door.PackFolder, () => Task.FromResult(Outward(Packed.Plan("tracing"))), "one.word");
        await using var open = await OpenAsync(edit: (path, text) => path == "registers/tracing.yaml" ? string.Join('\n', text.Split('\n').Where(line => !line.Contains("when: identity-checked = yes", StringComparison.Ordinal))) : text);
        await trial.HarmsWithoutAsync("the check of who asks", () => UncheckedAsync(open));
        var told = Packed.Written("tracing", Packed.Text("tracing").Replace("terminal: true, outward: {en: in work, zh: 办理中}}", "terminal: true, outward: {en: closed, zh: 已结案}}", StringComparison.Ordinal)).Plan.ShouldNotBeNull();
        await trial.HarmsWithoutAsync("one word for all", () => Task.FromResult(Outward(told)));
    }

    [Fact]
    [Proves(Parts.Attempt | Parts.Neighbour, Door.Page, Door.Api)]
    public async Task M27_whoever_holds_the_phone_reads_one_word_and_a_neutral_title()
    {
        using var trial = new Trial();
        await using var node = await Waymark.Site.Tests.Web.ClosedNode.StartAsync("humanitarian");
        var desk = new CaseDesk(new("prepared", Waymark.App.Accounts.Roles.CaseWorker, [Waymark.Site.Tests.Web.ClosedNode.Unit]), Waymark.Site.Tests.Web.ClosedNode.Unit, "family-tracing");
        var plan = node.Cases.Registers.Find("tracing")!;
        var reference = References.Of(plan, node.Case);
        var code = Ok(await ((IFollowing)node.Cases).GiveCodeAsync(desk, new("tracing", node.Case), default)).Shown;
        string[] topics = [reference, node.Case, plan.Title.In("en"), "trafficking", "refugee", "police", "victim", plan.State("draft")!.Name.In("en") + "<"];
        async Task<Seen> AskAsync(string accept)
        {
            using var reader = node.Site.NewClient();
            reader.DefaultRequestHeaders.Accept.ParseAdd(accept);
            using var answer = await node.Site.PostFormAsync(reader, "/my-data", new() { ["code"] = code });
            var to = answer.Headers.Location is { } location ? location.ToString() : "";
            using var page = to.Length > 0 ? await reader.GetAsync(new Uri(to, UriKind.Relative)) : answer;
            var text = WebUtility.HtmlDecode(await page.Content.ReadAsStringAsync());
            var title = text.Contains("<title>", StringComparison.Ordinal) ? text[text.IndexOf("<title>", StringComparison.Ordinal)..text.IndexOf("</title>", StringComparison.Ordinal)] : "";
            return new(topics.Any(topic => title.Contains(topic, StringComparison.OrdinalIgnoreCase)) || text.Contains(reference, StringComparison.OrdinalIgnoreCase) || to.Contains(code, StringComparison.OrdinalIgnoreCase), "one.word", title + text);
        }

        await trial.RefusedAsync(Door.Page, () => AskAsync("text/html"));
        await trial.RefusedAsync(Door.Api, () => AskAsync("application/json"));
        await trial.PassesAsync(async () => await ((IFollowing)node.Cases).WordAsync(code, default) == OutwardWord.Received, "the word itself");
    }

    [Fact]
    [Proves(Parts.All, Door.Module, Door.PackFolder)]
    public async Task M29_no_help_hangs_on_testimony()
    {
        using var trial = new Trial();
        const string Help = "action: serve, requires: [help-offered]}";
        const string Bargain = "action: serve, requires: [help-offered], guards: [{kind: condition, when: cooperation = wishes, en: Who testifies is helped., zh: 作证者获得帮助。}]}";
        string Bargained(params (string From, string To)[] more) => more.Append((Help, Bargain)).Aggregate(Packed.Text("trafficking-victim"), (text, edit) =>
        {
            text.ShouldContain(edit.Item1);
            return text.Replace(edit.Item1, edit.Item2, StringComparison.Ordinal);
        });
        await trial.RefusedAsync(Door.PackFolder, () =>
        {
            var (plan, faults) = Packed.Written("trafficking-victim", Bargained());
            return Task.FromResult(new Seen(plan is not null, faults.Contains("register.cooperation", StringComparison.Ordinal) ? "register.cooperation" : null, faults));
        }, "register.cooperation");
        await trial.RefusedAsync(Door.Module, () => Task.FromResult(Attempts.Floor(Shipped.Rules, "FLOOR-03c-DENIES", "FLOOR-03c")), "FLOOR-03c");
        await trial.PassesAsync(async () => (await Packed.StepAsync(Packed.Plan("trafficking-victim"), "help-without-cooperation")).Harm, "help to somebody who does not wish to testify");
        await trial.HarmsWithoutAsync("F3", () => Task.FromResult(Attempts.Floor(Shipped.Without("floor", "FLOOR-03c"), "FLOOR-03c-DENIES", "FLOOR-03c")));
        var (bargain, wrong) = Packed.Written("trafficking-victim", Bargained(("category: narrative, cooperation: true}", "category: narrative}")));
        await trial.HarmsWithoutAsync("the mark of the field", async () => await Packed.StepAsync(bargain.ShouldNotBeNull(wrong), "help-without-cooperation") is var seen ? seen with { Harm = !seen.Harm } : null!);
    }

    [Fact]
    [Proves(Parts.All, Door.Import, Door.Export, Door.Store)]
    public async Task M30_a_photograph_tells_no_place_whatever_the_phone_left_in_it()
    {
        using var trial = new Trial();
        const string Seed = "HARBOUR-SEED-4815";
        var sent = Samples.WithExif(Seed);
        await using var node = await OpenAsync();
        var (record, _, _) = await node.TracingAsync();
        Ok(await node.Cases.AttachAsync(Desk(), record, new("files/a/file", 0, Seed + ".jpg", sent, "from the family"), default));
        var file = Ok(await node.Cases.FilesAsync(Desk(), record, default)).Files.ShouldHaveSingleItem();
        foreach (var (door, isDownload) in new[] { (Door.Import, false), (Door.Export, true) })
        {
            await trial.MaskedAsync(door, Seed, async () =>
            {
                node.Clock.Advance(TimeSpan.FromMinutes(1));
                var read = Ok(await node.Cases.ReadFileAsync(Desk(), record, file.Id, isDownload, default));
                return new(read.Content.AsSpan().IndexOf(Encoding.ASCII.GetBytes(Seed)) >= 0, null, Encoding.Latin1.GetString(read.Content) + read.SafeName);
            });
        }

        await trial.MaskedAsync(Door.Store, Seed, async () => await Seeds.FindAsync(Path.Combine(node.Folder, "data"), Seed) is var found ? new(found.Count > 0, null, string.Join(' ', found)) : null!);
        await trial.PassesAsync(() => Task.FromResult(file.Facts.IsRewritten && file.Facts.Kind == Waymark.Casework.Files.FileKind.Jpeg), "the picture is there");
        await trial.HarmsWithoutAsync("the writing anew of what was sent", () => Task.FromResult(new Seen(sent.AsSpan().IndexOf(Encoding.ASCII.GetBytes(Seed)) >= 0, null)));
    }

    [Fact]
    [Proves(Parts.All, Door.Module)]
    public async Task M31_whoever_asks_for_their_own_data_gets_nothing_about_anybody_else()
    {
        using var trial = new Trial();
        async Task<(Node Node, RecordAddress Request)> AskedAsync(Node node, string identity)
        {
            var (_, _, enquirer) = await node.TracingAsync();
            var request = await Requested.RequestAsync(node, enquirer.Id, ("right", "access"), ("identity", identity), ("words", "what do you hold"));
            if (identity == "verified")
            {
                await Requested.StepsAsync(node, request, "identify", "begin");
            }

            return (node, request);
        }

        static async Task<Seen> KeptAsync(Node node, RecordAddress request)
        {
            var kept = await node.Cases.KeptAsync(Requested.OfficersDesk, request, default);
            var said = JsonSerializer.Serialize((kept.Value?.Records ?? []).SelectMany(record => record.Lines).SelectMany(line => line.Claims).Select(claim => claim.Value.Json));
            return new(said.Contains("Amina", StringComparison.Ordinal) || said.Contains("Zuwara", StringComparison.Ordinal) || said.Contains("shipwreck", StringComparison.Ordinal), kept.Error?.Code, said);
        }

        await using (var node = await OpenAsync())
        {
            // A paper in a stolen name: not verified, and so there is nothing to be had.
            var (_, stolen) = await AskedAsync(node, "not-verified");
            await trial.RefusedAsync(Door.Module, () => KeptAsync(node, stolen), "access.not-now");
            foreach (var wrong in new[] { Requested.Officer with { IsHardware = false }, Requested.Officer with { Role = "oversight" } })
            {
                await trial.RefusedAsync(Door.Module, async () => await node.Cases.KeptAsync(Requested.OfficersDesk with { Actor = wrong }, stolen, default) is var kept ? new(kept.IsOk, kept.Error?.Code) : null!, "access.role");
            }
        }

        await using (var node = await OpenAsync())
        {
            var (_, request) = await AskedAsync(node, "verified");
            foreach (var seed in new[] { "Amina", "Zuwara", "shipwreck" })
            {
                await trial.MaskedAsync(Door.Module, seed, () => KeptAsync(node, request));
            }

            var kept = Ok(await node.Cases.KeptAsync(Requested.OfficersDesk, request, default));
            var tracing = kept.Records.Single(record => record.Plan.Id == "tracing");
            tracing.Others.ShouldBeGreaterThan(0);
            (await node.Cases.CopyAsync(kept.Mark, default))!.Account.ShouldBe("dpo-1");
            await trial.PassesAsync(async () => (await KeptAsync(node, request)).Bytes.Contains("Yusuf Hassan", StringComparison.Ordinal) && tracing.Lines.Any(line => line.Field.Path == "relation"), "what is about the asker");
        }

        // Whose a field is says the pack; one that gives what is about the person sought to whoever asks for her hands it out.
        await using var open = await OpenAsync(edit: (path, text) => path == "registers/tracing.yaml"
            ? text.Replace("zh: 失散原因, category: narrative, claim: true}", "zh: 失散原因, category: narrative, about: enquirer, claim: true}", StringComparison.Ordinal) : text);
        var (_, leaky) = await AskedAsync(open, "verified");
        await trial.HarmsWithoutAsync("the word of the pack whose it is", () => KeptAsync(open, leaky));
    }

    [Fact]
    [Proves(Parts.All, Door.Module)]
    public async Task M32_nobody_is_passed_on_during_the_time_for_reflection()
    {
        using var trial = new Trial();
        var plan = Packed.Plan("trafficking-victim");
        foreach (var until in new[] { "2026-01-15", "2026-02-15", "2026-02", "2026", null })
        {
            await trial.RefusedAsync(Door.Module, () => Packed.StepAsync(plan, "to-justice", null, false, ("reflection-until", until)));
        }

        await trial.PassesAsync(async () => (await Packed.StepAsync(plan, "to-justice")).Harm, "when it is over, with consent, by own wish, by another unit");
        await trial.HarmsWithoutAsync("the time", () => Packed.StepAsync(Packed.Without("trafficking-victim", "when: request.time - reflection-until"), "to-justice", null, false, ("reflection-until", "2026-02-15")));
    }
}
