using Waymark.Protection.Contracts;
using Waymark.Protection.Features;

namespace Waymark.Protection.Tests;

/// <summary>Data of many records that leave as one: each record is asked for by itself, all persons count together (M53).</summary>
public sealed class CarryTests
{
    private static readonly string[] s_two = ["person-1", "person-2"];

    [Fact]
    public async Task What_may_not_go_stays_behind_with_its_reason_and_its_neighbour_goes_masked_and_each_has_its_decision()
    {
        await using var desk = await Desk.OpenAsync(edit: packs => packs.Replace("scope: {action: [read], subject.category: [victim]}", "scope: {action: [transfer], subject.category: [victim]}", StringComparison.Ordinal));
        var answer = await desk.Gate.CarryAsync("export.cases 1", s_two, [Part("C-1", "person-1"), Part("C-2", "person-2", "pending")], default);
        (answer.Held, answer.Error, answer.Parts.Count).ShouldBe((null, null, 2));
        answer.Parts[0].Permit.ShouldNotBeNull().Masked.ShouldBe(["place"]);
        var refused = answer.Parts[1].Refusal.ShouldNotBeNull();
        refused.InTheWay.ShouldContain(line => line.In("en").Contains("HR-04", StringComparison.Ordinal));
        foreach (var (id, isPermit) in new[] { (answer.Parts[0].Permit!.Decision, true), (refused.Decision!, false) })
        {
            var decision = (await new Log(desk.Store, desk.Keys, desk.Clock).DecisionAsync(Desk.Worker, id, default)).ShouldNotBeNull();
            (decision.Action, decision.IsPermit).ShouldBe(("transfer", isPermit));
        }
    }

    [Fact]
    public async Task M53_the_persons_of_all_records_count_together_and_one_review_opens_the_whole_once()
    {
        await using var desk = await Desk.OpenAsync();
        string[] persons = [.. Enumerable.Range(0, 26).Select(at => "person-" + at)];
        GateRequest[] parts = [.. persons.Select((person, at) => Part("C-" + at, person))];
        Task<CarryAnswer> CarryAsync(string output) => desk.Gate.CarryAsync(output, persons, parts, default);
        var held = (await CarryAsync("export.cases 1")).Held.ShouldNotBeNull();
        held.Code.ShouldBe("gate.bulk");
        (await CarryAsync("export.cases 1")).Held!.Review.ShouldBe(held.Review, "one review for all records, however often it is asked");

        var reviews = new Reviews(new Dictionary<ReviewKind, IReadOnlySet<string>> { [ReviewKind.Bulk] = new HashSet<string> { "supervisor", "legal-officer" } }, desk.Store, desk.Keys, desk.Clock);
        foreach (var decider in new[] { Desk.Legal, Desk.Second })
        {
            desk.Clock.Advance(TimeSpan.FromMinutes(3));
            (await reviews.DecideAsync(decider, held.Review!, true, "needed", default)).Error.ShouldBeNull();
        }

        (await CarryAsync("export.cases 1")).Held!.Code.ShouldBe("gate.bulk", "the day has not passed");
        desk.Clock.Advance(TimeSpan.FromHours(25));
        (await CarryAsync("export.cases 2")).Held!.Code.ShouldBe("gate.bulk", "approved for another output");
        var gone = await CarryAsync("export.cases 1");
        gone.Held.ShouldBeNull();
        gone.Parts.ShouldAllBe(part => part.Permit != null);
        (await CarryAsync("export.cases 1")).Held!.Code.ShouldBe("gate.bulk", "used up");

        // What went counts with what goes next, one by one too.
        (await desk.Gate.CarryAsync("export.cases 3", ["person-99"], [Part("C-99", "person-99")], default)).Held!.Code.ShouldBe("gate.bulk");
    }

    [Fact]
    public async Task What_waited_for_two_others_is_no_refusal_of_what_was_stated__M77_stands()
    {
        await using var desk = await Desk.OpenAsync();
        string[] persons = [.. Enumerable.Range(0, 26).Select(at => "person-" + at)];
        (await desk.Gate.CarryAsync("export.cases 1", persons, [.. persons.Select((person, at) => Part("C-" + at, person))], default)).Held.ShouldNotBeNull();
        (await desk.Gate.CarryAsync("export.cases 1", ["person-1"], [Part("C-1", "person-1", urgent: "true")], default)).Parts.Single().Permit.ShouldNotBeNull();

        (await desk.Gate.CarryAsync("export.cases 1", ["person-2"], [Part("C-2", "person-2", "pending")], default)).Parts.Single().Refusal.ShouldNotBeNull();
        (await desk.Gate.CarryAsync("export.cases 1", ["person-2"], [Part("C-2", "person-2")], default)).Parts.Single().Refusal!.Code.ShouldBe("gate.flipped");
    }

    [Fact]
    public async Task Nothing_asked_carries_nothing_and_nobody_is_carried_uncounted()
    {
        await using var desk = await Desk.OpenAsync();
        (await desk.Gate.CarryAsync("export.cases 1", [], [], default)).Parts.ShouldBeEmpty();
        await Should.ThrowAsync<ArgumentException>(async () => await desk.Gate.CarryAsync("export.cases 1", [], [Part("C-1", "person-1")], default));
        (await desk.Gate.CarryAsync("export.cases 1", s_two, [Part("C-1", "person-1") with { Unit = "protection/south" }], default)).Held!.Code.ShouldBe("gate.unit");
    }

    private static GateRequest Part(string matter, string person, string legal = "done", string urgent = "false") =>
        Desk.Ask("transfer", matter: matter, persons: [person], more: [("review.legal", legal), ("recipient.type", "none"), ("subject.urgent", urgent)]);
}
