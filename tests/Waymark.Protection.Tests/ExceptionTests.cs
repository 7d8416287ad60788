using System.Text;
using Waymark.Protection.Contracts;
using Waymark.Protection.Features;

namespace Waymark.Protection.Tests;

/// <summary>Derogations, holds, erasure, the log and persons' own requests.</summary>
public sealed class ExceptionTests
{
    private static readonly Actor s_reviewer = new("reviewer-1", "oversight", ["oversight/south"], true, "key-reviewer");
    private static readonly Actor s_officer = new("dpo-1", "data-protection-officer", ["protection-office"], true, "key-dpo");
    private static readonly Actor s_oversight = new("oversight-1", "oversight", ["oversight/north"], true, "key-oversight");

    [Fact]
    public async Task M17_an_exception_is_named_approved_by_another_unit_lapses_and_is_reviewed_before_the_next()
    {
        await using var desk = await Desk.OpenAsync();
        var urgent = Desk.Ask("transfer", more: [("subject.urgent", "true")]);
        (await desk.Gate.OpenAsync(urgent, Desk.Read, default)).Refusal!.Code.ShouldBe("gate.unmet", "urgency alone is no key");
        var asked = await desk.Exceptions.InvokeAsync(Desk.Worker, "protection/north", "C-1", "HR-06", "life at risk", desk.Clock.GetUtcNow().AddHours(48), default);
        asked.IsOk.ShouldBeTrue(asked.Error?.ToString());
        (await desk.Gate.OpenAsync(urgent, Desk.Read, default)).Refusal!.Code.ShouldBe("gate.unmet", "not before it is approved");
        (await desk.Exceptions.ApproveAsync(Desk.Worker, asked.Value.Id, default)).Error!.Code.ShouldBe("two.requester");
        (await desk.Exceptions.ApproveAsync(Desk.Legal with { IsHardware = false }, asked.Value.Id, default)).Error!.Code.ShouldBe("two.credential");
        (await desk.Exceptions.ApproveAsync(Desk.Legal with { Units = ["protection/north"] }, asked.Value.Id, default)).Error!.Code.ShouldBe("two.same-unit");
        (await desk.Exceptions.ApproveAsync(Desk.Legal, asked.Value.Id, default)).IsOk.ShouldBeTrue();
        var permitted = await desk.Gate.OpenAsync(urgent, Desk.Read, default);
        permitted.IsPermitted.ShouldBeTrue(string.Join('\n', permitted.Refusal?.Reasons.Select(line => line.In("en")) ?? []));
        (await desk.Exceptions.InvokeAsync(Desk.Worker, "protection/north", "C-2", "HR-06", "again", desk.Clock.GetUtcNow().AddHours(1), default)).Error!.Code.ShouldBe("derogation.unreviewed");
        desk.Clock.Advance(TimeSpan.FromHours(49));
        (await desk.Gate.OpenAsync(urgent, Desk.Read, default)).IsPermitted.ShouldBeFalse("it lapsed");
        (await desk.Exceptions.ReviewAsync(Desk.Worker, asked.Value.Id, true, default)).Error!.Code.ShouldBe("two.requester");
        (await desk.Exceptions.ReviewAsync(s_reviewer, asked.Value.Id, true, default)).IsOk.ShouldBeTrue();
        (await desk.Exceptions.InvokeAsync(Desk.Worker, "protection/north", "C-2", "HR-06", "again", desk.Clock.GetUtcNow().AddHours(1), default)).IsOk.ShouldBeTrue();
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(29, true)]
    [InlineData(30, false)]
    public async Task M17_more_than_one_exception_in_ten_matters_sets_off_an_alarm(int others, bool isAlarming)
    {
        await using var desk = await Desk.OpenAsync();
        for (var matter = 0; matter < others; matter++)
        {
            (await desk.Gate.OpenAsync(Desk.Ask(matter: $"D-{matter}"), Desk.Read, default)).IsPermitted.ShouldBeTrue();
        }

        for (var matter = 1; matter <= 3; matter++)
        {
            (await desk.Store.Queue.ListAsync("protection.alarm", 10, default)).ShouldBeEmpty("one or two say nothing");
            var asked = await desk.Exceptions.InvokeAsync(Desk.Worker, "protection/north", $"C-{matter}", "HR-06", "life at risk", desk.Clock.GetUtcNow().AddHours(48), default);
            (await desk.Exceptions.ApproveAsync(Desk.Legal, asked.Value.Id, default)).IsOk.ShouldBeTrue();
            (await desk.Exceptions.ReviewAsync(s_reviewer, asked.Value.Id, true, default)).IsOk.ShouldBeTrue();
            desk.Clock.Advance(TimeSpan.FromDays(1));
        }

        var raised = await desk.Store.Queue.ListAsync("protection.alarm", 10, default);
        raised.Select(job => Encoding.UTF8.GetString(job.Payload.Span)).ShouldBe(isAlarming ? ["{\"kind\":\"derogation.often\",\"account\":\"worker-1\"}"] : []);
    }

    [Theory]
    [InlineData("F-02", "derogation.floor")]
    [InlineData("F-03", "derogation.floor")]
    [InlineData("F-12", "derogation.floor")]
    [InlineData("HR-04", "derogation.not-one")]
    [InlineData("NO-01", "derogation.unknown-rule")]
    public async Task M17_no_floor_rule_and_no_other_rule_can_be_named(string rule, string code)
    {
        await using var desk = await Desk.OpenAsync();
        (await desk.Exceptions.InvokeAsync(Desk.Worker, "protection/north", "C-1", rule, "urgent", desk.Clock.GetUtcNow().AddHours(1), default)).Error!.Code.ShouldBe(code);
        (await desk.Exceptions.InvokeAsync(Desk.Worker, "protection/north", "C-1", "HR-06", "urgent", desk.Clock.GetUtcNow().AddHours(73), default)).Error!.Code.ShouldBe("derogation.too-long");
    }

    [Fact]
    public async Task M79_an_erased_person_is_in_no_byte_and_the_actors_reads_stay_countable()
    {
        await using var desk = await Desk.OpenAsync();
        const string Seed = "seed-person-48151623";
        var answer = await desk.Gate.OpenAsync(Desk.Ask(persons: [Seed], matter: "C-9"), Desk.Read, default);
        await desk.Consents.RecordAsync(
            new(Seed, "protection", "none", ConsentChoice.Given, desk.Clock.GetUtcNow(), null, "seed-text-48151623", "bm", "oral", true, true, null, null, null, "worker-1"), default);
        (await desk.Exceptions.HoldAsync(s_officer, Seed, "complaint 12", desk.Clock.GetUtcNow().AddDays(30), default)).IsOk.ShouldBeTrue();
        (await desk.Exceptions.EraseAsync(Desk.Legal, Desk.Second, Seed, default)).Error!.Code.ShouldBe("erasure.held");
        desk.Clock.Advance(TimeSpan.FromDays(31));
        (await desk.Exceptions.EraseAsync(Desk.Legal, Desk.Legal, Seed, default)).Error!.Code.ShouldBe("two.same-account");
        (await desk.Log.DecisionAsync(s_officer, answer.Permit!.Decision, default))!.Lines.ShouldNotBeNull();
        var waiting = (await desk.Log.ChainAsync(default)).Waiting;
        (await desk.Exceptions.EraseAsync(Desk.Legal, Desk.Second, Seed, default)).IsOk.ShouldBeTrue();

        var view = (await desk.Log.DecisionAsync(s_officer, answer.Permit!.Decision, default)).ShouldNotBeNull();
        (view.Lines, view.Action).ShouldBe((null, "read"));
        (await desk.Consents.FindAsync("somebody-else", "protection", "none", default)).ShouldBeNull();
        (await desk.Log.ChainAsync(default)).Waiting.ShouldBe(waiting + 2, "no leaf went; that the erasure began and was done came");
        (await desk.Log.OpenAsync(s_oversight, "REV-2026-7", "review", TimeSpan.FromDays(10), default)).IsOk.ShouldBeTrue();
        (await desk.Log.ReadAsync(s_oversight, "REV-2026-7", null, 100, default)).Value.Count.ShouldBe(1, "the read is still there");
        foreach (var file in Directory.GetFiles(desk.Folder, "*", SearchOption.AllDirectories))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(stream, Encoding.Latin1);
            var text = await reader.ReadToEndAsync(default);
            (file + text).ShouldNotContain("48151623", Case.Sensitive, file);
        }

        (await desk.Gate.OpenAsync(Desk.Ask(persons: [Seed], matter: "C-9"), Desk.Read, default)).Error!.Code.ShouldBe("keys.destroyed", "nothing new is said about an erased person");
    }

    [Fact]
    public async Task M09_the_log_is_read_under_a_number_by_who_watches_and_reading_is_written()
    {
        await using var desk = await Desk.OpenAsync();
        await desk.Gate.OpenAsync(Desk.Ask(), Desk.Read, default);
        (await desk.Log.ReadAsync(s_oversight, "REV-1", null, 10, default)).Error!.Code.ShouldBe("log.no-inquiry");
        (await desk.Log.OpenAsync(Desk.Supervisor, "REV-2026-1", "review", TimeSpan.FromDays(1), default)).Error!.Code.ShouldBe("log.role");
        (await desk.Log.OpenAsync(s_oversight, "REV-2026-1", "curiosity", TimeSpan.FromDays(1), default)).Error!.Code.ShouldBe("log.number");
        (await desk.Log.OpenAsync(s_oversight, "REV-2026-1", "review", TimeSpan.FromDays(1), default)).IsOk.ShouldBeTrue();
        (await desk.Log.ReadAsync(Desk.Supervisor, "REV-2026-1", null, 10, default)).Error!.Code.ShouldBe("log.role");
        var lines = (await desk.Log.ReadAsync(s_oversight, "REV-2026-1", "C-1", 10, default)).Value;
        lines.Single().Role.ShouldBe("case-worker");
        System.Text.Json.JsonSerializer.Serialize(lines).ShouldNotContain("worker-1", Case.Sensitive, "roles, never names");
        (await desk.Store.Records.ListAsync(new("protection.reading", []), default)).Value.Records.Count.ShouldBe(1);
        (await desk.Log.ReadActorAsync(s_oversight, s_oversight, "REV-2026-1", "worker-1", default)).Error!.Code.ShouldBe("two.same-account");
        (await desk.Log.ReadActorAsync(s_oversight, s_officer, "REV-2026-1", "worker-1", default)).Value.Count.ShouldBe(1);
        desk.Clock.Advance(TimeSpan.FromDays(2));
        (await desk.Log.ReadAsync(s_oversight, "REV-2026-1", null, 10, default)).Error!.Code.ShouldBe("log.no-inquiry", "the inquiry ended");
    }

    [Fact]
    public async Task A_decision_is_shown_to_who_made_it_and_to_who_watches_and_to_nobody_else()
    {
        await using var desk = await Desk.OpenAsync();
        var id = (await desk.Gate.OpenAsync(Desk.Ask(), Desk.Read, default)).Permit!.Decision;
        (await desk.Log.DecisionAsync(Desk.Worker, id, default)).ShouldNotBeNull();
        (await desk.Log.DecisionAsync(s_officer, id, default)).ShouldNotBeNull();
        (await desk.Log.DecisionAsync(Desk.Supervisor, id, default)).ShouldBeNull();
        (await desk.Log.DecisionAsync(Desk.Worker, new string('0', 32), default)).ShouldBeNull();
    }

    [Fact]
    public async Task M39_a_request_is_followed_by_128_random_bits_that_are_nowhere_in_the_data()
    {
        await using var desk = await Desk.OpenAsync();
        var code = (await desk.Requests.TakeAsync("person-7", "access", "by hand", default)).Value;
        code.Length.ShouldBe(39);
        (await desk.Requests.StatusAsync(code.ToUpperInvariant(), default)).ShouldBe(RequestStatus.Received);
        (await desk.Requests.MoveAsync(code, RequestStatus.Answered, "dpo-1", default)).IsOk.ShouldBeTrue();
        (await desk.Requests.StatusAsync(code, default)).ShouldBe(RequestStatus.Answered);
        foreach (var wrong in new[] { "", "0000-0000", new string('0', 32), new string('f', 400), code[..^1] + (code[^1] == '0' ? '1' : '0') })
        {
            (await desk.Requests.StatusAsync(wrong, default)).ShouldBeNull();
        }

        foreach (var file in Directory.GetFiles(Path.Combine(desk.Folder, "data"), "*", SearchOption.AllDirectories))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(stream, Encoding.Latin1);
            var text = await reader.ReadToEndAsync(default);
            text.ShouldNotContain(code.Replace("-", "", StringComparison.Ordinal));
            text.ShouldNotContain("person-7");
        }
    }

    [Fact]
    public async Task The_test_of_invented_facts_explains_in_both_languages_and_keeps_no_fact()
    {
        await using var desk = await Desk.OpenAsync(adopted: false);
        var facts = new Dictionary<string, IReadOnlyList<string>>
        {
            ["action"] = ["transfer"], ["system"] = ["protection"], ["subject.category"] = ["victim"], ["recipient.type"] = ["law-enforcement"], ["controller.organisation"] = ["harbour"], ["log.entry"] = ["true"], ["purpose"] = ["protection"],
        };
        var denied = (await desk.Book.TryAsync(Desk.Worker, facts, default)).Value;
        (denied.IsPermit, denied.Ground).ShouldBe((false, "prohibited"));
        denied.English.ShouldContain(line => line.Contains("F-03", StringComparison.Ordinal));
        denied.Chinese.ShouldContain(line => line.Contains("受害人", StringComparison.Ordinal));
        (await desk.Book.TryAsync(Desk.Worker, new Dictionary<string, IReadOnlyList<string>> { ["acton"] = ["read"] }, default)).Error!.Code.ShouldBe("rules.unknown-fact");
    }
}
