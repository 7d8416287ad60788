using System.Net;
using Waymark.App.Accounts;
using Waymark.Casework.Contracts;
using Waymark.Casework.Tests;
using Waymark.Site.Tests.Web;
using Waymark.Storage.Sqlite;
using static Waymark.Casework.Tests.Node;

namespace Waymark.Misuse.Tests;

/// <summary>Group 10: device seizure in the field.</summary>
[Missing("M63", "no door: nothing is kept on a device; work without network comes with exchange (part 6)")]
[Missing("M64", "no door: nothing is kept on a device; work without network comes with exchange (part 6)")]
[Missing("M65", "the memory of a running browser is not walked; a window left open shows what it showed until the session ends")]
[Missing("M66", "no door: pages for travellers that keep anything come with guidance (part 7)")]
[Missing("M67", "a start does not wait for custodians: keys lie in a folder that the operator keeps on another disk (docs/operations/running.md)")]
public sealed class G10SeizureTests
{
    [Fact]
    [Proves(Parts.All, Door.Page, Door.Fragment, Door.Api, Door.Print)]
    public async Task M65_the_next_user_of_a_computer_finds_nothing_by_the_back_key_or_the_history()
    {
        using var trial = new Trial();
        await using var node = await ClosedNode.StartAsync("humanitarian");
        using var worker = await node.SignInAsync(Roles.CaseWorker);
        (await node.StateAsync(worker, "family-tracing")).ShouldBeTrue();
        async Task<Seen> KeptAsync(HttpClient client, string address, params (string Name, string Value)[] headers)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, UriKind.Relative));
            foreach (var (name, value) in headers)
            {
                request.Headers.TryAddWithoutValidation(name, value).ShouldBeTrue();
            }

            using var answer = await client.SendAsync(request);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, address);
            return new(answer.Headers.CacheControl is not { NoStore: true }, "no-store", address);
        }

        foreach (var address in new[] { "/me", "/cases", "/cases/tracing", "/cases/tracing/" + node.Case, "/persons", "/tracing", "/account" })
        {
            await trial.RefusedAsync(Door.Page, () => KeptAsync(worker, address, ("Accept", "text/html")), "no-store");
            await trial.RefusedAsync(Door.Fragment, () => KeptAsync(worker, address, ("Accept", "text/html"), ("HX-Request", "true"), ("HX-Target", "main")), "no-store");
            await trial.RefusedAsync(Door.Print, () => KeptAsync(worker, address, ("Accept", "text/html"), ("Sec-Fetch-Dest", "document")), "no-store");
        }

        await trial.RefusedAsync(Door.Api, () => KeptAsync(worker, "/api/account", ("Accept", "application/json")), "no-store");

        // Signed out, the same addresses show nothing; and what tells nobody anything may be kept, as style sheets are: that is what a page without the word would be.
        using (await node.Site.PostFormAsync(worker, "/sign-out", []))
        {
        }

        using var after = await worker.GetAsync(new Uri("/cases/tracing/" + node.Case, UriKind.Relative));
        after.StatusCode.ShouldNotBe(HttpStatusCode.OK);
        using var home = await worker.GetAsync(new Uri("/about", UriKind.Relative));
        var sheet = System.Text.RegularExpressions.Regex.Match(await home.Content.ReadAsStringAsync(), "href=\"(?<at>/[^\"]+\\.css[^\"]*)\"").Groups["at"].Value;
        sheet.ShouldNotBeEmpty();
        await trial.PassesAsync(async () => (await worker.GetAsync(new Uri("/cases/tracing/" + node.Case, UriKind.Relative))).StatusCode != HttpStatusCode.OK && home.StatusCode == HttpStatusCode.OK, "public pages stay open");
        await trial.HarmsWithoutAsync("the word not to store", () => KeptAsync(worker, sheet));
    }

    [Fact]
    [Proves(Parts.All, Door.Store, Door.Backup)]
    public async Task M67_a_machine_that_is_carried_off_tells_nobodys_name_or_place()
    {
        using var trial = new Trial();
        string[] seeds = ["Zebulonqvist", "Khartalharbour", "KHARTAL-4815"];
        await using var node = await OpenAsync();
        var person = await node.PersonAsync(seeds[0] + " Hassan", "2004-05-06", Waymark.Storage.RecordPartition.Missing, ("papers/p/number", $$"""{"system":"passport","value":"{{seeds[2]}}"}"""));
        var record = Ok(await node.Cases.CreateAsync(Desk(), new("tracing", null, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["relation"] = "brother", ["separated-at"] = seeds[1], ["circumstances"] = "seen in " + seeds[1],
        }, [("sought", person.Id)]), default)).Address;
        Ok(await node.Cases.WriteAsync(Desk(), record, new(MessageKind.Note, $"{seeds[0]} may be in {seeds[1]}"), default));
        Ok(await node.Cases.SearchPersonsAsync(Desk(), record, new(seeds[0]), default)).Candidates.Count.ShouldBe(1);
        (await node.Store.BackupAsync(Path.Combine(node.Folder, "backup"), null, default)).IsOk.ShouldBeTrue();
        foreach (var seed in seeds)
        {
            await trial.MaskedAsync(Door.Store, seed, async () => await Seeds.FindAsync(Path.Combine(node.Folder, "data"), seed) is var found ? new(found.Count > 0, null, string.Join(' ', found)) : null!);
            await trial.MaskedAsync(Door.Backup, seed, async () => await Seeds.FindAsync(Path.Combine(node.Folder, "backup"), seed) is var found ? new(found.Count > 0, null, string.Join(' ', found)) : null!);
        }

        await trial.PassesAsync(async () => Ok(await node.Cases.OpenAsync(Desk(), record, default)).Document.One("separated-at")!.Value.Json.Contains(seeds[1], StringComparison.Ordinal), "who works here reads it");

        // The keys lie elsewhere: whoever carries off both disks reads all of it.
        var both = Directory.CreateTempSubdirectory("waymark-stolen-").FullName;
        foreach (var file in new[] { "data", "keys" }.SelectMany(part => Directory.EnumerateFiles(Path.Combine(node.Folder, part), "*", SearchOption.AllDirectories)))
        {
            var copy = Path.Combine(both, Path.GetRelativePath(node.Folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            await using var from = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            await using var to = File.Create(copy);
            await from.CopyToAsync(to);
        }

        File.SetUnixFileMode(Path.Combine(both, "keys"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        foreach (var key in Directory.EnumerateFiles(Path.Combine(both, "keys"), "*", SearchOption.AllDirectories))
        {
            File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        await trial.HarmsWithoutAsync("keys elsewhere", async () =>
        {
            await using var stolen = await BackAsync(both, async (folder, clock) => (await SqliteStore.OpenAsync(Path.Combine(folder, "data"), clock, null, default)).Value);
            return new(Ok(await stolen.Cases.OpenAsync(Desk(), record, default)).Document.One("separated-at")!.Value.Json.Contains(seeds[1], StringComparison.Ordinal), null);
        });
        Directory.Delete(both, recursive: true);
    }
}
