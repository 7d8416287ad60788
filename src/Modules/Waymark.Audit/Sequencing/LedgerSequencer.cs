using System.Globalization;
using System.Security.Cryptography;
using Waymark.Audit.Contracts;
using Waymark.Ledger;
using Waymark.Model;
using Waymark.Storage;

namespace Waymark.Audit.Sequencing;

/// <summary>What one look of the sequencer came to.</summary>
public enum StepOutcome { Idle, Integrated, LeaseLost }

/// <summary>
/// Gives committed leaves their places: one process at a time, by a lease with a term. Effects never wait for it, since
/// their leaves are durable already; it only numbers, hashes and signs. A second sequencer, or one that comes back from the
/// dead, finds its term gone or the tree grown, and changes nothing.
/// </summary>
public sealed class LedgerSequencer(IStore store, LedgerKeys keys, TimeProvider clock, SequencerOptions options)
{
    private readonly string _worker = string.Create(CultureInfo.InvariantCulture,
        $"{Environment.ProcessId}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}");

    private LedgerTree? _tree;

    /// <summary>Runs until it is cancelled; waits its turn while another process holds the lease.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var enqueued = false;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                enqueued = enqueued || await EnqueueAsync(cancellationToken);
                if (enqueued && await TakeAsync(cancellationToken) is { } job)
                {
                    await HoldAsync(job, cancellationToken);
                }
            }
            catch (StoreException)
            {
                // The store does not answer: leaves wait in it, and so do we.
                _tree = null;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // Stopped while it asked for the lease: where it was given all the same, it runs out by itself.
                return;
            }

            try
            {
                await Task.Delay(options.Look, clock, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>The job that only one process holds; made once, whoever comes first.</summary>
    public async Task<bool> EnqueueAsync(CancellationToken cancellationToken) => (await store.CommitAsync(new WriteSet
    {
        Actor = "ledger",
        Reason = "ledger.sequencer",
        Tasks = [new(SequencerOptions.Job, SequencerOptions.Queue, "{}"u8.ToArray())],
    }, cancellationToken)).IsOk;

    /// <summary>The lease, or null while another holds it.</summary>
    public Task<LeasedJob?> TakeAsync(CancellationToken cancellationToken) =>
        store.Queue.LeaseAsync(SequencerOptions.Queue, _worker, options.Lease, cancellationToken);

    /// <summary>One look: numbers what waits when it is enough or old enough, and publishes when it is time.</summary>
    public async Task<StepOutcome> StepAsync(LeasedJob job, CancellationToken cancellationToken)
    {
        var pending = await store.Ledger.PendingAsync(options.Most, cancellationToken);
        var published = await store.Ledger.NewestPublishedAsync(cancellationToken);
        var now = clock.GetUtcNow();
        var isDue = published is null || Slot(published.At) < Slot(now);
        var isReady = pending.Count > 0 && (pending.Sum(set => set.Count) >= options.Batch || now - pending[0].CommittedAt >= options.Wait);
        if (!isDue && !isReady)
        {
            return StepOutcome.Idle;
        }

        var head = await store.Ledger.HeadAsync(cancellationToken);
        if (_tree?.Size != head.Size)
        {
            _tree = await LedgerTree.LoadAsync(store.Ledger, head.Size, cancellationToken);
        }

        var target = isDue ? (published?.Size ?? 0) + options.PublishStep : -1;
        var root = target >= 0 && target <= head.Size ? await LedgerTree.RootAsync(store.Ledger, target, cancellationToken) : null;
        foreach (var entry in pending.SelectMany(set => EntryBundle.Read(set.Entries) ?? []))
        {
            _tree.Append(entry);
            root = _tree.Size == target ? _tree.Root() : root;
        }

        while (_tree.Size < target)
        {
            _tree.Append(LedgerLeaf.Padding(keys.Padding, now).Encode());
            root = _tree.Size == target ? _tree.Root() : root;
        }

        var batch = _tree.Take(new(job.AsCondition, head.Size, _tree.Size, Signed(_tree.Size, _tree.Root()))
        {
            Integrated = [.. pending.Select(set => set.Sequence)],
            Published = root is { } at ? new PublishedCheckpoint(target, Signed(target, at)) : null,
        });
        var done = await store.Ledger.IntegrateAsync(batch, cancellationToken);
        if (done.IsOk)
        {
            return StepOutcome.Integrated;
        }

        _tree = null;
        return done.Error.Kind == ErrorKind.Conflict ? StepOutcome.LeaseLost : throw new StoreException(done.Error);
    }

    private async Task HoldAsync(LeasedJob job, CancellationToken cancellationToken)
    {
        var renewed = clock.GetUtcNow();
        while (!cancellationToken.IsCancellationRequested)
        {
            var outcome = await StepAsync(job, CancellationToken.None);
            if (outcome == StepOutcome.LeaseLost)
            {
                return;
            }

            if (clock.GetUtcNow() - renewed > options.Lease / 3)
            {
                if (!await store.Queue.RenewAsync(job, new("ledger", _tree?.Size ?? 0, null), options.Lease, CancellationToken.None))
                {
                    return;
                }

                renewed = clock.GetUtcNow();
            }

            if (outcome == StepOutcome.Idle)
            {
                await Task.Delay(options.Look, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        // Given back at once, so that the next start need not wait for the lease to run out.
        await store.Queue.FailAsync(job, Error.Unavailable("ledger.stopped", "The sequencer was stopped.", "排序进程已停止。"),
            clock.GetUtcNow(), CancellationToken.None);
    }

    private byte[] Signed(long size, TreeHash root) => new Checkpoint(keys.Log.Key.Name, size, root).Sign(keys.Log).ToBytes();

    private long Slot(DateTimeOffset at) => at.UtcTicks / options.PublishEvery.Ticks;
}
