using FsCheck;
using FsCheck.Fluent;
using Waymark.Protection.Contracts;
using Waymark.Storage;

namespace Waymark.Protection.Tests;

/// <summary>Lists through the gate: what may be seen is there, masked; what may not is not, and nothing tells that it exists.</summary>
public sealed class ListingTests
{
    private static readonly string[] s_perRecord = ["subject.category", "purpose.declared"];

    [Fact]
    public async Task Each_record_is_decided_masked_or_left_out_and_one_leaf_stands_for_the_answer()
    {
        await using var desk = await Desk.OpenAsync();
        var before = (await desk.Log.ChainAsync(default)).Waiting;
        var answer = await desk.Gate.ListAsync(Ask(), (_, _) => Rows(
            Row("r1", "migrant", "protection"), Row("r2", "victim", "protection"), Row("r3", "migrant", "assistance"), Row("r4", "migrant", "protection") with { CarriedPurposes = new HashSet<string> { "assistance" } }), default);
        answer.IsPermitted.ShouldBeTrue(answer.Refusal?.Text.In("en"));
        answer.Value!.Rows.Select(row => row.Id).ShouldBe(["r1", "r2"]);
        answer.Value.Rows[0].Value.Place.ShouldBe("Harbour town");
        answer.Value.Rows[1].Value.Place.ShouldBeNull("the place of a victim is masked");
        (await desk.Log.ChainAsync(default)).Waiting.ShouldBe(before + 1);
        var shown = await desk.Log.DecisionAsync(Desk.Worker, answer.Permit!.Decision, default);
        shown!.Ground.ShouldBe("gate.listed");
        (await desk.Store.Records.ListAsync(new("protection.person-decision", []), default)).Value.Records.Count.ShouldBe(2, "each person listed can be told who looked");
    }

    [Fact]
    public async Task M01_M02_a_purpose_outside_the_role_lists_nothing_and_a_second_purpose_of_one_account_leaves_the_record_out()
    {
        await using var desk = await Desk.OpenAsync();
        (await desk.Gate.ListAsync(Ask() with { Purpose = "immigration-enforcement" }, (_, _) => Rows(Row("r1", "migrant", "protection")), default)).Refusal!.Code.ShouldBe("gate.purpose");
        (await desk.Gate.ListAsync(Ask() with { Unit = "elsewhere" }, (_, _) => Rows(Row("r1", "migrant", "protection")), default)).Refusal!.Code.ShouldBe("gate.unit");
        var enforcement = Ask() with { Actor = Desk.Supervisor, Purpose = "immigration-enforcement" };
        RowFilter? filter = null;
        var answer = await desk.Gate.ListAsync(enforcement, (given, _) =>
        {
            filter = given;
            return Rows(Row("r1", "migrant", "immigration-enforcement"));
        }, default);
        answer.Value!.Rows.ShouldBeEmpty("F2 holds in lists, too");
        filter.ShouldBe(ListingFilters.Nothing);

        (await desk.Gate.OpenAsync(Desk.Ask(purpose: "assistance", matter: "C-r1", persons: ["person-r1"], more: [("purpose.declared", "assistance")]), Desk.Read, default)).IsPermitted.ShouldBeTrue();
        (await desk.Gate.ListAsync(Ask(), (_, _) => Rows(Row("r1", "migrant", "protection"), Row("r2", "migrant", "protection")), default)).Value!.Rows.Select(row => row.Id).ShouldBe(["r2"]);
    }

    [Fact]
    public async Task A_pack_that_nobody_adopted_lists_nothing_and_no_leaf_means_no_list()
    {
        await using var half = await Desk.OpenAsync(adopted: false);
        (await half.Gate.ListAsync(Ask(), (_, _) => Rows(Row("r1", "migrant", "protection")), default)).Value!.Rows.ShouldBeEmpty();
        var broken = false;
        await using var desk = await Desk.OpenAsync(around: store => new BrokenStore(store, () => broken));
        broken = true;
        var answer = await desk.Gate.ListAsync(Ask(), (_, _) => Rows(Row("r1", "migrant", "protection")), default);
        (answer.Value, answer.IsPermitted, answer.Error!.Code).ShouldBe((null, false, "store.unavailable"));
    }

    [Fact]
    public async Task M53_one_answer_lists_25_persons_at_most()
    {
        await using var desk = await Desk.OpenAsync();
        var answer = await desk.Gate.ListAsync(Ask(), (_, _) => Rows([.. Enumerable.Range(0, 40).Select(at => Row("r" + at, "migrant", "protection"))]), default);
        (answer.Value!.Rows.Count, answer.Value.IsCut).ShouldBe((25, true));
    }

    [Fact]
    public void A_filter_never_widens()
    {
        var units = Gen.Elements("a", "b", "c").ListOf();
        Prop.ForAll(units.Zip(Gen.Choose(-1, 70)).Zip(Gen.Choose(-1, 300)).ToArbitrary(), sample =>
        {
            var ((own, bit), highest) = sample;
            var filter = ListingFilters.Of([.. own], bit, true, highest);
            var within = filter.Units.All(own.Contains) && System.Numerics.BitOperations.PopCount(filter.Purposes) <= 1 && (filter.Purposes == 0 || filter.Purposes == 1UL << bit);
            return within && filter.Ceiling <= Math.Max(highest, 0) && ListingFilters.Of([.. own], bit, false, highest) == ListingFilters.Nothing;
        }).QuickCheckThrowOnFailure();
    }

    private static ListRequest Ask() => new(Desk.Worker, "protection/north", "read", "protection",
        new Dictionary<string, IReadOnlyList<string>> { ["system"] = ["protection"], ["recipient.type"] = ["none"] }, s_perRecord, "state = open");

    private static ListedRow<Card> Row(string id, string category, string declared) => new(id, "C-" + id, ["person-" + id],
        new Dictionary<string, IReadOnlyList<string>> { ["subject.category"] = [category], ["purpose.declared"] = [declared] }, null, new("Awa", "Harbour town"));

    private static Task<IReadOnlyList<ListedRow<Card>>> Rows(params ListedRow<Card>[] rows) => Task.FromResult<IReadOnlyList<ListedRow<Card>>>(rows);
}
