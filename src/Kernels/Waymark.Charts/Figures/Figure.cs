using Waymark.Model;

namespace Waymark.Charts;

/// <summary>A figure as data: what to show, not how. <see cref="Chart.Render"/> draws it.</summary>
public abstract record Figure(FigureHead Head);

/// <summary>One point in time. A status of break, or <paramref name="BreakBefore"/>, cuts the line before it.</summary>
public sealed record TimePoint(Period At, Datum Datum, bool BreakBefore = false);

/// <summary>One line. <paramref name="Unit"/> is given only when it may differ from the head's: a mixture is refused.</summary>
public sealed record LineSeries(string Id, LocalText Name, IReadOnlyList<TimePoint> Points, Unit? Unit = null);

/// <summary>Lines over time, at most five. With <paramref name="FromZero"/> false the axis says where it starts.</summary>
public sealed record LineFigure(FigureHead Head, IReadOnlyList<LineSeries> Series, bool FromZero = true) : Figure(Head);

/// <summary>The same line chart once per series, on one common scale.</summary>
public sealed record MultiplesFigure(FigureHead Head, IReadOnlyList<LineSeries> Panels) : Figure(Head);

/// <summary>A named figure: one bar, one dot, one row.</summary>
public sealed record NamedDatum(string Id, LocalText Name, Datum Datum, Unit? Unit = null);

/// <summary>Bars from zero, in the order given.</summary>
public sealed record BarFigure(FigureHead Head, IReadOnlyList<NamedDatum> Bars, bool Horizontal = true) : Figure(Head);

/// <summary>Dots with their intervals, in the order given; a log scale suits figures over several powers of ten.</summary>
public sealed record DotFigure(FigureHead Head, IReadOnlyList<NamedDatum> Rows, bool Logarithmic = false)
    : Figure(Head);

/// <summary>Bars of two parts that make 100: the datum of a row is the first part in per cent.</summary>
public sealed record ShareFigure(FigureHead Head, LocalText FirstPart, LocalText SecondPart,
    IReadOnlyList<NamedDatum> Rows)
    : Figure(Head);

/// <summary>One cell of a flow table.</summary>
public sealed record Flow(string From, string To, Datum Datum);

/// <summary>
/// Origin by destination as a shaded table of the largest <paramref name="Top"/> on each side with the rest as "other".
/// No totals are printed, so a withheld cell cannot be found by subtraction.
/// </summary>
public sealed record FlowFigure(
    FigureHead Head,
    LocalText FromHead,
    LocalText ToHead,
    IReadOnlyDictionary<string, LocalText> Names,
    IReadOnlyList<Flow> Flows,
    int Top = 8) : Figure(Head);

/// <summary>The part of the world a map shows.</summary>
public abstract record MapView
{
    /// <summary>Equal Earth, cut at 169° W, without Antarctica unless asked for.</summary>
    public static MapView World { get; } = new WorldView(false);

    /// <summary>Lambert azimuthal equal-area round a middle, <paramref name="radius"/> degrees to each side.</summary>
    public static MapView Region(double longitude, double latitude, double radius) =>
        new RegionView(longitude, latitude, radius);
}

public sealed record WorldView(bool Antarctica, double CentralMeridian = 11) : MapView;

public sealed record RegionView(double Longitude, double Latitude, double Radius) : MapView;

/// <summary>
/// A shaded map. Rates and shares, or counts when the table stands beside it. Data are keyed by area code;
/// <paramref name="Limits"/> are the lower ends of the second and further classes, found from the data when not given.
/// With <paramref name="AreaPaths"/> each area is a path of its own with <c>data-a</c>, for islands of script.
/// </summary>
public sealed record ChoroplethFigure(
    FigureHead Head,
    IReadOnlyList<NamedDatum> Areas,
    MapView View,
    IReadOnlyList<double>? Limits = null,
    bool AreaPaths = false,
    bool Graticule = false) : Figure(Head);

/// <summary>Circles whose areas are proportional to the figures, on a plain map.</summary>
public sealed record CirclesFigure(FigureHead Head, IReadOnlyList<NamedDatum> Areas, MapView View) : Figure(Head);

/// <summary>The figure as a table: heads with the unit, then rows of finished texts. Never sorted by what is withheld.</summary>
public sealed record TableTwin(string Caption, IReadOnlyList<TableColumn> Columns,
    IReadOnlyList<IReadOnlyList<string>> Rows);

/// <summary>A column; numeric ones are aligned to the end.</summary>
public sealed record TableColumn(string Head, bool IsNumeric);

/// <summary>
/// A drawn figure: SVG text, its table, the texts that stand in its title and desc, and the notes a page prints under it
/// (marks, map disclaimer; a file that stands alone carries them itself).
/// </summary>
public sealed record Rendering(string Svg, TableTwin Table, string Title, string Description,
    IReadOnlyList<string> Notes);

/// <summary>
/// How to draw: language tag, width in units of one CSS pixel, whether the file stands alone (own colours and head
/// texts) or in a page (classes only), the boundaries for maps, and the operator named in the disclaimer.
/// </summary>
public sealed record ChartOptions(
    string Language = "en",
    double Width = 720,
    bool Standalone = false,
    BoundarySet? Boundaries = null,
    LocalText? Operator = null);
