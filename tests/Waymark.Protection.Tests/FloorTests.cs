using Waymark.Protection.Features;
using Waymark.Rules;

namespace Waymark.Protection.Tests;

/// <summary>Whatever packs an operator chooses, the floor stands.</summary>
public sealed class FloorTests
{
    [Fact]
    public async Task M73_without_the_floor_there_is_no_rule_book_and_with_every_subset_of_packs_the_floor_holds()
    {
        await using var desk = await Desk.OpenAsync();
        var (floor, others) = (desk.Book.Rules.Packs.Where(pack => pack.IsFloor).ToList(), desk.Book.Rules.Packs.Where(pack => !pack.IsFloor).ToList());
        for (var chosen = 0; chosen < 1 << others.Count; chosen++)
        {
            var packs = others.Where((_, at) => ((chosen >> at) & 1) == 1).ToList();
            RuleBook.Of(desk.Book.Rules.Vocabulary, packs, desk.Book.Purposes, "harbour", desk.Store, desk.Keys, desk.Clock).Error!.Code.ShouldBe("rules.no-floor");
            var book = RuleBook.Of(desk.Book.Rules.Vocabulary, [.. floor, .. packs], desk.Book.Purposes, "harbour", desk.Store, desk.Keys, desk.Clock).Value;
            var gate = new Gate(book, desk.Store, desk.Keys, desk.Consents, desk.Exceptions, desk.Clock);
            var answer = await gate.OpenAsync(Desk.Ask("transfer", matter: "C-" + chosen, more: [("recipient.type", "law-enforcement"), ("review.legal", "done")]), Desk.Read, default);
            answer.Refusal!.Code.ShouldBe("gate.prohibited");
            if (packs.Count == 0)
            {
                (await gate.OpenAsync(Desk.Ask(matter: "D-1"), Desk.Read, default)).Refusal!.Code.ShouldBe("gate.not-permitted", "the floor alone grants nothing");
            }
        }
    }

    [Fact]
    public async Task A_controller_that_is_not_set_or_not_known_refuses_everything()
    {
        await using var desk = await Desk.OpenAsync();
        foreach (var (controller, code) in new[] { ("", "gate.malformed"), ("police", "gate.unknown-code") })
        {
            var book = RuleBook.Of(desk.Book.Rules.Vocabulary, desk.Book.Rules.Packs, desk.Book.Purposes, controller, desk.Store, desk.Keys, desk.Clock).Value;
            var answer = await new Gate(book, desk.Store, desk.Keys, desk.Consents, desk.Exceptions, desk.Clock).OpenAsync(Desk.Ask(matter: "E-" + code), Desk.Read, default);
            answer.Refusal!.Code.ShouldBe(code);
        }
    }

    [Fact]
    public async Task F12_the_floor_asks_for_the_ledger_and_the_gate_alone_says_that_it_is_written()
    {
        await using var desk = await Desk.OpenAsync();
        var facts = new Dictionary<string, IReadOnlyList<string>>(Desk.Ask().Facts) { ["log.entry"] = ["true"] };
        (await desk.Gate.OpenAsync(Desk.Ask() with { Facts = facts }, Desk.Read, default)).Refusal!.Code.ShouldBe("gate.own-fact");
        desk.Book.Rules.Packs.Single(pack => pack.IsFloor).Rules.ShouldContain(rule => rule.Id == "F-12" && rule.Kind == RuleKind.Prohibition);
    }
}
