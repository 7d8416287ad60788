using FsCheck;
using FsCheck.Fluent;
using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Casework.Engine;
using Waymark.Casework.People;
using Waymark.Storage;
using static Waymark.Casework.Tests.Node;

namespace Waymark.Casework.Tests;

/// <summary>Two records of one invented person: looked at side by side, made one, taken apart; and links that are seen by whom they are meant for.</summary>
public sealed class MergingTests
{
    [Fact]
    public async Task Before_two_records_become_one_it_is_shown_what_becomes_of_every_claim()
    {
        await using var node = await OpenAsync();
        var (one, two) = await PairAsync(node);
        var preview = Ok(await node.Cases.CompareAsync(Desk(), one, two, default));
        preview.IsMerged.ShouldBeFalse();
        Fates(preview).ShouldBe(
        [
            "birth: Disputed 2004 | 2005-03-04", "birth-place: Comes Zuwara", "languages: Stays ti", "names/a/name: Same Amina Hassan", "names/b/name: Comes أمينة حسن",
        ]);
        Ok(await node.Cases.OpenAsync(Desk(), two, default)).Document.State.ShouldBe("current", "looking changes nothing");

        Ok(await node.Cases.MergeAsync(Desk(), one, two, "same person", preview.Seen, default));
        var shown = preview.Lines.ToDictionary(line => line.Path, line => string.Join('|', line.After.Select(claim => claim.Value.Json)));
        var merged = await DocumentAsync(node, one);
        merged.Fields.ToDictionary(field => field.Key, field => string.Join('|', field.Value.Claims.Select(claim => claim.Value.Json))).ShouldBe(shown, "what was shown is what was done");

        var apart = Ok(await node.Cases.CompareAsync(Desk(), one, two, default));
        apart.IsMerged.ShouldBeTrue();
        Fates(apart).ShouldBe(["birth: Leaves 2004", "birth-place: Leaves", "names/a/name: Stays Amina Hassan", "names/b/name: Leaves"]);
        (await node.Cases.MergesAsync(Desk(), one, default)).Value!.Kept.Select(kept => kept.Id).ShouldBe([two.Id]);
        (await node.Cases.MergesAsync(Desk(), two, default)).Value!.In!.Id.ShouldBe(one.Id);
        Ok(await node.Cases.SplitAsync(Desk(), one, two, "two people", apart.Seen, default));
        (await node.Cases.MergesAsync(Desk(), one, default)).Value!.Kept.ShouldBeEmpty();
        (await node.Cases.MergesAsync(Desk(), two, default)).Value!.In.ShouldBeNull();
    }

    [Fact]
    public async Task What_was_not_seen_is_not_merged()
    {
        await using var node = await OpenAsync();
        var (one, two) = await PairAsync(node);
        var seen = Ok(await node.Cases.CompareAsync(Desk(), one, two, default)).Seen;
        Ok(await node.Cases.ChangeAsync(Desk(Colleague), two, new([new("gender", 0, "Feminine")]), default));
        (await node.Cases.MergeAsync(Desk(), one, two, "same person", seen, default)).Error!.Code.ShouldBe("record.changed");
        (await DocumentAsync(node, two)).State.ShouldBe("current");
        (await node.Cases.CompareAsync(Desk(South), one, two, default)).Error!.Code.ShouldBe("case.nothing");
        (await node.Cases.MergesAsync(Desk(South), one, default)).Error!.Code.ShouldBe("case.nothing");
        var suspect = await node.PersonAsync("Amina Hassan", "2004", RecordPartition.Suspect);
        (await node.Cases.CompareAsync(Desk(), one, suspect, default)).Error!.Code.ShouldBe("case.partition");
        (await node.Cases.CompareAsync(Desk(), one, one, default)).Error!.Code.ShouldBe("merge.same");
    }

    /// <summary>Items laid over each other would say of one relative what was said of another (F10, G15).</summary>
    [Fact]
    public async Task Who_is_barred_and_who_may_know_stay_said_of_whom_they_were_said__F10()
    {
        await using var node = await OpenAsync();
        var (mother, husband) = (await node.PersonAsync("Zainab Hassan"), await node.PersonAsync("Karim Saleh"));
        var one = await node.PersonAsync("Leila Saleh", "1998", RecordPartition.Missing,
            ("relations/1/to", mother.Id), ("relations/1/may-know-whereabouts", "yes"), ("barred/1/party", """{"system":"organisation","value":"a-firm"}"""), ("barred/1/fields", "contact"));
        var two = await node.PersonAsync("Leila Saleh", "1998", RecordPartition.Missing,
            ("relations/1/to", husband.Id), ("barred/1/party", $$"""{"system":"person","value":"{{husband.Id}}"}"""));
        Ok(await node.Cases.MergeAsync(Desk(), one, two, "same person", null, default));
        var barred = SafeContact.Barred(await DocumentAsync(node, one));
        barred.ShouldContain(party => party.Party == husband.Id && party.Fields.Count == 0, "the husband learns nothing at all");
        barred.ShouldNotContain(party => party.Party == mother.Id, "the mother still may know");
        barred.Single(party => party.Party == "a-firm").Fields.ShouldBe(["contact"]);
        Ok(await node.Cases.SplitAsync(Desk(), one, two, "two people", null, default));
        SafeContact.Barred(await DocumentAsync(node, one)).Select(party => party.Party).ShouldBe(["a-firm"]);
    }

    /// <summary>Erasing one of two that are one would leave what it said in the other.</summary>
    [Fact]
    public async Task Two_records_that_are_one_come_apart_before_either_is_erased()
    {
        await using var node = await OpenAsync();
        var (one, two) = await PairAsync(node);
        Ok(await node.Cases.MergeAsync(Desk(), one, two, "same person", null, default));
        foreach (var person in new[] { one, two })
        {
            (await node.Cases.EraseAsync(Desk(Supervisor), Second, person, default)).Error!.Code.ShouldBe("erasure.merged");
        }

        Ok(await node.Cases.SplitAsync(Desk(), one, two, "to be erased", null, default));
        Ok(await node.Cases.EraseAsync(Desk(Supervisor), Second, two, default));
        Ok(await node.Cases.OpenAsync(Desk(), one, default)).Document.Fields.Keys.ShouldNotContain("birth-place");
    }

    [Fact]
    public async Task What_left_with_the_other_record_is_told_in_its_history_and_no_more_in_this_one__M13()
    {
        await using var node = await OpenAsync();
        var (one, two) = await PairAsync(node);
        var before = await ToldAsync(one);
        Ok(await node.Cases.MergeAsync(Desk(), one, two, "same person", null, default));
        (await ToldAsync(one)).ShouldContain("أمينة حسن", Case.Insensitive, "while they are one, it is told how they became one");
        Ok(await node.Cases.SplitAsync(Desk(), one, two, "two people", null, default));
        var apart = await ToldAsync(one);
        apart.ShouldBe(before, "nothing of the other person is told here");
        Ok(await node.Cases.HistoryAsync(Desk(), one, default)).Lines.Count.ShouldBe(Ok(await node.Cases.OpenAsync(Desk(), one, default)).Document.Version is var version ? (int)version : 0, "that they were one, and by whom, is told still");
        (await ToldAsync(two)).ShouldContain("أمينة حسن");

        // Made one again they are told together again; apart and one of them erased, not even the tables tell.
        Ok(await node.Cases.MergeAsync(Desk(), one, two, "same person after all", null, default));
        (await ToldAsync(one)).ShouldContain("أمينة حسن");
        Ok(await node.Cases.SplitAsync(Desk(), one, two, "to be erased", null, default));
        Ok(await node.Cases.EraseAsync(Desk(Supervisor), Second, two, default));
        (await ToldAsync(one)).ShouldBe(before);
        var stored = new List<string>();
        await foreach (var operation in node.Store.Records.HistoryAsync(RecordPartition.Missing, "person", one.Id, default))
        {
            stored.Add(System.Text.Encoding.UTF8.GetString(operation.Operation.Span));
        }

        stored.Count(operation => operation.Contains(two.Id, StringComparison.Ordinal)).ShouldBe(4, "both mergers and both partings need the key of each person");

        async Task<string> ToldAsync(RecordAddress person) => string.Join('\n', Ok(await node.Cases.HistoryAsync(Desk(), person, default)).Lines
            .SelectMany(line => line.Operation.Changes).SelectMany(change => change.Claims.Concat(change.Before?.Claims ?? [])).Select(claim => claim.Value.Json).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
    }

    /// <summary>Whatever stood in both records: nothing is lost by merging, and taking apart gives back both as they were.</summary>
    [Fact]
    public async Task Merging_loses_nothing_and_taking_apart_gives_back_both()
    {
        await using var node = await OpenAsync();
        var item = Gen.Elements("a", "b", "1").Zip(Gen.Elements("Amina", "Yusuf", "Leila"));
        var entries = item.ListOf().Select(list => list.DistinctBy(pair => pair.Item1).ToDictionary(pair => $"names/{pair.Item1}/name", pair => pair.Item2))
            .Zip(Gen.Elements("", "2004", "2005-03-04")).Select(pair => pair.Item2.Length == 0 ? pair.Item1 : new Dictionary<string, string>(pair.Item1) { ["birth"] = pair.Item2 });
        Prop.ForAll(entries.Zip(entries).ToArbitrary(), pair =>
        {
            var (one, two) = (Make(pair.Item1), Make(pair.Item2));
            var (first, second) = (Values(one), Values(two));
            Ok(node.Cases.MergeAsync(Desk(), one, two, "same", null, default).GetAwaiter().GetResult());
            var merged = Values(one);
            first.Concat(second).All(value => merged.Any(kept => kept.Group == value.Group && kept.Json == value.Json)).ShouldBeTrue();
            first.All(merged.Contains).ShouldBeTrue("what stood there stands there still");
            Ok(node.Cases.SplitAsync(Desk(), one, two, "not same", null, default).GetAwaiter().GetResult());
            Values(one).ShouldBe(first);
            Values(two).ShouldBe(second);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(25));

        RecordAddress Make(Dictionary<string, string> values) =>
            Ok(node.Cases.CreateAsync(Desk(), new("person", null, values, [], RecordPartition.Missing), default).GetAwaiter().GetResult()).Address;

        List<(string Group, string Path, string Json)> Values(RecordAddress person) =>
            [.. DocumentAsync(node, person).GetAwaiter().GetResult().Fields.SelectMany(field => field.Value.Claims.Select(claim => (RecordDocument.PlanPath(field.Key), field.Key, claim.Value.Json)))];
    }

    [Fact]
    public async Task A_link_is_seen_from_either_end_by_whom_it_is_meant_for_and_by_nobody_else__F8()
    {
        await using var node = await OpenAsync();
        var (one, _, _) = await node.TracingAsync();
        var (two, _, _) = await node.TracingAsync();
        var reference = References.Of(node.Parts.Registers.Find("tracing")!, two.Id);
        (await node.Cases.LinkAsync(Desk(), one, "same-journey", "TR-0000-0000", "open", default)).Error!.Code.ShouldBe("case.link-reference");
        (await node.Cases.LinkAsync(Desk(), one, "owes-money", reference, "open", default)).Error!.Code.ShouldBe("case.link");
        (await node.Cases.LinkAsync(Desk(), one, "same-journey", reference, "everybody", default)).Error!.Code.ShouldBe("case.link");
        Ok(await node.Cases.LinkAsync(Desk(), one, "same-journey", reference.ToLowerInvariant().Replace('-', ' '), "unit", default));
        await SeenAsync(Colleague, one, (two.Id, true));
        await SeenAsync(Colleague, two, (one.Id, false));

        // Only who is named on one end knows of it: for the others the other end has no link.
        Ok(await node.Cases.RestrictAsync(Desk(), one, [Worker.Account], default));
        await SeenAsync(Worker, two, (one.Id, false));
        await SeenAsync(Colleague, two);
        Ok(await node.Cases.RestrictAsync(Desk(), one, [], default));

        // Meant for named people: a colleague of the same unit does not see it until both records name them.
        Ok(await node.Cases.LinkAsync(Desk(), one, "same-family", reference, "named", default));
        (await LinksAsync(Colleague, one)).Select(link => link.Link.Type).ShouldBe(["same-journey"]);
        (await LinksAsync(Worker, one)).Select(link => link.Link.Type).ShouldBe(["same-journey", "same-family"]);
        Ok(await node.Cases.OpenAsync(Desk(), one, default)).Document.Links.ShouldBeEmpty("links are seen by whom they are meant for only");
        var gone = Ok(await node.Cases.UnlinkAsync(Desk(), one, (await LinksAsync(Worker, one))[0].Link.Id, default));
        await SeenAsync(Colleague, two);
        Ok(await node.Cases.UndoAsync(Desk(), one, gone.Version, "needed", default));
        await SeenAsync(Colleague, two, (one.Id, false));

        async Task<IReadOnlyList<SeenLink>> LinksAsync(Waymark.Protection.Contracts.Actor actor, RecordAddress record) => Ok(await node.Cases.OpenAsync(Desk(actor), record, default)).Links;

        async Task SeenAsync(Waymark.Protection.Contracts.Actor actor, RecordAddress record, params (string Other, bool IsHere)[] links) =>
            (await LinksAsync(actor, record)).Select(link => (link.Other.Id, link.IsHere)).ShouldBe(links);
    }

    private static async Task<(RecordAddress One, RecordAddress Two)> PairAsync(Node node) => (
        await node.PersonAsync("Amina Hassan", "2004", RecordPartition.Missing, ("languages", "ti")),
        await node.PersonAsync("Amina Hassan", "2005-03-04", RecordPartition.Missing, ("names/b/name", "أمينة حسن"), ("birth-place", "Zuwara")));

    private static IEnumerable<string> Fates(MergePreview preview) => preview.Lines.Select(line =>
        $"{line.Path}: {line.Fate} {string.Join(" | ", line.After.Select(claim => claim.Value.Member("full") ?? claim.Value.Member("text") ?? claim.Value.Text))}".TrimEnd());

    private static async Task<RecordDocument> DocumentAsync(Node node, RecordAddress record) => (await new CaseStore(node.Parts).ReadAsync(record with { Partition = RecordPartition.Missing }, default)).Value.Document;
}
