using System.Globalization;
using Waymark.Model;

namespace Waymark.Ledger;

/// <summary>
/// Checks an exported ledger with nothing but its files, keys and, for roll-back and fork, checkpoints kept outside. It
/// hashes every entry, compares every tile, and asks whether each earlier checkpoint is a beginning of the tree.
/// Memory stays constant: one bundle and the right edge. The script <c>tools/ledger/verify.mjs</c> does the same in another
/// language; both must agree on every export.
/// </summary>
public sealed class LedgerVerifier
{
    /// <summary>How far an entry's own time may lie behind what the ledger had reached before it is worth a look.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(2);

    private readonly IEd25519 _ed25519;
    private readonly ILedgerFiles _files;
    private readonly LedgerQuestion _question;
    private readonly Findings _findings = new();

    /// <summary>Checkpoints to compare with the growing tree, and when each was first witnessed.</summary>
    private readonly SortedDictionary<long, List<(string Where, TreeHash Root, DateTimeOffset? Witnessed)>> _earlier = [];

    /// <summary>Sizes that witnesses saw, ascending, each with the earliest time at which that many entries were seen.</summary>
    private readonly Queue<(long Size, DateTimeOffset At)> _witnessed = [];

    private DateTimeOffset _reached = DateTimeOffset.UnixEpoch;
    private bool _wasBehind, _wasAhead;
    private int _compared;

    private LedgerVerifier(IEd25519 ed25519, ILedgerFiles files, LedgerQuestion question) =>
        (_ed25519, _files, _question) = (ed25519, files, question);

    public static LedgerVerdict Verify(IEd25519 ed25519, ILedgerFiles files, LedgerQuestion question) =>
        new LedgerVerifier(ed25519, files, question).Run();

    private LedgerVerdict Run()
    {
        var (checkpoint, statements) = Newest();
        if (checkpoint is null)
        {
            return new(null, statements, 0, 0, _findings.Faults, _findings.Notices);
        }

        Collect(checkpoint, statements);
        var edge = new TreeEdge();
        Compare(edge);
        for (var bundle = 0L; bundle * Tile.Full < checkpoint.Size && !_findings.IsFull; bundle++)
        {
            if (!Append(edge, bundle, Tile.WidthAt(checkpoint.Size, 0, bundle)))
            {
                break;
            }
        }

        if (edge.Size == checkpoint.Size)
        {
            CompareTiles(edge.Partial());
            if (edge.Root() != checkpoint.Root)
            {
                _findings.Root();
            }
        }

        return new(checkpoint, statements, edge.Size, _compared, _findings.Faults, _findings.Notices);
    }

    /// <summary>The newest checkpoint, when it is signed by the log.</summary>
    private (Checkpoint? Checkpoint, IReadOnlyList<NoteStatement> Statements) Newest()
    {
        if (_files.Read("checkpoint") is not { } bytes)
        {
            _findings.Missing("checkpoint");
            return (null, []);
        }

        if (Signed("checkpoint", bytes) is not var (note, checkpoint))
        {
            return (null, []);
        }

        var witnesses = note.Statements(_ed25519, _question.Witnesses);
        var count = witnesses?.Select(statement => statement.Key.Id).Distinct().Count() ?? 0;
        if (witnesses is null || count < _question.Quorum)
        {
            _findings.NotWitnessed(count, _question.Quorum);
        }

        return (checkpoint, [.. note.Statements(_ed25519, _question.Log)!, .. witnesses ?? []]);
    }

    /// <summary>A note of the export; it must carry the log's signature.</summary>
    private (SignedNote Note, Checkpoint Checkpoint)? Signed(string where, ReadOnlyMemory<byte> bytes)
    {
        var read = SignedNote.Parse(bytes.Span);
        if (!read.TryGet(out var note))
        {
            _findings.Add(read.Error! with { Where = where });
            return null;
        }

        var parsed = Checkpoint.Parse(note.Text);
        if (!parsed.TryGet(out var checkpoint))
        {
            _findings.Add(parsed.Error! with { Where = where });
            return null;
        }

        if (note.Statements(_ed25519, _question.Log) is not { Count: > 0 })
        {
            _findings.NotSigned(where);
            return null;
        }

        if (checkpoint.Origin != _question.Log.Name)
        {
            _findings.WrongOrigin(where, checkpoint.Origin);
            return null;
        }

        return (note, checkpoint);
    }

    /// <summary>All checkpoints to compare: those of the export, and those that were brought along.</summary>
    private void Collect(Checkpoint newest, IReadOnlyList<NoteStatement> statements)
    {
        Remember("checkpoint", newest, newest, First(statements));
        foreach (var name in _files.List("checkpoints").Order(StringComparer.Ordinal))
        {
            var where = $"checkpoints/{name}";
            if (_files.Read(where) is { } bytes && Signed(where, bytes) is var (note, checkpoint))
            {
                Remember(where, checkpoint, newest, First(note.Statements(_ed25519, _question.Witnesses)));
            }
        }

        for (var i = 0; i < _question.Earlier.Count; i++)
        {
            var note = _question.Earlier[i];
            var where = string.Create(CultureInfo.InvariantCulture, $"earlier {i + 1}");
            if (!Checkpoint.Parse(note.Text).TryGet(out var checkpoint) || checkpoint.Origin != _question.Log.Name)
            {
                _findings.WrongOrigin(where, note.Text.Split('\n')[0]);
                continue;
            }

            if (note.Statements(_ed25519, [_question.Log, .. _question.Witnesses]) is not { Count: > 0 } signers)
            {
                _findings.Unsigned(where);
                continue;
            }

            Remember(where, checkpoint, newest, First(signers));
        }

        DateTimeOffset? earliest = null;
        var witnessed = new Stack<(long Size, DateTimeOffset At)>();
        foreach (var (size, list) in _earlier.Reverse())
        {
            earliest = list.Select(item => item.Witnessed).Append(earliest).Min();
            if (earliest is { } at)
            {
                witnessed.Push((size, at));
            }
        }

        foreach (var item in witnessed)
        {
            _witnessed.Enqueue(item);
        }
    }

    private void Remember(string where, Checkpoint checkpoint, Checkpoint newest, DateTimeOffset? witnessed)
    {
        if (checkpoint.Size > newest.Size)
        {
            _findings.RolledBack(where, checkpoint.Size, newest.Size);
            return;
        }

        (_earlier.TryGetValue(checkpoint.Size, out var list) ? list : _earlier[checkpoint.Size] = []).Add((where, checkpoint.Root, witnessed));
    }

    private static DateTimeOffset? First(IReadOnlyList<NoteStatement>? statements) => statements?.Min(statement => statement.Witnessed);

    private bool Append(TreeEdge edge, long bundle, int width)
    {
        var tile = new Tile(0, bundle, width);
        if (_files.Read(tile.Path) is not { } hashes || hashes.Length != width * TreeHash.Length)
        {
            _findings.Missing(tile.Path);
            return false;
        }

        IReadOnlyList<ReadOnlyMemory<byte>>? entries = null;
        if (_question.WithEntries)
        {
            entries = _files.Read(tile.EntriesPath) is { } bytes ? EntryBundle.Read(bytes) : null;
            if (entries is null)
            {
                _findings.Missing(tile.EntriesPath);
                return false;
            }

            if (entries.Count != width)
            {
                _findings.Count(tile.EntriesPath, entries.Count, width);
                return false;
            }
        }

        for (var i = 0; i < width; i++)
        {
            var stored = new TreeHash(hashes.Span.Slice(i * TreeHash.Length, TreeHash.Length));
            if (entries is not null)
            {
                var leaf = Merkle.Leaf(entries[i].Span);
                if (leaf != stored)
                {
                    _findings.Entry(edge.Size);
                    stored = leaf;
                }

                LookAtTime(edge.Size, entries[i].Span);
            }

            edge.Append(stored);
            Compare(edge);
        }

        CompareTiles(edge.TakeChanges().Where(change => change.Tile.Width == Tile.Full));
        return true;
    }

    /// <summary>Tiles above the leaves hold nothing new, so they must be what follows from below.</summary>
    private void CompareTiles(IEnumerable<(Tile Tile, byte[] Hashes)> tiles)
    {
        foreach (var (tile, hashes) in tiles.Where(item => item.Tile.Level > 0))
        {
            if (_files.Read(tile.Path) is not { } stored || !stored.Span.SequenceEqual(hashes))
            {
                _findings.AlteredTile(tile.Path);
            }
        }
    }

    /// <summary>The tree has reached the size of an earlier checkpoint: it must have its root.</summary>
    private void Compare(TreeEdge edge)
    {
        if (!_earlier.TryGetValue(edge.Size, out var list))
        {
            return;
        }

        var root = edge.Root();
        foreach (var (where, expected, _) in list.Where(item => item.Where != "checkpoint"))
        {
            _compared++;
            if (expected != root)
            {
                _findings.Forked(where, edge.Size);
            }
        }
    }

    /// <summary>Only the first entry of a run is reported: a clock that was wrong for an hour is one finding.</summary>
    private void LookAtTime(long index, ReadOnlySpan<byte> entry)
    {
        if (LedgerLeaf.Decode(entry) is not { } leaf)
        {
            return;
        }

        var isBehind = _reached - leaf.Id.At > Tolerance;
        if (isBehind && !_wasBehind)
        {
            _findings.TimeMoved(index, leaf.Id.At, _reached);
        }

        while (_witnessed.TryPeek(out var passed) && passed.Size <= index)
        {
            _witnessed.Dequeue();
        }

        var isAhead = _witnessed.TryPeek(out var next) && leaf.Id.At - next.At > Tolerance;
        if (isAhead && !_wasAhead)
        {
            _findings.TimeAhead(index, leaf.Id.At, next.At);
        }

        (_wasBehind, _wasAhead) = (isBehind, isAhead);

        _reached = leaf.Id.At > _reached ? leaf.Id.At : _reached;
    }
}
