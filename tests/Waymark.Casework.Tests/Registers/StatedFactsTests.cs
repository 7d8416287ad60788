using System.Text.RegularExpressions;
using Waymark.Packs;
using Waymark.Packs.Content;
using Waymark.Protection.Contracts;
using Waymark.Rules;
using static Waymark.Casework.Tests.Node;

namespace Waymark.Casework.Tests.Registers;

/// <summary>
/// What the shipped rules ask for, somebody states: the gate itself, the typed core, a register, a standing record, the desk; or the vocabulary says that nothing does yet, and why. A rule whose
/// fact nobody can ever state permits nobody anything, and nobody would notice.
/// </summary>
public sealed partial class StatedFactsTests
{
    private static readonly string[] s_reviewed = ["review.dpo", "review.legal"];

    [Fact]
    public async Task Every_fact_that_a_shipped_rule_asks_for_is_stated_by_somebody_or_declared_with_the_reason_why_not()
    {
        var rules = Rules();
        var asked = rules.Packs.SelectMany(pack => pack.Rules)
            .SelectMany(rule => Word().Matches(rule.WhenText + " " + rule.RequireText).Select(match => rules.Vocabulary!.Find(match.Value)).OfType<Fact>().Concat(rule.Scope.Select(scope => scope.Fact)))
            .Select(fact => fact.Id).ToHashSet(StringComparer.Ordinal);
        asked.Count.ShouldBeGreaterThan(120);
        var stated = Registered().Concat(Typed()).Concat(s_reviewed).ToHashSet(StringComparer.Ordinal);
        stated.UnionWith(await OwnAsync(asked.Except(stated)));
        var declared = Declared();
        declared.Count.ShouldBe(declared.Distinct(StringComparer.Ordinal).Count(), "declared once");
        asked.Except(stated).Except(declared).Order().ShouldBeEmpty("asked for, and stated by nobody: let a register or the desk state it, or say under \"unstated\" of packs/vocabulary/rules.yaml why not");
        declared.Intersect(stated).Order().ShouldBeEmpty("declared as stated by nobody, and stated");
        declared.Except(asked).Order().ShouldBeEmpty("declared, and no rule asks for it");
        TestContext.Current.TestOutputHelper?.WriteLine($"{asked.Count} facts asked for, {asked.Intersect(stated).Count()} stated, {declared.Count} declared");
    }

    [Theory]
    [InlineData("tracing")]
    [InlineData("missing-person")]
    [InlineData("trafficking-victim")]
    [InlineData("referral")]
    [InlineData("reintegration")]
    [InlineData("return")]
    [InlineData("assistance-request")]
    public void A_register_of_people_keeps_whether_they_were_informed_and_why_not(string register)
    {
        var plan = RepositoryPacks.Registers().Find(register)!;
        plan.Fields.Single(field => field.Fact == "notice.given").Type.ToString().ShouldBe("YesNo");
        plan.Fields.Single(field => field.Fact == "notice.deferred_reason").Codes!.Codes.Select(code => code.Id).ShouldContain("danger");
    }

    [Fact]
    public async Task What_was_said_at_collection_stands_in_the_record_and_speaks_at_every_later_question_until_the_person_is_told()
    {
        await using var node = await OpenAsync();
        var later = Desk() with { Facts = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal) { ["notice.given"] = ["false"], ["notice.deferred_reason"] = ["aid-delayed"] } };
        var made = Ok(await node.Cases.CreateAsync(later, new("tracing", null, new Dictionary<string, string>(StringComparer.Ordinal) { ["relation"] = "brother", ["cause"] = "shipwreck" }, []), default)).Address;
        var facts = Ok(await node.Cases.FactsAsync(Desk(), made, default)).Facts;
        (facts["notice.given"][0], facts["notice.deferred_reason"][0]).ShouldBe(("false", "aid-delayed"));
        var fields = Ok(await node.Cases.OpenAsync(Desk(), made, default)).Document.Fields;
        Ok(await node.Cases.ChangeAsync(Desk(), made, new([new("informed", fields["informed"].Version, "yes"), new("informing-waits", fields["informing-waits"].Version, "none")]), default));
        facts = Ok(await node.Cases.FactsAsync(Desk(), made, default)).Facts;
        (facts["notice.given"][0], facts["notice.deferred_reason"][0]).ShouldBe(("true", "none"));

        // Unsaid stays unknown.
        var unsaid = Ok(await node.Cases.CreateAsync(Desk(), new("tracing", null, new Dictionary<string, string>(StringComparer.Ordinal) { ["relation"] = "brother", ["cause"] = "shipwreck" }, []), default)).Address;
        Ok(await node.Cases.FactsAsync(Desk(), unsaid, default)).Facts.ContainsKey("notice.given").ShouldBeFalse();
    }

    private static RuleLibrary Rules()
    {
        var documents = RuleDocuments.Of(RepositoryPacks.Library, new PackErrors());
        var read = RuleLibrary.Read(documents.Vocabulary!, documents.Packs);
        read.Errors.ShouldBeEmpty();
        return read;
    }

    /// <summary>What packs of registers state: of all records, by a field, by a record that a field names, by a record that stands.</summary>
    private static IEnumerable<string> Registered() => RepositoryPacks.Registers().All.SelectMany(plan => plan.Facts.Keys
        .Concat(plan.Fields.SelectMany(field => field.States.Keys.Append(field.Fact).OfType<string>()))
        .Concat(plan.Standing is { } standing ? standing.Fields.Keys.Concat(standing.References.Keys).Concat(standing.Always.Keys) : []));

    /// <summary>What the engine and the form of collection state: facts that their source sets by name.</summary>
    private static IEnumerable<string> Typed() => Directory.EnumerateFiles(Path.Combine(WorkingCopy.Root, "src", "Modules", "Waymark.Casework"), "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal))
        .SelectMany(file => Set().Matches(File.ReadAllText(file)).Select(match => match.Groups["fact"].Value));

    /// <summary>What the gate knows itself: it refuses to be told.</summary>
    private static async Task<IReadOnlyList<string>> OwnAsync(IEnumerable<string> facts)
    {
        await using var node = await OpenAsync();
        var own = new List<string>();
        foreach (var fact in facts)
        {
            var told = new GateRequest(Worker, Worker.Units[0], "C-1", [], "read", "family-tracing", new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal) { [fact] = ["x"] });
            if ((await node.Parts.Gate.ActAsync(told, _ => throw new InvalidOperationException(fact), default)).Refusal?.Code == "gate.own-fact")
            {
                own.Add(fact);
            }
        }

        return own;
    }

    private static IReadOnlyList<string> Declared()
    {
        var errors = new PackErrors();
        var pack = RepositoryPacks.Library.Find("vocabulary", "rules")!;
        return [.. pack.Cursor(errors).List("unstated").SelectMany(group => group.TextList("facts"))];
    }

    [GeneratedRegex(@"[a-z]+(?:\.[a-z_]+)?", RegexOptions.NonBacktracking)]
    private static partial Regex Word();

    [GeneratedRegex("""\["(?<fact>[a-z]+\.[a-z_]+)"\]""", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Set();
}
