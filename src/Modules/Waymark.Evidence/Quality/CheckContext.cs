using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Waymark.Evidence.Catalogue;
using Waymark.Evidence.Contracts;
using Waymark.Evidence.Querying;
using Waymark.Model;
using Waymark.Statistics.Cube;
using Waymark.Statistics.Cube.Queries;

namespace Waymark.Evidence.Quality;

/// <summary>What a check may look at: one series as it counts now, the code lists, other series by id, the clock.</summary>
internal sealed record CheckContext(CheckDefinition Check, LoadedSeries Series, EvidenceCatalogue Catalogue, ISeriesCubes Cubes, DateTimeOffset Now)
{
    /// <summary>At most this many findings of one check in one series; the last one says how many more there are.</summary>
    public const int MostFindings = 50;

    public CodeSet Leaves(string dimension)
    {
        var definition = Series.Definition.Dimension(dimension)!;
        return CodeSet.Where(code => Catalogue.KindOf(definition, code) == CodeKind.Leaf);
    }

    public IEnumerable<ObservationView> Current(CubeFilter? filter = null)
    {
        var selected = Series.Cube.Select(filter ?? CubeFilter.Everything);
        return selected.IsOk ? selected.Value.Observations : [];
    }

    public Dictionary<string, string> Key(ObservationView observation) => Series.Definition.Dimensions
        .Select((dimension, at) => (dimension.Id, Code: observation.Code(at))).ToDictionary(pair => pair.Id, pair => pair.Code, StringComparer.Ordinal);

    public async Task<string> CellAsync(ObservationView observation, CancellationToken cancellationToken)
    {
        var row = await Series.Rows.ReadAsync(observation.Cell.Segment, observation.Cell.Row, cancellationToken);
        return $"{Series.Vintages[observation.From].FileName}: {row.Cell}";
    }

    public CheckFinding Finding(string en, string zh, IReadOnlyDictionary<string, string>? key = null, string? period = null, IReadOnlyList<string>? cells = null)
    {
        var identity = $"{Check.Id}|{Series.Definition.Id}|{string.Join('|', (key ?? new Dictionary<string, string>()).OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Value))}|{period}";
        return new CheckFinding
        {
            Id = "q-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identity)))[..16],
            Check = Check.Id,
            Title = Check.Title,
            Severity = Check.Severity,
            Series = Series.Definition.Id,
            Key = key ?? new Dictionary<string, string>(),
            Period = period,
            Evidence = new(en, zh),
            Cells = cells ?? [],
            Case = Check.Case,
        };
    }

    public static string Number(decimal value) => value.ToString("#,##0.######", CultureInfo.InvariantCulture);
}
