using Shouldly;
using Waymark.Model;
using Xunit;

namespace Waymark.Rules.Tests;

/// <summary>The language of conditions: what it accepts, and how it names what it refuses.</summary>
public sealed class LanguageTests
{
    [Fact]
    public void The_sample_packs_are_sound()
    {
        Sample.Standard.Packs.Select(pack => pack.Id).ShouldBe(["floor", "harbour"]);
        Sample.Standard.Packs.Sum(pack => pack.Rules.Count).ShouldBe(10);
    }

    [Theory]
    [InlineData("purpose = aid")]
    [InlineData("not purpose = aid and breach.personal_data")]
    [InlineData("purpose in [aid, statistics] or purpose not in [enforcement]")]
    [InlineData("data.categories has biometric and data.categories has [name, health]")]
    [InlineData("data.categories = []")]
    [InlineData("purpose in consent.scope and consent.scope has purpose.declared")]
    [InlineData("data.sensitivity >= moderate and actor.clearance < severe")]
    [InlineData("low <= data.sensitivity")]
    [InlineData("request.time > breach.detected_at + $breach")]
    [InlineData("request.time - breach.detected_at <= 72 hour")]
    [InlineData("retention.due < request.time and retention.due >= 2020-01-31")]
    [InlineData("request.time < retention.due - 6 months")]
    [InlineData("breach.detected_at > 2026-11-21T10:00Z")]
    [InlineData("offence.penalty >= 2 year")]
    [InlineData("publication.risk < $public-risk + 0.5")]
    [InlineData("subject.age + 2 >= 18 and subject.age > -1")]
    [InlineData("recipient.country = subject.fear_country or recipient.country in [CHN, DEU] or recipient.country = FRA")]
    [InlineData("agreement.id = AGR-2024-7 and known(derogation.reason)")]
    [InlineData("((purpose = aid))")]
    [InlineData("true or false")]
    public void A_condition_of_the_language_is_read(string condition) => Faults(condition).ShouldBeEmpty();

    [Theory]
    [InlineData("purpos = aid", "rules.unknown-fact", 1, "purpose")]
    [InlineData("purpose = aad", "rules.unknown-code", 11, "aid")]
    [InlineData("purpose in [aid, statistic]", "rules.unknown-code", 18, "statistics")]
    [InlineData("data.categories has biometrics", "rules.unknown-code", 21, "biometric")]
    [InlineData("publication.risk < $public-rsk", "rules.unknown-parameter", 20, "public-risk")]
    [InlineData("purpose = aid and", "rules.syntax", 18, null)]
    [InlineData("purpose = aid purpose = aid", "rules.syntax", 15, null)]
    [InlineData("(purpose = aid", "rules.syntax", 15, null)]
    [InlineData("low < data.sensitivity < high", "rules.syntax", 24, null)]
    [InlineData("purpose < aid", "rules.no-order", 9, null)]
    [InlineData("purpose = subject.age", "rules.types", 9, null)]
    [InlineData("purpose", "rules.not-a-truth", 1, null)]
    [InlineData("subject.age + 2", "rules.not-a-truth", 13, null)]
    [InlineData("data.categories in [name]", "rules.set-in-list", 17, null)]
    [InlineData("purpose has aid", "rules.not-a-set", 1, null)]
    [InlineData("subject.age > 1.1234567", "rules.number", 15, null)]
    [InlineData("retention.due > 2026-02-30", "rules.moment", 17, null)]
    [InlineData("retention.due + offence.penalty > request.time", "rules.types", 15, null)]
    [InlineData("purpose = aid && breach.personal_data", "rules.unknown-sign", 15, null)]
    [InlineData("purpose = аid", "rules.unknown-sign", 11, null)]
    [InlineData("агe > 1", "rules.unknown-sign", 1, null)]
    public void What_does_not_fit_is_refused_at_its_letter_with_the_nearest_word(string condition, string code, int column, string? near)
    {
        var fault = Faults(condition).ShouldHaveSingleItem();
        fault.Code.ShouldBe(code, fault.ToString());
        fault.Where.ShouldBe($"packs/rules/probe.yaml:12:{column + 10}");
        if (near is null)
        {
            fault.Hint.ShouldBeNull();
        }
        else
        {
            fault.Hint!.In("en").ShouldContain($"\"{near}\"");
            fault.Hint!.In("zh").ShouldContain(near);
        }
    }

    [Fact]
    public void A_fault_in_a_block_of_several_lines_is_placed_on_its_line()
    {
        var probe = Probe("|\n      purpose = aid\n      and purpose.compatibel");
        var fault = Sample.ReadAll(Sample.Vocabulary, probe).Errors.ShouldHaveSingleItem();
        fault.Where.ShouldBe("packs/rules/probe.yaml:14:11");
        Sample.ReadAll(Sample.Vocabulary, Probe("purpose = aid\n      and purpose.compatibel")).Errors.ShouldHaveSingleItem().Where.ShouldBe("packs/rules/probe.yaml:13:11");
        Sample.ReadAll(Sample.Vocabulary, Probe("\"purpose = ade\"")).Errors.ShouldHaveSingleItem().Where.ShouldBe("packs/rules/probe.yaml:12:22");
    }

    [Fact]
    public void Nesting_and_length_have_limits()
    {
        Faults(new string('(', 200) + "purpose = aid" + new string(')', 200)).ShouldHaveSingleItem().Code.ShouldBe("rules.syntax");
        Faults(string.Join(" and ", Enumerable.Repeat("purpose = aid", 400))).ShouldHaveSingleItem().Code.ShouldBe("rules.too-long");
        Faults(string.Join(" and ", Enumerable.Repeat("purpose = aid", 200))).ShouldBeEmpty();
        Faults(string.Join(" and ", Enumerable.Repeat("not", 200)) + " purpose = aid").ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("modality: permit", "modality: permits", "pack.unknown-word")]
    [InlineData("  - id: P-01", "  - id: P-01\n    suspends: [P-02]", "rules.parts")]
    [InlineData("scope: {action: [read]}", "scope: {action: [red]}", "rules.unknown-code")]
    [InlineData("scope: {action: [read]}", "scope: {actoin: [read]}", "rules.scope-fact")]
    [InlineData("scope: {action: [read]}", "scope: {purpose: [aid]}", "rules.scope-fact")]
    [InlineData("when: purpose = aid", "when: purpose = aid and not known(subject.age)", "rules.known")]
    [InlineData("modality: permit\n    scope: {action: [read]}\n    when: purpose = aid", "modality: prohibit\n    when: known(subject.age)", "rules.known")]
    [InlineData("modality: permit", "modality: oblige", "rules.kind")]
    [InlineData("modality: permit", "modality: derogate\n    suspends: [F-01]\n    needs: {reason: true}", "rules.unknown-rule")]
    [InlineData("unit: hour", "unit: huor", "rules.unit")]
    public void A_rule_with_a_part_that_does_not_belong_is_refused(string part, string instead, string code)
    {
        var errors = Sample.ReadAll(Sample.Vocabulary, Sample.Floor, Probe("purpose = aid").Replace(part, instead, StringComparison.Ordinal)).Errors;
        errors.ShouldContain(error => error.Code == code, string.Join('\n', errors));
        errors.ShouldAllBe(error => error.Where!.StartsWith("packs/rules/probe.yaml:", StringComparison.Ordinal));
    }

    [Fact]
    public void A_length_of_time_is_one_in_the_plural_too() => Sample.ReadAll(Sample.Vocabulary, Sample.Floor,
        Probe("request.time > breach.detected_at + $breach").Replace("unit: hour", "unit: hours", StringComparison.Ordinal)).Errors.ShouldBeEmpty();

    [Fact]
    public void A_rule_id_belongs_to_one_pack()
    {
        var errors = Sample.ReadAll(Sample.Vocabulary, Sample.Floor, Probe("purpose = aid").Replace("P-01", "F-01", StringComparison.Ordinal)).Errors;
        errors.ShouldHaveSingleItem().Code.ShouldBe("rules.duplicate-rule");
    }

    internal static string Probe(string condition) => $$"""
        id: probe
        kind: rules
        version: 1.0.0
        title: {en: Probe, zh: 试验}
        source: a test
        licence: CC0-1.0
        parameters: [{id: breach, value: 72, unit: hour, source: a test, status: verified}, {id: public-risk, value: 3, unit: percent, source: a test, status: verified}]
        rules:
          - id: P-01
            modality: permit
            scope: {action: [read]}
            when: {{condition}}
            cites: [{article: "1", status: verified, basis: found}]
            topic: probe
            en: A probe.
            zh: 试验。

        """;

    private static IReadOnlyList<Error> Faults(string condition) => Sample.ReadAll(Sample.Vocabulary, Probe(condition)).Errors;
}
