using System.Globalization;
using Shouldly;
using Waymark.Evidence.Contracts;
using Waymark.Formats;
using Waymark.Model;
using Xunit;

namespace Waymark.Evidence.Tests.Oracles;

/// <summary>One row of oracles.csv.</summary>
public sealed record OracleRow(string Id, string File, string Sheet, string Filter, string Measure, string Value, string Kind, double Tolerance)
{
    public static IReadOnlyDictionary<string, OracleRow> Read()
    {
        if (Support.Data is not { } data || !System.IO.File.Exists(Path.Combine(data, "oracles.csv")))
        {
            return new Dictionary<string, OracleRow>();
        }

        var grid = TabularFile.Open(System.IO.File.ReadAllBytes(Path.Combine(data, "oracles.csv")), "oracles.csv").Value.Sheets[0].Read().Value;
        var header = grid[0].ToTexts().Select((name, at) => (name, at)).ToDictionary(pair => pair.name, pair => pair.at + 1, StringComparer.Ordinal);
        return grid.Rows.Skip(1).Select(row => new OracleRow(row.At(header["id"]).Text, row.At(header["file"]).Text, row.At(header["sheet"]).Text, row.At(header["filter"]).Text,
            row.At(header["measure"]).Text, row.At(header["value"]).Text, row.At(header["kind"]).Text,
            double.TryParse(row.At(header["tolerance"]).Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var tolerance) ? tolerance : 0))
            .ToDictionary(row => row.Id, StringComparer.Ordinal);
    }
}

/// <summary>How facts are put to the evidence base: file facts to the import report, data facts to <see cref="IEvidence.QueryAsync"/>.</summary>
internal sealed class Ask(OracleWorld world, ImportReport report)
{
    public ImportReport Report => report;

    public static string Show(decimal number) => number.ToString(CultureInfo.InvariantCulture);

    public SheetReport Sheet(string name = "") => report.Sheets.Single(sheet => sheet.Name == name);

    /// <summary>Rows that hold data, whatever became of them.</summary>
    public string Rows(string sheet = "") => Show(new[] { "data", "total", "repaired", "kept-aside" }.Sum(kind => Sheet(sheet).RowClasses.GetValueOrDefault(kind)));

    public ColumnReport Column(string name, string sheet = "") => Sheet(sheet).ColumnReports.First(column => column.Name == name);

    /// <summary>A token over all measure columns of one sheet, or of all.</summary>
    public string Tokens(string token, string? sheet = null) => Show(report.Sheets.Where(candidate => sheet is null || candidate.Name == sheet)
        .SelectMany(candidate => candidate.ColumnReports).Where(column => column.Role == "measure").Sum(column => column.Tokens.GetValueOrDefault(token)));

    /// <summary>Rows whose flags contain a letter.</summary>
    public string Flags(char letter) => Show(report.Sheets.SelectMany(sheet => sheet.Flags).Where(flag => flag.Key.Contains(letter, StringComparison.Ordinal)).Sum(flag => flag.Value));

    /// <summary>The sum of what matches, in the edition of the file; by year and added up when <paramref name="by"/> says so.</summary>
    public async Task<string> Sum(string series, string where, string? by = null)
    {
        var result = await RunAsync(Query(series, where) with { Measure = "sum", GroupBy = by is null ? [] : [by] });
        var at = At(result, "value");
        result.Rows.Count.ShouldBeGreaterThan(0, $"{series} {where}: nothing matches");
        return Show(result.Rows.Sum(row => row[at].Number ?? throw new InvalidOperationException($"{series} {where}: no figure")));
    }

    /// <summary>How many observations match.</summary>
    public async Task<string> Count(string series, string where) => Show((await RunAsync(Query(series, where) with { Limit = 1 })).Total);

    public async Task<IReadOnlyList<Dictionary<string, QueryCell>>> List(string series, string where)
    {
        var result = await RunAsync(Query(series, where) with { Limit = 1_000_000 });
        return [.. result.Rows.Select(row => result.Columns.Select((column, at) => (column.Id, Cell: row[at])).ToDictionary(pair => pair.Id, pair => pair.Cell, StringComparer.Ordinal))];
    }

    /// <summary>The text of the one cell that the one matching observation came from.</summary>
    public async Task<string> Raw(string series, string where)
    {
        var explained = await world.Evidence.ExplainAsync(Query(series, where), 10, TestContext.Current.CancellationToken);
        explained.IsOk.ShouldBeTrue(explained.IsOk ? "" : explained.Error.ToString());
        return explained.Value.ShouldHaveSingleItem().Vintages.First(vintage => vintage.FileName == report.FileName).Raw ?? "";
    }

    /// <summary>The code of the one matching observation.</summary>
    public async Task<string> Code(string series, string where) => (await List(series, where)).ShouldHaveSingleItem()["value"].Text ?? "";

    private async Task<QueryResult> RunAsync(SeriesQuery query)
    {
        var answer = await world.Evidence.QueryAsync(query, TestContext.Current.CancellationToken);
        answer.IsOk.ShouldBeTrue(answer.IsOk ? "" : $"{query.Series} {string.Join("; ", query.Where)}: {answer.Error}");
        return answer.Value;
    }

    private static int At(QueryResult result, string column) => result.Columns.Select(candidate => candidate.Id).ToList().IndexOf(column);

    /// <summary>"area=DEU|FRA; sex=_T; period=2020; value&lt;0; release=2017" as a question; the edition is that of the file unless it is named ("release=*": the newest of each).</summary>
    private SeriesQuery Query(string series, string where)
    {
        var filters = new List<DimensionFilter>();
        var release = report.Release;
        foreach (var part in where.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var (sign, word) = part.Contains("!=", StringComparison.Ordinal) ? ("!=", "ne") : part.Contains('<', StringComparison.Ordinal) ? ("<", "lt") : ("=", "eq");
            var at = part.IndexOf(sign, StringComparison.Ordinal);
            var (name, values) = (part[..at].Trim(), part[(at + sign.Length)..].Trim());
            if (name == "release")
            {
                release = values == "*" ? null : values;
                continue;
            }

            filters.Add(new(name, [.. values.Split('|').Select(value => (IReadOnlyList<FilterTerm>)[new FilterTerm(word, value)])]));
        }

        return new() { Series = series, Where = filters, Release = release };
    }
}
