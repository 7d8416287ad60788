using Waymark.Evidence.Contracts;
using Waymark.Model;

namespace Waymark.Pages.Data;

/// <summary>Everything the series page shows, already in the reader's language.</summary>
public sealed record SeriesView
{
    /// <summary>How the series can be looked at here; without "map" where the operator has switched maps off.</summary>
    public required IReadOnlyList<string> Ways { get; init; }

    public required SeriesSummary Series { get; init; }

    public required SeriesAddress Address { get; init; }

    /// <summary>The finding or, where the data prove no sentence, the measure.</summary>
    public required string Title { get; init; }

    /// <summary>Measure, unit, place, time.</summary>
    public required string Subtitle { get; init; }

    public required string Citation { get; init; }

    /// <summary>What the drawing must say below it: disclaimer, dotted lines, scale.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    public IReadOnlyList<LocalText> Notes { get; init; } = [];

    public IReadOnlyList<Error> Errors { get; init; } = [];

    public IReadOnlyList<FilterChoice> Choices { get; init; } = [];

    public IReadOnlyList<FilterWord> InForce { get; init; } = [];

    public IReadOnlyList<string> Releases { get; init; } = [];

    public IReadOnlyList<string> Definitions { get; init; } = [];

    public IReadOnlyList<TableColumn> Columns { get; init; } = [];

    public IReadOnlyList<TableRow> Rows { get; init; } = [];

    public QueryResult? Table { get; init; }

    public long Total { get; init; }

    /// <summary>The rows are of an earlier moment and say what each figure is today.</summary>
    public bool ComparesToday => Rows is [{ Today: not null }, ..];

    /// <summary>The map or chart as SVG text, drawn and escaped by Waymark.Charts; null when this view has none.</summary>
    public string? Drawing { get; init; }

    public string SvgHref => Address.Href(Address.View == "map" ? ".map.svg" : ".svg");

    public string CiteHref => Address.Href("/cite");
}

/// <summary>One dimension as a field: its codes that occur, in the reader's order.</summary>
public sealed record FilterChoice(string Id, string Name, IReadOnlyDictionary<string, string> Codes, OptionList Options, IReadOnlyList<string> Chosen);

/// <summary>A filter in force and the address without it.</summary>
public sealed record FilterWord(string Text, string Without);

/// <summary><paramref name="Sorted"/> is the aria-sort value, null when the table is not sorted by this column.</summary>
public sealed record TableColumn(string Id, string Name, bool IsNumber, string? Sorted, string SortHref);

/// <summary><paramref name="Today"/>: what the figure is now, in a table of an earlier moment.</summary>
public sealed record TableRow(IReadOnlyList<string> Cells, string Status, string ExplainHref, TodayFigure? Today = null);
