using System.Runtime.CompilerServices;
using System.Text;

namespace Waymark.Linkage;

/// <summary>
/// A field that is compared as a whole value (place, postcode, document, telephone …): one code per record over both files, folded
/// bytes per value, and how much agreement on a value says. Levels: 0 cannot compare, 1 differ, 2 weak, 3 near, 4–8 equal, from a
/// common value to a rare one.
/// </summary>
internal sealed class ValueField
{
    public const int Levels = 9;
    private static readonly float[] Bins = [4, 7, 10, 13];
    private readonly Utf8Heap _values;
    private readonly byte[] _exactLevel;
    private readonly Look[] _looks;
    private readonly ulong[] _counts;
    private readonly ValueWords? _words;
    private readonly bool _digits;
    private readonly bool _closeOnly;

    private ValueField(FieldRole role, string name, Utf8Heap values, int[] codes)
    {
        (Role, Name, _values, Codes, _exactLevel, Information) = (role, name, values, codes, new byte[values.Count], new float[values.Count]);
        _digits = role is FieldRole.Phone or FieldRole.Document;
        _closeOnly = role is FieldRole.Nationality or FieldRole.Region;
        _looks = _digits || _closeOnly ? [] : new Look[values.Count];
        _counts = _digits ? new ulong[values.Count] : [];
        for (var code = 1; code < _counts.Length; code++)
        {
            _counts[code] = LetterCounts.Of(values[code]);
        }

        for (var code = 1; code < _looks.Length; code++)
        {
            var value = values[code];

            // Short values and those of several words are looked at in full; all bits are unlike nothing.
            _looks[code] = new(LetterCounts.Of(value), value.Length <= 5 || value.Contains((byte)' ') ? uint.MaxValue : StringSimilarity.Letters(value), LetterCounts.StartOf(value));
        }

        _words = _looks.Length == 0 ? null : ValueWords.Of(values);
    }

    public FieldRole Role { get; }

    public string Name { get; }

    public int[] Codes { get; }

    public int Distinct => _values.Count;

    /// <summary>Bits per value: log2(records / records that have it).</summary>
    public float[] Information { get; }

    /// <summary>Records per value, and records with any.</summary>
    public int[] Counts { get; private set; } = [];

    public int Filled { get; private set; }

    public string Text(int code) => _values.Text(code);

    /// <summary>The folded value.</summary>
    public ReadOnlySpan<byte> BytesOf(int code) => _values[code];

    public ulong HashOf(int code) => Hashing.Bytes(_values[code]);

    public static ValueField Build(FieldRole role, string name, IReadOnlyList<LinkageColumn?> columns, int[] rows, LinkageKnowledge knowledge)
    {
        var values = new Utf8Heap(columns.Sum(c => c?.Values.Count ?? 0) + 16);
        var codes = new int[rows.Sum()];
        var folder = new NameFolder(knowledge);
        var at = 0;
        for (var side = 0; side < rows.Length; side++)
        {
            var column = columns[side];
            if (column is not null)
            {
                var map = new int[column.Values.Count];
                for (var code = 1; code < map.Length; code++)
                {
                    map[code] = Add(role, column.Values[code], values, folder, knowledge);
                }

                for (var row = 0; row < rows[side]; row++)
                {
                    codes[at + row] = map[column.Codes[row]];
                }
            }

            at += rows[side];
        }

        var counts = new int[values.Count];
        var filled = 0;
        foreach (var code in codes)
        {
            counts[code]++;
            filled += code == 0 ? 0 : 1;
        }

        values.Seal();
        var field = new ValueField(role, name, values, codes);
        field.Weigh(counts, filled);
        return field;
    }

    /// <summary>How often each value occurs among how many: what agreement says follows from it.</summary>
    public void Weigh(int[] counts, int filled)
    {
        (Counts, Filled) = (counts, filled);
        for (var code = 1; code < counts.Length; code++)
        {
            var bits = MathF.Log2((filled + 1f) / (counts[code] + 0.5f));
            Information[code] = MathF.Max(0.1f, bits);
            _exactLevel[code] = 4;
            if (_closeOnly)
            {
                // A rare nationality says no more than the names that go with it.
                continue;
            }

            foreach (var bin in Bins)
            {
                _exactLevel[code] += (byte)(bits > bin ? 1 : 0);
            }
        }
    }

    /// <summary>Reads what a first look at a value needs, so that it is there when it is asked for.</summary>
    public uint Fetch(int code) => _looks.Length > 0 ? _looks[code].Letters : _counts.Length > 0 ? (uint)_counts[code] : 0;

    /// <summary>Level for two values that are known; pure in the pair.</summary>
    public int Compare(int a, int b, SimilarityCache cache)
    {
        if (a == b)
        {
            return _exactLevel[a];
        }

        if (_closeOnly)
        {
            return 1;
        }

        if (_digits)
        {
            // Beyond two edits only a number that ends with the other is near, and that one has all digits of the other.
            var (more, fewer) = LetterCounts.Apart(_counts[a], _counts[b]);
            if (Math.Max(more, fewer) > 2 && Math.Min(more, fewer) > 0)
            {
                return 1;
            }
        }
        else
        {
            ref readonly var x = ref _looks[a];
            ref readonly var y = ref _looks[b];
            if (StringSimilarity.Unlike(x.Letters, y.Letters))
            {
                return 1;
            }

            if (LetterCounts.CannotBeAlike(x.Counts, y.Counts, x.Start, y.Start, LetterCounts.Below83))
            {
                return SharesWord(a, b) ? 2 : 1;
            }
        }

        if (cache.TryGet(a, b, out var level))
        {
            return level;
        }

        level = (byte)(_digits ? SimilarNumbers(_values[a], _values[b]) : Similar(a, b));
        cache.Put(a, b, level);
        return level;
    }

    private static int SimilarNumbers(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        var shorter = Math.Min(a.Length, b.Length);
        if (shorter >= 6 && (a.EndsWith(b) || b.EndsWith(a)))
        {
            return 3;
        }

        return shorter < 4 ? 1 : StringSimilarity.Edits(a, b, 2) switch { <= 1 => 3, 2 => 2, _ => 1 };
    }

    private int Similar(int codeA, int codeB)
    {
        var a = _values[codeA];
        var b = _values[codeB];
        var longer = Math.Max(a.Length, b.Length);
        if (longer <= 3)
        {
            return 1;
        }

        if (longer <= 5)
        {
            return StringSimilarity.Edits(a, b, 1) <= 1 ? 3 : 1;
        }

        if (StringSimilarity.Unlike(StringSimilarity.Letters(a), StringSimilarity.Letters(b)))
        {
            return SharesWord(codeA, codeB) ? 2 : 1;
        }

        if (StringSimilarity.Edits(a, b, 2) is var edits && (edits <= 1 || (edits == 2 && longer >= 8)))
        {
            return 3;
        }

        return StringSimilarity.JaroWinkler(a, b) switch
        {
            >= 0.93 => 3,
            >= 0.83 => 2,
            _ => SharesWord(codeA, codeB) ? 2 : 1,
        };
    }

    /// <summary>What a first look at a text needs, in one place.</summary>
    private readonly record struct Look(ulong Counts, uint Letters, uint Start);

    private bool SharesWord(int a, int b) => _words?.Shared(a, b) == true;

    private static int Add(FieldRole role, ReadOnlySpan<byte> raw, Utf8Heap values, NameFolder folder, LinkageKnowledge knowledge)
    {
        var folded = folder.Fold(raw);
        if (folder.IsPlaceholder(folded))
        {
            return 0;
        }

        switch (role)
        {
            case FieldRole.Phone or FieldRole.Document or FieldRole.Postcode:
                folded = folded.Replace(" ", "", StringComparison.Ordinal);
                if (role == FieldRole.Phone)
                {
                    folded = folded.TrimStart('0');
                    folded = folded.Length > 9 ? folded[^9..] : folded;
                }

                if (role != FieldRole.Postcode && (folded.Length < 4 || folded.AsSpan().IndexOfAnyExcept(folded[0]) < 0))
                {
                    return 0;
                }

                break;
            case FieldRole.Email:
                folded = Encoding.UTF8.GetString(raw).Trim().ToLowerInvariant();
                break;
            case FieldRole.Nationality:
                folded = knowledge.Areas.TryGetValue(folded, out var area) ? area : folded;
                break;
        }

        Span<byte> buffer = stackalloc byte[512];
        return values.Add(folded.Length * 3 <= buffer.Length ? buffer[..Encoding.UTF8.GetBytes(folded, buffer)] : Encoding.UTF8.GetBytes(folded));
    }
}

/// <summary>
/// Remembers levels of pairs of values; loses some, never lies. One per thread and field. An entry is one word, so that a look touches one cache line:
/// both numbers in 28 bits each, the level below them.
/// </summary>
internal sealed class SimilarityCache(int bits = 14)
{
    private const int NumberBits = 28;
    private readonly ulong[] _entries = new ulong[1 << bits];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryGet(int a, int b, out byte value)
    {
        var key = Key(a, b);
        var entry = _entries[Slot(key)];
        value = (byte)entry;
        return entry >> 8 == key;
    }

    public void Put(int a, int b, byte value)
    {
        if ((a | b) >> NumberBits == 0)
        {
            var key = Key(a, b);
            _entries[Slot(key)] = (key << 8) | value;
        }
    }

    private int Slot(ulong key) => (int)(Hashing.Mix(key) >> (64 - bits));

    private static ulong Key(int a, int b) => a < b ? ((ulong)a << NumberBits) | (uint)b : ((ulong)b << NumberBits) | (uint)a;
}
