using System.Security.Cryptography;
using System.Text;
using Waymark.Casework.Registers;
using Waymark.Model;
using Waymark.Storage;

namespace Waymark.Casework.Documents;

/// <summary>
/// Seals what is stored about persons. A record lies in sections: what is about the work under the partition's key, what is about a person under the partition's and
/// that person's key together, so that erasing the person takes it out of documents, operations and every backup. The key of a person is the one that the
/// gate's module keeps too: erased there, gone here. A record of case work has a key of its own besides, so that it can end while its persons stay in others.
/// </summary>
internal sealed class RecordVault(IKeyStore keys)
{
    private const string NodeKey = "protection.node";

    /// <summary>Keys for one record at one moment, fetched before the commit so that sealing itself waits for nothing.</summary>
    internal sealed class Ring(byte[] partition, IReadOnlyDictionary<string, byte[]> persons)
    {
        /// <summary>The same ring with the key of one record, for what belongs to that record alone; null where no record was asked for, or its key was destroyed.</summary>
        public Ring? OfRecord { get; init; }

        /// <summary>True for a person whose key is there; false once erased.</summary>
        public bool Has(string person) => persons.ContainsKey(person);

        public byte[] Seal(string name, IReadOnlyList<string> owners, ReadOnlySpan<byte> content)
        {
            var made = new byte[28 + content.Length];
            RandomNumberGenerator.Fill(made.AsSpan(0, 12));
            using var cipher = new AesGcm(Key(owners)!, 16);
            cipher.Encrypt(made.AsSpan(0, 12), content, made.AsSpan(28), made.AsSpan(12, 16), Encoding.UTF8.GetBytes(name));
            return made;
        }

        /// <summary>The content; null when a person was erased. Other bytes than were sealed under this name throw.</summary>
        public byte[]? Open(string name, IReadOnlyList<string> owners, ReadOnlySpan<byte> made)
        {
            if (Key(owners) is not { } key || made.Length < 28)
            {
                return null;
            }

            var content = new byte[made.Length - 28];
            using var cipher = new AesGcm(key, 16);
            try
            {
                cipher.Decrypt(made[..12], made[28..], made[12..28], content, Encoding.UTF8.GetBytes(name));
            }
            catch (AuthenticationTagMismatchException)
            {
                throw new StoreException(Error.Unavailable("store.corrupt", "A sealed record is not what was written.", "封存的记录与写入时不符。", name));
            }

            return content;
        }

        private byte[]? Key(IReadOnlyList<string> owners)
        {
            var all = new List<byte>(partition);
            foreach (var owner in owners)
            {
                if (!persons.TryGetValue(owner, out var key))
                {
                    return null;
                }

                all.AddRange(key);
            }

            return HKDF.DeriveKey(HashAlgorithmName.SHA256, [.. all], 32, info: "waymark.casework/1"u8.ToArray());
        }
    }

    /// <param name="partition">Where the record lies.</param>
    /// <param name="persons">Whose keys are needed.</param>
    /// <param name="create">Whether keys that do not exist yet are made. Error <c>keys.destroyed</c> for a record that was erased.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <param name="record">Register and id of the record whose own key is needed too.</param>
    public async Task<Result<Ring>> RingAsync(RecordPartition partition, IEnumerable<string> persons, bool create, CancellationToken cancellationToken, string? record = null)
    {
        var own = await PartitionKeyAsync(partition, "data", cancellationToken);
        if (!own.IsOk)
        {
            return own.Error;
        }

        var all = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var person in persons.Distinct(StringComparer.Ordinal))
        {
            var name = await NameAsync(person, cancellationToken);
            if (!name.IsOk)
            {
                return name.Error;
            }

            if (await keys.FindAsync(name.Value, cancellationToken) is { } found)
            {
                all[person] = found;
            }
            else if (create && await keys.GetOrCreateAsync(name.Value, 32, cancellationToken) is { IsOk: true } made)
            {
                all[person] = made.Value;
            }
        }

        if (record is null)
        {
            return new Ring(own.Value, all);
        }

        var named = await RecordNameAsync(record, cancellationToken);
        var kept = !named.IsOk ? named.Error : create ? await keys.GetOrCreateAsync(named.Value, 32, cancellationToken) : await keys.FindAsync(named.Value, cancellationToken) is { } there ? there : (Result<byte[]>?)null;
        return kept is { IsOk: false, Error: { } failed } ? failed : new Ring(own.Value, all) { OfRecord = kept is { Value: { } key } ? new([.. own.Value, .. key], all) : null };
    }

    /// <summary>Ends whatever can be read of one record, for good. Answers false when there was nothing.</summary>
    public async Task<bool> EraseRecordAsync(string record, CancellationToken cancellationToken) =>
        await RecordNameAsync(record, cancellationToken) is { IsOk: true } name && await keys.DestroyAsync(name.Value, cancellationToken);

    /// <summary>Key of the partition for one use: data, or keys of the search.</summary>
    public Task<Result<byte[]>> PartitionKeyAsync(RecordPartition partition, string use, CancellationToken cancellationToken) =>
        keys.GetOrCreateAsync($"casework.{Packs.Words.Of(partition)}.{use}", 32, cancellationToken);

    /// <summary>Ends whatever can be read about a person. Answers false when there was nothing.</summary>
    public async Task<bool> EraseAsync(string person, CancellationToken cancellationToken) =>
        await NameAsync(person, cancellationToken) is { IsOk: true } name && await keys.DestroyAsync(name.Value, cancellationToken);

    // Names of keys tell nothing without the node's key, also to who reads the key folder.
    private Task<Result<string>> NameAsync(string person, CancellationToken cancellationToken) => NameAsync("person.", "handle\n" + person, cancellationToken);

    private Task<Result<string>> RecordNameAsync(string record, CancellationToken cancellationToken) => NameAsync("record.", "record\n" + record, cancellationToken);

    private async Task<Result<string>> NameAsync(string kind, string of, CancellationToken cancellationToken)
    {
        var node = await keys.GetOrCreateAsync(NodeKey, 32, cancellationToken);
        return node.IsOk ? kind + Convert.ToHexStringLower(HMACSHA256.HashData(node.Value, Encoding.UTF8.GetBytes(of)))[..32] : node.Error;
    }
}

/// <summary>A record or operation as stored: which persons, the sealed sections, and whether the record's own key sealed them too.</summary>
internal sealed record Envelope(string Register, IReadOnlyList<string> Persons, IReadOnlyList<Section> Sections)
{
    public bool IsKeyed { get; init; }

    /// <summary>The ring that opens it; null once the record was erased.</summary>
    public RecordVault.Ring? Of(RecordVault.Ring ring) => IsKeyed ? ring.OfRecord : ring;
}

internal sealed record Section(IReadOnlyList<string> Owners, byte[] Sealed);

/// <summary>Splits documents and operations into sections and puts them together again.</summary>
internal static class Sealing
{
    /// <summary>Whose a field is: everybody with the role it is about; nobody when the register has no persons.</summary>
    public static IReadOnlyList<string> Owners(RegisterPlan plan, RecordDocument document, string path, RegisterPlan? other = null)
    {
        if (plan.Id == People.PersonCore.Register)
        {
            return [document.Id];
        }

        var role = (plan.Field(RecordDocument.PlanPath(path)) ?? other?.Field(RecordDocument.PlanPath(path)))?.About ?? plan.Persons.FirstOrDefault(known => known.IsPrincipal)?.Id;
        return role is null ? [] : [.. document.Persons.Where(person => person.Role == role).Select(person => person.Person).Order(StringComparer.Ordinal)];
    }

    public static byte[] Seal(RegisterPlan plan, RecordDocument document, RecordVault.Ring ring)
    {
        var name = $"{document.Register}/{document.Id}/d";
        var isKeyed = ring.OfRecord is not null;
        ring = ring.OfRecord ?? ring;
        var sections = new List<Section> { Make(name, [], document with { Fields = new Dictionary<string, FieldState>(StringComparer.Ordinal) }, ring) };
        sections.AddRange(document.Fields.GroupBy(field => string.Join(' ', Owners(plan, document, field.Key)), StringComparer.Ordinal)
            .Select(group => Make(name, Split(group.Key), group.ToDictionary(field => field.Key, field => field.Value, StringComparer.Ordinal), ring)));
        return RecordJson.Bytes(new Envelope(document.Register, Persons(sections), sections) { IsKeyed = isKeyed });
    }

    /// <summary>The document; sections of erased persons are left out and named in <paramref name="erased"/>.</summary>
    public static RecordDocument Open(string id, Envelope envelope, RecordVault.Ring ring, out bool erased)
    {
        var name = $"{envelope.Register}/{id}/d";
        erased = false;
        var document = RecordJson.Read<RecordDocument>(ring.Open(name, [], envelope.Sections[0].Sealed));
        var fields = new Dictionary<string, FieldState>(StringComparer.Ordinal);
        foreach (var section in envelope.Sections.Skip(1))
        {
            if (ring.Open(name, section.Owners, section.Sealed) is not { } bytes)
            {
                erased = true;
                continue;
            }

            foreach (var (path, state) in RecordJson.Read<Dictionary<string, FieldState>>(bytes))
            {
                fields[path] = state;
            }
        }

        return document with { Fields = fields };
    }

    /// <param name="plan">The edition the record is of now.</param>
    /// <param name="document">The record.</param>
    /// <param name="operation">What was done.</param>
    /// <param name="ring">Keys.</param>
    /// <param name="other">The other edition in a migration: whose a field is that only that one has.</param>
    public static byte[] Seal(RegisterPlan plan, RecordDocument document, Operation operation, RecordVault.Ring ring, RegisterPlan? other = null)
    {
        var name = $"{document.Register}/{document.Id}/o";
        var isKeyed = ring.OfRecord is not null;
        ring = ring.OfRecord ?? ring;
        var first = operation.First is { } made ? made with { Fields = new Dictionary<string, FieldState>(StringComparer.Ordinal) } : null;
        var sections = new List<Section> { Make(name, [], operation with { Changes = [], First = first }, ring) };
        var also = plan.Id == People.PersonCore.Register ? Merging.MergeMark.Other(operation) : null;
        sections.AddRange(operation.Changes.GroupBy(change => string.Join(' ', also is null ? Owners(plan, document, change.Path, other) : [.. new[] { document.Id, also }.Order(StringComparer.Ordinal)]), StringComparer.Ordinal)
            .Select(group => Make(name, Split(group.Key), group.ToList(), ring)));
        return RecordJson.Bytes(new Envelope(document.Register, Persons(sections), sections) { IsKeyed = isKeyed });
    }

    public static Operation OpenOperation(string id, Envelope envelope, RecordVault.Ring ring)
    {
        var name = $"{envelope.Register}/{id}/o";
        var operation = RecordJson.Read<Operation>(ring.Open(name, [], envelope.Sections[0].Sealed));
        return operation with
        {
            Changes = [.. envelope.Sections.Skip(1).Select(section => ring.Open(name, section.Owners, section.Sealed)).OfType<byte[]>().SelectMany(bytes => RecordJson.Read<List<FieldChange>>(bytes))],
        };
    }

    private static Section Make<T>(string name, IReadOnlyList<string> owners, T content, RecordVault.Ring ring) => new(owners, ring.Seal(name, owners, RecordJson.Bytes(content)));

    private static string[] Split(string owners) => owners.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static IReadOnlyList<string> Persons(IEnumerable<Section> sections) => [.. sections.SelectMany(section => section.Owners).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
}
