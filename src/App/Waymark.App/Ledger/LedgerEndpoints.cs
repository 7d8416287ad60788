using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Waymark.App.Hosting;
using Waymark.Ledger;
using Waymark.Storage;

namespace Waymark.App.Ledger;

/// <summary>
/// The published ledger for anyone (C2SP tlog-tiles): <c>/ledger/checkpoint</c> and <c>/ledger/tile/…</c>. Only what the newest published checkpoint covers is there:
/// beyond it, counts and times would tell what happens on this node (M82). Entries are hashes of commitments and say nothing; they are served for verifiers.
/// </summary>
public static class LedgerEndpoints
{
    private const string Bytes = "application/octet-stream";

    public static void MapLedger(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/ledger").AllowAnonymous().ExcludeFromDescription();
        group.MapGet("/checkpoint", async (HttpContext context, [FromServices] IStore store, CancellationToken cancellationToken) =>
        {
            if (await store.Ledger.NewestPublishedAsync(cancellationToken) is not { } published)
            {
                return Results.NotFound();
            }

            context.Response.Headers.CacheControl = "no-cache";
            return Results.Bytes(published.Note.ToArray(), "text/plain; charset=utf-8");
        });
        group.MapGet("/tile/{**path}", async (HttpContext context, string path, [FromServices] IStore store, CancellationToken cancellationToken) =>
        {
            if (TilePath.Parse(path) is not { } asked || await store.Ledger.NewestPublishedAsync(cancellationToken) is not { } published
                || Tile.WidthAt(published.Size, asked.Tile.Level, asked.Tile.Index) < asked.Tile.Width || await ReadAsync(store.Ledger, asked, cancellationToken) is not { } bytes)
            {
                return Results.NotFound();
            }

            // A tile of this path never changes.
            context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
            return Results.Bytes(bytes, Bytes);
        });
    }

    private static async Task<byte[]?> ReadAsync(ILedgerStore ledger, TilePath asked, CancellationToken cancellationToken)
    {
        if (!asked.IsEntries)
        {
            return await ledger.TileAsync(asked.Tile.Level, asked.Tile.Index, cancellationToken) is { } hashes && hashes.Length >= asked.Tile.Width * TreeHash.Length
                ? hashes[..(asked.Tile.Width * TreeHash.Length)].ToArray() : null;
        }

        var entries = await ledger.BundleAsync(asked.Tile.Index, cancellationToken) is { } bundle ? EntryBundle.Read(bundle) : null;
        return entries is not null && entries.Count >= asked.Tile.Width ? EntryBundle.Write([.. entries.Take(asked.Tile.Width)]) : null;
    }

    /// <summary>A path as the specification writes it: <c>L/x001/x234/067</c>, <c>L/067.p/5</c>, <c>entries/067</c>; null for any other way of writing it.</summary>
    private sealed record TilePath(Tile Tile, bool IsEntries)
    {
        public static TilePath? Parse(string path)
        {
            var parts = path.Split('/');
            if (parts.Length is < 2 or > 12)
            {
                return null;
            }

            var isEntries = parts[0] == "entries";
            var level = 0;
            if (!isEntries && !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out level))
            {
                return null;
            }

            var (width, end) = (Tile.Full, parts.Length);
            if (parts.Length > 2 && parts[^2].EndsWith(".p", StringComparison.Ordinal))
            {
                if (!int.TryParse(parts[^1], NumberStyles.None, CultureInfo.InvariantCulture, out width))
                {
                    return null;
                }

                (parts[^2], end) = (parts[^2][..^2], parts.Length - 1);
            }

            var index = 0L;
            for (var at = 1; at < end; at++)
            {
                if (!int.TryParse(at < end - 1 ? parts[at].TrimStart('x') : parts[at], NumberStyles.None, CultureInfo.InvariantCulture, out var part) || part > 999)
                {
                    return null;
                }

                index = (index * 1_000) + part;
            }

            // Written again it must be the same: one tile has one address.
            var tile = new Tile(level, index, width);
            return level is >= 0 and < 8 && width is > 0 and <= Tile.Full && (isEntries ? tile.EntriesPath : tile.Path) == "tile/" + path ? new(tile, isEntries) : null;
        }
    }
}
