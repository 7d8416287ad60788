using System.Text.Json;
using Waymark.Audit.Contracts;
using Waymark.Model;
using Waymark.Protection.Contracts;
using Waymark.Protection.Domain;
using Waymark.Storage;

namespace Waymark.Protection.Features;

/// <summary>Consents on the record port, each sealed under the key of its person.</summary>
public sealed class Consents(IStore store, IKeyStore keys, TimeProvider time) : IConsents
{
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(366 * 2);
    private readonly PersonVault _vault = new(keys);
    private readonly ActLeaves _leaves = new(keys);

    public async Task<Result<bool>> RecordAsync(Consent consent, CancellationToken cancellationToken)
    {
        var write = await PrepareAsync(consent, cancellationToken);
        return write.IsOk ? await CommitAsync(consent, write.Value, cancellationToken) : write.Error;
    }

    public async Task<Result<RecordWrite>> PrepareAsync(Consent consent, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (consent.Choice == ConsentChoice.Withdrawn || consent.Purpose.Length is 0 or > 64 || consent.Recipient.Length is 0 or > 64 || consent.TextVersion.Length == 0
            || consent.Language.Length == 0 || consent.At > now.AddMinutes(5) || (consent.Expires is { } ends && (ends <= consent.At || ends > consent.At + s_longest)))
        {
            return Error.Invalid("consent.invalid", "A consent names one purpose, one recipient, the text and its language, and ends within two years.",
                "同意须写明一个目的、一个接收方、文本及其语言，并在两年内到期。");
        }

        var (known, version) = await ReadAsync(consent.Person, consent.Purpose, consent.Recipient, cancellationToken);
        return known?.Choice == ConsentChoice.Withdrawn && consent.At <= known.At
            ? Error.Refused("consent.withdrawn", "The person withdrew this consent; only the person can agree anew.", "当事人已撤回此同意；只有本人可重新同意。")
            : await SealAsync(consent, version, cancellationToken);
    }

    public async Task<IReadOnlyList<Consent>> OfAsync(string person, CancellationToken cancellationToken)
    {
        var handle = await _vault.HandleAsync(person, cancellationToken);
        var page = handle.IsOk ? await ListAsync(handle.Value, cancellationToken) : handle.Error;
        var found = new List<Consent>();
        foreach (var record in page.TryGet(out var records) ? records : throw new StoreException(page.Error!))
        {
            if (await OpenAsync(record, handle.Value, cancellationToken) is { } consent)
            {
                found.Add(consent);
            }
        }

        return [.. found.OrderByDescending(consent => consent.At)];
    }

    public async Task<Result<bool>> WithdrawAsync(string person, string? purpose, string channel, CancellationToken cancellationToken)
    {
        var handle = await _vault.HandleAsync(person, cancellationToken);
        if (!handle.IsOk)
        {
            return handle.Error;
        }

        var page = await ListAsync(handle.Value, cancellationToken);
        if (!page.IsOk)
        {
            return page.Error;
        }

        foreach (var record in page.Value)
        {
            if (await OpenAsync(record, handle.Value, cancellationToken) is { } consent && consent.Choice == ConsentChoice.Given && (purpose is null || consent.Purpose == purpose))
            {
                var withdrawn = consent with { Choice = ConsentChoice.Withdrawn, At = time.GetUtcNow(), Expires = null, RecordedBy = channel };
                var write = await SealAsync(withdrawn, record.Version, cancellationToken);
                var done = write.IsOk ? await CommitAsync(withdrawn, write.Value, cancellationToken) : write.Error;
                if (!done.IsOk)
                {
                    return done.Error;
                }
            }
        }

        return true;
    }

    public async Task<Consent?> FindAsync(string person, string purpose, string recipient, CancellationToken cancellationToken)
    {
        var consent = await LastAsync(person, purpose, recipient, cancellationToken);
        return consent is { Choice: ConsentChoice.Given, Expires: { } ends } && ends <= time.GetUtcNow() ? null : consent;
    }

    public async Task<Consent?> LastAsync(string person, string purpose, string recipient, CancellationToken cancellationToken) =>
        (await ReadAsync(person, purpose, recipient, cancellationToken)).Consent;

    public async Task<IReadOnlyDictionary<string, Consent>> LastAsync(IReadOnlyCollection<string> persons, string purpose, string recipient, CancellationToken cancellationToken)
    {
        var (handles, found) = (new Dictionary<string, (string Person, string Handle)>(StringComparer.Ordinal), new Dictionary<string, Consent>(StringComparer.Ordinal));
        foreach (var person in persons)
        {
            var handle = await _vault.HandleAsync(person, cancellationToken);
            handles[Id(handle.IsOk ? handle.Value : throw new StoreException(handle.Error), purpose, recipient)] = (person, handle.Value);
        }

        foreach (var ids in handles.Keys.Chunk(1_000))
        {
            foreach (var record in await store.Records.GetManyAsync(RecordPartition.General, Registers.Consent, ids, cancellationToken))
            {
                var (person, handle) = handles[record.Id];
                if (await OpenAsync(record, handle, cancellationToken) is { } consent)
                {
                    found[person] = consent;
                }
            }
        }

        return found;
    }

    private async Task<(Consent? Consent, long Version)> ReadAsync(string person, string purpose, string recipient, CancellationToken cancellationToken)
    {
        var handle = await _vault.HandleAsync(person, cancellationToken);
        var record = handle.IsOk ? await store.Records.GetAsync(Registers.Consent, Id(handle.Value, purpose, recipient), cancellationToken) : throw new StoreException(handle.Error);
        return record is null ? (null, 0) : (await OpenAsync(record, handle.Value, cancellationToken), record.Version);
    }

    private async Task<Consent?> OpenAsync(StoredRecord record, string handle, CancellationToken cancellationToken) =>
        await _vault.OpenAsync(record.Id, [handle], Registers.Read<Sealed>(record).Content, cancellationToken) is { } content ? JsonSerializer.Deserialize<Consent>(content, Registers.Json) : null;

    private async Task<Result<IReadOnlyList<StoredRecord>>> ListAsync(string handle, CancellationToken cancellationToken) =>
        (await store.Records.ListAsync(new(Registers.Consent, [new("person", handle)], Limit: 1_000), cancellationToken)).Select(page => page.Records);

    private async Task<Result<RecordWrite>> SealAsync(Consent consent, long version, CancellationToken cancellationToken)
    {
        var handle = await _vault.HandleAsync(consent.Person, cancellationToken);
        if (!handle.IsOk)
        {
            return handle.Error;
        }

        var id = Id(handle.Value, consent.Purpose, consent.Recipient);
        var content = await _vault.SealAsync(id, [handle.Value], Registers.Bytes(consent), cancellationToken);
        return content.IsOk ? Registers.Write(Registers.Consent, id, version, new Sealed(content.Value), "chosen", new RecordHead("person", handle.Value)) : content.Error;
    }

    private async Task<Result<bool>> CommitAsync(Consent consent, RecordWrite write, CancellationToken cancellationToken)
    {
        var written = await store.CommitAsync(
            _leaves, new() { Actor = consent.RecordedBy, Reason = "consent." + consent.Choice.ToString().ToLowerInvariant(), Records = [write] },
            [consent.Person], time.GetUtcNow(), cancellationToken);
        return written.IsOk ? true : written.Error;
    }

    private static string Id(string handle, string purpose, string recipient) => $"{handle}.{purpose}.{recipient}";

    private sealed record Sealed(byte[] Content);
}
