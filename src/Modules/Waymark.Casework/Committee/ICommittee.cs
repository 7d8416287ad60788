using Waymark.Model;

namespace Waymark.Casework.Contracts;

/// <summary>What the review committee tells everybody (R24): opinions without names, and how much it had to do in each year.</summary>
public interface ICommittee
{
    /// <summary>
    /// What anybody may read. It asks no gate, for it holds no person: no reference, no day, no unit, no text in which a name of somebody in the case, of a member, of a file or a number of a
    /// person stands. Figures below five are never told apart, and all others are rounded to five, so that no difference of two of them tells about one person.
    /// </summary>
    Task<CommitteeWork> WorkAsync(CancellationToken cancellationToken);

    /// <summary>What people asked about their data and what became of it, by the year in which they asked, newest first; told to everybody in the same way (M85).</summary>
    Task<IReadOnlyList<RequestYear>> RequestsAsync(CancellationToken cancellationToken);
}

/// <param name="Opinions">Newest year first; within a year in no order of time.</param>
/// <param name="Withheld">How many decided cases have an opinion that names somebody, or one that cannot be read.</param>
/// <param name="Years">Newest first.</param>
public sealed record CommitteeWork(IReadOnlyList<Opinion> Opinions, int Withheld, IReadOnlyList<CommitteeYear> Years);

/// <summary>One opinion: the year in which the complaint was brought, what was found, what was done about it, in words that name nobody.</summary>
public sealed record Opinion(int Year, LocalText Finding, IReadOnlyList<LocalText> Remedies, LocalText Text);

/// <summary>The complaints brought in one year and what became of them.</summary>
public sealed record CommitteeYear(int Year, SmallNumber Brought, SmallNumber NotAdmitted, SmallNumber Withdrawn, SmallNumber Open, SmallNumber Frozen, IReadOnlyList<(LocalText Finding, SmallNumber Count)> Findings);

/// <summary>Requests of people about their data of one year; <paramref name="Grounds"/> are those of refusals, all three.</summary>
public sealed record RequestYear(
    int Year, SmallNumber Received, SmallNumber Answered, SmallNumber Refused, SmallNumber NotIdentified, SmallNumber Withdrawn, SmallNumber Open, IReadOnlyList<(LocalText Ground, SmallNumber Count)> Grounds)
{
    /// <summary>The share of refusals among those that were answered or refused, of the numbers as they are told; null where one of them is too small to tell.</summary>
    public int? RefusedPercent => Refused.Rounded is { } refused && Answered.Rounded is { } answered && refused + answered > 0 ? (int)Math.Round(100.0 * refused / (refused + answered)) : null;
}

/// <summary>A count that is told without telling about one person: none, fewer than five, or rounded to five.</summary>
public readonly record struct SmallNumber
{
    private const int Least = 5;

    private SmallNumber(int rounded) => Rounded = rounded;

    /// <summary>0 for none; null for one to four; else the count rounded to five.</summary>
    public int? Rounded { get; private init; }

    public static SmallNumber Of(int count) => count is > 0 and < Least ? new() { Rounded = null } : new((count + (Least / 2)) / Least * Least);
}
