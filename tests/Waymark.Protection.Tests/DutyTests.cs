using System.Text;
using Waymark.Audit.Contracts;
using Waymark.Packs;
using Waymark.Packs.Content;
using Waymark.Protection.Contracts;
using Waymark.Protection.Domain;
using Waymark.Protection.Features;
using Waymark.Rules;
using Waymark.Storage;

namespace Waymark.Protection.Tests;

/// <summary>Duties reach somebody: a line with its deadline, a place in a register, the ledger, or the words of the decision.</summary>
public sealed class DutyTests
{
    private static readonly Lazy<PackLibrary> s_library = new(() => PackLibrary.Load([Path.Combine(WorkingCopy.Root, "packs")]).Library);
    private static readonly Lazy<RuleLibrary> s_rules = new(() =>
    {
        var documents = RuleDocuments.Of(s_library.Value, new PackErrors());
        return RuleLibrary.Read(documents.Vocabulary!, documents.Packs);
    });

    private static readonly Actor s_officer = new("dpo-1", "data-protection-officer", ["protection/north"], true, "key-dpo");

    private static IReadOnlyDictionary<string, DutyKind> Kinds => AccessPack.ReadDuties(s_library.Value).Value;

    private static IEnumerable<(RulePack Pack, Rule Rule)> All => s_rules.Value.Packs.SelectMany(pack => pack.Rules.Where(rule => rule.Duty is not null).Select(rule => (pack, rule)));

    [Fact]
    public async Task Every_duty_of_every_shipped_pack_reaches_an_effect()
    {
        await using var desk = await Desk.OpenAsync();
        var book = RuleBook.Open(s_library.Value, "unhcr", desk.Store, desk.Keys, desk.Clock).Value;
        var duties = new Duties(book, desk.Store, desk.Keys, desk.Clock);
        var walked = new HashSet<string>(StringComparer.Ordinal);
        foreach (var explanation in ScenarioRunner.Run(s_rules.Value).Select(result => result.Explanation).OfType<Explanation>())
        {
            foreach (var arose in explanation.Duties.Where(duty => walked.Add(duty.Rule.Id)))
            {
                await WalkAsync(desk, duties, explanation, arose);
            }
        }

        All.Select(pair => pair.Rule.Id).Except(walked, StringComparer.Ordinal).ShouldBeEmpty("duties that no scenario of the packs gives rise to");
    }

    [Fact]
    public void Every_line_of_the_pack_is_about_a_duty_of_a_rule_and_names_a_place_that_is_there()
    {
        Kinds.Keys.Except(All.Select(pair => pair.Rule.Duty!.Id), StringComparer.Ordinal).ShouldBeEmpty("lines without a rule");
        foreach (var kind in Kinds.Values.Where(kind => kind.Effect == DutyEffect.Kept))
        {
            var pack = s_library.Value.Find("registers", kind.Register.ShouldNotBeNull(kind.Id)).ShouldNotBeNull(kind.Register);
            var cursor = pack.Cursor(new PackErrors());
            new[] { "fields", "states", "transitions", "clocks" }.SelectMany(cursor.List).Select(entry => entry.Text("id")).ShouldContain(kind.Place.ShouldNotBeNull(kind.Id), kind.Id);
        }
    }

    [Theory]
    [InlineData("en")]
    [InlineData("zh")]
    public void The_page_of_duties_is_made_from_the_packs(string language)
    {
        var (file, made) = (Path.Combine(WorkingCopy.Root, "docs", "rules", $"duties.{language}.md"), Page(language));
        if (Environment.GetEnvironmentVariable("WAYMARK_WRITE_PAGES") == "1")
        {
            File.WriteAllText(file, made);
        }

        File.ReadAllText(file).ShouldBe(made, $"Run the tests once with WAYMARK_WRITE_PAGES=1 to write duties.{language}.md anew.");
    }

    [Fact]
    public async Task A_duty_of_a_decision_stands_before_whoever_acted_until_it_is_closed_and_the_closing_has_its_leaf()
    {
        await using var desk = await Desk.OpenAsync(edit: packs => packs.Replace(
            "  - id: HR-02\n", """
              - id: HR-90
                modality: oblige
                kind: duty
                scope: {action: [update]}
                duty: {id: tell, deadline: {within: 24 hour}, mandatory: true}
                cites: [{article: "90", status: unverified, basis: general}]
                topic: rights
                en: Whoever changes tells the person.
                zh: 更正者须告知当事人。

            """ + "  - id: HR-02\n", StringComparison.Ordinal));
        await desk.Consents.RecordAsync(new("person-1", "protection", "none", ConsentChoice.Given, desk.Clock.GetUtcNow(), null, "v1", "fr", "oral", true, true, null, null, null, "worker-1"), default);
        var duties = new Duties(desk.Book, desk.Store, desk.Keys, desk.Clock);
        for (var times = 0; times < 3; times++)
        {
            (await desk.Gate.ActAsync(Desk.Ask("update"), _ => new WriteSet { Actor = "worker-1", Reason = "test" }, default)).IsPermitted.ShouldBeTrue();
        }

        var line = (await duties.ListAsync(Desk.Worker, own: true, default)).ShouldHaveSingleItem();
        (line.Duty, line.Times, line.Due, line.Text!.In("en")).ShouldBe(("tell", 3, desk.Clock.GetUtcNow().AddHours(24), "Whoever changes tells the person."));
        (await duties.ListAsync(s_officer, own: false, default)).ShouldHaveSingleItem().IsOwn.ShouldBeFalse();

        // Somebody else neither sees nor closes it, and nobody waves an own duty away.
        var other = Desk.Worker with { Account = "worker-9" };
        (await duties.ListAsync(other, own: true, default)).ShouldBeEmpty();
        (await duties.ListAsync(other, own: false, default)).ShouldBeEmpty("that is for those who watch");
        (await duties.CloseAsync(other, line.Id, applies: true, default)).Error!.Code.ShouldBe("duty.nothing");
        (await duties.CloseAsync(Desk.Worker, line.Id, applies: false, default)).Error!.Code.ShouldBe("duty.role");

        (await duties.CloseAsync(Desk.Worker, line.Id, applies: true, default)).IsOk.ShouldBeTrue();
        (await duties.ListAsync(s_officer, own: false, default)).ShouldBeEmpty();
        (await duties.CloseAsync(Desk.Worker, line.Id, applies: true, default)).Error!.Code.ShouldBe("duty.nothing", "closed once");
        (await desk.Store.Records.ListAsync(new(ActLeaves.Register, [new("act", "duty.done")]), default)).Value.Records.Count.ShouldBe(1);

        (await desk.Gate.ActAsync(Desk.Ask("update"), _ => new WriteSet { Actor = "worker-1", Reason = "test" }, default)).IsPermitted.ShouldBeTrue();
        var again = (await duties.ListAsync(s_officer, own: false, default)).ShouldHaveSingleItem();
        (await duties.CloseAsync(s_officer, again.Id, applies: false, default)).IsOk.ShouldBeTrue("the officer says that it does not apply");
        (await duties.ListAsync(Desk.Worker, own: true, default)).ShouldBeEmpty();
    }

    private static async Task WalkAsync(Desk desk, Duties duties, Explanation explanation, DutyAnswer arose)
    {
        var kind = Kinds.GetValueOrDefault(arose.Duty.Id);
        var (account, told) = ("worker-" + arose.Rule.Id, new GateDuty(arose.Duty.Id, arose.Rule.Id, arose.Rule.Text, arose.Due, arose.Duty.IsMandatory));
        List<RecordWrite> writes = [.. DutyBook.Writes(arose.Rule.Id, "matter-" + arose.Rule.Id, account, "protection/north", desk.Clock.GetUtcNow(), Kinds, [told])];
        if (writes.Count > 0)
        {
            (await desk.Store.CommitAsync(new() { Actor = account, Reason = "test", Records = writes }, default)).IsOk.ShouldBeTrue(arose.Rule.Id);
        }

        var lines = await duties.ListAsync(new(account, "case-worker", ["protection/north"]), own: true, default);
        if (kind is null or { Effect: DutyEffect.Task })
        {
            var line = lines.ShouldHaveSingleItem(arose.Rule.Id);
            (line.Duty, line.Rule, line.Due).ShouldBe((arose.Duty.Id, arose.Rule.Id, arose.Due));
            line.Text!.In("zh").ShouldBe(arose.Rule.Text.In("zh"));
            return;
        }

        // Whatever else it is, the decision says it in both languages, and nobody is shown a line that asks for nothing.
        lines.ShouldBeEmpty(arose.Rule.Id);
        kind.Why.In("en").ShouldNotBeEmpty(arose.Duty.Id);
        foreach (var language in new[] { "en", "zh" })
        {
            ExplanationText.Lines(explanation, language).ShouldContain(said => said.Contains(arose.Rule.Text.In(language), StringComparison.Ordinal) || said.Contains(arose.Rule.Id, StringComparison.Ordinal), arose.Rule.Id);
        }
    }

    private static string Page(string language)
    {
        var zh = language == "zh";
        string Goes(DutyKind? kind) => kind?.Effect switch
        {
            DutyEffect.Kept => zh ? $"登记册 `{kind.Register}`，`{kind.Place}`" : $"register `{kind.Register}`, `{kind.Place}`",
            DutyEffect.Entered => zh ? "账本条目" : "entry in the ledger",
            DutyEffect.Told => zh ? "随决定告知" : "told with the decision",
            _ => zh ? "待办职责" : "open duty",
        };
        var page = new StringBuilder(zh
            ? "# 规则所设职责的落实\n\n由规则包与 `packs/access/duties.yaml` 生成；测试逐项核查。“待办职责”列于行为人的“我的待办”页与数据保护官的数据保护页，直至注明已办理。\n\n| 职责 | 规则 | 落实之处 | 理由 |\n|---|---|---|---|\n"
            : "# Where the duties of rules go\n\nMade from the rule packs and `packs/access/duties.yaml`; a test walks each of them. An \"open duty\" stands on the page `/me` of whoever acted and on the desk of data protection until somebody says that it is done.\n\n| duty | rules | where it goes | why |\n|---|---|---|---|\n");
        foreach (var group in All.GroupBy(pair => pair.Rule.Duty!.Id).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            var kind = Kinds.GetValueOrDefault(group.Key);
            page.Append($"| `{group.Key}` | {string.Join(", ", group.Select(pair => pair.Rule.Id).Order(StringComparer.Ordinal))} | {Goes(kind)} | {kind?.Why.In(language) ?? (zh ? "未列出者一律为任务。" : "What is not listed is a task.")} |\n");
        }

        return page.ToString();
    }
}
