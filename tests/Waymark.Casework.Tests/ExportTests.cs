using Waymark.Casework.Contracts;
using Waymark.Model;
using Waymark.Protection.Contracts;
using static Waymark.Casework.Tests.Node;

namespace Waymark.Casework.Tests;

/// <summary>A list that leaves is a transfer of each of its records, to the kind of receiver that two persons entered, and the rules decide each.</summary>
public sealed class ExportTests
{
    [Fact]
    public async Task F2_no_list_goes_to_a_body_that_enforces_immigration_law_and_the_same_list_goes_to_a_partner()
    {
        await using var node = await OpenAsync();
        var (enforcement, partner) = (await node.ReceiverAsync("Removals", type: "immigration-enforcement"),
            await node.ReceiverAsync(publicKey: "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f"));
        var (first, second) = ((await node.TracingAsync()).Case, (await node.TracingAsync()).Case);
        Task<CaseAnswer<CaseExport>> ExportAsync(CaseDesk desk, string to, params string[] ids) => node.Cases.ExportAsync(desk, new("tracing", ids, to, "asked"), default);

        var refused = (await ExportAsync(Desk(), enforcement.Id, first.Id)).Refusal.ShouldNotBeNull();
        string.Join('\n', refused.InTheWay.Select(line => line.In("en"))).ShouldContain("FLOOR-02b");
        refused.Decision.ShouldNotBeNull("the attempt is in the log");
        var both = Ok(await ExportAsync(Desk(), enforcement.Id, first.Id, second.Id));
        (both.Rows.Count, both.Mark).ShouldBe((0, ""));
        both.Withheld.ShouldAllBe(line => line.Refusal!.In("en").Contains("FLOOR-", StringComparison.Ordinal) && line.Refusal.In("zh").Contains("FLOOR-", StringComparison.Ordinal));
        (await node.Store.Records.ListAsync(new("casework.export", []), default)).Value.Records.ShouldBeEmpty("nothing left, and no copy is marked");

        // The lawful neighbour, asked by somebody who did not just try elsewhere.
        var export = Ok(await ExportAsync(Desk(Colleague), partner.Id, first.Id, second.Id));
        (export.Rows.Count, export.Withheld.Count).ShouldBe((2, 0));
        (await ExportAsync(Desk(), partner.Id, first.Id)).Refusal!.Code.ShouldBe("gate.flipped", "refused for one receiver, it is not tried with the next within the day");
    }

    [Fact]
    public async Task An_export_stands_in_the_log_as_a_transfer_of_each_record_to_this_receiver()
    {
        await using var node = await OpenAsync();
        var (receiver, made) = (await node.ReceiverAsync(), await node.TracingAsync());
        Ok(await node.Cases.ExportAsync(Desk(), new("tracing", [made.Case.Id], receiver.Id, "asked"), default));
        var decisions = (await node.Store.Records.ListAsync(new("protection.decision", [new("account", "worker-1"), new("action", "transfer"), new("effect", "permit")]), default)).Value.Records;
        System.Text.Encoding.UTF8.GetString(decisions.ShouldHaveSingleItem().Document.Span).ShouldNotContain(made.Case.Id, Case.Insensitive, "the log names the matter by its hash");
    }

    [Fact]
    public async Task A_receiver_whose_kind_was_never_stated_gets_nothing()
    {
        await using var node = await OpenAsync();
        var (receiver, made) = (await node.ReceiverAsync(), await node.TracingAsync());
        var cases = new Waymark.Casework.Features.Casework(node.Parts with { Receivers = new Unstated(receiver) });
        (await cases.ExportAsync(Desk(), new("tracing", [made.Case.Id], receiver.Id, "asked"), default)).Refusal!.Code.ShouldBe("gate.fact");
    }

    [Fact]
    public async Task Under_the_instruments_a_list_goes_once_two_offices_agreed_for_this_kind_of_receiver_in_this_country()
    {
        await using var node = await OpenWithInstrumentsAsync("humanitarian-ngo");
        var told = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal) { ["notice.given"] = ["true"] };
        await Activities.InForceAsync(node, [.. RepositoryPacks.Tracing.Fields.Select(field => field.Category).Where(category => category != "none").Distinct(StringComparer.Ordinal)]);
        var desk = Desk() with { Facts = told };
        var made = Ok(await node.Cases.CreateAsync(desk, new("tracing", null, new Dictionary<string, string>(StringComparer.Ordinal) { ["relation"] = "brother", ["cause"] = "shipwreck" }, []), default)).Address;
        var (other, agreed) = (await Activities.TransferReviewedAsync(node, "un-agency"), await Activities.TransferReviewedAsync(node, "humanitarian-organisation"));

        (await SendAsync("TUN", null)).Refusal.ShouldNotBeNull("nobody agreed to anything");
        (await SendAsync("CHE", other.Id)).Refusal.ShouldNotBeNull("agreed for another kind of receiver");
        (await SendAsync("TUN", agreed.Id)).Refusal.ShouldNotBeNull("agreed for another country");
        Ok(await SendAsync("CHE", agreed.Id)).Rows.Count.ShouldBe(1);
        node.Clock.Advance(TimeSpan.FromDays(40));
        (await SendAsync("CHE", agreed.Id)).Refusal.ShouldNotBeNull("the review has run out");

        async Task<CaseAnswer<CaseExport>> SendAsync(string area, string? review)
        {
            // What was refused is not asked again with other facts within a day (M77).
            node.Clock.Advance(TimeSpan.FromHours(25));
            var receiver = await node.ReceiverAsync("Harbour House (invented)", area, review: review);
            var answer = await node.Cases.ExportAsync(desk, new("tracing", [made.Id], receiver.Id, "asked"), default);
            (await node.Parts.Receivers!.WithdrawAsync(Legal, receiver.Id, "next", default)).IsOk.ShouldBeTrue();
            return answer;
        }
    }

    /// <summary>A register in which the receiver was entered before kinds were asked for.</summary>
    private sealed class Unstated(Receiver receiver) : IReceivers
    {
        public Task<Result<Receiver>> ProposeAsync(Actor actor, NewReceiver made, CancellationToken cancellationToken) => throw new InvalidOperationException();

        public Task<Result<Receiver>> ConfirmAsync(Actor actor, string id, string? fingerprint, CancellationToken cancellationToken) => throw new InvalidOperationException();

        public Task<Result<Receiver>> WithdrawAsync(Actor actor, string id, string reason, CancellationToken cancellationToken) => throw new InvalidOperationException();

        public Task<Receiver?> FindAsync(string? id, CancellationToken cancellationToken) => Task.FromResult<Receiver?>(receiver with { Type = "" });

        public Task<IReadOnlyList<Receiver>> ListAsync(Actor? actor, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Receiver>>([]);
    }
}
