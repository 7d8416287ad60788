using System.Security.Cryptography;
using Waymark.Model;

namespace Waymark.Linkage.Private;

/// <summary>What goes to the linkage unit: handles drawn at random and coded records, in the order of the handles; no key, no attribute.</summary>
/// <param name="Project">Fingerprint of the project's key.</param>
/// <param name="Preset">Name of the preset.</param>
/// <param name="Handles">128 random bits per record as 32 hexadecimal digits.</param>
/// <param name="Records">The coded records.</param>
public sealed record EncodedSet(string Project, string Preset, IReadOnlyList<string> Handles, BitRecords Records);

/// <summary>What stays with the owner: which record a handle stands for. Invented records have row −1 and are dropped from results.</summary>
public sealed record HandleEntry(string Handle, int Row)
{
    public bool IsInvented => Row < 0;
}

/// <summary>An encoded set and the owner's key to its handles.</summary>
/// <param name="Set">For the linkage unit.</param>
/// <param name="Handles">For the owner alone.</param>
/// <param name="LeftOut">Rows that hold too little, or the same as too many others, to be encoded safely.</param>
public sealed record EncodedOwner(EncodedSet Set, IReadOnlyList<HandleEntry> Handles, IReadOnlyList<int> LeftOut);

/// <summary>Encodes the records of one owner for a project.</summary>
public static class RecordEncoder
{
    /// <summary>
    /// Most records of a set that say the same. Whoever counts codes reads the frequent ones, whatever the preset: with a family name and the sex alone a third of the names.
    /// </summary>
    public const int MostAlike = 3;

    /// <summary>
    /// Encodes all records. Rows that know less than two fields, and rows that say what more than <see cref="MostAlike"/> say, are left out: their codes would
    /// repeat often enough to be counted. Noise, handles and invented records come from the source handed in; null takes the system's source.
    /// </summary>
    public static Result<EncodedOwner> Encode(
        LinkageTable table,
        LinkageKnowledge knowledge,
        IReadOnlyDictionary<string, FieldRole>? map,
        ProjectKey key,
        EncodingSchema schema,
        Action<Span<byte>>? random = null) => Encode(table, knowledge, map, key, schema, random, MostAlike);

    internal static Result<EncodedOwner> Encode(
        LinkageTable table,
        LinkageKnowledge knowledge,
        IReadOnlyDictionary<string, FieldRole>? map,
        ProjectKey key,
        EncodingSchema schema,
        Action<Span<byte>>? random,
        int mostAlike)
    {
        random ??= RandomNumberGenerator.Fill;
        var records = PrivateRecords.Read(table, knowledge, map);
        if (!records.IsOk)
        {
            return records.Error;
        }

        var missing = schema.Fields.Where(f => !records.Value.Roles.Contains(f.Role)).Select(f => f.Role).ToList();
        if (missing.Count == schema.Fields.Count)
        {
            return Error.Invalid("linkage.no-common-field", "No field of the project is in this file.", "文件中没有项目所用的任何字段。", table.Name)
                .WithHint("Name the columns with --map.", "请用 --map 指定列。");
        }

        var features = new RecordFeatures(records.Value, schema);
        var list = new List<Feature>();
        var all = new Feature[records.Value.Count][];
        var alike = new Dictionary<ulong, int>();
        for (var row = 0; row < all.Length; row++)
        {
            features.Collect(row, list);
            all[row] = [.. list];
            alike[Content(all[row])] = alike.GetValueOrDefault(Content(all[row])) + 1;
        }

        var (own, rows, leftOut) = (new List<Feature[]>(), new List<int>(), new List<int>());
        for (var row = 0; row < all.Length; row++)
        {
            if (all[row].Select(f => Group(f.Kind)).Distinct().Count() < 2 || alike[Content(all[row])] > mostAlike)
            {
                leftOut.Add(row);
                continue;
            }

            own.Add(all[row]);
            rows.Add(row);
        }

        var draw = new Draws(random);
        Invent(own, rows, schema.Preset.FakeShare, draw);
        return Write(own, rows, leftOut, key, schema.Preset, random, draw);
    }

    /// <summary>Invented records take each field from another record, so that alone they look like any other.</summary>
    private static void Invent(List<Feature[]> own, List<int> rows, double share, Draws draw)
    {
        var real = own.Count;
        var groups = own.Select(f => f.GroupBy(x => Group(x.Kind)).ToDictionary(g => g.Key, g => g.ToArray())).ToArray();
        var kinds = groups.SelectMany(g => g.Keys).Distinct().Order().ToArray();
        for (var i = 0; i < (int)Math.Ceiling(real * share); i++)
        {
            var invented = new List<Feature>();
            foreach (var kind in kinds)
            {
                invented.AddRange(groups[draw.Below(real)].GetValueOrDefault(kind) ?? []);
            }

            own.Add([.. invented]);
            rows.Add(-1);
        }
    }

    private static Result<EncodedOwner> Write(
        List<Feature[]> own, List<int> rows, List<int> leftOut, ProjectKey key, EncodingPreset preset, Action<Span<byte>> random, Draws draw)
    {
        var positions = new BitPositions(key, preset.Bits);
        var permutation = preset.Code == FilterCode.Balanced ? FilterCodes.Permutation(key, preset.EncodedBits) : [];
        var width = preset.EncodedBits / 64;
        var handles = new (string Handle, int At)[own.Count];
        for (var i = 0; i < handles.Length; i++)
        {
            handles[i] = (draw.Handle(), i);
        }

        Array.Sort(handles, (a, b) => string.CompareOrdinal(a.Handle, b.Handle));
        var words = new ulong[own.Count * width];
        Span<ulong> filter = stackalloc ulong[preset.Bits / 64];
        for (var i = 0; i < handles.Length; i++)
        {
            filter.Clear();
            foreach (var feature in own[handles[i].At])
            {
                foreach (var at in positions.Of(feature))
                {
                    filter[at / 64] |= 1UL << (at % 64);
                }
            }

            var into = words.AsSpan(i * width, width);
            FilterCodes.Apply(preset.Code, filter, permutation, into);
            FilterCodes.Coins(into, preset.CoinShare, random);
        }

        var records = BitRecords.Create(preset.EncodedBits, words);
        return records.IsOk
            ? new EncodedOwner(
                new(key.Fingerprint(), preset.Name, [.. handles.Select(h => h.Handle)], records.Value),
                [.. handles.Select(h => new HandleEntry(h.Handle, rows[h.At]))],
                leftOut)
            : records.Error;
    }

    private static ulong Content(Feature[] features)
    {
        var content = (ulong)features.Length;
        foreach (var feature in features)
        {
            content = Hashing.Pair(content, Hashing.Pair(feature.Kind, feature.Value));
        }

        return content;
    }

    /// <summary>Which field a feature belongs to.</summary>
    private static int Group(byte kind) => kind switch
    {
        >= (byte)FeatureKind.ValueWhole => kind,
        >= (byte)FeatureKind.ValueLetters => kind + (int)FeatureKind.ValueWhole - (int)FeatureKind.ValueLetters,
        (byte)FeatureKind.Sex => 3,
        >= (byte)FeatureKind.Year => 2,
        _ => 1,
    };

    /// <summary>Numbers from the source of randomness.</summary>
    private sealed class Draws(Action<Span<byte>> random)
    {
        public int Below(int limit)
        {
            Span<byte> bytes = stackalloc byte[8];
            random(bytes);
            return (int)(BitConverter.ToUInt64(bytes) % (ulong)limit);
        }

        public string Handle()
        {
            Span<byte> bytes = stackalloc byte[16];
            random(bytes);
            return Convert.ToHexStringLower(bytes);
        }
    }
}
