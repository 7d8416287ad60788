using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Casework.Registers;
using Waymark.Casework.Search;
using Waymark.Storage;
using static Waymark.Casework.Tests.Node;

namespace Waymark.Casework.Tests;

/// <summary>No shipped register holds suspects yet; one that does lands in tables of its own, under keys of its own, and nothing leads across (F7).</summary>
public sealed class SuspectPartitionTests
{
    private const string Wanted = """
        id: edited
        kind: registers
        version: 1.0.0
        title: {en: Persons sought by a court, zh: 法院查找的人员}
        one: {en: person sought, zh: 被查找者}
        source: a test
        licence: CC0-1.0
        module: casework
        reference: WT
        profiles: [authority]
        partition: suspect
        class: suspect
        system: police-cooperation
        purposes: [law-enforcement, family-tracing]
        sensitivity: high
        facts: {recipient.type: none, data.form: record, data.source: police-channel, data.identifiable: "true"}
        retention: {months: 12, then: review, en: test, zh: 测试}
        persons:
          - {role: sought, en: sought, zh: 被查找者, category: suspect, most: 1, principal: true}
        fields:
          - {id: order, type: text, en: order of the court, zh: 法院命令, category: none, search: true}
        states:
          - {id: open, en: open, zh: 有效, initial: true}
          - {id: closed, en: closed, zh: 结束, terminal: true}
        transitions:
          - {id: close, en: close, zh: 结束, from: [open], to: closed}
        links:
          - {type: same-matter, registers: [edited, tracing], en: in the same matter, zh: 同一事项}
        view: {columns: [order], filters: [], print: [order]}

        """;

    [Theory]
    [MemberData(nameof(StoreMatrix.Kinds), MemberType = typeof(StoreMatrix))]
    public async Task A_register_of_suspects_lies_in_its_own_tables_under_its_own_keys_and_nothing_leads_across__F7(string kind)
    {
        await using var node = await OpenAsync(Wanted, await StoreMatrix.OpenerAsync(kind));
        var (tracing, sought, _) = await node.TracingAsync();
        var suspect = await node.PersonAsync("Amina Hassan", "2004", RecordPartition.Suspect);
        var wanted = Ok(await node.Cases.CreateAsync(Desk(), new("edited", null, new Dictionary<string, string>(StringComparer.Ordinal) { ["order"] = "Order 17" }, [("sought", suspect.Id)]), default)).Address;

        // Its own tables: the record and its person are in this partition and in no other.
        wanted.Partition.ShouldBe(RecordPartition.Suspect);
        foreach (var partition in Enum.GetValues<RecordPartition>())
        {
            (await node.Store.Records.GetAsync(partition, "edited", wanted.Id, default) is not null).ShouldBe(partition == RecordPartition.Suspect, partition.ToString());
            (await node.Store.Records.GetAsync(partition, "person", suspect.Id, default) is not null).ShouldBe(partition == RecordPartition.Suspect, partition.ToString());
        }

        // Its own keys: what the same name is sealed under and found by is another in each partition.
        foreach (var use in new[] { "data", "keys" })
        {
            var keys = await Task.WhenAll(new[] { "missing", "suspect" }.Select(partition => node.Keys.FindAsync($"casework.{partition}.{use}", default)));
            keys.ShouldAllBe(key => key != null);
            keys[0]!.ShouldNotBe(keys[1]!);
        }

        // A search of one never finds who is in the other, by the same name.
        foreach (var (address, found) in new[] { (wanted, suspect), (tracing, sought) })
        {
            var candidates = Ok(await node.Cases.SearchPersonsAsync(Desk(), address, new("Amina Hassan"), default)).Candidates;
            candidates[0].Address.ShouldBe(found);
            candidates.ShouldAllBe(candidate => candidate.Address.Partition == address.Partition);
        }

        // No link, no merging, no person of the other partition in a role.
        (await node.Cases.LinkAsync(Desk(), wanted, "same-matter", tracing, "unit", default)).Error!.Code.ShouldBe("case.partition");
        (await node.Cases.LinkAsync(Desk(), tracing, "same-request", wanted, "unit", default)).Error!.Code.ShouldBe("case.partition");
        (await node.Cases.MergeAsync(Desk(), sought, suspect, "the same name", null, default)).Error!.Code.ShouldBe("case.partition");
        (await node.Cases.PersonAsync(Desk(), tracing, "sought", suspect.Id, add: true, default)).Error!.Code.ShouldBe("case.person");
        (await node.Cases.CreateAsync(Desk(), new("edited", null, new Dictionary<string, string>(StringComparer.Ordinal), [("sought", sought.Id)]), default)).IsOk.ShouldBeFalse();
    }

    [Theory]
    [InlineData("partition: suspect", "partition: general", "register.partition")]
    [InlineData("class: suspect", "class: victim", "register.partition")]
    [InlineData("profiles: [authority]", "profiles: [humanitarian]", "register.profile")]
    [InlineData("profiles: [authority]", "profiles: [authority, public]", "register.profile")]
    public void A_pack_that_puts_suspects_elsewhere_does_not_load__F7(string from, string to, string code)
    {
        var alone = Wanted.Replace("[edited, tracing]", "[edited]", StringComparison.Ordinal);
        RepositoryPacks.Written(alone).Errors.ShouldBeEmpty();
        RepositoryPacks.Written(alone.Replace(from, to, StringComparison.Ordinal)).Errors.ShouldContain(error => error.Contains(code, StringComparison.Ordinal));
    }

    [Fact]
    public void No_shipped_register_names_a_suspect_beside_those_whom_that_could_harm__F7()
    {
        var holders = RepositoryPacks.Registers().All.Where(plan => plan.Persons.Any(role => role.Category == "suspect")).ToList();

        // Requests between authorities name the person concerned; they are of the class of enforcement, which no other class is linked or merged with, and load on an authority's node alone.
        holders.Select(plan => plan.Id).ShouldBe(["assistance-request"]);
        holders.ShouldAllBe(plan => plan.Profiles.Count == 1 && plan.Profiles.Contains(NodeProfile.Authority) && plan.Links.All(link => link.Registers.All(register => register == plan.Id)));
        RepositoryPacks.Registers().All.Where(plan => plan.Partition == RecordPartition.Suspect).ShouldBeEmpty();
    }
}
