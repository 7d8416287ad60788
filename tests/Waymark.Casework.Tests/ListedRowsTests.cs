using Waymark.Casework.Contracts;
using Waymark.Model;
using Waymark.Packs;
using Waymark.Packs.Content;
using Waymark.Protection.Contracts;
using Waymark.Protection.Features;
using Waymark.Storage;

namespace Waymark.Casework.Tests;

/// <summary>
/// A list shows of each record what opening it would show: what persons chose, and what a record states itself, decide row by row under every instrument as it ships, and the rules say what is
/// asked for (IOM-01b, M84).
/// </summary>
public sealed class ListedRowsTests
{
    private const string Purpose = "protection";

    private static readonly string[] s_controllers = [.. ControllerCatalogue.Read(RepositoryPacks.Library.Find(ControllerCatalogue.Kind, "data-rules")!, new PackErrors()).Organisations];

    [Fact]
    public async Task Under_every_instrument_as_it_ships_a_row_is_shown_exactly_when_the_record_opens__IOM_01b()
    {
        await using var node = await Node.OpenWithInstrumentsAsync("other-un-agency");
        var fields = node.Cases.Registers.Find("referral")!.Fields.Concat(node.Cases.Registers.Find("person")!.Fields);
        await Activities.InForceAsync(node, [.. fields.Select(field => field.Category).Where(category => category != "none").Distinct(StringComparer.Ordinal)], Purpose);
        var made = new Dictionary<string, (RecordAddress Person, RecordAddress Referral)>(StringComparer.Ordinal);
        foreach (var kind in (string[])["unasked", "given", "refused", "withdrawn", "lapsed", "not-informed", "not-informed-given"])
        {
            made[kind] = await MadeAsync(node, kind);
        }

        node.Clock.Advance(TimeSpan.FromHours(2));
        var (shown, stopped, looked) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal), new Dictionary<string, int>(StringComparer.Ordinal));
        foreach (var controller in s_controllers)
        {
            var consents = new CountedConsents(node.Consents);
            var cases = Under(node, controller, consents);
            var desk = Node.Desk(Node.Worker with { Account = "worker-" + controller }, Purpose);
            var listed = await cases.ListAsync(desk, new("referral"), default);
            (looked[controller], var one) = (consents.Many, consents.One);
            one.ShouldBe(0, "nobody is looked up alone");
            var rows = (listed.Value?.Rows ?? []).ToDictionary(row => row.Address.Id, StringComparer.Ordinal);
            foreach (var (kind, (_, referral)) in made)
            {
                var (row, answer) = (rows.GetValueOrDefault(referral.Id), await cases.OpenAsync(desk, referral, default));
                var isShown = row is { Stopped: null };
                isShown.ShouldBe(answer.IsOk, $"{controller}, {kind}: the list says {(row is null ? "nothing" : isShown ? "all" : "stopped")}; {answer.Refusal?.Code} {answer.Refusal?.Text.In("en")}");
                (isShown ? shown : stopped).Add($"{controller} {kind}");
                if (row is { Stopped: { } told })
                {
                    row.Columns.ShouldAllBe(value => value == null, "a stopped row tells nothing that stands in it");
                    (told.In("en").Length * told.In("zh").Length).ShouldBeGreaterThan(0);
                }
            }
        }

        // Nobody's choice is looked up where no rule in force asks for it, and those of a page all at once where one does.
        (looked["iom"], looked["unhcr"], looked["other-un-agency"]).ShouldBe((1, 0, 0), string.Join(' ', looked));
        looked.Values.Max().ShouldBe(1);
        stopped.ShouldContain("iom withdrawn");
        stopped.ShouldContain("iom refused");
        shown.ShouldContain("iom unasked");
        shown.ShouldContain("iom given");
        shown.ShouldContain("other-un-agency withdrawn");
    }

    [Fact]
    public async Task Whoever_took_consent_back_is_a_stopped_row_without_values_found_by_no_filter_word_or_name__IOM_01b()
    {
        await using var node = await Node.OpenWithInstrumentsAsync("iom");
        var fields = node.Cases.Registers.Find("referral")!.Fields.Concat(node.Cases.Registers.Find("person")!.Fields);
        await Activities.InForceAsync(node, [.. fields.Select(field => field.Category).Where(category => category != "none").Distinct(StringComparer.Ordinal)], Purpose);
        var (asking, kept, left) = (await MadeAsync(node, "unasked"), await MadeAsync(node, "given"), await MadeAsync(node, "given"));
        var desk = Desk();
        (await NamesAsync()).ShouldBe([asking.Person.Id, kept.Person.Id, left.Person.Id], ignoreOrder: true);
        (await FilteredAsync()).Length.ShouldBe(3);
        (await WordsAsync()).Length.ShouldBe(3);

        Node.Ok(await node.Cases.WithdrawConsentAsync(desk, left.Referral, left.Person.Id, Purpose, default));
        var row = Node.Ok(await node.Cases.ListAsync(desk, new("referral"), default)).Rows.Single(one => one.Address.Id == left.Referral.Id);
        row.Stopped.ShouldNotBeNull().In("en").ShouldContain("do not let this be read now");
        row.Columns.ShouldAllBe(value => value == null);
        row.State.ShouldBe("draft", "that it is there, and when it is due, stays to be seen");
        (await FilteredAsync()).ShouldBe([asking.Referral.Id, kept.Referral.Id], ignoreOrder: true);
        (await WordsAsync()).ShouldBe([asking.Referral.Id, kept.Referral.Id], ignoreOrder: true);
        (await NamesAsync()).ShouldBe([asking.Person.Id, kept.Person.Id], ignoreOrder: true);

        // Only the person decides anew, and then all is as it was.
        node.Clock.Advance(TimeSpan.FromHours(1));
        await ChooseAsync(node, left.Person, ConsentChoice.Given, null);
        Node.Ok(await node.Cases.ListAsync(desk, new("referral"), default)).Rows.ShouldAllBe(one => one.Stopped == null);
        (await NamesAsync()).Length.ShouldBe(3);

        async Task<string[]> FilteredAsync() => [.. Node.Ok(await node.Cases.ListAsync(desk, new("referral") { Filters = new Dictionary<string, string>(StringComparer.Ordinal) { ["urgency"] = "urgent" } }, default)).Rows.Select(one => one.Address.Id)];

        async Task<string[]> WordsAsync() => [.. Node.Ok(await node.Cases.FindRecordsAsync(desk, "referral", "Harbour", default)).Rows.Select(found => found.Row.Address.Id)];

        async Task<string[]> NamesAsync() => [.. Node.Ok(await node.Cases.SearchPersonsAsync(desk, kept.Referral, new("Mariam Xalif"), default)).Candidates.Select(found => found.Address.Id)];
    }

    [Fact]
    public async Task What_an_account_opened_for_one_purpose_is_a_stopped_row_in_its_lists_for_another_and_no_other_accounts__M02()
    {
        await using var node = await Node.OpenWithInstrumentsAsync("other-un-agency");
        var fields = node.Cases.Registers.Find("referral")!.Fields.Concat(node.Cases.Registers.Find("person")!.Fields);
        string[] categories = [.. fields.Select(field => field.Category).Where(category => category != "none").Distinct(StringComparer.Ordinal)];
        await Activities.InForceAsync(node, categories, Purpose);
        await Activities.InForceAsync(node, categories, "assistance");
        var (_, referral) = await MadeAsync(node, "given");
        foreach (var (account, isStopped) in new[] { (Node.Worker.Account, true), ("worker-of-another-case", false) })
        {
            var second = Node.Desk(Node.Worker with { Account = account }, "assistance");
            var row = Node.Ok(await node.Cases.ListAsync(second, new("referral"), default)).Rows.Single(one => one.Address.Id == referral.Id);
            (row.Stopped is not null, row.Columns.All(value => value == null)).ShouldBe((isStopped, isStopped), account);
            (await node.Cases.FindRecordsAsync(second, "referral", "Harbour", default)).Value!.Rows.Count.ShouldBe(isStopped ? 0 : 1, account);
            (await node.Cases.OpenAsync(second, referral, default)).Refusal?.Code.ShouldBe(isStopped ? "gate.other-purpose" : null, account);
        }

        Node.Ok(await node.Cases.ListAsync(Desk(), new("referral"), default)).Rows.Single().Stopped.ShouldBeNull("the first purpose goes on");
    }

    private static CaseDesk Desk() => Node.Desk(purpose: Purpose) with
    {
        Facts = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal) { ["notice.given"] = ["true"], ["notice.language"] = ["understood"], ["notice.deferred_reason"] = ["none"] },
    };

    /// <summary>The same records as another organisation would keep them, with what was adopted here.</summary>
    private static Waymark.Casework.Features.Casework Under(Node node, string controller, IConsents consents)
    {
        var book = RuleBook.Open(RepositoryPacks.Loaded.Library, controller, node.Store, node.Keys, node.Clock, profile: "humanitarian");
        book.IsOk.ShouldBeTrue(book.Error?.ToString());
        return new(node.Parts with { Gate = new Gate(book.Value, node.Store, node.Keys, consents, node.Exceptions, node.Clock) });
    }

    private static async Task<(RecordAddress Person, RecordAddress Referral)> MadeAsync(Node node, string kind)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal) { ["names/a/name"] = "Mariam Xalif", ["birth"] = "1990-03-04", ["needs"] = "none", ["capacity"] = "yes", ["source"] = "person" };
        var person = Node.Ok(await node.Cases.CreateAsync(Desk(), new("person", null, values, [], RecordPartition.General), default)).Address;
        var referral = Node.Ok(await node.Cases.CreateAsync(Desk(), new("referral", null, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["direction"] = "outgoing", ["service"] = "shelter", ["reason"] = "Other", ["urgency"] = "urgent", ["age"] = "adult", ["to-organisation"] = "Harbour House (invented)", ["data-sent"] = "name, needs",
            ["verified-on"] = "2026-05-30",
        }, [("referred", person.Id)]), default)).Address;
        if (kind.StartsWith("not-informed", StringComparison.Ordinal))
        {
            var seen = Node.Ok(await node.Cases.OpenAsync(Desk(), referral, default)).Document.Fields.GetValueOrDefault("informed")?.Version ?? 0;
            Node.Ok(await node.Cases.ChangeAsync(Desk(), referral, new([new("informed", seen, "no")]), default));
        }

        if (kind is "given" or "withdrawn" or "lapsed" or "not-informed-given")
        {
            await ChooseAsync(node, person, ConsentChoice.Given, kind == "lapsed" ? node.Clock.GetUtcNow() + TimeSpan.FromHours(1) : null);
        }

        if (kind == "refused")
        {
            await ChooseAsync(node, person, ConsentChoice.Refused, null);
        }

        if (kind == "withdrawn")
        {
            (await node.Consents.WithdrawAsync(person.Id, Purpose, "in-person", default)).IsOk.ShouldBeTrue();
        }

        return (person, referral);
    }

    private static async Task ChooseAsync(Node node, RecordAddress person, ConsentChoice choice, DateTimeOffset? until)
    {
        var done = await node.Consents.RecordAsync(new(person.Id, Purpose, "none", choice, node.Clock.GetUtcNow(), until, "1", "ar", "written", true, true, null, null, null, "worker-1"), default);
        done.IsOk.ShouldBeTrue(done.Error?.ToString());
    }

    /// <summary>Counts how often somebody's choice is looked up.</summary>
    private sealed class CountedConsents(IConsents inner) : IConsents
    {
        public int Many { get; private set; }

        public int One { get; private set; }

        public Task<Result<bool>> RecordAsync(Consent consent, CancellationToken cancellationToken) => inner.RecordAsync(consent, cancellationToken);

        public Task<Result<RecordWrite>> PrepareAsync(Consent consent, CancellationToken cancellationToken) => inner.PrepareAsync(consent, cancellationToken);

        public Task<Result<bool>> WithdrawAsync(string person, string? purpose, string channel, CancellationToken cancellationToken) => inner.WithdrawAsync(person, purpose, channel, cancellationToken);

        public Task<Consent?> FindAsync(string person, string purpose, string recipient, CancellationToken cancellationToken) => inner.FindAsync(person, purpose, recipient, cancellationToken);

        public Task<Consent?> LastAsync(string person, string purpose, string recipient, CancellationToken cancellationToken)
        {
            One++;
            return inner.LastAsync(person, purpose, recipient, cancellationToken);
        }

        public Task<IReadOnlyDictionary<string, Consent>> LastAsync(IReadOnlyCollection<string> persons, string purpose, string recipient, CancellationToken cancellationToken)
        {
            Many++;
            return inner.LastAsync(persons, purpose, recipient, cancellationToken);
        }

        public Task<IReadOnlyList<Consent>> OfAsync(string person, CancellationToken cancellationToken) => inner.OfAsync(person, cancellationToken);
    }
}
