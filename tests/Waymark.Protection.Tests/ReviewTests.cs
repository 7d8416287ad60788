using Waymark.Protection.Contracts;
using Waymark.Protection.Features;

namespace Waymark.Protection.Tests;

/// <summary>Two persons decide, apart from each other; what they approve is used once, and what nobody decides ends.</summary>
public sealed class ReviewTests
{
    private static readonly Actor s_first = new("legal-1", "legal-officer", ["legal"], true, "key-legal");
    private static readonly Actor s_second = new("supervisor-9", "supervisor", ["protection/south"], true, "key-nine");

    private static ReviewRequest Transfer(string matter = "C-1") => new(ReviewKind.Transfer, "protection/north", matter, ["person-1"], "protection", "transfer " + matter, "The hospital in the next town asks.");

    [Fact]
    public async Task The_second_decides_without_seeing_the_firsts_view_and_both_must_approve()
    {
        foreach (var (first, second, outcome) in new[] { (true, true, ReviewState.Done), (true, false, ReviewState.Refused), (false, true, ReviewState.Refused), (false, false, ReviewState.Refused) })
        {
            await using var desk = await Desk.OpenAsync(adopted: false);
            var asked = (await desk.Reviews.AskAsync(Desk.Worker, Transfer(), default)).Value;
            desk.Clock.Advance(TimeSpan.FromMinutes(5));
            var before = (await desk.Reviews.ListAsync(s_second, default)).Single();
            (await desk.Reviews.DecideAsync(s_first, asked.Id, first, "read the file", default)).Value.HasDecided.ShouldBeTrue();
            (await desk.Reviews.ListAsync(s_second, default)).Single().ShouldBe(before, "nothing of the first's view, nor that there is one");
            (await desk.Reviews.ListAsync(Desk.Worker, default)).Single().State.ShouldBe(ReviewState.Requested, "the requester learns nobody to press");
            foreach (var file in Directory.GetFiles(Path.Combine(desk.Folder, "data"), "*", SearchOption.AllDirectories))
            {
                await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
                using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
                (await reader.ReadToEndAsync(default)).ShouldNotContain("read the file", Case.Sensitive, "the vote is sealed in the store");
            }

            desk.Clock.Advance(TimeSpan.FromMinutes(5));
            (await desk.Reviews.DecideAsync(s_second, asked.Id, second, "asked the hospital", default)).Value.State.ShouldBe(outcome);
            (await desk.Reviews.ListAsync(Desk.Worker, default)).Single().State.ShouldBe(outcome);
        }
    }

    [Fact]
    public async Task M56_a_transfer_that_needs_a_review_passes_once_for_the_account_matter_persons_and_purpose_that_two_others_approved()
    {
        await using var desk = await Desk.OpenAsync();
        GateRequest Ask(string matter = "C-1", string person = "person-1", Actor? actor = null, string purpose = "protection") =>
            Desk.Ask("transfer", purpose, actor ?? Desk.Worker, matter, [person], ("subject.category", "migrant"), ("purpose.declared", purpose));
        Task<GateAnswer<Card>> SendAsync(GateRequest request) => desk.Gate.OpenAsync(request, Desk.Read, default);
        (await SendAsync(Ask())).Refusal!.Code.ShouldBe("gate.unmet");
        var asked = (await desk.Reviews.AskAsync(Desk.Worker, Transfer(), default)).Value;
        desk.Clock.Advance(TimeSpan.FromMinutes(5));
        (await desk.Reviews.DecideAsync(s_first, asked.Id, true, "read the file", default)).Error.ShouldBeNull();
        (await SendAsync(Ask())).Refusal!.Code.ShouldBe("gate.unmet", "one of the two has decided");
        desk.Clock.Advance(TimeSpan.FromMinutes(5));
        (await desk.Reviews.DecideAsync(s_second, asked.Id, true, "asked the hospital", default)).Value.State.ShouldBe(ReviewState.Done);
        foreach (var other in new[] { Ask("C-2"), Ask(person: "person-2"), Ask(actor: Desk.Supervisor), Ask(purpose: "assistance") })
        {
            (await SendAsync(other)).Refusal!.Code.ShouldBe("gate.unmet", $"{other.Matter} {other.Persons[0]} {other.Actor.Account} {other.Purpose}");
        }

        (await SendAsync(Ask())).IsPermitted.ShouldBeTrue();
        (await desk.Reviews.ListAsync(Desk.Worker, default)).Single().State.ShouldBe(ReviewState.Used);
        (await SendAsync(Ask())).Refusal!.Code.ShouldBe("gate.unmet", "an approval is used once");
    }

    public static TheoryData<string, string> Shared => new()
    {
        { "requester", "review.unknown" }, { "requester's key", "two.same-device" }, { "no key", "two.credential" }, { "same account", "two.same-account" }, { "same key", "two.same-device" },
        { "same unit", "two.same-unit" }, { "too quick", "two.too-quick" }, { "role", "review.unknown" }, { "nothing", "" },
    };

    [Theory]
    [MemberData(nameof(Shared))]
    public async Task M52_each_shared_trait_alone_refuses(string trait, string code)
    {
        await using var desk = await Desk.OpenAsync(adopted: false);
        var requester = new Actor("supervisor-1", "supervisor", ["protection/north"], true, "key-one");
        var asked = (await desk.Reviews.AskAsync(requester, Transfer(), default)).Value;
        desk.Clock.Advance(TimeSpan.FromMinutes(5));
        (await desk.Reviews.DecideAsync(s_first, asked.Id, true, "seen", default)).IsOk.ShouldBeTrue();
        desk.Clock.Advance(trait == "too quick" ? TimeSpan.FromSeconds(90) : TimeSpan.FromMinutes(3));
        var second = trait switch
        {
            "requester" => requester,
            "requester's key" => s_second with { Credential = "key-one" },
            "no key" => s_second with { IsHardware = false },
            "same account" => s_second with { Account = s_first.Account },
            "same key" => s_second with { Credential = s_first.Credential },
            "same unit" => s_second with { Units = ["protection/south", "legal"] },
            "role" => s_second with { Role = "case-worker" },
            _ => s_second,
        };
        ((await desk.Reviews.DecideAsync(second, asked.Id, true, "seen", default)).Error?.Code ?? "").ShouldBe(code);
    }

    [Fact]
    public async Task M52_two_who_approve_each_other_raise_an_alarm()
    {
        await using var desk = await Desk.OpenAsync(adopted: false);
        var (anna, bela) = (new Actor("anna", "supervisor", ["protection/north"], true, "key-a"), new Actor("bela", "supervisor", ["protection/south"], true, "key-b"));
        var one = (await desk.Reviews.AskAsync(anna, Transfer("C-1"), default)).Value;
        desk.Clock.Advance(TimeSpan.FromMinutes(3));
        await desk.Reviews.DecideAsync(bela, one.Id, true, "seen", default);
        (await desk.Store.Queue.ListAsync("protection.alarm", 10, default)).ShouldBeEmpty();
        var two = (await desk.Reviews.AskAsync(bela, Transfer("C-2") with { Unit = "protection/south" }, default)).Value;
        desk.Clock.Advance(TimeSpan.FromMinutes(3));
        (await desk.Reviews.DecideAsync(anna, two.Id, true, "seen", default)).IsOk.ShouldBeTrue();
        (await desk.Store.Queue.ListAsync("protection.alarm", 10, default)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task M90_nothing_passes_by_waiting_and_the_same_question_is_asked_once()
    {
        await using var desk = await Desk.OpenAsync(adopted: false);
        var asked = (await desk.Reviews.AskAsync(Desk.Worker, Transfer(), default)).Value;
        (await desk.Reviews.AskAsync(Desk.Worker, Transfer(), default)).Value.Id.ShouldBe(asked.Id);
        (await desk.Store.Queue.ListAsync("protection.review", 10, default)).Count.ShouldBe(1);
        desk.Clock.Advance(TimeSpan.FromDays(8));
        (await desk.Reviews.DecideAsync(s_first, asked.Id, true, "late", default)).Error!.Code.ShouldBe("review.unknown");
        (await desk.Reviews.ExpireAsync(default)).ShouldBe(1);
        (await desk.Reviews.ExpireAsync(default)).ShouldBe(0);
        (await desk.Reviews.ListAsync(Desk.Worker, default)).Single().State.ShouldBe(ReviewState.Expired);
    }

    [Fact]
    public async Task M53_a_bulk_question_is_held_a_day_passes_once_after_two_and_can_be_stopped()
    {
        await using var desk = await Desk.OpenAsync();
        var ask = Desk.Ask(persons: [.. Enumerable.Range(0, 26).Select(at => "person-" + at)]);
        var refused = (await desk.Gate.OpenAsync(ask, Desk.Read, default)).Refusal!;
        refused.Code.ShouldBe("gate.bulk");
        (await desk.Gate.OpenAsync(ask, Desk.Read, default)).Refusal!.Review.ShouldBe(refused.Review, "one review, however often it is asked");
        (await desk.Store.Queue.ListAsync("protection.hold", 10, default)).Count.ShouldBe(1);
        await ApproveAsync(desk, refused.Review!);
        (await desk.Gate.OpenAsync(ask, Desk.Read, default)).Refusal!.Code.ShouldBe("gate.bulk", "held, although approved");
        desk.Clock.Advance(TimeSpan.FromHours(25));
        (await desk.Gate.OpenAsync(ask with { Persons = [.. ask.Persons, "person-99"] }, Desk.Read, default)).Refusal!.Code.ShouldBe("gate.bulk", "another question");
        (await desk.Gate.OpenAsync(ask, Desk.Read, default)).IsPermitted.ShouldBeTrue();
        var again = (await desk.Gate.OpenAsync(ask, Desk.Read, default)).Refusal!;
        again.Code.ShouldBe("gate.bulk", "used up");
        again.Review.ShouldNotBe(refused.Review);

        await ApproveAsync(desk, again.Review!);
        var watch = new Actor("dpo-1", "data-protection-officer", ["protection-office"], true, "key-dpo");
        (await desk.Reviews.StopAsync(Desk.Worker, again.Review!, "changed my mind", default)).Error!.Code.ShouldBe("review.unknown");
        (await desk.Reviews.StopAsync(watch, again.Review!, "no need shown", default)).Value.State.ShouldBe(ReviewState.Stopped);
        desk.Clock.Advance(TimeSpan.FromHours(25));
        (await desk.Gate.OpenAsync(ask, Desk.Read, default)).Refusal!.Code.ShouldBe("gate.bulk");
        (await desk.Gate.OpenAsync(ask with { Persons = [.. Enumerable.Range(0, 401).Select(at => "p" + at)] }, Desk.Read, default)).Refusal!.Code.ShouldBe("gate.too-many");
    }

    [Fact]
    public async Task M53_carrying_away_slowly_counts_together_and_an_honest_caseload_of_reading_passes()
    {
        await using var desk = await Desk.OpenAsync();
        var stopped = 0;
        for (var at = 0; at < 30; at++)
        {
            desk.Clock.Advance(TimeSpan.FromMinutes(20));
            (await desk.Gate.OpenAsync(Desk.Ask(matter: "R-" + at, persons: ["reader-" + at]), Desk.Read, default)).IsPermitted.ShouldBeTrue();
            var answer = await desk.Gate.OpenAsync(Desk.Ask("transfer", matter: "T-" + at, persons: ["sent-" + at], more: [("review.legal", "done")]), Desk.Read, default);
            stopped += answer.Refusal?.Code == "gate.bulk" ? 1 : 0;
            answer.IsPermitted.ShouldBe(at < Gate.MostPersons);
        }

        stopped.ShouldBe(5);
    }

    [Fact]
    public async Task M79_erasing_is_asked_decided_by_two_others_and_done_once()
    {
        await using var desk = await Desk.OpenAsync(adopted: false);
        (await desk.Exceptions.EraseAsync(Desk.Worker, "person-1", default)).Error!.Code.ShouldBe("review.not-approved");
        var asked = (await desk.Reviews.AskAsync(Desk.Worker, new(ReviewKind.Erasure, "protection/north", "C-1", ["person-1"], "protection", "erase person-1", "asked for it"), default)).Value;
        desk.Clock.Advance(TimeSpan.FromMinutes(3));
        await desk.Reviews.DecideAsync(s_first, asked.Id, true, "right", default);
        desk.Clock.Advance(TimeSpan.FromMinutes(3));
        (await desk.Exceptions.EraseAsync(Desk.Worker, "person-1", default)).Error!.Code.ShouldBe("review.not-approved", "one is not two");
        (await desk.Reviews.DecideAsync(new("dpo-1", "data-protection-officer", ["protection-office"], true, "key-dpo"), asked.Id, true, "right", default)).Value.State.ShouldBe(ReviewState.Done);
        var hold = (await desk.Exceptions.HoldAsync(Desk.Worker, "person-1", "complaint", desk.Clock.GetUtcNow().AddDays(2), default)).Value;
        (await desk.Exceptions.EraseAsync(Desk.Worker, "person-1", default)).Error!.Code.ShouldBe("erasure.held");
        (await desk.Exceptions.ReleaseAsync(s_first, "person-1", hold.Id, "closed", default)).IsOk.ShouldBeTrue();
        desk.Clock.Advance(TimeSpan.FromMinutes(3));
        (await desk.Exceptions.ReleaseAsync(new("dpo-1", "data-protection-officer", ["protection-office"], true, "key-dpo"), "person-1", hold.Id, "closed", default)).IsOk.ShouldBeTrue();
        (await desk.Exceptions.EraseAsync(Desk.Worker, "person-1", default)).IsOk.ShouldBeTrue();
        (await desk.Exceptions.EraseAsync(Desk.Worker, "person-1", default)).Error!.Code.ShouldBe("review.not-approved");
        (await desk.Reviews.ListAsync(Desk.Worker, default)).Single().Reason.ShouldBeNull("what was said about the person went with the key");
    }

    [Fact]
    public async Task What_was_asked_can_be_taken_back_by_who_asked_until_it_is_used_and_opens_nothing_then()
    {
        await using var desk = await Desk.OpenAsync(adopted: false);
        var request = ReviewRequest.Erasing("protection/north", "SR-1", "person-1", "remedy", "asked for it");
        foreach (var signed in new[] { 0, 1, 2 })
        {
            var asked = (await desk.Reviews.AskAsync(Desk.Worker, request, default)).Value;
            foreach (var decider in new[] { s_first, new Actor("dpo-1", "data-protection-officer", ["protection-office"], true, "key-dpo") }.Take(signed))
            {
                desk.Clock.Advance(TimeSpan.FromMinutes(3));
                (await desk.Reviews.DecideAsync(decider, asked.Id, true, "right", default)).IsOk.ShouldBeTrue();
            }

            (await desk.Reviews.StopAsync(Desk.Worker with { Account = "worker-2" }, asked.Id, "mine too", default)).Error!.Code.ShouldBe("review.unknown");
            (await desk.Reviews.FindAsync(Desk.Worker, ReviewKind.Erasure, request.Subject, default)).ShouldNotBeNull().Id.ShouldBe(asked.Id);
            (await desk.Reviews.StopAsync(Desk.Worker, asked.Id, "she wants to wait", default)).Value.State.ShouldBe(ReviewState.Stopped);
            (await desk.Reviews.FindAsync(Desk.Worker, ReviewKind.Erasure, request.Subject, default)).ShouldBeNull();
            (await desk.Exceptions.EraseAsync(Desk.Worker, "person-1", default)).Error!.Code.ShouldBe("review.not-approved");
        }
    }

    [Fact]
    public async Task An_erasing_that_a_stop_cut_off_is_led_to_its_end_and_names_nobody_afterwards__M79()
    {
        await using var desk = await Desk.OpenAsync(adopted: false);
        (await desk.Exceptions.FinishErasureAsync("person-1", default)).Error!.Code.ShouldBe("erasure.not-begun", "nothing is destroyed that nobody approved");
        (await desk.Exceptions.BeginErasureAsync(s_first, s_second, "person-1", default)).IsOk.ShouldBeTrue();
        (await desk.Exceptions.UnfinishedErasuresAsync(default)).ShouldBeEmpty("it is under way");
        desk.Clock.Advance(TimeSpan.FromMinutes(2));

        // The machine stopped here: approval used, keys still there.
        (await desk.Exceptions.UnfinishedErasuresAsync(default)).ShouldBe(["person-1"]);
        (await desk.Exceptions.FinishErasureAsync("person-1", default)).IsOk.ShouldBeTrue();
        (await desk.Exceptions.UnfinishedErasuresAsync(default)).ShouldBeEmpty();
        (await desk.Exceptions.FinishErasureAsync("person-1", default)).Error!.Code.ShouldBe("erasure.not-begun");
        var left = (await desk.Store.Records.ListAsync(new("protection.erasure", []), default)).Value.Records.Single();
        System.Text.Encoding.UTF8.GetString(left.Document.Span).ShouldNotContain("whom");
    }

    private static async Task ApproveAsync(Desk desk, string review)
    {
        desk.Clock.Advance(TimeSpan.FromMinutes(3));
        (await desk.Reviews.DecideAsync(s_first, review, true, "needed", default)).IsOk.ShouldBeTrue();
        desk.Clock.Advance(TimeSpan.FromMinutes(3));
        (await desk.Reviews.DecideAsync(s_second, review, true, "needed", default)).Value.State.ShouldBe(ReviewState.Done);
    }
}
