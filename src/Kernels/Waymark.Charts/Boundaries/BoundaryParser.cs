using System.Globalization;
using Waymark.Model;

namespace Waymark.Charts;

/// <summary>
/// Reads the text format <c>waymark-boundaries 1</c> (described in the README of the pack). Anything unexpected is an
/// error with its line: a boundary is never guessed.
/// </summary>
public sealed class BoundaryParser
{
    /// <summary>Largest accepted text, in characters.</summary>
    public const int MostCharacters = 16 * 1024 * 1024;

    private const int MostArcs = 200_000;
    private readonly List<(double X, double Y)[]> _arcs = [];
    private readonly List<BoundaryPolygon> _polygons = [];
    private readonly List<BoundaryLine> _lines = [];
    private readonly List<BoundaryPoint> _points = [];
    private readonly List<(string Id, double[] Extent, bool World, SortedDictionary<string, string> Texts)> _notes = [];
    private readonly List<BoundaryTest> _tests = [];
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private double _grid;

    private BoundaryParser() { }

    /// <summary>Parses the data file; <paramref name="name"/> stands in the place of errors.</summary>
    public static Result<BoundarySet> Parse(string text, string name)
    {
        if (text.Length > MostCharacters)
        {
            return Error.TooLarge("boundaries.too-large", "The boundary file is too large.", "边界文件过大。", name);
        }

        var parser = new BoundaryParser();
        var section = "";
        var number = 0;
        foreach (var range in text.AsSpan().Split('\n'))
        {
            number++;
            var line = text[range].TrimEnd('\r');
            var fault = number switch
            {
                1 => line == "waymark-boundaries 1" ? null : "not a boundary file of version 1",
                2 => parser.Grid(line),
                _ => line.Length == 0 || line[0] == '#' ? null : line[0] == '[' ? Enter(line, ref section)
                    : parser.Line(section, line),
            };
            if (fault is not null)
            {
                return Fault(fault, $"{name}:{number.ToString(CultureInfo.InvariantCulture)}");
            }
        }

        return parser.Finish(name);
    }

    private static Error Fault(string what, string where) =>
        Error.Invalid("boundaries.malformed", $"The boundary file is malformed: {what}.", $"边界文件格式错误（{what}）。", where);

    private static string? Enter(string line, ref string section)
    {
        section = line;
        return line is "[arcs]" or "[polygons]" or "[lines]" or "[points]" or "[notes]" or "[tests]" ? null
            : "unknown section";
    }

    private string? Grid(string line)
    {
        _grid = line.StartsWith("grid ", StringComparison.Ordinal) && Number(line.AsSpan(5), out var grid) ? grid : 0;
        return _grid is >= 1 and <= 1_000_000 ? null : "no grid";
    }

    private string? Line(string section, string line) => section switch
    {
        "[arcs]" => Arc(line),
        "[polygons]" => Polygon(line),
        "[lines]" => BoundaryLine(line),
        "[points]" => Point(line),
        "[notes]" => Note(line),
        "[tests]" => Test(line),
        _ => "text before the first section",
    };

    private string? Arc(string line)
    {
        if (!Numbers(line, out var numbers) || numbers.Count < 4 || numbers.Count % 2 != 0)
        {
            return "an arc needs two or more pairs of whole numbers";
        }

        if (_arcs.Count >= MostArcs)
        {
            return "too many arcs";
        }

        long x = 0, y = 0;
        var points = new (double X, double Y)[numbers.Count / 2];
        for (var i = 0; i < points.Length; i++)
        {
            (x, y) = (x + numbers[2 * i], y + numbers[(2 * i) + 1]);
            points[i] = (x / _grid, y / _grid);
            if (!IsPlace(points[i]))
            {
                return "a place is off the globe";
            }
        }

        _arcs.Add(points);
        return null;
    }

    private string? Polygon(string line)
    {
        var space = line.IndexOf(' ', StringComparison.Ordinal);
        if (space <= 0)
        {
            return "a polygon needs an id and arcs";
        }

        var head = line[..space];
        var assigned = head[0] != '~';
        var parts = (assigned ? head : head[1..]).Split('<');
        var rings = new List<IReadOnlyList<int>>();
        foreach (var ring in line[(space + 1)..].Split(';'))
        {
            if (!ArcList(ring, out var arcs))
            {
                return "an arc that does not exist";
            }

            rings.Add(arcs);
        }

        if (parts.Length > 2 || parts.Any(p => !IsId(p)) || (assigned && !parts.All(IsAreaCode)))
        {
            return "an id is not of the right form";
        }

        _polygons.Add(new(parts[0], assigned, parts.Length == 2 ? parts[1] : null, rings));
        return _ids.Add(parts[0]) ? null : "an id appears twice";
    }

    private string? BoundaryLine(string line)
    {
        var parts = line.Split(' ', 3);
        if (parts.Length != 3 || !IsId(parts[0]) || !ArcList(parts[2], out var arcs))
        {
            return "a line needs an id, a status and arcs that exist";
        }

        LineStatus? status = parts[1] switch
        {
            "agreed" => LineStatus.Agreed,
            "not-agreed" => LineStatus.NotAgreed,
            "not-drawn" => LineStatus.NotDrawn,
            _ => null,
        };
        if (status is null)
        {
            return "unknown status of a line";
        }

        _lines.Add(new(parts[0], status.Value, arcs));
        return null;
    }

    private string? Point(string line)
    {
        var parts = line.Split(' ', 2);
        if (parts.Length != 2 || !IsAreaCode(parts[0]) || !Numbers(parts[1], out var n) || n.Count != 2
            || !IsPlace((n[0] / _grid, n[1] / _grid)))
        {
            return "a point needs an area code and a place";
        }

        _points.Add(new(parts[0], n[0] / _grid, n[1] / _grid));
        return _ids.Add(parts[0]) ? null : "an id appears twice";
    }

    private string? Note(string line)
    {
        if (line[0] == ' ')
        {
            var text = line[1..].Split(' ', 2);
            return _notes.Count > 0 && text.Length == 2 && _notes[^1]
                .Texts.TryAdd(text[0], text[1]) ? null : "a text without its note";
        }

        var parts = line.Split(' ', 3);
        if (parts.Length != 3 || !IsId(parts[0]) || parts[1] is not ("world" or "region")
            || !Numbers(parts[2], out var n) || n.Count != 4)
        {
            return "a note needs an id, world or region, and an extent";
        }

        _notes.Add((parts[0], [.. n.Select(v => v / _grid)], parts[1] == "world", new(StringComparer.Ordinal)));
        return null;
    }

    private string? Test(string line)
    {
        var parts = line.Split(' ', 4);
        if (parts.Length != 4 || !Number(parts[0], out var x) || !Number(parts[1], out var y))
        {
            return "a test needs a place, an answer and a reason";
        }

        _tests.Add(new(x / _grid, y / _grid, parts[2], parts[3]));
        return null;
    }

    private Result<BoundarySet> Finish(string name)
    {
        if (_polygons.Count == 0)
        {
            return Fault("no polygons", name);
        }

        if (_polygons.FirstOrDefault(p => p.Within is { } w && !_ids.Contains(w)) is { } lost)
        {
            return Fault($"{lost.Id} lies within an area that is not there", name);
        }

        if (_notes.FirstOrDefault(n => !n.Texts.ContainsKey("en") || !n.Texts.ContainsKey("zh")) is { Id: { } id })
        {
            return Fault($"note {id} lacks a language", name);
        }

        return new BoundarySet([.. _arcs], _polygons, _lines, _points,
            [.. _notes.Select(n => new BoundaryNote(n.Id, n.Extent[0], n.Extent[1], n.Extent[2], n.Extent[3], n.World,
                new(n.Texts)))], _tests);
    }

    private bool ArcList(string text, out List<int> arcs)
    {
        arcs = [];
        if (!Numbers(text, out var numbers) || numbers.Count == 0)
        {
            return false;
        }

        foreach (var n in numbers)
        {
            if ((n < 0 ? ~n : n) >= _arcs.Count)
            {
                return false;
            }

            arcs.Add((int)n);
        }

        return true;
    }

    private static bool IsPlace((double X, double Y) p) => p is { X: >= -540 and <= 540, Y: >= -90 and <= 90 };

    private static bool IsId(string id) =>
        id.Length is > 0 and <= 60 && id.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    private static bool IsAreaCode(string id) => id.Length == 3 && id.All(char.IsAsciiLetterUpper);

    private static bool Number(ReadOnlySpan<char> text, out long value) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value)
            && Math.Abs(value) < 1_000_000_000;

    private static bool Numbers(string text, out List<long> values)
    {
        values = [];
        foreach (var range in text.AsSpan().Split(' '))
        {
            var part = text.AsSpan()[range];
            if (part.Length == 0)
            {
                continue;
            }

            if (!Number(part, out var value))
            {
                return false;
            }

            values.Add(value);
        }

        return true;
    }
}
