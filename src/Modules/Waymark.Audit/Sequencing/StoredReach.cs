using Waymark.Audit.Contracts;
using Waymark.Ledger;
using Waymark.Model;
using Waymark.Storage;

namespace Waymark.Audit.Sequencing;

/// <summary>Looks at the stored ledger, at most every few seconds: what waits, and who has signed. Witnesses count only where there are any.</summary>
public sealed class StoredReach(IStore store, IEd25519 ed25519, IReadOnlyList<NoteKey> witnesses, TimeProvider clock, int publishStep = 256) : ILedgerReach
{
    private static readonly TimeSpan s_kept = TimeSpan.FromSeconds(5);
    private Look? _last;
    private long _looks;

    public async Task<Error?> OutAsync(CancellationToken cancellationToken)
    {
        var (now, turn) = (clock.GetUtcNow(), Interlocked.Increment(ref _looks));
        if (_last is { } last && now - last.At < s_kept && now >= last.At)
        {
            return last.Problem;
        }

        Error? problem;
        try
        {
            problem = await SequencerAsync(now, cancellationToken) ?? await WitnessAsync(now, cancellationToken);
        }
        catch (StoreException gone)
        {
            problem = Error.Unavailable("ledger.no-store", $"The store does not answer ({gone.Error.Code}); only acts that protect go on.", $"数据存储无应答（{gone.Error.Code}）；只有保护性行为可以继续。");
        }

        Keep(new(turn, now, problem));
        return problem;
    }

    // Of looks that overlap the one that began last is kept: what an earlier one saw is older, however late it comes back.
    private void Keep(Look look)
    {
        for (var known = _last; known is null || known.Turn < look.Turn; known = _last)
        {
            if (Interlocked.CompareExchange(ref _last, look, known) == known)
            {
                return;
            }
        }
    }

    private async Task<Error?> SequencerAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        await store.Ledger.PendingAsync(1, cancellationToken) is [var oldest, ..] && now - oldest.CommittedAt > LedgerReach.LongestWait
            ? Error.Unavailable("ledger.no-sequencer", "Nobody has given entries of the ledger their places for five minutes; only acts that protect go on.",
                "账本条目已超过五分钟未编号；只有保护性行为可以继续。") : null;

    private async Task<Error?> WitnessAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (witnesses.Count == 0 || await store.Ledger.NewestPublishedAsync(cancellationToken) is not { } newest || IsSigned(newest))
        {
            return null;
        }

        var recent = await store.Ledger.PublishedAsync(Math.Max(0, newest.Size - (1_000L * publishStep)), 1_000, cancellationToken);
        var unsigned = recent.Reverse().TakeWhile(checkpoint => !IsSigned(checkpoint)).ToList();
        return unsigned.Count > 0 && now - unsigned[^1].At > LedgerReach.LongestUnwitnessed
            ? Error.Unavailable("ledger.no-witness", "No witness has signed for a day; only acts that protect go on.", "一天内没有见证签署；只有保护性行为可以继续。") : null;
    }

    private bool IsSigned(StoredCheckpoint checkpoint) =>
        SignedNote.Parse(checkpoint.Note.Span).TryGet(out var note) && witnesses.Any(key => note.Statements(ed25519, key) is { Count: > 0 });

    private sealed record Look(long Turn, DateTimeOffset At, Error? Problem);
}
