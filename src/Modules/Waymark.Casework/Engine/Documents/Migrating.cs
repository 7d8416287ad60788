using Waymark.Casework.Guards;
using Waymark.Casework.Registers;
using Waymark.Model;

namespace Waymark.Casework.Documents;

/// <summary>What a migration makes of one record. <paramref name="Kept"/>: paths and values that find no place any more and stay in the history only.</summary>
internal sealed record Migrated(Operation Operation, IReadOnlyList<(string Path, FieldValue Value)> Kept);

/// <summary>
/// Takes a record from one edition of its pack to another and back. Pure. No value is lost: what has no place in the other edition stands in the operation as it was.
/// No value comes within reach of more purposes or milder rules than it was collected under (M13): such a migration is refused as a whole.
/// </summary>
internal static class Migrating
{
    /// <summary>What is wrong with a declared way between these two editions.</summary>
    public static IReadOnlyList<Error> Check(RegisterPlan from, RegisterPlan to, MigrationPlan migration)
    {
        var faults = new List<Error>();
        void Fault(string path, string en, string zh) => faults.Add(Error.Faulty("register.migration", $"{from.Version} → {to.Version}, \"{path}\": {en}", $"{from.Version} → {to.Version}，“{path}”：{zh}", to.File + ":1:1"));
        foreach (var unknown in migration.Changes.Where(change => change.Verb != MigrationVerb.Add && from.Field(change.Field) is null or { Type: FieldType.Group }))
        {
            Fault(unknown.Field, "the earlier version has no such field.", "较早版本没有此字段。");
        }

        if ((to.PurposeBits & ~from.PurposeBits) != 0 || to.Sensitivity < from.Sensitivity)
        {
            Fault(to.Id, "the register serves more purposes or is less sensitive than before; its records keep their version.", "登记册的目的更多或敏感度更低；其记录保持原版本。");
        }

        foreach (var field in from.Fields.Where(field => field.Type != FieldType.Group))
        {
            var change = migration.Of(field.Path);
            foreach (var (target, converted) in Targets(field, to, change))
            {
                if (target is null)
                {
                    Fault(field.Path, "the field is gone and the migration does not say where to.", "字段已不存在，而迁移未说明去向。");
                }
                else if (!converted && (target.Type != field.Type || target.Group is { IsRepeated: true } != field.Group is { IsRepeated: true }))
                {
                    Fault(field.Path, $"\"{target.Path}\" is of another type.", $"“{target.Path}”类型不同。");
                }
                else if ((target.Purposes & ~field.Purposes) != 0 || target.Sensitivity < field.Sensitivity || target.About != field.About || (field.Mask is not null && target.Mask != field.Mask))
                {
                    Fault(field.Path, $"\"{target.Path}\" would show it to more purposes, under milder rules, or as somebody else's.", $"“{target.Path}”会使其用于更多目的、适用更宽规则，或归属他人。");
                }
            }

            if (change is { Verb: MigrationVerb.Convert, By: { } by, To: { } into } && !Fits(by, field, into))
            {
                Fault(field.Path, $"the converter \"{Packs.Words.Of(by)}\" does not fit.", $"转换器“{Packs.Words.Of(by)}”不适用。");
            }

            if (change is { Verb: MigrationVerb.Split } && field.Type != FieldType.Code)
            {
                Fault(field.Path, "only a code is split.", "只能拆分代码字段。");
            }
        }

        foreach (var state in from.States.Where(state => to.State(migration.States.GetValueOrDefault(state.Id, state.Id)) is null))
        {
            Fault(state.Id, "the state is gone and the migration does not say which one it is now.", "状态已不存在，而迁移未说明现为何状态。");
        }

        // A migration asks nobody: it leads neither behind the gates before return nor takes them from around a record (M19).
        foreach (var state in from.States.Where(state => ReturnGates.IsGated(from, state.Id) != ReturnGates.IsGated(to, migration.States.GetValueOrDefault(state.Id, state.Id))))
        {
            Fault(state.Id, "the state is behind the return gates in one version and not in the other.", "该状态在一个版本中位于遣返关口之后，在另一版本中则否。");
        }

        foreach (var role in from.Persons.Where(role => to.Role(role.Id) is null))
        {
            Fault(role.Id, "a role of persons cannot end.", "人员角色不得取消。");
        }

        return faults;
    }

    /// <summary>The operation that takes a record over; the way was checked before.</summary>
    public static Migrated Over(RegisterPlan from, RegisterPlan to, MigrationPlan migration, RecordDocument document, Operation by)
    {
        var (changes, kept) = (new Dictionary<string, FieldChange>(StringComparer.Ordinal), new List<(string, FieldValue)>());
        foreach (var (path, state) in document.Fields)
        {
            var field = from.Field(RecordDocument.PlanPath(path));
            var change = field is null ? null : migration.Of(field.Path);
            var same = change is null && field is not null ? to.Field(field.Path) : null;
            if (same is not null && state.Claims.All(claim => Fits(same, claim.Value)))
            {
                continue;
            }

            changes[path] = new(path, state.Version, ChangeMode.Set, []);
            foreach (var claim in state.Claims)
            {
                var parts = field is null ? [] : same is not null ? Fits(same, claim.Value) ? [(same, claim.Value)] : [] : Parts(field, change, claim.Value);
                if (parts.Count == 0)
                {
                    kept.Add((path, claim.Value));
                }

                foreach (var (target, value) in parts)
                {
                    var into = Path(path, target);
                    var before = changes.GetValueOrDefault(into) ?? new(into, document.Fields.GetValueOrDefault(into)?.Version ?? 0, ChangeMode.Set, []);
                    changes[into] = before with { Claims = [.. before.Claims, claim with { Value = value }], IsConflict = state.IsConflict };
                }
            }
        }

        var asked = new List<string>();
        foreach (var change in migration.Changes.Where(change => change.Verb == MigrationVerb.Add && !document.Fields.ContainsKey(change.Field) && !changes.ContainsKey(change.Field)))
        {
            if (change.Value is { } written)
            {
                // The value is the pack's and nobody's statement: it names the migration as its source.
                changes[change.Field] = new(change.Field, 0, ChangeMode.Set, [new(by.Id[..8], ValueReader.Read(change.To!, written).Value, by.By, by.At) { Source = $"pack {to.Version}" }]);
            }
            else
            {
                asked.Add(change.Field);
            }
        }

        var named = migration.States.GetValueOrDefault(document.State, document.State);
        return new(by with { Kind = OperationKind.Migrate, Changes = [.. changes.Values], Pack = to.Mark, List = asked, State = named == document.State ? null : named }, kept);
    }

    /// <summary>
    /// The operation that takes a record back: fields that nobody touched since are what they were; what was entered since goes back with a renamed field and else stays in
    /// the history. Error <c>undo.moved</c> when the record stands where the earlier edition has no word for.
    /// </summary>
    public static Result<Migrated> Back(RegisterPlan from, RegisterPlan to, MigrationPlan migration, RecordDocument document, Operation done, long version, Operation by)
    {
        var (changes, kept) = (new Dictionary<string, FieldChange>(StringComparer.Ordinal), new List<(string, FieldValue)>());
        FieldChange Of(string path) => changes.GetValueOrDefault(path) ?? new(path, document.Fields.GetValueOrDefault(path)?.Version ?? 0, ChangeMode.Set, []);
        foreach (var change in done.Changes)
        {
            var touched = document.Fields.TryGetValue(change.Path, out var now) && now.Version != version;
            if (!touched || from.Field(RecordDocument.PlanPath(change.Path)) is null)
            {
                changes[change.Path] = Of(change.Path) with { Claims = change.Before?.Claims ?? [], IsConflict = change.Before?.IsConflict ?? false };
            }
        }

        // What somebody cleared since does not come back under its old name.
        foreach (var cleared in done.Changes.Where(change => change.Claims.Count > 0 && !document.Fields.ContainsKey(change.Path)))
        {
            if (migration.Changes.FirstOrDefault(change => change.Verb == MigrationVerb.Rename && change.To!.Path == RecordDocument.PlanPath(cleared.Path)) is { } origin)
            {
                changes.Remove(Path(cleared.Path, from.Field(origin.Field)!));
            }
        }

        foreach (var (path, state) in document.Fields.Where(field => field.Value.Version > version || from.Field(RecordDocument.PlanPath(field.Key)) is null))
        {
            var origin = migration.Changes.FirstOrDefault(change => change.Verb == MigrationVerb.Rename && change.To!.Path == RecordDocument.PlanPath(path));
            var back = origin is null ? from.Field(RecordDocument.PlanPath(path)) : from.Field(origin.Field);
            if (back is not null && state.Version > version && state.Claims.All(claim => Fits(back, claim.Value)))
            {
                if (origin is not null)
                {
                    changes[path] = Of(path) with { Claims = [] };
                    changes[Path(path, back)] = Of(Path(path, back)) with { Claims = state.Claims, IsConflict = state.IsConflict };
                }

                continue;
            }

            if (state.Version > version)
            {
                kept.AddRange(state.Claims.Select(claim => (path, claim.Value)));
            }

            if (from.Field(RecordDocument.PlanPath(path)) is null)
            {
                changes[path] = Of(path) with { Claims = [] };
            }
        }

        var named = from.State(document.State) is not null && !migration.States.ContainsKey(document.State) ? document.State
            : migration.States.Where(pair => pair.Value == document.State).Select(pair => pair.Key).ToList() is [var only] ? only
            : done.StateBefore is { } before && done.State == document.State ? before : null;
        return named is null || document.Persons.Any(person => from.Role(person.Role) is null)
            ? Error.Conflict("undo.moved", "The record has moved on since.", "此后记录已推进。", document.Id)
            : new Migrated(by with { Kind = OperationKind.Migrate, Undoes = version, Changes = [.. changes.Values], Pack = done.PackBefore, List = done.ListBefore ?? [], State = named == document.State ? null : named }, kept);
    }

    private static IEnumerable<(FieldPlan? Target, bool IsConverted)> Targets(FieldPlan field, RegisterPlan to, MigrationChange? change) => change?.Verb switch
    {
        null => [(to.Field(field.Path), false)],
        MigrationVerb.Archive => [],
        MigrationVerb.Split => change.Codes.Values.SelectMany(parts => parts).Select(part => ((FieldPlan?)part.Field, true)).Distinct(),
        _ => [(change.To, change.Verb == MigrationVerb.Convert)],
    };

    private static bool Fits(FieldConverter by, FieldPlan from, FieldPlan to) => (by, from.Type, to.Type) switch
    {
        (FieldConverter.CodeToCodes, FieldType.Code, FieldType.Codes) or (FieldConverter.CodeToText, FieldType.Code, FieldType.Text)
            or (FieldConverter.YesNoToCode, FieldType.YesNo, FieldType.Code) or (FieldConverter.TextToTexts, FieldType.Text, FieldType.Texts) => from.Group is { IsRepeated: true } == to.Group is { IsRepeated: true },
        _ => false,
    };

    /// <summary>A value that the field can hold: its codes are in the list, if only as retired ones.</summary>
    private static bool Fits(FieldPlan field, FieldValue value) => field.Codes is not { } list || Steps.Words(field, value).All(code => list.Find(code) is not null);

    private static IReadOnlyList<(FieldPlan Field, FieldValue Value)> Parts(FieldPlan field, MigrationChange? change, FieldValue value)
    {
        switch (change?.Verb)
        {
            case MigrationVerb.Rename:
                return Fits(change.To!, value) ? [(change.To!, value)] : [];
            case MigrationVerb.Convert:
                var word = change.By == FieldConverter.CodeToText && field.Codes?.Find(value.Member("code") ?? "") is { } code ? code.Name.In("en") : Steps.Words(field, value) is [var only] ? only : "";
                return ValueReader.Read(change.To!, word) is { IsOk: true } read ? [(change.To!, read.Value)] : [];
            case MigrationVerb.Split:
                return change.Codes.TryGetValue(value.Member("code") ?? "", out var parts) ? [.. parts.Select(part => (part.Field, ValueReader.Read(part.Field, part.Word).Value))] : [];
            default:
                return [];
        }
    }

    /// <summary>The value's path at its new field: items of repeated groups keep their item.</summary>
    private static string Path(string path, FieldPlan target) =>
        target.Group is { IsRepeated: true } group && path.Split('/') is [_, var item, _] ? $"{group.Path}/{item}/{target.Id}" : target.Path;
}
