using Waymark.Casework.Contracts;
using static Waymark.Casework.Tests.Node;

namespace Waymark.Casework.Tests;

/// <summary>A reference field takes what people say; what it may name is found among what the desk may know of, and "none" and "not yours" are one answer (F8).</summary>
public sealed class ChoosingTests
{
    [Fact]
    public async Task A_record_is_named_by_its_reference_or_chosen_by_words_and_what_is_not_ones_own_is_not_there__F8()
    {
        await using var node = await OpenAsync();
        var (ours, theirs) = (await ActivityAsync(Activities.Officer, "Shelter in the north"), await ActivityAsync(Activities.Legal, "Shelter in the south"));
        var made = Ok(await ImpactAsync(Said(ours))).Address;
        Ok(await node.Cases.OpenAsync(Activities.Officer, made, default)).Document.One("activities/a/activity")!.Value.Member("id").ShouldBe(ours.Id);

        var (notThere, notMine) = ((await ImpactAsync("PA-0000-0000")).Error!, (await ImpactAsync(Said(theirs))).Error!);
        (notThere.Code, notThere.Where, notThere.Message.In("zh")).ShouldBe((notMine.Code, notMine.Where, notMine.Message.In("zh")));
        notMine.Code.ShouldBe("case.reference");
        (await node.Cases.ChangeAsync(Activities.Officer, made, new([new("activities/a/activity", 1, "TR-" + Said(ours)[3..])]), default)).Error!.Code.ShouldBe("case.reference", "of another register");
        // What another office tells is taken as it is, and says nothing about whether it is there.
        Ok(await node.Cases.ChangeAsync(Activities.Officer, made, new([new("activities/a/activity", 1, theirs.Id)]), default));

        foreach (var asked in (string[])["", "?", "shelter", "north", "草稿", Said(ours)[..7]])
        {
            Ok(await node.Cases.ChoicesAsync(Activities.Officer, "dpia", null, "activities/a/activity", asked, default)).Choices.ShouldHaveSingleItem(asked).Reference.ShouldBe(Said(ours));
        }

        foreach (var asked in (string[])["south", Said(theirs), "PA-0000-0000"])
        {
            Ok(await node.Cases.ChoicesAsync(Activities.Officer, "dpia", null, "activities/a/activity", asked, default)).Choices.ShouldBeEmpty(asked);
        }

        (await node.Cases.ChoicesAsync(Activities.Officer, "dpia", null, "necessity", "shelter", default)).Error!.Code.ShouldBe("case.nothing", "no field that names a record");

        async Task<RecordAddress> ActivityAsync(CaseDesk desk, string name) =>
            Ok(await node.Cases.CreateAsync(desk, new("processing-activity", null, new Dictionary<string, string>(StringComparer.Ordinal) { ["name"] = $$"""{"en":"{{name}}","zh":"{{name}}"}""" }, []), default)).Address;

        Task<CaseAnswer<Changed>> ImpactAsync(string activity) =>
            node.Cases.CreateAsync(Activities.Officer, new("dpia", null, new Dictionary<string, string>(StringComparer.Ordinal) { ["activities/a/activity"] = activity }, []), default);

        string Said(RecordAddress record) => References.Of(node.Cases.Registers.Find(record.Register)!, record.Id);
    }

    [Fact]
    public async Task A_case_is_chosen_by_the_name_of_who_is_in_it_out_of_an_open_case_and_only_within_ones_unit__M04()
    {
        await using var node = await OpenAsync();
        var request = (await node.TracingAsync()).Case;
        async Task<IReadOnlyList<ReferenceChoice>> ChoicesAsync(CaseDesk desk)
        {
            var open = Ok(await node.Cases.CreateAsync(desk, new("missing-person", null, new Dictionary<string, string>(StringComparer.Ordinal) { ["age-group"] = "adult" }, []), default)).Address;
            (await node.Cases.ChoicesAsync(desk, "missing-person", null, "tracing-request", "Amina Hassan", default)).Value!.Choices.ShouldBeEmpty("without an open case nobody is searched for");
            return Ok(await node.Cases.ChoicesAsync(desk, "missing-person", open, "tracing-request", "Amina Hassan", default)).Choices;
        }

        var choice = (await ChoicesAsync(Desk())).ShouldHaveSingleItem();
        (choice.Reference, choice.Names[0]).ShouldBe((References.Of(node.Cases.Registers.Find("tracing")!, request.Id), "Amina Hassan"));
        (await ChoicesAsync(Desk(South))).ShouldBeEmpty();
    }
}
