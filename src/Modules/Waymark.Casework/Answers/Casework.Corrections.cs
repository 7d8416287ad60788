using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Casework.Engine;
using Waymark.Casework.People;
using Waymark.Casework.Registers;
using Waymark.Model;
using Waymark.Storage;

namespace Waymark.Casework.Features;

/// <summary>
/// A correction that was granted reaches the record with the step that grants it: what the person says stands there beside what stood, with the request as its source, and whoever works on the record
/// chooses. Nothing is lost, and the change is taken back like any other.
/// </summary>
public sealed partial class Casework
{
    private const string Corrections = "corrections";

    private async Task<Result<Beside>> CorrectAsync(CaseDesk desk, Loaded request, CancellationToken cancellationToken)
    {
        var document = request.Document;
        var items = document.Fields.Keys.Select(path => path.Split('/')).Where(parts => parts is [Corrections, _, _]).Select(parts => parts[1]).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        if (Code(document, "right") != "correction" || items.Count == 0 || document.Persons.FirstOrDefault(person => person.Role == "asker")?.Person is not { } asker)
        {
            return new Beside(_ => [], []);
        }

        var (targets, source) = (new Dictionary<(string Register, string Id, RecordPartition Partition), (Loaded Record, List<FieldChange> Changes)>(), References.Of(request.Plan, document.Id));
        foreach (var item in items)
        {
            var (named, said, value) = (Value("record"), Value("field")?.Text.Trim(), Value("value")?.Text);
            var records = named is null || said is null || value is null ? [] : await OfAskerAsync(named.Value, asker, cancellationToken);
            if (records.Count == 0)
            {
                return Unclear("record");
            }

            foreach (var target in records)
            {
                // What is about others is not corrected on one person's word.
                var (plan, path) = (target.Plan, PathOf(target, said!));
                if (path is null || plan.Field(RecordDocument.PlanPath(path)) is not { } field || Sealing.Owners(plan, target.Document, path) is not [var owner] || owner != asker)
                {
                    return Unclear("field");
                }

                var read = ValueReader.Read(field, value!);
                if (!read.IsOk)
                {
                    return read.Error;
                }

                var key = (plan.Id, target.Document.Id, target.Partition);
                if (!targets.TryGetValue(key, out var known))
                {
                    targets[key] = known = (target, []);
                }

                var before = target.Document.Fields.GetValueOrDefault(path);
                known.Changes.Add(new(path, before?.Version ?? 0, before is null ? ChangeMode.Set : ChangeMode.Dispute, [new(NewId()[..8], read.Value, desk.Actor.Account, _parts.Time.GetUtcNow()) { Source = source, Purpose = desk.Purpose }]));
            }

            FieldValue? Value(string part) => document.One($"{Corrections}/{item}/{part}")?.Value;
        }

        var writes = new List<RecordWrite>();
        foreach (var (record, changes) in targets.Values)
        {
            var folded = RecordMachine.Apply(record.Document, By(desk, OperationKind.Change) with { Changes = changes, Why = "request.correction" }, record.Document.Version + 1);
            var keys = await _store.KeysAsync(record.Partition, cancellationToken);
            var ring = await _store.WritingRingAsync(record.Plan, record.Partition, record.Document, cancellationToken);
            if ((folded.Error ?? keys.Error ?? ring.Error) is { } failed)
            {
                return failed;
            }

            writes.Add(_store.Write(record.Plan, record.Partition, folded.Value, ring.Value, keys.Value));
        }

        return new Beside(_ => writes, []);

        static Error Unclear(string where) => Error.Invalid("correction.unclear",
            "Each correction names a record of the person who asks, a field of it that is about that person alone, and what it should say.", "每项更正须指明请求人的记录、其中仅涉及该人的字段及应有内容。", "corrections/" + where);
    }

    /// <summary>The record that is named, where the asker is in it; the asker's own as a person in every partition that knows them.</summary>
    private async Task<IReadOnlyList<Loaded>> OfAskerAsync(FieldValue named, string asker, CancellationToken cancellationToken)
    {
        var found = new List<Loaded>();
        if (named.Member("register") is { } register && named.Member("id") is { } id)
        {
            foreach (var partition in register == PersonCore.Register ? Enum.GetValues<RecordPartition>() : [RecordPartition.General])
            {
                found.AddRange(await _store.ReadAsync(new(register, id, partition), cancellationToken) is { IsOk: true } read && CaseRights.Persons(read.Value.Plan, read.Value.Document).Contains(asker, StringComparer.Ordinal) ? [read.Value] : []);
            }
        }

        return found;
    }

    /// <summary>A field as people name it: its path in the record, or its name where only one has it.</summary>
    private static string? PathOf(Loaded record, string said)
    {
        var plan = record.Plan;
        if (plan.Field(RecordDocument.PlanPath(said)) is { Type: not FieldType.Group } written && (written.Group is not { IsRepeated: true } || record.Document.Fields.ContainsKey(said)))
        {
            return said;
        }

        // An entry of a repeated group is named by its name as long as there is one entry.
        var fields = plan.Fields.Where(field => field.Type != FieldType.Group && (Same(field.Name.In("en")) || Same(field.Name.In("zh")))).ToList();
        return fields is not [var only] ? null : only.Group is not { IsRepeated: true } ? only.Path
            : record.Document.Fields.Keys.Where(path => RecordDocument.PlanPath(path) == only.Path).ToList() is [var entry] ? entry : null;

        bool Same(string name) => string.Equals(name, said, StringComparison.OrdinalIgnoreCase);
    }
}
