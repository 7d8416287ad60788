using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Casework.Registers;
using Waymark.Casework.Search;
using Waymark.Model;
using Waymark.Storage;

namespace Waymark.Casework.Engine;

/// <summary>Links of records, from either end.</summary>
public abstract partial class RecordEngine
{
    /// <summary>The links of a record as the desk may see them, from either end.</summary>
    private async Task<IReadOnlyList<SeenLink>> SeenLinksAsync(CaseDesk desk, Loaded record, CancellationToken cancellationToken)
    {
        var links = new List<SeenLink>();
        foreach (var link in record.Document.Links)
        {
            if (await SeesAsync(desk, link, record, cancellationToken) is { } other)
            {
                links.Add(Seen(link, record.Plan.Link(link.Type)?.Name, other, isHere: true));
            }
        }

        if (Registers.All.Any(plan => plan.Links.Any(link => link.Registers.Contains(record.Plan.Id, StringComparer.Ordinal))))
        {
            foreach (var other in await ByKeyAsync(desk, record.Partition, KeyKind.Linked, record.Document.Id, static _ => true, cancellationToken))
            {
                links.AddRange(other.Document.Links.Where(link => link.Record == record.Document.Id && link.Register == record.Plan.Id && Sees(desk, link, record, other))
                    .Select(link => Seen(link, other.Plan.Link(link.Type)?.Back, other, isHere: false)));
            }
        }

        return [.. links.OrderBy(link => link.Link.At)];

        static SeenLink Seen(RecordLink link, LocalText? type, Loaded other, bool isHere) =>
            new(link, type ?? new(link.Type, link.Type), other.Plan, new(other.Plan.Id, other.Document.Id, other.Partition), other.Plan.State(other.Document.State)!.Name, isHere);
    }

    public async Task<CaseAnswer<Changed>> LinkAsync(CaseDesk desk, RecordAddress record, string type, string reference, string visibility, CancellationToken cancellationToken)
    {
        var place = _store.Place(record);
        return !place.IsOk ? place.Error
            : await ByReferenceAsync(desk, reference, plan => !plan.IsTyped, place.Value.Partition, cancellationToken) is { } other ? await LinkAsync(desk, record, type, other, visibility, cancellationToken)
            : Error.NotFound("case.link-reference", "There is no such reference that you may know of.", "没有您可知悉的此编号。", "reference");
    }

    /// <summary>The other end of a record's link, for whom it is meant.</summary>
    private async Task<Loaded?> SeesAsync(CaseDesk desk, RecordLink link, Loaded record, CancellationToken cancellationToken) =>
        await KnownAsync(desk, new(link.Register, link.Record, record.Partition), cancellationToken) is { IsOk: true } other && Sees(desk, link, record, other.Value) ? other.Value : null;

    // Both ends are known to whoever asks; this says for whom beyond that the link is meant.
    private protected static bool Sees(CaseDesk desk, RecordLink link, Loaded one, Loaded other) => link.By == desk.Actor.Account || link.Visibility switch
    {
        LinkVisibility.Open => true,
        LinkVisibility.Unit => new[] { one, other }.All(end => desk.Actor.Units.Contains(end.Document.Control.Unit, StringComparer.Ordinal)),
        _ => new[] { one, other }.All(end => end.Document.NeedToKnow.Contains(desk.Actor.Account, StringComparer.Ordinal)),
    };

    /// <summary>Records of a partition that carry a key, as far as the desk may know of them.</summary>
    private protected async Task<IReadOnlyList<Loaded>> ByKeyAsync(CaseDesk desk, RecordPartition partition, KeyKind kind, string word, Func<RegisterPlan, bool> isMeant, CancellationToken cancellationToken)
    {
        var keys = await _store.KeysAsync(partition, cancellationToken);
        var registers = Registers.All.Where(plan => (plan.Partition == partition || plan.Id == People.PersonCore.Register) && isMeant(plan)).Select(plan => plan.Id).ToList();
        if (!keys.IsOk || registers.Count == 0)
        {
            return [];
        }

        var known = new List<Loaded>();
        var found = await _parts.Store.Records.SearchAsync(new(partition, registers, [keys.Value.Key(kind, word)], CaseRights.Filter(Registers, desk, Sensitivity.Severe), 100), cancellationToken);
        foreach (var match in found.Records)
        {
            if (await KnownAsync(desk, new(match.Register, match.Id, partition), cancellationToken) is { IsOk: true } loaded)
            {
                known.Add(loaded.Value);
            }
        }

        return known;
    }
}
