using System.Text;
using System.Text.Json;
using Waymark.Evidence.Contracts;
using Waymark.Model;
using Waymark.Storage;

namespace Waymark.Evidence.Definitions;

/// <summary>
/// National definitions as records on the store: the document is the version in force, the operations are all versions. A change,
/// its notices and nothing else go into one write set, so that nobody is told of what did not happen.
/// </summary>
public sealed class DefinitionRegister(
    IStore store,
    IReadOnlyList<DefinitionEntry> builtIn,
    IReadOnlyList<DefinitionBridge> bridges,
    CoverageStatement stated,
    Func<string, bool> isArea,
    Func<CancellationToken, Task<IReadOnlyList<(string Area, string Series)>>> reportersOfFlows) : IDefinitions
{
    private const string Register = "evidence.definition";
    private const string Watches = "evidence.definition-watch";
    private const string Notices = "evidence.definition-notice";
    private const string Everywhere = "*";
    private readonly DefinitionComparer _comparer = new(bridges);

    public async Task<IReadOnlyList<DefinitionEntry>> ListAsync(CancellationToken cancellationToken)
    {
        var entries = new List<DefinitionEntry>(builtIn);
        await foreach (var record in AllAsync(Register, [], cancellationToken))
        {
            entries.Add(Entry(record));
        }

        return [.. entries.OrderBy(entry => entry.Topic, StringComparer.Ordinal).ThenBy(entry => entry.Id, StringComparer.Ordinal)];
    }

    public async Task<Result<DefinitionHistory>> GetAsync(string id, CancellationToken cancellationToken)
    {
        if (builtIn.FirstOrDefault(entry => entry.Id == id) is { } vector)
        {
            return new DefinitionHistory(vector, []);
        }

        if (await store.Records.GetAsync(Register, id, cancellationToken) is not { } record)
        {
            return NotFound(id);
        }

        var versions = new List<DefinitionVersion>();
        await foreach (var operation in store.Records.HistoryAsync(Register, id, cancellationToken))
        {
            versions.Add(new(operation.Version, Read(operation.Operation), operation.Actor, operation.At));
        }

        versions.Reverse();
        return new DefinitionHistory(Entry(record), versions);
    }

    public async Task<Result<DefinitionEntry>> RegisterAsync(
        NationalDefinition definition, long expectedVersion, string actor, CancellationToken cancellationToken)
    {
        var faults = DefinitionRules.Check(definition, isArea);
        if (faults.Count > 0)
        {
            return faults.Count == 1 ? faults[0] : faults[0] with
            {
                Message = new(string.Join(" ", faults.Select(fault => fault.Message.In("en"))), string.Join("", faults.Select(fault => fault.Message.In("zh")))),
                Where = string.Join(", ", faults.Select(fault => fault.Where)),
            };
        }

        var id = Id(definition);
        var document = JsonSerializer.SerializeToUtf8Bytes(definition, DefinitionJson.Default.NationalDefinition);
        var notices = new List<RecordWrite>();
        await foreach (var watch in AllAsync(Watches, [], cancellationToken))
        {
            var separator = watch.Id.LastIndexOf('|');
            var (watcher, area) = (watch.Id[..separator], watch.Id[(separator + 1)..]);
            if (area == Everywhere || area == definition.Area)
            {
                var body = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new NoticeDocument(id, definition.Area, definition.Topic, expectedVersion + 1), DefinitionJson.Default.NoticeDocument));
                notices.Add(new(Notices, $"{watcher}|{id}|{expectedVersion + 1}", 0, body, body, [new("watcher", watcher)]));
            }
        }

        var committed = await store.CommitAsync(new WriteSet
        {
            Actor = actor,
            Reason = "definition.register",
            Records = [new(Register, id, expectedVersion, document, document, [new("area", definition.Area), new("topic", definition.Topic)]), .. notices.DistinctBy(notice => notice.Id)],
        }, cancellationToken);
        if (!committed.IsOk)
        {
            return committed.Error.Code == "store.conflict"
                ? Error.Conflict("definition.conflict", "Somebody changed this definition meanwhile.", "该定义已被他人更改。", id)
                    .WithHint("Open it again, compare, and register your change on the newer version.", "请重新打开，比较后在新版本上登记您的更改。")
                : committed.Error;
        }

        return Entry(id, definition, expectedVersion + 1, committed.Value.SystemTime);
    }

    public async Task<Result<IReadOnlyList<DefinitionComparison>>> CompareAsync(string id, CancellationToken cancellationToken)
    {
        var all = await ListAsync(cancellationToken);
        var mine = all.FirstOrDefault(entry => entry.Id == id);
        return mine is null
            ? NotFound(id)
            : Result<IReadOnlyList<DefinitionComparison>>.Ok([.. all.Where(entry => entry.Topic == mine.Topic && entry.Id != id)
                .Select(other => _comparer.Compare(mine, other))
                .OrderBy(comparison => comparison.Comparability).ThenBy(comparison => comparison.Other.Id, StringComparer.Ordinal)]);
    }

    public async Task<CoverageMap> CoverageAsync(CancellationToken cancellationToken)
    {
        var national = (await ListAsync(cancellationToken))
            .Where(entry => entry.National is { Topic: "immigration" or "emigration" }).ToList();
        var groups = DefinitionComparer.Groups(national);
        var areas = new SortedDictionary<string, CoverageArea>(StringComparer.Ordinal);
        foreach (var (area, series) in await reportersOfFlows(cancellationToken))
        {
            areas.TryAdd(area, new(area, series, null, null));
        }

        foreach (var entry in national)
        {
            areas[entry.National!.Area] = new(entry.National.Area, "register", entry.Id, groups[entry.Id]);
        }

        var largest = areas.Values.Where(area => area.Group is not null).GroupBy(area => area.Group).Select(group => group.Count()).DefaultIfEmpty(0).Max();
        return new(stated.Reporting, stated.Sharing, stated.StatedBy, [.. areas.Values], areas.Count, largest);
    }

    public async Task<Result<bool>> WatchAsync(string watcher, string? area, bool on, CancellationToken cancellationToken)
    {
        if (area is not null && !isArea(area))
        {
            return Error.Invalid("definition.invalid", "That is not a country or area of the list.", "不在国家或地区列表中。", "area");
        }

        var id = $"{watcher}|{area ?? Everywhere}";
        var existing = await store.Records.GetAsync(Watches, id, cancellationToken);
        if (existing is not null == on)
        {
            return on;
        }

        var body = on ? "{\"on\":true}"u8.ToArray() : "{\"on\":false}"u8.ToArray();
        var committed = await store.CommitAsync(new WriteSet
        {
            Actor = watcher,
            Reason = on ? "definition.watch" : "definition.unwatch",
            Records = [new(Watches, id, existing?.Version ?? 0, on ? (ReadOnlyMemory<byte>?)body : null, body, on ? [new("watcher", watcher)] : [])],
        }, cancellationToken);
        return committed.IsOk ? on : committed.Error;
    }

    public async Task<IReadOnlyList<DefinitionNotice>> NoticesAsync(string watcher, CancellationToken cancellationToken)
    {
        var notices = new List<DefinitionNotice>();
        await foreach (var record in AllAsync(Notices, [new("watcher", watcher)], cancellationToken))
        {
            var notice = JsonSerializer.Deserialize(record.Document.Span, DefinitionJson.Default.NoticeDocument)!;
            notices.Add(new(notice.Definition, notice.Area, notice.Topic, notice.Version,
                new($"The definition of {notice.Topic} in {notice.Area} has version {notice.Version}.", $"{notice.Area} 的“{notice.Topic}”定义有了第 {notice.Version} 版。"), record.WrittenAt));
        }

        return [.. notices.OrderByDescending(notice => notice.At).Take(100)];
    }

    private async IAsyncEnumerable<StoredRecord> AllAsync(
        string register, IReadOnlyList<RecordHead> where, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? after = null;
        do
        {
            var page = (await store.Records.ListAsync(new(register, where, Limit: 500, After: after), cancellationToken)).Value;
            foreach (var record in page.Records)
            {
                yield return record;
            }

            after = page.Next;
        }
        while (after is not null);
    }

    private static Error NotFound(string id) => Error.NotFound("definition.not-found", "There is no such definition.", "没有此定义。", id);

    private static string Id(NationalDefinition definition) => $"{definition.Area}.{definition.Topic}";

    private static NationalDefinition Read(ReadOnlyMemory<byte> json) => JsonSerializer.Deserialize(json.Span, DefinitionJson.Default.NationalDefinition)!;

    private static DefinitionEntry Entry(StoredRecord record) => Entry(record.Id, Read(record.Document), record.Version, record.WrittenAt);

    private static DefinitionEntry Entry(string id, NationalDefinition national, long version, DateTimeOffset at) => new(id, new DefinitionVector(
        id, national.Text, national.Concept, national.Basis, national.Duration, national.Source, national.Counts, national.Exclusions,
        $"{national.Law}, {national.Article}", national.ValidFrom, national.ValidTo), national.Topic, national, version, at);
}
