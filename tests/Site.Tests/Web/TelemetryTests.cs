using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Waymark.App.Hosting;
using Waymark.Site.Tests.Support;

namespace Waymark.Site.Tests.Web;

public sealed class TelemetryTests
{
    [Fact]
    public async Task M08_traces_and_metrics_leave_for_the_collector_and_hold_no_question_address_or_browser()
    {
        ConcurrentDictionary<string, string> sent = new(StringComparer.Ordinal);
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        await using var collector = builder.Build();
        collector.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            sent.AddOrUpdate(context.Request.Path, Encoding.Latin1.GetString(body.ToArray()), (_, before) => before + Encoding.Latin1.GetString(body.ToArray()));
        });
        await collector.StartAsync(TestContext.Current.CancellationToken);
        await using (var site = await Running.StartAsync(new Dictionary<string, string> { ["telemetry.endpoint"] = $"http://127.0.0.1:{WebHost.PortOf(collector)}" }))
        {
            site.Client.DefaultRequestHeaders.UserAgent.ParseAdd("SeedBrowser/1.0");
            foreach (var address in new[] { "/api/evidence/query/unhcr/population?where=area%3DSEEDQUERY", "/SEEDPATH/x", "/health/live" })
            {
                using var response = await site.Client.GetAsync(new Uri(address, UriKind.Relative), TestContext.Current.CancellationToken);
            }
        }

        // What waited is sent when the server stops.
        sent.Keys.Order(StringComparer.Ordinal).ShouldBe(["/v1/metrics", "/v1/traces"]);
        sent["/v1/traces"].ShouldContain("/api/evidence/query/{publisher}/{dataset}");
        sent["/v1/metrics"].ShouldContain("http.server.request.duration");
        foreach (var text in sent.Values)
        {
            text.ShouldContain("waymark");
            text.ShouldNotContain("SEEDQUERY");
            text.ShouldNotContain("SEEDPATH");
            text.ShouldNotContain("SeedBrowser");
        }
    }
}
