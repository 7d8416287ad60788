using System.Text.Json;

namespace Waymark.Formats.Json;

/// <summary>
/// Reads tables out of JSON: an array of objects (one row each, columns in order of first appearance), an array of
/// arrays, JSON-stat 2.0 and SDMX-JSON 2 (one row per observation). Row 1 holds the column names. Other JSON is
/// refused with
/// a reason; a file that only begins like JSON is tried as delimited text.
/// </summary>
internal static class JsonOpener
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 64, AllowTrailingCommas = false,
        CommentHandling = JsonCommentHandling.Disallow };

    public static Opened Open(ReadOnlyMemory<byte> content, string name, ReadLimits limits, TextHints? hints)
    {
        var body = content.Span is [0xEF, 0xBB, 0xBF, ..] ? content[3..] : content;
        if (!LooksLikeJson(body.Span))
        {
            return FormatOpener.OpenText(content, name, limits, hints);
        }

        if (!System.Text.Unicode.Utf8.IsValid(body.Span))
        {
            throw new UnreadableException(Faults.Damaged(name, "the JSON is not UTF-8", "JSON 不是 UTF-8 编码"));
        }

        if (body.Length > limits.MaxUncompressedBytes / 8)
        {
            throw new UnreadableException(Faults.TooLarge(name, "json-bytes", limits.MaxUncompressedBytes / 8));
        }

        Action<CellStore> fill;
        try
        {
            var root = JsonDocument.Parse(body, Options).RootElement;
            fill = Choose(root, name);
        }
        catch (JsonException exception)
        {
            throw new UnreadableException(Faults.Damaged(
                FormattableString.Invariant($"{name}:{exception.LineNumber + 1}:{exception.BytePositionInLine + 1}"), "the JSON is malformed", "JSON 格式错误"));
        }

        var sheet = new Sheet("", 0, SheetVisibility.Visible, name, () => new CellStore(limits, isText: false, name),
            cancellation => new JsonRows(fill, limits, name, cancellation));
        return new(FileFormat.Json, [sheet], null, []);
    }

    /// <summary>
    /// After the opening bracket comes a value or the closing bracket; a CSV title such as "[Draft], 2020" fails
    /// that.
    /// </summary>
    private static bool LooksLikeJson(ReadOnlySpan<byte> body)
    {
        var text = body.TrimStart(" \t\r\n"u8);
        var inner = text[1..].TrimStart(" \t\r\n"u8);
        return text[0] == (byte)'{' ? inner is [(byte)'"' or (byte)'}', ..]
            : inner is [(byte)'{' or (byte)'[' or (byte)'"' or (byte)']' or (byte)'-'
                or (>= (byte)'0' and <= (byte)'9'), ..];
    }

    private static Action<CellStore> Choose(JsonElement root, string name)
    {
        if (root.ValueKind == JsonValueKind.Array)
        {
            return root.GetArrayLength() > 0 && root[0].ValueKind == JsonValueKind.Array
                ? store => ArrayTables.Arrays(root, store, name)
                : store => ArrayTables.Objects(root, store, name);
        }

        if (root.TryGetProperty("class", out var kind) && kind.ValueKind == JsonValueKind.String
            && kind.ValueEquals("dataset"u8))
        {
            return store => JsonStatTable.Fill(root, store);
        }

        if (root.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.Object
            && data.TryGetProperty("dataSets"u8, out _))
        {
            return store => SdmxJsonTable.Fill(data, store);
        }

        // Services wrap their rows in a member of one of these names.
        foreach (var member in root.EnumerateObject())
        {
            if (member.Name is "rows" or "data" or "items" or "results" or "value" or "records"
                && member.Value.ValueKind == JsonValueKind.Array
                && member.Value.GetArrayLength() > 0 && member.Value[0].ValueKind == JsonValueKind.Object)
            {
                var rows = member.Value;
                return store => ArrayTables.Objects(rows, store, name);
            }
        }

        throw new UnreadableException(Faults.Unsupported(name, "JSON without a table", "不含表格的 JSON"));
    }
}

/// <summary>
/// A JSON table is small enough to be laid out at once; rows are then handed over one by one or kept together.
/// </summary>
internal sealed class JsonRows(Action<CellStore> fill, ReadLimits limits, string name, CancellationToken cancellation)
    : RowSource(limits)
{
    private CellStore? _all;
    private int _row;

    public override bool Next(CellStore store)
    {
        cancellation.ThrowIfCancellationRequested();
        if (_all is null)
        {
            _all = new CellStore(Limits, isText: false, name);
            Fill(_all);
        }

        if (_row >= _all.RowCount)
        {
            return false;
        }

        store.BeginRow(_all.NumberOf(_row));
        var (first, end) = _all.Range(_row++);
        for (var i = first; i < end; i++)
        {
            store.AddCopy(_all.Columns[i], _all.Utf8(i), _all.Flags[i] & CellFlags.KindMask);
        }

        return true;
    }

    private void Fill(CellStore all)
    {
        try
        {
            fill(all);
        }
        catch (Exception exception) when (exception is KeyNotFoundException or InvalidOperationException
            or System.FormatException
            or OverflowException or IndexOutOfRangeException or ArgumentException)
        {
            throw new UnreadableException(Faults.Damaged(name, "its JSON members do not fit together", "JSON 各成员不一致"));
        }
    }
}
