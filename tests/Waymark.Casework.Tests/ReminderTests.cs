using Waymark.Casework.Contracts;
using Waymark.Casework.Features;
using Waymark.Model;
using Waymark.Protection.Contracts;
using Waymark.Storage;
using static Waymark.Casework.Tests.Node;

namespace Waymark.Casework.Tests;

/// <summary>Reminders of clocks: when they are due, once, without content, and not for what is over.</summary>
public sealed class ReminderTests
{
    [Theory]
    [MemberData(nameof(StoreMatrix.Kinds), MemberType = typeof(StoreMatrix))]
    public async Task A_reminder_goes_out_once_when_it_is_due(string kind)
    {
        await using var node = await OpenAsync(open: await StoreMatrix.OpenerAsync(kind));
        await AcceptedAsync(node);
        var mail = new Mail();
        var reminders = Over(node, mail);
        (await reminders.RunOnceAsync("w", default)).ShouldBeFalse("ten working days are not over, less two");
        node.Clock.Advance(TimeSpan.FromDays(13));
        (await reminders.RunOnceAsync("w", default)).ShouldBeTrue();
        mail.Units.ShouldBe(["protection/north"]);
        (await reminders.RunOnceAsync("w", default)).ShouldBeFalse();
        (await node.Store.Queue.ListAsync(Reminders.Queue, 10, default)).ShouldHaveSingleItem().State.ShouldBe(JobState.Done);
    }

    [Theory]
    [MemberData(nameof(StoreMatrix.Kinds), MemberType = typeof(StoreMatrix))]
    public async Task A_server_that_does_not_answer_is_tried_again_and_one_that_took_it_never(string kind)
    {
        await using var node = await OpenAsync(open: await StoreMatrix.OpenerAsync(kind));
        await AcceptedAsync(node);
        var mail = new Mail { Answers = new([Error.Unavailable("mail.unreachable", "No answer.", "无应答。"), null]) };
        var reminders = Over(node, mail);
        node.Clock.Advance(TimeSpan.FromDays(13));
        (await reminders.RunOnceAsync("w", default)).ShouldBeTrue();
        (await reminders.RunOnceAsync("w", default)).ShouldBeFalse("it waits before it is tried again");
        node.Clock.Advance(TimeSpan.FromMinutes(11));
        (await reminders.RunOnceAsync("w", default)).ShouldBeTrue();
        mail.Units.Count.ShouldBe(2);
        node.Clock.Advance(TimeSpan.FromHours(5));
        (await reminders.RunOnceAsync("w", default)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_mail_that_may_have_left_is_not_sent_again()
    {
        await using var node = await OpenAsync();
        await AcceptedAsync(node);
        var mail = new Mail { IsCut = true };
        var reminders = Over(node, mail);
        node.Clock.Advance(TimeSpan.FromDays(13));
        await Should.ThrowAsync<OperationCanceledException>(() => reminders.RunOnceAsync("w", default));
        mail.IsCut = false;
        node.Clock.Advance(TimeSpan.FromMinutes(10));
        (await reminders.RunOnceAsync("other", default)).ShouldBeTrue();
        mail.Units.Count.ShouldBe(1, "cut off while it was sent: nobody knows whether it left");
    }

    [Fact]
    public async Task What_is_over_or_long_past_or_without_an_address_reminds_nobody()
    {
        await using var node = await OpenAsync();
        var record = await AcceptedAsync(node);
        await AcceptedAsync(node);
        var state = Ok(await node.Cases.OpenAsync(Desk(), record, default)).Document.StateVersion;
        Ok(await node.Cases.StepAsync(Desk(), record, "withdraw", state, null, default));
        var mail = new Mail { Answers = new([Error.NotFound("mail.no-address", "None.", "无。")]) };
        var reminders = Over(node, mail);
        node.Clock.Advance(TimeSpan.FromDays(13));
        (await reminders.RunOnceAsync("w", default)).ShouldBeTrue();
        (await reminders.RunOnceAsync("w", default)).ShouldBeTrue();
        mail.Units.Count.ShouldBe(1);
        await AcceptedAsync(node);
        node.Clock.Advance(TimeSpan.FromDays(60));
        (await reminders.RunOnceAsync("w", default)).ShouldBeTrue();
        (await reminders.RunOnceAsync("w", default)).ShouldBeFalse();
        mail.Units.Count.ShouldBe(1, "a server that was set up late does not tell of what is long past");
    }

    private static Reminders Over(Node node, IReminderMail mail) => new(node.Parts, mail);

    private static async Task<RecordAddress> AcceptedAsync(Node node)
    {
        var (record, _, enquirer) = await node.TracingAsync();
        (await node.Consents.RecordAsync(new(enquirer.Id, "family-tracing", "none", ConsentChoice.Given, node.Clock.GetUtcNow(), null, "1", "bm", "oral-recorded", true, true, "interpreter-1", null, null, "worker-1"), default))
            .IsOk.ShouldBeTrue();
        Ok(await node.Cases.StepAsync(Desk(), record, "accept", 1, null, default));
        return record;
    }

    private sealed class Mail : IReminderMail
    {
        public List<string> Units { get; } = [];

        public Queue<Error?> Answers { get; init; } = new();

        public bool IsCut { get; set; }

        public Task<Error?> SendAsync(string unit, CancellationToken cancellationToken)
        {
            Units.Add(unit);
            return IsCut ? throw new OperationCanceledException() : Task.FromResult(Answers.TryDequeue(out var answer) ? answer : null);
        }
    }
}
