using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;
using Waymark.App.Accounts;
using Waymark.App.Configuration;
using Waymark.App.Hosting;
using Waymark.Site.Tests.Support;

namespace Waymark.Site.Tests.Journeys;

/// <summary>The whole product on a free port: real Kestrel, real store, real evidence base, built-in packs; and one browser for all journeys.</summary>
public sealed class Site : IAsyncLifetime
{
    public const string Steward = "steward";
    public const string Password = "a sentence that is long enough";
    private static readonly string[] Flags =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("waymark-journey-").FullName;
    private Platform _platform = null!;
    private WebApplication _app = null!;
    private IPlaywright _playwright = null!;

    public IBrowser Browser { get; private set; } = null!;

    public Uri Address { get; private set; } = null!;

    public IServiceProvider Services => _app.Services;

    public async ValueTask InitializeAsync()
    {
        var flags = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["data"] = Path.Combine(_folder, "data"), ["server.port"] = "0", ["limits.requests-per-minute"] = "1000000", ["limits.sign-ins-per-minute"] = "1000",
        };
        var read = SettingsReader.Read(new(flags, new Dictionary<string, string>(StringComparer.Ordinal) { ["WAYMARK_PACKS_ROOT"] = Places.Packs }, _folder, null));
        read.IsOk.ShouldBeTrue(read.Error?.ToString());
        var platform = await Platform.OpenAsync(new PlatformOpener(), read.Value, TimeProvider.System, CancellationToken.None);
        platform.IsOk.ShouldBeTrue(platform.Error?.ToString());
        _platform = platform.Value;
        _app = WebHost.Build(_platform, logs: logging => logging.ClearProviders());
        await _app.StartAsync();
        Address = new Uri($"http://127.0.0.1:{WebHost.PortOf(_app)}");
        await AccountTools.WithAccounts(_platform.Foundation, async accounts =>
        {
            var token = await accounts.InviteAsync(Steward, Roles.Steward, false, "test", CancellationToken.None);
            token.IsOk.ShouldBeTrue(token.Error?.ToString());
            (await accounts.WelcomeAsync(token.Value, Steward, Password, null, CancellationToken.None)).IsOk.ShouldBeTrue();
            return true;
        });
        (_playwright, Browser) = await LaunchAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Browser.DisposeAsync();
        _playwright.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _platform.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    public async Task<IPage> OpenAsync(string language, bool script = true, int width = 1280, ColorScheme scheme = ColorScheme.Light)
    {
        var context = await Browser.NewContextAsync(new()
        {
            BaseURL = Address.ToString(), JavaScriptEnabled = script, ViewportSize = new() { Width = width, Height = 900 }, ColorScheme = scheme, BypassCSP = script,
            ExtraHTTPHeaders = new Dictionary<string, string> { ["Accept-Language"] = language == "zh" ? "zh-CN,zh;q=0.9" : "en" },
        });
        return await context.NewPageAsync();
    }

    public async Task<IPage> SignedInAsync(string language, bool script = true)
    {
        var page = await OpenAsync(language, script);
        await page.GotoAsync("/sign-in");
        await page.FillAsync("#name", Steward);
        await page.FillAsync("#password", Password);
        await FollowAsync(page, "main form button");
        new Uri(page.Url).AbsolutePath.ShouldBe("/", "signing in leads home");
        return page;
    }

    /// <summary>Clicks and waits for the page it leads to: a click alone returns before the answer is here.</summary>
    public static async Task FollowAsync(IPage page, string selector)
    {
#pragma warning disable CS0612, CS0618 // The wait must begin before the click, and the address is not known.
        await page.RunAndWaitForNavigationAsync(() => page.ClickAsync(selector));
#pragma warning restore CS0612, CS0618
    }

    /// <summary>Imports a file by the form on /sources and waits on the page of its job for the result.</summary>
    public static async Task ImportAsync(IPage page, string fileName, string text)
    {
        await page.GotoAsync("/sources");
        await page.SetInputFilesAsync("#files", new FilePayload { Name = fileName, MimeType = "text/csv", Buffer = System.Text.Encoding.UTF8.GetBytes(text) });
        await FollowAsync(page, "form.drop button");
        var job = page.Url;
        job.ShouldContain("/jobs/");
        var start = TimeProvider.System.GetTimestamp();
        while (await page.Locator("#result").CountAsync() == 0)
        {
            TimeProvider.System.GetElapsedTime(start).ShouldBeLessThan(TimeSpan.FromSeconds(60), page.Url);
            try
            {
                await page.GotoAsync(job);
            }
            catch (PlaywrightException moved) when (moved.Message.Contains("ERR_ABORTED") || moved.Message.Contains("interrupted by another navigation"))
            {
                // The job ended just now, and the page went to its result by itself.
            }
        }
    }

    internal static async Task<(IPlaywright Playwright, IBrowser Browser)> LaunchAsync()
    {
        var playwright = await Playwright.CreateAsync();
        return (playwright, await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Chromium(), Args = Flags }));
    }

    private static string Chromium() => new[] { "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome" }.FirstOrDefault(File.Exists)
        ?? throw new FileNotFoundException("Chromium is not installed; tools/setup test installs it.");
}
