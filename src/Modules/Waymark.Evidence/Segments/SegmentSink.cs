using System.Runtime.InteropServices;
using Waymark.Evidence.Catalogue;
using Waymark.Evidence.Reading;
using Waymark.Model;

namespace Waymark.Evidence.Segments;

/// <summary>Numbers for texts, in order of first appearance.</summary>
internal sealed class CodeList
{
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);

    public List<string> Codes { get; } = [];

    public int Of(string code)
    {
        ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(_numbers, code, out var known);
        if (!known)
        {
            number = Codes.Count;
            Codes.Add(code);
        }

        return number;
    }
}

/// <summary>Collects the observations of one series of one file and encodes them segment by segment.</summary>
internal sealed class SegmentSink
{
    /// <summary>Segments of which the columns are kept for the cube beside their bytes; of very large files the rest is read back.</summary>
    private const int MostKept = 32;

    private const int Fixed = 7; // period, mark, unit, definition, occurrence, footnotes, sheet
    private readonly int _dimensions;
    private readonly List<CodeList> _lists = [];
    private readonly List<int[]> _columns = [];
    private readonly List<string> _attributes = [];
    private readonly CodeList _valueCodes = new();
    private readonly List<Period> _periods = [];
    private readonly Dictionary<long, int> _periodNumbers = [];
    private readonly Dictionary<SegmentMark, int> _markNumbers = [];
    private readonly List<SegmentMark> _marks = [];
    private readonly Dictionary<int, decimal> _wide = [];
    private readonly Dictionary<int, decimal> _uppers = [];
    private long[] _values = new long[256];
    private byte[] _scales = new byte[256];
    private int[] _rows = new int[256];
    private int[] _cols = new int[256];
    private int _count;
    private SegmentMark _lastMark;
    private int _lastMarkNumber = -1;

    public SegmentSink(SeriesDefinition series)
    {
        Series = series;
        _dimensions = series.Dimensions.Count;
        for (var i = 0; i < _dimensions + Fixed; i++)
        {
            _lists.Add(new());
            _columns.Add(new int[256]);
        }

        Occurrence(0);
        Footnotes.Of("");
    }

    public SeriesDefinition Series { get; }

    public List<EncodedSegment> Segments { get; } = [];

    public long Total { get; private set; }

    public Dictionary<ObservationStatus, long> ByStatus { get; } = [];

    public Period? First { get; private set; }

    public Period? Last { get; private set; }

    public CodeList Dimension(int i) => _lists[i];

    public CodeList Units => _lists[_dimensions + 2];

    public CodeList Definitions => _lists[_dimensions + 3];

    public CodeList Footnotes => _lists[_dimensions + 5];

    public CodeList Sheets => _lists[_dimensions + 6];

    public int Occurrence(int number) => _lists[_dimensions + 4].Of(number.ToString(System.Globalization.CultureInfo.InvariantCulture));

    public int PeriodNumber(Period period)
    {
        ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(_periodNumbers, period.ToCode(), out var known);
        if (!known)
        {
            number = _periods.Count;
            _periods.Add(period);
            if (period.Granularity != Granularity.Undated)
            {
                First = First is { } first && first <= period ? first : period;
                Last = Last is { } last && last >= period ? last : period;
            }
        }

        return number;
    }

    public int Attribute(string name)
    {
        var at = _attributes.IndexOf(name);
        if (at < 0)
        {
            at = _attributes.Count;
            _attributes.Add(name);
            var list = new CodeList();
            list.Of("");
            _lists.Add(list);
            _columns.Add(new int[_values.Length]);
        }

        return at;
    }

    public IReadOnlyList<string> AttributeNames => _attributes;

    public CodeList AttributeCodes(int attribute) => _lists[_dimensions + Fixed + attribute];

    /// <summary>Begins an observation; attributes may follow, then <see cref="Commit"/>.</summary>
    public void Add(ReadOnlySpan<int> codes, int period, ref CellValue value, ObservationStatus status, ConfidentialityStatus confidentiality,
        int unit, int definition, int occurrence, int footnotes, int sheet, int row, int column)
    {
        if (_count == _values.Length)
        {
            Grow();
        }

        var at = _count++;
        for (var i = 0; i < codes.Length; i++)
        {
            _columns[i][at] = codes[i];
        }

        var comparator = value.Kind switch
        {
            CellReading.Number => Comparator.Equal,
            CellReading.Code => Comparator.Code,
            _ => value.Comparator,
        };
        var mark = new SegmentMark(status, confidentiality, comparator);
        if (_lastMarkNumber < 0 || mark != _lastMark)
        {
            ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(_markNumbers, mark, out var known);
            if (!known)
            {
                number = _marks.Count;
                _marks.Add(mark);
            }

            (_lastMark, _lastMarkNumber) = (mark, number);
        }

        _columns[_dimensions][at] = period;
        _columns[_dimensions + 1][at] = _lastMarkNumber;
        _columns[_dimensions + 2][at] = unit;
        _columns[_dimensions + 3][at] = definition;
        _columns[_dimensions + 4][at] = occurrence;
        _columns[_dimensions + 5][at] = footnotes;
        _columns[_dimensions + 6][at] = sheet;
        (_rows[at], _cols[at]) = (row, column);
        (_values[at], _scales[at]) = value.Kind == CellReading.Code ? (_valueCodes.Of(value.Code!), (byte)0)
            : comparator == Comparator.None ? (0L, (byte)0) : (value.Mantissa, value.Scale);
        if (value.Wide is { } wide)
        {
            _wide[at] = wide;
        }

        if (value.Upper is { } upper)
        {
            _uppers[at] = upper;
        }

        CollectionsMarshal.GetValueRefOrAddDefault(ByStatus, status, out _)++;
        Total++;
        for (var i = _dimensions + Fixed; i < _columns.Count; i++)
        {
            _columns[i][at] = 0;
        }
    }

    /// <summary>An attribute of the observation added last.</summary>
    public void SetAttribute(int attribute, int code) => _columns[_dimensions + Fixed + attribute][_count - 1] = code;

    /// <summary>Ends an observation: writes the segment when it is full.</summary>
    public void Commit()
    {
        if (_count == Segment.Capacity)
        {
            Flush();
        }
    }

    public void Flush()
    {
        if (_count == 0)
        {
            return;
        }

        var scale = Scale();
        var values = new long[_count];
        for (var i = 0; i < _count; i++)
        {
            values[i] = _scales[i] == scale || _wide.ContainsKey(i) ? _values[i] : Rescaled(i, scale);
        }

        var segment = new Segment
        {
            Series = Series.Id,
            Dimensions = [.. Enumerable.Range(0, _dimensions).Select(i => Column(Series.Dimensions[i].Id, i))],
            Periods = Local(_columns[_dimensions], _periods.Count, out var periodRows).ConvertAll(i => _periods[i]),
            PeriodRows = periodRows,
            Values = values,
            Scale = scale,
            Wide = new Dictionary<int, decimal>(_wide),
            Uppers = new Dictionary<int, decimal>(_uppers),
            ValueCodes = [.. _valueCodes.Codes],
            Marks = [.. _marks],
            MarkRows = _columns[_dimensions + 1][.._count],
            Unit = Column("unit", _dimensions + 2),
            Definition = Column("definition", _dimensions + 3),
            Occurrence = Column("occurrence", _dimensions + 4),
            Footnotes = Column("footnotes", _dimensions + 5),
            Attributes = [.. _attributes.Select((name, i) => Column(name, _dimensions + Fixed + i))],
            Sheet = Column("sheet", _dimensions + 6),
            SourceRows = _rows[.._count],
            SourceColumns = _cols[.._count],
        };
        Segments.Add(new(segment, keep: Segments.Count < MostKept));
        _count = 0;
        _wide.Clear();
        _uppers.Clear();
    }

    /// <summary>The greatest scale in use; figures that do not fit 64 bits at it go to the exact list.</summary>
    private int Scale()
    {
        var scale = 0;
        for (var i = 0; i < _count; i++)
        {
            scale = Math.Max(scale, _scales[i]);
        }

        return scale;
    }

    private long Rescaled(int at, int scale)
    {
        var (value, left) = (_values[at], scale - _scales[at]);
        if (_marks[_columns[_dimensions + 1][at]].Comparator is Comparator.Code or Comparator.None)
        {
            return value;
        }

        for (; left > 0; left--)
        {
            if (value > long.MaxValue / 10 || value < long.MinValue / 10)
            {
                _wide[at] = Segment.ToFigure(_values[at], _scales[at]);
                return 0;
            }

            value *= 10;
        }

        return value;
    }

    private SegmentColumn Column(string name, int column)
    {
        var used = Local(_columns[column], _lists[column].Codes.Count, out var rows);
        return new(name, used.ConvertAll(i => _lists[column].Codes[i]), rows);
    }

    /// <summary>The codes that occur, in order of first use, and the rows by their place among them.</summary>
    private List<int> Local(int[] column, int codes, out int[] rows)
    {
        var used = new List<int>();
        var numbers = new int[codes];
        rows = new int[_count];
        for (var i = 0; i < _count; i++)
        {
            ref var number = ref numbers[column[i]];
            if (number == 0)
            {
                used.Add(column[i]);
                number = used.Count;
            }

            rows[i] = number - 1;
        }

        return used;
    }

    private void Grow()
    {
        var size = Math.Min(Segment.Capacity, _values.Length * 4);
        Array.Resize(ref _values, size);
        Array.Resize(ref _scales, size);
        Array.Resize(ref _rows, size);
        Array.Resize(ref _cols, size);
        for (var i = 0; i < _columns.Count; i++)
        {
            var column = _columns[i];
            Array.Resize(ref column, size);
            _columns[i] = column;
        }
    }
}
