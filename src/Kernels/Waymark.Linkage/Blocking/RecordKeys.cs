namespace Waymark.Linkage;

/// <summary>
/// The keys of the name parts of each record, side by side in the order of records: a dozen rules ask for them, and by way of the parts each
/// would go through all memory again. A part of a full name that stands elsewhere too (<see cref="NamePart.Other"/>) has no keys.
/// </summary>
internal sealed class RecordKeys
{
    private const int Shift = 14;
    private const int AtOnce = 1 << Shift;
    private readonly ulong[][] _keys;
    private readonly int[] _start;

    /// <summary>Keys of a record begin here in the keys of its stretch of records; the last of a stretch goes to its end.</summary>
    private RecordKeys(ulong[][] keys, int[] start) => (_keys, _start) = (keys, start);

    /// <summary>The keys of the record's parts; 0, which never is a key, stands between two parts.</summary>
    public ReadOnlySpan<ulong> this[int record]
    {
        get
        {
            var keys = _keys[record >> Shift];
            var from = _start[record];
            var next = record + 1;
            return keys.AsSpan(from, ((next & (AtOnce - 1)) == 0 || next == _start.Length ? keys.Length : _start[next]) - from);
        }
    }

    /// <param name="names">The names.</param>
    /// <param name="partStart">Where the keys of a part begin.</param>
    /// <param name="partKeys">The keys of all parts.</param>
    public static RecordKeys Build(NameField names, int[] partStart, ulong[] partKeys)
    {
        var start = new int[names.Scripts.Length];
        var keys = new ulong[(start.Length + AtOnce - 1) / AtOnce][];
        Parallel.For(0, keys.Length, stretch =>
        {
            var own = new List<ulong>(AtOnce * 3);
            for (var record = stretch << Shift; record < Math.Min(start.Length, (stretch + 1) << Shift); record++)
            {
                start[record] = own.Count;
                var ids = names.IdsOf(record);
                var parts = names.PartsOf(record);
                for (var i = 0; i < ids.Length; i++)
                {
                    if (parts[i] != NamePart.Other)
                    {
                        if (own.Count > start[record])
                        {
                            own.Add(0);
                        }

                        own.AddRange(partKeys.AsSpan(partStart[ids[i]], partStart[ids[i] + 1] - partStart[ids[i]]));
                    }
                }
            }

            keys[stretch] = [.. own];
        });
        return new(keys, start);
    }
}
