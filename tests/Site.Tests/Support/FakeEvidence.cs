using System.Globalization;
using Waymark.Evidence.Contracts;
using Waymark.Model;

namespace Waymark.Site.Tests.Support;

/// <summary>A small evidence base in memory, for tests of the doors to it. It answers filters as the contract says and knows no more.</summary>
internal sealed class FakeEvidence(TimeProvider time) : IEvidence
{
    public IReadOnlyList<QuantitySummary> Quantities => [];

    public const string Sha = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    public static readonly byte[] Original = "test"u8.ToArray();
    public static readonly DateTimeOffset Visible = new(2024, 6, 20, 8, 0, 0, TimeSpan.Zero);

    public static readonly SeriesSummary Population = new()
    {
        Id = "unhcr/population",
        Publisher = "unhcr",
        PublisherName = new("UNHCR", "联合国难民署"),
        Name = new("Refugees and others of concern", "难民及其他受关注者"),
        Dimensions =
        [
            new("area", new("Country or area of asylum", "庇护国家或地区"), "areas", 3, null),
            new("origin", new("Country or area of origin", "来源国家或地区"), "areas", 2, null),
            new("sex", new("Sex", "性别"), "sex", 2, "T"),
        ],
        Units = ["persons"],
        Definitions = ["unhcr-refugees"],
        Licence = "CC BY 4.0",
        FirstPeriod = "2010",
        LastPeriod = "2012",
        Observations = 7,
        Missing = 1,
        Vintages = [new("v1", "2024", Visible, 7, "population.csv", Sha, "unhcr/tidy")],
    };

    private static readonly (string Area, string Origin, string Sex, string Period, decimal? Value, string Status)[] s_rows =
    [
        ("DEU", "SYR", "F", "2010", 10, "A"),
        ("DEU", "SYR", "F", "2011", 20, "A"),
        ("DEU", "SYR", "M", "2010", 30, "A"),
        ("DEU", "AFG", "T", "2012", null, "Q"),
        ("FRA", "SYR", "T", "2010", 40.5m, "E"),
        ("FRA", "SYR", "T", "2011", 50, "A"),
        ("王国", "SYR", "T", "2010", 7, "A"),
    ];

    public List<ImportRequest> Imported { get; } = [];

    /// <summary>Held until a test lets it go, so that a running job can be looked at.</summary>
    public Func<CancellationToken, Task>? BeforeImport { get; set; }

    public Func<Exception>? Breaks { get; set; }

    public async Task<Result<IReadOnlyList<ImportReport>>> ImportAsync(
        ImportRequest request, IProgress<ImportProgress>? progress, CancellationToken cancellationToken)
    {
        progress?.Report(new(request.Files[0].FileName, 1, 1, "read", 1, 2));
        if (BeforeImport is { } wait)
        {
            await wait(cancellationToken);
        }

        Imported.Add(request);
        return request.Files.Select(file => ReportOf(file, request.DryRun)).ToList();
    }

    public Task<Detection> DetectAsync(ImportInput file, CancellationToken cancellationToken) => Task.FromResult(new Detection(
        file.FileName, Sha, "text/csv", "utf-8", ",", [""],
        [new("unhcr/tidy", "unhcr", new("UNHCR tidy table", "难民署整洁表"), file.FileName.StartsWith("population", StringComparison.Ordinal), ["header has area"])], null));

    public Task<IReadOnlyList<SourceSummary>> SourcesAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<SourceSummary>>(
        [new("unhcr", Population.PublisherName, "official", [new("unhcr/tidy", "1.0", new("UNHCR tidy table", "难民署整洁表"), "CC BY 4.0", [Population.Id])], 1, Visible)]);

    public Task<IReadOnlyList<ImportSummary>> ImportsAsync(int limit, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<ImportSummary>>(
        [new("i1", "population.csv", Sha, 4, "unhcr/tidy", "unhcr", "2024", Visible, "somebody", 7, 0, 0)]);

    public Task<Result<ImportReport>> ImportReportAsync(string importId, CancellationToken cancellationToken) =>
        Task.FromResult<Result<ImportReport>>(importId == "i1" ? ReportOf(new("population.csv", Original), dryRun: false) : Unknown("import.unknown"));

    public Task<Result<SnapshotFile>> SnapshotAsync(string sha256, CancellationToken cancellationToken) =>
        Task.FromResult<Result<SnapshotFile>>(sha256 == Sha
            ? new SnapshotFile("population.csv", "text/csv", Sha, "unhcr", "CC BY 4.0", Original) : Unknown("snapshot.unknown"));

    public Task<IReadOnlyList<SeriesSummary>> SeriesAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<SeriesSummary>>([Population]);

    public Task<Result<SeriesSummary>> SeriesAsync(string series, CancellationToken cancellationToken) =>
        Task.FromResult<Result<SeriesSummary>>(series == Population.Id ? Population : Unknown("series.unknown"));

    public Task<Result<QueryResult>> QueryAsync(SeriesQuery query, CancellationToken cancellationToken)
    {
        if (Breaks is { } breaks)
        {
            throw breaks();
        }

        if (query.Series != Population.Id)
        {
            return Task.FromResult<Result<QueryResult>>(Unknown("series.unknown"));
        }

        var rows = s_rows.Where(row => query.Where.All(filter => Matches(filter, row.Area, row.Origin, row.Sex, row.Period, row.Value))
                && (query.From is not { } from || Period.Parse(row.Period) >= from) && (query.To is not { } to || Period.Parse(row.Period) <= to)
                && (query.AsOf is not { } asOf || asOf >= Visible) && (query.UpdatedAfter is not { } after || after < Visible))
            .ToList();
        foreach (var column in query.Sort.Reverse())
        {
            string Of((string Area, string Origin, string Sex, string Period, decimal? Value, string Status) row) => column.TrimStart('-') switch
            {
                "area" => row.Area, "origin" => row.Origin, "sex" => row.Sex, "period" => row.Period, _ => "",
            };
            rows = column.StartsWith('-') ? [.. rows.OrderByDescending(Of, StringComparer.Ordinal)] : [.. rows.OrderBy(Of, StringComparer.Ordinal)];
        }

        if (query.LastObservations is { } last)
        {
            rows = [.. rows.GroupBy(row => (row.Area, row.Origin, row.Sex)).SelectMany(group => group.TakeLast(last))];
        }

        if (query.GroupBy.Count > 0)
        {
            return Task.FromResult<Result<QueryResult>>(Grouped(query, rows));
        }

        var page = rows.Skip((int)query.Offset).Take(query.Limit);
        return Task.FromResult<Result<QueryResult>>(Answer(query, s_columns, [.. page.Select(row => (IReadOnlyList<QueryCell>)
        [
            QueryCell.Of(row.Area), QueryCell.Of(row.Origin), QueryCell.Of(row.Sex), QueryCell.Of(row.Period), QueryCell.Of(row.Value),
            QueryCell.Of(row.Status), QueryCell.Of("persons"), QueryCell.Of("v1"),
        ])], rows.Count));
    }

    private static readonly IReadOnlyList<QueryColumn> s_columns =
    [
        .. Population.Dimensions.Select(dimension => new QueryColumn(dimension.Id, dimension.Name, ColumnRole.Dimension, dimension.CodeList)),
        new("period", new("Period", "期间"), ColumnRole.Period),
        new("value", new("Value", "数值"), ColumnRole.Measure),
        new("status", new("Status", "状态"), ColumnRole.Attribute, "obs-status"),
        new("unit", new("Unit", "单位"), ColumnRole.Attribute, "units"),
        new("vintage", new("Vintage", "版次"), ColumnRole.Attribute),
    ];

    /// <summary>A sum per group: the grouped columns, then the measure with its status, unit and upper bound, and no other.</summary>
    private QueryResult Grouped(SeriesQuery query, List<(string Area, string Origin, string Sex, string Period, decimal? Value, string Status)> rows)
    {
        var groups = rows.GroupBy(row => string.Join('\n', query.GroupBy.Select(column => column switch { "area" => row.Area, "origin" => row.Origin, "sex" => row.Sex, _ => row.Period })), StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal).ToList();
        return Answer(
            query,
            [
                .. query.GroupBy.Select(column => s_columns.Single(candidate => candidate.Id == column)), new("value", new("Sum", "合计"), ColumnRole.Measure),
                .. s_columns.Where(column => column.Id is "status" or "unit"), new("upper", new("Upper bound", "上限"), ColumnRole.Attribute),
            ],
            [.. groups.Select(group => (IReadOnlyList<QueryCell>)
            [
                .. group.Key.Split('\n').Select(QueryCell.Of), QueryCell.Of(group.Any(row => row.Value is not null) ? group.Sum(row => row.Value) : null),
                QueryCell.Of("A"), QueryCell.Of("persons"), QueryCell.Of((decimal?)null),
            ])],
            groups.Count);
    }

    private QueryResult Answer(SeriesQuery query, IReadOnlyList<QueryColumn> columns, IReadOnlyList<IReadOnlyList<QueryCell>> rows, int total) => new()
    {
        Series = Population,
        Columns = columns,
        Rows = rows,
        Total = total,
        Notes = [new("One value is suppressed by the publisher.", "有一个数值被发布方隐去。")],
        Citation = new("UNHCR, Refugee Data Finder, 2024; through Waymark.", "联合国难民署，难民数据，2024；经 Waymark 获取。"),
        Licence = "CC BY 4.0",
        AsOf = query.AsOf ?? time.GetUtcNow(),
        Sequence = 1,
        Names = new Dictionary<string, IReadOnlyDictionary<string, LocalText>>
        {
            ["area"] = new Dictionary<string, LocalText> { ["DEU"] = new("Germany", "德国"), ["FRA"] = new("France", "法国") },
        },
    };

    public async Task<Result<IReadOnlyList<Explanation>>> ExplainAsync(SeriesQuery query, int limit, CancellationToken cancellationToken)
    {
        var answer = await QueryAsync(query, cancellationToken);
        return answer.Select(result => (IReadOnlyList<Explanation>)[.. result.Rows.Take(limit).Select(row => new Explanation
        {
            Series = Population,
            Key = new Dictionary<string, string> { ["area"] = row[0].Text!, ["origin"] = row[1].Text!, ["sex"] = row[2].Text! },
            Period = row[3].Text!,
            Vintages = [new("v1", "2024", Visible, true, row[4].Number?.ToString(CultureInfo.InvariantCulture) ?? "", ObservationStatus.Normal,
                ConfidentialityStatus.Free, "persons", "population.csv", Sha, "population.csv:2:5", "10", "unhcr/tidy")],
            Citation = result.Citation,
        })]);
    }

    public Task<Result<IReadOnlyList<CheckFinding>>> CheckAsync(string? series, CancellationToken cancellationToken) =>
        Task.FromResult<Result<IReadOnlyList<CheckFinding>>>(series switch
        {
            null => new List<CheckFinding>
            {
                new() { Id = "f1", Check = "sum-of-parts", Title = new("Parts and total", "分项与合计"), Severity = CheckSeverity.Error, Series = Population.Id, Period = "2010", Evidence = new("Expected 40, found 41.", "应为 40，实为 41。"), Case = "DQ12" },
            },
            "unhcr/population" => new List<CheckFinding>(),
            _ => Unknown("series.unknown"),
        });

    public Task<Result<Waiver>> WaiveAsync(Waiver waiver, CancellationToken cancellationToken) =>
        Task.FromResult<Result<Waiver>>(waiver.Finding == "f1" ? waiver : Unknown("finding.unknown"));

    public Task<Result<IReadOnlyList<SeriesDiff>>> DiffAsync(
        string? series, DateTimeOffset from, DateTimeOffset to, int changesPerSeries, CancellationToken cancellationToken) =>
        Task.FromResult<Result<IReadOnlyList<SeriesDiff>>>(new List<SeriesDiff>
        {
            new(Population.Id, 1, 1, 0, 5, 2.5m, 2.5m, [new(new Dictionary<string, string> { ["area"] = "DEU" }, "2010", "10", "12.5", "2023", "2024", 2.5m)]),
        });

    /// <summary>What the operators mean (SDMX-REST 2.2): alternatives of conjunctions.</summary>
    public static bool Matches(DimensionFilter filter, string value) =>
        filter.Alternatives.Any(alternative => alternative.All(term => Holds(term, value)));

    private static bool Matches(DimensionFilter filter, string area, string origin, string sex, string period, decimal? value) => filter.Dimension switch
    {
        "area" => Matches(filter, area),
        "origin" => Matches(filter, origin),
        "sex" => Matches(filter, sex),
        "period" => Matches(filter, period),
        "value" => value is { } number && filter.Alternatives.Any(alternative => alternative.All(term => term.Operator switch
        {
            "ge" => number >= decimal.Parse(term.Value, CultureInfo.InvariantCulture),
            "le" => number <= decimal.Parse(term.Value, CultureInfo.InvariantCulture),
            _ => false,
        })),
        _ => false,
    };

    private static bool Holds(FilterTerm term, string value)
    {
        var order = string.CompareOrdinal(value, term.Value);
        return term.Operator switch
        {
            "eq" => order == 0, "ne" => order != 0, "lt" => order < 0, "le" => order <= 0, "gt" => order > 0, "ge" => order >= 0,
            "co" => value.Contains(term.Value, StringComparison.Ordinal), "nc" => !value.Contains(term.Value, StringComparison.Ordinal),
            "sw" => value.StartsWith(term.Value, StringComparison.Ordinal), "ew" => value.EndsWith(term.Value, StringComparison.Ordinal),
            _ => throw new InvalidOperationException(term.Operator),
        };
    }

    private static ImportReport ReportOf(ImportInput file, bool dryRun)
    {
        var report = new ImportReport { FileName = file.FileName, Sha256 = Sha, Bytes = file.Bytes.Length, State = dryRun ? ImportState.DryRun : ImportState.Imported };
        if (file.FileName.StartsWith("names", StringComparison.Ordinal))
        {
            return report with { State = ImportState.Quarantined };
        }

        if (file.FileName.StartsWith("strange", StringComparison.Ordinal))
        {
            return report with { State = ImportState.Unrecognised };
        }

        return report with
        {
            Profile = "unhcr/tidy", Publisher = "unhcr", Release = "2024", ImportId = "i1",
            Cells = file.FileName.StartsWith("faulty", StringComparison.Ordinal) ? new(12, 7, 4, 1) : new(11, 7, 4, 0),
            KeptAside = file.FileName.StartsWith("faulty", StringComparison.Ordinal)
                ? [new($"{file.FileName}:9", "row.too-short", new("The row has too few cells.", "该行单元格不足。"), "x")] : [],
            Series = [new("unhcr/population", "v1", "2024", 7, 7, 0, 0, new Dictionary<string, long> { ["A"] = 5 }, "2010", "2012")],
        };
    }

    private static Error Unknown(string code) => Error.NotFound(code, "There is no such thing.", "没有此项。");
}
