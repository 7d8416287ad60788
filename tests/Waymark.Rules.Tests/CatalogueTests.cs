using System.Text.RegularExpressions;
using Shouldly;
using Waymark.Packs;
using Xunit;

namespace Waymark.Rules.Tests;

/// <summary>The rule packs carry the catalogue of 266 rows, each once, in its modality, with every input and parameter.</summary>
public sealed partial class CatalogueTests
{
    /// <summary>Rows that the catalogue calls a permission and that suspend named rules: exceptions, carried as such.</summary>
    private static readonly string[] Exceptions = ["IOM-10", "UNHCR-14", "HB-04", "HB-05", "C108-10", "GDPR-15"];

    /// <summary>Section 4 of the rule research: pack, parameter, value, unit.</summary>
    public static readonly TheoryData<string, string, string, string> Numbers = new()
    {
        { "gdpr", "breach-authority", "72", "hour" },
        { "unhcr", "breach-internal", "72", "hour" },
        { "gdpr", "access", "1", "month" },
        { "gdpr", "access-extension", "2", "month" },
        { "interpol", "ccf-access", "4", "month" },
        { "interpol", "ccf-correction", "9", "month" },
        { "interpol", "first-retention", "5", "year" },
        { "interpol", "red-prosecution", "2", "year" },
        { "interpol", "red-sentence", "6", "month" },
        { "gdpr", "consent-age", "16", "year-of-age" },
        { "gdpr", "consent-age-floor", "13", "year-of-age" },
        { "pipl", "minor-age", "14", "year-of-age" },
        { "pipl", "dpia-records", "3", "year" },
        { "ocha", "microdata-risk", "3", "percent" },
        { "gcm", "flow-reporting-states", "45", "count" },
        { "gcm", "same-definition-states", "24", "count" },
        { "interpol", "rules-review", "3", "year" },
    };

    [Fact]
    public void Every_rule_pack_that_ships_is_sound() => CataloguePacks.Errors.Select(error => error.ToString()).ShouldBeEmpty();

    [Fact]
    public void Every_row_of_the_catalogue_is_carried_by_one_rule_of_the_same_modality_and_the_same_words()
    {
        var rows = Rows();
        rows.Count.ShouldBe(266);
        var rules = CataloguePacks.Rules.Select(pair => pair.Rule).ToLookup(rule => rule.Id, StringComparer.Ordinal);
        rows.Where(row => rules[row["id"]].Count() != 1).Select(row => row["id"]).ShouldBeEmpty("not carried exactly once");
        rows.Where(row => Modality(rules[row["id"]].Single()) != (Exceptions.Contains(row["id"]) ? "derogate" : row["modality"])).Select(row => row["id"]).ShouldBeEmpty("another modality");
        rows.Where(row => Exceptions.Contains(row["id"])).ShouldAllBe(row => row["modality"] == "permit" && row["topic"] == "derogation");
        rows.Where(row => rules[row["id"]].Single().Text.In("en") != row["summary_en"] || rules[row["id"]].Single().Text.In("zh") != row["summary_zh"]).Select(row => row["id"])
            .ShouldBeEmpty("other words");
        rows.Where(row => rules[row["id"]].Single().Cites.All(cite => cite.Basis != row["confidence"])).Select(row => row["id"]).ShouldBeEmpty("another basis");
    }

    [Fact]
    public void Every_input_of_the_catalogue_is_a_fact_and_some_rule_reads_it()
    {
        var inputs = Rows().SelectMany(row => row["inputs"].Split(';')).ToHashSet(StringComparer.Ordinal);
        inputs.Count.ShouldBe(101);
        inputs.Where(input => CataloguePacks.Library.Vocabulary!.Find(input) is null).ShouldBeEmpty("not in the vocabulary");
        var read = CataloguePacks.Rules.SelectMany(pair => Word().Matches($"{pair.Rule.WhenText} {pair.Rule.RequireText}").Select(word => word.Value)
            .Concat(pair.Rule.Scope.Select(scope => scope.Fact.Id)).Append(pair.Rule.Duty?.From?.Id ?? "")).ToHashSet(StringComparer.Ordinal);
        inputs.Where(input => !read.Contains(input)).ShouldBeEmpty("read by no rule");
    }

    [Fact]
    public void A_rule_that_is_no_row_is_a_part_of_one_or_of_the_floor()
    {
        var ids = CataloguePacks.Rules.Select(pair => pair.Rule.Id).ToHashSet(StringComparer.Ordinal);
        var others = CataloguePacks.Rules.Where(pair => Part().IsMatch(pair.Rule.Id) && pair.Pack.Id is not ("floor" or "own-law")).Select(pair => pair.Rule.Id).ToList();
        others.Where(id => !ids.Contains(id[..^1])).ShouldBeEmpty();
        CataloguePacks.Rules.Where(pair => pair.Pack.IsFloor).ShouldAllBe(pair => pair.Rule.Id.StartsWith("FLOOR-", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void A_number_of_the_instruments_is_a_parameter_with_its_source(string pack, string id, string value, string unit)
    {
        var parameter = CataloguePacks.Library.Find(pack)!.Parameters[id];
        (parameter.Text, parameter.Unit).ShouldBe((value, unit));
        parameter.Source.ShouldNotBeNullOrWhiteSpace();
        parameter.IsVerified.ShouldBeFalse();
    }

    [Fact]
    public void No_citation_is_called_verified_before_a_person_has_checked_it() =>
        CataloguePacks.Rules.SelectMany(pair => pair.Rule.Cites.Where(cite => cite.IsVerified).Select(cite => $"{pair.Rule.Id} {cite.Article}")).ShouldBeEmpty();

    [Fact]
    public void A_pack_that_must_grant_holds_a_permission_save_the_one_that_only_refuses() =>
        CataloguePacks.Library.Packs.Where(pack => !pack.IsConstraints && pack.Rules.All(rule => rule.Kind != RuleKind.Permission)).Select(pack => pack.Id).ShouldBe(["own-law"]);

    [Fact]
    public void Asking_whether_a_fact_is_known_can_only_close_never_open()
    {
        // A prohibition may ask "not known", a permission or requirement "known": so that leaving a fact out never turns a deny into a permit.
        foreach (var (_, rule) in CataloguePacks.Rules)
        {
            var asks = Known().Matches(rule.WhenText).Select(match => match.Groups["not"].Success);
            if (rule.Kind is RuleKind.Prohibition)
            {
                asks.ShouldAllBe(not => not, rule.Id);
            }

            if (rule.Kind is RuleKind.Permission or RuleKind.Derogation)
            {
                asks.ShouldAllBe(not => !not, rule.Id);
            }

            Known().Matches(rule.RequireText).ShouldAllBe(match => !match.Groups["not"].Success, rule.Id);
        }
    }

    private static string Modality(Rule rule) => rule.Kind switch
    {
        RuleKind.Permission => "permit",
        RuleKind.Prohibition => "prohibit",
        RuleKind.Derogation => "derogate",
        _ => "oblige",
    };

    private static IReadOnlyList<PackRow> Rows()
    {
        if (CataloguePacks.Shared is not { } shared || !File.Exists(Path.Combine(shared, "reference", "data_rules.csv")))
        {
            Assert.Skip("skipped: data folder absent");
            return [];
        }

        var errors = new PackErrors();
        var table = PackCsv.Read("data_rules.csv", "data_rules.csv", File.ReadAllBytes(Path.Combine(shared, "reference", "data_rules.csv")), errors);
        errors.All.ShouldBeEmpty();
        return table!.Rows;
    }

    [GeneratedRegex("[a-z][a-z0-9_.]*", RegexOptions.NonBacktracking)]
    private static partial Regex Word();

    [GeneratedRegex("[0-9][a-z]$", RegexOptions.NonBacktracking)]
    private static partial Regex Part();

    [GeneratedRegex(@"(?<not>not )?known\(", RegexOptions.None, 1000)]
    private static partial Regex Known();
}
