using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Waymark.Linkage;
using Waymark.Model;

namespace Waymark.Matching;

/// <summary>
/// Takes the rows of a file one by one, keeps those aside that cannot be linked, and fills the columns of the rest in the background.
/// </summary>
internal sealed class RowSink(string file, RegisterOptions options)
{
    private const int MostAsideKept = 1_000;
    private readonly List<KeptAside> _aside = [];
    private readonly List<int> _lines = [];
    private string[] _names = [];
    private int _idColumn = -1;
    private RecordIdsBuilder? _ids;
    private LinkageColumnBuilder?[]? _columns;
    private Task _filling = Task.CompletedTask;
    private RowBatch? _batch;

    /// <summary>What the columns read now, and what they have read before: its room is used again.</summary>
    private RowBatch? _read;
    private RowBatch? _spare;
    private int _asideCount;
    private int _idFaults;
    private int _rows;

    public bool HasHeader => _names.Length > 0;

    public int RowsRead { get; private set; }

    /// <summary>Takes the header line; an error when the id column is not in it.</summary>
    public Error? Header(IReadOnlyList<string> names)
    {
        _names = [.. names.Select(n => n.Trim().TrimStart('\uFEFF'))];
        if (options.IdColumn is null)
        {
            return null;
        }

        _idColumn = Array.IndexOf(_names, options.IdColumn);
        _idColumn = _idColumn >= 0 ? _idColumn : Array.FindIndex(_names, n => n.Equals(options.IdColumn, StringComparison.OrdinalIgnoreCase));
        _ids = new RecordIdsBuilder();
        return _idColumn < 0 ? RegisterFaults.NoIdColumn(file, options.IdColumn, _names) : null;
    }

    /// <summary>Rows that follow stand in this text, until the next call.</summary>
    public void Begin(byte[] text)
    {
        if (_spare is { } spare && spare.Width == _names.Length)
        {
            spare.Restart(text);
            (_batch, _spare) = (spare, null);
            return;
        }

        _batch = new RowBatch(text, _names.Length);
    }

    /// <summary>Takes the current row of a cursor over the text given to <see cref="Begin"/>.</summary>
    public void Row(Formats.CsvCursor cursor, byte[] text, int line, bool unknownBytes)
    {
        RowsRead++;
        var width = _names.Length;
        var fields = cursor.FieldCount;
        for (; fields > width && cursor.Field(fields - 1).IsEmpty; fields--)
        {
        }

        if (fields != width)
        {
            Aside(RegisterFaults.Width(line, cursor.FieldCount, width));
        }
        else if (unknownBytes)
        {
            Aside(RegisterFaults.Bytes(line));
        }
        else if (_idColumn < 0 || TakeId(cursor.Field(_idColumn), line))
        {
            for (var i = 0; i < width; i++)
            {
                var field = cursor.Field(i);
                var start = field.IsEmpty ? 0
                    : Unsafe.ByteOffset(ref MemoryMarshal.GetArrayDataReference(text), ref MemoryMarshal.GetReference(field));
                if (start >= 0 && start + field.Length <= text.Length)
                {
                    _batch!.Add((int)start, field.Length);
                }
                else
                {
                    _batch!.AddRewritten(field);
                }
            }

            _batch!.EndRow();
        }
    }

    /// <summary>Takes a row of a workbook.</summary>
    public void Row(IReadOnlyList<string> cells, int line)
    {
        RowsRead++;
        if (_idColumn >= 0 && !TakeId(System.Text.Encoding.UTF8.GetBytes(cells[_idColumn]), line))
        {
            return;
        }

        for (var i = 0; i < _names.Length; i++)
        {
            _batch!.AddRewritten(System.Text.Encoding.UTF8.GetBytes(cells[i]));
        }

        _batch!.EndRow();
    }

    public int Width => _names.Length;

    /// <summary>Hands the rows since <see cref="Begin"/> to the columns.</summary>
    /// <param name="expectedRows">How many rows the file will have, as far as can be told.</param>
    public void End(int expectedRows)
    {
        var batch = _batch!;
        _batch = null;
        _rows += batch.Rows;
        _filling.GetAwaiter().GetResult();
        (_spare, _read) = (_read, batch);
        if (_columns is null)
        {
            if (batch.Rows == 0)
            {
                return;
            }

            var wanted = Wanted(batch);
            _columns = [.. _names.Select((n, i) => wanted[i] ? new LinkageColumnBuilder(n, Math.Max(expectedRows, batch.Rows)) : null)];
        }

        var columns = _columns;
        _filling = Task.Run(() => batch.Fill(columns));
    }

    /// <summary>The table and all that was found on the way.</summary>
    public Result<RegisterFile> Finish(string encoding, string delimiter, List<Error> warnings)
    {
        _filling.GetAwaiter().GetResult();
        if (_names.Length == 0)
        {
            return RegisterFaults.NoHeader(file);
        }

        if (_idFaults > 5 && _idFaults * 10 > RowsRead)
        {
            return RegisterFaults.NotAnId(file, _names[_idColumn], _idFaults, RowsRead);
        }

        var columns = _names.Select((n, i) => _columns?[i]?.Build() ?? new LinkageColumn(n, new Utf8Heap(1), new int[_columns is null ? _rows : 0])).ToList();
        var table = _ids is null ? LinkageTable.Create(file, columns, (string?)null) : LinkageTable.Create(file, columns, _ids.Build());
        if (!table.IsOk)
        {
            return table.Error;
        }

        var empty = columns.Where((c, i) => _columns?[i] is not null && c.Values.Count == 1 && i != _idColumn).Select(c => c.Name).ToList();
        warnings.AddRange(empty.Select(c => RegisterFaults.EmptyColumn(file, c)));
        warnings.AddRange(_names.GroupBy(n => n, StringComparer.Ordinal).Where(g => g.Count() > 1).Select(g => RegisterFaults.TwiceNamed(file, g.Key)));
        if (RowsRead == 0)
        {
            warnings.Add(RegisterFaults.NoRows(file));
        }

        if (_asideCount > 0)
        {
            warnings.Add(RegisterFaults.AsideRows(file, _asideCount, RowsRead));
        }

        return new RegisterFile(table.Value, RowsRead, _asideCount, _aside, encoding, delimiter, empty, warnings);
    }

    private bool[] Wanted(RowBatch first)
    {
        var wanted = Enumerable.Repeat(true, _names.Length).ToArray();
        if (options.Wanted is not null)
        {
            var sample = Array.ConvertAll(_names, n => new LinkageColumnBuilder(n, first.Rows));
            first.Fill(sample);
            wanted = options.Wanted(LinkageTable.Create(file, [.. sample.Select(c => c.Build())], (string?)null).Value);
        }

        if (_idColumn >= 0)
        {
            // Ids are kept apart, in the order of rows.
            wanted[_idColumn] = false;
        }

        return wanted;
    }

    private bool TakeId(ReadOnlySpan<byte> id, int line)
    {
        if (id.IsEmpty)
        {
            _idFaults++;
            Aside(RegisterFaults.NoId(line));
            return false;
        }

        var other = _ids!.Add(id);
        if (other >= 0)
        {
            _idFaults++;
            Aside(RegisterFaults.IdTwice(line, _lines[other]));
            return false;
        }

        _lines.Add(line);
        return true;
    }

    private void Aside(KeptAside row)
    {
        _asideCount++;
        if (_aside.Count < MostAsideKept)
        {
            _aside.Add(row);
        }
    }
}
