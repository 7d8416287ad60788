using System.Runtime.InteropServices;

namespace Waymark.Linkage;

/// <summary>
/// Compares two names as bags of parts and says how many bits of agreement they share and what is left over. Order, swapped columns,
/// missing parts and joined words cost little. One instance per thread (caches); pure and symmetric in the two records.
/// </summary>
internal sealed class NameComparer(TokenTable tokens, LinkageKnowledge knowledge)
{
    /// <summary>0 cannot compare, 1 differ, 2 … 29 = 2 + 4 × bin of shared bits + kind of what is left over.</summary>
    public const int Levels = 30;

    private static readonly float[] Bins = [5, 8, 11, 14, 18, 23];
    private readonly TokenTable _tokens = tokens;
    private readonly SimilarityCache _cache = new(16);
    private readonly Transliterator _transliterator = new(knowledge);
    private readonly byte[] _concatA = new byte[256];
    private readonly byte[] _concatB = new byte[256];
    private readonly List<LetterSpellings> _units = [];

    /// <summary>Level of two names, each a head of <see cref="RecordRows"/> and the ids of its parts.</summary>
    public int Compare(int headA, ReadOnlySpan<int> a, int headB, ReadOnlySpan<int> b)
    {
        if (a.IsEmpty || b.IsEmpty)
        {
            return 0;
        }

        Span<bool> usedA = stackalloc bool[NameField.MostParts];
        Span<bool> usedB = stackalloc bool[NameField.MostParts];
        var bits = MatchEqual(a, b, usedA, usedB);
        var leftA = Left(a, usedA);
        var leftB = Left(b, usedB);
        if (leftA > 0 && leftB > 0)
        {
            bits += MatchSimilar(a, b, usedA, usedB);
            leftA = Left(a, usedA);
            leftB = Left(b, usedB);
            if (leftA > 0 && leftB > 0 && a.Length + b.Length > 2)
            {
                bits += MatchJoined(a, b, usedA, usedB);
            }
        }

        return Level(bits, Kind(headA, headB, a, b, usedA, usedB));
    }

    private static int Level(float bits, int kind)
    {
        if (bits < 2)
        {
            return 1;
        }

        var bin = 0;
        foreach (var limit in Bins)
        {
            bin += bits > limit ? 1 : 0;
        }

        return 2 + bin * 4 + kind;
    }

    /// <summary>0 nothing left, 1 one side says more, 2 family parts contradict, 3 given parts (or both) contradict.</summary>
    private static int Kind(int headA, int headB, ReadOnlySpan<int> a, ReadOnlySpan<int> b, Span<bool> usedA, Span<bool> usedB)
    {
        var restA = Rest(a, headA, usedA);
        var restB = Rest(b, headB, usedB);
        if (restA == 0 && restB == 0)
        {
            return 0;
        }

        if (restA == 0 || restB == 0)
        {
            return 1;
        }

        return (restA | restB) == 2 ? 2 : 3;
    }

    /// <summary>Bit 1: a given part is left, bit 2: a family part is left. Further parts of a full name do not count.</summary>
    private static int Rest(ReadOnlySpan<int> ids, int head, Span<bool> used)
    {
        var rest = 0;
        for (var i = 0; i < ids.Length; i++)
        {
            if (!used[i] && RecordRows.Part(head, i) is var part && part != NamePart.Other)
            {
                rest |= part == NamePart.Given ? 1 : 2;
            }
        }

        return rest;
    }

    private float MatchEqual(ReadOnlySpan<int> a, ReadOnlySpan<int> b, Span<bool> usedA, Span<bool> usedB)
    {
        var bits = 0f;
        for (var i = 0; i < a.Length; i++)
        {
            for (var j = 0; j < b.Length; j++)
            {
                if (a[i] == b[j] && !usedB[j])
                {
                    usedA[i] = usedB[j] = true;
                    bits += _tokens.Information(a[i]);
                    break;
                }
            }
        }

        return bits;
    }

    private static int Left(ReadOnlySpan<int> ids, Span<bool> used)
    {
        var left = 0;
        for (var i = 0; i < ids.Length; i++)
        {
            left += used[i] ? 0 : 1;
        }

        return left;
    }

    /// <summary>Best pairs first; ties by the pair of bytes so that order of columns and records does not matter.</summary>
    private float MatchSimilar(ReadOnlySpan<int> a, ReadOnlySpan<int> b, Span<bool> usedA, Span<bool> usedB)
    {
        var total = 0f;
        while (true)
        {
            var best = 0f;
            var (bestA, bestB) = (-1, -1);
            for (var i = 0; i < a.Length; i++)
            {
                for (var j = 0; j < b.Length && !usedA[i]; j++)
                {
                    if (!usedB[j] && Bits(a[i], b[j]) is var bits && bits > 0
                        && (bits > best || (bits == best && Order(a[i], b[j]) > Order(a[bestA], b[bestB]))))
                    {
                        (best, bestA, bestB) = (bits, i, j);
                    }
                }
            }

            if (bestA < 0)
            {
                return total;
            }

            usedA[bestA] = usedB[bestB] = true;
            total += best;
        }
    }

    private ulong Order(int a, int b) => _tokens.HashOf(a) ^ _tokens.HashOf(b);

    /// <summary>What is left on both sides, written without spaces ("Abu Hussein" and "Abuhussein").</summary>
    private float MatchJoined(ReadOnlySpan<int> a, ReadOnlySpan<int> b, Span<bool> usedA, Span<bool> usedB)
    {
        var countA = Left(a, usedA);
        var countB = Left(b, usedB);
        if (countA + countB < 3 && countA == a.Length && countB == b.Length)
        {
            return 0;
        }

        var (lengthA, informationA, nativeA) = Concat(a, usedA, _concatA);
        var (lengthB, informationB, nativeB) = Concat(b, usedB, _concatB);
        var joinedA = _concatA.AsSpan(0, lengthA);
        var joinedB = _concatB.AsSpan(0, lengthB);
        if (Math.Min(lengthA, lengthB) < 3 || Math.Abs(lengthA - lengthB) > (nativeA != nativeB ? 6 : 2)
            || (nativeA != nativeB && StringSimilarity.JaroWinkler(joinedA, joinedB) < 0.55))
        {
            return 0;
        }

        float quality;
        if (nativeA != nativeB)
        {
            _units.Clear();
            var ids = nativeA ? a : b;
            var used = nativeA ? usedA : usedB;
            for (var i = 0; i < ids.Length; i++)
            {
                if (!used[i])
                {
                    _units.AddRange(_tokens.UnitsOf(ids[i]));
                }
            }

            quality = TokenSimilarity.AcrossQuality(_transliterator.Evidence(CollectionsMarshal.AsSpan(_units), nativeA ? joinedB : joinedA), nativeA ? lengthB : lengthA);
        }
        else
        {
            quality = countA + countB < 3 ? 0 : TokenSimilarity.Quality(joinedA, joinedB);
        }

        if (quality < 0.5f)
        {
            return 0;
        }

        usedA[..a.Length].Fill(true);
        usedB[..b.Length].Fill(true);
        return quality * Math.Min(informationA, informationB);
    }

    private (int Length, float Information, bool Native) Concat(ReadOnlySpan<int> ids, Span<bool> used, byte[] into)
    {
        var length = 0;
        var information = 0f;
        var native = false;
        for (var i = 0; i < ids.Length; i++)
        {
            if (used[i])
            {
                continue;
            }

            var latin = _tokens.Latin(ids[i]);
            latin = latin.Length > into.Length - length ? latin[..(into.Length - length)] : latin;
            latin.CopyTo(into.AsSpan(length));
            length += latin.Length;
            information += _tokens.Information(ids[i]);
            native |= _tokens.ScriptOf(ids[i]) != Script.Latin;
        }

        return (length, information, native);
    }

    /// <summary>Bits of agreement between two different parts, quantised to eighths; 0 = none.</summary>
    private float Bits(int a, int b)
    {
        if (_tokens.Unlike(a, b))
        {
            return 0;
        }

        if (!_cache.TryGet(a, b, out var level))
        {
            level = (byte)Math.Clamp(MathF.Round(TokenSimilarity.Bits(_tokens, _transliterator, Math.Min(a, b), Math.Max(a, b)) * 8), 0, 255);
            _cache.Put(a, b, level);
        }

        return level / 8f;
    }
}
