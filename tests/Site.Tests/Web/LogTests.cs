using Waymark.App.Accounts;
using Waymark.Site.Tests.Support;

namespace Waymark.Site.Tests.Web;

public sealed class LogTests
{
    [Fact]
    public async Task M08_no_log_line_holds_a_query_a_body_a_name_an_address_or_a_browser()
    {
        await using var site = await Running.StartAsync();
        using var client = site.NewClient();
        client.DefaultRequestHeaders.UserAgent.ParseAdd("SeedBrowser/1.0");
        await site.MakeAccountAsync(Roles.Steward, "Seed Person", "seed password long");
        await site.SignInAsync(client, "Seed Person", "seed password long");
        await site.SignInAsync(client, "Seed Person", "seed wrong password");
        foreach (var address in new[]
        {
            "/api/evidence/query/unhcr/population?where=area%3DSEEDQUERY", "/api/evidence/query/unhcr/population?from=SEEDQUERY",
            "/sdmx/data/dataflow/unhcr/population?c[AREA]=SEEDQUERY", "/SEEDPATH/x", "/api/evidence/imports/SEEDPATH", "/setup?token=SEEDQUERY",
        })
        {
            using var response = await client.GetAsync(new Uri(address, UriKind.Relative), TestContext.Current.CancellationToken);
        }

        using var form = new MultipartFormDataContent { { new StringContent("SEEDBODY"), "files", "SEEDFILE.csv" } };
        using var upload = await client.PostAsync(new Uri("/api/evidence/imports", UriKind.Relative), form, TestContext.Current.CancellationToken);
        var log = string.Join('\n', site.LogLines);
        log.ShouldContain("/api/evidence/query/{publisher}/{dataset} 200", customMessage: "requests are logged by route");
        log.ShouldNotContain("seed", Case.Insensitive);
        log.ShouldNotContain("127.0.0.1");
        log.ShouldNotContain("SeedBrowser");
    }
}
