using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection;
using Waymark.App.Accounts;
using Waymark.App.Configuration;
using Waymark.App.Hosting;
using Waymark.Model;
using Waymark.Protection.Contracts;
using Waymark.Protection.Features;
using Waymark.Protection.Tests;
using Waymark.Site.Tests.Accounts;
using Waymark.Site.Tests.Support;
using Waymark.Storage;
using Waymark.Storage.Sqlite;
using FakeClock = Waymark.Site.Tests.Support.FakeClock;

namespace Waymark.Misuse.Tests;

/// <summary>Group 8: the insider.</summary>
[Missing("M52", "addresses and devices beyond the security key are not compared: no address is kept (M08)")]
[Missing("M54", "on PostgreSQL the bytes of the data folder and a role that cannot change the ledger are the operator's (docs/operations/running.md)")]
[Missing("M55", "interpreters have neither account nor link: an interview is entered by the desk")]
[Missing("M56", "transfers between nodes come with exchange (part 6)")]
public sealed class G08InsiderTests
{
    [Fact]
    [Proves(Parts.All, Door.Module)]
    public async Task M52_two_approvals_of_one_person_are_one()
    {
        using var trial = new Trial();
        var true2 = Desk.Second;
        (string Code, Actor Actor)[] shared =
        [
            ("two.same-account", Desk.Legal), ("two.credential", true2 with { IsHardware = false }), ("two.same-device", true2 with { Credential = Desk.Legal.Credential }),
            ("two.same-device", true2 with { Credential = null }), ("two.same-unit", true2 with { Units = ["legal", "oversight/south"] }),
        ];
        async Task<Seen> Adopt(Desk desk, Actor second, TimeSpan apart)
        {
            var hash = desk.Book.Rules.Packs.Single(pack => pack.Id == "harbour").Hash;
            (await desk.Book.AdoptAsync(Desk.Legal, "harbour", hash, default)).IsOk.ShouldBeTrue();
            desk.Clock.Advance(apart);
            var done = await desk.Book.AdoptAsync(second, "harbour", hash, default);
            return new(done is { IsOk: true, Value.IsComplete: true }, done.Error?.Code);
        }

        foreach (var (code, actor) in shared)
        {
            await using var desk = await Desk.OpenAsync(adopted: false);
            await trial.RefusedAsync(Door.Module, () => Adopt(desk, actor, TimeSpan.FromMinutes(5)), code);
        }

        await using (var desk = await Desk.OpenAsync(adopted: false))
        {
            await trial.RefusedAsync(Door.Module, () => Adopt(desk, true2, TimeSpan.FromSeconds(119)), "two.too-quick");
        }

        await using (var desk = await Desk.OpenAsync(adopted: false))
        {
            await trial.PassesAsync(async () => (await Adopt(desk, true2, TimeSpan.FromMinutes(2))).Harm, "two persons");
        }

        // Approval of an exception and erasure ask for the same.
        await using (var desk = await Desk.OpenAsync())
        {
            await trial.RefusedAsync(Door.Module, async () => (await desk.Exceptions.EraseAsync(Desk.Legal, Desk.Legal, "person-1", default)) is var done ? new(done.IsOk, done.Error?.Code) : null!, "two.same-account");
            await trial.RefusedAsync(Door.Module, async () => (await desk.Exceptions.EraseAsync(Desk.Legal, true2 with { Credential = Desk.Legal.Credential }, "person-1", default)) is var done ? new(done.IsOk, done.Error?.Code) : null!, "two.same-device");
        }

        // The guard is that traits come from a session and its key. Whoever could state them would be two persons alone.
        await using var open = await Desk.OpenAsync(adopted: false);
        await trial.HarmsWithoutAsync("traits taken from the session", () => Adopt(open, Desk.Legal with { Account = "legal-1b", Credential = "another", Units = ["elsewhere"] }, TimeSpan.FromMinutes(5)));
    }

    [Fact]
    [Proves(Parts.All, Door.Store, Door.Backup, Door.Job)]
    public async Task M54_below_the_application_nothing_about_a_person_can_be_read()
    {
        using var trial = new Trial();
        const string Seed = "Seed48151623";
        var folder = Directory.CreateTempSubdirectory("waymark-below-").FullName;
        try
        {
            var clock = new Waymark.Protection.Tests.FakeClock(new(2026, 11, 21, 9, 0, 0, TimeSpan.Zero));
            string decision;
            await using (var store = (await SqliteStore.OpenAsync(Path.Combine(folder, "data"), clock, null, default)).Value)
            {
                var keys = FileKeyStore.Open(Path.Combine(folder, "keys")).Value;
                await using var desk = await Desk.OpenAsync(around: _ => store);
                var consents = new Consents(store, keys, clock);
                var exceptions = new Exceptions(desk.Book.Rules, store, keys, clock);
                var gate = new Gate(desk.Book, store, keys, consents, exceptions, clock);
                var requests = new PeopleRequests(store, keys, clock);
                (await requests.TakeAsync(Seed, "complaint", "by hand", default)).IsOk.ShouldBeTrue();
                (await consents.RecordAsync(new(Seed, "protection", "none", ConsentChoice.Given, clock.GetUtcNow(), null, Seed, "bm", "oral", true, true, Seed, Seed, Seed, "worker-1"), default)).IsOk.ShouldBeTrue();
                (await exceptions.HoldAsync(Desk.Legal, Seed, "complaint 12", clock.GetUtcNow().AddDays(30), default)).IsOk.ShouldBeTrue();
                var answer = await gate.OpenAsync(Desk.Ask(matter: Seed, persons: [Seed], more: [("derogation.note", Seed)]) with { Facts = Desk.Ask().Facts }, Desk.Read, default);
                decision = (answer.Permit?.Decision ?? answer.Refusal?.Decision).ShouldNotBeNull();
                (await store.BackupAsync(Path.Combine(folder, "backup"), null, default)).IsOk.ShouldBeTrue();
                await trial.MaskedAsync(Door.Job, Seed, async () =>
                {
                    var jobs = new List<string>();
                    jobs.AddRange((await store.Queue.ListAsync("protection.alarm", 100, default)).Select(job => JsonSerializer.Serialize(job) + System.Text.Encoding.UTF8.GetString(job.Payload.Span)));
                    jobs.AddRange((await store.Records.ListAsync(new("protection.duty", []), default)).Value.Records.Select(record => record.Id + System.Text.Encoding.UTF8.GetString(record.Document.Span)));

                    return new(jobs.Any(job => job.Contains(Seed, StringComparison.Ordinal)), null, string.Join('\n', jobs));
                });
            }

            await trial.MaskedAsync(Door.Store, Seed, async () => await Seeds.FindAsync(Path.Combine(folder, "data"), Seed) is var found ? new(found.Count > 0, null, string.Join(' ', found)) : null!);
            await trial.MaskedAsync(Door.Backup, Seed, async () => await Seeds.FindAsync(Path.Combine(folder, "backup"), Seed) is var found ? new(found.Count > 0, null, string.Join(' ', found)) : null!);

            // Whoever has the data alone, opened by the product itself with keys of its own, reads no reason; with the keys, all of them.
            async Task<DecisionView?> Steal(string keyFolder)
            {
                var copy = Path.Combine(folder, "stolen-" + Directory.GetDirectories(folder).Length);
                Directory.CreateDirectory(copy);
                foreach (var file in Directory.EnumerateFiles(Path.Combine(folder, "data"), "*", SearchOption.AllDirectories))
                {
                    var to = Path.Combine(copy, Path.GetRelativePath(Path.Combine(folder, "data"), file));
                    Directory.CreateDirectory(Path.GetDirectoryName(to)!);
                    File.Copy(file, to);
                }

                await using var store = (await SqliteStore.OpenAsync(copy, clock, null, default)).Value;
                return await new Log(store, FileKeyStore.Open(keyFolder).Value, clock).DecisionAsync(Desk.Worker, decision, default);
            }

            (await Steal(Path.Combine(folder, "other-keys"))).ShouldNotBeNull().Lines.ShouldBeNull();
            await trial.PassesAsync(async () => (await Steal(Path.Combine(folder, "keys")))!.Lines is { Count: > 0 }, "with the keys the decision can be read");
            await trial.HarmsWithoutAsync("keys outside the data folder and its backups", async () => new((await Steal(Path.Combine(folder, "keys")))!.Lines is not null, null));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    [Proves(Parts.All, Door.Page, Door.Fragment, Door.Api, Door.Print, Door.Key)]
    public async Task M55_whoever_left_is_outside_a_minute_later()
    {
        using var trial = new Trial();
        var clock = new FakeClock(new(2026, 6, 1, 9, 0, 0, TimeSpan.Zero));
        var opener = new Composing();
        await using var site = await Running.StartAsync(time: clock, opener: opener);
        using var former = await site.SignedInAsync(Roles.Steward, "Former Example");
        using var stays = await site.SignedInAsync(Roles.Steward, "Stays Example");
        var (formerKey, staysKey) = (await Web.KeyAsync(site, "Former Example", Purpose.LoadEvidence), await Web.KeyAsync(site, "Stays Example", Purpose.LoadEvidence));
        IEnumerable<(Door Door, Func<Task<Seen>> Try)> Jobs(HttpClient client, string key) => Web.Doors(site, client, key, "/api/jobs", null, (status, _) => status == HttpStatusCode.OK);
        foreach (var (_, attempt) in Jobs(former, formerKey))
        {
            (await attempt()).Harm.ShouldBeTrue("before leaving");
        }

        // What the store says of the account now, for a copy that does not hear of the leaving.
        var account = await AccountTools.WithAccounts(site.Platform.Foundation, async accounts => (await accounts.ListAsync(default)).Single(item => item.Name == "Former Example"));
        var before = (await opener.Store!.Records.GetAsync(Account.Register, account.Id, default))!;
        (await AccountTools.WithAccounts(site.Platform.Foundation, accounts => accounts.LeaveAsync("Former Example", "test", default))).IsOk.ShouldBeTrue();
        clock.Advance(TimeSpan.FromSeconds(61));
        foreach (var (door, attempt) in Jobs(former, formerKey))
        {
            await trial.RefusedAsync(door, attempt);
        }

        using (var again = await site.SignInAsync(site.NewClient(), "Former Example", "correct horse battery"))
        {
            again.Headers.Location!.ToString().ShouldBe("/sign-in?failed=true");
        }

        await trial.PassesAsync(async () =>
        {
            foreach (var (_, attempt) in Jobs(stays, staysKey))
            {
                (await attempt()).Harm.ShouldBeTrue();
            }

            return true;
        }, "whoever stays");

        // The guard is that the account is looked at on each request: with a copy that never hears of the leaving, the session that was not ended would go on.
        var second = await site.SignedInAsync(Roles.Steward, "Third Example");
        var third = await AccountTools.WithAccounts(site.Platform.Foundation, async accounts => (await accounts.ListAsync(default)).Single(item => item.Name == "Third Example"));
        var kept = (await opener.Store.Records.GetAsync(Account.Register, third.Id, default))!;
        opener.Store.Planted[(Account.Register, third.Id)] = kept;
        var sessions = await opener.Store.Records.ListAsync(new(Session.Register, [new("account", third.Id)], "started", Descending: true, Limit: 1), default);
        foreach (var session in sessions.Value.Records)
        {
            opener.Store.Planted[(Session.Register, session.Id)] = session;
        }

        _ = await AccountTools.WithAccounts(site.Platform.Foundation, accounts => accounts.LeaveAsync("Third Example", "test", default));
        await trial.HarmsWithoutAsync("a look at the account on each request", () => Web.SendAsync(site, second, "/api/jobs", null, (status, _) => status == HttpStatusCode.OK));
        before.Version.ShouldBeGreaterThan(0);
    }

    [Fact]
    [Proves(Parts.All, Door.Page, Door.Fragment, Door.Api, Door.Print, Door.Key)]
    public async Task M56_a_login_of_somebody_elses_making_opens_no_gate()
    {
        using var trial = new Trial();
        await using var provider = await OutsideProvider.StartAsync();
        async Task<(Running Site, HttpClient Client)> ServeAsync(Action<IServiceCollection>? compose)
        {
            var served = await Running.StartAsync(
                new Dictionary<string, string> { ["accounts.outside-issuer"] = provider.Issuer, ["accounts.outside-client"] = "waymark", ["accounts.outside-name"] = "Ministry login" }, compose: compose);
            await AccountTools.WithAccounts(served.Platform.Foundation, accounts => accounts.InviteAsync("Lea Legal", Roles.LegalOfficer, ["legal"], "subject-1", false, "test", default));
            var client = served.NewClient();
            using var begun = await client.GetAsync(new Uri("/sign-in/outside", UriKind.Relative), TestContext.Current.CancellationToken);
            using var done = await client.GetAsync(new Uri(provider.SignedIn(begun.Headers.Location!), UriKind.Relative), TestContext.Current.CancellationToken);
            (await client.GetStringAsync(new Uri("/api/account", UriKind.Relative), TestContext.Current.CancellationToken)).ShouldContain("Lea", Case.Sensitive, "a rightly signed token of the provider signs in");
            return (served, client);
        }

        var adopt = new Dictionary<string, string> { ["pack"] = "no-such-pack", ["hash"] = "x" };
        var (site, officer) = await ServeAsync(null);
        await using (site)
        {
            foreach (var (door, attempt) in Web.Doors(site, officer, await Web.KeyAsync(site, "Lea Legal"), "/protection/rules/adopt", adopt, (status, _) => status is not (HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized)))
            {
                await trial.RefusedAsync(door, attempt);
            }
        }

        var (open, same) = await ServeAsync(services => services.PostConfigure<AuthorizationOptions>(options =>
            options.AddPolicy(AccountSetup.HardwarePolicy, policy => policy.RequireAuthenticatedUser())));
        await using (open)
        {
            await trial.HarmsWithoutAsync("the hardware credential", () => Web.SendAsync(open, same, "/protection/rules/adopt", adopt, (status, _) => status is not (HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized)));
        }

        var maker = SoftKey.Maker();
        var folder = Directory.CreateTempSubdirectory("waymark-roots-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "maker.pem"), maker.Root.ExportCertificatePem());
        await using var trusted = await Running.StartAsync(new Dictionary<string, string> { ["accounts.attestation-roots"] = folder });
        await trial.PassesAsync(async () =>
        {
            using var password = await trusted.SignedInAsync(Roles.LegalOfficer, "Lea Legal");
            using var key = new SoftKey();
            using var client = await HardwareAsync(trusted, password, key, maker);
            return (await Web.SendAsync(trusted, client, "/protection/rules/adopt", adopt, (status, _) => status is not (HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized))).Harm;
        }, "the same officer with a key whose maker is trusted");
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Adds a security key to the account and signs in with it.</summary>
    internal static async Task<HttpClient> HardwareAsync(
        Running site, HttpClient password, SoftKey key,
        (System.Security.Cryptography.X509Certificates.X509Certificate2 Root, System.Security.Cryptography.X509Certificates.X509Certificate2 Device, System.Security.Cryptography.ECDsa DeviceKey) maker)
    {
        var origin = site.Address.GetLeftPart(UriPartial.Authority);
        using (var options = await site.PostFormAsync(password, "/account/passkeys/options", []))
        using (var added = await site.PostFormAsync(password, "/account/passkeys", new() { ["credential"] = key.Create(await options.Content.ReadAsStringAsync(), origin, maker), ["label"] = "key" }))
        {
            added.Headers.Location!.ToString().ShouldBe("/account");
        }

        var client = site.NewClient();
        using var asked = await site.PostFormAsync(client, "/sign-in/passkey/options", []);
        using var entered = await site.PostFormAsync(client, "/sign-in/passkey", new() { ["credential"] = key.Get(await asked.Content.ReadAsStringAsync(), origin, site.Address.Host) });
        entered.Headers.Location!.ToString().ShouldBe("/");
        return client;
    }

    /// <summary>The usual parts, with a store between that a test may compose.</summary>
    private sealed class Composing : IPlatformOpener
    {
        private readonly TestOpener _inner = new(withPages: true);

        public ComposedStore? Store { get; private set; }

        public async Task<Result<StorePlatform>> OpenStoreAsync(Settings settings, TimeProvider time, CancellationToken cancellationToken)
        {
            var opened = await _inner.OpenStoreAsync(settings, time, cancellationToken);
            if (!opened.IsOk)
            {
                return opened.Error;
            }

            Store = new ComposedStore(opened.Value.Store);
            return new StorePlatform(settings, Store, opened.Value.Keys, time);
        }

        public Task<Result<EvidencePlatform>> OpenEvidenceAsync(StorePlatform store, CancellationToken cancellationToken) => _inner.OpenEvidenceAsync(store, cancellationToken);
    }
}
