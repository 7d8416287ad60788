using Waymark.Model;
using Waymark.Packs.Content;

namespace Waymark.Packs.Tests;

/// <summary>The built-in packs, loaded once.</summary>
public sealed class BuiltIn
{
    public BuiltIn()
    {
        Outcome = PackLibrary.Load([Make.Root]);
        Content = new(Library);
    }

    public PackLoadOutcome Outcome { get; }

    public PackLibrary Library => Outcome.Library;

    public BuiltInContent Content { get; }

    public AreaRegistry Areas => Content.Areas;

    /// <summary>Takes a term's number from the reference packs, as the engine will from the store.</summary>
    public decimal? Value(IndicatorTerm term)
    {
        var series = Content.References.FirstOrDefault(series => series.Id == term.Series);
        var where = term.Where.Split(';').Select(part => part.Split('=')).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        var found = series?.Observations.Where(row => where.All(pair => row.Key.GetValueOrDefault(pair.Key) == pair.Value))
            .Where(row => term.Period == "latest" || (Period.TryParse(term.Period, out var period) && row.Period == period)).MaxBy(row => row.Period);
        return found?.Value;
    }
}
