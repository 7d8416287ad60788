using System.Buffers.Binary;
using System.Text;
using Waymark.Model;

namespace Waymark.Linkage.Private;

/// <summary>A key of a record under which it can be found: equal keys make a candidate.</summary>
/// <param name="Record">The owner's number of the record; −1 for padding.</param>
/// <param name="Kind">What the key is made of.</param>
/// <param name="Bytes">Input of the function, separated by kind.</param>
public sealed record MatchKey(int Record, string Kind, byte[] Bytes);

/// <summary>Which side of a match the keys are for.</summary>
public enum MatchSide
{
    /// <summary>Holds records; each key costs an evaluation.</summary>
    Holder,

    /// <summary>Seeks persons; years before and after are added, since tags cost nothing.</summary>
    Seeker,
}

/// <summary>
/// Keys of records by the rules both sides share (cases-exchange 4.6): sounds of two name parts with the year of birth, telephone, document.
/// Made by the normaliser that links clear text, so scripts and spellings meet.
/// </summary>
public static class MatchKeys
{
    /// <summary>Most keys of a record for the holder; the budget is records × this.</summary>
    public const int MostPerRecord = 8;

    public static Result<IReadOnlyList<MatchKey>> Of(LinkageTable table, LinkageKnowledge knowledge, IReadOnlyDictionary<string, FieldRole>? map, MatchSide side)
    {
        var records = PrivateRecords.Read(table, knowledge, map);
        if (!records.IsOk)
        {
            return records.Error;
        }

        var keys = new List<MatchKey>();
        var seen = new HashSet<(int, string)>();
        for (var record = 0; record < records.Value.Count; record++)
        {
            var first = keys.Count;
            Values(records.Value, record, keys);
            Names(records.Value, record, side, keys);
            if (side == MatchSide.Holder && keys.Count - first > MostPerRecord)
            {
                keys.RemoveRange(first + MostPerRecord, keys.Count - first - MostPerRecord);
            }
        }

        keys.RemoveAll(k => !seen.Add((k.Record, Convert.ToHexString(k.Bytes))));
        return keys;
    }

    private static void Values(PrivateRecords records, int record, List<MatchKey> keys)
    {
        foreach (var field in records.Values)
        {
            if (field.Role is FieldRole.Phone or FieldRole.Document or FieldRole.Email && field.Codes[record] is var code && code != 0)
            {
                var kind = field.Role.ToString().ToLowerInvariant();
                keys.Add(new(record, kind, [.. Encoding.ASCII.GetBytes(kind), 0, .. field.BytesOf(code)]));
            }
        }
    }

    private static void Names(PrivateRecords records, int record, MatchSide side, List<MatchKey> keys)
    {
        var date = records.DateOf(record);
        if (records.Names is not { } names || date.IsEmpty)
        {
            return;
        }

        var sounds = names.IdsOf(record).ToArray().Select(id => Sounds.Collapse(names.Tokens.SkeletonOf(id))).Where(s => s != 0).Distinct().Order().ToArray();
        for (var i = 0; i < sounds.Length; i++)
        {
            for (var j = i + 1; j < sounds.Length; j++)
            {
                for (var year = date.KeyYear - (int)side; year <= date.KeyYear + (int)side; year++)
                {
                    var bytes = new byte[9 + 20];
                    "name+year"u8.CopyTo(bytes);
                    BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(9), sounds[i]);
                    BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(17), sounds[j]);
                    BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(25), year);
                    keys.Add(new(record, "name+year", bytes));
                }
            }
        }
    }
}
