using Waymark.Model;
using Waymark.Protection.Contracts;
using Waymark.Storage;

namespace Waymark.Protection.Domain;

/// <summary>
/// For which purposes persons' data were opened so far. The same account gets no second purpose in one matter (M02); a purpose that is new for a person is
/// marked, and the data-protection officer sees it.
/// </summary>
internal static class Trails
{
    public static async Task<IReadOnlyList<(string Handle, long Version, PurposeTrail Trail)>> ReadAsync(IStore store, IReadOnlyList<string> persons, CancellationToken cancellationToken)
    {
        var all = new List<(string, long, PurposeTrail)>();
        foreach (var handle in persons)
        {
            var record = await store.Records.GetAsync(Registers.Matter, handle, cancellationToken);
            all.Add((handle, record?.Version ?? 0, record is null ? new([], new Dictionary<string, string>(StringComparer.Ordinal)) : Registers.Read<PurposeTrail>(record)));
        }

        return all;
    }

    /// <summary>True when a commit failed because another question advanced a trail that this one had read.</summary>
    public static bool IsMoved(Error error) => error.Code == "store.conflict" && error.Where is { } where && where.StartsWith(Registers.Matter + "/", StringComparison.Ordinal);

    public static Refusal? Check(IReadOnlyList<(string Handle, long Version, PurposeTrail Trail)> trails, string matter, GateRequest request) =>
        trails.Any(known => known.Trail.ByAccount.TryGetValue(Key(matter, request), out var purpose) && purpose != request.Purpose)
            ? new("gate.other-purpose", null, new(
                "This account opened the matter for another purpose; a second purpose is for somebody else to decide.", "此账户已为另一目的打开该事项；第二个目的须由他人决定。"), [], [])
            : null;

    /// <summary>Of the rows of one list, those whose matter this account opened for another purpose; all persons are looked up together.</summary>
    public static async Task<Result<IReadOnlyList<bool>>> OfOtherPurposeAsync(
        IStore store, PersonVault vault, GateRequest whole, IReadOnlyList<AskedRow> rows, CancellationToken cancellationToken)
    {
        var handles = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in rows.SelectMany(row => row.Persons.Append(row.Matter)).Distinct(StringComparer.Ordinal))
        {
            var handle = await vault.HandleAsync(name, cancellationToken);
            if (!handle.IsOk)
            {
                return handle.Error;
            }

            handles[name] = handle.Value;
        }

        var trails = new Dictionary<string, PurposeTrail>(StringComparer.Ordinal);
        foreach (var some in rows.SelectMany(row => row.Persons).Distinct(StringComparer.Ordinal).Select(person => handles[person]).Chunk(1_000))
        {
            foreach (var record in await store.Records.GetManyAsync(RecordPartition.General, Registers.Matter, some, cancellationToken))
            {
                trails[record.Id] = Registers.Read<PurposeTrail>(record);
            }
        }

        return Result<IReadOnlyList<bool>>.Ok([.. rows.Select(row => row.Persons.Any(person => trails.TryGetValue(handles[person], out var trail)
            && trail.ByAccount.TryGetValue(Key(handles[row.Matter], whole), out var purpose) && purpose != whole.Purpose))]);
    }

    public static bool IsNew(IReadOnlyList<(string Handle, long Version, PurposeTrail Trail)> trails, string purpose) =>
        trails.Any(known => known.Trail.Purposes.Count > 0 && !known.Trail.Purposes.Contains(purpose, StringComparer.Ordinal));

    /// <summary>The trails after a permit; only those that change are written.</summary>
    public static IEnumerable<RecordWrite> Writes(IReadOnlyList<(string Handle, long Version, PurposeTrail Trail)> trails, string matter, GateRequest request)
    {
        foreach (var (handle, version, trail) in trails)
        {
            var key = Key(matter, request);
            if (!trail.Purposes.Contains(request.Purpose, StringComparer.Ordinal) || !trail.ByAccount.ContainsKey(key))
            {
                var next = new PurposeTrail([.. trail.Purposes.Union([request.Purpose], StringComparer.Ordinal)],
                    new Dictionary<string, string>(trail.ByAccount, StringComparer.Ordinal) { [key] = request.Purpose });
                yield return Registers.Write(Registers.Matter, handle, version, next, "opened");
            }
        }
    }

    private static string Key(string matter, GateRequest request) => request.Actor.Account + " " + matter;
}
