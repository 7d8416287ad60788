using Waymark.Casework.Guards;
using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Protection.Contracts;
using Waymark.Storage;

namespace Waymark.Casework.Tests;

/// <summary>The review committee (S202, R24, R25): who sits, what it stops, and what it tells everybody.</summary>
public sealed class CommitteeTests
{
    private static readonly CaseDesk s_chair = new(new("chair-1", "data-protection-officer", ["oversight/committee"], true, "key-chair"), "oversight/committee", "supervision");

    private static readonly CaseDesk s_officer = new(new("officer-1", "data-protection-officer", ["oversight/committee"], true, "key-officer"), "oversight/committee", "supervision");

    private static readonly (string Name, string Outside, string Interest, string Back)[] s_lawful = [("Lena Sample", "no", "no", "no"), ("Ivo Sample", "yes", "no", "no"), ("Rosa Sample", "no", "no", "no")];

    private static Dictionary<string, string> Members(params (string Name, string Outside, string Interest, string Back)[] members)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal) { ["quorum"] = "3" };
        for (var at = 0; at < members.Length; at++)
        {
            (values[$"bench/m{at}/member"], values[$"bench/m{at}/outside"], values[$"bench/m{at}/interest"], values[$"bench/m{at}/stands-back"]) = members[at];
            if (members[at].Back == "yes")
            {
                values[$"bench/m{at}/why"] = "handled the file (invented)";
            }
        }

        return values;
    }

    private static async Task<(RecordAddress Case, RecordAddress Complainant)> FiledAsync(Node node, string complaint, Dictionary<string, string>? more = null, string name = "Bahati Mwangi")
    {
        var complainant = Ok(await node.Cases.CreateAsync(s_chair, new("person", null, new Dictionary<string, string>(StringComparer.Ordinal) { ["names/a/name"] = name }, [], RecordPartition.General), default)).Address;
        var values = new Dictionary<string, string>(more ?? [], StringComparer.Ordinal) { ["complaint"] = complaint, ["brought"] = "phone" };
        return (Ok(await node.Cases.CreateAsync(s_chair, new("review-case", null, values, [("complainant", complainant.Id)]), default)).Address, complainant);
    }

    private static async Task<CaseAnswer<Changed>> StepAsync(Node node, CaseDesk desk, RecordAddress record, string step) =>
        await node.Cases.StepAsync(desk, record, step, Ok(await node.Cases.OpenAsync(desk, record, default)).Document.StateVersion, null, default);

    private static async Task EnterAsync(Node node, RecordAddress record, Dictionary<string, string> values)
    {
        var fields = Ok(await node.Cases.OpenAsync(s_chair, record, default)).Document.Fields;
        Ok(await node.Cases.ChangeAsync(s_chair, record, new([.. values.Select(value => new FieldEntry(value.Key, fields.GetValueOrDefault(value.Key)?.Version ?? 0, value.Value))]), default));
    }

    [Fact]
    public async Task A_freeze_stops_what_is_complained_about_at_once_with_its_reason_and_until_its_day__S202()
    {
        await using var node = await Node.OpenAsync();
        var (tracing, sought, _) = await node.TracingAsync();
        var (other, _, _) = await node.TracingAsync();
        var (review, _) = await FiledAsync(node, "They told my brother where I live.", new() { ["freeze"] = "yes", ["freeze-until"] = "2026-06-20", ["object"] = "tracing " + tracing.Id });
        Ok(await node.Cases.OpenAsync(Node.Desk(), tracing, default));
        Ok(await StepAsync(node, s_chair, review, "freeze"));

        var refused = (await node.Cases.OpenAsync(Node.Desk(), tracing, default)).Refusal.ShouldNotBeNull();
        refused.Code.ShouldBe("gate.stopped");
        refused.Text.In("en").ShouldContain("The review committee stopped this until 2026-06-20");
        refused.Text.In("zh").ShouldContain("审查委员会");
        refused.Decision.ShouldNotBeNull("a stop is a decision like any other, with its leaf");
        (await node.Cases.ChangeAsync(Node.Desk(Node.Colleague), tracing, new([new("cause", 0, "shipwreck")]), default)).Refusal!.Code.ShouldBe("gate.stopped");
        (await node.Cases.SearchPersonsAsync(Node.Desk(), tracing, new("Amina Hassan"), default)).Refusal!.Code.ShouldBe("gate.stopped");
        Ok(await node.Cases.RestrictAsync(Node.Desk(), tracing, ["worker-1"], default)).IsVersion.ShouldBeTrue("what protects stays open");
        Ok(await node.Cases.OpenAsync(Node.Desk(), other, default));
        Ok(await node.Cases.OpenAsync(Node.Desk(), sought, default));

        // Lists say that it is there and stopped, and nothing of what stands in it; no filter finds it by that, and no list carries it away.
        var rows = Ok(await node.Cases.ListAsync(Node.Desk(), new("tracing"), default)).Rows;
        var row = rows.Single(one => one.Address.Id == tracing.Id);
        (row.Stopped!.In("en").Contains("until 2026-06-20", StringComparison.Ordinal), row.State, row.Columns.All(value => value is null)).ShouldBe((true, "draft", true));
        rows.Single(one => one.Address.Id == other.Id).ShouldSatisfyAllConditions(one => one.Stopped.ShouldBeNull(), one => one.Columns.ShouldContain(value => value != null));
        var cause = Ok(await node.Cases.OpenAsync(Node.Desk(), other, default)).Document.One("cause")!.Value.Member("code")!;
        Ok(await node.Cases.ListAsync(Node.Desk(), new("tracing") { Filters = new Dictionary<string, string>(StringComparer.Ordinal) { ["cause"] = cause } }, default)).Rows.ShouldHaveSingleItem().Address.Id.ShouldBe(other.Id);
        var receiver = await node.ReceiverAsync();
        var export = Ok(await node.Cases.ExportAsync(Node.Desk(), new("tracing", [tracing.Id, other.Id], receiver.Id, "asked"), default));
        (export.Rows.Single().Address.Id, export.Withheld.Single().Address.Id).ShouldBe((other.Id, tracing.Id));
        export.Withheld[0].Refusal!.In("en").ShouldContain("review committee");

        // A freeze has an end of its own.
        node.Clock.Advance(TimeSpan.FromDays(20));
        Ok(await node.Cases.OpenAsync(Node.Desk(), tracing, default));
    }

    [Fact]
    public async Task A_freeze_that_names_a_person_stops_every_record_they_are_in_and_their_erasure_until_it_is_decided__S202()
    {
        await using var node = await Node.OpenAsync();
        var (tracing, sought, enquirer) = await node.TracingAsync();
        var (review, _) = await FiledAsync(node, "I was never asked.", new(Members(s_lawful)) { ["freeze"] = "yes", ["freeze-until"] = "2026-09-01", ["object"] = "person " + sought.Id });
        var elsewhere = (await node.TracingAsync()).Case;
        Ok(await node.Cases.SearchPersonsAsync(Node.Desk(), elsewhere, new("Amina Hassan"), default)).Candidates.ShouldContain(one => one.Address.Id == sought.Id);
        Ok(await StepAsync(node, s_chair, review, "freeze"));
        Ok(await node.Cases.SearchPersonsAsync(Node.Desk(), elsewhere, new("Amina Hassan"), default)).Candidates.ShouldNotContain(one => one.Address.Id == sought.Id, "to search is to process");
        foreach (var stopped in (RecordAddress[])[tracing, sought])
        {
            (await node.Cases.OpenAsync(Node.Desk(), stopped, default)).Refusal!.Code.ShouldBe("gate.stopped");
        }

        Ok(await node.Cases.OpenAsync(Node.Desk(), enquirer, default));
        (await node.Cases.EraseAsync(Activities.Officer, Activities.Legal.Actor, sought, default)).Error!.Code.ShouldBe("erasure.held");

        // Heard, it still holds; decided, it ends.
        await EnterAsync(node, review, new() { ["heard"] = "yes", ["language"] = "Swahili" });
        Ok(await StepAsync(node, s_chair, review, "hear"));
        (await node.Cases.OpenAsync(Node.Desk(), tracing, default)).Refusal!.Code.ShouldBe("gate.stopped");
        await EnterAsync(node, review, new() { ["finding"] = "violation", ["remedy"] = "restrict", ["opinion"] = """{"en":"The person should have been asked.","zh":"本应先征求当事人意见。"}""", ["request"] = await RequestAsync(node, s_officer) });
        Ok(await StepAsync(node, s_chair, review, "decide"));
        Ok(await node.Cases.OpenAsync(Node.Desk(), tracing, default));
    }

    [Fact]
    public async Task Who_handled_a_request_neither_freezes_nor_decides_what_is_complained_about_it__R24()
    {
        await using var node = await Node.OpenAsync();
        var (review, _) = await FiledAsync(node, "They refused me.", new(Members(s_lawful))
        {
            ["request"] = await RequestAsync(node, s_chair), ["heard"] = "yes", ["language"] = "Swahili", ["finding"] = "no-violation", ["remedy"] = "none", ["opinion"] = """{"en":"The test was written down.","zh":"已载明审查。"}""",
            ["freeze"] = "yes", ["freeze-until"] = "2026-06-20",
        });
        (await StepAsync(node, s_chair, review, "freeze")).Error!.Code.ShouldBe("step.uninvolved");
        Ok(await StepAsync(node, s_chair, review, "admit"));
        Ok(await StepAsync(node, s_chair, review, "hear"));
        (await StepAsync(node, s_chair, review, "decide")).Error!.Code.ShouldBe("step.uninvolved");
        Ok(await StepAsync(node, s_officer, review, "decide")).State.ShouldBe("decided");
    }

    [Fact]
    public async Task What_the_committee_publishes_names_nobody_in_any_script_and_tells_no_small_number_apart__R24_S202()
    {
        await using var node = await Node.OpenAsync();
        await DecideAsync(node, "Bahati Mwangi", "The person should have been asked before the list was shared.", "分享名单之前本应征求当事人意见。");
        await DecideAsync(node, "Bahati Mwangi", "BAHATI was never asked.", "未征求意见。");
        await DecideAsync(node, "أمينة حسن", "Hasan's sister was never asked.", "未征求意见。");
        await DecideAsync(node, "王小明", "The person was never asked.", "小明未被征求意见。");
        await DecideAsync(node, "Олена Шевченко", "The person was never asked.", "未征求意见；委员 Ivo 持不同意见。");
        await DecideAsync(node, "Bahati Mwangi", "See file TR-12AB-34CD.", "见案卷。");
        await DecideAsync(node, "Bahati Mwangi", "The number 07 123456 was passed on.", "号码已被转交。");
        var (open, _) = await FiledAsync(node, "I, Bahati Mwangi, complain.", new() { ["freeze"] = "yes", ["freeze-until"] = "2026-08-01" });
        Ok(await StepAsync(node, s_chair, open, "freeze"));
        node.Clock.Advance(TimeSpan.FromMinutes(2));

        var work = await node.Cases.WorkAsync(default);
        work.Opinions.ShouldHaveSingleItem().Text.In("zh").ShouldStartWith("分享名单之前");
        work.Withheld.ShouldBe(6);
        var output = string.Join('\n', work.Opinions.Select(opinion => $"{opinion.Year} {opinion.Finding} {string.Join(' ', opinion.Remedies)} {opinion.Text.In("en")} {opinion.Text.In("zh")}")) + string.Join('\n', work.Years);
        foreach (var name in (string[])["Bahati", "Mwangi", "أمينة", "حسن", "Hasan", "王小明", "小明", "Олена", "Шевченко", "Lena", "Ivo", "Rosa", "Sample", open.Id, open.Id[..4].ToUpperInvariant()])
        {
            output.ShouldNotContain(name, Case.Insensitive);
        }

        var year = work.Years.ShouldHaveSingleItem();
        (year.Year, year.Brought.Rounded, year.Open.Rounded, year.Frozen.Rounded, year.Withdrawn.Rounded).ShouldBe((2026, 10, null, null, 0));
        year.Findings.Select(finding => finding.Count.Rounded).ShouldBe([5, 0, 0, 0]);
    }

    [Fact]
    public async Task J13_a_remedy_is_done_when_it_was_carried_out_at_everybody_who_was_sent_the_data__R24_S202()
    {
        await using var node = await Node.OpenAsync();
        var ((tracing, _, _), (other, _, _)) = (await node.TracingAsync(), await node.TracingAsync());
        var (near, far) = (await node.ReceiverAsync(), await node.ReceiverAsync("Lantern Aid", publicKey: "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f"));
        Ok(await node.Cases.ExportAsync(Node.Desk(), new("tracing", [tracing.Id], near.Id, "asked"), default));
        Ok(await node.Cases.ExportAsync(Node.Desk(Node.Colleague), new("tracing", [other.Id], far.Id, "asked"), default));
        var (review, _) = await FiledAsync(node, "Take out what you sent around.", new(Members(s_lawful))
        {
            ["object"] = "tracing " + tracing.Id, ["heard"] = "yes", ["language"] = "Swahili", ["finding"] = "violation", ["remedy"] = "erase", ["opinion"] = """{"en":"It should not have gone out.","zh":"本不应发出。"}""", ["remedied-on"] = "2026-06-09",
        });
        foreach (var step in (string[])["admit", "hear", "decide"])
        {
            Ok(await StepAsync(node, s_chair, review, step));
        }

        // Here alone is not enough, and whom it waits for is said; somebody who was never sent it is not asked.
        await EnterAsync(node, review, new() { ["carried/a/recipient"] = "here", ["carried/a/remedy"] = "erase", ["carried/a/outcome"] = "done", ["carried/a/when"] = "2026-06-08" });
        var open = (await StepAsync(node, s_chair, review, "remedy")).Error!;
        (open.Code, open.Message.In("en").Contains("Harbour Network: erase", StringComparison.Ordinal), open.Message.In("zh").Contains("Harbour Network：删除", StringComparison.Ordinal)).ShouldBe(("step.carried-out", true, true), open.ToString());
        open.Message.In("en").ShouldNotContain("Lantern");
        (await StepAsync(node, s_officer, review, "close")).Error!.Code.ShouldBe("step.carried-out", "no case is closed on paper");

        // A refusal counts once it was taken further.
        await EnterAsync(node, review, new() { ["carried/b/recipient"] = "harbour network", ["carried/b/remedy"] = "erase", ["carried/b/outcome"] = "refused", ["carried/b/when"] = "2026-06-09" });
        (await StepAsync(node, s_chair, review, "remedy")).Error!.Code.ShouldBe("step.carried-out");
        await EnterAsync(node, review, new() { ["carried/b/answer"] = "They keep it for an audit; taken to the supervisory authority (invented)." });
        Ok(await StepAsync(node, s_chair, review, "remedy")).State.ShouldBe("remedied");
    }

    [Fact]
    public void No_difference_of_two_published_numbers_tells_about_one_person()
    {
        for (var count = 0; count <= 200; count++)
        {
            var told = SmallNumber.Of(count).Rounded;
            told.ShouldBe(count == 0 ? 0 : count < 5 ? null : (int)Math.Round(count / 5.0, MidpointRounding.AwayFromZero) * 5, count.ToString(System.Globalization.CultureInfo.InvariantCulture));
            if (told is { } rounded and > 0)
            {
                Math.Abs(rounded - count).ShouldBeLessThanOrEqualTo(2);
                Enumerable.Range(1, 200).Count(other => SmallNumber.Of(other).Rounded == rounded).ShouldBeGreaterThanOrEqualTo(3, "nobody can tell which of several it was");
            }
        }
    }

    private static async Task DecideAsync(Node node, string name, string english, string chinese)
    {
        var (review, _) = await FiledAsync(node, $"I, {name}, complain.", new(Members(s_lawful))
        {
            ["heard"] = "yes", ["language"] = "Swahili", ["finding"] = "violation", ["remedy"] = "change-practice, apologise", ["opinion"] = $$"""{"en":"{{english}}","zh":"{{chinese}}"}""",
        }, name);
        foreach (var step in (string[])["admit", "hear", "decide"])
        {
            Ok(await StepAsync(node, s_chair, review, step));
        }
    }

    [Fact]
    public void A_bench_is_three_with_one_from_outside_and_nobody_with_a_part_in_it__R24_S202()
    {
        Sits(s_lawful).ShouldBeTrue();
        Sits([.. s_lawful, ("Omar Sample", "no", "yes", "yes")]).ShouldBeTrue("who has a part in it stands back, and the rest decides");
        Sits([.. s_lawful, ("Omar Sample", "no", "yes", "no")]).ShouldBeFalse("who has a part in it does not sit");
        Sits([.. s_lawful, ("Omar Sample", "no", "unknown", "no")]).ShouldBeFalse("who does not say does not sit");
        Sits(s_lawful[..2]).ShouldBeFalse("two are no bench");
        Sits([.. s_lawful.Select(member => member with { Outside = "no" })]).ShouldBeFalse("nobody from outside");
        Sits([s_lawful[0], s_lawful[1] with { Interest = "yes", Back = "yes" }, s_lawful[2], ("Omar Sample", "no", "no", "no")]).ShouldBeFalse("the only one from outside stood back");
        Sits(s_lawful, quorum: "4").ShouldBeFalse("quorum");
        Sits(s_lawful, quorum: "1").ShouldBeTrue();
        Sits(s_lawful[..2], quorum: "1").ShouldBeFalse("no rule of procedure makes two enough");
        Sits(s_lawful, quorum: null).ShouldBeFalse("a quorum that nobody set is not met");

        static bool Sits((string Name, string Outside, string Interest, string Back)[] members, string? quorum = "3")
        {
            var plan = RepositoryPacks.Registers().Find("review-case")!;
            var values = Members(members).Where(value => value.Key != "quorum" || quorum is not null).Select(value => value.Key == "quorum" ? new("quorum", quorum!) : value);
            return Guards.Bench.IsLawful(new RecordDocument
            {
                Register = plan.Id, Id = new('0', 32), PackVersion = plan.Version, PackHash = plan.Hash, State = "heard", Control = new("unit", 1), OpenedBy = "x",
                Fields = values.ToDictionary(value => value.Key, value => new FieldState(1, [new("c", ValueReader.Read(plan.Field(RecordDocument.PlanPath(value.Key))!, value.Value).Value, "x", default)]), StringComparer.Ordinal),
            });
        }
    }

    /// <summary>A request of somebody that this desk handled, as a reference.</summary>
    private static async Task<string> RequestAsync(Node node, CaseDesk desk)
    {
        var asker = Ok(await node.Cases.CreateAsync(desk, new("person", null, new Dictionary<string, string>(StringComparer.Ordinal) { ["names/a/name"] = "Bahati Mwangi" }, [], RecordPartition.General), default)).Address;
        return Ok(await node.Cases.CreateAsync(desk, new("subject-request", null, new Dictionary<string, string>(StringComparer.Ordinal) { ["right"] = "access", ["received-on"] = "2026-05-20" }, [("asker", asker.Id)]), default)).Address.Id;
    }

    private static T Ok<T>(CaseAnswer<T> answer) where T : class => Node.Ok(answer);

    [Fact]
    public async Task Everybody_reads_how_many_requests_were_refused_and_on_which_ground_and_nobody_reads_about_one__M85()
    {
        await using var node = await Node.OpenAsync();
        (await node.Cases.RequestsAsync(default)).ShouldBeEmpty();
        for (var asked = 0; asked < 6; asked++)
        {
            Ok(await node.Cases.CreateAsync(s_chair, new("subject-request", null, new Dictionary<string, string>(StringComparer.Ordinal) { ["right"] = "access", ["received-on"] = "2026-05-30" }, []), default));
        }

        (await node.Cases.RequestsAsync(default)).ShouldBeEmpty("read a moment ago");
        node.Clock.Advance(TimeSpan.FromMinutes(2));
        var year = (await node.Cases.RequestsAsync(default)).ShouldHaveSingleItem();
        (year.Year, year.Received.Rounded, year.Open.Rounded, year.Refused.Rounded, year.RefusedPercent).ShouldBe((2026, 5, 5, 0, null));
        year.Grounds.Count.ShouldBe(3);
        new RequestYear(2026, SmallNumber.Of(40), SmallNumber.Of(30), SmallNumber.Of(10), default, default, default, []).RefusedPercent.ShouldBe(25);
        new RequestYear(2026, SmallNumber.Of(40), SmallNumber.Of(30), SmallNumber.Of(4), default, default, default, []).RefusedPercent.ShouldBeNull("four are not told");
    }
}
