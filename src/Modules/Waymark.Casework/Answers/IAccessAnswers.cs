using Waymark.Casework.Documents;
using Waymark.Casework.People;
using Waymark.Casework.Registers;
using Waymark.Protection.Contracts;

namespace Waymark.Casework.Contracts;

/// <summary>The answer to a person who asks what is kept about them (register <c>subject-request</c>, right access): made for the person, handed by the person's own channel or by hand.</summary>
public interface IAccessAnswers
{
    /// <summary>
    /// What stands about the asker in every register: fields about the asker alone; what is about others too is left out and counted. The copy is marked. For the data-protection officer with
    /// a trusted security key. Errors: <c>case.nothing</c>, <c>access.role</c>, <c>access.not-now</c>, <c>access.limited</c>.
    /// </summary>
    Task<CaseAnswer<KeptAbout>> KeptAsync(CaseDesk desk, RecordAddress request, CancellationToken cancellationToken);
}

/// <summary>Where a request for access stands.</summary>
public enum AccessState { NotAsked, NotYet, Limited, Ready }

/// <summary>What is kept about one person, as the person gets it. <paramref name="Channels"/>: ways to reach the person that the person called safe.</summary>
public sealed record KeptAbout(string Person, IReadOnlyList<KeptRecord> Records, IReadOnlyList<SafeChannel> Channels, string Mark, DateTimeOffset At) : IPersonal<KeptAbout>
{
    public KeptAbout Without(IReadOnlySet<string> fields) =>
        this with { Records = [.. Records.Select(record => record with { Lines = [.. record.Lines.Where(line => line.Field.Mask is not { } mask || !fields.Contains(mask))] })] };
}

/// <summary>One record: what stands in it about the person; <paramref name="Others"/> fields are about somebody else, too.</summary>
public sealed record KeptRecord(RegisterPlan Plan, string Reference, DateTimeOffset OpenedAt, IReadOnlyList<(FieldPlan Field, IReadOnlyList<Claim> Claims)> Lines, int Others);

/// <summary>Reads off a request what it asks for and whether it can be answered now.</summary>
public static class AccessRequests
{
    public const string Register = "subject-request";

    /// <summary>In work, with a verified identity, and under no limit (a ground with its last day) that runs.</summary>
    public static AccessState Of(RecordDocument request, DateTimeOffset now) =>
        request.Register != Register || Code(request, "right") is not "access" ? AccessState.NotAsked
        : request.State != "in-work" || Code(request, "identity") != "verified" ? AccessState.NotYet
        : Code(request, "limit") is not (null or "none") && (LimitEnds(request) is not { } ends || ends >= DateOnly.FromDateTime(now.UtcDateTime)) ? AccessState.Limited : AccessState.Ready;

    private static string? Code(RecordDocument request, string field) => request.One(field)?.Value.Member("code");

    private static DateOnly? LimitEnds(RecordDocument request) =>
        DateOnly.TryParseExact(request.One("limit-ends")?.Value.Text, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.None, out var day) ? day : null;
}
