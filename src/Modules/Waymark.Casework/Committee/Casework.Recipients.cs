using Waymark.Casework.Documents;
using Waymark.Casework.Engine;
using Waymark.Casework.Guards;
using Waymark.Casework.People;

namespace Waymark.Casework.Features;

/// <summary>Where data of those whom a case of the review committee is about have gone.</summary>
public sealed partial class Casework
{
    private const int CopyPage = 500;

    /// <summary>Organisations that were sent a list with whoever complains, or with anybody in the record that is complained about. A copy that cannot be read counts.</summary>
    private protected override async Task<IReadOnlyList<string>> SentToAsync(RecordDocument review, CancellationToken cancellationToken)
    {
        var persons = review.Joined.Concat(review.Persons.Select(person => person.Person)).ToHashSet(StringComparer.Ordinal);
        if (review.Register == Freezes.Register && review.One("object")?.Value is { } about && about.Member("register") is { } register && about.Member("id") is { } id)
        {
            if (register == PersonCore.Register)
            {
                persons.Add(id);
            }
            else if (await _store.ReadAsync(new(register, id), cancellationToken) is { IsOk: true } record)
            {
                persons.UnionWith(CaseRights.Persons(record.Value.Plan, record.Value.Document));
            }
        }

        var keys = new HashSet<string>(StringComparer.Ordinal);
        for (string? after = null; ;)
        {
            var page = await _parts.Store.Records.ScanAsync(Storage.RecordPartition.General, ExportRegister, after, CopyPage, cancellationToken);
            foreach (var stored in page)
            {
                var copy = RecordJson.Read<KeptCopy>(stored.Document.Span);
                if (copy.Copy.To is { } to && !keys.Contains(to) && (await CopiedAsync(copy, cancellationToken) is not { } copied || copied.Any(persons.Contains)))
                {
                    keys.Add(to);
                }
            }

            if (page.Count < CopyPage)
            {
                break;
            }

            after = page[^1].Id;
        }

        return keys.Count == 0 || _parts.Receivers is not { } receivers ? []
            : [.. (await receivers.ListAsync(null, cancellationToken)).Where(receiver => keys.Contains(receiver.Key.Fingerprint)).Select(receiver => receiver.Organisation)
                .Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal)];
    }

    private async Task<IReadOnlyList<string>?> CopiedAsync(KeptCopy copy, CancellationToken cancellationToken) =>
        Registers.Find(copy.Copy.Register) is { } plan && await _store.Vault.RingAsync(plan.Partition, [], create: false, cancellationToken) is { IsOk: true } ring
            && ring.Value.Open(ExportRegister + "/" + copy.Copy.Mark, [], copy.Persons) is { } bytes ? RecordJson.Read<List<string>>(bytes) : null;
}
