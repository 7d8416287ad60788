using Waymark.Casework.Contracts;
using static Waymark.Casework.Tests.Node;

namespace Waymark.Casework.Tests;

/// <summary>Records of a register are found by what stands in them, as far as whoever asks may see it.</summary>
public sealed class FindingTests
{
    [Theory]
    [MemberData(nameof(StoreMatrix.Kinds), MemberType = typeof(StoreMatrix))]
    public async Task Records_are_found_by_words_numbers_partial_dates_and_references_and_never_by_names(string kind)
    {
        await using var node = await OpenAsync(open: await StoreMatrix.OpenerAsync(kind));
        var (record, _, _) = await node.TracingAsync();
        var other = Ok(await node.Cases.CreateAsync(Desk(), new("tracing", null, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["relation"] = "brother", ["identity-checked"] = "yes", ["cause"] = "conflict", ["separated-on"] = "2026-02-11", ["separated-at"] = "扎维耶港口附近的难民营地", ["external-number"] = "RC 77/1204",
        }, []), default)).Address;
        foreach (var (asked, expected) in new (string, RecordAddress[])[]
        {
            ("rc771204", [other]), ("2026-02", [other, record]), ("2026-02-11", [other]), ("2026-03", []), ("港口", [other]), ("难民营 2026", [other]), ("民营港", []), ("RC77-1204 2025", []),
            (Reference(record), [record]), (Reference(record).Replace("-", "", StringComparison.Ordinal).ToLowerInvariant(), [record]), ("Amina Hassan", []), ("Amina", []),
        })
        {
            node.Clock.Advance(TimeSpan.FromMinutes(4));
            var found = Ok(await node.Cases.FindRecordsAsync(Desk(), "tracing", asked, default));
            found.Rows.Select(row => row.Row.Address.Id).Order(StringComparer.Ordinal).ShouldBe(expected.Select(address => address.Id).Order(StringComparer.Ordinal), asked);
            found.IsMore.ShouldBeFalse();
        }

        (await node.Cases.FindRecordsAsync(Desk(), "tracing", " x , ", default)).Error!.Code.ShouldBe("search.no-words");

        string Reference(RecordAddress address) => References.Of(node.Cases.Registers.Find("tracing")!, address.Id);
    }

    [Fact]
    public async Task Nobody_finds_what_they_may_not_see_and_what_a_mask_hides_finds_nothing()
    {
        await using var node = await OpenAsync();
        var (record, _, _) = await node.TracingAsync();
        Ok(await node.Cases.ChangeAsync(Desk(), record, new([new("external-number", 0, "RC-991")]), default));
        var found = Ok(await node.Cases.FindRecordsAsync(Desk(Colleague), "tracing", "RC-991", default));
        found.Rows.Single().Row.Address.Id.ShouldBe(record.Id);
        Ok(await node.Cases.FindRecordsAsync(Desk(South), "tracing", "RC-991", default)).Rows.ShouldBeEmpty("another unit");
        (await node.Cases.FindRecordsAsync(Desk(purpose: "migration-statistics"), "tracing", "RC-991", default)).Error!.Code.ShouldBe("case.nothing");
        (await node.Cases.FindRecordsAsync(Desk(), "person", "RC-991", default)).Error!.Code.ShouldBe("case.nothing");

        // A value that the gate masks is not told by being found; a reference is no value.
        var mask = node.Cases.Registers.Find("tracing")!.Field("external-number")!.Mask;
        var byMasked = found with { Rows = [found.Rows[0] with { By = [new HashSet<string>(["number"], StringComparer.Ordinal)] }] };
        byMasked.Without(new HashSet<string>(["number"], StringComparer.Ordinal)).Rows.ShouldBeEmpty();
        byMasked.Without(new HashSet<string>(["name"], StringComparer.Ordinal)).Rows.Count.ShouldBe(1);
        found.Rows[0].By.Single().ShouldBe([mask ?? ""]);

        // A list of named people shuts out the colleague, and not whoever set it.
        Ok(await node.Cases.RestrictAsync(Desk(), record, [Worker.Account], default));
        Ok(await node.Cases.FindRecordsAsync(Desk(Colleague), "tracing", "rc991", default)).Rows.ShouldBeEmpty("need to know");
        Ok(await node.Cases.FindRecordsAsync(Desk(), "tracing", "rc991", default)).Rows.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Reading_a_register_off_by_its_words_stops_at_the_budget__M04()
    {
        await using var node = await OpenAsync();
        await node.TracingAsync();
        var answers = new List<CaseAnswer<FoundRecords>>();
        for (var one = 0; one < 14; one++)
        {
            node.Clock.Advance(TimeSpan.FromSeconds(6));
            answers.Add(await node.Cases.FindRecordsAsync(Desk(), "tracing", $"2026-02-{one + 1:00}", default));
        }

        answers[0].IsOk.ShouldBeTrue();
        answers[^1].Error!.Code.ShouldBe("search.held");
    }
}
