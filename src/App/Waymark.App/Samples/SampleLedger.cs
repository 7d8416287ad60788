using Waymark.Audit.Sequencing;
using Waymark.Model;
using Waymark.Storage;

namespace Waymark.App.Samples;

/// <summary>
/// Gives the leaves of a story their places as it goes on, as the sequencer of a running node does; without it the gate would shut after five minutes. Checkpoints
/// are published once a day of the story.
/// </summary>
internal sealed class SampleLedger : IAsyncDisposable
{
    private readonly SampleStage _stage;
    private readonly LedgerSequencer _sequencer;
    private readonly LeasedJob _job;

    private SampleLedger(SampleStage stage, LedgerSequencer sequencer, LeasedJob job) => (_stage, _sequencer, _job) = (stage, sequencer, job);

    /// <summary>Takes the place of the sequencer until it is disposed. Throws <see cref="StoreException"/> when there are no keys or somebody else has it.</summary>
    public static async Task<SampleLedger> OpenAsync(SampleStage stage, CancellationToken cancellationToken)
    {
        var keys = stage.Ledger.Keys ?? throw new StoreException(stage.Ledger.Fault!);
        var sequencer = new LedgerSequencer(stage.Store, keys, stage.Clock, new() { PublishEvery = TimeSpan.FromDays(1), Wait = TimeSpan.Zero, Lease = TimeSpan.FromDays(100) });
        await sequencer.EnqueueAsync(cancellationToken);
        return await sequencer.TakeAsync(cancellationToken) is { } job ? new(stage, sequencer, job)
            : throw new StoreException(Error.Conflict("sample.running", "Another process writes the ledger of this sample.", "另有进程正在写入此样例的账本。"));
    }

    public async Task SettleAsync(CancellationToken cancellationToken)
    {
        while (await _sequencer.StepAsync(_job, cancellationToken) == StepOutcome.Integrated)
        {
            // Until nothing waits.
        }
    }

    public async ValueTask DisposeAsync() => await _stage.Store.Queue.FailAsync(
        _job, Error.Unavailable("ledger.stopped", "The story is told.", "故事已播放完毕。"), _stage.Clock.GetUtcNow(), CancellationToken.None);
}
