using Waymark.Protection.Contracts;

namespace Waymark.Protection.Tests;

/// <summary>The rows of a list at the gate: what may be seen is there, masked; what may not is not, and nothing tells that it exists.</summary>
public sealed class ListingTests
{
    private static readonly string[] s_perRecord = ["subject.category", "purpose.declared"];

    [Fact]
    public async Task Each_record_is_decided_masked_or_left_out_and_the_decision_of_the_whole_stands_for_it()
    {
        await using var desk = await Desk.OpenAsync();
        var before = (await desk.Log.ChainAsync(default)).Waiting;
        var rows = await AskAsync(desk, Whole(), Row("r1", "migrant", "protection"), Row("r2", "victim", "protection"), Row("r3", "migrant", "assistance"));
        rows.Select(row => row.Answer).ShouldBe([RowAnswer.Shown, RowAnswer.Shown, RowAnswer.Out]);
        rows[0].Masked.ShouldNotContain("place");
        rows[1].Masked.ShouldContain("place", "the place of a victim is masked");
        (await desk.Log.ChainAsync(default)).Waiting.ShouldBe(before, "rows write nothing of their own");
    }

    [Fact]
    public async Task M01_M02_an_enforcing_purpose_lists_nothing_and_a_second_purpose_of_one_account_stops_the_record()
    {
        await using var desk = await Desk.OpenAsync();
        (await AskAsync(desk, Whole() with { Actor = Desk.Supervisor, Purpose = "immigration-enforcement" }, Row("r1", "migrant", "protection"))).Single().Answer.ShouldBe(RowAnswer.Out, "F2 holds in lists, too");
        (await desk.Gate.OpenAsync(Desk.Ask(purpose: "assistance", matter: "C-r1", persons: ["person-r1"], more: [("purpose.declared", "assistance")]), Desk.Read, default)).IsPermitted.ShouldBeTrue();
        (await AskAsync(desk, Whole(), Row("r1", "migrant", "protection"), Row("r2", "migrant", "protection"))).Select(row => row.Answer).ShouldBe([RowAnswer.Stopped, RowAnswer.Shown]);
    }

    [Fact]
    public async Task A_pack_that_nobody_adopted_lists_nothing()
    {
        await using var half = await Desk.OpenAsync(adopted: false);
        (await AskAsync(half, Whole(), Row("r1", "migrant", "protection"))).Single().Answer.ShouldBe(RowAnswer.Out);
    }

    private static async Task<IReadOnlyList<RowRule>> AskAsync(Desk desk, GateRequest whole, params AskedRow[] rows) =>
        await (await desk.Gate.RowsAsync(whole, s_perRecord, default)).AskAsync(rows, default);

    private static GateRequest Whole() => new(Desk.Worker, "protection/north", "list.cases", [], "read", "protection",
        new Dictionary<string, IReadOnlyList<string>> { ["system"] = ["protection"], ["recipient.type"] = ["none"] });

    private static AskedRow Row(string id, string category, string declared) => new("C-" + id, ["person-" + id],
        new Dictionary<string, IReadOnlyList<string>> { ["subject.category"] = [category], ["purpose.declared"] = [declared] });
}
