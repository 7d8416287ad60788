using System.Net;
using System.Text.RegularExpressions;

namespace Waymark.Site.Tests.Journeys;

/// <summary>What the first load of a page weighs, compressed and with all it asks for, on an empty cache.</summary>
internal static partial class FirstLoad
{
    // What a browser says: the one whose files are weighed by its own preference, and proxies that know gzip only.
    private static readonly string[] s_encodings = ["gzip, deflate, br, zstd", "gzip"];

    public static async Task ShouldBeWithinAsync(Uri site, string address, int kilobytes)
    {
        foreach (var encoding in s_encodings)
        {
            using var client = new HttpClient(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None }) { BaseAddress = site };
            client.DefaultRequestHeaders.TryAddWithoutValidation("Accept-Encoding", encoding).ShouldBeTrue();
            var (bytes, html) = await FetchAsync(client, address);
            var parts = new List<string> { $"{encoding}: {address} {bytes}" };
            foreach (var resource in Resources(html))
            {
                var (size, _) = await FetchAsync(client, resource);
                parts.Add($"{resource} {size}");
                bytes += size;
            }

            TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', parts));
            bytes.ShouldBeLessThanOrEqualTo(kilobytes * 1024, string.Join(", ", parts));
        }
    }

    /// <summary>Addresses of everything that a page asks its own host for.</summary>
    public static IReadOnlyList<string> Resources(string html) => [.. Resource().Matches(html).Select(match => WebUtility.HtmlDecode(match.Groups[1].Value)).Distinct(StringComparer.Ordinal)];

    private static async Task<(long Bytes, string Html)> FetchAsync(HttpClient client, string address)
    {
        using var response = await client.GetAsync(new Uri(address, UriKind.Relative));
        response.IsSuccessStatusCode.ShouldBeTrue(address);
        var raw = await response.Content.ReadAsByteArrayAsync();
        Stream body = new MemoryStream(raw);
        body = response.Content.Headers.ContentEncoding.FirstOrDefault() switch
        {
            "br" => new System.IO.Compression.BrotliStream(body, System.IO.Compression.CompressionMode.Decompress),
            "gzip" => new System.IO.Compression.GZipStream(body, System.IO.Compression.CompressionMode.Decompress),
            _ => body,
        };
        using var reader = new StreamReader(body);
        return (raw.Length, await reader.ReadToEndAsync());
    }

    [GeneratedRegex("""(?:<link[^>]+rel="(?:stylesheet|icon)"[^>]+href|<script[^>]+src|<use[^>]+href)="(/[^"#]+)""", RegexOptions.CultureInvariant, 2000)]
    private static partial Regex Resource();
}
