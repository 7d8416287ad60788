using System.Net;
using System.Net.Sockets;
using System.Text;
using Waymark.App.Accounts;
using Waymark.Site.Tests.Support;

namespace Waymark.Site.Tests.Web;

public sealed class LimitTests
{
    [Fact]
    public async Task An_address_that_asks_too_often_waits()
    {
        await using var site = await Running.StartAsync(new Dictionary<string, string> { ["limits.requests-per-minute"] = "10" });
        var codes = new List<HttpStatusCode>();
        for (var i = 0; i < 15; i++)
        {
            using var response = await site.Client.GetAsync(new Uri("/api/evidence/sources", UriKind.Relative), TestContext.Current.CancellationToken);
            codes.Add(response.StatusCode);
            if (response.StatusCode == HttpStatusCode.TooManyRequests)
            {
                response.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromMinutes(1));
            }
        }

        codes.Count(code => code == HttpStatusCode.OK).ShouldBe(10);
        (await site.Client.GetAsync(new Uri("/health/live", UriKind.Relative), TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_forwarded_address_is_believed_only_from_a_configured_proxy()
    {
        await using var site = await Running.StartAsync(new Dictionary<string, string> { ["limits.requests-per-minute"] = "10" });
        var codes = new List<HttpStatusCode>();
        for (var i = 0; i < 12; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/api/evidence/sources", UriKind.Relative));
            request.Headers.Add("X-Forwarded-For", $"203.0.113.{i}");
            using var response = await site.Client.SendAsync(request, TestContext.Current.CancellationToken);
            codes.Add(response.StatusCode);
        }

        codes[^1].ShouldBe(HttpStatusCode.TooManyRequests, "pretending to be many addresses does not help");
    }

    [Fact]
    public async Task Bodies_headers_and_addresses_have_a_size()
    {
        await using var site = await Running.StartAsync();
        using var client = await site.SignedInAsync(Roles.Administrator);
        using var body = new StringContent("{\"finding\":\"" + new string('x', 2 << 20) + "\"}", Encoding.UTF8, "application/json");
        (await client.PostAsync(new Uri("/api/evidence/waivers", UriKind.Relative), body, TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await RawAsync(site, $"GET /{new string('x', 10_000)} HTTP/1.1\r\nHost: x\r\n\r\n")).ShouldStartWith("HTTP/1.1 414");
        (await RawAsync(site, $"GET / HTTP/1.1\r\nHost: x\r\nX: {new string('x', 20_000)}\r\n\r\n")).ShouldStartWith("HTTP/1.1 431");
        (await RawAsync(site, "GET / HTTP/1.1\r\nHost: x\r\n" + string.Concat(Enumerable.Range(0, 70).Select(i => $"X{i}: 1\r\n")) + "\r\n")).ShouldStartWith("HTTP/1.1 431");
    }

    [Fact]
    public async Task An_upload_beyond_the_configured_size_is_refused_and_nothing_is_enqueued()
    {
        await using var site = await Running.StartAsync(new Dictionary<string, string> { ["limits.upload-mebibytes"] = "1" });
        using var client = await site.SignedInAsync(Roles.Steward);
        using var form = new MultipartFormDataContent { { new ByteArrayContent(new byte[(1 << 20) + 200_000]), "files", "big.csv" } };
        using var response = await client.PostAsync(new Uri("/api/evidence/imports", UriKind.Relative), form, TestContext.Current.CancellationToken);
        ((int)response.StatusCode).ShouldBeOneOf(400, 413);
        (await site.Platform.Store.Queue.ListAsync(null, 10, TestContext.Current.CancellationToken)).ShouldBeEmpty();
    }

    private static async Task<string> RawAsync(Running site, string request)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, site.Address.Port, TestContext.Current.CancellationToken);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);
        var buffer = new byte[64];
        var read = await stream.ReadAsync(buffer, TestContext.Current.CancellationToken);
        return Encoding.ASCII.GetString(buffer, 0, read);
    }
}
