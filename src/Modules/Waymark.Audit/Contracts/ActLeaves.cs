using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Waymark.Ledger;
using Waymark.Model;
using Waymark.Storage;

namespace Waymark.Audit.Contracts;

/// <summary>
/// Gives a write set the leaf that stands for it, so that an act and its entry are one commit. The leaf commits to who acted, whom it concerned and the
/// digests of what was written; beside it stands one record of the register <see cref="Register"/> under the leaf's id, which opens the commitment and
/// names nobody concerned. After a person's salt is destroyed the proof of the leaf holds as before, and nothing ties it to the person any more.
/// </summary>
public sealed class ActLeaves(IKeyStore keys)
{
    /// <summary>What acts there were, by the id of their leaf; heads <c>at</c>, <c>act</c> and <c>part</c> (the digest of the first record written).</summary>
    public const string Register = "audit.act";

    private readonly PersonSalts _salts = new(keys);

    /// <summary>
    /// The write set with its leaf and the record that opens it. The act is the set's reason. <paramref name="subjects"/> are persons of the registers,
    /// <paramref name="staff"/> members of staff whom the act concerns (an account that was ended). Errors: those of the key store, and
    /// <c>keys.destroyed</c> for a person who was erased.
    /// </summary>
    public async Task<Result<WriteSet>> AddAsync(
        WriteSet writes, IReadOnlyList<string> subjects, DateTimeOffset at, CancellationToken cancellationToken, IReadOnlyList<string>? staff = null)
    {
        var actorSalt = await _salts.OfAsync(SaltKind.Actor, writes.Actor, cancellationToken);
        if (!actorSalt.IsOk)
        {
            return actorSalt.Error;
        }

        var concerned = await SaltsAsync(subjects, staff ?? [], cancellationToken);
        if (!concerned.IsOk)
        {
            return concerned.Error;
        }

        var act = new ActRecord(writes.Reason, writes.Actor, at.ToUnixTimeMilliseconds(), [.. writes.Records.Select(PartOf)]);
        var leaf = Leaf(LeafId.New(at), writes.Actor, actorSalt.Value, concerned.Value, act.Content());
        var record = new RecordWrite(Register, leaf.Id.ToString(), 0, JsonSerializer.SerializeToUtf8Bytes(act, ActRecord.Json), "{\"did\":\"entered\"}"u8.ToArray(),
            [
                new("at", at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)), new("act", writes.Reason),
                .. act.Parts.Take(1).Select(part => new RecordHead("part", part)),
            ]);
        return writes with { Records = [.. writes.Records, record], Leaves = [.. writes.Leaves, leaf.Encode()] };
    }

    /// <summary>
    /// Whether the leaf stands for this act and these persons: true or false as long as the salts are there, null once one was destroyed.
    /// </summary>
    public async Task<bool?> StandsForAsync(
        LedgerLeaf leaf, StoredRecord act, IReadOnlyList<string> subjects, CancellationToken cancellationToken, IReadOnlyList<string>? staff = null)
    {
        var written = JsonSerializer.Deserialize<ActRecord>(act.Document.Span, ActRecord.Json)!;
        var concerned = new List<(string Id, byte[] Salt)>();
        foreach (var (kind, id) in subjects.Select(id => (SaltKind.Subject, id)).Concat((staff ?? []).Select(id => (SaltKind.Actor, id))))
        {
            if (await _salts.FindAsync(kind, id, cancellationToken) is not { } salt)
            {
                return null;
            }

            concerned.Add((id, salt));
        }

        return await _salts.FindAsync(SaltKind.Actor, written.Actor, cancellationToken) is not { } actorSalt ? null
            : leaf.Id.ToString() == act.Id && Same(leaf, Leaf(leaf.Id, written.Actor, actorSalt, concerned, written.Content()), concerned.Count > 0);
    }

    /// <summary>The digest under which a record at a version stands in acts; a removed record has no document.</summary>
    public static string PartOf(string register, string id, long version, ReadOnlyMemory<byte>? document) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Create(CultureInfo.InvariantCulture, $"waymark.part/1\n{register}\n{id}\n{version}\n{(document is { } bytes ? Convert.ToHexStringLower(SHA256.HashData(bytes.Span)) : "removed")}"))));

    /// <summary>The leaf over commitments: the actor under the own salt, each person concerned under theirs.</summary>
    public static LedgerLeaf Leaf(LeafId id, string actor, byte[] actorSalt, IReadOnlyList<(string Id, byte[] Salt)> concerned, ReadOnlySpan<byte> content)
    {
        var who = Commitment.To(actorSalt, id, CommitmentSlot.Actor, Encoding.UTF8.GetBytes(actor));
        if (concerned.Count == 0)
        {
            return new(id, who, Commitment.None(), Commitment.To(actorSalt, id, CommitmentSlot.Content, content));
        }

        var (subjects, contents) = (new List<Commitment>(), new List<Commitment>());
        foreach (var (person, salt) in concerned)
        {
            subjects.Add(Commitment.To(salt, id, CommitmentSlot.Subject, Encoding.UTF8.GetBytes(person)));
            contents.Add(Commitment.To(salt, id, CommitmentSlot.Content, content));
        }

        return new(id, who, Commitment.Join(subjects), Commitment.Join(contents));
    }

    // Where nobody is concerned the slot holds random bytes; it says nothing and is not compared.
    private static bool Same(LedgerLeaf left, LedgerLeaf right, bool withSubject) =>
        left.Actor == right.Actor && left.Content == right.Content && (!withSubject || left.Subject == right.Subject);

    private static string PartOf(RecordWrite write) => PartOf(write.Register, write.Id, write.ExpectedVersion + 1, write.Document);

    private async Task<Result<IReadOnlyList<(string Id, byte[] Salt)>>> SaltsAsync(IReadOnlyList<string> subjects, IReadOnlyList<string> staff, CancellationToken cancellationToken)
    {
        var all = new List<(string Id, byte[] Salt)>();
        foreach (var (kind, id) in subjects.Select(id => (SaltKind.Subject, id)).Concat(staff.Select(id => (SaltKind.Actor, id))))
        {
            var salt = await _salts.OfAsync(kind, id, cancellationToken);
            if (!salt.IsOk)
            {
                return salt.Error;
            }

            all.Add((id, salt.Value));
        }

        return all;
    }

    private sealed record ActRecord(string Act, string Actor, long At, IReadOnlyList<string> Parts)
    {
        public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web);

        /// <summary>The bytes that the leaf commits to.</summary>
        public byte[] Content() => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"waymark.act/1\n{Act}\n{At}\n{string.Join('\n', Parts)}\n"));
    }
}
