using Waymark.Casework.Contracts;
using Waymark.Casework.Guards;
using Waymark.Protection.Contracts;
using Waymark.Storage;

namespace Waymark.Casework.Tests;

/// <summary>
/// Forced return at an authority under the instruments as they ship (S156, R70–R74): it is registered once its file says where the data come from, and nothing that somebody gave to a
/// service, for protection or for another purpose is there at all (F2, M13).
/// </summary>
public sealed class ForcedReturnTests
{
    private static readonly Dictionary<string, IReadOnlyList<string>> s_told = new(StringComparer.Ordinal) { ["notice.given"] = ["true"] };

    private static readonly Actor s_decider = new("decider-1", "case-worker", ["protection/south"], true, "key-decider-1");

    private static CaseDesk Forced(Actor? actor = null) => Node.Desk(actor, "forced-return") with { Facts = s_told };

    // Nobody has two purposes in one matter (M02).
    private static CaseDesk Voluntary => Node.Desk(Node.Colleague, "voluntary-return") with { Facts = s_told };

    private static async Task<Node> AuthorityAsync()
    {
        var node = await Node.OpenWithInstrumentsAsync("immigration-authority", profile: "authority");
        var fields = node.Cases.Registers.Find("return")!.Fields.Concat(node.Cases.Registers.Find("person")!.Fields);
        await Activities.InForceAsync(node, [.. fields.Select(field => field.Category).Where(category => category != "none").Distinct(StringComparer.Ordinal)], "voluntary-return, forced-return", "c108");
        return node;
    }

    private static Task<CaseAnswer<Changed>> PersonAsync(Node node, CaseDesk desk, string name, string? source) => node.Cases.CreateAsync(
        desk, new("person", null, Values(source, ("names/a/name", name), ("birth", "1980-05-06")), [], RecordPartition.General), default);

    private static Task<CaseAnswer<Changed>> ReturnAsync(Node node, CaseDesk desk, string? source, params (string Role, string Person)[] persons) => node.Cases.CreateAsync(
        desk, new("return", null, Values(source, ("track", "ordered"), ("ground", "stay-ended"), ("age-group", "adult")), persons), default);

    private static Dictionary<string, string> Values(string? source, params (string Path, string Value)[] more)
    {
        var values = more.ToDictionary(pair => pair.Path, pair => pair.Value, StringComparer.Ordinal);
        if (source is not null)
        {
            values["source"] = source;
        }

        return values;
    }

    [Fact]
    public async Task A_forced_return_is_registered_once_its_file_says_where_the_data_come_from_and_never_with_those_of_a_service__F2()
    {
        await using var node = await AuthorityAsync();
        foreach (var source in (string?[])[null, "service", "protection"])
        {
            var refused = await ReturnAsync(node, Forced(), source);
            string.Join('\n', refused.Refusal.ShouldNotBeNull($"{source}: {refused.Error}").Reasons.Select(reason => reason.In("en"))).ShouldContain("never serve immigration enforcement");
            (await PersonAsync(node, Forced(), "Tekle Haile", source)).Refusal.ShouldNotBeNull(source);
        }

        var person = Node.Ok(await PersonAsync(node, Forced(), "Tekle Haile", "state-body")).Address;
        var file = Node.Ok(await ReturnAsync(node, Forced(), "state-body", ("returnee", person.Id))).Address;
        Node.Ok(await node.Cases.OpenAsync(Forced(), file, default));
        Node.Ok(await node.Cases.OpenAsync(Forced(), person, default));

        // Stated once: neither another word nor taking it back makes it anything else.
        var seen = Node.Ok(await node.Cases.OpenAsync(Forced(), file, default)).Document.Fields["source"].Version;
        foreach (var other in (string[])["administrative", ""])
        {
            (await node.Cases.ChangeAsync(Forced(), file, new([new("source", seen, other)]), default)).Error!.Code.ShouldBe("case.source-stands");
        }
    }

    [Fact]
    public async Task The_list_of_forced_returns_shows_the_right_rows_to_the_right_officer_and_nothing_to_anybody_else__F2_F8()
    {
        await using var node = await AuthorityAsync();
        (await RowsAsync(node, Forced())).ShouldBeEmpty("nothing is there yet, and the list says so without a refusal");
        var person = Node.Ok(await PersonAsync(node, Forced(), "Tekle Haile", "state-body")).Address;
        var own = Node.Ok(await ReturnAsync(node, Forced(), "state-body", ("returnee", person.Id))).Address.Id;
        var police = Node.Ok(await ReturnAsync(node, Forced(), "police-channel")).Address.Id;
        var applicant = Node.Ok(await PersonAsync(node, Voluntary, "Meron Abebe", "person")).Address;
        var wish = Node.Ok(await ReturnAsync(node, Voluntary, "person", ("returnee", applicant.Id))).Address;
        var plain = Node.Ok(await ReturnAsync(node, Voluntary, null)).Address;
        var service = Node.Ok(await ReturnAsync(node, Voluntary, "service")).Address;

        (await RowsAsync(node, Forced())).ShouldBe([own, police], ignoreOrder: true);
        (await RowsAsync(node, Forced(new("worker-5", "case-worker", ["protection/north"])))).ShouldBe([own, police], ignoreOrder: true);
        (await RowsAsync(node, Forced(Node.South))).ShouldBeEmpty("another unit");
        (await RowsAsync(node, Voluntary)).ShouldBe([own, police, wish.Id, plain.Id, service.Id], ignoreOrder: true);
        var officer = await node.Cases.ListAsync(Node.Desk(new("dpo-9", "data-protection-officer", ["protection/north"], true, "key-9"), "supervision"), new("return"), default);
        (officer.Value?.Rows ?? []).ShouldBeEmpty("an officer of data protection reads no list of returns");

        // What was given for another purpose is not there: not in the list, not by its address, not by name.
        foreach (var hidden in (RecordAddress[])[wish, plain, service])
        {
            (await node.Cases.OpenAsync(Forced(), hidden, default)).Error!.Code.ShouldBe("case.nothing");
        }

        var open = new RecordAddress("return", own);
        Node.Ok(await node.Cases.SearchPersonsAsync(Forced(), open, new("Meron Abebe"), default)).Candidates.ShouldBeEmpty();
        Node.Ok(await node.Cases.SearchPersonsAsync(Forced(), open, new("Tekle Haile"), default)).Candidates.ShouldHaveSingleItem();
        Node.Ok(await node.Cases.PreviewAsync(Forced(), new("return", [new(own, 0), new(wish.Id, 0)], BulkAct.Assign, null), default)).Lines.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task An_entry_for_another_purpose_neither_enters_nor_hides_the_file_of_a_forced_return__F2_F7()
    {
        await using var node = await AuthorityAsync();
        var person = Node.Ok(await PersonAsync(node, Forced(), "Tekle Haile", "state-body")).Address;
        var file = Node.Ok(await ReturnAsync(node, Forced(), "state-body", ("returnee", person.Id))).Address;
        Node.Ok(await node.Cases.OpenAsync(Voluntary, file, default));
        (await node.Cases.ChangeAsync(Voluntary, file, new([new("own-words", 0, "I came to the counsellor to talk. (invented)")]), default)).Error!.Code.ShouldBe("case.own-purpose");
        Node.Ok(await node.Cases.ChangeAsync(Forced(), file, new([new("own-words", 0, "Said at the hearing. (invented)")]), default));
        (await RowsAsync(node, Forced())).ShouldHaveSingleItem().ShouldBe(file.Id);

        // What protects a person is entered by whoever learns it, and the person is gone for enforcement from then on; the file stays.
        Node.Ok(await node.Cases.ChangeAsync(Voluntary, person, new([new("feared-areas", 0, "ERI")]), default));
        (await node.Cases.OpenAsync(Forced(), person, default)).Error!.Code.ShouldBe("case.nothing");
        Node.Ok(await node.Cases.OpenAsync(Forced(), file, default));
    }

    [Fact]
    public async Task A_list_of_forced_returns_goes_where_two_offices_agreed_and_never_with_the_data_of_a_service__F2()
    {
        await using var node = await AuthorityAsync();
        var person = Node.Ok(await PersonAsync(node, Forced(), "Tekle Haile", "state-body")).Address;
        var file = Node.Ok(await ReturnAsync(node, Forced(), "state-body", ("returnee", person.Id))).Address;
        var agreed = await Activities.TransferReviewedAsync(node, "court");
        var receiver = await node.ReceiverAsync("Court of appeal (invented)", "CHE", type: "court", review: agreed.Id);
        var refused = (await node.Cases.ExportAsync(Forced(), new("return", [file.Id], receiver.Id, "asked"), default)).Refusal.ShouldNotBeNull();
        string.Join('\n', refused.InTheWay.Select(line => line.In("en"))).ShouldContain("FLOOR-01c", Case.Sensitive, "nothing is shared before a decision excluded the risk (F1)");

        Node.Ok(await node.Cases.AskAsync(Forced(), file, person.Id, "protection/south", default));
        var asked = Node.Ok(await node.Cases.AskedAsync(Forced(s_decider), "return", default)).Rows.ShouldHaveSingleItem();
        Node.Ok(await node.Cases.DecideAsync(Forced(s_decider), asked.Id, new("", ReturnGate.NonRefoulement, true, "", [], default, "", new DateOnly(2026, 5, 20), "ti", "I have nothing to fear there and my parents wait for me.",
            new DateOnly(2026, 5, 1), "The person comes from a family in the capital, fears nobody, and nothing in the country information of May 2026 speaks against it.") { Chain = "excluded" }, default));
        node.Clock.Advance(TimeSpan.FromHours(25));
        Node.Ok(await node.Cases.ExportAsync(Forced(), new("return", [file.Id], receiver.Id, "asked"), default)).Rows.ShouldHaveSingleItem().Address.Id.ShouldBe(file.Id);
    }

    [Fact]
    public async Task A_forced_return_is_stopped_by_another_unit_and_a_pathway_follows__M20_S156()
    {
        await using var node = await AuthorityAsync();
        var returns = node.Cases;
        var person = Node.Ok(await PersonAsync(node, Forced(), "Tekle Haile", "state-body")).Address;
        var file = Node.Ok(await ReturnAsync(node, Forced(), "state-body", ("returnee", person.Id))).Address;
        (await returns.AskAsync(Forced(), file, person.Id, "protection/north", default)).Error!.Code.ShouldBe("return.own-unit");
        Node.Ok(await returns.AskAsync(Forced(), file, person.Id, "protection/south", default));
        var applicant = Node.Ok(await PersonAsync(node, Voluntary, "Meron Abebe", "person")).Address;
        var wish = Node.Ok(await ReturnAsync(node, Voluntary, "person", ("returnee", applicant.Id))).Address;
        Node.Ok(await returns.AskAsync(Voluntary, wish, applicant.Id, "protection/south", default));

        // Whoever decides about forced returns finds this one, and not what was given for a voluntary one.
        var asked = Node.Ok(await returns.AskedAsync(Forced(s_decider), "return", default)).Rows.ShouldHaveSingleItem();
        asked.File.Id.ShouldBe(file.Id);
        var other = Node.Ok(await returns.AskedAsync(Node.Desk(Node.SouthColleague, "voluntary-return") with { Facts = s_told }, "return", default)).Rows.Single(row => row.File.Id == wish.Id);
        (await returns.FileAsync(Forced(s_decider), other.Id, default)).Error!.Code.ShouldBe("case.nothing");

        Node.Ok(await returns.FileAsync(Forced(s_decider), asked.Id, default)).Gates.ShouldNotBeEmpty();
        Node.Ok(await returns.DecideAsync(Forced(s_decider), asked.Id, new("", ReturnGate.NonRefoulement, false, "", [], default, "", new DateOnly(2026, 5, 20), "ti", "I gave evidence against a commander.",
            new DateOnly(2026, 5, 1), "The person testified in open court; country information of May 2026 records two witnesses detained after their return.") { Chain = "possible" }, default));
        var view = Node.Ok(await node.Cases.OpenAsync(Forced(), file, default));
        view.Document.One("non-refoulement")!.Value.Member("code").ShouldBe("risk-found");
        Node.Ok(await node.Cases.ChangeAsync(Forced(), file, new([new("stop-reason", 0, "risk-found"), new("pathway", 0, "asylum-procedure")]), default));
        foreach (var (step, state) in new[] { ("stop", "stopped"), ("take-pathway", "pathway") })
        {
            Node.Ok(await node.Cases.StepAsync(Forced(), file, step, await Activities.StateAsync(node, file, Forced()), null, default)).State.ShouldBe(state);
        }
    }

    private static async Task<IReadOnlyList<string>> RowsAsync(Node node, CaseDesk desk) => [.. Node.Ok(await node.Cases.ListAsync(desk, new("return"), default)).Rows.Select(row => row.Address.Id)];
}
