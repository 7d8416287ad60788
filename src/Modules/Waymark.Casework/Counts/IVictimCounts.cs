using Waymark.Model;
using Waymark.Protection.Contracts;

namespace Waymark.Casework.Contracts;

/// <summary>
/// How many victims of trafficking a node helped in a year, in the shape of the Global Report's questionnaire (GLOTIP, S017) and by the variables of the international classification (IC-TIP). One
/// person prepares, another of another unit looks at what would be told and approves, and the gate is asked for the publication. Small numbers are withheld, with as many others as it takes
/// that nobody works them out; nothing that would tell one leaves the engine. A year is told once: two versions side by side would tell about who came between them (M45).
/// </summary>
public interface IVictimCounts
{
    /// <summary>Counts below it are withheld.</summary>
    const int Threshold = 5;

    /// <summary>Who prepares and releases, for a purpose of the register.</summary>
    const string Preparer = "supervisor";

    /// <summary>Who approves.</summary>
    static IReadOnlyList<string> Approvers { get; } = ["supervisor", "data-protection-officer", "legal-officer"];

    /// <summary>Codes of the rules' vocabulary for the risk in a country or area.</summary>
    static IReadOnlyList<string> Risks { get; } = ["low", "medium", "high", "extreme"];

    /// <summary>
    /// Counts a year that is over. Asked of the gate as a look; prepared again, it waits for approval anew. <paramref name="risk"/>, how dangerous it is for people there that figures are told, is
    /// one of <see cref="Risks"/>; whoever approves sees it. Errors: <c>counts.role</c>, <c>counts.year</c>, <c>counts.area</c>, <c>counts.released</c>, <c>case.nothing</c>.
    /// </summary>
    Task<CaseAnswer<CountSheet>> PrepareAsync(CaseDesk desk, int year, string area, string risk, CancellationToken cancellationToken);

    /// <summary>A second person agrees to what would be told. Errors: <c>counts.role</c>, <c>counts.unknown</c>, <c>counts.not-now</c>, <c>two.*</c>.</summary>
    Task<Result<CountSheet>> ApproveAsync(Actor second, string id, CancellationToken cancellationToken);

    /// <summary>Releases what was approved: asked of the gate as a publication of aggregates. Errors: <c>counts.role</c>, <c>counts.unknown</c>, <c>counts.not-now</c>.</summary>
    Task<CaseAnswer<CountSheet>> ReleaseAsync(CaseDesk desk, string id, CancellationToken cancellationToken);

    /// <summary>What was prepared, approved and released, newest year first. It holds told figures only.</summary>
    Task<Result<IReadOnlyList<CountSheet>>> ListAsync(CancellationToken cancellationToken);
}

public enum CountState { Prepared, Approved, Released }

/// <summary>The told figures of one year and area; <paramref name="AreaName"/> as the list of areas has it.</summary>
public sealed record CountSheet(string Id, int Year, string Area, LocalText AreaName, string Risk, CountState State, DateTimeOffset At, string By, IReadOnlyList<CountLine> Lines) : IPersonal<CountSheet>
{
    /// <summary>It holds no field of anybody.</summary>
    public CountSheet Without(IReadOnlySet<string> fields) => this;
}

/// <summary>One figure in the words of the questionnaire, which are English; null where it is withheld.</summary>
public sealed record CountLine(string Dimension, string Category, string Sex, string Age, int? Count);
