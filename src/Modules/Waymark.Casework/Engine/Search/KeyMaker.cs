using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Waymark.Casework.Documents;
using Waymark.Casework.Registers;
using Waymark.Linkage;
using Waymark.Storage;

namespace Waymark.Casework.Search;

/// <summary>The closed set of kinds of keys; numbers are stored.</summary>
internal enum KeyKind : short { Pair = 1, Part = 2, Sound = 3, Near = 4, Day = 5, Month = 6, Year = 7, Identifier = 8, Word = 9, Participant = 10, Member = 11, Reference = 12, Offered = 13, Linked = 14 }

/// <summary>
/// Turns names, dates, identifiers and words into keys by the normaliser that linking uses, so that what links is also found. Keys are blinded under the partition's
/// key: the tables hold no name, and partitions cannot be joined. One instance per call.
/// </summary>
internal sealed class KeyMaker(LinkageKnowledge knowledge, byte[] secret)
{
    /// <summary>Most keys of a record (the store takes 256); the rest of a very long record is found by its first names.</summary>
    public const int Most = 250;

    /// <summary>Words of one field, and of one question.</summary>
    private const int MostWords = 40;

    private readonly NameFolder _folder = new(knowledge);
    private readonly NameTokens _tokens = new(knowledge);
    private readonly Transliterator _transliterator = new(knowledge);

    /// <summary>All keys of a record: of its fields that feed the search, its persons, its members, its reference and the records it is linked to.</summary>
    public IReadOnlyList<RecordKey> Of(RegisterPlan plan, RecordDocument document)
    {
        var keys = new HashSet<RecordKey>();
        Add(keys, KeyKind.Reference, document.Id[..8]);
        foreach (var person in document.Persons)
        {
            Add(keys, KeyKind.Participant, person.Person);
        }

        foreach (var account in document.NeedToKnow)
        {
            Add(keys, KeyKind.Member, account);
        }

        foreach (var link in document.Links)
        {
            Add(keys, KeyKind.Linked, link.Record);
        }

        if (document.Control.Offer is { } offer)
        {
            Add(keys, KeyKind.Offered, offer.To);
        }

        foreach (var (path, state) in document.Fields)
        {
            if (plan.Field(RecordDocument.PlanPath(path)) is { } field && plan.SearchOf(field) is not SearchKind.None and var kind)
            {
                foreach (var claim in state.Claims)
                {
                    keys.UnionWith(Of(kind, claim.Value));
                }
            }
        }

        return [.. keys.Take(Most)];
    }

    public IEnumerable<RecordKey> Of(SearchKind kind, FieldValue value) => kind switch
    {
        SearchKind.Name => Names(value),
        SearchKind.Date => Date(value.Text),
        SearchKind.Identifier => Identifier(value.Member("value") ?? value.Text),
        SearchKind.Word => Words(value.Member("text") ?? (value.Json.StartsWith('{') ? $"{value.Member("en")} {value.Member("zh")}" : value.Text)),
        _ => [],
    };

    public IEnumerable<RecordKey> Names(FieldValue value) => new[] { value.Member("full"), value.Member("nickname") }.OfType<string>().SelectMany(Name);

    /// <summary>Pairs of parts first, then parts, their sounds, and sounds with one group left out (what other spellings and scripts share).</summary>
    public IEnumerable<RecordKey> Name(string name)
    {
        var parts = Parts(name);
        var keys = new List<RecordKey>();
        for (var i = 0; i < parts.Count; i++)
        {
            for (var j = i + 1; j < parts.Count; j++)
            {
                var (low, high) = string.CompareOrdinal(parts[i].Sound, parts[j].Sound) <= 0 ? (parts[i].Sound, parts[j].Sound) : (parts[j].Sound, parts[i].Sound);
                keys.Add(Key(KeyKind.Pair, low + " " + high));
            }

            keys.Add(Key(KeyKind.Part, parts[i].Folded));
            keys.Add(Key(KeyKind.Sound, parts[i].Sound));
            foreach (var variant in knowledge.Variants.GetValueOrDefault(parts[i].Folded) ?? [])
            {
                keys.Add(Key(KeyKind.Part, "~" + variant));
            }

            keys.AddRange(Near(parts[i].Skeleton).Select(near => Key(KeyKind.Near, near)));
        }

        return keys.Distinct();
    }

    /// <summary>The parts of a name as compared: folded, and as they sound in Latin letters.</summary>
    public IReadOnlyList<NamePart> Parts(string name)
    {
        var folded = _folder.Fold(name);
        if (_folder.IsPlaceholder(folded))
        {
            return [];
        }

        var split = new List<string>();
        _tokens.Split(folded, split);
        // Chinese, Japanese and Korean names are written in one: characters are parts of their own beside the whole.
        var parts = split.SelectMany(part => IsHan(part[0]) && part.Length is >= 2 and <= 4 ? [part, part[..1], part[1..]] : new[] { part }).Distinct(StringComparer.Ordinal);
        return [.. parts.Take(8).Select(part =>
        {
            var latin = IsLatin(part[0]) ? part : _transliterator.Romanise(part);
            var skeleton = Skeleton.Key(Encoding.UTF8.GetBytes(latin));
            return new NamePart(part, latin, skeleton, skeleton == 0 ? part : skeleton.ToString("x", System.Globalization.CultureInfo.InvariantCulture));
        })];
    }

    private static bool IsHan(char letter) => letter is >= '\u3400' and <= '\u9FFF';

    private static bool IsLatin(char letter) => letter is < '\u0250' or (>= '\u1E00' and <= '\u1EFF');

    public IEnumerable<RecordKey> Date(string text)
    {
        if (Edtf.Read(text) is not { } date || (date.First ?? date.Last) is not { } day)
        {
            return [];
        }

        var keys = new List<RecordKey>();
        if (date.First == date.Last)
        {
            keys.Add(Key(KeyKind.Day, day.ToString("yyyyMMdd", System.Globalization.CultureInfo.InvariantCulture)));
        }

        if (date.First is { } from && date.Last is { } to && from.Year == to.Year)
        {
            if (from.Month == to.Month)
            {
                keys.Add(Key(KeyKind.Month, day.ToString("yyyyMM", System.Globalization.CultureInfo.InvariantCulture)));
            }

            keys.Add(Key(KeyKind.Year, day.Year.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        }

        return keys;
    }

    /// <summary>The date of a question: the finest it says, so that a month finds its days and none of another month.</summary>
    public IEnumerable<RecordKey> FinestDate(string text) => Date(text).Take(1);

    public IEnumerable<RecordKey> Identifier(string text)
    {
        var bare = string.Concat(text.Normalize(NormalizationForm.FormKC).Where(char.IsLetterOrDigit)).ToUpperInvariant();
        return bare.Length >= 3 ? [Key(KeyKind.Identifier, bare)] : [];
    }

    /// <summary>Words as they stand between spaces; of Chinese, which has none, each two characters that stand together.</summary>
    public IEnumerable<RecordKey> Words(string text) => _folder.Fold(text).Split(' ', StringSplitOptions.RemoveEmptyEntries).SelectMany(Pieces).Where(word => word.Length >= 2)
        .Distinct(StringComparer.Ordinal).Take(MostWords).Select(word => Key(KeyKind.Word, word));

    private static IEnumerable<string> Pieces(string word)
    {
        for (var (at, end) = (0, 0); at < word.Length; at = end)
        {
            var isHan = IsHan(word[at]);
            for (end = at; end < word.Length && IsHan(word[end]) == isHan;)
            {
                end++;
            }

            for (var first = at; first < end; first += isHan ? 1 : end - at)
            {
                yield return word[first..(isHan ? Math.Min(first + 2, end) : end)];
            }
        }
    }

    public RecordKey Key(KeyKind kind, string value)
    {
        Span<byte> hash = stackalloc byte[32];
        var bytes = Encoding.UTF8.GetBytes(value);
        Span<byte> content = stackalloc byte[2];
        BinaryPrimitives.WriteInt16BigEndian(content, (short)kind);
        HMACSHA256.HashData(secret, (byte[])[.. content, .. bytes], hash);
        return new((short)kind, hash[..12].ToArray());
    }

    private void Add(HashSet<RecordKey> keys, KeyKind kind, string value) => keys.Add(Key(kind, value));

    /// <summary>The skeleton and each skeleton with one group left out.</summary>
    private static IEnumerable<string> Near(ulong skeleton)
    {
        if (skeleton == 0)
        {
            yield break;
        }

        yield return skeleton.ToString("x", System.Globalization.CultureInfo.InvariantCulture);
        if (skeleton >> 62 != 0)
        {
            yield break;
        }

        var groups = 0;
        for (var rest = skeleton; rest > 1; rest >>= 4)
        {
            groups++;
        }

        for (var i = 0; i < groups && groups > 2; i++)
        {
            var low = skeleton & ((1UL << (4 * i)) - 1);
            yield return (((skeleton >> (4 * (i + 1))) << (4 * i)) | low).ToString("x", System.Globalization.CultureInfo.InvariantCulture);
        }
    }
}

/// <summary>A part of a name ready to be compared.</summary>
internal sealed record NamePart(string Folded, string Latin, ulong Skeleton, string Sound);
