namespace Waymark.Formats;

/// <summary>Feeds the records of a text into a store; fields stay where they are in the text.</summary>
internal sealed class TextRows(TextSource text, ReadLimits limits) : RowSource(limits)
{
    private readonly CsvCursor _cursor = text.Cursor();

    public override bool Next(CellStore store)
    {
        var cursor = _cursor;
        if (!cursor.Read())
        {
            return cursor.Stopped is null ? false : throw new UnreadableException(cursor.Stopped);
        }

        if (cursor.Fault is { } fault)
        {
            Extras.Add(fault);
        }

        if (cursor.RawRecord.Contains((byte)0))
        {
            Extras.Add(Faults.NulBytes(FormattableString.Invariant($"{text.Name}:{cursor.Line}")));
        }

        store.Source = cursor.Buffer;
        var (start, end) = cursor.Extent;
        store.BeginRow(cursor.Line, start, end);
        var column = 0;
        foreach (var field in cursor.Fields)
        {
            column++;
            var flags = CellFlags.Unjudged | (field.Quoted ? CellFlags.Quoted : CellFlags.None);
            if (field.Doubled)
            {
                var raw = cursor.Buffer.AsSpan(field.Start, field.Length);
                var length = CsvCursor.Undouble(raw, store.Reserve(raw.Length, out var arenaStart));
                store.Commit(length);
                store.Add(column, arenaStart, length, flags | CellFlags.InArena);
            }
            else
            {
                store.Add(column, field.Start, field.Length, flags);
            }
        }

        return true;
    }
}
