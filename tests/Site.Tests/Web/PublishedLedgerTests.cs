using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Waymark.App.Ledger;
using Waymark.Ledger;
using Waymark.Site.Tests.Support;
using Waymark.Sodium;

namespace Waymark.Site.Tests.Web;

/// <summary>The ledger as anybody may fetch it (C2SP tlog-tiles): what the newest published checkpoint covers, and nothing beyond it.</summary>
public sealed class PublishedLedgerTests
{
    [Fact]
    public async Task Anybody_fetches_checkpoint_and_tiles_and_finds_the_root_that_was_signed()
    {
        await using var site = await Running.StartAsync();
        await Hardware.MakeAccountAsync(site, "reader", "Ann Example");
        await Hardware.MakeAccountAsync(site, "reader", "Ben Example");
        var (note, checkpoint) = await PublishedAsync(site);
        checkpoint.Size.ShouldBe(256, "what others see grows by fixed steps");
        var ledger = site.App.Services.GetRequiredService<LedgerParts>();
        note.Statements(SodiumEd25519.Instance, ledger.Keys!.Log.Key).ShouldNotBeEmpty("the node's own key signed it");
        var hashes = await BytesAsync(site, "/ledger/tile/0/000");
        hashes.Length.ShouldBe(256 * TreeHash.Length);
        var leaves = EntryBundle.Read(await BytesAsync(site, "/ledger/tile/entries/000"))!;
        leaves.Count.ShouldBe(256);
        for (var at = 0; at < leaves.Count; at++)
        {
            Merkle.Leaf(leaves[at].Span).ToArray().ShouldBe(hashes[(at * TreeHash.Length)..((at + 1) * TreeHash.Length)], $"leaf {at}");
        }

        Merkle.Perfect(hashes).ShouldBe(checkpoint.Root);
        (await BytesAsync(site, "/ledger/tile/1/000.p/1")).ShouldBe(checkpoint.Root.ToArray());
        (await BytesAsync(site, "/ledger/tile/0/000.p/5")).ShouldBe(hashes[..(5 * TreeHash.Length)]);
    }

    [Fact]
    public async Task What_is_not_published_or_written_otherwise_is_not_there()
    {
        await using var site = await Running.StartAsync();
        await Hardware.MakeAccountAsync(site, "reader", "Ann Example");
        await PublishedAsync(site);
        foreach (var path in new[]
        {
            "0/001", "0/001.p/1", "1/000", "1/000.p/2", "00/000", "0/0", "0/000.p/05", "0/000.p/256",
            "8/000.p/1", "0/x000/000", "entries/..%2f000", "entries/001", "0", "-1/000",
        })
        {
            using var answer = await site.Client.GetAsync(new Uri("/ledger/tile/" + path, UriKind.Relative), TestContext.Current.CancellationToken);
            answer.StatusCode.ShouldBe(HttpStatusCode.NotFound, path);
        }
    }

    private static async Task<(SignedNote Note, Checkpoint Checkpoint)> PublishedAsync(Running site)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            using var answer = await site.Client.GetAsync(new Uri("/ledger/checkpoint", UriKind.Relative), TestContext.Current.CancellationToken);
            if (answer.StatusCode == HttpStatusCode.OK)
            {
                answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/plain");
                SignedNote.Parse(await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).TryGet(out var note).ShouldBeTrue();
                return (note!, Checkpoint.Parse(note!.Text).Value);
            }

            TimeProvider.System.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(60), "nothing was published");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    private static async Task<byte[]> BytesAsync(Running site, string address)
    {
        using var answer = await site.Client.GetAsync(new Uri(address, UriKind.Relative), TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, address);
        answer.Headers.CacheControl!.ToString().ShouldContain("immutable");
        return await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
    }
}
