using Waymark.Protection.Contracts;

namespace Waymark.Protection.Domain;

/// <summary>A decision as stored: who in which role, which packs, which leaf; what it was about is sealed under the keys of the persons.</summary>
internal sealed record DecisionDocument(
    string Id, DateTimeOffset At, string Account, string Role, string Unit, string Matter, IReadOnlyList<string> Persons, string Action, string Purpose, bool IsPermit, string Ground,
    bool IsSecondPurpose, IReadOnlyList<DecidedPack> Packs, string Leaf, byte[] Record, byte[]? Sealed);

/// <summary>The sealed part.</summary>
internal sealed record DecisionContent(
    IReadOnlyDictionary<string, IReadOnlyList<string>> Stated, IReadOnlyList<string> Opening, IReadOnlyList<string> English, IReadOnlyList<string> Chinese)
{
    /// <summary>What the asker was told, when that is less than why.</summary>
    public ShownLines? Shown { get; init; }

    /// <summary>Of the lines, those of rules that stand in the way, and how many at the end say what would change the answer; decisions of earlier versions do not tell them apart.</summary>
    public ShownLines? InTheWay { get; init; }

    public int Nearest { get; init; }
}

internal sealed record ShownLines(IReadOnlyList<string> English, IReadOnlyList<string> Chinese)
{
    public ShownLines? InTheWay { get; init; }

    public int Nearest { get; init; }
}

/// <summary>For which purposes a person's data were opened so far, and by which account for which purpose in which matter.</summary>
internal sealed record PurposeTrail(IReadOnlyList<string> Purposes, IReadOnlyDictionary<string, string> ByAccount);
