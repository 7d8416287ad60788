namespace Waymark.Linkage;

/// <summary>
/// All that comparing needs of a record side by side, so that a pair touches few cache lines: a head (number of name parts, where they
/// stood, script, sex), the code of the date, the codes of the values, the ids of the name parts.
/// </summary>
internal sealed class RecordRows
{
    private const int PartsShift = 16;
    private readonly int[] _heap;
    private readonly int[] _at;

    private RecordRows(int[] heap, int[] at, int values) => (_heap, _at, FirstName) = (heap, at, 2 + values);

    /// <summary>Where the name parts begin in a row; the values stand before them from 2.</summary>
    public int FirstName { get; }

    public ReadOnlySpan<int> this[int record] => _heap.AsSpan(_at[record], _at[record + 1] - _at[record]);

    /// <summary>Reads the heads of rows that are compared next, so that their cache lines come together and not one after another.</summary>
    public int Fetch(ReadOnlySpan<CandidatePair> pairs)
    {
        var heads = 0;
        foreach (var pair in pairs)
        {
            heads |= _heap[_at[pair.Right]];
        }

        return heads;
    }

    public static int Names(int head) => head & 15;

    public static Script ScriptOf(int head) => (Script)((head >> 4) & 255);

    public static int Sex(int head) => (head >> 12) & 3;

    public static NamePart Part(int head, int i) => (NamePart)((head >> (PartsShift + (2 * i))) & 3);

    public static RecordRows Build(PreparedRecords records)
    {
        var names = records.Names;
        var values = records.Values;
        var at = new int[records.Count + 1];
        var heap = new int[(records.Count * (2 + values.Count)) + (names?.Ids.Length ?? 0)];
        var used = 0;
        for (var record = 0; record < records.Count; record++)
        {
            var head = records.Sexes is null ? 0 : records.Sexes[record] << 12;
            if (names is not null)
            {
                var parts = names.PartsOf(record);
                head |= parts.Length | ((int)names.Scripts[record] << 4);
                for (var i = 0; i < parts.Length; i++)
                {
                    head |= (int)parts[i] << (PartsShift + (2 * i));
                }
            }

            heap[used++] = head;
            heap[used++] = records.Dates is null ? 0 : records.DateCodes[record];
            foreach (var value in values)
            {
                heap[used++] = value.Codes[record];
            }

            if (names is not null)
            {
                names.IdsOf(record).CopyTo(heap.AsSpan(used));
                used += names.IdsOf(record).Length;
            }

            at[record + 1] = used;
        }

        return new RecordRows(heap, at, values.Count);
    }
}
