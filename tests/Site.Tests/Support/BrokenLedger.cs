using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Waymark.App.Configuration;
using Waymark.App.Hosting;
using Waymark.Model;
using Waymark.Storage;

namespace Waymark.Site.Tests.Support;

/// <summary>An installation whose ledger does not answer while told so: nothing of it can be read, and no write with a leaf is taken.</summary>
internal sealed class BrokenLedger(IPlatformOpener inner) : IPlatformOpener
{
    public bool IsBroken { get; set; }

    public async Task<Result<StorePlatform>> OpenStoreAsync(Settings settings, TimeProvider time, CancellationToken cancellationToken)
    {
        var opened = await inner.OpenStoreAsync(settings, time, cancellationToken);
        return opened.IsOk ? new StorePlatform(settings, new Store(opened.Value.Store, this), opened.Value.Keys, time) : opened.Error;
    }

    public Task<Result<EvidencePlatform>> OpenEvidenceAsync(StorePlatform store, CancellationToken cancellationToken) => inner.OpenEvidenceAsync(store, cancellationToken);

    private static Error Down() => Error.Unavailable("store.unavailable", "The ledger's tables do not answer.", "账本表无应答。");

    private sealed class Store(IStore inner, BrokenLedger owner) : StoreInFront(inner)
    {
        public override ILedgerStore Ledger => owner.IsBroken ? DispatchProxy.Create<ILedgerStore, Silent>() : Inner.Ledger;

        public override Task<Result<CommitReceipt>> CommitAsync(WriteSet writes, CancellationToken cancellationToken) =>
            owner.IsBroken && writes.Leaves.Count > 0 ? Task.FromResult(Result<CommitReceipt>.Fail(Down())) : Inner.CommitAsync(writes, cancellationToken);
    }

    /// <summary>Answers every question with the store's exception.</summary>
    [SuppressMessage("Performance", "CA1852", Justification = "DispatchProxy derives from it.")]
    private class Silent : DispatchProxy
    {
        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => throw new StoreException(Down());
    }
}
