using Waymark.Model;
using Waymark.Packs.Content;

namespace Waymark.Packs;

/// <summary>
/// What <c>waymark packs check</c> runs: schema and overlay checks of every file, then the readers of this assembly and whatever further readers modules hand in.
/// One report per file; an error belongs to the file its place names.
/// </summary>
public static class PackCheck
{
    public static PackLoadOutcome Run(
        IReadOnlyList<string> roots, IEnumerable<Func<PackLibrary, IEnumerable<Error>>>? moreChecks = null, CancellationToken cancellation = default) =>
        Run(PackLibrary.Load(roots, cancellation), moreChecks);

    public static PackLoadOutcome Run(PackLoadOutcome loaded, IEnumerable<Func<PackLibrary, IEnumerable<Error>>>? moreChecks = null)
    {
        var found = new BuiltInContent(loaded.Library).Errors.Concat((moreChecks ?? []).SelectMany(check => check(loaded.Library))).ToList();
        var reports = loaded.Reports.Select(report => report with { Errors = [.. report.Errors, .. found.Where(error => BelongsTo(error, report))] }).ToList();
        var placed = reports.SelectMany(report => report.Errors).ToHashSet(ReferenceEqualityComparer.Instance);
        var homeless = found.Where(error => !placed.Contains(error)).ToList();
        return loaded with { Reports = homeless.Count == 0 ? reports : [.. reports, new PackReport("packs", null, null, homeless)] };
    }

    /// <summary>A CSV beside a pack.yaml is part of that pack; a single-file pack stands alone.</summary>
    private static bool BelongsTo(Error error, PackReport report)
    {
        var file = error.Where?.Split(':')[0];
        return file is not null && report.Key is not null && (file == report.File
            || (report.File.EndsWith("/pack.yaml", StringComparison.Ordinal) && file.StartsWith(report.File[..^"pack.yaml".Length], StringComparison.Ordinal)
                && file.EndsWith(".csv", StringComparison.Ordinal)));
    }
}
