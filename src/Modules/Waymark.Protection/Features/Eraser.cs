using Waymark.Audit.Contracts;
using Waymark.Model;
using Waymark.Protection.Domain;
using Waymark.Storage;

namespace Waymark.Protection.Features;

/// <summary>
/// Erases one person: that it begins is in the ledger first, while the person's salt still binds the leaf; then key and salt are destroyed; then the rows
/// go that name the person in lists, with the sealed bytes that nobody can read any more; that it is done is entered last.
/// </summary>
internal sealed class Eraser(IStore store, IKeyStore keys, TimeProvider time)
{
    public const string Register = "protection.erasure";
    private readonly ActLeaves _leaves = new(keys);

    public async Task<Result<bool>> EraseAsync(string person, string handle, string first, string second, IReadOnlyList<RecordWrite> used, CancellationToken cancellationToken)
    {
        var id = Ids.New();
        var now = time.GetUtcNow();
        var begun = await store.CommitAsync(
            _leaves, new() { Actor = second, Reason = "person.erasure-begun", Records = [Registers.Write(Register, id, 0, new Erasure(handle, first, second, now, null), "begun", new RecordHead("state", "begun")), .. used] },
            [person], now, cancellationToken);
        if (!begun.IsOk && begun.Error.Code != "keys.destroyed")
        {
            return begun.Error;
        }

        // Keys before rows: after a crash in between, what is left is already unreadable, and the rows go with the next try.
        await new PersonVault(keys).EraseAsync(handle, cancellationToken);
        await new PersonSalts(keys).EraseAsync(SaltKind.Subject, person, cancellationToken);
        foreach (var register in new[] { DecisionWriter.IndexRegister, Registers.Consent })
        {
            if (await RemoveAsync(register, handle, second, cancellationToken) is { } problem)
            {
                return problem;
            }
        }

        // From here on nothing says whom it was about.
        var done = await store.CommitAsync(
            _leaves, new() { Actor = second, Reason = "person.erased", Records = [Registers.Write(Register, id, begun.IsOk ? 1 : 0, new Erasure("", first, second, now, time.GetUtcNow()), "done", new RecordHead("state", "done"))] },
            [], time.GetUtcNow(), cancellationToken);
        return done.IsOk ? true : done.Error;
    }

    private async Task<Error?> RemoveAsync(string register, string handle, string actor, CancellationToken cancellationToken)
    {
        while (true)
        {
            var page = await store.Records.ListAsync(new(register, [new("person", handle)], Limit: 100), cancellationToken);
            if (!page.IsOk)
            {
                return page.Error;
            }

            if (page.Value.Records.Count == 0)
            {
                return null;
            }

            var writes = new List<RecordWrite>();
            foreach (var record in page.Value.Records)
            {
                writes.Add(new(register, record.Id, record.Version, null, Registers.Bytes(new { did = "erased" }), []));
                if (register == DecisionWriter.IndexRegister && await store.Records.GetAsync(Registers.Decision, record.Id[(handle.Length + 1)..], cancellationToken) is { } decision)
                {
                    var document = Registers.Read<DecisionDocument>(decision);
                    writes.Add(DecisionWriter.Write(document with { Persons = [], Sealed = null, Matter = "erased" }, decision.Version));
                }
            }

            var written = await store.CommitAsync(new() { Actor = actor, Reason = "person.erased", Records = writes }, cancellationToken);
            if (!written.IsOk)
            {
                return written.Error;
            }
        }
    }

    private sealed record Erasure(string Handle, string First, string Second, DateTimeOffset BegunAt, DateTimeOffset? DoneAt);
}
