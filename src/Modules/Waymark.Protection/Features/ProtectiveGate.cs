using System.Text.Json;
using Waymark.Audit.Contracts;
using Waymark.Ledger;
using Waymark.Model;
using Waymark.Protection.Contracts;
using Waymark.Protection.Domain;
using Waymark.Storage;

namespace Waymark.Protection.Features;

/// <summary>
/// Protective acts over the store, and over the local leaf when the ledger is out of reach. <paramref name="store"/> is null where it cannot even be opened.
/// </summary>
public sealed class ProtectiveGate(IStore? store, IKeyStore keys, ILedgerReach? reach, IProtectiveLedger local, IConsents? consents, TimeProvider time) : IProtectiveGate
{
    public const string Register = "protection.protective-act";
    private static readonly TimeSpan s_lease = TimeSpan.FromMinutes(2);
    private readonly PersonVault _vault = new(keys);
    private readonly PersonSalts _salts = new(keys);

    public async Task<Result<ProtectiveReceipt>> ProtectAsync(ProtectiveRequest request, Func<string, WriteSet>? effect, CancellationToken cancellationToken)
    {
        if (!ProtectiveActs.All.Contains(request.Act, StringComparer.Ordinal))
        {
            return Error.Refused("ledger.not-protective", "Without the ledger, only acts that protect go on.", "账本不可用时，只有保护性行为可以继续。", request.Act);
        }

        if (request.Note.Trim().Length is 0 or > 500 || request.Persons.Count is 0 or > Gate.MostPersons)
        {
            return Error.Invalid("protect.invalid", $"An act that protects names 1 to {Gate.MostPersons} persons and says in at most 500 characters what to do.",
                $"保护性行为须指明 1 至 {Gate.MostPersons} 人，并以不超过 500 字说明应做之事。");
        }

        if (!request.Actor.Units.Contains(request.Unit, StringComparer.Ordinal))
        {
            return Error.Refused("gate.unit", "This matter belongs to another unit.", "此事项属于其他单位。");
        }

        var at = time.GetUtcNow();
        var made = await MakeAsync(request, at, cancellationToken);
        if (!made.IsOk)
        {
            return made.Error;
        }

        var (leaf, content) = made.Value;
        var id = leaf.Id.ToString();
        if (store is not null && (reach is null || await reach.OutAsync(cancellationToken) is null))
        {
            // What a person withdrew is withdrawn first, with a leaf of its own; once more does no harm.
            var written = await WithdrawAsync(request, cancellationToken) is { } problem ? Result<CommitReceipt>.Fail(problem)
                : await store.CommitAsync(Writes(id, content, request.Actor.Account, request.Act, effect?.Invoke(id)) with { Leaves = [leaf.Encode()] }, cancellationToken);
            if (written.IsOk)
            {
                return new ProtectiveReceipt(id, at, false, true);
            }

            if (written.Error.Kind != ErrorKind.Unavailable)
            {
                return written.Error;
            }
        }

        // Audit before effect here, too: the line is signed and flushed before anything is done.
        var noted = await local.WriteAsync(request.Act, leaf, content, cancellationToken);
        if (!noted.IsOk)
        {
            return noted.Error;
        }

        // The store may answer although nobody numbers or witnesses its leaves: then the person is protected now and not only later.
        var isWritten = effect is not null && store is not null && (await store.CommitAsync(effect(id), cancellationToken)).IsOk;
        return new ProtectiveReceipt(id, noted.Value.At, true, isWritten);
    }

    public async Task<int> ApplyAsync(CancellationToken cancellationToken)
    {
        var applied = 0;
        while (store is not null && await store.Queue.LeaseAsync(ProtectiveActs.Queue, "protection", s_lease, cancellationToken) is { } job)
        {
            var id = JsonSerializer.Deserialize<LeafName>(job.Payload.Span, Registers.Json)!.Leaf;
            var problem = await ApplyAsync(id, cancellationToken);
            if (problem is not null)
            {
                _ = await store.Queue.FailAsync(job, problem, time.GetUtcNow().AddMinutes(1), cancellationToken);
                return applied;
            }

            applied += (await store.Queue.CompleteAsync(job, "{}"u8.ToArray(), cancellationToken)).IsOk ? 1 : 0;
        }

        return applied;
    }

    private async Task<Error?> ApplyAsync(string id, CancellationToken cancellationToken)
    {
        if (await store!.Records.GetAsync(ProtectiveActs.Register, id, cancellationToken) is not { } record || await store.Records.GetAsync(Register, id, cancellationToken) is not null)
        {
            return null;
        }

        var line = JsonSerializer.Deserialize<EnteredLine>(record.Document.Span, Registers.Json)!;
        var written = await store.CommitAsync(Writes(id, line.Content, "ledger", line.Act, null), cancellationToken);
        if (!written.IsOk)
        {
            return written.Error.Code == "store.conflict" ? null : written.Error;
        }

        var sealedAct = JsonSerializer.Deserialize<SealedAct>(line.Content, Registers.Json)!;
        return await _vault.OpenAsync(id, sealedAct.Handles, sealedAct.Content, cancellationToken) is { } content
            ? await WithdrawAsync(JsonSerializer.Deserialize<ProtectiveRequest>(content, Registers.Json)!, cancellationToken) : null;
    }

    // The record of the act, sealed, and the duty of whoever carries it out.
    private WriteSet Writes(string id, byte[] content, string account, string act, WriteSet? effect)
    {
        var own = new WriteSet
        {
            Actor = account, Reason = act,
            Records =
            [
                new(Register, id, 0, Registers.Bytes(new { act, content }), Registers.Bytes(new { did = "protected" }), [new("at", Registers.Time(time.GetUtcNow())), new("act", act)]),
                .. act == ProtectiveActs.WithdrawConsent ? [] : new[] { DutyBook.Write(new(id, id, account, "", time.GetUtcNow(), [new(act, null, time.GetUtcNow())]), 0, "arose") },
            ],

        };
        return effect is null ? own : effect with { Records = [.. effect.Records, .. own.Records] };
    }

    private async Task<Error?> WithdrawAsync(ProtectiveRequest request, CancellationToken cancellationToken)
    {
        foreach (var person in request.Act == ProtectiveActs.WithdrawConsent && consents is not null ? request.Persons : [])
        {
            var done = await consents!.WithdrawAsync(person, null, request.Actor.Account, cancellationToken);
            if (!done.IsOk)
            {
                return done.Error;
            }
        }

        return null;
    }

    private async Task<Result<(LedgerLeaf Leaf, byte[] Content)>> MakeAsync(ProtectiveRequest request, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var actorSalt = await _salts.OfAsync(SaltKind.Actor, request.Actor.Account, cancellationToken);
        if (!actorSalt.IsOk)
        {
            return actorSalt.Error;
        }

        var (concerned, handles) = (new List<(string, byte[])>(), new List<string>());
        foreach (var person in request.Persons)
        {
            var salt = await _salts.OfAsync(SaltKind.Subject, person, cancellationToken);
            var handle = await _vault.HandleAsync(person, cancellationToken);
            if (!salt.IsOk || !handle.IsOk)
            {
                return salt.Error ?? handle.Error!;
            }

            concerned.Add((person, salt.Value));
            handles.Add(handle.Value);
        }

        var id = LeafId.New(at);
        var sealedContent = await _vault.SealAsync(id.ToString(), handles, Registers.Bytes(request), cancellationToken);
        if (!sealedContent.IsOk)
        {
            return sealedContent.Error;
        }

        var content = Registers.Bytes(new SealedAct(handles, sealedContent.Value));
        return (ActLeaves.Leaf(id, request.Actor.Account, actorSalt.Value, concerned, content), content);
    }

    private sealed record LeafName(string Leaf);

    private sealed record EnteredLine(string Act, byte[] Content);

    private sealed record SealedAct(IReadOnlyList<string> Handles, byte[] Content);
}
