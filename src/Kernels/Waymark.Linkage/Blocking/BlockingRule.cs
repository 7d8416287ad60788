namespace Waymark.Linkage;

/// <summary>A rule: two records are a candidate pair when they share a key made of these atoms.</summary>
internal sealed record BlockingRule(string Name, Atom[] Atoms)
{
    private const string NarrowName = ", narrowed";

    /// <summary>The pairs of this rule whose block was narrowed: they share more than its key, so strangers among them agree where random pairs do not.</summary>
    public BlockingRule Narrow(IEnumerable<Atom> shared) => new(Name + NarrowName, [.. Atoms, .. shared]);

    /// <summary>The rule that a model names; null when there is none of that name.</summary>
    public static BlockingRule? Find(string name)
    {
        var narrow = name.EndsWith(NarrowName, StringComparison.Ordinal);
        var rule = All.FirstOrDefault(r => name.AsSpan(0, name.Length - (narrow ? NarrowName.Length : 0)).SequenceEqual(r.Name));
        return narrow ? rule?.Narrow([]) : rule;
    }

    /// <summary>
    /// All rules, most telling first; those whose atoms the files have are used until the pair budget is spent. The order also
    /// decides to which rule a pair is counted when several produce it.
    /// </summary>
    public static IReadOnlyList<BlockingRule> All { get; } =
    [
        new("document", [Atom.Document]),
        new("e-mail", [Atom.Email]),
        new("telephone", [Atom.Phone]),
        new("name pair, date", [Atom.PartPair, Atom.Date]),
        new("name part, date", [Atom.Part, Atom.Date]),
        new("name part, address", [Atom.Part, Atom.Address]),
        new("name part, postcode", [Atom.Part, Atom.Postcode]),
        new("name pair, year", [Atom.PartPair, Atom.Year]),
        new("name pair", [Atom.PartPair]),
        new("name part, year and month", [Atom.Part, Atom.YearMonth]),
        new("name part, month and day", [Atom.Part, Atom.MonthDay]),
        new("name part, place, year", [Atom.Part, Atom.Place, Atom.Year]),
        new("name part, year", [Atom.Part, Atom.Year]),
        new("whole name", [Atom.WholeName]),
        new("date, postcode", [Atom.Date, Atom.Postcode]),
        new("date, place", [Atom.Date, Atom.Place]),
        new("date, address", [Atom.Date, Atom.Address]),
        new("initials, date", [Atom.Initials, Atom.Date]),
        new("name part, place", [Atom.Part, Atom.Place]),
        new("date", [Atom.Date]),
        new("address, postcode", [Atom.Address, Atom.Postcode]),
        new("postcode, year", [Atom.Postcode, Atom.Year]),
        new("postcode", [Atom.Postcode]),
        new("place, year and month", [Atom.Place, Atom.YearMonth]),
        new("place, occupation, year", [Atom.Place, Atom.Occupation, Atom.Year]),
        new("name part", [Atom.Part]),
        new("name pair by letters", [Atom.SimilarPair]),
        new("name part by letters, date", [Atom.SimilarPart, Atom.Date]),
        new("name part by letters, year", [Atom.SimilarPart, Atom.Year]),
    ];
}

/// <summary>What a rule gave: keys, blocks, pairs (a pair is counted in every rule), and blocks that had to be narrowed.</summary>
public sealed record RuleReport(string Rule, long Blocks, long Pairs, int LargestBlock, int Narrowed, bool Used);

/// <summary>The block report of a run: what each rule would compare, before anything is compared.</summary>
public sealed record BlockReport(IReadOnlyList<RuleReport> Rules, long PairsAtMost, long Budget)
{
    /// <summary>Rare name parts that meet nobody by their own keys and meet frequent ones with nearly the same pairs of letters by the rules "by letters".</summary>
    public int SimilarParts { get; init; }
}
