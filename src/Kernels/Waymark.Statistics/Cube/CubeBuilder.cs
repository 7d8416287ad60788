using Waymark.Model;
using Waymark.Statistics.Cube.Columns;

namespace Waymark.Statistics.Cube;

/// <summary>
/// Builds the cube of one series and keeps it up to date, vintage by vintage in order of system time:
/// <see cref="BeginVintage"/>, <see cref="Append"/> per segment, then <see cref="Publish"/> (or <see cref="Discard"/>).
/// Among observations with the same key (dimensions and period) the one of the highest edition stands, then the latest
/// import, then the earlier row. Publishing swaps one reference: readers keep the snapshot they have, and what was current
/// at a vintage stays so for ever. One writer at a time; any number of readers of <see cref="Snapshot"/>.
/// </summary>
public sealed class CubeBuilder
{
    private readonly Lock _lock = new();
    private readonly CubeSchema _schema;
    private readonly CodeDictionary<string>[] _codes;
    private readonly CodeDictionary<Period> _periods = new();
    private readonly CodeDictionary<Mark> _marks = new();
    private readonly CodeDictionary<string> _valueCodes = new(StringComparer.Ordinal);
    private readonly List<CubeVintage> _vintages = [];
    private readonly List<CubeBlock> _blocks = [];
    private readonly Superseding _superseding;
    private AppendReport _report = AppendReport.Nothing;
    private int _scale;
    private int _stagedFrom;
    private bool _open;
    private bool _closed;
    private volatile CubeSnapshot _snapshot;

    public CubeBuilder(CubeSchema schema)
    {
        if (schema.ColumnOf(CubeSchema.PeriodColumn) != schema.Dimensions.Count || schema.Dimensions.Distinct().Count() != schema.Dimensions.Count)
        {
            throw new ArgumentException("dimension names are unique and none is 'period'", nameof(schema));
        }

        _schema = schema;
        _codes = [.. schema.Dimensions.Select(_ => new CodeDictionary<string>(StringComparer.Ordinal))];
        _superseding = new(_blocks, _vintages, new(schema, column => _codes[column].Freeze()));
        _snapshot = new(_schema, [], [], [.. _codes.Select(_ => Array.Empty<string>())], [], [], []);
    }

    /// <summary>The newest published state; never null, never half an import.</summary>
    public CubeSnapshot Snapshot => _snapshot;

    /// <summary>Bytes held, the key index included.</summary>
    public long MemoryBytes => _snapshot.MemoryBytes + _superseding.IndexBytes;

    /// <summary>Opens the next vintage and answers its ordinal: the "as of" number of queries.</summary>
    public Result<int> BeginVintage(CubeVintage vintage)
    {
        lock (_lock)
        {
            if (_open)
            {
                return Error.Conflict("cube.vintage-open", $"Vintage {_vintages[^1].Id} is still open.", $"版次 {_vintages[^1].Id} 尚未结束。");
            }

            if (_vintages.Count >= CubeBlock.Current - 1)
            {
                return Error.TooLarge("cube.vintages", "A cube holds at most 65,534 vintages.", "一个数据立方体最多容纳 65,534 个版次。");
            }

            _vintages.Add(vintage);
            (_open, _closed, _stagedFrom, _report) = (true, false, _blocks.Count, AppendReport.Nothing);
            return _vintages.Count - 1;
        }
    }

    /// <summary>Adds one segment to the open vintage. A faulty segment changes nothing.</summary>
    public Result<AppendReport> Append(SegmentColumns segment)
    {
        lock (_lock)
        {
            if (!_open || _closed)
            {
                return Error.Conflict("cube.no-vintage", "No vintage is open.", "没有打开的版次。");
            }

            if (segment.Fault(_schema) is { } fault)
            {
                return fault;
            }

            if (_blocks.Count >= ushort.MaxValue)
            {
                return Error.TooLarge("cube.blocks", "A cube holds at most 65,535 segments.", "一个数据立方体最多容纳 65,535 个分段。");
            }

            _blocks.Add(Encode(segment));
            var report = _superseding.Admit(_blocks.Count - 1);
            _report += report;
            return report;
        }
    }

    /// <summary>
    /// Ends the open vintage and says what it did, withdrawals included; nothing is visible yet. <see cref="Publish"/> does it
    /// when it was not done before.
    /// </summary>
    public Result<AppendReport> Close()
    {
        lock (_lock)
        {
            if (!_open)
            {
                return Error.Conflict("cube.no-vintage", "No vintage is open.", "没有打开的版次。");
            }

            if (!_closed)
            {
                _report += AppendReport.Nothing with { Withdrawn = _superseding.Close(_vintages.Count - 1) };
                _closed = true;
            }

            return _report;
        }
    }

    /// <summary>Makes the open vintage visible in one step.</summary>
    public Result<AppendReport> Publish()
    {
        lock (_lock)
        {
            if (Close() is { IsOk: false } failed)
            {
                return failed;
            }

            _superseding.Publish();
            _open = false;
            _snapshot = new(_schema, [.. _vintages], [.. _blocks], [.. _codes.Select(codes => codes.Freeze())],
                _periods.Freeze(), _marks.Freeze(), _valueCodes.Freeze());
            return _report;
        }
    }

    /// <summary>Forgets the open vintage; published vintages are untouched.</summary>
    public void Discard()
    {
        lock (_lock)
        {
            if (_open)
            {
                _blocks.RemoveRange(_stagedFrom, _blocks.Count - _stagedFrom);
                _vintages.RemoveAt(_vintages.Count - 1);
                _superseding.Forget();
                _superseding.FreeIndex();
                _open = false;
            }
        }
    }

    /// <summary>Gives the key index back (about a third of the memory); the next import rebuilds it.</summary>
    public void FreeIndex()
    {
        lock (_lock)
        {
            _superseding.FreeIndex();
        }
    }

    private CubeBlock Encode(SegmentColumns segment)
    {
        var keys = new CodeColumn[_codes.Length + 1];
        for (var i = 0; i < _codes.Length; i++)
        {
            keys[i] = Translate(segment.Dimensions[i].Rows, segment.Dimensions[i].Codes, _codes[i]);
        }

        keys[^1] = Translate(segment.Periods.Rows, segment.Periods.Periods, _periods);
        var marks = new int[segment.Rows];
        var values = segment.Values;
        var (last, number) = (default(Mark), -1);
        for (var row = 0; row < marks.Length; row++)
        {
            var mark = new Mark(
                segment.Statuses?[row] ?? ObservationStatus.Normal,
                segment.Confidentialities?[row] ?? ConfidentialityStatus.Free,
                segment.Comparators?[row] ?? Comparator.Equal);
            if (number < 0 || mark != last)
            {
                (last, number) = (mark, _marks.NumberOf(mark));
            }

            marks[row] = number;
            if (mark.Comparator == Comparator.Code)
            {
                values = ReferenceEquals(values, segment.Values) ? [.. values] : values;
                values[row] = _valueCodes.NumberOf(segment.ValueCodes![(int)values[row]]);
            }
        }

        var (scaled, uppers, scale) = Rescale(segment, values, marks);
        return new()
        {
            Segment = segment.Segment,
            Vintage = (ushort)(_vintages.Count - 1),
            Rows = segment.Rows,
            Keys = keys,
            Marks = CodeColumn.Pack(marks),
            Values = ValueColumn.Pack(scaled),
            Scale = scale,
            UpperRows = segment.UpperRows is null ? null : [.. segment.UpperRows],
            Uppers = uppers,
        };
    }

    /// <summary>Brings the block to the scale of the series when every figure still fits 64 bits; else it keeps its own.</summary>
    private (long[] Values, long[]? Uppers, int Scale) Rescale(SegmentColumns segment, long[] values, int[] marks)
    {
        var uppers = segment.Uppers is null ? null : (long[])[.. segment.Uppers];
        var target = _scale = Math.Max(_scale, segment.Scale);
        var factor = 1L;
        for (var i = segment.Scale; i < target; i++)
        {
            factor *= 10;
        }

        var (low, high) = (long.MinValue / factor, long.MaxValue / factor);
        if (factor == 1 || !Array.TrueForAll(values, value => value >= low && value <= high)
            || (uppers is not null && !Array.TrueForAll(uppers, upper => upper >= low && upper <= high)))
        {
            return (values, uppers, segment.Scale);
        }

        var marksByNumber = _marks.Freeze();
        return ([.. values.Select((value, row) => marksByNumber[marks[row]].Comparator == Comparator.Code ? value : value * factor)],
            uppers?.Select(upper => upper * factor).ToArray(), target);
    }

    private static CodeColumn Translate<T>(int[] rows, IReadOnlyList<T> local, CodeDictionary<T> codes) where T : notnull
    {
        // Only codes that some row uses get a number, in order of first use, so equal data give equal numbers.
        var map = new int[local.Count];
        var translated = new int[rows.Length];
        for (var row = 0; row < rows.Length; row++)
        {
            ref var number = ref map[rows[row]];
            if (number == 0)
            {
                number = codes.NumberOf(local[rows[row]]) + 1;
            }

            translated[row] = number - 1;
        }

        return CodeColumn.Pack(translated);
    }
}
