using System.Collections.Concurrent;
using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Model;
using Waymark.Storage;
using static Waymark.Casework.Tests.Node;

namespace Waymark.Casework.Tests;

/// <summary>Many writers at once, on both stores, with answers that get lost: no edit is.</summary>
public sealed class WriterTests
{
    [Theory]
    [MemberData(nameof(StoreMatrix.Kinds), MemberType = typeof(StoreMatrix))]
    public async Task Ten_writers_lose_no_edit_whatever_is_cut_off__G8(string kind)
    {
        var opener = await StoreMatrix.OpenerAsync(kind);
        var broken = 0;
        // One commit in nine answers that the store is gone: before it was written, or after.
        await using var node = await OpenAsync(null, async (folder, clock) => new Flaky(await opener(folder, clock), () => Volatile.Read(ref broken) != 0));
        var (address, _, _) = await node.TracingAsync();
        var long_ = Environment.GetCommandLineArgs().Contains("--long") || Environment.GetEnvironmentVariable("WAYMARK_LONG") == "1";
        var edits = long_ ? 1_000 : 12;
        var entered = new ConcurrentBag<string>();
        Volatile.Write(ref broken, 1);
        await Task.WhenAll(Enumerable.Range(0, 10).Select(writer => Task.Run(async () =>
        {
            var random = new Random(writer);
            var seen = 0L;
            for (var i = 0; i < edits; i++)
            {
                if (random.Next(3) > 0)
                {
                    var view = await node.Cases.OpenAsync(Desk(), address, default);
                    seen = view.Value?.Document.Fields.GetValueOrDefault("circumstances")?.Version ?? seen;
                    if (view.Value?.Document.Fields.GetValueOrDefault("circumstances") is { IsConflict: true, Claims: [.., var last] } state && random.Next(2) == 0)
                    {
                        await node.Cases.ResolveAsync(Desk(), address, "circumstances", state.Version, [last.Id], "chosen", default);
                        continue;
                    }
                }

                var text = $"writer {writer} edit {i}";
                if ((await node.Cases.ChangeAsync(Desk(), address, new([new("circumstances", seen, text)]), default)).IsOk)
                {
                    entered.Add(text);
                }
            }
        })));
        Volatile.Write(ref broken, 0);

        var history = Ok(await node.Cases.HistoryAsync(Desk(), address, default));
        var document = Ok(await node.Cases.OpenAsync(Desk(), address, default)).Document;
        RecordJson.Bytes(RecordMachine.Replay(history.Lines.Select(line => line.Operation)).Value).ShouldBe(RecordJson.Bytes(document), "replay = document");
        var here = document.Fields["circumstances"].Claims.Select(claim => claim.Value.Text).ToHashSet(StringComparer.Ordinal);
        var chosenAway = history.Lines.SelectMany(line => line.Operation.Changes).Where(change => (change.Before?.Version ?? 0) == change.Base)
            .SelectMany(change => change.Before?.Claims ?? []).Select(claim => claim.Value.Text).ToHashSet(StringComparer.Ordinal);
        entered.Where(text => !here.Contains(text) && !chosenAway.Contains(text)).ShouldBeEmpty();
        entered.Count.ShouldBeGreaterThan(edits);
    }

    [Theory]
    [MemberData(nameof(StoreMatrix.Kinds), MemberType = typeof(StoreMatrix))]
    public async Task A_case_works_from_intake_to_search_on_both_stores(string kind)
    {
        await using var node = await OpenAsync(null, await StoreMatrix.OpenerAsync(kind));
        var (address, sought, _) = await node.TracingAsync();
        Ok(await node.Cases.ListAsync(Desk(), new("tracing") { Filters = new Dictionary<string, string> { ["cause"] = "shipwreck" } }, default)).Rows.Single().Address.ShouldBe(address);
        var match = Ok(await node.Cases.SearchPersonsAsync(Desk(), address, new("Hasan Aminah"), default)).Candidates[0];
        match.Address.ShouldBe(sought);
        Ok(await node.Cases.HandOverAsync(Desk(), address, HandOverAct.Offer, "protection/south", default));
        var race = await Task.WhenAll(node.Cases.HandOverAsync(Desk(), address, HandOverAct.Cancel, null, default), node.Cases.HandOverAsync(Desk(South), address, HandOverAct.Accept, null, default));
        race.Count(answer => answer.IsOk).ShouldBeGreaterThanOrEqualTo(1);
        Ok(await node.Cases.OpenAsync(Desk(), address, default)).Document.Control.Unit.ShouldBe("protection/north", "nothing is committed yet");
    }

    /// <summary>A store whose answers get lost now and then, before or after the write.</summary>
    private sealed class Flaky(IStore inner, Func<bool> broken) : IStore
    {
        private int _count;

        public StoreInfo Info => inner.Info;

        public IRecordStore Records => inner.Records;

        public ISeriesStore Series => inner.Series;

        public IBlobStore Blobs => inner.Blobs;

        public IQueue Queue => inner.Queue;

        public ILedgerStore Ledger => inner.Ledger;

        public async Task<Result<CommitReceipt>> CommitAsync(WriteSet writes, CancellationToken cancellationToken)
        {
            var turn = broken() ? Interlocked.Increment(ref _count) % 18 : 1;
            if (turn == 0)
            {
                return Error.Unavailable("store.unavailable", "Gone.", "不可用。");
            }

            var done = await inner.CommitAsync(writes, cancellationToken);
            return turn == 9 ? Error.Unavailable("store.unavailable", "Gone.", "不可用。") : done;
        }

        public Task<Result<StoreReport>> VerifyAsync(IProgress<StoreProgress>? progress, CancellationToken cancellationToken) => inner.VerifyAsync(progress, cancellationToken);

        public Task<Result<StoreReport>> BackupAsync(string folder, IProgress<StoreProgress>? progress, CancellationToken cancellationToken) => inner.BackupAsync(folder, progress, cancellationToken);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
