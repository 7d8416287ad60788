using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Casework.People;
using Waymark.Casework.Registers;
using Waymark.Casework.Search;
using Waymark.Model;
using Waymark.Storage;

namespace Waymark.Casework.Engine;

/// <summary>Records named as people say them.</summary>
public abstract partial class RecordEngine
{
    /// <summary>Entries in which a reference stands as it is stored: what people say ("TX-1A2B-3C4D") becomes the record that it names.</summary>
    private async Task<Result<IReadOnlyList<FieldEntry>>> ReferredAsync(CaseDesk desk, RegisterPlan plan, RecordPartition partition, IReadOnlyList<FieldEntry> entries, CancellationToken cancellationToken)
    {
        var referred = new List<FieldEntry>(entries.Count);
        foreach (var entry in entries)
        {
            // Another office tells the 32 letters of what only its own desk may see; whether they name anything is not said either.
            var text = entry.Value.Trim();
            var said = plan.Field(RecordDocument.PlanPath(entry.Path)) is { Type: FieldType.Reference } field && text.Length > 0 && !ValueReader.Read(field, text).IsOk ? field : null;
            var named = said is null ? null : await SaidAsync(desk, said, partition, text, cancellationToken);
            if (said is not null && named is null)
            {
                return Error.Invalid("case.reference", $"\"{said.Name.In("en")}\": no record that you may know of has this reference. Choose one, or enter another.",
                    $"“{said.Name.In("zh")}”：没有您可知悉的此编号。请选择一项或另行填写。", entry.Path);
            }

            referred.Add(named is null ? entry : entry with { Value = $$"""{"id":"{{named.Id}}","register":"{{named.Register}}"}""" });
        }

        return referred;
    }

    private async Task<RecordAddress?> SaidAsync(CaseDesk desk, FieldPlan field, RecordPartition partition, string text, CancellationToken cancellationToken)
    {
        foreach (var target in Targets(field))
        {
            if (await ByReferenceAsync(desk, text, plan => plan.Id == target.Id, target.Id == PersonCore.Register ? partition : target.Partition, cancellationToken) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private protected IEnumerable<RegisterPlan> Targets(FieldPlan field) => Registers.All.Where(plan => field.Target is { } target ? plan.Id == target : plan.Id == PersonCore.Register || !plan.IsTyped);

    private async Task<RecordAddress?> ByReferenceAsync(CaseDesk desk, string reference, Func<RegisterPlan, bool> isMeant, RecordPartition partition, CancellationToken cancellationToken)
    {
        var bare = string.Concat(reference.Where(char.IsAsciiLetterOrDigit));
        if (bare.Length is < 10 or > 12)
        {
            return null;
        }

        var (letters, id) = (bare[..^8], bare[^8..].ToLowerInvariant());
        var found = await ByKeyAsync(desk, partition, KeyKind.Reference, id, plan => isMeant(plan) && plan.Reference.Equals(letters, StringComparison.OrdinalIgnoreCase), cancellationToken);
        return found is [var only] ? new(only.Plan.Id, only.Document.Id, only.Partition) : null;
    }
}
