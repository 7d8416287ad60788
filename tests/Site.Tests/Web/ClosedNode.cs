using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Waymark.App.Accounts;
using Waymark.Casework.Contracts;
using Waymark.Pages;
using Waymark.Pages.Data;
using Waymark.Protection.Contracts;
using Waymark.Protection.Features;
using Waymark.Site.Tests.Support;

namespace Waymark.Site.Tests.Web;

/// <summary>
/// A node of one profile with the product's registers, the floor and one adopted rule of an invented organisation that lets the declared purpose pass, so that
/// what a role or a purpose meets is the door's own answer. Every role works in one unit.
/// </summary>
internal sealed class ClosedNode : IAsyncDisposable
{
    public const string Unit = "protection/north";
    private readonly string _packs;

    private ClosedNode(Running site, FakeClock clock, Hardware hardware, string packs) => (Site, Clock, Keys, _packs) = (site, clock, hardware, packs);

    public FakeClock Clock { get; }

    public Hardware Keys { get; }

    public Running Site { get; }

    /// <summary>A request for tracing that a case worker of the unit made; none where the profile has no such register.</summary>
    public string Case { get; private set; } = "x";

    public RuleBook Book => Site.App.Services.GetRequiredService<RuleBookSource>().Book.ShouldNotBeNull();

    public ICasework Cases => Site.App.Services.GetRequiredService<CaseworkSource>().Cases.ShouldNotBeNull();

    /// <summary>Every purpose of the vocabulary, in its order.</summary>
    public IReadOnlyList<string> Purposes => [.. Book.Rules.Vocabulary.Find("purpose")!.Codes!.Codes.Select(code => code.Id)];

    /// <param name="profile">The node's profile.</param>
    /// <param name="rules">More rules of the invented organisation, as they stand in its pack.</param>
    public static async Task<ClosedNode> StartAsync(string profile, string rules = "")
    {
        var packs = Directory.CreateTempSubdirectory("waymark-closed-").FullName;
        CasePacks.Make(packs, withEvidence: true);
        await File.AppendAllTextAsync(Path.Combine(packs, "rules", "harbour.yaml"), rules, TestContext.Current.CancellationToken);
        var clock = new FakeClock(new(2026, 6, 1, 9, 0, 0, TimeSpan.Zero));
        var hardware = new Hardware();
        var site = await Running.StartAsync(
            new Dictionary<string, string>(hardware.Settings, StringComparer.Ordinal) { ["node.profile"] = profile, ["protection.controller"] = "humanitarian-ngo" }, clock, opener: new CasePacks.Opener(packs));
        var node = new ClosedNode(site, clock, hardware, packs);
        await node.AdoptAsync();
        foreach (var role in Roles.All)
        {
            await Hardware.MakeAccountAsync(site, role, "Example " + role, Unit);
        }

        if (node.Cases.Registers.Find("tracing") is not null)
        {
            var made = await node.Cases.CreateAsync(
                new(new("prepared", Roles.CaseWorker, [Unit]), Unit, "family-tracing"), new("tracing", null, new Dictionary<string, string>(StringComparer.Ordinal) { ["relation"] = "sister" }, []), TestContext.Current.CancellationToken);
            node.Case = made.Value.ShouldNotBeNull(made.ToString()).Address.Id;
        }

        return node;
    }

    /// <summary>A new sign-in of this role by password.</summary>
    public async Task<HttpClient> SignInAsync(string role)
    {
        var client = Site.NewClient();
        client.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        (await Site.SignInAsync(client, "Example " + role, "correct horse battery")).Headers.Location?.ToString().ShouldBe("/", role);
        return client;
    }

    public async Task<HttpClient> SignInByKeyAsync(string role) => (await Keys.SignInAsync(Site, role, "Key " + role, Unit)).Client;

    /// <summary>States a purpose as its page does; false when it was not taken.</summary>
    public async Task<bool> StateAsync(HttpClient client, string purpose)
    {
        using var answer = await Site.PostFormAsync(client, "/purpose", new() { ["purpose"] = purpose, ["return"] = "/me" });
        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        return answer.Headers.Location!.ToString() == "/me";
    }

    public Task<string> MakeKeyAsync(string role, string purpose) => AccountTools.WithAccounts(Site.Platform.Foundation, async accounts =>
    {
        var store = new AccountStore(Site.Platform.Store, new AccountSecrets(Site.Platform.Keys), Site.Platform.Time);
        var account = (await accounts.ListAsync(default)).Single(account => account.Name == "Example " + role);
        return (await new ApiKeys(Site.Platform.Store, store, Site.Platform.Time).MakeAsync(account, "test", [purpose], TimeSpan.FromDays(1), "test", default)).Value;
    });

    /// <summary>
    /// Moves the clock on, and lets the sequencer give what was written before that its places: its timers are real, and on a busy machine minutes of this clock would pass without it, so that
    /// it counted as stopped.
    /// </summary>
    public Task PassAsync(TimeSpan time) => Clock.PassAsync(time, Site.Platform.Store);

    public async ValueTask DisposeAsync()
    {
        await Site.DisposeAsync();
        Keys.Dispose();
        Directory.Delete(_packs, recursive: true);
    }

    private async Task AdoptAsync()
    {
        foreach (var actor in new[] { new Actor("legal-1", "legal-officer", ["legal"], true, "key-legal"), new Actor("second-1", "supervisor", ["oversight/south"], true, "key-second") })
        {
            foreach (var pack in Book.Rules.Packs.Where(pack => !pack.IsFloor))
            {
                (await Book.AdoptAsync(actor, pack.Id, pack.Hash, CancellationToken.None)).Error.ShouldBeNull();
            }

            await PassAsync(TimeSpan.FromMinutes(3));
        }
    }
}
