using System.Text;
using Waymark.Model.Rules;

namespace Waymark.Packs.Content;

/// <summary>
/// Finds where each character of a value stands in the file. A value may be quoted, folded or a block, so its characters are walked along
/// the file's text from its beginning; what cannot be aligned keeps the place of its beginning.
/// </summary>
internal sealed class SourceTexts
{
    private readonly string _file;
    private readonly string[] _lines;

    public SourceTexts(Pack layer)
    {
        _file = layer.File;
        var bytes = layer.Files.FirstOrDefault(file => layer.File.EndsWith("/" + file.Key, StringComparison.Ordinal) && file.Key.EndsWith(".yaml", StringComparison.Ordinal)).Value;
        _lines = Encoding.UTF8.GetString(bytes.Span).TrimStart('\uFEFF').Split('\n');
    }

    public SourceText Of(PackScalar scalar)
    {
        var start = new SourcePlace(scalar.At.Line, scalar.At.Column);
        return new(scalar.Text, _file, start, Align(scalar));
    }

    private SourcePlace[]? Align(PackScalar scalar)
    {
        var (line, column) = (scalar.At.Line - 1, scalar.At.Column - 1);
        if (line >= _lines.Length)
        {
            return null;
        }

        var first = _lines[line].AsSpan(Math.Min(column, _lines[line].Length));
        if (first.StartsWith(scalar.Text, StringComparison.Ordinal))
        {
            return null;
        }

        if (first.Length > 0 && first[0] is '|' or '>')
        {
            (line, column) = (line + 1, 0);
        }
        else if (first.Length > 0 && first[0] is '"' or '\'')
        {
            column++;
        }

        var places = new SourcePlace[scalar.Text.Length];
        for (var i = 0; i < places.Length; i++)
        {
            if (!Advance(scalar.Text[i], ref line, ref column))
            {
                return null;
            }

            places[i] = new(line + 1, column + 1);
            column++;
        }

        return places;
    }

    /// <summary>Moves to the next character equal to <paramref name="letter"/>; a blank may be a fold over line ends.</summary>
    private bool Advance(char letter, ref int line, ref int column)
    {
        while (line < _lines.Length)
        {
            var text = _lines[line].AsSpan().TrimEnd('\r');
            if (column >= text.Length)
            {
                if (letter is ' ' or '\n')
                {
                    return true;
                }

                (line, column) = (line + 1, 0);
                continue;
            }

            if (text[column] == letter)
            {
                return true;
            }

            if (text[column] is not (' ' or '\'' or '\\'))
            {
                return false;
            }

            column++;
        }

        return letter is ' ' or '\n';
    }
}
