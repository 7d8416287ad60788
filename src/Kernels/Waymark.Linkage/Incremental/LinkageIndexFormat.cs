using System.Text;
using System.Text.Json;
using Waymark.Model;

namespace Waymark.Linkage;

/// <summary>An index as bytes: a name, the model as JSON, frequencies, columns, ids and values, pairs. Little-endian; lengths before values.</summary>
internal static class LinkageIndexFormat
{
    private const string Name = "waymark.linkage-index/1";

    public static void Write(LinkageIndex index, Stream stream)
    {
        using var to = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        to.Write(Name);
        var json = JsonSerializer.SerializeToUtf8Bytes(index.Model);
        Bytes(to, json);
        to.Write(index.Frozen.AllPairs);
        to.Write(index.Threshold);
        to.Write(index.Frozen.Caps.Length);
        Array.ForEach(index.Frozen.Caps, to.Write);
        index.Frozen.Strangers.Write(to);
        index.Frequencies.Write(to);
        to.Write(index.Columns.Count);
        foreach (var column in index.Columns)
        {
            to.Write(column.Column);
            to.Write((int)column.Role);
        }

        to.Write(index.Count);
        for (var row = 0; row < index.Count; row++)
        {
            Bytes(to, index.Stored.Ids[row + 1]);
            for (var c = 0; c < index.Columns.Count; c++)
            {
                Bytes(to, index.Stored.ValueOf(c, row));
            }
        }

        to.Write(index.RawPairs.Count);
        foreach (var pair in index.RawPairs)
        {
            to.Write(pair.Left);
            to.Write(pair.Right);
            to.Write(pair.Probability);
            to.Write(pair.Weight);
            to.Write(pair.Rule);
        }
    }

    public static Result<LinkageIndex> Read(Stream stream, LinkageKnowledge knowledge)
    {
        try
        {
            using var reader = new BinaryReader(stream, Encoding.UTF8, leaveOpen: true);
            return reader.ReadString() == Name && Read(new IndexReader(reader), reader, knowledge) is { } index ? index : NotAnIndex();
        }
        catch (Exception failure) when (failure is EndOfStreamException or InvalidDataException or JsonException or FormatException or DecoderFallbackException)
        {
            return NotAnIndex();
        }
    }

    private static Error NotAnIndex() => Error.Invalid("linkage.index", "This is not a kept index, or it is damaged.", "这不是已保存的索引，或已损坏。");

    private static LinkageIndex? Read(IndexReader from, BinaryReader reader, LinkageKnowledge knowledge)
    {
        var model = JsonSerializer.Deserialize<LinkageModel>(from.Bytes());
        if (!LinkageModel.IsSound(model) || model!.Rules.Any(r => BlockingRule.Find(r.Rule) is null))
        {
            return null;
        }

        var (allPairs, threshold) = (from.Number(), from.Number());
        var caps = from.Many(256, from.Count);
        var strangers = StrangerClasses.Read(from);
        var frequencies = Frequencies.Read(from);
        var roles = from.Many(256, () => new ColumnRole(reader.ReadString(), (FieldRole)from.Count(), RoleReason.Asked));
        if (caps.Length != model.Rules.Count || roles.Any(r => !Enum.IsDefined(r.Role)))
        {
            return null;
        }

        var columns = new IndexColumns(roles);
        var rows = from.Count();
        for (var row = 0; row < rows; row++)
        {
            if (!columns.Append(from.Bytes()))
            {
                return null;
            }

            for (var c = 0; c < roles.Length; c++)
            {
                columns.Append(c, from.Bytes());
            }
        }

        var pairs = new List<LinkedPair>();
        for (var left = from.Count(); left > 0; left--)
        {
            var pair = new LinkedPair(reader.ReadInt32(), reader.ReadInt32(), reader.ReadSingle(), reader.ReadSingle(), reader.ReadByte());
            if (pair.Left < 0 || pair.Right <= pair.Left || pair.Right >= rows || pair.Rule >= model.Rules.Count || pair.Probability is not (>= 0 and <= 1))
            {
                return null;
            }

            pairs.Add(pair);
        }

        return new LinkageIndex(knowledge, new(model, strangers, allPairs, caps, threshold), frequencies, columns, pairs);
    }

    public static void Bytes(BinaryWriter to, ReadOnlySpan<byte> value)
    {
        to.Write7BitEncodedInt(value.Length);
        to.Write(value);
    }
}

/// <summary>Reads parts of a kept index within limits; what does not fit is invalid data.</summary>
internal sealed class IndexReader(BinaryReader reader)
{
    private const int LongestValue = 16 << 20;

    public int Count() => reader.ReadInt32() is >= 0 and var count ? count : throw new InvalidDataException();

    public double Number() => reader.ReadDouble() is var number && !double.IsNaN(number) ? number : throw new InvalidDataException();

    public byte[] Bytes()
    {
        var length = reader.Read7BitEncodedInt();
        var bytes = length is >= 0 and <= LongestValue ? reader.ReadBytes(length) : throw new InvalidDataException();
        return bytes.Length == length ? bytes : throw new EndOfStreamException();
    }

    public T[] Many<T>(int most, Func<T> one)
    {
        var count = Count();
        return count <= most ? [.. Enumerable.Range(0, count).Select(_ => one())] : throw new InvalidDataException();
    }
}
