using System.Globalization;
using System.Text;
using Waymark.Matching.Contracts;
using Waymark.Model;
using Waymark.Protection.Contracts;
using Waymark.Storage;
using Waymark.Storage.Sqlite;
using Xunit;

namespace Waymark.Matching.Tests.Projects;

/// <summary>A clock that a test moves; timers are those of the machine.</summary>
internal sealed class MovableClock : TimeProvider
{
    public DateTimeOffset Now { get; set; } = new(2026, 11, 21, 9, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => Now;
}

/// <summary>A node with a real store, its people, and projects; what is read of the rows is counted.</summary>
internal sealed class Office : IAsyncDisposable
{
    private readonly Place _place = new();

    private Office(IStore store, IKeyStore keys, MovableClock clock)
    {
        Clock = clock;
        Spy = new(store);
        Keys = keys;
        Projects = new(Spy, keys, new TwoPersonsRule(), Classes, Clock);
        Runs = new(Spy, Projects, Clock);
        Reviews = new(Spy, Projects, Runs, Clock);
    }

    public static IReadOnlyList<RegisterClass> Classes { get; } =
        [.. new[] { "victim", "suspect", "service", "enforcement", "child", "asylum", "state-of-origin", "tracing", "labour", "statistics", "accountability" }.Select(code => new RegisterClass(code, new(code, code)))];

    public MovableClock Clock { get; }

    public SpyStore Spy { get; }

    public IKeyStore Keys { get; }

    public LinkageProjects Projects { get; }

    public LinkageRuns Runs { get; }

    public PairReviews Reviews { get; }

    public Actor Steward { get; } = new("acc-steward", "steward", ["registry"], true, "key-1");

    public Actor Officer { get; } = new("acc-officer", "data-protection-officer", ["protection"], true, "key-2");

    public Actor Worker { get; } = new("acc-worker", "case-worker", ["tracing"], false, null);

    public static async Task<Office> OpenAsync()
    {
        var clock = new MovableClock();
        var folder = Directory.CreateTempSubdirectory("waymark-office-").FullName;
        var store = (await SqliteStore.OpenAsync(Path.Combine(folder, "data"), clock, null, TestContext.Current.CancellationToken)).Value;
        return new(store, FileKeyStore.Open(Path.Combine(folder, "keys")).Value, clock) { Folder = folder };
    }

    public required string Folder { get; init; }

    public LinkageWorker NewWorker() => new(Spy, Projects, new(Place.Packs, 1, TimeSpan.FromSeconds(30)), Clock);

    public ProjectProposal Proposal(params string[] classes) =>
        new("Reunite 2026", "Find relatives of persons who ask for them", "DPIA-2026-7", classes, 3, 50_000_000, Clock.Now.AddDays(30));

    /// <summary>A project that two persons agreed to.</summary>
    public async Task<LinkageProject> ProjectAsync(params string[] classes)
    {
        var proposed = await Projects.ProposeAsync(Steward, Proposal(classes), TestContext.Current.CancellationToken);
        Assert.True(proposed.IsOk, proposed.Error?.ToString());
        Clock.Now += TimeSpan.FromMinutes(3);
        var open = await Projects.ApproveAsync(Officer, proposed.Value.Id, TestContext.Current.CancellationToken);
        Assert.True(open.IsOk, open.Error?.ToString());
        return open.Value;
    }

    public async Task<Result<LinkageProject>> AddAsync(string project, string name, string registerClass, string text) =>
        await Projects.AddInputAsync(Steward, project, name, registerClass, "id", _ => Task.FromResult<Stream>(new MemoryStream(Encoding.UTF8.GetBytes(text))), TestContext.Current.CancellationToken);

    /// <summary>A planned and started run over two files that share half of their people.</summary>
    public async Task<LinkageRun> StartedAsync(int people = 4_000)
    {
        var project = await ProjectAsync("tracing", "service");
        Assert.True((await AddAsync(project.Id, "tracing requests", "tracing", Persons("t", 0, people))).IsOk);
        Assert.True((await AddAsync(project.Id, "shelter guests", "service", Persons("s", people / 2, people))).IsOk);
        var planned = await Runs.PlanAsync(Steward, project.Id, "tracing requests", "shelter guests", Linkage.LinkageEffort.Default, null, TestContext.Current.CancellationToken);
        Assert.True(planned.IsOk, planned.Error?.ToString());
        Assert.Equal("done", (await NewWorker().RunOneAsync("planner", TestContext.Current.CancellationToken))?.Outcome);
        var started = await Runs.StartAsync(Steward, planned.Value.Id, TestContext.Current.CancellationToken);
        Assert.True(started.IsOk, started.Error?.ToString());
        return started.Value;
    }

    /// <summary>Works until nothing is due; what ended how.</summary>
    public async Task<List<string>> WorkAsync(LinkageWorker worker)
    {
        var outcomes = new List<string>();
        while (await worker.RunOneAsync("worker", TestContext.Current.CancellationToken) is { } done)
        {
            outcomes.Add(done.Outcome);
        }

        return outcomes;
    }

    public static string Persons(string prefix, int from, int count)
    {
        string[] syllables = ["ba", "ri", "mo", "la", "ke", "tu", "sa", "no", "fi", "da", "gu", "he", "yo", "pi", "za", "we", "lo", "ma", "ne", "ti"];
        string Name(int seed, int length) => string.Concat(Enumerable.Range(0, length).Select(i => syllables[(int)((uint)HashCode(seed, i) % (uint)syllables.Length)]));
        var text = new StringBuilder("id,given_name,family_name,birth_date,sex,place\n");
        for (var i = from; i < from + count; i++)
        {
            var family = Name(i * 7, 4);
            family = prefix == "s" && i % 5 == 0 ? family[..^1] + "x" : family;
            text.Append(CultureInfo.InvariantCulture, $"{prefix}{i},{Name(i, 3)},{family},{1950 + ((i * 7) % 55)}-{1 + (i % 12):00}-{1 + (i % 28):00},{(i % 2 == 0 ? "f" : "m")},{Name(i % 40, 2)}\n");
        }

        return text.ToString();
    }

    private static int HashCode(int seed, int i)
    {
        var x = (uint)((seed * 2_654_435_761L) + (i * 40_503L) + 77);
        x ^= x >> 15;
        x *= 2_246_822_519;
        x ^= x >> 13;
        return (int)(x * 3_266_489_917);
    }

    public async ValueTask DisposeAsync()
    {
        await Spy.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
        _place.Dispose();
    }
}

/// <summary>The store, counting how often bytes are asked for.</summary>
internal sealed class SpyStore(IStore inner) : StoreInFront(inner), IBlobStore
{
    public int Reads { get; private set; }

    public override IBlobStore Blobs => this;

    public Task<Result<BlobId>> PutAsync(Stream content, CancellationToken cancellationToken) => Inner.Blobs.PutAsync(content, cancellationToken);

    public Task<Result<IReadOnlyList<BlobId>>> PutManyAsync(IReadOnlyList<ReadOnlyMemory<byte>> contents, CancellationToken cancellationToken) => Inner.Blobs.PutManyAsync(contents, cancellationToken);

    public Task<Stream?> OpenAsync(BlobId id, CancellationToken cancellationToken)
    {
        Reads++;
        return Inner.Blobs.OpenAsync(id, cancellationToken);
    }

    public Task<byte[]?> ReadAsync(BlobId id, CancellationToken cancellationToken)
    {
        Reads++;
        return Inner.Blobs.ReadAsync(id, cancellationToken);
    }

    public Task<bool> ExistsAsync(BlobId id, CancellationToken cancellationToken) => Inner.Blobs.ExistsAsync(id, cancellationToken);

    public Task<BlobInfo?> FindAsync(BlobId id, CancellationToken cancellationToken) => Inner.Blobs.FindAsync(id, cancellationToken);

    public Task<Result<bool>> ShredAsync(BlobId id, CancellationToken cancellationToken) => Inner.Blobs.ShredAsync(id, cancellationToken);

    public Task<int> SweepAsync(TimeSpan age, CancellationToken cancellationToken) => Inner.Blobs.SweepAsync(age, cancellationToken);
}
