namespace Waymark.Formats;

/// <summary>
/// Chooses among comma, tab, semicolon and bar by how regular the rows become. Preambles and notes are ragged under
/// every delimiter, so the usual width counts, not the first line.
/// </summary>
internal static class DelimiterDetector
{
    private const int SampleBytes = 1 << 16;
    private const int SampleRecords = 300;

    public static byte Detect(ReadOnlyMemory<byte> utf8, string name, ReadLimits limits)
    {
        var span = utf8.Span;
        if (span.Length > 5 && span[..4].SequenceEqual("sep="u8) && span[5] is (byte)'\r' or (byte)'\n')
        {
            return span[4]; // the spreadsheet's own hint
        }

        if (PackedKeys.IsIn(span))
        {
            return (byte)'\t';
        }

        var sample = utf8[..Math.Min(utf8.Length, SampleBytes)];
        if (sample.Length < utf8.Length && sample.Span.LastIndexOfAny((byte)'\n', (byte)'\r') is > 0 and var cut)
        {
            sample = sample[..(cut + 1)];
        }

        var tab = name.Contains(".tsv", StringComparison.OrdinalIgnoreCase)
            || name.Contains(".tab", StringComparison.OrdinalIgnoreCase);
        ReadOnlySpan<byte> candidates = tab ? "\t,;|"u8 : ",\t;|"u8;
        var (best, bestScore) = (candidates[0], 0.0);
        foreach (var candidate in candidates)
        {
            var score = Score(sample, candidate, limits);
            if (score > bestScore * 1.05)
            {
                (best, bestScore) = (candidate, score);
            }
        }

        return best;
    }

    /// <summary>
    /// Share of rows of the usual width, squared, times the logarithm of that width; 0 when rows do not split.
    /// </summary>
    private static double Score(ReadOnlyMemory<byte> sample, byte delimiter, ReadLimits limits)
    {
        var cursor = new CsvCursor(sample, delimiter, limits);
        var widths = new Dictionary<int, int>();
        var rows = 0;
        while (rows < SampleRecords && cursor.Read())
        {
            if (cursor.RawRecord.IsEmpty)
            {
                continue;
            }

            rows++;
            if (cursor.FieldCount > 1)
            {
                widths[cursor.FieldCount] = widths.GetValueOrDefault(cursor.FieldCount) + 1;
            }
        }

        if (widths.Count == 0)
        {
            return 0;
        }

        var (width, count) = widths.MaxBy(static pair => pair.Value * Math.Log2(pair.Key));
        var share = (double)count / rows;
        return share * share * Math.Log2(width);
    }
}
