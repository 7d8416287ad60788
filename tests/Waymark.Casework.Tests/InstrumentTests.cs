using Waymark.Casework.Contracts;
using Waymark.Casework.Registers;
using Waymark.Protection.Contracts;
using Waymark.Storage;

namespace Waymark.Casework.Tests;

/// <summary>
/// Case work under the instruments as they ship: what an organisation decided beforehand, in its register of processing activities, is what lets a case worker
/// collect, and nothing else does (S196, S197, R09, R10).
/// </summary>
public sealed class InstrumentTests
{
    private static readonly Dictionary<string, IReadOnlyList<string>> s_told = new(StringComparer.Ordinal) { ["notice.given"] = ["true"] };

    [Theory]
    [InlineData("humanitarian-ngo")]
    [InlineData("icrc")]
    public async Task A_case_worker_collects_once_a_processing_activity_is_in_force_and_not_a_moment_after_it_is_suspended(string controller)
    {
        await using var node = await Node.OpenWithInstrumentsAsync(controller);
        var desk = Node.Desk() with { Facts = s_told };
        var before = await node.Cases.CreateAsync(desk, Tracing(), default);
        before.Refusal.ShouldNotBeNull(before.Error?.ToString()).Nearest[0].In("en").ShouldContain("No processing activity in force");

        var activity = await Activities.InForceAsync(node, [.. RepositoryPacks.Tracing.Fields.Select(field => field.Category).Where(category => category != "none").Distinct(StringComparer.Ordinal)]);
        var uncovered = await node.Cases.CreateAsync(desk, new("person", null, new Dictionary<string, string>(StringComparer.Ordinal) { ["names/a/name"] = "Amina Hassan" }, [], RecordPartition.Missing), default);
        uncovered.Refusal.ShouldNotBeNull("the register of persons has categories of data that the activity does not name");

        var made = await node.Cases.CreateAsync(desk, Tracing(), default);
        made.IsOk.ShouldBeTrue(Why(made));
        (await node.Cases.OpenAsync(desk, made.Value!.Address, default)).IsOk.ShouldBeTrue();
        var untold = await node.Cases.CreateAsync(Node.Desk(), Tracing(), default);
        string.Join('\n', untold.Refusal.ShouldNotBeNull().Reasons.Select(reason => reason.In("en"))).ShouldContain("Inform each person before collecting");

        (await node.Cases.StepAsync(Activities.Officer, activity, "suspend", await Activities.StateAsync(node, activity), null, default)).IsOk.ShouldBeTrue();
        (await node.Cases.CreateAsync(desk, Tracing(), default)).Refusal.ShouldNotBeNull("a suspended activity says nothing");
    }

    [Fact]
    public async Task One_activity_covers_each_of_its_purposes_and_no_other()
    {
        await using var node = await Node.OpenWithInstrumentsAsync("humanitarian-ngo");
        await Activities.InForceAsync(node, [.. RepositoryPacks.Tracing.Fields.Select(field => field.Category).Where(category => category != "none").Distinct(StringComparer.Ordinal)], "family-tracing, missing-persons");
        foreach (var purpose in (string[])["family-tracing", "missing-persons"])
        {
            var made = await node.Cases.CreateAsync(Node.Desk(purpose: purpose) with { Facts = s_told }, Tracing(), default);
            made.IsOk.ShouldBeTrue(purpose + " " + Why(made));
        }

        var person = new NewRecord("person", null, new Dictionary<string, string>(StringComparer.Ordinal), [], RecordPartition.General);
        (await node.Cases.CreateAsync(Node.Desk(purpose: "assistance") with { Facts = s_told }, person, default)).Refusal.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_referral_leaves_once_two_offices_reviewed_the_transfer_and_only_to_that_kind_of_receiver_while_the_review_lasts()
    {
        await using var node = await Node.OpenWithInstrumentsAsync("humanitarian-ngo");
        var fields = node.Cases.Registers.Find("referral")!.Fields.Concat(node.Cases.Registers.Find("person")!.Fields);
        await Activities.InForceAsync(node, [.. fields.Select(field => field.Category).Where(category => category != "none").Distinct(StringComparer.Ordinal)], "protection");
        var desk = Node.Desk(purpose: "protection") with { Facts = s_told };
        var person = Node.Ok(await node.Cases.CreateAsync(desk, new("person", null, new Dictionary<string, string>(StringComparer.Ordinal) { ["names/a/name"] = "Mariam Xalif" }, [], RecordPartition.General), default)).Address;
        var referral = Node.Ok(await node.Cases.CreateAsync(desk, new("referral", null, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["direction"] = "outgoing", ["service"] = "shelter", ["reason"] = "Other", ["urgency"] = "urgent", ["age"] = "adult", ["to-organisation"] = "Harbour House (invented)", ["data-sent"] = "name, needs",
        }, [("referred", person.Id)]), default)).Address;
        Node.Ok(await node.Cases.StepAsync(desk, referral, "check-adult", await Activities.StateAsync(node, referral, desk), null, default));
        (await node.Consents.RecordAsync(new(person.Id, "protection", "humanitarian-organisation", ConsentChoice.Given, node.Clock.GetUtcNow(), null, "1", "ar", "oral-recorded", true, true, "interpreter-1", null, null, "worker-1"), default))
            .IsOk.ShouldBeTrue();

        (await SendAsync()).Refusal.ShouldNotBeNull("nobody reviewed the transfer");
        var other = await Activities.TransferReviewedAsync(node, "un-agency");
        await NameAsync(other);
        (await SendAsync()).Refusal.ShouldNotBeNull("reviewed for another kind of receiver");
        Node.Ok(await node.Cases.ChangeAsync(Activities.Legal, other, new([new("recipient", 1, "humanitarian-organisation")]), default));
        (await SendAsync()).Refusal.ShouldNotBeNull("nobody decided what was entered after both agreed");
        await NameAsync(await Activities.TransferReviewedAsync(node, "humanitarian-organisation"));
        node.Clock.Advance(TimeSpan.FromDays(40));
        (await SendAsync()).Refusal.ShouldNotBeNull("the review has run out");

        await NameAsync(await Activities.TransferReviewedAsync(node, "humanitarian-organisation"));
        var sent = await SendAsync();
        sent.IsOk.ShouldBeTrue(Why(sent));
        sent.Value!.State.ShouldBe("requested");

        async Task NameAsync(RecordAddress review)
        {
            var seen = Node.Ok(await node.Cases.OpenAsync(desk, referral, default)).Document.Fields.GetValueOrDefault("transfer")?.Version ?? 0;
            Node.Ok(await node.Cases.ChangeAsync(desk, referral, new([new("transfer", seen, Activities.Reference(review))]), default));
        }

        async Task<CaseAnswer<Changed>> SendAsync()
        {
            // What was refused is not asked again with other facts within a day (M77).
            node.Clock.Advance(TimeSpan.FromHours(25));
            return await node.Cases.StepAsync(desk, referral, "send-to-organisation", await Activities.StateAsync(node, referral, desk), null, default);
        }
    }

    [Fact]
    public async Task A_request_between_authorities_is_entered_before_its_matter_was_checked_and_goes_nowhere_until_it_is__R60_M10()
    {
        await using var node = await Node.OpenWithInstrumentsAsync("immigration-authority", profile: "authority");
        var plan = node.Cases.Registers.Find("assistance-request")!;
        await Activities.InForceAsync(node, [.. plan.Fields.Select(field => field.Category).Where(category => category != "none").Distinct(StringComparer.Ordinal)], "counter-smuggling", "c108");
        var desk = Node.Desk(purpose: "counter-smuggling") with { Facts = s_told };
        foreach (var matter in (string[])["not-checked", ""])
        {
            var made = await node.Cases.CreateAsync(desk, new("assistance-request", null, new Dictionary<string, string>(StringComparer.Ordinal) { ["direction"] = "outgoing", ["matter"] = matter }, []), default);
            made.IsOk.ShouldBeTrue($"\"{matter}\": {Why(made)}");
            (await node.Cases.StepAsync(desk, made.Value!.Address, "clear", await Activities.StateAsync(node, made.Value.Address, desk), null, default)).IsOk.ShouldBeFalse();
        }

        var (_, errors) = RepositoryPacks.Edited("person", ("    from: vocabulary.data-source", "    version: 1.0.0\n    codes:\n      - {code: hearsay, en: hearsay, zh: 传闻}"));
        errors.ShouldContain(error => error.Contains("register.fact-code", StringComparison.Ordinal), "a code that the gate does not know is found when the pack is read");
    }

    [Fact]
    public async Task The_checks_of_a_request_are_decided_by_a_review_of_this_very_request_and_by_no_other_record_that_stands()
    {
        await using var node = await Node.OpenWithInstrumentsAsync("immigration-authority", profile: "authority");
        var plan = node.Cases.Registers.Find("assistance-request")!;
        var activity = await Activities.InForceAsync(node, [.. plan.Fields.Select(field => field.Category).Where(category => category != "none").Distinct(StringComparer.Ordinal)], "counter-smuggling", "c108");
        var desk = Node.Desk(purpose: "counter-smuggling") with { Facts = s_told };
        Task<CaseAnswer<Changed>> MadeAsync() => node.Cases.CreateAsync(desk, new("assistance-request", null, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["direction"] = "outgoing", ["requesting-authority"] = "Border Service (invented)", ["requested-authority"] = "Police of XA (invented)", ["contact-point"] = "duty officer", ["basis"] = "untoc-27", ["stage"] = "inquiry",
            ["offence"] = "smuggling-of-migrants", ["facts"] = "Seen on two boats. (invented)", ["sought"] = "routes", ["deadline"] = "2026-08-01", ["deadline-reason"] = "hearing", ["use-limit"] = "this inquiry only",
            ["matter"] = "ordinary", ["refugee-check"] = "nothing-known", ["feared-harm"] = "nothing-known", ["rights-risk"] = "nothing-known", ["victim-data"] = "no",
        }, []), default);

        var (one, other) = (Node.Ok(await MadeAsync()).Address, Node.Ok(await MadeAsync()).Address);
        // An activity in force stands, too, and decided nothing about this request.
        (await NameAsync(activity)).Error.ShouldNotBeNull().Where.ShouldBe("check-decision");
        var (ofNone, ofOther) = (await Activities.TransferReviewedAsync(node, "law-enforcement"), await Activities.TransferReviewedAsync(node, "law-enforcement", other));
        await NameAsync(ofNone);
        (await ClearAsync()).Error.ShouldNotBeNull("a review of transfers in general decided nothing about this request").Code.ShouldBe("step.decision");
        Node.Ok(await node.Cases.ChangeAsync(Activities.Legal, ofNone, new([new("request", 0, Activities.Reference(one))]), default));
        (await ClearAsync()).Error.ShouldNotBeNull("it names the request only since both agreed").Code.ShouldBe("step.decision");
        await NameAsync(ofOther);
        (await ClearAsync()).Error.ShouldNotBeNull("reviewed for another request").Code.ShouldBe("step.decision");
        await NameAsync(await Activities.TransferReviewedAsync(node, "law-enforcement", one));
        var cleared = await ClearAsync();
        cleared.IsOk.ShouldBeTrue(Why(cleared));

        async Task<CaseAnswer<Changed>> NameAsync(RecordAddress decided)
        {
            var seen = Node.Ok(await node.Cases.OpenAsync(desk, one, default)).Document.Fields.GetValueOrDefault("check-decision")?.Version ?? 0;
            return await node.Cases.ChangeAsync(desk, one, new([new("check-decision", seen, Activities.Reference(decided))]), default);
        }

        async Task<CaseAnswer<Changed>> ClearAsync() => await node.Cases.StepAsync(desk, one, "clear", await Activities.StateAsync(node, one, desk), null, default);
    }

    [Fact]
    public async Task No_desk_states_what_an_activity_states()
    {
        await using var node = await Node.OpenWithInstrumentsAsync("humanitarian-ngo");
        var claimed = new Dictionary<string, IReadOnlyList<string>>(s_told, StringComparer.Ordinal)
        {
            ["basis"] = ["vital-interest"], ["jurisdiction"] = ["other"], ["assessment.dpia"] = ["done"], ["data.necessary_fields"] = ["true"], ["retention.schedule"] = ["true"],
            ["system.controls"] = ["access-control"], ["decision.automated"] = ["false"],
        };

        (await node.Cases.CreateAsync(Node.Desk() with { Facts = claimed }, Tracing(), default)).Refusal.ShouldNotBeNull("a basis is decided, not claimed");
    }

    [Fact]
    public void A_register_that_says_it_identifies_nobody_has_no_person_and_no_category()
    {
        var (_, errors) = RepositoryPacks.Edited("tracing", ("  data.identifiable: \"true\"\n", "  data.identifiable: \"false\"\n"));
        errors.ShouldContain(error => error.Contains("register.identifiable", StringComparison.Ordinal));
    }

    private static NewRecord Tracing() => new("tracing", null, new Dictionary<string, string>(StringComparer.Ordinal) { ["relation"] = "brother", ["cause"] = "shipwreck" }, []);

    private static string Why<T>(CaseAnswer<T> answer) where T : class =>
        answer.Error?.ToString() ?? string.Join('\n', answer.Refusal?.Reasons.Select(reason => reason.In("en")) ?? []);
}
