using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Waymark.App.CommandLine;
using Waymark.App.Hosting;
using Waymark.App.Samples;
using Waymark.Casework.Contracts;
using Waymark.Ledger;
using Waymark.Pages.Data;
using Waymark.Protection.Contracts;
using Waymark.Site.Tests.Casework;
using Waymark.Site.Tests.Support;
using Waymark.Sodium;

namespace Waymark.Site.Tests.Samples;

/// <summary>The sample nodes: played whole through the product's own doors, and never anything but a sample (M105).</summary>
[Collection(nameof(Sample))]
public sealed class SampleTests(SampleSite site)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Both_stories_are_played_to_the_end_and_every_act_stands_in_the_ledger()
    {
        foreach (var node in new[] { site.Humanitarian, site.Authority })
        {
            site.Played[node.Pack.Id].ShouldBe(node.Pack.Acts.Count);
            var (mark, _) = await SampleMark.FindAsync(node.Platform.Store, Stop);
            mark.ShouldNotBeNull().IsPlayed.ShouldBeTrue();
            (await node.Platform.Store.Ledger.HeadAsync(Stop)).Size.ShouldBeGreaterThan(node.Pack.Acts.Count);
        }

        var desk = new CaseDesk(await ActorAsync("Nadia Example"), "protection/north", "family-tracing");
        var list = (await Cases.ListAsync(desk, new("tracing"), Stop)).Value.ShouldNotBeNull();
        list.Rows.Select(row => row.State).Distinct().Order().ShouldBe(["active", "draft", "located"]);
        list.Rows.ShouldContain(row => row.HasConflict, "one conflict to resolve");
        // The walk of a first day answers two of them.
        var queue = (await ((ITracing)Cases).QueueAsync(new(await ActorAsync("Sara Example"), "protection/south", "family-tracing"), Stop)).Value!;
        (queue.Waiting.Count + queue.Answered.Count + queue.Decided.Count).ShouldBe(4, "two pairs were decided, two wait for a reviewer");
        var cooperation = new CaseDesk(await ActorAsync("Ines Example", site.Authority), "cooperation/desk", "counter-smuggling");
        (await site.Authority.App.Services.GetRequiredService<CaseworkSource>().Cases!.ListAsync(cooperation, new("assistance-request"), Stop)).Value!.Rows.Select(row => row.State).Order().ShouldBe(["acknowledged", "acknowledged", "draft"]);
    }

    [Fact]
    public async Task Pages_answers_to_programs_and_files_say_that_all_is_invented()
    {
        using var client = new HttpClient { BaseAddress = site.Address };
        client.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        foreach (var (language, words) in new[] { ("en", "Invented sample"), ("zh", "虚构样例") })
        {
            foreach (var path in new[] { "/sign-in", "/find-family", "/my-data", "/about", "/no-such-page" })
            {
                using var page = await client.GetAsync(new Uri($"{path}?lang={language}", UriKind.Relative), Stop);
                WebUtility.HtmlDecode(await page.Content.ReadAsStringAsync(Stop)).ShouldMatch($"<aside class=\"invented\" aria-label=\"[^\"]+\">{words}", path);
            }
        }

        foreach (var path in new[] { "/api/evidence/series", "/health/live", "/ledger/checkpoint", "/api/nothing" })
        {
            using var answer = await client.GetAsync(new Uri(path, UriKind.Relative), Stop);
            answer.Headers.GetValues("Waymark-Sample").ShouldBe(["invented sample"], path);
        }
    }

    [Fact]
    public async Task An_export_of_cases_says_so_in_its_name_and_in_every_row()
    {
        using var client = await SignedInAsync("Nadia Example");
        using (await CaseSite.PostAsync(client, "/purpose", ("purpose", "family-tracing"), ("return", "/me")))
        {
            var desk = new CaseDesk(await ActorAsync("Nadia Example"), "protection/north", "family-tracing");
            // Of somebody who was found nothing goes before they decided who learns what (F9).
            var row = (await Cases.ListAsync(desk, new("tracing"), Stop)).Value!.Rows.First(known => known.State is "draft" or "open");
            // Under the instruments a list goes where two offices agreed to it; the sample has such a review.
            var review = (await Cases.ListAsync(new(await ActorAsync("Lea Example"), "legal/desk", "supervision"), new("transfer-review"), Stop)).Value!.Rows.Single(known => known.State == "approved");
            var (platform, secret) = (site.Humanitarian.Platform, Enumerable.Repeat((byte)7, 32).ToArray());
            var (receiver, key) = await EnteredReceiver.MakeAsync(platform.Store, platform.Keys, new FakeClock(TimeProvider.System.GetUtcNow().AddMinutes(-10)), secret, "CHE", review.Address.Id);
            using var file = await CaseSite.PostAsync(client, "/cases/tracing/export", ("record", row.Address.Id), ("why", "a test"), ("to", receiver.Id), ("purpose", "family-tracing"), ("unit", "protection/north"));
            file.StatusCode.ShouldBe(HttpStatusCode.OK, file.Headers.Location?.ToString());
            file.Content.Headers.ContentDisposition!.FileName!.ShouldStartWith("invented-sample-TR-");
            var bytes = await file.Content.ReadAsByteArrayAsync(Stop);
            var opened = SealedFile.Open(SodiumSealedBox.Instance, key, secret, bytes).Value;
            opened.Name.ShouldStartWith("invented-sample-TR-");
            var lines = System.Text.Encoding.UTF8.GetString(opened.Content).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            lines.Length.ShouldBe(2);
            lines[1].ShouldStartWith("invented sample,");

            // What left for one purpose is linked by nothing, with its heading or without (M03).
            using var call = new Called();
            call.Write("list.csv", string.Join('\n', lines));
            call.Write("cut.csv", lines[1] + lines[1]);
            foreach (var words in new[]
            {
                "list.csv --id reference -o l.csv", "profile list.csv", "profile cut.csv", "train list.csv --id reference -o m.json", "evaluate list.csv --id reference --truth-column state",
                "review list.csv --id reference --answers a.csv", "index list.csv --id reference -o i.index", "encode list.csv --id reference --project k --new-project -o e.enc", "attack list.csv --id reference",
                "match list.csv list.csv -o p.csv",
            })
            {
                await call.RunAsync(["link", .. words.Split(' '), "--json"]);
                (call.Code, call.Error.Contains("matching.marked-export", StringComparison.Ordinal)).ShouldBe((ExitCode.Refused, true), words + call.Error);
            }

            // Of all that, only the sheet for a reviewer's answers lies there, and it is empty.
            Directory.GetFiles(call.Folder).Select(Path.GetFileName).Order().ShouldBe(["a.csv", "cut.csv", "list.csv"]);
        }
    }

    [Fact]
    public async Task A_second_node_of_the_same_machine_keeps_its_own_sign_in()
    {
        var cookies = new CookieContainer();
        foreach (var (address, name) in new[] { (site.Address, "Nadia Example"), (site.AuthorityAddress, "Rana Example") })
        {
            using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = cookies }) { BaseAddress = address };
            using var entered = await CaseSite.PostAsync(client, "/sign-in", ("name", name), ("password", SampleSite.Password));
            entered.Headers.Location!.ToString().ShouldBe("/");
        }

        using var first = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = cookies }) { BaseAddress = site.Address };
        first.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        using var mine = await first.GetAsync(new Uri("/me", UriKind.Relative), Stop);
        mine.StatusCode.ShouldBe(HttpStatusCode.OK, "signing in next door signs nobody out here");
    }

    [Fact]
    public async Task A_node_in_use_opens_no_sample_and_a_sample_no_node_in_use__M105()
    {
        var folder = Directory.CreateTempSubdirectory("waymark-mark-").FullName;
        try
        {
            using var taken = SampleFolder.Take(Path.Combine(folder, "sample")).Value;
            var settings = SampleSite.SettingsOf(taken, site.Packs[0]);
            var opener = new PlatformOpener();
            await using (var used = (await opener.OpenStoreAsync(settings with { Sample = null }, TimeProvider.System, Stop)).Value)
            {
                used.Store.Info.ReadOnlyReason.ShouldBeNull();
            }

            (await opener.OpenStoreAsync(settings, TimeProvider.System, Stop)).Error!.Code.ShouldBe("sample.not-one");
            await using (var used = (await opener.OpenStoreAsync(settings with { Sample = null }, TimeProvider.System, Stop)).Value)
            {
                (await SampleMark.WriteAsync(used.Store, new(settings.Sample!, "0", TimeProvider.System.GetUtcNow(), true), Stop)).ShouldBeNull();
            }

            (await opener.OpenStoreAsync(settings with { Sample = null }, TimeProvider.System, Stop)).Error!.Code.ShouldBe("sample.store");
            (await opener.OpenStoreAsync(settings with { Sample = "another" }, TimeProvider.System, Stop)).Error!.Code.ShouldBe("sample.another");
            await (await opener.OpenStoreAsync(settings, TimeProvider.System, Stop)).Value.DisposeAsync();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_sample_is_served_on_this_machine_only()
    {
        var foundation = site.Humanitarian.Platform.Foundation;
        foreach (var open in new[] { foundation.Settings with { Address = IPAddress.Any }, foundation.Settings with { PublicAddress = new Uri("https://example.org") } })
        {
            var abroad = new Platform(new(open, foundation.Store, foundation.Keys, foundation.Time), site.Humanitarian.Platform.Parts);
            (await ServeGuard.CheckAsync(abroad, Stop))!.Code.ShouldBe("serve.sample");
        }

        (await ServeGuard.CheckAsync(site.Humanitarian.Platform, Stop)).ShouldBeNull();
    }

    [Fact]
    public void A_folder_that_holds_data_is_left_alone_and_a_sample_is_thrown_away_whole()
    {
        var folder = Directory.CreateTempSubdirectory("waymark-folder-").FullName;
        try
        {
            var mine = Path.Combine(folder, "mine");
            Directory.CreateDirectory(mine);
            File.WriteAllText(Path.Combine(mine, "letter.txt"), "mine");
            SampleFolder.Take(mine).Error!.Code.ShouldBe("sample.folder-holds-data");
            SampleFolder.Discard(mine, ["humanitarian"])!.Code.ShouldBe("sample.none");
            File.ReadAllText(Path.Combine(mine, "letter.txt")).ShouldBe("mine");

            var sample = Path.Combine(folder, "sample");
            using (var taken = SampleFolder.Take(sample).Value)
            {
                Directory.CreateDirectory(taken.Data("humanitarian"));
                SampleFolder.Take(sample).Error!.Code.ShouldBe("sample.running");
                SampleFolder.Discard(sample, ["humanitarian"])!.Code.ShouldBe("sample.running");
            }

            File.WriteAllText(Path.Combine(sample, "letter.txt"), "mine");
            SampleFolder.Discard(sample, ["humanitarian"])!.Code.ShouldBe("sample.folder-holds-data");
            File.Delete(Path.Combine(sample, "letter.txt"));
            SampleFolder.Discard(sample, ["humanitarian"]).ShouldBeNull();
            Directory.Exists(sample).ShouldBeFalse();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_story_that_was_cut_off_is_played_anew_and_a_whole_one_is_only_opened()
    {
        var folder = Directory.CreateTempSubdirectory("waymark-again-").FullName;
        try
        {
            using var taken = SampleFolder.Take(Path.Combine(folder, "sample")).Value;
            var pack = site.Packs.Single(known => known.Id == "authority");
            pack = pack with { Acts = [.. pack.Acts.Take(2)], Accounts = [.. pack.Accounts.Where(account => account.Id is "lea" or "dan" or "rana")] };
            await using (var cut = (await new PlatformOpener().OpenStoreAsync(SampleSite.SettingsOf(taken, pack) with { Sample = null }, TimeProvider.System, Stop)).Value)
            {
                (await SampleMark.WriteAsync(cut.Store, new(pack.Id, "0", TimeProvider.System.GetUtcNow(), IsPlayed: false), Stop)).ShouldBeNull();
            }

            var played = new Dictionary<string, int>();
            await (await SampleSite.OpenAsync(taken, pack, played)).DisposeAsync();
            played[pack.Id].ShouldBe(2);
            played.Clear();
            await using var again = await SampleSite.OpenAsync(taken, pack, played, "another-password-drawn");
            played.ShouldBeEmpty();
            await again.App.StartAsync(Stop);
            using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new($"http://127.0.0.1:{WebHost.PortOf(again.App)}") };
            using var entered = await CaseSite.PostAsync(client, "/sign-in", ("name", "Rana Example"), ("password", "another-password-drawn"));
            entered.Headers.Location!.ToString().ShouldBe("/");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private ICasework Cases => site.Humanitarian.App.Services.GetRequiredService<CaseworkSource>().Cases!;

    private async Task<Actor> ActorAsync(string name, SampleNode? node = null)
    {
        var account = (await Waymark.App.Accounts.AccountTools.WithAccounts((node ?? site.Humanitarian).Platform.Foundation, accounts => accounts.ListAsync(Stop))).Single(known => known.Name == name);
        return new(account.Id, account.Role, account.Units);
    }

    private async Task<HttpClient> SignedInAsync(string name)
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = site.Address };
        using var entered = await CaseSite.PostAsync(client, "/sign-in", ("name", name), ("password", SampleSite.Password));
        entered.Headers.Location!.ToString().ShouldBe("/");
        return client;
    }
}
