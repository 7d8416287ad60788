using System.Collections.Concurrent;
using Waymark.Casework.Documents;
using Waymark.Model;
using Waymark.Storage;

namespace Waymark.Casework.Registers;

/// <summary>
/// The editions of packs with which records were made. A node keeps the files of an edition before the first record is made with it, so that the record can be read,
/// worked on and migrated by what it was made with, whatever lies in the pack folder by then.
/// </summary>
internal sealed class KeptPacks(RegisterLibrary registers, IStore store)
{
    public const string Register = "casework.pack";

    private readonly ConcurrentDictionary<string, RegisterPlan?> _plans = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _kept = new(StringComparer.Ordinal);

    /// <summary>Keeps this edition; nothing when it is kept already.</summary>
    public async Task<Error?> KeepAsync(RegisterPlan plan, CancellationToken cancellationToken)
    {
        if (_kept.ContainsKey(plan.Hash))
        {
            return null;
        }

        if (await store.Records.GetAsync(Register, Id(plan.Id, plan.Hash), cancellationToken) is null)
        {
            var kept = new KeptPack(plan.Id, plan.Version, plan.Hash, plan.Source.Files.ToDictionary(file => file.Key, file => file.Value.ToArray(), StringComparer.Ordinal));
            var written = await store.CommitAsync(new()
            {
                Actor = "engine", Reason = "case.pack", Records = [new(Register, Id(plan.Id, plan.Hash), 0, RecordJson.Bytes(kept), RecordJson.Bytes(new { did = "kept" }), [new("register", plan.Id)])],
            }, cancellationToken);
            // Somebody else kept the same files meanwhile: they have the same hash.
            if (!written.IsOk && written.Error.Code != "store.conflict")
            {
                return written.Error;
            }
        }

        _kept[plan.Hash] = true;
        return null;
    }

    /// <summary>The edition a record names; null when it was not kept or is not sound any more.</summary>
    public async Task<RegisterPlan?> FindAsync(string register, string hash, CancellationToken cancellationToken)
    {
        if (registers.Find(register) is { } now && now.Hash == hash)
        {
            return now;
        }

        var id = Id(register, hash);
        if (_plans.TryGetValue(id, out var known))
        {
            return known;
        }

        var stored = hash.Length == 64 ? await store.Records.GetAsync(Register, id, cancellationToken) : null;
        var plan = stored is null ? null : registers.Compile(register, RecordJson.Read<KeptPack>(stored.Document.Span).Files);
        return _plans[id] = plan?.Hash == hash ? plan : null;
    }

    /// <summary>Editions of a register that are kept here, by version and hash.</summary>
    public async Task<IReadOnlyList<(string Version, string Hash)>> ListAsync(string register, CancellationToken cancellationToken)
    {
        var page = await store.Records.ListAsync(new(Register, [new("register", register)], Limit: 200), cancellationToken);
        return page.IsOk ? [.. page.Value.Records.Select(record => RecordJson.Read<KeptPack>(record.Document.Span)).Select(kept => (kept.Version, kept.Hash))] : throw new StoreException(page.Error);
    }

    private static string Id(string register, string hash) => register + "." + hash;

    private sealed record KeptPack(string Register, string Version, string Hash, Dictionary<string, byte[]> Files);
}
