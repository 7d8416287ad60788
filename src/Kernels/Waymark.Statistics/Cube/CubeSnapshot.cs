using Waymark.Model;
using Waymark.Statistics.Cube.Columns;
using Waymark.Statistics.Cube.Queries;

namespace Waymark.Statistics.Cube;

/// <summary>Where an observation came from: the store's segment and the row in it.</summary>
public readonly record struct CellReference(string Segment, int Row);

/// <summary>
/// The cube at one moment: immutable, safe for any number of threads. Everything known at any vintage up to the newest can
/// be asked of it.
/// </summary>
public sealed class CubeSnapshot
{
    private readonly string[][] _codes;
    private readonly Period[] _periods;
    private readonly string[] _valueCodes;

    internal CubeSnapshot(
        CubeSchema schema, CubeVintage[] vintages, CubeBlock[] blocks, string[][] codes, Period[] periods, Mark[] marks, string[] valueCodes)
    {
        (Schema, Vintages, Blocks, Marks) = (schema, vintages, blocks, marks);
        (_codes, _periods, _valueCodes) = (codes, periods, valueCodes);
        Observations = blocks.Sum(block => (long)block.Rows);
        Scale = blocks.Length == 0 ? 0 : blocks.Max(block => block.Scale);
    }

    public CubeSchema Schema { get; }

    /// <summary>In order of system time; the index is the "as of" number.</summary>
    public IReadOnlyList<CubeVintage> Vintages { get; }

    /// <summary>All observations of all vintages.</summary>
    public long Observations { get; }

    /// <summary>Observations that a newer complete edition no longer has.</summary>
    public long Withdrawn => Blocks.Sum(block => (long)(block.Withdrawn?.Length ?? 0));

    /// <summary>Decimal places of sums.</summary>
    public int Scale { get; }

    /// <summary>The newest vintage, or -1 of an empty cube.</summary>
    public int Newest => Vintages.Count - 1;

    public IReadOnlyList<Period> Periods => _periods;

    /// <summary>Bytes of all columns and dictionaries.</summary>
    public long MemoryBytes => Blocks.Sum(block => block.Bytes) + (_periods.Length * 8L)
        + _codes.Sum(codes => codes.Sum(code => 40L + (2 * code.Length)));

    /// <summary>Observations per block, in order; row numbers count 65,536 to the block.</summary>
    public IReadOnlyList<int> BlockSizes => [.. Blocks.Select(block => block.Rows)];

    /// <summary>The store's segments the cube was built from, each once.</summary>
    public IEnumerable<string> Segments => Blocks.Select(block => block.Segment).Distinct(StringComparer.Ordinal);

    internal CubeBlock[] Blocks { get; }

    internal Mark[] Marks { get; }

    /// <summary>The codes of a dimension by number, in order of first appearance.</summary>
    public IReadOnlyList<string> Codes(string dimension)
    {
        var column = Schema.ColumnOf(dimension);
        return column >= 0 && column < _codes.Length ? _codes[column] : [];
    }

    internal string[] CodesOf(int column) => _codes[column];

    internal int Cardinality(int column) => column == _codes.Length ? _periods.Length : _codes[column].Length;

    /// <summary>One observation by its row number (block × 65,536 + row), as <see cref="RowSet"/> lists them.</summary>
    public ObservationView this[long row] => new(this, row);

    internal string ValueCode(long number) => _valueCodes[number];

    /// <summary>
    /// The same series as if only the vintages that pass had ever been imported: one publisher's edition, for example.
    /// Columns are shared; only the superseding marks are computed anew.
    /// </summary>
    public CubeSnapshot OnlyVintages(Func<CubeVintage, bool> keep)
    {
        var numbers = Enumerable.Range(0, Vintages.Count).Where(i => keep(Vintages[i])).ToArray();
        var renumbered = numbers.Select((old, number) => (old, number)).ToDictionary(pair => pair.old, pair => pair.number);
        var blocks = Blocks.Where(block => renumbered.ContainsKey(block.Vintage))
            .Select(block => (block with { Vintage = (ushort)renumbered[block.Vintage] }).With(null)).ToList();
        CubeVintage[] vintages = [.. numbers.Select(i => Vintages[i])];
        return new(Schema, vintages, Superseding.Recompute(blocks, vintages, new(Schema, column => _codes[column])), _codes, _periods, Marks, _valueCodes);
    }
}

/// <summary>One observation of a snapshot, read on demand.</summary>
public readonly struct ObservationView
{
    private readonly CubeSnapshot _cube;
    private readonly CubeBlock _block;
    private readonly int _row;

    internal ObservationView(CubeSnapshot cube, long row) =>
        (_cube, _block, _row, Number) = (cube, cube.Blocks[row >> 16], (int)(row & 0xFFFF), row);

    /// <summary>The row number in the snapshot.</summary>
    public long Number { get; }

    public Period Period => _cube.Periods[_block.Keys[^1][_row]];

    public ObservationStatus Status => Mark.Status;

    public ConfidentialityStatus Confidentiality => Mark.Confidentiality;

    public Comparator Comparator => Mark.Comparator;

    /// <summary>The figure; null when there is none or it is a code.</summary>
    public ExactNumber? Value => Mark.IsNumber ? new ExactNumber(_block.Values[_row], _block.Scale) : null;

    /// <summary>The upper end of a range.</summary>
    public ExactNumber? Upper => _block.UpperOf(_row) is { } upper ? new ExactNumber(upper, _block.Scale) : null;

    /// <summary>The code of a coded observation.</summary>
    public string? ValueCode => Mark.Comparator == Comparator.Code ? _cube.ValueCode(_block.Values[_row]) : null;

    public CellReference Cell => new(_block.Segment, _row);

    /// <summary>The vintage it came with.</summary>
    public int From => _block.Vintage;

    /// <summary>The vintage that superseded it; null while it stands.</summary>
    public int? To => _block.ToOf(_row) == CubeBlock.Current ? null : Math.Max(_block.ToOf(_row), From);

    /// <summary>True when no other figure took its place: a newer complete edition lacks it, from <see cref="To"/> on.</summary>
    public bool IsWithdrawn => _block.IsWithdrawn(_row);

    /// <summary>True when it was the one that counted at that vintage.</summary>
    public bool IsCurrentAt(int asOf) => _block.Vintage <= asOf && asOf < _block.ToOf(_row);

    private Mark Mark => _cube.Marks[_block.Marks[_row]];

    /// <summary>The code of the dimension at this position of the schema.</summary>
    public string Code(int dimension) => _cube.CodesOf(dimension)[_block.Keys[dimension][_row]];

    /// <summary>The number of that code in <see cref="CubeSnapshot.Codes"/>.</summary>
    public int CodeNumber(int dimension) => _block.Keys[dimension][_row];

    public string Code(string dimension) => Code(_cube.Schema.ColumnOf(dimension));
}
