using System.Text;
using Waymark.Audit.Contracts;
using Waymark.Model;
using Waymark.Protection.Domain;
using Waymark.Storage;

namespace Waymark.Protection.Features;

/// <summary>
/// Erases one person: that it begins is in the ledger first, while the person's salt still binds the leaf; then key and salt are destroyed; then the rows
/// go that name the person in lists, with the sealed bytes that nobody can read any more; that it is done is entered last. What was begun is found again by
/// its state, so that a machine that stops in between leaves nothing half done.
/// </summary>
internal sealed class Eraser(IStore store, IKeyStore keys, TimeProvider time)
{
    public const string Register = "protection.erasure";
    private static readonly TimeSpan s_atOnce = TimeSpan.FromMinutes(1);
    private readonly ActLeaves _leaves = new(keys);
    private readonly PersonVault _vault = new(keys);

    /// <summary>Enters the beginning, with what allowed it used up in the same commit.</summary>
    public async Task<Result<bool>> BeginAsync(string person, string handle, string first, string second, IReadOnlyList<RecordWrite> used, CancellationToken cancellationToken)
    {
        // Whom it is about is needed to go on after a stop; it goes when all is done.
        var (id, now) = (Ids.New(), time.GetUtcNow());
        var whom = await _vault.SealAsync(Register + "/" + id, [], Encoding.UTF8.GetBytes(person), cancellationToken);
        if (!whom.IsOk)
        {
            return whom.Error;
        }

        var writes = new WriteSet
        {
            Actor = second, Reason = "person.erasure-begun",
            Records = [Registers.Write(Register, id, 0, new Erasure(first, second, now, null, whom.Value), "begun", new RecordHead("state", "begun"), new RecordHead("person", handle)), .. used],
        };
        var begun = await store.CommitAsync(_leaves, writes, [person], now, cancellationToken);
        if (begun.Error?.Code == "keys.destroyed")
        {
            // Somebody erased before, of whom something was entered again.
            begun = await store.CommitAsync(_leaves, writes, [], now, cancellationToken);
        }

        return begun.IsOk ? true : begun.Error;
    }

    /// <summary>Goes on to the end. Everything in it may be done twice.</summary>
    public async Task<Result<bool>> FinishAsync(string person, string handle, CancellationToken cancellationToken)
    {
        var open = await store.Records.ListAsync(new(Register, [new("person", handle)], Limit: 100), cancellationToken);
        if (!open.IsOk || open.Value.Records.Count == 0)
        {
            return open.Error ?? Error.NotFound("erasure.not-begun", "No erasing was begun.", "未开始任何删除。");
        }

        // Keys before rows: after a crash in between, what is left is already unreadable, and the rows go with the next try.
        var actor = Registers.Read<Erasure>(open.Value.Records[0]).Second;
        await _vault.EraseAsync(handle, cancellationToken);
        await new PersonSalts(keys).EraseAsync(SaltKind.Subject, person, cancellationToken);
        foreach (var register in new[] { DecisionWriter.IndexRegister, Registers.Consent })
        {
            if (await RemoveAsync(register, handle, actor, cancellationToken) is { } problem)
            {
                return problem;
            }
        }

        // From here on nothing says whom it was about.
        var now = time.GetUtcNow();
        var done = await store.CommitAsync(
            _leaves, new()
            {
                Actor = actor, Reason = "person.erased",
                Records = [.. open.Value.Records.Select(record => Registers.Write(Register, record.Id, record.Version, Registers.Read<Erasure>(record) with { DoneAt = now, Whom = null }, "done", new RecordHead("state", "done")))],
            },
            [], now, cancellationToken);
        return done.IsOk ? true : done.Error;
    }

    public async Task<IReadOnlyList<string>> UnfinishedAsync(CancellationToken cancellationToken)
    {
        var page = await store.Records.ListAsync(new(Register, [new("state", "begun")], Limit: 100), cancellationToken);
        var persons = new List<string>();
        foreach (var record in page.IsOk ? page.Value.Records : throw new StoreException(page.Error))
        {
            var begun = Registers.Read<Erasure>(record);
            if (time.GetUtcNow() - begun.BegunAt >= s_atOnce && await _vault.OpenAsync(Register + "/" + record.Id, [], begun.Whom, cancellationToken) is { } whom)
            {
                persons.Add(Encoding.UTF8.GetString(whom));
            }
        }

        return persons;
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

    private sealed record Erasure(string First, string Second, DateTimeOffset BegunAt, DateTimeOffset? DoneAt, byte[]? Whom);
}
