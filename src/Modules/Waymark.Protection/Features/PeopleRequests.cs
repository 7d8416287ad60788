using System.Security.Cryptography;
using System.Text;
using Waymark.Model;
using Waymark.Protection.Contracts;
using Waymark.Protection.Domain;
using Waymark.Storage;

namespace Waymark.Protection.Features;

/// <summary>Requests of persons on the record port; found by the hash of their code only.</summary>
public sealed class PeopleRequests(IStore store, IKeyStore keys, TimeProvider time) : IPeopleRequests
{
    private static readonly string[] s_kinds = ["access", "correction", "erasure", "objection", "who-looked", "complaint"];
    private readonly PersonVault _vault = new(keys);

    public async Task<Result<string>> TakeAsync(string person, string kind, string channel, CancellationToken cancellationToken)
    {
        if (!s_kinds.Contains(kind, StringComparer.Ordinal) || channel.Length is 0 or > 64)
        {
            return Error.Invalid("request.kind", $"A request is one of {string.Join(", ", s_kinds)}.", $"请求种类须为 {string.Join("、", s_kinds)} 之一。", "kind");
        }

        var handle = await _vault.HandleAsync(person, cancellationToken);
        if (!handle.IsOk)
        {
            return handle.Error;
        }

        var code = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var taken = new Taken(handle.Value, kind, channel, time.GetUtcNow(), RequestStatus.Received);
        var written = await store.CommitAsync(
            new() { Actor = "person", Reason = "request.taken", Records = [Registers.Write(Registers.Request, Key(code), 0, taken, "taken", new RecordHead("person", handle.Value))] }, cancellationToken);
        return written.IsOk ? string.Join('-', Enumerable.Range(0, 8).Select(part => code.Substring(part * 4, 4))) : written.Error;
    }

    public async Task<RequestStatus?> StatusAsync(string code, CancellationToken cancellationToken) =>
        await store.Records.GetAsync(Registers.Request, Key(Plain(code)), cancellationToken) is { } record ? Registers.Read<Taken>(record).Status : null;

    public async Task<Result<bool>> MoveAsync(string code, RequestStatus status, string actor, CancellationToken cancellationToken)
    {
        var key = Key(Plain(code));
        if (await store.Records.GetAsync(Registers.Request, key, cancellationToken) is not { } record)
        {
            return Error.NotFound("request.unknown", "There is no such request.", "没有此请求。");
        }

        var taken = Registers.Read<Taken>(record) with { Status = status };
        var written = await store.CommitAsync(
            new() { Actor = actor, Reason = "request.moved", Records = [Registers.Write(Registers.Request, key, record.Version, taken, "moved", new RecordHead("person", taken.Person))] }, cancellationToken);
        return written.IsOk ? true : written.Error;
    }

    // As much work for a code that is none as for one that is: one hash, one look.
    private static string Plain(string code)
    {
        var plain = string.Concat(code.Where(char.IsAsciiHexDigit).Take(64)).ToLowerInvariant();
        return plain.Length == 32 ? plain : "none";
    }

    private static string Key(string code) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("waymark.request/1\n" + code)));

    private sealed record Taken(string Person, string Kind, string Channel, DateTimeOffset At, RequestStatus Status);
}
