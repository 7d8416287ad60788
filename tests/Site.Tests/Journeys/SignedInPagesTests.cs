using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Deque.AxeCore.Commons;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Waymark.App.Accounts;
using Waymark.App.Hosting;
using Waymark.Linkage;
using Waymark.Matching;
using Waymark.Matching.Contracts;
using Waymark.Pages;
using Waymark.Protection.Contracts;
using Waymark.Site.Tests.Casework;
using Waymark.Site.Tests.Linkage;
using Waymark.Site.Tests.Support;

namespace Waymark.Site.Tests.Journeys;

/// <summary>
/// Every page of the running server as each role sees it. All are asked for by every role; each page that looks different is then opened in Chromium, with axe, under
/// a combination of language, width, scheme and script taken in turn, and in its first look under the opposite one too, so that every page meets both values of each.
/// </summary>
public sealed partial class SignedInPagesTests(CaseSite site) : IClassFixture<CaseSite>
{
    private static readonly Dictionary<string, string[]> s_addresses = new(StringComparer.Ordinal)
    {
        // Figures need the real evidence base; PagesAreAccessibleTests looks at them.
        ["/"] = [],
        ["/data/across/{Quantity:regex(^[a-z0-9-]+$)}"] = [],
        ["/data/{Publisher}/{Dataset}"] = ["/data/unhcr/population?view=table"],
        ["/data/{Publisher}/{Dataset}/cite"] = ["/data/unhcr/population/cite"],
        ["/data/{Publisher}/{Dataset}/explain"] = ["/data/unhcr/population/explain?area=AFG&measure=stock&from=2010&to=2010"],
        ["/sources/imports/{Id}"] = ["/sources/imports/i1"],
        ["/cases/{Register}"] = ["/cases/tracing"],
        ["/cases/{Register}/new"] = ["/cases/tracing/new"],
        ["/purpose"] = ["/purpose", "/purpose?failed=purpose.role"],
        ["/admin/registers/{Id}"] = ["/admin/registers/tracing"],
        ["/protection/rules/{Pack}"] = ["/protection/rules/floor", "/protection/rules/harbour"],
        ["/protection/rules/test"] = ["/protection/rules/test", "/protection/rules/test?ask=1&action=read"],
        ["/protection/log"] = ["/protection/log", "/protection/log?inquiry=REV-2026-1"],
        ["/account"] = ["/account", "/account?failed=account.password"],
        ["/setup"] = ["/setup?failed=link"],

        // Nobody is returned by a node of this profile; J10 looks at it.
        ["/returns/{Id}"] = [],

        // It leads on by itself at once.
        ["/sign-in/continue"] = [],
    };

    // What a page says to whom it is not for, or who has nothing there, is drawn like any other.
    private static readonly HttpStatusCode[] s_drawn = [HttpStatusCode.OK, HttpStatusCode.NotFound, HttpStatusCode.Forbidden];

    // Each view once, in the combinations by turns; in the long run most of them a second time, with everything the other way round.
    private static readonly bool s_isLong = Environment.GetEnvironmentVariable("WAYMARK_LONG") == "1";

    // The rules of axe once in a page, and of its answer only what it finds fault with: a third of the time that the usual call takes.
    private static readonly string s_axe = new BundledAxeScriptProvider().GetScript();

    [Fact]
    public async Task Every_page_that_a_role_may_open_is_clean_in_both_languages_widths_and_schemes_with_and_without_script()
    {
        var prepared = TimeProvider.System.GetTimestamp();
        var clients = new Dictionary<string, (HttpClient Client, CookieContainer Cookies)>(StringComparer.Ordinal);
        foreach (var role in Roles.All)
        {
            await site.MakeAccountAsync("One " + role, role);
            clients[role] = await site.ClientAsync("One " + role);
        }

        var pages = await AddressesAsync(clients);
        var (views, faults) = await ViewsAsync(pages, clients);
        var began = TimeProvider.System.GetTimestamp();
        var contexts = new Dictionary<int, IPage>();
        for (var at = 0; at < views.Count; at++)
        {
            var (role, address, again) = views[at];
            var turn = (at * 5) % 16;
            foreach (var combination in again || !s_isLong ? [turn] : new[] { turn, 15 - turn })
            {
                var page = contexts.GetValueOrDefault(combination) ?? (contexts[combination] = await OpenAsync(combination));
                await page.Context.ClearCookiesAsync();
                await page.Context.AddCookiesAsync(clients[role].Cookies.GetCookies(site.Address).Select(cookie => new Microsoft.Playwright.Cookie { Name = cookie.Name, Value = cookie.Value, Url = site.Address.ToString() }));
                await LookAsync(page, $"{role} {address} {Name(combination)}", address, faults);
            }
        }

        foreach (var page in contexts.Values)
        {
            await page.Context.CloseAsync();
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{pages.Count} addresses, {views.Count} views, looked for {TimeProvider.System.GetElapsedTime(began).TotalSeconds:0} s after {TimeProvider.System.GetElapsedTime(prepared, began).TotalSeconds:0} s");
        faults.ShouldBeEmpty();
    }

    private static async Task LookAsync(IPage page, string what, string address, List<string> faults)
    {
        var status = (await page.GotoAsync(address))!.Status;
        if (!s_drawn.Contains((HttpStatusCode)status))
        {
            faults.Add($"{what}: {status}");
        }

        await page.EvaluateAsync(s_axe);
        faults.AddRange((await page.EvaluateAsync<string[]>(
            "async () => (await axe.run(document, { resultTypes: ['violations'] })).violations.map(found => found.id + ' ' + found.nodes.slice(0, 2).map(node => node.html).join(' | '))")).Select(found => $"{what}: {found}"));
        if (await page.EvaluateAsync<bool>("document.documentElement.scrollWidth > window.innerWidth + 1"))
        {
            faults.Add($"{what}: scrolls sideways");
        }
    }

    // Bits: language, width, scheme, script. Without script none of ours arrives; the browser's own stays, since axe needs it.
    private async Task<IPage> OpenAsync(int combination)
    {
        var context = await site.Browser.NewContextAsync(new()
        {
            BaseURL = site.Address.ToString(), BypassCSP = true, ViewportSize = new() { Width = (combination & 2) == 0 ? 360 : 1440, Height = 900 },
            ColorScheme = (combination & 4) == 0 ? ColorScheme.Light : ColorScheme.Dark, Locale = (combination & 1) == 0 ? "en" : "zh-CN",
        });
        if ((combination & 8) == 0)
        {
            await context.RouteAsync("**/*.js", route => route.AbortAsync());
        }

        return await context.NewPageAsync();
    }

    private static string Name(int combination) =>
        $"{((combination & 1) == 0 ? "en" : "zh")} {((combination & 2) == 0 ? 360 : 1440)} {((combination & 4) == 0 ? "light" : "dark")} {((combination & 8) == 0 ? "no script" : "script")}";

    /// <summary>Each role asks for each page; kept is the first role that sees it, and whoever sees something else.</summary>
    private async Task<(List<(string Role, string Address, bool Again)> Views, List<string> Faults)> ViewsAsync(
        List<string> pages, Dictionary<string, (HttpClient Client, CookieContainer Cookies)> clients)
    {
        var (views, faults) = (new List<(string, string, bool)>(), new List<string>());
        foreach (var address in pages)
        {
            var (seen, open) = (new HashSet<string>(StringComparer.Ordinal), false);
            foreach (var role in Roles.All)
            {
                using var response = await clients[role].Client.GetAsync(new Uri(address, UriKind.Relative), TestContext.Current.CancellationToken);
                if (!s_drawn.Contains(response.StatusCode))
                {
                    faults.Add($"{role} {address}: {(int)response.StatusCode}");
                    continue;
                }

                open |= response.StatusCode == HttpStatusCode.OK;
                var html = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
                if (seen.Add(Look(html)))
                {
                    views.Add((role, address, seen.Count > 1));
                }
            }

            if (!open && address is not "/not-there")
            {
                faults.Add($"{address}: nobody sees it");
            }
        }

        return (views, faults);
    }

    // What a page looks like: its elements without texts and values, in the part that is not the frame.
    private static string Look(string html)
    {
        var main = Middle().Match(html).Value;
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', Element().Matches(main).Select(match => match.Value).Distinct(StringComparer.Ordinal)))));
    }

    private async Task<List<string>> AddressesAsync(Dictionary<string, (HttpClient Client, CookieContainer Cookies)> clients)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var (worker, _) = clients[Roles.CaseWorker];

        // The others of case work state no purpose, and are asked for it.
        using var stated = await CaseSite.PostAsync(worker, "/purpose", ("purpose", "family-tracing"), ("return", "/me"));
        stated.Headers.Location!.ToString().ShouldBe("/me");
        using var made = await CaseSite.PostAsync(worker, "/cases/tracing/make", ("purpose", "family-tracing"), ("unit", "protection/north"), ("id", new string('5', 32)), ("o:relation", ""), ("v:relation", "sister"));
        var address = made.Headers.Location!.ToString().Split('?')[0];
        address.Length.ShouldBe("/cases/tracing/".Length + 32, made.Headers.Location.ToString());
        using (var read = await worker.GetAsync(new Uri(address, UriKind.Relative), cancellationToken))
        {
            read.StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        var log = site.Services.GetRequiredService<ILog>();
        var oversight = new Actor(await AccountAsync("One " + Roles.Oversight), Roles.Oversight, ["protection/north"], false, null);
        (await log.OpenAsync(oversight, "REV-2026-1", "review", TimeSpan.FromDays(30), cancellationToken)).IsOk.ShouldBeTrue();
        var lines = await log.ReadAsync(oversight, "REV-2026-1", null, 10, cancellationToken);
        var platform = site.Services.GetRequiredService<Platform>().Foundation;
        var (projects, project) = await LinkagePeople.ProjectAsync(platform);
        await LinkagePeople.AddAsync(projects, project.Id, "requests", "tracing", LinkagePeople.Persons("t", 0, 120));
        await LinkagePeople.AddAsync(projects, project.Id, "guests", "service", LinkagePeople.Persons("s", 60, 120));
        var runs = site.Services.GetRequiredService<LinkageRuns>();
        var run = (await runs.PlanAsync(LinkagePeople.Proposer, project.Id, "requests", "guests", LinkageEffort.Default, null, cancellationToken)).Value;
        await UntilAsync(runs, run.Id, RunState.Planned);
        (await runs.StartAsync(LinkagePeople.Proposer, run.Id, cancellationToken)).IsOk.ShouldBeTrue();
        await UntilAsync(runs, run.Id, RunState.Done);
        var definition = Definition().Match(await worker.GetStringAsync(new Uri("/definitions", UriKind.Relative), cancellationToken)).Groups[1].Value;
        var person = await PersonAsync();
        var known = new Dictionary<string, string[]>(s_addresses, StringComparer.Ordinal)
        {
            ["/cases/{Register}/{Id}"] = [address, address + "?tab=history"],
            ["/cases/{Register}/{Id}/print"] = [address + "/print"],
            ["/messages/{Register}/{Id}"] = ["/messages/tracing/" + address["/cases/tracing/".Length..]],
            ["/tracing/tell/{Id}"] = ["/tracing/tell/" + address["/cases/tracing/".Length..]],
            ["/persons/{Id}"] = [$"/persons/{person}?in=Missing"],
            ["/persons/{Id}/same"] = [$"/persons/{person}/same?in=Missing"],
            ["/persons/{Id}/same/{Other}"] = [$"/persons/{person}/same/{await PersonAsync()}?in=Missing"],
            ["/protection/decisions/{Id}"] = ["/protection/decisions/" + lines.Value[0].Decision],
            ["/protection/subject-requests/{Id}/answer"] = [$"/protection/subject-requests/{new string('6', 32)}/answer"], // an answer itself: AccessRequestTests
            ["/admin/linkage/projects/{Id}"] = ["/admin/linkage/projects/" + project.Id],
            ["/admin/linkage/runs/{Id}"] = ["/admin/linkage/runs/" + run.Id],
            ["/admin/linkage/runs/{Id}/review"] = [$"/admin/linkage/runs/{run.Id}/review?pair=0"],
            ["/definitions/{Id}"] = ["/definitions/" + definition],
            ["/tracing/{Id}"] = ["/tracing/" + new string('6', 32)], // a match itself: TracingPagesTests
            ["/jobs/{Id}"] = [await JobAsync(clients[Roles.Steward].Client)],
        };
        var routes = site.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<ComponentTypeMetadata>() is not null).Select(endpoint => "/" + endpoint.RoutePattern.RawText!.Trim('/')).Distinct(StringComparer.Ordinal).ToList();
        routes.Count.ShouldBeGreaterThan(40);
        return [.. routes.Order(StringComparer.Ordinal).SelectMany(route => known.GetValueOrDefault(route) ?? (route.Contains('{', StringComparison.Ordinal) ? throw new InvalidOperationException("No address for " + route) : [route])), "/not-there"];
    }

    private async Task<string> PersonAsync()
    {
        var made = await site.Cases.CreateAsync(
            CaseSite.Desk("protection/north"), new("person", null, new Dictionary<string, string> { ["names/a/name"] = "Awa Invented" }, [], Waymark.Storage.RecordPartition.Missing), TestContext.Current.CancellationToken);
        made.IsOk.ShouldBeTrue(made.Error?.ToString());
        return made.Value!.Address.Id;
    }

    private static async Task<string> JobAsync(HttpClient steward)
    {
        using var token = System.Text.Json.JsonDocument.Parse(await steward.GetStringAsync(new Uri("/api/account/form-token", UriKind.Relative), TestContext.Current.CancellationToken));
        using var form = new MultipartFormDataContent
        {
            { new StringContent(token.RootElement.GetProperty("token").GetString()!), "__RequestVerificationToken" }, { new ByteArrayContent("a,b"u8.ToArray()), "files", "population.csv" },
        };
        using var response = await steward.PostAsync(new Uri("/sources/import", UriKind.Relative), form, TestContext.Current.CancellationToken);
        return response.Headers.Location!.ToString();
    }

    private Task<string> AccountAsync(string name) => AccountTools.WithAccounts(
        site.Services.GetRequiredService<Platform>().Foundation, async accounts => (await accounts.ListAsync(default)).Single(account => account.Name == name).Id);

    private static async Task UntilAsync(LinkageRuns runs, string run, RunState state)
    {
        var started = TimeProvider.System.GetTimestamp();
        while ((await runs.FindAsync(run, default))!.Run is var found && found.State != state)
        {
            found.Failure.ShouldBeNull(found.Failure?.ToString());
            TimeProvider.System.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(90));
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    [GeneratedRegex("<main.*</main>", RegexOptions.Singleline | RegexOptions.CultureInvariant, 2000)]
    private static partial Regex Middle();

    [GeneratedRegex("<[a-z0-9]+(?: (?:class|role|type|action|id)=\"[^\"]*\")*", RegexOptions.CultureInvariant, 2000)]
    private static partial Regex Element();

    [GeneratedRegex("href=\"/definitions/((?!new)[^\"?]+)\"", RegexOptions.CultureInvariant, 2000)]
    private static partial Regex Definition();
}
