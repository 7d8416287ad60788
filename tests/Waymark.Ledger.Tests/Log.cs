using System.Text;
using Waymark.Sodium;

namespace Waymark.Ledger.Tests;

/// <summary>A log in memory: its tiles, its keys, and its files as an export has them.</summary>
internal sealed class Log
{
    public static readonly DateTimeOffset Start = new(2026, 11, 1, 8, 0, 0, TimeSpan.Zero);
    public static readonly IEd25519 Ed25519 = SodiumEd25519.Instance;
    private readonly Dictionary<(int Level, long Index), byte[]> _tiles = [];
    private readonly TreeEdge _edge = new();

    public NoteSigner Signer { get; } = new(Ed25519, "ledger.example/node", NoteKeyType.Ed25519, Seed("log"));

    public NoteSigner Witness { get; } = new(Ed25519, "witness.example/w1", NoteKeyType.Cosignature, Seed("witness"));

    public List<byte[]> Entries { get; } = [];

    public long Size => _edge.Size;

    public static byte[] Seed(string of) => System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(of));

    /// <summary>A log of leaves one second apart.</summary>
    public static Log Of(int leaves, int seed = 1)
    {
        var log = new Log();
        for (var i = 0; i < leaves; i++)
        {
            log.Append(LeafAt(Start.AddSeconds(i), seed + i).Encode());
        }

        return log;
    }

    public static LedgerLeaf LeafAt(DateTimeOffset at, int seed)
    {
        var salt = Seed($"salt {seed}");
        var id = LeafId.Of(at, Seed($"id {seed}"));
        return new(id, Commitment.To(salt, id, CommitmentSlot.Actor, "officer"u8), Commitment.To(salt, id, CommitmentSlot.Subject, "person"u8),
            Commitment.To(salt, id, CommitmentSlot.Content, "read"u8));
    }

    public void Append(byte[] entry)
    {
        Entries.Add(entry);
        _edge.Append(Merkle.Leaf(entry));
        foreach (var (tile, hashes) in _edge.TakeChanges())
        {
            _tiles[(tile.Level, tile.Index)] = hashes;
        }
    }

    public ReadOnlyMemory<byte>? Read(Tile tile) => _tiles.TryGetValue((tile.Level, tile.Index), out var hashes) ? hashes : (ReadOnlyMemory<byte>?)null;

    public Checkpoint At(long size) => new(Signer.Key.Name, size, TreeHashes.Root(size, Read)!.Value);

    public SignedNote Signed(long size, DateTimeOffset? witnessed = null)
    {
        var note = At(size).Sign(Signer);
        return witnessed is { } at ? note.With(Witness.Sign(note.Text, at)) : note;
    }

    /// <summary>The files of an export of the first leaves.</summary>
    public MemoryFiles Export(long size, params long[] published)
    {
        var files = new MemoryFiles();
        files.Write("checkpoint", Signed(size, Start.AddHours(2)).ToBytes());
        foreach (var earlier in published)
        {
            files.Write($"checkpoints/{earlier}", Signed(earlier, Start.AddHours(2)).ToBytes());
        }

        foreach (var tile in Tile.Of(size))
        {
            files.Write(tile.Path, Read(tile)!.Value[..(tile.Width * TreeHash.Length)].ToArray());
            if (tile.Level == 0)
            {
                var first = (int)tile.Index * Tile.Full;
                files.Write(tile.EntriesPath, EntryBundle.Write([.. Entries[first..(first + tile.Width)].Select(e => (ReadOnlyMemory<byte>)e)]));
            }
        }

        return files;
    }

    public LedgerQuestion Question(params IEnumerable<SignedNote> earlier) =>
        new() { Log = Signer.Key, Witnesses = [Witness.Key], Quorum = 1, Earlier = [.. earlier] };
}

internal sealed class MemoryFiles : ILedgerFiles
{
    public SortedDictionary<string, byte[]> All { get; } = new(StringComparer.Ordinal);

    public void Write(string path, byte[] bytes) => All[path] = bytes;

    public ReadOnlyMemory<byte>? Read(string path) => All.TryGetValue(path, out var bytes) ? bytes : (ReadOnlyMemory<byte>?)null;

    public IReadOnlyList<string> List(string folder) =>
        [.. All.Keys.Where(p => p.StartsWith(folder + "/", StringComparison.Ordinal)).Select(p => p[(folder.Length + 1)..])];

    public void SaveTo(string folder)
    {
        foreach (var (path, bytes) in All)
        {
            var file = Path.Combine(folder, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllBytes(file, bytes);
        }
    }
}
