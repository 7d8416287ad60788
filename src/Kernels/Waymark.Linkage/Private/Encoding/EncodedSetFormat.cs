using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using Waymark.Model;

namespace Waymark.Linkage.Private;

/// <summary>
/// The file form of an encoded set, plain text: one header line, then one line per record with its handle and its bits in Base64
/// (words little-endian). docs/formats/link-encoding.md.
/// </summary>
public static class EncodedSetFormat
{
    public const string Schema = "waymark.link-encoding/1";

    /// <summary>Most records that are read.</summary>
    public const int MostRecords = 10_000_000;

    public static IEnumerable<string> Lines(EncodedSet set)
    {
        yield return string.Create(
            CultureInfo.InvariantCulture, $"{Schema} project={set.Project} preset={set.Preset} bits={set.Records.Bits} records={set.Records.Count}");
        for (var i = 0; i < set.Records.Count; i++)
        {
            yield return set.Handles[i] + "," + Convert.ToBase64String(MemoryMarshal.AsBytes(set.Records[i]));
        }
    }

    /// <summary>Reads lines; the first fault is answered with its line.</summary>
    public static Result<EncodedSet> Read(IEnumerable<string> lines, string name)
    {
        using var line = lines.GetEnumerator();
        if (!line.MoveNext() || Header(line.Current) is not { } header)
        {
            return Error.Invalid("linkage.encoding-header", "This is no encoded set.", "这不是编码数据集。", name + ":1")
                .WithHint("Make one with: waymark link encode.", "请用 waymark link encode 生成。");
        }

        if (EncodingPreset.Find(header.Preset) is { IsOk: false } unknown)
        {
            return unknown.Error with { Where = name + ":1" };
        }

        if (header.Bits is < 64 or > BitRecords.MostBits || header.Bits % 64 != 0 || header.Records is < 0 or > MostRecords)
        {
            return Error.Invalid("linkage.encoding-header", "The header states an impossible size.", "文件头声明的大小不可能。", name + ":1");
        }

        var words = new List<ulong>();
        var handles = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var row = new ulong[header.Bits / 64];
        while (line.MoveNext())
        {
            var text = line.Current;
            var comma = text.IndexOf(',', StringComparison.Ordinal);
            if (handles.Count == header.Records || comma != 32 || text.AsSpan(0, 32).ContainsAnyExcept(Hexadecimal) || !seen.Add(text[..32])
                || !Convert.TryFromBase64String(text[33..], MemoryMarshal.AsBytes(row.AsSpan()), out var bytes) || bytes != row.Length * 8)
            {
                return Error.Invalid("linkage.encoding-line", "The line is no record of this set.", "该行不是本数据集的记录。", $"{name}:{handles.Count + 2}");
            }

            handles.Add(text[..32]);
            words.AddRange(row);
        }

        if (handles.Count != header.Records)
        {
            return Error.Invalid("linkage.encoding-short", $"The set ends after {handles.Count} of {header.Records} records.", $"数据集在第 {handles.Count} 条（共 {header.Records} 条）后中断。", name);
        }

        var records = BitRecords.Create(header.Bits, [.. words]);
        return records.IsOk ? new EncodedSet(header.Project, header.Preset, handles, records.Value) : records.Error;
    }

    private static readonly SearchValues<char> Hexadecimal = SearchValues.Create("0123456789abcdef");

    private static (string Project, string Preset, int Bits, int Records)? Header(string text)
    {
        var parts = text.Split(' ');
        return parts is [Schema, var project, var preset, var bits, var records]
            && project.StartsWith("project=", StringComparison.Ordinal) && preset.StartsWith("preset=", StringComparison.Ordinal)
            && bits.StartsWith("bits=", StringComparison.Ordinal) && records.StartsWith("records=", StringComparison.Ordinal)
            && int.TryParse(bits.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out var width)
            && int.TryParse(records.AsSpan(8), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? (project[8..], preset[7..], width, count)
            : null;
    }
}
