using Deque.AxeCore.Playwright;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Waymark.App.Hosting;
using Waymark.Linkage;
using Waymark.Matching;
using Waymark.Matching.Contracts;
using Waymark.Site.Tests.Linkage;

namespace Waymark.Site.Tests.Journeys;

/// <summary>The pages of linkage with a run behind them: axe without findings, no horizontal scroll at 360 pixels, by keyboard, within 120 KB.</summary>
public sealed class LinkagePagesAreAccessibleTests(Site site) : IClassFixture<Site>
{
    [Fact]
    public async Task Axe_finds_nothing_nothing_scrolls_sideways_and_staff_weight_holds()
    {
        var platform = site.Services.GetRequiredService<Platform>().Foundation;
        var (projects, project) = await LinkagePeople.ProjectAsync(platform);
        await LinkagePeople.AddAsync(projects, project.Id, "tracing requests", "tracing", LinkagePeople.Persons("t", 0, 600));
        await LinkagePeople.AddAsync(projects, project.Id, "shelter guests", "service", LinkagePeople.Persons("s", 300, 600));
        var runs = site.Services.GetRequiredService<LinkageRuns>();
        var run = (await runs.PlanAsync(LinkagePeople.Proposer, project.Id, "tracing requests", "shelter guests", LinkageEffort.Default, null, default)).Value;
        await UntilAsync(runs, run.Id, RunState.Planned);
        (await runs.StartAsync(LinkagePeople.Proposer, run.Id, default)).IsOk.ShouldBeTrue();
        await UntilAsync(runs, run.Id, RunState.Done);
        string[] addresses = ["/admin/linkage", "/admin/linkage/new", "/admin/linkage/projects/" + project.Id, "/admin/linkage/runs/" + run.Id, "/admin/linkage/runs/" + run.Id + "/review?pair=0"];
        var faults = new List<string>();
        foreach (var (language, width) in new[] { ("en", 1440), ("zh", 360) })
        {
            var page = await site.SignedInAsync(language);
            await page.SetViewportSizeAsync(width, 900);
            long bytes = 0;
            page.Response += (_, response) => bytes += long.TryParse(response.Headers.GetValueOrDefault("content-length"), System.Globalization.CultureInfo.InvariantCulture, out var length) ? length : 0;
            foreach (var address in addresses)
            {
                await page.GotoAsync(address);
                faults.AddRange((await page.RunAxe()).Violations.Select(violation => $"{address} {language}: {violation.Id} {string.Join(" | ", violation.Nodes.Take(2).Select(node => node.Html))}"));
                if (await page.EvaluateAsync<bool>("document.documentElement.scrollWidth > window.innerWidth + 1"))
                {
                    faults.Add($"{address}: scrolls sideways at {width}");
                }

                var weight = await page.EvaluateAsync<long>("performance.getEntriesByType('resource').concat(performance.getEntriesByType('navigation')).reduce((sum, entry) => sum + entry.encodedBodySize, 0)");
                TestContext.Current.TestOutputHelper?.WriteLine($"{address} {language} {weight} bytes");
                if (weight > 120 * 1024)
                {
                    faults.Add($"{address}: weighs {weight} bytes");
                }
            }

            await page.Context.CloseAsync();
        }

        faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_pair_is_answered_by_keyboard_without_script()
    {
        var platform = site.Services.GetRequiredService<Platform>().Foundation;
        var (projects, project) = await LinkagePeople.ProjectAsync(platform);
        await LinkagePeople.AddAsync(projects, project.Id, "requests", "tracing", LinkagePeople.Persons("t", 0, 300));
        await LinkagePeople.AddAsync(projects, project.Id, "guests", "service", LinkagePeople.Persons("s", 150, 300));
        var runs = site.Services.GetRequiredService<LinkageRuns>();
        var run = (await runs.PlanAsync(LinkagePeople.Proposer, project.Id, "requests", "guests", LinkageEffort.Default, null, default)).Value;
        await UntilAsync(runs, run.Id, RunState.Planned);
        (await runs.StartAsync(LinkagePeople.Proposer, run.Id, default)).IsOk.ShouldBeTrue();
        await UntilAsync(runs, run.Id, RunState.Done);
        var page = await site.SignedInAsync("en", script: false);
        await page.GotoAsync($"/admin/linkage/runs/{run.Id}/review?pair=1");
        await page.FocusAsync("button[value=unsure]");
        await page.Keyboard.PressAsync("Enter");
        await page.GetByText("Take the answer back").WaitForAsync();
        page.Url.ShouldEndWith("/review?pair=1");
        await page.Context.CloseAsync();
    }

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
}
