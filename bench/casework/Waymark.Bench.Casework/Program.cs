using System.Globalization;
using System.Text.Json;
using Waymark.Bench.Casework;
using Waymark.Casework.Tests;
using Waymark.Storage;
using Waymark.Storage.Postgres;
using Waymark.Storage.Sqlite;

// waymark-bench-casework sqlite FOLDER | postgres CONNECTION  PERSONS  SHARE  [--answers] [--no-fill] [--only WORD] [--gated [--beside PERSONS]] [RESULT.json]
if (args is not [("sqlite" or "postgres") and var kind, var place, var persons, var share, ..]
    || !long.TryParse(persons, CultureInfo.InvariantCulture, out var count) || !double.TryParse(share, CultureInfo.InvariantCulture, out var commonest))
{
    Console.Error.WriteLine("usage: sqlite FOLDER | postgres CONNECTION  PERSONS  SHARE  [--answers] [--no-fill] [--only WORD] [--gated [--beside PERSONS]] [RESULT.json]");
    return 2;
}

var opened = kind == "sqlite"
    ? await SqliteStore.OpenAsync(place, TimeProvider.System, null, CancellationToken.None)
    : await PostgresStore.OpenAsync(place, TimeProvider.System, null, CancellationToken.None);
await using var store = Load.Must(opened);

// How many persons already stand in the same tables: they are what the gated work is measured beside, and go into the report alone.
var beside = Array.IndexOf(args, "--beside") is var at and > 0 ? long.Parse(args[at + 1], CultureInfo.InvariantCulture) : 0;
var only = Array.IndexOf(args, "--only") is var word and > 0 ? args[word + 1] : "";
var made = new Persons(commonest);
if (args.Contains("--gated"))
{
    await using var node = await Node.OpenWithInstrumentsAsync("humanitarian-ngo", (_, _) => Task.FromResult(store));
    var fields = node.Cases.Registers.Find("tracing")!.Fields.Concat(node.Cases.Registers.Find("person")!.Fields);
    await Activities.InForceAsync(node, [.. fields.Select(field => field.Category).Where(category => category != "none").Distinct(StringComparer.Ordinal)]);
    var gated = new GatedLoad(node, made, (int)count);
    await gated.FillAsync();
    await MeasureAsync("casework-gated", 
    [
        ("warm-up", 100, gated.SearchAsync),
        ("search by name and year, decided, shown", 250, gated.SearchAsync),
        ("two pages of 50, decided", 250, gated.ListAsync),
        ("read and change, two decisions, one operation and leaves", 250, gated.WriteAsync),
    ]);
    return 0;
}

var load = new Load(store, made, count);
Console.Out.WriteLine($"{kind} {store.Info.EngineVersion}, {count} persons, commonest family name {commonest:P0}, load {File.ReadAllText("/proc/loadavg").Trim()}");
if (!args.Contains("--no-fill"))
{
    await load.FillAsync();
}

if (args.Contains("--answers"))
{
    return await Answers.CheckAsync(store, made, count, kind) == 0 ? 0 : 3;
}

await MeasureAsync("casework-storage",
[
    ("warm-up", 100, random => load.SearchAsync(random, 10)),
    ("search, 6 keys, 1 unit, 50 documents", 250, random => load.SearchAsync(random, 1)),
    ("search, 6 keys, 40 units, 50 documents", 250, random => load.SearchAsync(random, Persons.Units)),
    ("search, the commonest family name alone, 10 units", 100, random => load.SearchCommonAsync(random, 10)),
    ("two pages of 50, 1 unit", 250, random => load.ListAsync(random, 1)),
    ("two pages of 50, 40 units", 250, random => load.ListAsync(random, Persons.Units)),
    ("read and write with task and leaf", 250, load.WriteAsync),
]);
return 0;

async Task MeasureAsync(string benchmark, (string Name, int Calls, Func<Random, Task> Call)[] areas)
{
    const int Clients = 4;
    var lines = new Dictionary<string, object>(StringComparer.Ordinal);
    foreach (var (name, calls, call) in areas.Where(area => area.Name.Contains(only, StringComparison.Ordinal)))
    {
        var times = await Load.TimeAsync(Clients, calls, call);
        double At(double part) => Math.Round(times[(int)(times.Length * part)], 2);
        lines[name] = new { p50 = At(0.5), p95 = At(0.95), p99 = At(0.99), calls = times.Length };
        Console.Out.WriteLine($"  {name,-58} p50 {At(0.5),8:0.00}  p95 {At(0.95),8:0.00}  p99 {At(0.99),8:0.00} ms");
    }

    if (args[^1].EndsWith(".json", StringComparison.Ordinal))
    {
        var report = new
        {
            benchmark, kind, engine = store.Info.EngineVersion, persons = count, beside, commonest, clients = Clients, cores = Environment.ProcessorCount,
            load = File.ReadAllText("/proc/loadavg").Trim(), milliseconds = lines,
        };
        await File.WriteAllTextAsync(args[^1], JsonSerializer.Serialize(report, JsonSerializerOptions.Web) + "\n");
    }
}
