namespace Waymark.Model.Rules;

/// <summary>A place in a file, counted from 1.</summary>
public readonly record struct SourcePlace(int Line, int Column);

/// <summary>
/// A text as it stands in a pack, with the place of each of its characters, so that whoever parses it later can name line and
/// column although it never sees the file.
/// </summary>
public sealed class SourceText
{
    private readonly SourcePlace _start;
    private readonly IReadOnlyList<SourcePlace>? _places;

    /// <param name="text">The text as the pack's reader understood it.</param>
    /// <param name="file">The file it stands in, for messages.</param>
    /// <param name="start">Where it begins.</param>
    /// <param name="places">One place per character; null when the text runs on one line from <paramref name="start"/>.</param>
    public SourceText(string text, string file, SourcePlace start, IReadOnlyList<SourcePlace>? places = null) =>
        (Text, File, _start, _places) = (text, file, start, places);

    public string Text { get; }

    public string File { get; }

    /// <summary><c>file:line:column</c> of the beginning.</summary>
    public string Where => At(0);

    /// <summary><c>file:line:column</c> of the character at <paramref name="offset"/>; the end when it lies behind.</summary>
    public string At(int offset)
    {
        var place = Place(offset);
        return $"{File}:{place.Line}:{place.Column}";
    }

    public SourcePlace Place(int offset)
    {
        if (_places is null || _places.Count == 0)
        {
            return _start with { Column = _start.Column + Math.Clamp(offset, 0, Text.Length) };
        }

        return offset < _places.Count ? _places[Math.Max(0, offset)] : _places[^1] with { Column = _places[^1].Column + 1 };
    }

    /// <summary>A text without a file, for tests and generated packs.</summary>
    public static SourceText Of(string text, string file = "") => new(text, file, new(1, 1));

    public override string ToString() => Text;
}
