using System.Text;
using Waymark.Model;
using Waymark.Storage;
using Xunit;

namespace Storage.Conformance.Harness;

/// <summary>One test = one new store of one kind, with a clock that stands still until moved.</summary>
public abstract class StoreSuite(string kind) : IAsyncLifetime
{
    private readonly List<IStore> _opened = [];

    internal FakeClock Clock { get; } = new();

    /// <summary>Whether the test touches what stores on one database share: sessions and settings.</summary>
    protected virtual bool Alone => false;

    protected StoreKind Kind { get; } = StoreKind.Of(kind);

    protected string Location { get; private set; } = "";

    protected IStore Store { get; private set; } = null!;

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Location = await Kind.NewLocationAsync(Alone);
        Store = await OpenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var store in _opened)
        {
            await store.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    protected async Task<IStore> OpenAsync(bool readOnly = false)
    {
        var store = (await Kind.OpenAsync(Location, Clock, readOnly)).Value;
        _opened.Add(store);
        return store;
    }

    /// <summary>Closes everything and opens the same place again.</summary>
    protected async Task ReopenAsync()
    {
        await DisposeAsync();
        _opened.Clear();
        Store = await OpenAsync();
    }

    protected static WriteSet Writes(params RecordWrite[] records) => new() { Actor = "test", Reason = "test.case", Records = records };

    protected static WriteSet Empty { get; } = new() { Actor = "test", Reason = "test.case" };

    protected static byte[] Json(string text) => Encoding.UTF8.GetBytes($"{{\"text\":{System.Text.Json.JsonSerializer.Serialize(text)}}}");

    protected static RecordWrite Record(string id, long expected, string? text = "x", params (string Name, string Value)[] heads) =>
        new("test.register", id, expected, text is null ? (ReadOnlyMemory<byte>?)null : Json(text), Json($"set {text}"),
            [.. heads.Select(h => new RecordHead(h.Name, h.Value))]);

    protected static byte[] Bytes(int seed, int length)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    protected Task<Result<CommitReceipt>> CommitAsync(WriteSet writes) => Store.CommitAsync(writes, Cancellation);

    protected async Task<CommitReceipt> MustCommitAsync(WriteSet writes) => (await CommitAsync(writes)).Value;

    protected async Task<BlobId> PutAsync(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        return (await Store.Blobs.PutAsync(stream, Cancellation)).Value;
    }
}
