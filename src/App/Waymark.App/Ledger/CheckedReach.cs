using Waymark.Audit.Contracts;
using Waymark.Model;

namespace Waymark.App.Ledger;

/// <summary>
/// A ledger that counts as out of reach until the node's packs and clock were judged against it: a server that starts while the ledger does not answer, or without
/// asking at all, does nothing but protect until it may have started (M74, M88).
/// </summary>
public sealed class CheckedReach(ILedgerReach inner, Func<CancellationToken, Task<Error?>> mayStart) : ILedgerReach, IDisposable
{
    private readonly SemaphoreSlim _one = new(1, 1);
    private Error? _refusal;
    private volatile bool _isJudged;

    public async Task<Error?> OutAsync(CancellationToken cancellationToken)
    {
        if (await inner.OutAsync(cancellationToken) is { } problem)
        {
            return problem;
        }

        return _isJudged ? _refusal : await JudgeAsync(cancellationToken);
    }

    public void Dispose() => _one.Dispose();

    private async Task<Error?> JudgeAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (_isJudged)
            {
                return _refusal;
            }

            var found = await mayStart(cancellationToken);
            if (found is not { Kind: ErrorKind.Unavailable })
            {
                (_refusal, _isJudged) = (found, true);
            }

            return found;
        }
        finally
        {
            _one.Release();
        }
    }
}
