namespace Waymark.Model;

public enum StatisticalConcept : byte { Unknown, Stock, Flow, Event, Rate, Amount, Legal, Index }

public enum PopulationBasis : byte { Unknown, CountryOfBirth, Citizenship, LastResidence, UsualResidence, Mandate, NotApplicable }

public enum DurationRule : byte { Unknown, TwelveMonths, SixMonthsAndOneDay, ThreeMonths, Intended, Permit, None, NotApplicable }

public enum CollectionSource : byte { Unknown, Census, Register, Permit, Border, Survey, Operational, Estimate, Legal, Mixed }

/// <summary>
/// What a migration figure means, as a vector that software can compare (evidence.md 2.3; UN Recommendations 1998 and
/// the 2021 revision). Two figures compare or add only when their vectors agree or a named bridge joins them.
/// "Unknown" agrees with nothing but itself being shown: comparing an unknown component is allowed only with a warning,
/// adding across it never.
/// </summary>
public sealed record DefinitionVector(
    string Id,
    LocalText Name,
    StatisticalConcept Concept,
    PopulationBasis Basis,
    DurationRule Duration,
    CollectionSource Source,
    CountOf Counts,
    IReadOnlyList<string> Exclusions,
    string? LegalBasis = null,
    string? ValidFrom = null,
    string? ValidTo = null)
{
    /// <summary>The components in which two vectors differ, by name; empty when they agree.</summary>
    public IReadOnlyList<string> DifferencesFrom(DefinitionVector other)
    {
        var differences = new List<string>();
        Compare("concept", Concept, other.Concept);
        Compare("basis", Basis, other.Basis);
        Compare("duration", Duration, other.Duration);
        Compare("source", Source, other.Source);
        Compare("counts", Counts, other.Counts);
        if (!Exclusions.Order(StringComparer.Ordinal).SequenceEqual(other.Exclusions.Order(StringComparer.Ordinal)))
        {
            differences.Add("exclusions");
        }

        return differences;

        void Compare<T>(string name, T mine, T theirs) where T : struct, Enum
        {
            if (!EqualityComparer<T>.Default.Equals(mine, theirs))
            {
                differences.Add(name);
            }
        }
    }
}
