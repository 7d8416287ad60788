using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Waymark.App.Accounts;
using Waymark.App.Hosting;
using Waymark.App.Ledger;
using Waymark.Audit.Contracts;
using Waymark.Audit.Protective;
using Waymark.Protection.Contracts;
using Waymark.Protection.Features;
using Waymark.Site.Tests.Support;
using Waymark.Storage;

namespace Waymark.Site.Tests.Web;

/// <summary>M88 at the doors of a server: it starts although its ledger does not answer, does what protects, and nothing else.</summary>
public sealed class LedgerOutOfReachTests
{
    [Fact]
    public async Task M88_a_server_whose_ledger_is_broken_starts_and_does_nothing_but_protect_until_it_answers()
    {
        var clock = new FakeClock(new(2026, 6, 1, 9, 0, 0, TimeSpan.Zero));
        var opener = new BrokenLedger(new TestOpener(withPages: true));
        var place = Directory.CreateTempSubdirectory("waymark-reach-").FullName;
        var before = await Running.StartAsync(time: clock, folder: place, opener: opener);
        await Hardware.MakeAccountAsync(before, Roles.CaseWorker, "Kim Example", "protection/north");
        await Hardware.MakeAccountAsync(before, Roles.Oversight, "Ova Example");
        await before.StopAsync();

        opener.IsBroken = true;
        await using var site = await Running.StartAsync(time: clock, folder: place, opener: opener);
        (await ServeGuard.CheckAsync(site.Platform, TestContext.Current.CancellationToken)).ShouldBeNull("help does not wait for the ledger");
        using var worker = site.NewClient();
        (await site.SignInAsync(worker, "Kim Example", "correct horse battery")).Headers.Location!.ToString().ShouldBe("/");
        using var oversight = site.NewClient();
        (await site.SignInAsync(oversight, "Ova Example", "correct horse battery")).Headers.Location!.ToString().ShouldBe("/");

        // Everything that needs a leaf is refused, by page and by contract.
        using (var inquiry = await site.PostFormAsync(oversight, "/protection/log/inquiries", new() { ["number"] = "REV-2026-4", ["kind"] = "review" }))
        {
            inquiry.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            (await inquiry.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("ledger.no-store");
        }

        var services = site.App.Services;
        var actor = new Actor("worker-1", "case-worker", ["protection/north"]);
        var ask = new GateRequest(actor, "protection/north", "C-1", ["person-1"], "read", "protection", new Dictionary<string, IReadOnlyList<string>>
        {
            ["system"] = ["protection"], ["subject.category"] = ["victim"], ["recipient.type"] = ["none"],
        });
        (await services.GetRequiredService<IGate>().OpenAsync(ask, _ => Task.FromResult(new Nothing()), default)).Error!.Code.ShouldBe("ledger.no-store");
        (await services.GetRequiredService<IExceptions>().HoldAsync(actor, "person-1", "complaint", clock.GetUtcNow().AddDays(3), default)).Error!.Code.ShouldBe("ledger.no-store");

        // What protects goes on, each of the six, with a leaf on this machine.
        foreach (var act in ProtectiveActs.All)
        {
            using var done = await ProtectAsync(site, worker, act);
            done.Headers.Location!.ToString().ShouldEndWith("&local=yes", Case.Sensitive, act);
        }

        using (var other = await ProtectAsync(site, worker, "person.read"))
        {
            other.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        }

        (await File.ReadAllLinesAsync(Path.Combine(place, "data", LocalLedger.FileName), TestContext.Current.CancellationToken)).Length.ShouldBe(ProtectiveActs.All.Count);
        clock.Advance(ProtectiveActs.Longest + TimeSpan.FromMinutes(1));
        using (var late = await ProtectAsync(site, await AgainAsync(site), ProtectiveActs.StopReturn))
        {
            (await late.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("ledger.too-long-alone");
        }

        // It answers again: what was done alone is entered once, staff get the tasks, and the gate decides.
        opener.IsBroken = false;
        var parts = services.GetRequiredService<LedgerParts>();
        clock.Advance(TimeSpan.FromSeconds(15));
        var started = TimeProvider.System.GetTimestamp();
        while ((await site.Platform.Store.Ledger.PendingAsync(1, default)).Count > 0)
        {
            TimeProvider.System.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(60), "the sequencer catches up");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        clock.Advance(TimeSpan.FromSeconds(6));
        (await parts.Reach.OutAsync(default)).ShouldBeNull();
        (await parts.Local!.MergeAsync(default)).Value.ShouldBe(ProtectiveActs.All.Count);
        await services.GetRequiredService<IProtectiveGate>().ApplyAsync(default);
        (await services.GetRequiredService<IDuties>().ListAsync(new("dpo-1", "data-protection-officer", []), own: false, default)).Count.ShouldBe(ProtectiveActs.All.Count - 1, "the withdrawal is carried out, the rest wait for somebody");
        (await services.GetRequiredService<IGate>().OpenAsync(ask, _ => Task.FromResult(new Nothing()), default)).Error.ShouldBeNull();
        using var entered = await ProtectAsync(site, await AgainAsync(site), ProtectiveActs.StopReturn);
        entered.Headers.Location!.ToString().ShouldEndWith("&local=no");
    }

    [Theory]
    [InlineData("as they were", "")]
    [InlineData("a fault", "rules.")]
    [InlineData("no vocabulary", "rules.no-vocabulary")]
    [InlineData("older", "packs.older")]
    public async Task M74_a_server_does_not_start_when_its_rules_cannot_be_opened_or_are_older(string what, string code)
    {
        var place = Directory.CreateTempSubdirectory("waymark-guard-").FullName;
        try
        {
            var packs = CasePacks.Make(Path.Combine(place, "packs"));
            (await GuardAsync(place, packs)).ShouldBeNull();
            var harbour = Path.Combine(packs, "rules", "harbour.yaml");
            var text = await File.ReadAllTextAsync(harbour, TestContext.Current.CancellationToken);
            switch (what)
            {
                case "a fault": await File.WriteAllTextAsync(harbour, text.Replace("when: purpose = purpose.declared", "when: purpose = purpose.declard", StringComparison.Ordinal), TestContext.Current.CancellationToken); break;
                case "no vocabulary": File.Delete(Path.Combine(packs, "vocabulary", "rules.yaml")); break;
                case "older": await File.WriteAllTextAsync(harbour, text.Replace("version: 1.0.0", "version: 0.9.0", StringComparison.Ordinal), TestContext.Current.CancellationToken); break;
            }

            var refusal = await GuardAsync(place, packs);
            (refusal?.Code ?? "").ShouldStartWith(code);
            (refusal is null).ShouldBe(code.Length == 0);
            if (what == "a fault")
            {
                refusal!.Where.ShouldNotBeNull().ShouldContain("harbour.yaml:");
                refusal.Hint.ShouldNotBeNull().In("zh").ShouldContain("packs check");
            }
        }
        finally
        {
            Directory.Delete(place, recursive: true);
        }
    }

    private static async Task<Waymark.Model.Error?> GuardAsync(string place, string packs)
    {
        var read = Waymark.App.Configuration.SettingsReader.Read(new(
            new Dictionary<string, string>(StringComparer.Ordinal) { ["data"] = Path.Combine(place, "data"), ["server.port"] = "0" },
            new Dictionary<string, string>(StringComparer.Ordinal) { ["WAYMARK_PACKS_ROOT"] = packs }, place, null));
        var opened = await Platform.OpenAsync(new CasePacks.Opener(packs), read.Value, TimeProvider.System, TestContext.Current.CancellationToken);
        opened.IsOk.ShouldBeTrue(opened.Error?.ToString());
        await using var platform = opened.Value;
        return await ServeGuard.CheckAsync(platform, TestContext.Current.CancellationToken);
    }

    // Sessions end after hours; whoever protects signs in again.
    private static async Task<HttpClient> AgainAsync(Running site)
    {
        var client = site.NewClient();
        (await site.SignInAsync(client, "Kim Example", "correct horse battery")).Headers.Location!.ToString().ShouldBe("/");
        return client;
    }

    private static Task<HttpResponseMessage> ProtectAsync(Running site, HttpClient client, string act) => site.PostFormAsync(client, "/protection/protect", new()
    {
        ["act"] = act, ["unit"] = "protection/north", ["matter"] = "C-1", ["persons"] = "person-1", ["note"] = "bus at noon",
    });

    private sealed record Nothing : IPersonal<Nothing>
    {
        public Nothing Without(IReadOnlySet<string> fields) => this;
    }
}
