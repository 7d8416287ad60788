using System.Text;

namespace Waymark.Packs;

/// <summary>
/// Strict CSV (RFC 4180) in UTF-8: comma, quotes doubled inside quotes, one header row, every row as wide as the header,
/// no blank lines, line ends LF or CRLF. Whatever is not that is refused with line and column, and reading goes on with the
/// next row where that is possible.
/// </summary>
public static class PackCsv
{
    public const int MostRows = 2_000_000;

    public const int MostColumns = 256;

    /// <summary>Reads a whole file; the table holds the rows that were good.</summary>
    public static PackTable? Read(string path, string file, ReadOnlySpan<byte> utf8, PackErrors errors)
    {
        var text = PackBytes.ToText(file, utf8, PackBytes.LargestFile, errors);
        if (text is null)
        {
            return null;
        }

        var scanner = new Scanner(file, text, errors);
        if (!scanner.Row(out var header, out _) || header.Length == 0)
        {
            errors.Add(file, new(1, 1), "pack.csv-no-header", "The file has no header row.", "文件没有表头行。");
            return null;
        }

        if (header.Length > MostColumns || header.Any(column => column.Length == 0)
            || header.Distinct(StringComparer.Ordinal).Count() != header.Length)
        {
            errors.Add(file, new(1, 1), "pack.csv-header", "Header names must be given, differ from each other, and be at most 256.",
                "表头各列须有名称、互不相同，且不超过 256 列。");
            return null;
        }

        var table = new PackTable(path, file, header);
        var rows = new List<PackRow>();
        while (scanner.Row(out var values, out var line) && !errors.IsFull)
        {
            if (values.Length != header.Length)
            {
                errors.Add(file, new(line, 1), "pack.csv-width", $"The row has {values.Length} cells; the header has {header.Length}.",
                    $"该行有 {values.Length} 个单元格，表头有 {header.Length} 个。");
                continue;
            }

            if (rows.Count == MostRows)
            {
                errors.Add(file, new(line, 1), "pack.csv-too-long", $"The file has more than {MostRows} rows.", $"文件超过 {MostRows} 行。");
                break;
            }

            rows.Add(new(table, line, values));
        }

        table.Rows = rows;
        return table;
    }

    private ref struct Scanner(string file, string text, PackErrors errors)
    {
        private readonly List<string> _cells = [];
        private readonly StringBuilder _quoted = new();
        private int _at;
        private int _line = 1;
        private int _lineStart;

        /// <summary>The next row; false at the end of the file.</summary>
        public bool Row(out string[] values, out int line)
        {
            line = _line;
            values = [];
            if (_at >= text.Length)
            {
                return false;
            }

            _cells.Clear();
            while (true)
            {
                var more = _at < text.Length && text[_at] == '"' ? Quoted() : Plain();
                if (!more || _cells.Count > MostColumns * 2)
                {
                    SkipLine(_cells.Count > MostColumns * 2);
                    values = [.. _cells];
                    return true;
                }
            }
        }

        /// <summary>Reads one cell without quotes; true when a comma follows.</summary>
        private bool Plain()
        {
            var start = _at;
            while (_at < text.Length && text[_at] is not (',' or '\n' or '\r'))
            {
                if (text[_at] == '"')
                {
                    Fault("pack.csv-quote", "A quote stands inside a cell that does not start with one.", "单元格未以引号开头，其中却有引号。");
                    _at = Math.Max(_at, LineEnd());
                    break;
                }

                _at++;
            }

            _cells.Add(text[start.._at]);
            return Ends();
        }

        private bool Quoted()
        {
            _at++;
            _quoted.Clear();
            while (true)
            {
                var stop = text.AsSpan(_at).IndexOf('"');
                if (stop < 0)
                {
                    Fault("pack.csv-open-quote", "A quoted cell never ends.", "带引号的单元格没有结束。");
                    _at = text.Length;
                    _cells.Add("");
                    return false;
                }

                var part = text.AsSpan(_at, stop);
                _quoted.Append(part);
                CountLines(_at, stop);
                _at += stop + 1;
                if (_at < text.Length && text[_at] == '"')
                {
                    _quoted.Append('"');
                    _at++;
                    continue;
                }

                break;
            }

            _cells.Add(_quoted.ToString());
            if (_at < text.Length && text[_at] is not (',' or '\n' or '\r'))
            {
                Fault("pack.csv-quote", "Text follows a closing quote.", "结束引号之后还有文字。");
                _at = LineEnd();
            }

            return Ends();
        }

        private void CountLines(int start, int length)
        {
            for (var i = start; i < start + length; i++)
            {
                if (text[i] == '\n')
                {
                    (_line, _lineStart) = (_line + 1, i + 1);
                }
            }
        }

        private bool Ends()
        {
            if (_at < text.Length && text[_at] == ',')
            {
                _at++;
                return true;
            }

            if (_at < text.Length && text[_at] == '\r')
            {
                _at++;
                if (_at >= text.Length || text[_at] != '\n')
                {
                    Fault("pack.csv-line-end", "A carriage return stands alone.", "回车符后没有换行符。");
                    return false;
                }
            }

            if (_at < text.Length && text[_at] == '\n')
            {
                _at++;
                (_line, _lineStart) = (_line + 1, _at);
            }

            return false;
        }

        private void SkipLine(bool tooWide)
        {
            if (tooWide)
            {
                _at = LineEnd();
                _ = Ends();
            }
        }

        private readonly int LineEnd()
        {
            var end = text.AsSpan(_at).IndexOfAny('\r', '\n');
            return end < 0 ? text.Length : _at + end;
        }

        private readonly void Fault(string code, string en, string zh) =>
            errors.Add(file, new(_line, Math.Max(1, _at - _lineStart + 1)), code, en, zh);
    }
}
