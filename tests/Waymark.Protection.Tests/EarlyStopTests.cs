using System.Text;
using System.Text.Json;
using Waymark.Protection.Contracts;
using Waymark.Protection.Features;
using Waymark.Storage;

namespace Waymark.Protection.Tests;

/// <summary>What the gate refuses before any rule is asked is a decision too: found by whoever watches, with its leaf, and without anything of the record (M09, M38, M77).</summary>
public sealed class EarlyStopTests
{
    private static readonly Actor s_officer = new("officer-1", "data-protection-officer", ["privacy"], true, "key-officer");

    [Theory]
    [InlineData("gate.own-fact")]
    [InlineData("gate.unit")]
    [InlineData("gate.purpose")]
    [InlineData("gate.credential")]
    [InlineData("gate.not-carried")]
    [InlineData("gate.too-many")]
    [InlineData("gate.fact")]
    [InlineData("gate.unknown-code")]
    public async Task Each_stop_is_in_the_log_with_its_leaf_and_its_own_words_and_the_same_question_gives_the_same_bytes(string code)
    {
        await using var desk = await Desk.OpenAsync();
        var request = Stopped(code);
        var waiting = (await desk.Log.ChainAsync(default)).Waiting;
        var refusal = (await desk.Gate.OpenAsync(request, Desk.Read, default)).Refusal.ShouldNotBeNull();
        refusal.Code.ShouldBe(code);
        (await desk.Log.ChainAsync(default)).Waiting.ShouldBe(waiting + 1, "one leaf stands for the attempt");

        var view = (await desk.Log.DecisionAsync(s_officer, refusal.Decision.ShouldNotBeNull(), default)).ShouldNotBeNull();
        (view.IsPermit, view.Ground, view.Packs.Count).ShouldBe((false, code, 0));
        view.Lines.ShouldHaveSingleItem().In("zh").ShouldNotBeEmpty();
        (await desk.Log.OpenAsync(s_officer, "REVIEW-1", "review", TimeSpan.FromDays(1), default)).IsOk.ShouldBeTrue();
        var line = (await desk.Log.ReadAsync(s_officer, "REVIEW-1", request.Matter, 10, default)).Value.ShouldHaveSingleItem();
        (line.Decision, line.Stop?.In("en")).ShouldBe((refusal.Decision, view.Lines![0].In("en")));

        // Nothing of the record or of what was stated about it.
        var stored = (await desk.Store.Records.GetAsync("protection.decision", refusal.Decision, default)).ShouldNotBeNull();
        var text = Encoding.UTF8.GetString(stored.Document.Span);
        using var document = JsonDocument.Parse(text);
        (document.RootElement.GetProperty("persons").GetArrayLength(), document.RootElement.TryGetProperty("sealed", out _)).ShouldBe((0, false));
        foreach (var secret in new[] { "person-1", "C-1", "no.such", "Amina", "gossip", "given" })
        {
            text.ShouldNotContain(secret);
        }

        var record = document.RootElement.GetProperty("record").GetBytesFromBase64();
        Encoding.UTF8.GetString(record).ShouldBe($"waymark.stop/1\n{desk.Clock.GetUtcNow():yyyy-MM-dd'T'HH:mm:ss'Z'}\n{code}\ncase-worker\nprotection/north\n{view.Action}\n{view.Purpose}\n");
        var again = (await desk.Gate.OpenAsync(request, Desk.Read, default)).Refusal!.Decision!;
        using var second = JsonDocument.Parse((await desk.Store.Records.GetAsync("protection.decision", again, default))!.Document);
        second.RootElement.GetProperty("record").GetBytesFromBase64().ShouldBe(record);
    }

    [Fact]
    public async Task A_look_and_an_output_that_are_stopped_have_their_entry_too()
    {
        await using var desk = await Desk.OpenAsync();
        var looked = await desk.Gate.OpenAsync<Card>(Desk.Ask() with { Unit = "protection/south" }, _ => throw new InvalidOperationException("nothing is read"), default);
        var carried = await desk.Gate.CarryAsync("list", ["person-1"], [Desk.Ask("transfer", actor: Desk.Worker with { IsHardware = false }, persons: ["person-1"])], default);
        foreach (var (code, decision) in new[] { ("gate.unit", looked.Refusal!.Decision), ("gate.credential", carried.Held!.Decision) })
        {
            (await desk.Log.DecisionAsync(Desk.Worker, decision!, default))!.Ground.ShouldBe(code);
        }
    }

    [Fact]
    public async Task A_flood_of_stops_does_not_fill_the_log_raises_one_alarm_and_hides_no_refusal_that_rules_made()
    {
        await using var desk = await Desk.OpenAsync();
        var transfer = Desk.Ask("transfer", more: [("recipient.type", "law-enforcement"), ("review.legal", "pending")]);
        (await desk.Gate.OpenAsync(transfer, Desk.Read, default)).Refusal!.Code.ShouldBe("gate.prohibited");
        var last = "";
        for (var tries = 0; tries < Gate.MostStops + 5; tries++)
        {
            last = (await desk.Gate.OpenAsync(transfer with { Unit = "protection/south" }, Desk.Read, default)).Refusal!.Decision.ShouldNotBeNull();
        }

        async Task<int> KeptAsync() => (await desk.Store.Records.ListAsync(new("protection.decision", [new("account", Desk.Worker.Account), new("effect", "stop")], Limit: 100), default)).Value.Records.Count;
        (await KeptAsync()).ShouldBe(Gate.MostStops);
        (await desk.Log.DecisionAsync(Desk.Worker, last, default)).ShouldNotBeNull("the last entry stands for those after it");

        // After so many stops the facts of the refused question still may not be changed (M77).
        var consent = new Consent("person-1", "protection", "law-enforcement", ConsentChoice.Given, desk.Clock.GetUtcNow(), null, "v3", "bm", "oral", true, true, null, null, null, "worker-1");
        (await desk.Consents.RecordAsync(consent, default)).IsOk.ShouldBeTrue();
        var flipped = transfer with { Facts = new Dictionary<string, IReadOnlyList<string>>(transfer.Facts, StringComparer.Ordinal) { ["review.legal"] = ["done"] } };
        (await desk.Gate.OpenAsync(flipped, Desk.Read, default)).Refusal!.Code.ShouldBe("gate.flipped");
        desk.Clock.Advance(TimeSpan.FromHours(2));
        (await desk.Gate.OpenAsync(transfer with { Unit = "protection/south" }, Desk.Read, default)).Refusal!.Decision.ShouldNotBe(last);
        (await KeptAsync()).ShouldBe(Gate.MostStops + 1, "an hour later an attempt has its own entry again");
    }

    private static GateRequest Stopped(string code) => code switch
    {
        "gate.own-fact" => Desk.Ask(more: [("consent.status", "given")]),
        "gate.unit" => Desk.Ask() with { Unit = "Amina" },
        "gate.purpose" => Desk.Ask(purpose: "immigration-enforcement"),
        "gate.credential" => Desk.Ask("transfer", actor: Desk.Worker with { IsHardware = false }),
        "gate.not-carried" => Desk.Ask() with { CarriedPurposes = new HashSet<string> { "assistance" } },
        "gate.too-many" => Desk.Ask(persons: [.. Enumerable.Range(1, 401).Select(number => "person-" + number)]),
        "gate.fact" => Desk.Ask(more: [("no.such", "x")]),
        _ => Desk.Ask("gossip"),
    };
}
