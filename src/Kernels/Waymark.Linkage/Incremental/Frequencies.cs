namespace Waymark.Linkage;

/// <summary>
/// How often name parts and values occurred in the records a model was fitted on. Agreement on a value keeps saying the same however the register
/// grows, so that a pair has one score whenever its records arrive. What was never seen counts as seen once.
/// </summary>
internal sealed class Frequencies
{
    private readonly Counted _parts;
    private readonly int[] _byScript;
    private readonly int _records;
    private readonly Counted[] _values;

    private Frequencies(Counted parts, int[] byScript, int records, Counted[] values) => (_parts, _byScript, _records, _values) = (parts, byScript, records, values);

    public static Frequencies Of(PreparedRecords records)
    {
        var parts = records.Names is null ? Counted.Nothing : Counted.Of(records.Names.Tokens.Count, id => records.Names.Tokens.Bytes(id).ToArray(), records.Names.Tokens.CountOf, 0);
        var values = records.Values.Select(v => Counted.Of(v.Distinct, c => v.BytesOf(c).ToArray(), c => v.Counts[c], v.Filled)).ToArray();
        return new(parts, records.Names?.Tokens.RecordsByScript ?? [], records.Names?.Tokens.Records ?? 0, values);
    }

    /// <summary>Gives prepared records these frequencies instead of their own.</summary>
    public void Apply(PreparedRecords records)
    {
        if (records.Names is { } names)
        {
            names.Tokens.Weigh(_parts.For(names.Tokens.Count, id => names.Tokens.Bytes(id)), _byScript, _records);
        }

        for (var i = 0; i < records.Values.Count && i < _values.Length; i++)
        {
            var field = records.Values[i];
            field.Weigh(_values[i].For(field.Distinct, c => field.BytesOf(c)), _values[i].Filled);
        }
    }

    /// <summary>Whether a part occurred.</summary>
    public bool Knows(ReadOnlySpan<byte> part) => _parts.Find(part) > 0;

    public void Write(BinaryWriter to)
    {
        _parts.Write(to);
        to.Write(_records);
        to.Write(_byScript.Length);
        Array.ForEach(_byScript, to.Write);
        to.Write(_values.Length);
        Array.ForEach(_values, v => v.Write(to));
    }

    public static Frequencies Read(IndexReader from)
    {
        var parts = Counted.Read(from);
        var records = from.Count();
        var byScript = from.Many(256, from.Count);
        return new(parts, byScript, records, from.Many(64, () => Counted.Read(from)));
    }

    internal delegate ReadOnlySpan<byte> Bytes(int id);

    /// <summary>Values and how many records hold each; code 0 is nothing.</summary>
    private sealed class Counted(Utf8Heap heap, List<int> counts, int filled)
    {
        public static Counted Nothing => new(new Utf8Heap(1), [0], 0);

        public int Filled { get; } = filled;

        public static Counted Of(int count, Func<int, byte[]> bytes, Func<int, int> counted, int filled)
        {
            var (heap, counts) = (new Utf8Heap(count), new List<int>(count) { 0 });
            for (var id = 1; id < count; id++)
            {
                heap.Add(bytes(id));
                counts.Add(counted(id));
            }

            return new(heap, counts, filled);
        }

        public int Find(ReadOnlySpan<byte> value) => heap.Find(value);

        public int[] For(int count, Bytes bytes)
        {
            var result = new int[count];
            for (var id = 1; id < count; id++)
            {
                var code = heap.Find(bytes(id));
                result[id] = code > 0 ? Math.Max(1, counts[code]) : 1;
            }

            return result;
        }

        public void Write(BinaryWriter to)
        {
            to.Write(Filled);
            to.Write(heap.Count);
            for (var code = 1; code < heap.Count; code++)
            {
                LinkageIndexFormat.Bytes(to, heap[code]);
                to.Write(counts[code]);
            }
        }

        public static Counted Read(IndexReader from)
        {
            var filled = from.Count();
            var count = from.Count();
            var (heap, counts) = (new Utf8Heap(Math.Min(count, 1 << 20)), new List<int> { 0 });
            for (var code = 1; code < count; code++)
            {
                if (heap.Add(from.Bytes()) != code)
                {
                    throw new InvalidDataException();
                }

                counts.Add(from.Count());
            }

            return new(heap, counts, filled);
        }
    }
}
