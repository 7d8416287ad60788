using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;
using Waymark.App.Accounts;
using Waymark.App.Configuration;
using Waymark.App.Hosting;
using Waymark.Casework.Contracts;
using Waymark.Ledger;
using Waymark.Model;
using Waymark.Pages;
using Waymark.Pages.Data;
using Waymark.Protection.Contracts;
using Waymark.Site.Tests.Support;
using Waymark.Sodium;
using Waymark.Storage;

namespace Waymark.Site.Tests.Casework;

/// <summary>
/// A humanitarian node of an invented organisation: the product's packs with the floor, and in place of the instruments one rule of Harbour Relief that two
/// invented persons adopted.
/// </summary>
public sealed class CaseSite : IAsyncLifetime
{
    public const string Worker = "Invented Worker";
    public const string Colleague = "Invented Colleague";
    public const string Holder = "Invented Holder";
    public const string SecondHolder = "Invented Second";
    public const string Password = "a sentence that is long enough";

    private readonly string _folder = Directory.CreateTempSubdirectory("waymark-cases-").FullName;
    private readonly FakeClock _clock = new(new(2026, 6, 1, 9, 0, 0, TimeSpan.Zero));
    private readonly Hardware _keys = new();
    private Platform _platform = null!;
    private WebApplication _app = null!;
    private IPlaywright _playwright = null!;

    public IBrowser Browser { get; private set; } = null!;

    public Uri Address { get; private set; } = null!;

    public IServiceProvider Services => _app.Services;

    public Platform Platform => _platform;

    public async ValueTask InitializeAsync()
    {
        var packs = CasePacks.Make(Path.Combine(_folder, "packs"));
        var flags = new Dictionary<string, string>(_keys.Settings, StringComparer.Ordinal)
        {
            ["data"] = Path.Combine(_folder, "data"), ["server.port"] = "0", ["limits.requests-per-minute"] = "1000000", ["limits.sign-ins-per-minute"] = "1000",
            ["node.profile"] = "humanitarian", ["protection.controller"] = "humanitarian-ngo",
            ["casework.tracing-unit"] = "protection/north", ["casework.complaints-unit"] = "review/committee",
        };
        var read = SettingsReader.Read(new(flags, new Dictionary<string, string>(StringComparer.Ordinal) { ["WAYMARK_PACKS_ROOT"] = packs }, _folder, null));
        read.IsOk.ShouldBeTrue(read.Error?.ToString());
        var platform = await Platform.OpenAsync(new CasePacks.Opener(packs), read.Value, _clock, CancellationToken.None);
        platform.IsOk.ShouldBeTrue(platform.Error?.ToString());
        _platform = platform.Value;
        _app = WebHost.Build(_platform, logs: logging => logging.ClearProviders());
        await _app.StartAsync();
        Address = new Uri($"http://127.0.0.1:{WebHost.PortOf(_app)}");
        await AdoptAsync();
        await MakeAccountAsync(Worker, Roles.CaseWorker);
        await MakeAccountAsync(Colleague, Roles.CaseWorker);
        await MakeAccountAsync(Holder, Roles.CaseWorker, "protection/south");
        await MakeAccountAsync(SecondHolder, Roles.CaseWorker, "protection/south");
        (_playwright, Browser) = await Journeys.Site.LaunchAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Browser.DisposeAsync();
        _playwright.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _platform.DisposeAsync();
        _keys.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Passes some seconds on the node's clock.</summary>
    public void Wait(TimeSpan time) => _clock.Advance(time);

    public Task PassAsync(TimeSpan time) => _clock.PassAsync(time, _platform.Store);

    /// <summary>A consent as it is taken in a conversation: in the person's language, through an interpreter.</summary>
    public async Task ConsentAsync(string person, string purpose, string recipient)
    {
        var done = await _app.Services.GetRequiredService<IConsents>().RecordAsync(
            new(person, purpose, recipient, ConsentChoice.Given, _clock.GetUtcNow(), null, "1", "bm", "oral-recorded", true, true, "interpreter-1", null, null, "worker-1"), CancellationToken.None);
        done.IsOk.ShouldBeTrue(done.Error?.ToString());
    }

    public async Task<ReceiverKey> ReceiverAsync(byte[] secret) => (await EnteredReceiver.MakeAsync(_platform.Store, _platform.Keys, _clock, secret)).Key;

    /// <summary>The engine behind the pages, for what a test prepares.</summary>
    public ICasework Cases => _app.Services.GetRequiredService<CaseworkSource>().Cases.ShouldNotBeNull();

    public static CaseDesk Desk(string unit) => new(new("prepared-" + unit, "case-worker", [unit]), unit, "family-tracing");

    public async Task<IPage> SignedInAsync(string language, string name = Worker, bool script = true, int width = 1280, ColorScheme scheme = ColorScheme.Light)
    {
        var page = await Journeys.Walk.OpenAsync(Browser, Address, language, null, script, width, scheme);
        await page.GotoAsync("/sign-in");
        await page.FillAsync("#name", name);
        await page.FillAsync("#password", Password);
        await Journeys.Site.FollowAsync(page, "main form button");
        return page;
    }

    /// <summary>The same person's browser after a sign-in with a trusted security key, as whatever leaves asks for it.</summary>
    public async Task<IPage> ByKeyAsync(string language, string name = Worker, bool script = true)
    {
        var (first, _) = await ClientAsync(name);
        using var byPassword = first;
        var (client, cookies) = await _keys.WithKeyAsync(Address, first);
        client.Dispose();
        var page = await Journeys.Walk.OpenAsync(Browser, Address, language, cookies, script);
        await page.GotoAsync("/me");
        return page;
    }

    public static Task StateAsync(IPage page, string purpose) => Journeys.Walk.StateAsync(page, purpose);

    /// <summary>A browser without pictures: its own cookies, no following of redirects, signed in.</summary>
    public async Task<(HttpClient Client, System.Net.CookieContainer Cookies)> ClientAsync(string name, string password = Password)
    {
        // No two sign-ins at one moment, so that the newest session is the last.
        _clock.Advance(TimeSpan.FromSeconds(1));
        var cookies = new System.Net.CookieContainer();
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = cookies }) { BaseAddress = Address };
        client.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        using var entered = await PostAsync(client, "/sign-in", ("name", name), ("password", password));
        entered.Headers.Location?.ToString().ShouldBe("/", name);
        return (client, cookies);
    }

    public static Task<HttpResponseMessage> PostAsync(HttpClient client, string address, params (string Name, string Value)[] fields) => Hardware.PostAsync(client, address, fields);

    public Task<bool> MakeAccountAsync(string name, string role, params string[] units) => AccountTools.WithAccounts(_platform.Foundation, async accounts =>
    {
        var token = await accounts.InviteAsync(name, role, units.Length == 0 ? ["protection/north"] : units, null, false, "test", CancellationToken.None);
        token.IsOk.ShouldBeTrue(token.Error?.ToString());
        (await accounts.WelcomeAsync(token.Value, name, Password, null, CancellationToken.None)).IsOk.ShouldBeTrue();
        return true;
    });

    private async Task AdoptAsync()
    {
        var source = _app.Services.GetRequiredService<RuleBookSource>();
        var book = source.Book.ShouldNotBeNull(source.Fault?.ToString());
        foreach (var actor in new[] { new Actor("legal-1", "legal-officer", ["legal"], true, "key-legal"), new Actor("second-1", "supervisor", ["oversight/south"], true, "key-second") })
        {
            foreach (var pack in book.Rules.Packs.Where(pack => !pack.IsFloor))
            {
                var done = await book.AdoptAsync(actor, pack.Id, pack.Hash, CancellationToken.None);
                done.IsOk.ShouldBeTrue(done.Error?.ToString());
            }

            await _clock.PassAsync(TimeSpan.FromMinutes(3), _platform.Store);
        }
    }
}
