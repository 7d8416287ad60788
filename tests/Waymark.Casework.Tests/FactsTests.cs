using Waymark.Casework.Contracts;
using static Waymark.Casework.Tests.Node;

namespace Waymark.Casework.Tests;

/// <summary>What a record says to the gate, for whoever may read the record and for nobody else.</summary>
public sealed class FactsTests
{
    [Fact]
    public async Task The_facts_of_a_record_come_through_the_gate_and_are_nothing_to_another_unit__F8()
    {
        await using var node = await OpenAsync();
        var (record, _, _) = await node.TracingAsync();
        var facts = await node.Cases.FactsAsync(Desk(), record, default);
        facts.Decision.ShouldNotBeNull("it is entered like any reading");
        Ok(facts).Facts["data.sensitivity"].ShouldBe(["high"]);
        (Ok(facts).Declared, Ok(facts).Reference).ShouldBe(("family-tracing", References.Of(RepositoryPacks.Tracing, record.Id)));
        (await node.Cases.FactsAsync(Desk(South), record, default)).Error!.Code.ShouldBe("case.nothing");
        (await node.Cases.FactsAsync(Desk(), record with { Id = new string('0', 32) }, default)).Error!.Code.ShouldBe("case.nothing");
    }

    [Fact]
    public void A_fact_of_a_field_that_is_masked_or_not_for_the_purpose_stays_unknown()
    {
        var plan = RepositoryPacks.Registers().All.First(known => known.Fields.Any(field => field.Fact is not null));
        var field = plan.Fields.First(known => known.Fact is not null);
        var facts = new RecordFacts(plan, "X-1", new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal) { [field.Fact!] = ["yes"], ["system"] = ["tracing"] }, plan.Purposes[0], 0);
        var left = facts.Without(known => known == field);
        left.Facts.Keys.ShouldBe(["system"]);
        left.LeftOut.ShouldBe(1);
        facts.Without(new HashSet<string>(StringComparer.Ordinal)).Facts.Count.ShouldBe(2);
        facts.Without(new HashSet<string>(plan.Fields.Select(known => known.Mask).OfType<string>(), StringComparer.Ordinal)).Facts.ContainsKey(field.Fact!).ShouldBe(field.Mask is null);
    }
}
