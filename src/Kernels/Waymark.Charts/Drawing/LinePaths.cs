using Waymark.Model;

namespace Waymark.Charts;

/// <summary>Draws one series: solid, dotted (provisional), dashed (projection), bands, gaps and breaks.</summary>
internal sealed class LinePaths(LineSeries series, int colour, Func<double, double> x, Func<double, double> y)
{
    private enum Kind { Solid, Provisional, Projected }

    private sealed record Place(double X, double Y, Datum Datum, bool CutBefore);

    private readonly List<Place?> _places =
    [
        .. series.Points.Where(p => PeriodText.Middle(p.At) is not null).OrderBy(p => PeriodText.Middle(p.At))
            .Select(p =>
            p.Datum.Value is { } value
                ? new Place(x(PeriodText.Middle(p.At)!.Value), y(value), p.Datum,
                    p.BreakBefore || p.Datum.Status == ObservationStatus.Break)
                : null),
    ];

    public bool HasBreak => _places.Skip(1).Any(p => p is { CutBefore: true });

    public bool HasGap => _places.SkipWhile(p => p is null).Any(p => p is null);

    public IEnumerable<(double X, double Y)> Trace => Frame.Along([.. _places.OfType<Place>().Select(p => (p.X, p.Y))]);

    /// <summary>Where the line ends and with which datum; null when it has no figure at all.</summary>
    public (double X, double Y, Datum Datum)? End => _places.OfType<Place>()
        .LastOrDefault() is { } last ? (last.X, last.Y, last.Datum) : null;

    public void DrawBands(SvgWriter w)
    {
        var band = new List<Place>();
        foreach (var place in _places.Append(null))
        {
            if (place is { Datum.HasInterval: true, CutBefore: false }
                || (place is { Datum.HasInterval: true } && band.Count == 0))
            {
                band.Add(place);
                continue;
            }

            if (band.Count > 1)
            {
                var path = new PathBuilder(10);
                path.Ring([.. band.Select(p => (p.X, y(p.Datum.High!.Value))),
                    .. Enumerable.Reverse(band).Select(p => (p.X, y(p.Datum.Low!.Value)))]);
                w.Path($"band a{colour}", path.ToString());
            }
            else if (band.Count == 1)
            {
                w.Line("iv", band[0].X, y(band[0].Datum.Low!.Value), band[0].X, y(band[0].Datum.High!.Value));
            }

            band.Clear();
            if (place is { Datum.HasInterval: true })
            {
                band.Add(place);
            }
        }
    }

    public void DrawLine(SvgWriter w)
    {
        Place? before = null;
        var run = new List<Place>();
        var kind = Kind.Solid;
        foreach (var place in _places)
        {
            var cut = place is null || place.CutBefore;
            if (cut)
            {
                Flush(w, run, kind);
                if (place is not null && before is not null)
                {
                    var (mx, my) = ((before.X + place.X) / 2, (before.Y + place.Y) / 2);
                    w.Line("brk", mx, my - 8, mx, my + 8);
                }
            }
            else if (run.Count > 0 && KindOf(place!) != kind)
            {
                var joint = run[^1];
                if (run.Count > 1)
                {
                    Flush(w, run, kind);
                    run.Add(joint);
                }
            }

            if (place is not null)
            {
                kind = KindOf(place);
                run.Add(place);
            }

            before = place ?? before;
            if (place is null)
            {
                before = null;
            }
        }

        Flush(w, run, kind);
        Letters(w);
    }

    private static Kind KindOf(Place p) => p.Datum.IsProjected ? Kind.Projected : p.Datum.IsProvisional
        ? Kind.Provisional : Kind.Solid;

    private void Flush(SvgWriter w, List<Place> run, Kind kind)
    {
        if (run.Count == 1)
        {
            w.Circle($"a{colour}", run[0].X, run[0].Y, 3);
        }
        else if (run.Count > 1)
        {
            var path = new PathBuilder(10).Move(run[0].X, run[0].Y);
            foreach (var p in run.Skip(1))
            {
                path.Line(p.X, p.Y);
            }

            var suffix = kind switch { Kind.Projected => " proj", Kind.Provisional => " prov", _ => "" };
            w.Path($"s{colour}{suffix}", path.ToString());
        }

        run.Clear();
    }

    /// <summary>The letters p and e at the end of each stretch of provisional or projected figures.</summary>
    private void Letters(SvgWriter w)
    {
        for (var i = 0; i < _places.Count; i++)
        {
            if (_places[i] is { } p && KindOf(p) != Kind.Solid
                && (i + 1 == _places.Count || _places[i + 1] is not { } q || KindOf(q) != KindOf(p)))
            {
                w.Label("k halo m", p.X, p.Y - 9, KindOf(p) == Kind.Provisional ? "p" : "e");
            }
        }
    }
}
