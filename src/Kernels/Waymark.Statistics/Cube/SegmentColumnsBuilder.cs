using System.Runtime.InteropServices;
using Waymark.Model;

namespace Waymark.Statistics.Cube;

/// <summary>Collects observations row by row into <see cref="SegmentColumns"/>. Not safe for two threads.</summary>
public sealed class SegmentColumnsBuilder(CubeSchema schema, string segment, int scale = 0)
{
    private readonly Dictionary<string, int>[] _codes =
        [.. schema.Dimensions.Select(_ => new Dictionary<string, int>(StringComparer.Ordinal))];

    private readonly List<int>[] _rows = [.. schema.Dimensions.Select(_ => new List<int>())];
    private readonly Dictionary<Period, int> _periods = [];
    private readonly List<int> _periodRows = [];
    private readonly List<long> _values = [];
    private readonly List<ObservationStatus> _statuses = [];
    private readonly List<ConfidentialityStatus> _confidentialities = [];
    private readonly List<Comparator> _comparators = [];
    private readonly List<int> _upperRows = [];
    private readonly List<long> _uppers = [];
    private readonly Dictionary<string, int> _valueCodes = new(StringComparer.Ordinal);

    public int Rows => _values.Count;

    public bool IsFull => Rows == CubeSchema.BlockRows;

    /// <summary>Adds a figure at the segment's scale; <paramref name="upper"/> is the upper end of a range.</summary>
    public SegmentColumnsBuilder Add(
        ReadOnlySpan<string> codes,
        Period period,
        long value,
        ObservationStatus status = ObservationStatus.Normal,
        Comparator comparator = Comparator.Equal,
        long? upper = null,
        ConfidentialityStatus confidentiality = ConfidentialityStatus.Free)
    {
        if (codes.Length != _codes.Length || IsFull)
        {
            throw new InvalidOperationException(IsFull ? "the segment is full" : "one code per dimension is needed");
        }

        for (var i = 0; i < codes.Length; i++)
        {
            _rows[i].Add(CodeOf(_codes[i], codes[i]));
        }

        if (upper is { } top)
        {
            _upperRows.Add(Rows);
            _uppers.Add(top);
        }

        _periodRows.Add(CodeOf(_periods, period));
        _values.Add(value);
        _statuses.Add(status);
        _comparators.Add(comparator);
        _confidentialities.Add(confidentiality);
        return this;
    }

    /// <summary>Adds a gap; the status says why there is no figure.</summary>
    public SegmentColumnsBuilder AddMissing(ReadOnlySpan<string> codes, Period period, ObservationStatus status) =>
        Add(codes, period, 0, status, Comparator.None);

    /// <summary>Adds an observation whose value is a code (a visa kind, a legal mode).</summary>
    public SegmentColumnsBuilder AddCode(ReadOnlySpan<string> codes, Period period, string value) =>
        Add(codes, period, CodeOf(_valueCodes, value), comparator: Comparator.Code);

    public SegmentColumns Build() => new()
    {
        Segment = segment,
        Scale = scale,
        Dimensions = [.. _codes.Select((codes, i) => new CodedColumn([.. codes.Keys], [.. _rows[i]]))],
        Periods = new([.. _periods.Keys], [.. _periodRows]),
        Values = [.. _values],
        Statuses = [.. _statuses],
        Confidentialities = [.. _confidentialities],
        Comparators = [.. _comparators],
        UpperRows = _upperRows.Count == 0 ? null : [.. _upperRows],
        Uppers = _uppers.Count == 0 ? null : [.. _uppers],
        ValueCodes = _valueCodes.Count == 0 ? null : [.. _valueCodes.Keys],
    };

    private static int CodeOf<T>(Dictionary<T, int> codes, T code) where T : notnull
    {
        ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(codes, code, out var exists);
        return exists ? known : known = codes.Count - 1;
    }
}
