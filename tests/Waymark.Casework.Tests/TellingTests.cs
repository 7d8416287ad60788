using Waymark.Casework.Contracts;
using Waymark.Matching.Contracts;
using static Waymark.Casework.Tests.Node;

namespace Waymark.Casework.Tests;

/// <summary>What a family is told: only what the person found agreed to, while it stands, by two people, over a safe channel; every name is invented.</summary>
public sealed class TellingTests
{
    private static async Task<(RecordAddress Request, RecordAddress Person)> AgreedAsync(Node node)
    {
        var (request, enquirer, found, person) = await TracingTests.SearchedAsync(node);
        var id = await TracingTests.CandidateAsync(node, request);
        await TracingTests.AnswerAsync(node, South, id, PairChoice.Same);
        await TracingTests.AnswerAsync(node, SouthColleague, id, PairChoice.Same);
        (await node.Cases.DisclosureAsync(Desk(), request, default)).Error!.Code.ShouldBe("tracing.nothing-to-tell");
        await TracingTests.HolderAsync(node, found, person, enquirer, "agreed");
        (await node.Cases.DisclosureAsync(Desk(), request, default)).Error!.Code.ShouldBe("tracing.nothing-to-tell", "not before the unit noted it");
        Ok(await node.Cases.StepAsync(Desk(), request, "locate", Ok(await node.Cases.OpenAsync(Desk(), request, default)).Document.StateVersion, null, default));
        return (request, person);
    }

    [Fact]
    public async Task What_was_agreed_is_shown_with_safe_channels_only_and_each_look_is_a_decision__F9()
    {
        await using var node = await OpenAsync();
        var (request, _) = await AgreedAsync(node);
        var answer = await node.Cases.DisclosureAsync(Desk(), request, default);
        var sheet = Ok(answer);
        answer.Decision.ShouldNotBeNull();
        (sheet.Answer, sheet.MayTell).ShouldBe(("contact-wanted", "that she is well"));
        sheet.To.ShouldHaveSingleItem().Channels.ShouldHaveSingleItem().Value.ShouldBe("+000 invented");
        (await node.Cases.DisclosureAsync(Desk(South), request, default)).Error!.Code.ShouldBe("case.nothing");
        (await node.Cases.StepAsync(Desk(), request, "tell", sheet.StateVersion, null, default)).Error!.Code.ShouldBe("step.second-person");
    }

    [Fact]
    public async Task Whoever_takes_the_word_back_is_not_told_on_any_more__F9()
    {
        await using var node = await OpenAsync();
        var (request, person) = await AgreedAsync(node);
        var seen = Ok(await node.Cases.DisclosureAsync(Desk(), request, default)).StateVersion;
        (await node.Consents.WithdrawAsync(person.Id, "family-tracing", "by phone", default)).IsOk.ShouldBeTrue();
        (await node.Cases.DisclosureAsync(Desk(), request, default)).Error!.Code.ShouldBe("tracing.nothing-to-tell");
        (await node.Cases.StepAsync(Desk(Colleague), request, "tell", seen, null, default)).Error!.Code.ShouldBe("tracing.nothing-to-tell");
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("contact", true)]
    [InlineData("photo", false)]
    [InlineData(null, false)]
    public async Task Whoever_bars_the_one_who_asks_after_agreeing_is_not_told_on_and_the_answer_is_that_of_nothing__F10_M28(string? fields, bool isBarred)
    {
        await using var node = await OpenAsync();
        var (request, person) = await AgreedAsync(node);
        var enquirer = Ok(await node.Cases.OpenAsync(Desk(), request, default)).Document.Persons.Single(one => one.Role == "enquirer").Person;
        // The lawful neighbour: the same rule about somebody else.
        var who = fields is null ? new string('f', 32) : enquirer;
        var entries = new List<FieldEntry> { new("barred/1/party", 0, $$"""{"system":"person","value":"{{who}}"}""") };
        entries.AddRange(fields is { Length: > 0 } ? [new FieldEntry("barred/1/fields", 0, fields)] : []);
        Ok(await node.Cases.ChangeAsync(Desk(South), person, new(entries), default));
        var seen = Ok(await node.Cases.OpenAsync(Desk(), request, default)).Document.StateVersion;
        var told = await node.Cases.DisclosureAsync(Desk(), request, default);
        (told.Error?.Code == "tracing.nothing-to-tell").ShouldBe(isBarred, told.Error?.Code);
        var step = await node.Cases.StepAsync(Desk(Colleague), request, "tell", seen, null, default);
        (step.Error?.Code == "tracing.nothing-to-tell").ShouldBe(isBarred, step.Error?.Code);
    }
}
