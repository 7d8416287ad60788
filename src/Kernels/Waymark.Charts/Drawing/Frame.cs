namespace Waymark.Charts;

/// <summary>A rectangle of the drawing.</summary>
internal readonly record struct Box(double X, double Y, double Width, double Height)
{
    public double Right => X + Width;

    public double Bottom => Y + Height;

    public bool Contains((double X, double Y) p) => p.X >= X && p.X <= Right && p.Y >= Y && p.Y <= Bottom;
}

/// <summary>What a kind of figure hands to the frame: its height, how to draw itself, and what it says in words.</summary>
internal sealed record Body(double Height, Action<SvgWriter> Draw, TableTwin Table, string Description,
    IReadOnlyList<string> Notes);

/// <summary>The common outside of all figures: root element, title and desc, head and foot of files that stand alone.</summary>
internal static class Frame
{
    public static Rendering Assemble(FigureHead head, ChartOptions options, Body body)
    {
        var language = options.Language;
        var title = head.Finding.In(language);
        var width = options.Width;
        var top = 0.0;
        var foot = new List<string>();
        IReadOnlyList<string> titleLines = [], subLines = [];
        if (options.Standalone)
        {
            titleLines = TextWidth.Wrap(title, width - 32, 19, bold: true);
            subLines = TextWidth.Wrap(head.Subtitle(language), width - 32, 14);
            top = 16 + (titleLines.Count * 24) + (subLines.Count * 19) + 14;
            foreach (var text in body.Notes.Append(head.Note?.In(language) ?? "").Prepend(SourceLine(head, language))
                .Where(t => t.Length > 0))
            {
                foot.AddRange(TextWidth.Wrap(text, width - 32, 12));
            }
        }

        var margin = options.Standalone ? 16.0 : 0;
        var height = Math.Ceiling(top + body.Height + (foot.Count > 0 ? 14 + (foot.Count * 16) + 8 : 0));
        var w = new SvgWriter();
        w.Open("svg").Attribute("xmlns", "http://www.w3.org/2000/svg").Class("wm").Attribute("id", head.Id)
            .Attribute("viewBox", $"0 0 {SvgWriter.Number(width)} {SvgWriter.Number(height)}");
        if (options.Standalone)
        {
            w.Attribute("width", width).Attribute("height", height);
        }

        w.Attribute("role", "img").Attribute("lang", Words.IsChinese(language) ? "zh-Hans" : language)
            .Attribute("aria-labelledby", $"{head.Id}-t {head.Id}-d");
        w.Open("title").Attribute("id", head.Id + "-t").Text(title).Close();
        w.Open("desc").Attribute("id", head.Id + "-d").Text(body.Description).Close();
        if (options.Standalone)
        {
            w.Open("style").Text(ChartStyle.StandaloneSheet).Close();
            w.Rect("bg", 0, 0, width, height);
            var y = 16.0;
            foreach (var line in titleLines)
            {
                w.Label("h", margin, (y += 24) - 6, line);
            }

            foreach (var line in subLines)
            {
                w.Label("sub", margin, (y += 19) - 5, line);
            }
        }

        if (margin > 0 || top > 0)
        {
            w.Open("g").Attribute("transform", $"translate({SvgWriter.Number(margin)} {SvgWriter.Number(top)})");
            body.Draw(w);
            w.Close();
        }
        else
        {
            body.Draw(w);
        }

        for (var i = 0; i < foot.Count; i++)
        {
            w.Label("src", margin, top + body.Height + 26 + (i * 16), foot[i]);
        }

        return new(w.Close().ToString(), body.Table, title, body.Description, body.Notes);
    }

    /// <summary>Width left for the body.</summary>
    public static double Inner(ChartOptions options) => options.Standalone ? options.Width - 32 : options.Width;

    public static string SourceLine(FigureHead head, string language) => Words.IsChinese(language)
        ? $"来源：{head.Source.In(language)}，版本 {head.Vintage}。图号 {head.Code}。"
        : $"Source: {head.Source.In(language)}, release {head.Vintage}. Figure {head.Code}.";

    /// <summary>
    /// Prints code, unit, vintage and source inside the plot, in the corner that covers the fewest data (M99: a picture
    /// cropped to its plot still says what it is and where it came from).
    /// </summary>
    public static void Stamp(SvgWriter w, FigureHead head, string language, Box plot,
        IReadOnlyCollection<(double X, double Y)> data, bool brief = false, double share = 0.62)
    {
        w.Rect("plot", plot.X, plot.Y, plot.Width, plot.Height);
        List<string> pieces = [head.Code, head.Unit.Name.In(language), head.Vintage];
        if (!brief)
        {
            pieces.Add(head.Source.In(language));
        }

        var lines = new List<string>();
        foreach (var piece in pieces)
        {
            var joined = lines.Count == 0 ? piece : $"{lines[^1]} · {piece}";
            if (lines.Count > 0 && TextWidth.Of(joined, 11) <= plot.Width * share)
            {
                lines[^1] = joined;
            }
            else
            {
                lines.AddRange(TextWidth.Wrap(piece, plot.Width * share, 11));
            }
        }

        var (width, height) = (lines.Max(l => TextWidth.Of(l, 11)) + 12, (lines.Count * 14) + 6);
        Box[] corners =
        [
            new(plot.X, plot.Y, width, height),
            new(plot.Right - width, plot.Y, width, height),
            new(plot.X, plot.Bottom - height, width, height),
            new(plot.Right - width, plot.Bottom - height, width, height),
        ];
        var best = corners.MinBy(c => data.Count(c.Contains));
        var end = best.X > plot.X;
        for (var i = 0; i < lines.Count; i++)
        {
            w.Label(end ? "code halo e" : "code halo", end ? best.Right - 5 : best.X + 5, best.Y + 13 + (i * 14),
                lines[i]);
        }
    }

    /// <summary>Places on a path, every few units, so that <see cref="Stamp"/> sees lines and not only their corners.</summary>
    public static IEnumerable<(double X, double Y)> Along(IReadOnlyList<(double X, double Y)> path)
    {
        for (var i = 0; i < path.Count; i++)
        {
            yield return path[i];
            for (var s = 1; s < 6 && i + 1 < path.Count; s++)
            {
                var t = s / 6.0;
                yield return (path[i].X + (t * (path[i + 1].X - path[i].X)),
                    path[i].Y + (t * (path[i + 1].Y - path[i].Y)));
            }
        }
    }

    /// <summary>The hatch for "no data"; referenced by attribute, since ids differ per figure.</summary>
    public static string Hatch(SvgWriter w, FigureHead head, double size = 6)
    {
        w.Open("pattern").Attribute("id", head.Id + "-h").Attribute("width", size).Attribute("height", size)
            .Attribute("patternUnits", "userSpaceOnUse").Attribute("patternTransform", "rotate(45)");
        w.Rect("h0", 0, 0, size, size);
        w.Open("path").Class("h1").Attribute("stroke-width", size / 6).Attribute("d", $"M0 0v{SvgWriter.Number(size)}")
            .Close();
        w.Close();
        return $"url(#{head.Id}-h)";
    }
}
