using Waymark.Audit.Contracts;
using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Casework.Registers;
using Waymark.Model;
using Waymark.Storage;

namespace Waymark.Casework.Engine;

/// <summary>Migrations over the store. No gate is asked: nothing about a person comes out, nothing goes where it was not, and the act stands in the ledger.</summary>
public sealed class Migrations(RecordParts parts) : IMigrations
{
    private const string Register = "casework.migration";

    private const int Page = 200;

    private const int MostTries = 24;

    private readonly CaseStore _store = new(parts);
    private readonly ActLeaves _leaves = new(parts.Keys);

    public async Task<Result<MigrationPreview>> PreviewAsync(string register, CancellationToken cancellationToken)
    {
        if (parts.Registers.Find(register) is not { } plan)
        {
            return Unknown(register);
        }

        var (versions, effects, faults) = (new Dictionary<string, MigrationVersion>(StringComparer.Ordinal), new Dictionary<(string Version, string Path), MigrationEffect>(), new Dictionary<string, IReadOnlyList<Error>>(StringComparer.Ordinal));
        await foreach (var loaded in RecordsAsync(plan, cancellationToken))
        {
            var (document, way) = (loaded.Document, Way(plan, loaded));
            var version = versions.GetValueOrDefault(document.PackHash) ?? new(document.PackVersion, document.PackHash, 0, document.PackHash == plan.Hash, way is not null);
            versions[document.PackHash] = version with { Records = version.Records + 1 };
            if (way is null)
            {
                continue;
            }

            if (!faults.TryGetValue(document.PackHash, out var wrong))
            {
                faults[document.PackHash] = wrong = Migrating.Check(loaded.Plan, plan, way);
            }

            if (wrong.Count == 0)
            {
                Count(effects, loaded.Plan, plan, way, document, Migrating.Over(loaded.Plan, plan, way, document, By("", "")));
            }
        }

        // What is declared is checked although no record needs it yet.
        foreach (var way in plan.Migrations)
        {
            if (await EditionAsync(plan, way, cancellationToken) is { } from)
            {
                faults.TryAdd(from.Hash, Migrating.Check(from, plan, way));
            }
        }

        return new MigrationPreview(plan, [.. versions.Values.OrderBy(version => version.IsCurrent).ThenBy(version => version.Version, StringComparer.Ordinal)],
            [.. effects.Values.OrderBy(effect => effect.Version, StringComparer.Ordinal).ThenBy(effect => effect.Path, StringComparer.Ordinal)], [.. faults.Values.SelectMany(errors => errors)],
            (await LastAsync(register, cancellationToken))?.Run);
    }

    public async Task<Result<MigrationRun>> ApplyAsync(string account, string register, CancellationToken cancellationToken)
    {
        var preview = await PreviewAsync(register, cancellationToken);
        if (!preview.IsOk || preview.Value.Faults.Count > 0)
        {
            return preview.Error ?? preview.Value.Faults[0];
        }

        var plan = preview.Value.Plan;
        var last = await LastAsync(register, cancellationToken);
        if (preview.Value.Records == 0)
        {
            return last is { Run.IsFinished: false } open ? await NoteAsync(open with { Run = open.Run with { IsFinished = true } }, "case.migrated", cancellationToken)
                : Error.NotFound("migration.none", "No record of an earlier version is to be migrated.", "没有须迁移的较早版本记录。", register);
        }

        if (await _store.Packs.KeepAsync(plan, cancellationToken) is { } unkept)
        {
            return unkept;
        }

        // Cut off before: the same migration goes on.
        var begun = last is { Run.IsFinished: false, Run.UndoneAt: null } && last.Hash == plan.Hash ? last
            : new Kept(0, new(RecordEngine.NewId(), register, plan.Version, account, parts.Time.GetUtcNow(), 0, 0, 0, 0, false, null), plan.Hash);
        if (begun.Version == 0)
        {
            var noted = await NoteAsync(begun, "case.migrate", cancellationToken);
            if (!noted.IsOk)
            {
                return noted.Error;
            }

            begun = begun with { Version = 1 };
        }

        var run = begun.Run;
        await foreach (var loaded in RecordsAsync(plan, cancellationToken))
        {
            if (Way(plan, loaded) is null)
            {
                continue;
            }

            var written = await WriteAsync(loaded, "case.migrate", now => Way(plan, now) is { } way ? Migrating.Over(now.Plan, plan, way, now.Document, By(account, run.Id)) : (Migrated?)null, plan, cancellationToken);
            if (!written.IsOk)
            {
                return written.Error;
            }

            run = written.Value is not { } done ? run : run with { Records = run.Records + 1, Kept = run.Kept + done.Kept.Count, Asked = run.Asked + (done.Operation.List?.Count ?? 0) };
        }

        return await NoteAsync(begun with { Run = run with { IsFinished = true } }, "case.migrated", cancellationToken);
    }

    public async Task<Result<MigrationRun>> UndoAsync(string account, string register, CancellationToken cancellationToken)
    {
        if (parts.Registers.Find(register) is not { } plan)
        {
            return Unknown(register);
        }

        if (await LastAsync(register, cancellationToken) is not { Run.UndoneAt: null } last)
        {
            return Error.NotFound("migration.none", "There is no migration to take back.", "没有可撤销的迁移。", register);
        }

        var (stayed, back) = (0, 0);
        await foreach (var loaded in RecordsAsync(plan, cancellationToken))
        {
            if (loaded.Document.PackHash != last.Hash || await DoneAsync(loaded, last.Run.Id, cancellationToken) is not var (version, operation, from))
            {
                continue;
            }

            var way = loaded.Plan.Migrations.First(known => known.From == from.Version);
            var written = await WriteAsync(loaded, "case.migrate-back", now => Migrating.Back(from, now.Plan, way, now.Document, operation, version, By(account, last.Run.Id)) is { IsOk: true } made ? made.Value : null, from, cancellationToken);
            if (!written.IsOk)
            {
                return written.Error;
            }

            (stayed, back) = written.Value is null ? (stayed + 1, back) : (stayed, back + 1);
        }

        return await NoteAsync(last with { Run = last.Run with { Records = back, Stayed = stayed, UndoneAt = parts.Time.GetUtcNow(), IsFinished = true } }, "case.migrate-back", cancellationToken);
    }

    private static MigrationPlan? Way(RegisterPlan plan, Loaded loaded) =>
        loaded.Document.PackHash != plan.Hash && loaded.Plan.Hash == loaded.Document.PackHash ? plan.Migrations.FirstOrDefault(way => way.From == loaded.Document.PackVersion) : null;

    private static void Count(Dictionary<(string Version, string Path), MigrationEffect> effects, RegisterPlan from, RegisterPlan to, MigrationPlan way, RecordDocument document, Migrated made)
    {
        foreach (var change in made.Operation.Changes.Where(change => document.Fields.ContainsKey(change.Path)))
        {
            var field = from.Field(RecordDocument.PlanPath(change.Path))!;
            var declared = way.Of(field.Path);
            var effect = effects.GetValueOrDefault((from.Version, field.Path)) ?? new(from.Version, field.Path, field.Name, declared?.Verb, declared?.To?.Path, 0, 0);
            var kept = made.Kept.Where(one => one.Path == change.Path).ToList();
            effects[(from.Version, field.Path)] = effect with
            {
                Values = effect.Values + document.Fields[change.Path].Claims.Count - kept.Count, Kept = effect.Kept + kept.Count,
                KeptCodes = field.Codes is null ? [] : [.. effect.KeptCodes.Union(kept.SelectMany(one => Steps.Words(field, one.Value)), StringComparer.Ordinal).Order(StringComparer.Ordinal).Take(24)],
            };
        }

        foreach (var added in way.Changes.Where(change => change.Verb == MigrationVerb.Add))
        {
            var effect = effects.GetValueOrDefault((from.Version, added.Field)) ?? new(from.Version, added.Field, to.Field(added.Field)!.Name, MigrationVerb.Add, added.Value, 0, 0);
            effects[(from.Version, added.Field)] = effect with { Values = effect.Values + 1 };
        }
    }

    /// <summary>Every record of the register, opened with its own edition. Persons lie in every partition.</summary>
    private async IAsyncEnumerable<Loaded> RecordsAsync(RegisterPlan plan, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var partition in plan.Id == People.PersonCore.Register ? Enum.GetValues<RecordPartition>() : [plan.Partition])
        {
            for (string? after = null; await parts.Store.Records.ScanAsync(partition, plan.Id, after, Page, cancellationToken) is { Count: > 0 } page; after = page[^1].Id)
            {
                foreach (var stored in page)
                {
                    if (await _store.OpenAsync(plan, partition, stored, cancellationToken) is { IsOk: true } opened)
                    {
                        yield return opened.Value;
                    }
                }
            }
        }
    }

    /// <summary>Writes what <paramref name="make"/> makes of the record, anew when somebody else wrote first; null when there is nothing to do any more.</summary>
    private async Task<Result<Migrated?>> WriteAsync(Loaded loaded, string reason, Func<Loaded, Migrated?> make, RegisterPlan to, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            if (make(loaded) is not { } made)
            {
                return Result<Migrated?>.Ok(null);
            }

            var folded = RecordMachine.Apply(loaded.Document, made.Operation, loaded.Document.Version + 1);
            var search = await _store.KeysAsync(loaded.Partition, cancellationToken);
            var ring = await _store.WritingRingAsync(to, loaded.Partition, loaded.Document, cancellationToken);
            if ((folded.Error ?? search.Error ?? ring.Error) is { } failed)
            {
                return failed;
            }

            var written = await parts.Store.CommitAsync(new()
            {
                Actor = made.Operation.By, Reason = reason, Records = [_store.Write(to, loaded.Partition, folded.Value, ring.Value, search.Value, loaded.Plan)],
            }, cancellationToken);
            if (written.IsOk || written.Error.Code != "store.conflict" || tries == MostTries)
            {
                return written.IsOk ? made : written.Error;
            }

            var again = await _store.ReadAsync(new(loaded.Plan.Id, loaded.Document.Id, loaded.Partition), cancellationToken);
            if (!again.IsOk)
            {
                return Result<Migrated?>.Ok(null);
            }

            loaded = again.Value;
        }
    }

    /// <summary>The operation by which a migration took this record over, with the edition before.</summary>
    private async Task<(long Version, Operation Operation, RegisterPlan From)?> DoneAsync(Loaded loaded, string run, CancellationToken cancellationToken)
    {
        (long, Operation)? last = null;
        await foreach (var stored in parts.Store.Records.HistoryAsync(loaded.Partition, loaded.Plan.Id, loaded.Document.Id, cancellationToken))
        {
            var envelope = RecordJson.Read<Envelope>(stored.Operation.Span);
            var ring = await _store.RingAsync(loaded.Partition, loaded.Document.Id, envelope, cancellationToken);
            var operation = ring.IsOk && envelope.Of(ring.Value) is { } own ? Sealing.OpenOperation(loaded.Document.Id, envelope, own) : throw new StoreException(ring.Error ?? CaseStore.Nothing());
            last = operation.Kind != OperationKind.Migrate || operation.Group != run ? last : operation.Undoes is null ? (stored.Version, operation) : null;
        }

        return last is var (version, done) && done.PackBefore is { } before && await _store.Packs.FindAsync(loaded.Plan.Id, before.Hash, cancellationToken) is { } from ? (version, done, from) : null;
    }

    private async Task<RegisterPlan?> EditionAsync(RegisterPlan plan, MigrationPlan way, CancellationToken cancellationToken)
    {
        foreach (var (version, hash) in await _store.Packs.ListAsync(plan.Id, cancellationToken))
        {
            if (version == way.From && await _store.Packs.FindAsync(plan.Id, hash, cancellationToken) is { } from)
            {
                return from;
            }
        }

        return null;
    }

    private async Task<Kept?> LastAsync(string register, CancellationToken cancellationToken)
    {
        var page = await parts.Store.Records.ListAsync(new(Register, [new("register", register)], "at", Descending: true, Limit: 1), cancellationToken);
        return page.IsOk ? page.Value.Records is [var stored] ? RecordJson.Read<Kept>(stored.Document.Span) with { Version = stored.Version } : null : throw new StoreException(page.Error);
    }

    private async Task<Result<MigrationRun>> NoteAsync(Kept kept, string reason, CancellationToken cancellationToken)
    {
        var writes = await _leaves.AddAsync(new()
        {
            Actor = kept.Run.By, Reason = reason,
            Records = [new(Register, kept.Run.Id, kept.Version, RecordJson.Bytes(kept), RecordJson.Bytes(new { did = reason }),
                [new("register", kept.Run.Register), new("at", kept.Run.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture))])],
        }, [], parts.Time.GetUtcNow(), cancellationToken);
        var written = writes.IsOk ? await parts.Store.CommitAsync(writes.Value, cancellationToken) : writes.Error;
        return written.IsOk ? kept.Run : written.Error;
    }

    private Operation By(string account, string run) => new(RecordEngine.NewId(), OperationKind.Migrate, account, parts.Time.GetUtcNow()) { Group = run };

    private static Error Unknown(string register) => Error.NotFound("register.unknown", "There is no such register on this node.", "本节点没有此登记册。", register);

    private sealed record Kept(long Version, MigrationRun Run, string Hash);
}
