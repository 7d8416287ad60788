using Waymark.Model;

namespace Waymark.Rules;

/// <summary>One fact that would have to be otherwise.</summary>
/// <param name="Fact">The fact.</param>
/// <param name="Needed">What it would have to be, as packs write it; null for what is the person's own choice.</param>
public sealed record FactChange(Fact Fact, string? Needed)
{
    /// <summary>True when only the person concerned decides it: then it is no remedy, and nothing is asked for.</summary>
    public bool IsPersonsChoice => Fact.IsChoice;

    /// <summary>What proves it.</summary>
    public LocalText? Evidence => Fact.Evidence;

    /// <summary>The other person who attests it.</summary>
    public LocalText? AttestedBy => Fact.AttestedBy;
}

/// <summary>A smallest set of facts that would change a deny into a permit: leaving any of them out leaves the deny.</summary>
public sealed record NearestPermit(IReadOnlyList<FactChange> Changes)
{
    /// <summary>True when it hangs on a choice of the person concerned.</summary>
    public bool NeedsPersonsChoice => Changes.Any(change => change.IsPersonsChoice);
}
