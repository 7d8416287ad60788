using Waymark.Linkage;

namespace Waymark.Matching;

/// <summary>Some good rows of a file: where each field stands in the text. Fields that had to be rewritten stand in a second text.</summary>
internal sealed class RowBatch(byte[] text, int width)
{
    private byte[] _text = text;
    private int[] _cells = new int[Math.Max(64, width * 2 * 256)];
    private byte[] _rewritten = [];
    private int _used;
    private int _rewrittenUsed;

    public int Rows { get; private set; }

    public int Width => width;

    /// <summary>Forgets its rows and takes those of another text, in the room it has.</summary>
    public void Restart(byte[] another) => (_text, _used, _rewrittenUsed, Rows) = (another, 0, 0, 0);

    public void Add(int start, int length)
    {
        if (_used + 2 > _cells.Length)
        {
            Array.Resize(ref _cells, _cells.Length * 2);
        }

        _cells[_used++] = start;
        _cells[_used++] = length;
    }

    public void AddRewritten(ReadOnlySpan<byte> field)
    {
        if (_rewrittenUsed + field.Length > _rewritten.Length)
        {
            Array.Resize(ref _rewritten, (_rewritten.Length * 2) + field.Length + 64);
        }

        field.CopyTo(_rewritten.AsSpan(_rewrittenUsed));
        Add(~_rewrittenUsed, field.Length);
        _rewrittenUsed += field.Length;
    }

    public void EndRow() => Rows++;

    public ReadOnlySpan<byte> Field(int row, int column)
    {
        var at = ((row * width) + column) * 2;
        var start = _cells[at];
        return start >= 0 ? _text.AsSpan(start, _cells[at + 1]) : _rewritten.AsSpan(~start, _cells[at + 1]);
    }

    /// <summary>Appends the rows to the columns that are wanted (null is not).</summary>
    public void Fill(LinkageColumnBuilder?[] columns)
    {
        if (Rows > 256)
        {
            Parallel.For(0, columns.Length, new ParallelOptions { MaxDegreeOfParallelism = 2 }, Column);
            return;
        }

        for (var column = 0; column < columns.Length; column++)
        {
            Column(column);
        }

        void Column(int column)
        {
            if (columns[column] is { } builder)
            {
                for (var row = 0; row < Rows; row++)
                {
                    builder.Add(Field(row, column));
                }
            }
        }
    }
}
