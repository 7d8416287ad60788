using System.Text;
using System.Text.Json;
using Waymark.App.Accounts;
using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Casework.Files;
using Waymark.Casework.Tests;
using Waymark.Linkage.Private;
using Waymark.Protection.Tests;
using Waymark.Site.Tests.Support;
using Waymark.Sodium;
using Waymark.Storage;

namespace Waymark.Misuse.Tests;

/// <summary>Group 6: existence probing and enumeration.</summary>
[Missing("M41", "what another node sends comes with exchange (part 6)")]
[Missing("M42", "tokens go between two organisations as files that people carry (`waymark link tokens`); messages between nodes come with exchange (part 6)")]
[Missing("M43", "no door: receipts and recalls come with exchange (part 6)")]
public sealed class G06ProbingTests
{
    [Fact]
    [Proves(Parts.All, Door.Module, Door.Page, Door.Fragment, Door.Print, Door.Api, Door.Key)]
    public async Task M40_two_worlds_that_differ_in_what_the_asker_may_not_read_answer_alike()
    {
        using var trial = new Trial();
        await using var desk = await Desk.OpenAsync(edit: packs => packs.Replace(
            "when: purpose = purpose.declared", "when: purpose = purpose.declared and review.legal = done and subject.urgent", StringComparison.Ordinal));
        async Task<Seen> AskAsync(string legal, bool isHidden, string urgent = "false")
        {
            var hidden = isHidden ? new HashSet<string>(StringComparer.Ordinal) { "review.legal" } : [];
            var answer = await desk.Gate.OpenAsync(Desk.Ask(matter: $"C-{legal}-{isHidden}-{urgent}", more: [("review.legal", legal), ("subject.urgent", urgent)]) with { Hidden = hidden }, Desk.Read, default);
            return new(answer.IsPermitted, answer.Refusal?.Code, string.Join('|', answer.Refusal?.Reasons.Select(line => line.In("en")) ?? []));
        }

        await trial.NeutralAsync(Door.Module, () => AskAsync("done", isHidden: true), () => AskAsync("pending", isHidden: true));

        // The page that tries rules takes invented facts: a person of that name in the node changes no byte.
        await using var site = await Running.StartAsync();
        using var officer = await site.SignedInAsync(Roles.LegalOfficer, "Lea Legal");
        const string Address = "/protection/rules/test?ask=1&action=read&system=services&subject.category=migrant-irregular&recipient.type=none&controller.organisation=ministry&purpose=immigration-enforcement&purpose.declared=health&person=hidden-1&matter=hidden-1";
        var key = await Web.KeyAsync(site, "Lea Legal");
        var before = new Dictionary<Door, Seen>();
        foreach (var (door, attempt) in Tries())
        {
            before[door] = await attempt();
        }

        before[Door.Page].Bytes.ShouldContain("FLOOR-02", Case.Sensitive, "the page answers");

        var sheet = JsonSerializer.SerializeToUtf8Bytes(new { name = "hidden-1" });
        (await site.Platform.Store.CommitAsync(new() { Actor = "test", Reason = "test", Records = [new("person", "hidden-1", 0, sheet, sheet, []), new("protection.matter", "hidden-1", 0, sheet, sheet, [])] }, default)).IsOk.ShouldBeTrue();
        foreach (var (door, attempt) in Tries())
        {
            await trial.NeutralAsync(door, attempt, () => Task.FromResult(before[door]));
        }

        await trial.PassesAsync(async () => (await AskAsync("done", isHidden: true, urgent: "true")).Harm, "where nothing stands in the way it is permitted");
        await trial.HarmsWithoutAsync("the set of facts that the asker may not read", async () =>
        {
            var (one, other) = (await AskAsync("done", isHidden: false), await AskAsync("pending", isHidden: false));
            return new(one.Bytes != other.Bytes, one.Code, one.Bytes);
        });

        // What stands around the answer holds the address itself, in the choice of language, and a token of the form that is new each time.
        IEnumerable<(Door Door, Func<Task<Seen>> Try)> Tries() => Web.Doors(site, officer, key, Address, null, (_, _) => false).Select(door => (door.Door, Main(door.Try)));

        static Func<Task<Seen>> Main(Func<Task<Seen>> attempt) => async () =>
        {
            var seen = await attempt();
            var (from, to) = (seen.Bytes.IndexOf("<main", StringComparison.Ordinal), seen.Bytes.IndexOf("</main>", StringComparison.Ordinal));
            var main = from < 0 || to < from ? seen.Bytes : seen.Bytes[from..to];
            return seen with { Bytes = main, Harm = main.Contains("hidden-1", StringComparison.Ordinal) };
        };
    }

    [Fact]
    [Proves(Parts.All, Door.Module, Door.Store)]
    public async Task M41_whoever_uploads_a_leaked_letter_does_not_learn_that_it_is_held()
    {
        using var trial = new Trial();
        await using var node = await Node.OpenAsync();
        var letter = "a leaked letter"u8.ToArray();
        var addresses = new List<string>();
        var records = new List<RecordAddress>();
        async Task<Seen> UploadAsync()
        {
            var (record, _, _) = await node.TracingAsync();
            records.Add(record);
            var answer = await node.Cases.AttachAsync(Node.Desk(), record, new("files/a/file", 0, "letter.txt", letter), default);
            var file = Node.Ok(await node.Cases.FilesAsync(Node.Desk(), record, default)).Files.ShouldHaveSingleItem();
            addresses.Add(RecordJson.Read<FileEntry>((await node.Store.Records.GetAsync("casework.file", file.Id, default))!.Document.Span).Blob);
            return new(addresses.Distinct(StringComparer.Ordinal).Count() < addresses.Count, answer.Error?.Code, $"{answer.IsOk} {answer.Value?.Conflicts.Count} {file.Facts.Name} {file.Facts.Size}");
        }

        var first = await UploadAsync();
        await trial.NeutralAsync(Door.Module, UploadAsync, () => Task.FromResult(first));
        await trial.RefusedAsync(Door.Store, async () => new(await node.Store.Blobs.ExistsAsync(BlobId.Of(letter), default), "not.there"));
        await trial.PassesAsync(async () =>
        {
            var file = Node.Ok(await node.Cases.FilesAsync(Node.Desk(), records[1], default)).Files[0];
            return Node.Ok(await node.Cases.ReadFileAsync(Node.Desk(), records[1], file.Id, isDownload: true, default)).Content.SequenceEqual(letter);
        }, "each case reads its own");
        await trial.HarmsWithoutAsync("a key per case", async () =>
        {
            var (one, other) = ((await node.Store.Blobs.PutAsync(new MemoryStream(letter), default)).Value, (await node.Store.Blobs.PutAsync(new MemoryStream(letter), default)).Value);
            return new(one == other && await node.Store.Blobs.ExistsAsync(BlobId.Of(letter), default), null);
        });
    }

    [Fact]
    [Proves(Parts.All, Door.Module)]
    public async Task M42_a_partner_with_a_dictionary_learns_no_more_than_the_budget_and_another_key_is_found()
    {
        using var trial = new Trial();
        var group = SodiumRistretto255.Instance;
        static MatchKey Named(int number) => new(number, "n", BitConverter.GetBytes(number));
        List<MatchKey> sought = [.. Enumerable.Range(0, 50).Select(number => Named(number * 17))];
        List<MatchKey> dictionary = [.. Enumerable.Range(0, 1_000).Select(Named)];

        // What a holder learns that asks with its whole dictionary, and the last refusal.
        (int Learned, string? Code) Probe(int budget, int claimed)
        {
            var seeker = TokenSeeker.Open(group, sought, budget, 64).Value;
            var holder = TokenHolder.Open(group, seeker.Offer, dictionary).Value;
            var code = seeker.Accept(holder.Commitment with { Keys = claimed }).Error?.Code;
            while (code is null or "linkage.token-budget" && holder.Next(64).Value is { } request)
            {
                var reply = seeker.Answer(request);
                code = reply.Error?.Code ?? code;
                if (reply.IsOk)
                {
                    holder.Take(reply.Value).IsOk.ShouldBeTrue();
                }
            }

            return (holder.Candidates().Count, code);
        }

        const int Budget = 128;
        await trial.RefusedAsync(Door.Module, () =>
        {
            var seeker = TokenSeeker.Open(group, sought, Budget, 64).Value;
            var refused = seeker.Accept(TokenHolder.Open(group, seeker.Offer, dictionary).Value.Commitment);
            return Task.FromResult(new Seen(refused.IsOk, refused.Error?.Code));
        }, "linkage.token-budget");
        await trial.RefusedAsync(Door.Module, () => Task.FromResult(Probe(Budget, Budget) is var (learned, code) ? new Seen(learned == sought.Count, code) : null!));

        // A seeker that answers under another key than the one it offered is found by the proof.
        await trial.RefusedAsync(Door.Module, () =>
        {
            var (honest, other) = (TokenSeeker.Open(group, sought, 4_096, 16).Value, TokenSeeker.Open(group, sought, 4_096, 16).Value);
            var holder = TokenHolder.Open(group, honest.Offer, [Named(17)]).Value;
            var request = holder.Next().Value!;
            other.Accept(holder.Commitment with { Epoch = other.Offer.Epoch }).IsOk.ShouldBeTrue();
            var taken = holder.Take(other.Answer(request with { Epoch = other.Offer.Epoch }).Value with { Epoch = honest.Offer.Epoch });
            return Task.FromResult(new Seen(taken.IsOk || holder.Candidates().Count > 0, taken.Error?.Code));
        }, "linkage.token-proof");
        await trial.PassesAsync(() =>
        {
            var seeker = TokenSeeker.Open(group, sought, 4_096, 16).Value;
            var holder = TokenHolder.Open(group, seeker.Offer, [Named(17), Named(18)]).Value;
            seeker.Accept(holder.Commitment).IsOk.ShouldBeTrue();
            while (holder.Next().Value is { } request)
            {
                holder.Take(seeker.Answer(request).Value).IsOk.ShouldBeTrue();
            }

            return Task.FromResult(holder.Candidates().ShouldHaveSingleItem().Record == 17);
        }, "a holder within the budget finds whom it holds");
        await trial.HarmsWithoutAsync("a budget", () => Task.FromResult(new Seen(Probe(2 * dictionary.Count, 2 * dictionary.Count).Learned == sought.Count, null)));
    }
}
