using Waymark.Casework.Contracts;
using Waymark.Protection.Contracts;
using Waymark.Storage;

namespace Waymark.Casework.Tests;

/// <summary>
/// Case work of an agency of the United Nations under its own instruments as they ship: what they ask before a person is collected, opened, referred and printed is stated by forms, registers,
/// the person's own record, the review of the transfer and the node, so that the right answers permit and a missing one is named (UNHCR-08, UNP-06, IOM-08, IOM-09, IOM-13, IOM-16, IOM-23, GDPP-06).
/// </summary>
public sealed class UnitedNationsTests
{
    private const string Understood = "understood";

    [Theory]
    [InlineData("unhcr", "in a language and manner they understand")]
    [InlineData("iom", "Check legal capacity and vulnerability")]
    [InlineData("other-un-agency", null)]
    public async Task An_agency_of_the_United_Nations_collects_a_person_opens_lists_refers_and_prints_the_case_and_is_told_what_is_missing(string controller, string? missing)
    {
        await using var node = await Node.OpenWithInstrumentsAsync(controller);
        var fields = node.Cases.Registers.Find("referral")!.Fields.Concat(node.Cases.Registers.Find("person")!.Fields);
        await Activities.InForceAsync(node, [.. fields.Select(field => field.Category).Where(category => category != "none").Distinct(StringComparer.Ordinal)], "protection");

        // Told, and nobody said how; nobody looked for needs: the refusal names the rule that asks for it. The common principles alone ask for neither.
        var refused = await PersonAsync(Told(null), new() { ["birth"] = "1990-03-04" });
        refused.IsOk.ShouldBe(missing is null, refused.Error?.ToString());
        string.Join('\n', refused.Refusal?.Reasons.Select(reason => reason.In("en")) ?? []).ShouldContain(missing ?? "");
        var desk = Told(Understood);
        var adult = new Dictionary<string, string>(StringComparer.Ordinal) { ["birth"] = "1990-03-04", ["needs"] = "none", ["capacity"] = "yes", ["source"] = "person" };
        (await PersonAsync(Told("not-understood"), adult)).IsOk.ShouldBe(controller != "unhcr", "only UNHCR-08 asks for the language");
        var person = Node.Ok(await PersonAsync(desk, adult)).Address;

        // Whoever may be a child is told as a child, and with IOM a guardian consents.
        var child = new Dictionary<string, string>(StringComparer.Ordinal) { ["birth"] = "2015", ["needs"] = "child", ["capacity"] = "no" };
        (await PersonAsync(desk, child)).IsOk.ShouldBe(missing is null);
        child["guardian"] = "consented";
        Node.Ok(await PersonAsync(Told("child-friendly"), child));

        var opened = Node.Ok(await node.Cases.OpenAsync(desk, person, default));
        opened.Document.Fields["informed-how"].Claims[0].Value.Member("code").ShouldBe(Understood, "what was said at collection stands in the record");
        var referral = Node.Ok(await node.Cases.CreateAsync(desk, new("referral", null, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["direction"] = "outgoing", ["service"] = "shelter", ["reason"] = "Other", ["urgency"] = "urgent", ["age"] = "adult", ["to-organisation"] = "Harbour House (invented)", ["data-sent"] = "name, needs",
            ["verified-on"] = "2026-05-30",
        }, [("referred", person.Id)]), default)).Address;
        Node.Ok(await node.Cases.ListAsync(Node.Desk(purpose: "protection"), new("referral"), default)).Rows.ShouldContain(row => row.Address.Id == referral.Id);
        Node.Ok(await node.Cases.StepAsync(desk, referral, "check-adult", await Activities.StateAsync(node, referral, desk), null, default));
        (await node.Consents.RecordAsync(new(person.Id, "protection", "humanitarian-organisation", ConsentChoice.Given, node.Clock.GetUtcNow(), null, "1", "ar", "oral-recorded", true, true, "interpreter-1", null, null, "worker-1"), default))
            .IsOk.ShouldBeTrue();
        await NameAsync(await Activities.TransferReviewedAsync(node, "humanitarian-organisation"));
        var sent = await SendAsync();
        sent.IsOk.ShouldBe(missing is null, "no agreement is named");
        if (!sent.IsOk)
        {
            node.Clock.Advance(TimeSpan.FromHours(25));
            await NameAsync(await Activities.TransferReviewedAsync(node, "humanitarian-organisation", agreement: "AGR-2026-7"));
            sent = await SendAsync();
        }

        Node.Ok(sent).State.ShouldBe("requested");
        Node.Ok(await node.Cases.PrintAsync(desk, referral, new(null, null, null) { Kind = OutputParty.Inside }, default)).Lines.ShouldNotBeEmpty();

        // Whoever took the consent back is opened no more under IOM-01b, and whoever was never asked is.
        Node.Ok(await node.Cases.ConsentAsync(desk, referral, new(person.Id, "protection", "none", true, "1", "ar", "written") { IsExplicit = true, IsInformed = true }, default));
        Node.Ok(await node.Cases.WithdrawConsentAsync(desk, referral, person.Id, "protection", default));
        node.Clock.Advance(TimeSpan.FromHours(25));
        (await node.Cases.OpenAsync(desk, person, default)).IsOk.ShouldBe(controller != "iom");

        CaseDesk Told(string? how)
        {
            var facts = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal) { ["notice.given"] = ["true"], ["notice.deferred_reason"] = ["none"] };
            if (how is not null)
            {
                facts["notice.language"] = [how];
            }

            return Node.Desk(purpose: "protection") with { Facts = facts };
        }

        Task<CaseAnswer<Changed>> PersonAsync(CaseDesk told, Dictionary<string, string> values) =>
            node.Cases.CreateAsync(told, new("person", null, new Dictionary<string, string>(values, StringComparer.Ordinal) { ["names/a/name"] = "Mariam Xalif" }, [], RecordPartition.General), default);

        async Task NameAsync(RecordAddress review)
        {
            var seen = Node.Ok(await node.Cases.OpenAsync(desk, referral, default)).Document.Fields.GetValueOrDefault("transfer")?.Version ?? 0;
            Node.Ok(await node.Cases.ChangeAsync(desk, referral, new([new("transfer", seen, Activities.Reference(review))]), default));
        }

        async Task<CaseAnswer<Changed>> SendAsync() => await node.Cases.StepAsync(desk, referral, "send-to-organisation", await Activities.StateAsync(node, referral, desk), null, default);
    }
}
