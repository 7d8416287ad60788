using Waymark.Casework.Registers;
using Waymark.Model;

namespace Waymark.Casework.Contracts;

/// <summary>
/// Takes the records of a register from earlier versions of its pack to the one that is loaded, as the pack declares it, and back. Whoever does it sees counts, never a
/// record. Each record is one operation in its own history; the whole is an act in the ledger.
/// </summary>
public interface IMigrations
{
    /// <summary>What would happen, without doing it. Errors: <c>register.unknown</c>.</summary>
    Task<Result<MigrationPreview>> PreviewAsync(string register, CancellationToken cancellationToken);

    /// <summary>
    /// Does it, record by record; cut off, it goes on where it stopped when it is called again. Errors: <c>register.unknown</c>, <c>register.migration</c> (what the pack
    /// declares does not fit), those of the store.
    /// </summary>
    Task<Result<MigrationRun>> ApplyAsync(string account, string register, CancellationToken cancellationToken);

    /// <summary>Takes the last migration back as a whole. Records that have moved on where the earlier version has no word for stay and are counted. Error <c>migration.none</c>.</summary>
    Task<Result<MigrationRun>> UndoAsync(string account, string register, CancellationToken cancellationToken);
}

/// <summary>What a migration would do: records by version, fields by version, and what is wrong with the declaration.</summary>
public sealed record MigrationPreview(RegisterPlan Plan, IReadOnlyList<MigrationVersion> Versions, IReadOnlyList<MigrationEffect> Effects, IReadOnlyList<Error> Faults, MigrationRun? Last)
{
    /// <summary>How many records would go over.</summary>
    public int Records => Faults.Count > 0 ? 0 : Versions.Where(version => version.HasWay).Sum(version => version.Records);
}

/// <summary>Records of one version. <paramref name="HasWay"/>: a migration is declared and its edition is kept here.</summary>
public sealed record MigrationVersion(string Version, string Hash, int Records, bool IsCurrent, bool HasWay);

/// <summary>What happens to one field: how many values go over, and how many find no place and stay in the history only (<paramref name="Kept"/>).</summary>
public sealed record MigrationEffect(string Version, string Path, LocalText Name, MigrationVerb? Verb, string? To, int Values, int Kept)
{
    /// <summary>Codes among those kept aside; other kinds of values are never listed.</summary>
    public IReadOnlyList<string> KeptCodes { get; init; } = [];
}

/// <summary>A migration as it went.</summary>
public sealed record MigrationRun(string Id, string Register, string To, string By, DateTimeOffset At, int Records, int Kept, int Asked, int Stayed, bool IsFinished, DateTimeOffset? UndoneAt);
