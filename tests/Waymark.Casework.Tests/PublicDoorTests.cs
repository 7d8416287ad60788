using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Casework.People;
using Waymark.Storage;

namespace Waymark.Casework.Tests;

/// <summary>The public door of tracing under the instruments as they ship; every name is invented.</summary>
public sealed class PublicDoorTests
{
    private static IntakeRequest Request(string id) => new(id, "Mariam Invented", "Awa Invented", "sister", "en")
    {
        Birth = "1994", SeparatedOn = "the spring of the long rain", SeparatedAt = "Harbour town", Channel = "phone", Contact = "+000 invented", IsSafe = true, Agrees = true, MayBeNamed = true,
    };

    [Theory]
    [InlineData("humanitarian-ngo", null)]
    [InlineData("unhcr", null)]
    [InlineData("iom", "Check legal capacity and vulnerability")]
    [InlineData("other-un-agency", null)]
    public async Task Nothing_is_taken_in_before_the_organisation_decided_what_for_nor_where_somebody_is_to_be_spoken_with_first__R09(string controller, string? first)
    {
        await using var node = await Node.OpenWithInstrumentsAsync(controller);
        (await node.Cases.DoorAsync("protection/north", default)).ShouldBe(IntakeDoor.Closed);
        var refused = await node.Cases.TakeInAsync("protection/north", Request(Waymark.Casework.Features.Casework.NewId()), default);
        refused.Refusal.ShouldNotBeNull(refused.Error?.ToString());
        await Activities.InForceAsync(node, [.. RepositoryPacks.Tracing.Fields.Concat(node.Cases.Registers.Find(PersonCore.Register)!.Fields)
            .Select(field => field.Category).Where(category => category != "none").Distinct(StringComparer.Ordinal)]);

        // What the page says before anything is typed is what happens to what is sent.
        (await node.Cases.DoorAsync("protection/north", default)).ShouldBe(first is null ? IntakeDoor.Open : IntakeDoor.Spoken);
        var id = Waymark.Casework.Features.Casework.NewId();
        var taken = await node.Cases.TakeInAsync("protection/north", Request(id), default);
        if (first is not null)
        {
            string.Join('\n', taken.Refusal!.Reasons.Select(reason => reason.In("en"))).ShouldContain(first);
            return;
        }

        taken.IsOk.ShouldBeTrue(taken.Error?.ToString() ?? string.Join('\n', taken.Refusal?.Reasons.Select(reason => reason.In("en")) ?? []));
        var word = await node.Cases.WordAsync(taken.Value!.Shown, default);
        word.ShouldBe(OutwardWord.Received);
        (await node.Cases.WordAsync(taken.Value.Shown[..^1] + (taken.Value.Shown[^1] == '0' ? '1' : '0'), default)).ShouldBeNull();
        var stored = await node.Store.Records.GetAsync(RecordPartition.Missing, "tracing", id, default);
        stored.ShouldNotBeNull();
        System.Text.Encoding.UTF8.GetString(stored.Document.Span).ShouldNotContain("long rain", Case.Sensitive, "what was written lies sealed");
    }

    [Theory]
    [InlineData("humanitarian-ngo", "humanitarian", IntakeDoor.Open)]
    [InlineData("unhcr", "humanitarian", IntakeDoor.Open)]
    [InlineData("iom", "humanitarian", IntakeDoor.Spoken)]
    [InlineData("other-un-agency", "humanitarian", IntakeDoor.Open)]
    // No law of its place is loaded, and conventions permit nothing alone: nothing is asked for in vain.
    [InlineData("immigration-authority", "authority", IntakeDoor.Spoken)]
    public async Task What_the_page_of_complaints_says_before_anything_is_typed_is_what_happens_to_what_is_sent__R09(string controller, string profile, IntakeDoor expected)
    {
        await using var node = await Node.OpenWithInstrumentsAsync(controller, profile: profile);
        (await node.Cases.ComplaintDoorAsync("oversight/review", default)).ShouldBe(IntakeDoor.Closed, "nothing was decided yet");
        await Activities.InForceAsync(node, [.. node.Cases.Registers.Find("review-case")!.Fields.Concat(node.Cases.Registers.Find(PersonCore.Register)!.Fields)
            .Select(field => field.Category).Where(category => category != "none").Distinct(StringComparer.Ordinal)], "remedy");
        (await node.Cases.ComplaintDoorAsync("oversight/review", default)).ShouldBe(expected);
        var taken = await node.Cases.ComplainAsync(
            "oversight/review", new(Waymark.Casework.Features.Casework.NewId(), new string('a', 32), "They gave my name to others. (invented)", "en") { Channel = "phone", Contact = "+000 invented", IsSafe = true, Agrees = true }, default);
        taken.IsOk.ShouldBe(expected == IntakeDoor.Open, taken.Error?.ToString() ?? string.Join('\n', taken.Refusal?.Reasons.Select(reason => reason.In("en")) ?? []));
    }

    [Fact]
    public async Task What_is_no_date_stays_in_the_seekers_own_words_and_the_same_form_is_taken_once()
    {
        await using var node = await Node.OpenAsync();
        var id = Waymark.Casework.Features.Casework.NewId();
        (await node.Cases.TakeInAsync("protection/north", Request(id), default)).IsOk.ShouldBeTrue();
        var document = Node.Ok(await node.Cases.OpenAsync(Node.Desk(), new("tracing", id), default)).Document;
        document.One("circumstances")!.Value.Text.ShouldContain("the spring of the long rain");
        document.One("separated-on").ShouldBeNull();
        (document.Owner, document.State).ShouldBe((null, "draft"));
        (await node.Cases.TakeInAsync("protection/north", Request(id), default)).Error!.Code.ShouldBe("intake.sent");
        node.Cases.Faults(new(id, " ", "", "nobody", "en") { Contact = "+000" }).Select(fault => fault.Code)
            .ShouldBe(["intake.sought", "intake.seeker", "intake.relation", "intake.channel", "intake.agrees"]);
    }

    [Fact]
    public void Every_state_of_a_request_has_a_word_for_outside_and_closing_is_not_one_of_them__M26()
    {
        var words = RepositoryPacks.Tracing.States.ToDictionary(state => state.Id, state => state.Outward!.In("en"), StringComparer.Ordinal);
        words.Values.Distinct(StringComparer.Ordinal).ShouldBe(["received", "in work", "answered", "withdrawn"], ignoreOrder: true);
        words["unresolved"].ShouldBe(words["active"]);
        words["located"].ShouldBe(words["active"]);
    }
}
