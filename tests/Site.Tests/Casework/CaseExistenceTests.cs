using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Waymark.App.Hosting;
using Waymark.Protection.Features;
using Waymark.Site.Tests.Web;

namespace Waymark.Site.Tests.Casework;

/// <summary>
/// "None" and "not yours" of a file, and a person's code that is there and one that is not, as a stranger to them meets both: the same status, headers, length and
/// text, and times that no threshold parts. A sample here; 100,000 probes of each door with WAYMARK_LONG=1, as the ruling wants them, in pieces: what was seen is kept
/// under bench/results after each, and the next run goes on (for WAYMARK_LONG_MINUTES at most).
/// </summary>
public sealed class CaseExistenceTests(CaseSite site) : IClassFixture<CaseSite>
{
    private const int Sample = 120;
    private const int Long = 100_000;
    private const int Piece = 5_000;
    private const int Lanes = 48;
    private const int Seed = 50;
    private static readonly bool s_isLong = Environment.GetEnvironmentVariable("WAYMARK_LONG") == "1";

    [Fact]
    public async Task M38_a_file_of_another_unit_and_none_answer_alike_by_page_and_by_form()
    {
        var (client, _, theirs) = await SouthAsync();
        var none = new string('0', 31) + "9";
        foreach (var path in new[] { "", "?tab=history", "?unit=protection/north" })
        {
            (await TextAsync(client, "/cases/tracing/" + theirs + path)).Replace(theirs, none, StringComparison.Ordinal).ShouldBe(await TextAsync(client, "/cases/tracing/" + none + path));
        }

        foreach (var act in new[] { "step", "change", "undo", "owner", "resolve", "persons" })
        {
            async Task<string> AskAsync(string id)
            {
                using var answer = await CaseSite.PostAsync(client, $"/cases/tracing/{id}/{act}", ("purpose", "family-tracing"), ("unit", "protection/south"), ("name", "Amina"), ("step", "accept"), ("why", "x"), ("version", "1"), ("seen", "1"));
                var place = answer.Headers.Location?.ToString() ?? "";
                return $"{(int)answer.StatusCode} {place.Split("&n=")[0].Replace(id, "ID", StringComparison.Ordinal)} {(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Length}";
            }

            (await AskAsync(theirs)).ShouldBe(await AskAsync(none), act);
        }
    }

    [Theory]
    [InlineData("my-data")]
    [InlineData("cases")]
    public async Task M38_no_threshold_on_one_feature_parts_none_from_not_yours(string door)
    {
        var (south, cookies, theirs) = await SouthAsync();
        var platform = site.Services.GetRequiredService<Platform>();
        var code = (await new PeopleRequests(platform.Store, platform.Keys, platform.Time).TakeAsync("person-1", "access", "by hand", default)).Value;
        var random = new Random(Seed);
        var none = Convert.ToHexStringLower([.. Enumerable.Range(0, 16).Select(_ => (byte)random.Next(256))]);
        Func<bool, HttpRequestMessage> ask = door == "cases"
            ? isThere => new(HttpMethod.Get, new Uri("/cases/tracing/" + (isThere ? theirs : none), UriKind.Relative)) { Headers = { { "Cookie", cookies }, { "Accept", "text/html" } } }
            : isThere => new(HttpMethod.Post, new Uri("/my-data", UriKind.Relative)) { Content = new FormUrlEncodedContent([new("code", isThere ? code : "0123-4567-89ab-cdef-0123-4567-89ab-cdef")]) };
        var (seen, began) = (s_isLong ? ProbeTally.Saved(door, Seed) : new(door, Seed), Stopwatch.GetTimestamp());
        var minutes = double.TryParse(Environment.GetEnvironmentVariable("WAYMARK_LONG_MINUTES"), CultureInfo.InvariantCulture, out var given) ? given : double.MaxValue;
        do
        {
            await DoorAsync(seen, s_isLong ? Piece : Sample, ask);
            if (s_isLong)
            {
                seen.Save(Lanes);
            }
        }
        while (s_isLong && seen.Count < Long && Stopwatch.GetElapsedTime(began).TotalMinutes < minutes);

        south.Dispose();
        var half = seen.Count / 2.0;
        var bound = seen.Count >= Long ? 0.52 : 0.5 + (4 * Math.Sqrt(((2 * half) + 1) / (12 * half * half))); // four times the error of so few, half of them of each kind
        foreach (var (feature, area) in seen.Areas())
        {
            TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{door}, {seen.Count} probes, {feature}: {area:0.0000}"));
            area.ShouldBeLessThanOrEqualTo(bound, feature);
        }
    }

    /// <summary>Both kinds in turn on many connections, each with an address of its own in each piece, so that the limit on attempts is met as many machines would meet it.</summary>
    private async Task DoorAsync(ProbeTally seen, int count, Func<bool, HttpRequestMessage> ask)
    {
        var (lanes, piece) = (s_isLong ? Lanes : 1, seen.Count / Piece);
        var found = new (bool Is, Probe Probe)[lanes][];
        await Task.WhenAll(Enumerable.Range(0, lanes).Select(lane => Task.Run(async () =>
        {
            using var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectCallback = (context, cancellationToken) => ConnectAsync(piece, lane, context, cancellationToken) };
            using var client = new HttpClient(handler) { BaseAddress = site.Address };
            var random = new Random(Seed + lane + seen.Count);
            var own = new (bool, Probe)[count / lanes];
            for (var at = -4; at < own.Length; at += 2)
            {
                // By pairs in an order that chance gives, so that what the machine does meanwhile meets both alike.
                var first = random.Next(2) == 0;
                foreach (var (offset, kind) in new[] { (0, first), (1, !first) })
                {
                    using var request = ask(kind);
                    var probe = await TakeAsync(client, request);
                    if (at + offset >= 0 && at + offset < own.Length)
                    {
                        own[at + offset] = (kind, probe);
                    }
                }
            }

            found[lane] = own;
        })));
        var (there, absent) = (found.SelectMany(lane => lane).Where(item => item.Is).Select(item => item.Probe).ToList(), found.SelectMany(lane => lane).Where(item => !item.Is).Select(item => item.Probe).ToList());
        there.Select(probe => probe.Shape).Distinct(StringComparer.Ordinal).ShouldBe(absent.Select(probe => probe.Shape).Distinct(StringComparer.Ordinal));
        foreach (var (isThere, probe) in found.SelectMany(lane => lane))
        {
            seen.Add(isThere, probe.Time, probe.Length);
        }
    }

    private static async ValueTask<Stream> ConnectAsync(int piece, int lane, SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Bind(new IPEndPoint(new IPAddress([127, 0, (byte)(2 + piece), (byte)(lane + 1)]), 0));
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, context.DnsEndPoint.Port), cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }

    private static async Task<Probe> TakeAsync(HttpClient client, HttpRequestMessage request)
    {
        var began = Stopwatch.GetTimestamp();
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        var passed = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        var headers = string.Join(',', response.Headers.Concat(response.Content.Headers).Select(header => header.Key).Order(StringComparer.Ordinal));
        var length = (await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).Length;
        ((int)response.StatusCode).ShouldNotBe(429, "the limit answered, not the door");
        return new($"{(int)response.StatusCode} {headers} {response.Headers.Location?.ToString().Length}", length, passed);
    }

    private async Task<(HttpClient South, string Cookies, string Theirs)> SouthAsync()
    {
        var (north, _) = await site.ClientAsync(CaseSite.Worker);
        var id = Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(16));
        using var stated = await CaseSite.PostAsync(north, "/purpose", ("purpose", "family-tracing"));
        using var made = await CaseSite.PostAsync(north, "/cases/tracing/make", ("purpose", "family-tracing"), ("id", id), ("o:relation", ""), ("v:relation", "sister"));
        made.Headers.Location!.ToString().ShouldStartWith("/cases/tracing/" + id);
        var name = "South " + id[..8]; // never the whole code: it would stand on their every page
        await site.MakeAccountAsync(name, Waymark.App.Accounts.Roles.CaseWorker, "protection/south");
        var (south, cookies) = await site.ClientAsync(name);
        using var own = await CaseSite.PostAsync(south, "/purpose", ("purpose", "family-tracing"));
        return (south, cookies.GetCookieHeader(site.Address), id);
    }

    private static async Task<string> TextAsync(HttpClient client, string address)
    {
        using var response = await client.GetAsync(new Uri(address, UriKind.Relative), TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return (int)response.StatusCode + " " + System.Text.RegularExpressions.Regex.Replace(text, "value=\"[A-Za-z0-9_-]{60,}\"", "", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(2));
    }

    private sealed record Probe(string Shape, int Length, double Time);
}
