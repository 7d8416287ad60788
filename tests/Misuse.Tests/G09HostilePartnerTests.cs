using Waymark.Rules;
using Waymark.Rules.Analysis;
using Waymark.Rules.Tests;

namespace Waymark.Misuse.Tests;

/// <summary>Group 9: a hostile partner organisation, as far as rules decide it.</summary>
[Missing("M57", "agreements as objects, their impact assessment, officers and end come with exchange (part 6)")]
[Missing("M58", "canaries per recipient, suspension and its incident come with exchange (part 6)")]
public sealed class G09HostilePartnerTests
{
    [Fact]
    [Proves(Parts.All, Door.Module)]
    public async Task M57_ten_small_steps_are_one_big_step()
    {
        using var trial = new Trial();

        // Each version widens the terms by one purpose or recipient; what counts is the difference from the first.
        string[] terms =
        [
            "purpose = aid and consent.status = given and recipient.type = none and subject.age >= 18 and data.sensitivity <= low",
            "purpose = aid and consent.status = given and recipient.type in [none, agency] and subject.age >= 18 and data.sensitivity <= low",
            "purpose = aid and consent.status = given and recipient.type in [none, agency] and subject.age >= 17 and data.sensitivity <= low",
            "purpose = aid and consent.status = given and recipient.type in [none, agency] and subject.age >= 16 and data.sensitivity <= low",
            "purpose = aid and consent.status = given and recipient.type in [none, agency] and subject.age >= 16 and data.sensitivity <= moderate",
            "purpose in [aid, statistics] and consent.status = given and recipient.type in [none, agency] and subject.age >= 16 and data.sensitivity <= moderate",
            "purpose in [aid, statistics] and consent.status = given and recipient.type in [none, agency] and subject.age >= 13 and data.sensitivity <= moderate",
            "purpose in [aid, statistics] and consent.status in [given, refused] and recipient.type in [none, agency] and subject.age >= 13 and data.sensitivity <= moderate",
            "purpose in [aid, statistics] and consent.status in [given, refused] and recipient.type in [none, agency] and subject.age >= 13 and data.sensitivity <= high",
            "purpose in [aid, statistics] and consent.status in [given, refused] and recipient.type in [none, agency, law-enforcement] and subject.age >= 13 and data.sensitivity <= high",
            "purpose in [aid, statistics, enforcement] and consent.status in [given, refused] and recipient.type in [none, agency, law-enforcement] and subject.age >= 13 and data.sensitivity <= high",
        ];
        for (var version = 1; version < terms.Length; version++)
        {
            var (step, whole) = (Compare(terms[version - 1], terms[version]), Compare(terms[0], terms[version]));
            await trial.RefusedAsync(Door.Module, () => Task.FromResult(new Seen(step.MayReplace, "diff." + step.Verdict)), "diff.Loosens");
            await trial.RefusedAsync(Door.Module, () => Task.FromResult(new Seen(whole.MayReplace, "diff." + whole.Verdict)), "diff.Loosens");
        }

        await trial.PassesAsync(() => Task.FromResult(Compare(terms[^1], terms[0]).MayReplace), "narrower terms");

        // Without the comparison with the first, a step that only narrows since yesterday looks harmless though it is wider than what was agreed.
        await trial.HarmsWithoutAsync("the comparison with the first version", () => Task.FromResult(new Seen(Compare(terms[10], terms[9]).MayReplace && !Compare(terms[0], terms[9]).MayReplace, null)));
    }

    [Fact]
    [Proves(Parts.All, Door.Module)]
    public async Task M58_what_is_passed_on_carries_every_mark_of_where_it_came_from()
    {
        using var trial = new Trial();
        var source = new Handling(3, new HashSet<string> { "no-police", "originator-control", "canary-7f3a" }, new HashSet<string> { "protection" }, new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero));
        Handling Passed(Handling first, int hops)
        {
            var at = first;
            for (var hop = 0; hop < hops; hop++)
            {
                at = Handling.Derive(at, new Handling(1, new HashSet<string> { "node-" + hop }, new HashSet<string> { "protection", "law-enforcement" }, new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero)));
            }

            return at;
        }

        bool IsHarm(Handling at) => at.Level < 3 || at.Purposes!.Contains("law-enforcement") || !at.Restrictions.Contains("canary-7f3a") || !at.Restrictions.Contains("no-police") || at.DeleteBy > source.DeleteBy;
        foreach (var hops in new[] { 1, 3, 40 })
        {
            await trial.RefusedAsync(Door.Module, () => Task.FromResult(new Seen(IsHarm(Passed(source, hops)), "handling.kept")));
        }

        await trial.PassesAsync(() => Task.FromResult(Passed(source, 3).Purposes!.SetEquals(["protection"])), "the purpose it was given for stays");
        await trial.HarmsWithoutAsync("the marks", () => Task.FromResult(new Seen(IsHarm(Passed(Handling.Free, 3)), null)));
    }

    private static PackDiff Compare(string before, string after)
    {
        var library = Sample.Library(Sample.Floor, Probe(before));
        return PackDiff.Compare(library.Vocabulary!, library.Find("terms")!, RulePack.Read(Sample.Documents(Sample.Vocabulary, Probe(after)).Packs.Single(), library.Vocabulary!).Pack, TestContext.Current.CancellationToken);
    }

    private static string Probe(string when) => "id: terms\nkind: rules\nversion: 1.0.0\ntitle: {en: T, zh: 条款}\nsource: a test\nlicence: CC0-1.0\ninstrument: {id: T, en: Terms, zh: 条款}\nrules:\n"
        + $"  - id: T-01\n    modality: permit\n    scope: {{action: [transfer]}}\n    when: {when}\n    cites: [{{article: \"1\", status: unverified, basis: general}}]\n    topic: t\n    en: Terms.\n    zh: 条款。\n";
}
