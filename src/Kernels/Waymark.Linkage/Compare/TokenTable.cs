using System.Text;

namespace Waymark.Linkage;

/// <summary>
/// The distinct parts of all names of a run: bytes, script, Latin form, skeleton, classes of variants, and how much it says (bits)
/// when two records share it. Ids are dense and given in order of first sight; results do not depend on that order.
/// </summary>
public sealed class TokenTable(LinkageKnowledge knowledge)
{
    /// <summary>The letters of a part that can be alike in other ways.</summary>
    private const uint Anything = uint.MaxValue;

    /// <summary>So many records of a script are supposed beside those that are there, with names that one in so many has.</summary>
    private const float Supposed = 50, SupposedRarity = 1000;
    private readonly Utf8Heap _tokens = new(1 << 14);
    private readonly Transliterator _transliterator = new(knowledge);
    private readonly Dictionary<int, LetterSpellings[]> _units = [];
    private readonly Dictionary<int, byte[]> _romanised = [];
    private readonly Dictionary<int, ulong[]> _classes = [];
    private Script[] _scripts = new Script[1 << 12];
    private byte[] _firsts = new byte[1 << 12];
    private Look[] _looks = new Look[1 << 12];
    private int[] _counts = [];

    public int Count => _tokens.Count;

    /// <summary>Adds a folded part and returns its id; id 0 is "none".</summary>
    public int Add(string token)
    {
        Span<byte> buffer = stackalloc byte[512];
        var bytes = token.Length * 3 <= buffer.Length ? buffer[..Encoding.UTF8.GetBytes(token, buffer)] : Encoding.UTF8.GetBytes(token);
        var before = _tokens.Count;
        var id = _tokens.Add(bytes);
        if (id >= before)
        {
            Describe(id, token, bytes.Length);
        }

        return id;
    }

    public ReadOnlySpan<byte> Bytes(int id) => _tokens[id];

    public string Text(int id) => _tokens.Text(id);

    /// <summary>The Latin form: itself for Latin parts, the most probable spelling for others.</summary>
    public ReadOnlySpan<byte> Latin(int id) => _scripts[id] != Script.Latin && _romanised.TryGetValue(id, out var latin) ? latin : _tokens[id];

    /// <summary>The first letter of <see cref="Latin"/>, 0 when it has none.</summary>
    internal byte FirstLetter(int id) => _firsts[id];

    public Script ScriptOf(int id) => _scripts[id];

    public ulong SkeletonOf(int id) => _looks[id].Skeleton;

    /// <summary>Hashes of the names of the classes of variants this part belongs to, in the order of the pack, or null.</summary>
    public ulong[]? ClassesOf(int id) => _classes.GetValueOrDefault(id);

    /// <summary>Spellings of the letters of a part in another script; empty for Latin.</summary>
    public LetterSpellings[] UnitsOf(int id) => _units.TryGetValue(id, out var units) ? units : [];

    /// <summary>True when a look at the letters shows that two parts are not alike.</summary>
    public bool Unlike(int a, int b)
    {
        ref readonly var x = ref _looks[a];
        ref readonly var y = ref _looks[b];
        return x.Skeleton != y.Skeleton
            && (StringSimilarity.Unlike(x.Letters, y.Letters) || (x.Letters != Anything && y.Letters != Anything && LetterCounts.CannotBeAlike(x.Counts, y.Counts, x.Start, y.Start, LetterCounts.Below84)));
    }

    /// <summary>Reads what a first look at a part needs, so that it is there when it is asked for.</summary>
    internal uint Fetch(int id) => _looks[id].Letters;

    /// <summary>True when at most two letters of one are not in the other, and the other way round.</summary>
    internal bool MayBeASlip(int a, int b) => LetterCounts.Apart(_looks[a].Counts, _looks[b].Counts) is (<= 2, <= 2);

    public bool ShareClass(int a, int b)
    {
        // Whoever has classes can be alike in other ways than by letters.
        if (_looks[a].Letters != Anything || _looks[b].Letters != Anything || !_classes.TryGetValue(a, out var x) || !_classes.TryGetValue(b, out var y))
        {
            return false;
        }

        foreach (var i in x)
        {
            if (Array.IndexOf(y, i) >= 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Bits that sharing this part says: log2(records / records that have it).</summary>
    public float Information(int id) => _looks[id].Information;

    /// <summary>A hash of the bytes: an order that does not depend on the order of the input.</summary>
    public ulong HashOf(int id) => Hashing.Bytes(_tokens[id]);

    /// <summary>What the parts were counted among.</summary>
    internal int[] RecordsByScript { get; private set; } = [];

    internal int Records { get; private set; }

    /// <summary>Number of records that hold the part.</summary>
    public int CountOf(int id) => _counts[id];

    /// <summary>
    /// Counts how many records hold each part; call once all parts are in. A part in another script than Latin is weighed among the names
    /// of its script, since whom it is compared with comes from the same people; where these are a handful, some more with other names are supposed
    /// beside them, or one request in Arabic to a register in Latin letters would carry a name that says nothing.
    /// </summary>
    public void Weigh(int[] counts, int[] recordsByScript, int records)
    {
        (_counts, RecordsByScript, Records) = (counts, recordsByScript, records);
        for (var id = 1; id < Count; id++)
        {
            // Sixty-fourths add up exactly in any order.
            var (among, found) = (records + 1f, counts[id] + 0.5f);
            if (_scripts[id] != Script.Latin)
            {
                (among, found) = (recordsByScript[(int)_scripts[id]] + 1f + Supposed, counts[id] + 0.5f + (Supposed / SupposedRarity));
            }

            var bits = MathF.Log2(among / found);
            _looks[id].Information = MathF.Max(0.5f, MathF.Round(bits * 64) / 64);
        }
    }

    private void Describe(int id, string token, int bytesLength)
    {
        if (id >= _scripts.Length)
        {
            var room = _scripts.Length * 2;
            Array.Resize(ref _scripts, room);
            Array.Resize(ref _firsts, room);
            Array.Resize(ref _looks, room);
        }

        var script = Script.Latin;
        foreach (var c in token)
        {
            var of = Scripts.Of(c);
            if (of is not (Script.None or Script.Latin))
            {
                script = of;
                break;
            }
        }

        _scripts[id] = script;
        if (script != Script.Latin)
        {
            _units[id] = _transliterator.Units(token);
            _romanised[id] = Encoding.ASCII.GetBytes(_transliterator.Romanise(token));
        }

        _firsts[id] = Latin(id) is [var first, ..] ? first : (byte)0;
        _looks[id].Skeleton = Skeleton.Key(Latin(id));

        // Parts that can be alike in other ways than by their letters say so with all bits.
        _looks[id].Letters = script == Script.Latin && bytesLength > 1 && !knowledge.Variants.ContainsKey(token) ? StringSimilarity.Letters(Latin(id)) : Anything;
        _looks[id].Counts = LetterCounts.Of(Latin(id));
        _looks[id].Start = LetterCounts.StartOf(Latin(id));
        if (knowledge.Variants.Count > 0 && knowledge.Variants.TryGetValue(token, out var classes))
        {
            // In the order of the pack and by their names: numbers given at first sight would let the order of rows decide which classes become keys.
            _classes[id] = Array.ConvertAll(classes, name => Hashing.Bytes(Encoding.UTF8.GetBytes(name)));
        }
    }

    /// <summary>What a first look at a part needs, in one place.</summary>
    private struct Look
    {
        public ulong Skeleton;
        public ulong Counts;
        public uint Letters;
        public uint Start;
        public float Information;
    }
}
