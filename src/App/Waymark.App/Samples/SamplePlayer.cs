using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Matching.Contracts;
using Waymark.Model;
using Waymark.Packs;
using Waymark.Packs.Content;
using Waymark.Pages.Data;
using Waymark.Storage;

namespace Waymark.App.Samples;

/// <summary>
/// Plays a story act by act, each through the same door as the act of a person: gate, guards, second persons and ledger decide, and what they refuse is not done.
/// An act that does not go as the pack says is an error with its place; the rest is played, so that all faults are told at once.
/// </summary>
internal sealed class SamplePlayer(SampleStage stage, SamplePack pack)
{
    private static readonly TimeSpan s_between = TimeSpan.FromMinutes(4);

    public async Task<IReadOnlyList<Error>> PlayAsync(Action<int> progress, CancellationToken cancellationToken)
    {
        var faults = new List<Error>();
        var start = stage.Clock.GetUtcNow();
        await using var ledger = await SampleLedger.OpenAsync(stage, cancellationToken);
        await ledger.SettleAsync(cancellationToken);
        await AdoptAsync(ledger, faults, cancellationToken);
        for (var at = 0; at < pack.Acts.Count; at++)
        {
            var act = pack.Acts[at];
            stage.Clock.Pass(s_between);
            if (act.Day is { } day)
            {
                stage.Clock.GoTo(new(start.UtcDateTime.Date.AddDays(day) + (act.At ?? new TimeOnly(9, 0)).ToTimeSpan(), TimeSpan.Zero));
            }

            if (act.Named.Any(word => !stage.Has(word)))
            {
                continue;
            }

            var (code, text) = await DoAsync(act, cancellationToken);
            if (code != act.Refused)
            {
                faults.Add(Error.Faulty("sample.act", $"\"{act.Do}\" answered {code ?? "done"}{(text is null ? "" : ": " + text)}.", $"“{act.Do}”的结果为 {code ?? "完成"}{(text is null ? "" : "：" + text)}。", act.Where));
            }

            await ledger.SettleAsync(cancellationToken);
            progress(at + 1);
        }

        return faults;
    }

    /// <summary>Two invented officers adopt every rule pack of the node, as two persons do.</summary>
    private async Task AdoptAsync(SampleLedger ledger, List<Error> faults, CancellationToken cancellationToken)
    {
        if (stage.Book.Book is not { } book)
        {
            faults.Add(stage.Book.Fault ?? Error.NotFound("sample.no-rules", "There are no rule packs.", "没有规则包。"));
            return;
        }

        foreach (var part in (string[])["first", "second"])
        {
            var actor = stage.Actor(pack.Accounts.First(account => account.Adopts == part).Id, withKey: true);
            foreach (var rules in book.Rules.Packs.Where(rules => !rules.IsFloor))
            {
                if ((await book.AdoptAsync(actor, rules.Id, rules.Hash, cancellationToken)).Error is { } refused)
                {
                    faults.Add(refused);
                }
            }

            await ledger.SettleAsync(cancellationToken);
            stage.Clock.Pass(TimeSpan.FromHours(1));
        }
    }

    private async Task<(string? Code, string? Text)> DoAsync(SampleAct act, CancellationToken cancellationToken)
    {
        var (desk, cases, record) = (stage.Desk(act), stage.Cases, stage.Record(act.Record));
        switch (act.Do)
        {
            case "make":
                var partition = act.Partition is { } word ? Enum.Parse<RecordPartition>(word, ignoreCase: true) : (RecordPartition?)null;
                var made = await cases.CreateAsync(
                    Told.Said(desk, act.Told), new(act.Register ?? "", null, Entered(act), [.. act.Persons.Select(one => (one.Role, stage.Person(one.Person)))], partition), cancellationToken);
                if (made.Value is { } done && act.As is { } alias)
                {
                    stage.Made(alias, done.Address, desk);
                }

                return Said(made);
            case "change":
                return Said(await cases.ChangeAsync(desk, record, new([.. await EntriesAsync(act, desk, record, cancellationToken)], act.Why), cancellationToken));
            case "resolve":
                var field = (await cases.OpenAsync(desk, record, cancellationToken)).Value?.Document.Fields.GetValueOrDefault(act.Path ?? "");
                var keep = (act.Keep ?? "0").Split(',').Select(place => int.Parse(place, System.Globalization.CultureInfo.InvariantCulture));
                return Said(await cases.ResolveAsync(desk, record, act.Path ?? "", field?.Version ?? 0, [.. keep.Select(place => field?.Claims.ElementAtOrDefault(place)?.Id ?? "")], act.Why ?? "", cancellationToken));
            case "step":
                var seen = (await cases.OpenAsync(desk, record, cancellationToken)).Value?.Document.StateVersion ?? 0;
                return Said(await cases.StepAsync(desk, record, act.Step ?? "", seen, act.Why, cancellationToken));
            case "consent":
                return Said(await cases.ConsentAsync(desk, record, new(stage.Person(act.Person), act.Kind ?? desk.Purpose, act.Recipient ?? "none", act.IsGiven, "1", act.Language ?? "en", act.Form ?? "oral-recorded")
                {
                    IsExplicit = true, IsInformed = true, Interpreter = act.Interpreter,
                }, cancellationToken));
            case "withdraw":
                return Said(await cases.WithdrawConsentAsync(desk, record, stage.Person(act.Person), act.Kind, cancellationToken));
            case "assign":
                return Said(await cases.AssignAsync(desk, record, act.To is { } to ? stage.AccountId(to) : null, cancellationToken));
            case "restrict":
                return Said(await cases.RestrictAsync(desk, record, act.To is { } known && stage.AccountId(known) is { } id ? [id] : [], cancellationToken));
            case "person":
                return Said(await cases.PersonAsync(desk, record, act.Role ?? "", stage.Person(act.Person), add: true, cancellationToken));
            case "link":
                return Said(await cases.LinkAsync(desk, record, act.Kind ?? "", stage.Record(act.To), "unit", cancellationToken));
            case "hand-over":
                return Said(await cases.HandOverAsync(desk, record, Enum.Parse<HandOverAct>(act.Hand ?? "", ignoreCase: true), act.To, cancellationToken));
            case "ask":
                return Said(await cases.AskAsync(desk, record, stage.Person(act.Person), act.To ?? "", cancellationToken));
            case "look":
                return Said(await cases.LookAsync(desk, record, cancellationToken));
            case "answer":
                return await AnswerAsync(act, desk, record, cancellationToken);
            case "note" or "tell" or "hear":
                var kind = act.Do switch { "note" => MessageKind.Note, "tell" => MessageKind.Sent, _ => MessageKind.Received };
                var translation = act.Translation is { } by ? Enum.Parse<MessageTranslation>(by, ignoreCase: true) : MessageTranslation.None;
                return Said(await cases.WriteAsync(
                    desk, record, new(kind, act.Text ?? "", act.Person is null ? null : stage.Person(act.Person), act.Channel ?? (kind == MessageKind.Sent ? 0 : -1), act.Language, translation), cancellationToken));
            case "undo":
                var history = await cases.HistoryAsync(desk, record, cancellationToken);
                return Said(await cases.UndoAsync(desk, record, history.Value?.Lines[^1].Version ?? 0, act.Why ?? "", cancellationToken));
            case "request":
                var taken = await stage.Requests.TakeAsync(stage.Person(act.Person), act.Kind ?? "", "office", cancellationToken);
                return (taken.Error?.Code, taken.Error?.Message.In("en"));
            default:
                return ("sample.unknown", act.Do);
        }
    }

    /// <summary>A reviewer opens the pair that waits for a record held by the unit, looks at it, and answers.</summary>
    private async Task<(string? Code, string? Text)> AnswerAsync(SampleAct act, CaseDesk desk, RecordAddress held, CancellationToken cancellationToken)
    {
        var queue = await stage.Cases.QueueAsync(desk, cancellationToken);
        foreach (var line in queue.Value?.Waiting ?? [])
        {
            if (await stage.Cases.CardAsync(desk, line.Id, cancellationToken) is { Value: { } card } && card.Record.Id == held.Id)
            {
                stage.Clock.Pass(TimeSpan.FromMinutes(2));
                return Said(await stage.Cases.AnswerAsync(desk, line.Id, Enum.Parse<PairChoice>(act.Choice ?? "", ignoreCase: true), act.Why ?? "", cancellationToken));
            }
        }

        return queue.IsOk ? ("match.none", null) : Said(queue);
    }

    private Dictionary<string, string> Entered(SampleAct act) => act.Values.ToDictionary(value => value.Key, value => stage.Value(value.Value), StringComparer.Ordinal);

    private async Task<IReadOnlyList<FieldEntry>> EntriesAsync(SampleAct act, CaseDesk desk, RecordAddress record, CancellationToken cancellationToken)
    {
        var fields = act.Seen is null ? (await stage.Cases.OpenAsync(desk, record, cancellationToken)).Value?.Document.Fields : null;
        return [.. Entered(act).Select(value => new FieldEntry(value.Key, act.Seen ?? fields?.GetValueOrDefault(value.Key)?.Version ?? 0, value.Value) { IsDispute = act.IsDispute })];
    }

    private static (string? Code, string? Text) Said<T>(CaseAnswer<T> answer) where T : class => answer.IsOk ? (null, null)
        : answer.Error is { } error ? (error.Code, error.Message.In("en"))
        : (answer.Refusal!.Code, string.Join(" | ", answer.Refusal.Nearest.Concat(answer.Refusal.Reasons).Select(reason => reason.In("en")).Prepend(answer.Refusal.Text.In("en"))));
}
