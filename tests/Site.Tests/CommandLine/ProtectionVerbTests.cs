using System.Text.Json;
using Waymark.App.CommandLine;
using Waymark.App.Configuration;
using Waymark.Audit.Protective;
using Waymark.Protection.Contracts;
using Waymark.Protection.Features;
using Waymark.Site.Tests.Support;
using Waymark.Storage;
using Waymark.Storage.Sqlite;

namespace Waymark.Site.Tests.CommandLine;

/// <summary>The verbs of data protection on the machine: they lay things before persons and show them; nothing is decided here.</summary>
public sealed class ProtectionVerbTests
{
    [Fact]
    public async Task A_key_is_made_once_shown_in_the_list_without_its_secret_and_ended()
    {
        using var call = new Called();
        (await call.RunAsync("user", "add", "Ann", "--role", "reader")).Code.ShouldBe(ExitCode.Done, call.Error);
        (await call.RunAsync("key", "add", "Nobody", "--label", "harvest", "--purpose", "read-evidence")).Code.ShouldBe(ExitCode.NotFound);
        (await call.RunAsync("key", "add", "Ann", "--label", "harvest", "--purpose", "read-persons")).Code.ShouldBe(ExitCode.Usage, "no key opens persons (M04)");
        (await call.RunAsync("key", "add", "Ann", "--label", "harvest", "--purpose", "read-evidence", "--json")).Code.ShouldBe(ExitCode.Done, call.Error);
        var secret = Result(call).GetProperty("secret").GetString()!;
        secret.ShouldStartWith("wmk_");
        (await call.RunAsync("key", "list", "--json")).Code.ShouldBe(ExitCode.Done);
        call.Output.ShouldNotContain(secret);
        var key = Result(call).GetProperty("keys").EnumerateArray().Single();
        (key.GetProperty("owner").GetString(), key.GetProperty("label").GetString()).ShouldBe(("Ann", "harvest"));
        (await call.RunAsync("key", "revoke", "abc")).Code.ShouldBe(ExitCode.NotFound);
        (await call.RunAsync("key", "revoke", key.GetProperty("id").GetString()!)).Code.ShouldBe(ExitCode.Done, call.Error);
        (await call.RunAsync("key", "list", "--json")).Code.ShouldBe(ExitCode.Done);
        Result(call).GetProperty("keys").GetArrayLength().ShouldBe(0);
        (await call.RunAsync("key", "list", "--lang", "zh")).Output.ShouldContain("所有者");
    }

    [Fact]
    public async Task A_pack_is_laid_before_two_persons_and_signed_and_neither_adopts_it()
    {
        using var call = new Called();
        var packs = CasePacks.Make(Path.Combine(call.Folder, "packs"));
        call.Environment["WAYMARK_PACKS_ROOT"] = packs;
        (await call.RunAsync("rules", "adoptions", "--json")).Code.ShouldBe(ExitCode.Done, call.Error);
        Result(call).GetProperty("packs").EnumerateArray().Select(pack => (pack.GetProperty("pack").GetString(), pack.GetProperty("state").GetString()))
            .ShouldBe([("floor", "always-in-force"), ("harbour", "not-adopted")], ignoreOrder: true);
        (await call.RunAsync("rules", "adopt", "harbour", "--json")).Code.ShouldBe(ExitCode.Done, call.Error);
        (Result(call).GetProperty("change").GetString(), Result(call).GetProperty("unverified").GetInt32()).ShouldBe(("first", 1));
        (await call.RunAsync("rules", "adopt", "no-such")).Code.ShouldBe(ExitCode.NotFound);
        (await call.RunAsync("rules", "adopt", "floor")).Code.ShouldBe(ExitCode.NotFound, "the floor needs nobody's adoption and has no other version");
        (await call.RunAsync("rules", "adopt", "harbour", "--signature", "missing.txt")).Code.ShouldBe(ExitCode.NotFound);
        call.Write("wrong.txt", "signed, trust me");
        (await call.RunAsync("rules", "adopt", "harbour", "--signature", "wrong.txt")).Code.ShouldBe(ExitCode.Refused, call.Error);
        (await call.RunAsync("rules", "sign", "harbour", "--json")).Code.ShouldBe(ExitCode.Done, call.Error);
        var signed = Result(call).Clone();
        signed.GetProperty("note").GetString()!.ShouldStartWith("waymark.pack/1\nharbour\n1.0.0\n");
        File.WriteAllText(Path.Combine(Settings(call).KeyFolder, "packs.authorities"), "# ours\n" + signed.GetProperty("key").GetString() + "\n");
        call.Write("note.txt", signed.GetProperty("note").GetString()!);
        (await call.RunAsync("rules", "adopt", "harbour", "--signature", "note.txt", "--json")).Code.ShouldBe(ExitCode.Done, call.Error);
        Result(call).GetProperty("signedBy").GetString()!.ShouldStartWith("packs.waymark/");
        File.WriteAllText(Path.Combine(Settings(call).KeyFolder, "packs.authorities"), "# ours\nno key\n");
        (await call.RunAsync("rules", "adoptions")).Code.ShouldNotBe(ExitCode.Done);
        call.Error.ShouldContain("packs.authorities:2");
    }

    [Fact]
    public async Task A_hold_is_placed_and_listed_and_the_log_is_read_under_an_open_number_only()
    {
        using var call = new Called();
        call.Environment["WAYMARK_PACKS_ROOT"] = CasePacks.Make(Path.Combine(call.Folder, "packs"));
        (await call.RunAsync("hold", "place", "person-1", "--ground", "complaint 7", "--days", "10")).Code.ShouldBe(ExitCode.Done, call.Error);
        var id = call.Output.Trim();
        (await call.RunAsync("hold", "list", "person-1", "--json")).Code.ShouldBe(ExitCode.Done, call.Error);
        Result(call).GetProperty("holds").EnumerateArray().Single().GetProperty("id").GetString().ShouldBe(id);
        (await call.RunAsync("hold", "list", "person-2", "--json")).Code.ShouldBe(ExitCode.Done);
        Result(call).GetProperty("holds").GetArrayLength().ShouldBe(0);
        (await call.RunAsync("log", "show", "--inquiry", "REV-2026-1")).Code.ShouldBe(ExitCode.Refused, call.Error);
        await using (var store = (await SqliteStore.OpenAsync(Settings(call).DataFolder, TimeProvider.System, null, default)).Value)
        {
            var log = new Log(store, FileKeyStore.Open(Settings(call).KeyFolder).Value, TimeProvider.System);
            (await log.OpenAsync(new("ova", "oversight", []), "REV-2026-1", "review", TimeSpan.FromDays(3), default)).IsOk.ShouldBeTrue();
        }

        (await call.RunAsync("log", "show", "--inquiry", "REV-2026-1", "--json")).Code.ShouldBe(ExitCode.Done, call.Error);
        Result(call).GetProperty("decisions").GetArrayLength().ShouldBe(0);
        (await call.RunAsync("log", "show", "--inquiry", "REV-2026-1", "--lang", "zh")).Output.ShouldContain("目的");
    }

    [Fact]
    public async Task M79_erasing_is_previewed_asked_taken_back_and_carried_out_after_two_others_only()
    {
        using var call = new Called();
        call.Environment["WAYMARK_PACKS_ROOT"] = CasePacks.Make(Path.Combine(call.Folder, "packs"));
        const string person = "0123456789abcdef0123456789abcdef";
        string[] ask = ["erasure", "ask", person, "--unit", "protection/north", "--matter", "SR-1", "--reason", "her own request", "--json"];
        (await call.RunAsync("hold", "place", person, "--ground", "complaint 7", "--days", "10")).Code.ShouldBe(ExitCode.Done, call.Error);
        (await call.RunAsync("erasure", "preview", person, "--json")).Code.ShouldBe(ExitCode.Done, call.Error);
        (Result(call).GetProperty("state").GetString(), Result(call).GetProperty("records").GetInt32(), Result(call).GetProperty("holds").GetInt32()).ShouldBe(("preview", 0, 1));
        (await call.RunAsync("erasure", "preview", person, "--lang", "zh")).Output.ShouldContain("同意与拒绝");
        (await call.RunAsync(ask)).Code.ShouldBe(ExitCode.Done, call.Error);
        (await call.RunAsync("erasure", "do", person)).Code.ShouldBe(ExitCode.Refused, call.Error);
        (await call.RunAsync("erasure", "withdraw", person)).Code.ShouldBe(ExitCode.Done, call.Error);
        (await call.RunAsync("erasure", "withdraw", person)).Code.ShouldBe(ExitCode.NotFound, call.Error);
        (await call.RunAsync(ask)).Code.ShouldBe(ExitCode.Done, call.Error);
        await using (var store = (await SqliteStore.OpenAsync(Settings(call).DataFolder, TimeProvider.System, null, default)).Value)
        {
            var (keys, clock) = (FileKeyStore.Open(Settings(call).KeyFolder).Value, new FakeClock(TimeProvider.System.GetUtcNow()));
            var deciders = new Dictionary<ReviewKind, IReadOnlySet<string>> { [ReviewKind.Erasure] = new HashSet<string>(StringComparer.Ordinal) { "legal-officer", "oversight" } };
            var reviews = new Reviews(deciders, store, keys, clock);
            foreach (var decider in new[] { new Actor("lee", "legal-officer", ["legal"], true, "key-lee"), new Actor("ova", "oversight", ["oversight"], true, "key-ova") })
            {
                clock.Advance(TimeSpan.FromMinutes(3));
                var waiting = (await reviews.ListAsync(decider, default)).Single(review => review.MayDecide);
                (await reviews.DecideAsync(decider, waiting.Id, true, "she proved who she is", default)).IsOk.ShouldBeTrue();
            }
        }

        (await call.RunAsync("erasure", "do", person)).Code.ShouldBe(ExitCode.Refused, "a hold stands");
        call.Error.ShouldContain("erasure.held");
        await using (var store = (await SqliteStore.OpenAsync(Settings(call).DataFolder, TimeProvider.System, null, default)).Value)
        {
            var hold = (await store.Records.ListAsync(new("protection.hold", []), default)).Value.Records.Single();
            (await store.CommitAsync(new() { Actor = "test", Reason = "test", Records = [new("protection.hold", hold.Id, hold.Version, null, "{}"u8.ToArray(), [])] }, default)).IsOk.ShouldBeTrue();
        }

        (await call.RunAsync("erasure", "do", person, "--json")).Code.ShouldBe(ExitCode.Done, call.Error);
        Result(call).GetProperty("state").GetString().ShouldBe("done");
        (await call.RunAsync("erasure", "do", person)).Code.ShouldBe(ExitCode.Refused, "an approval is used once");
    }

    [Fact]
    public async Task M88_an_act_that_protects_goes_on_while_the_store_cannot_even_be_opened()
    {
        using var call = new Called();
        string[] act = ["protect", "stop-return", "--person", "person-1", "--matter", "C-1", "--unit", "protection/north", "--note", "bus at noon", "--json"];
        (await call.RunAsync(act)).Code.ShouldBe(ExitCode.Done, call.Error);
        Result(call).GetProperty("isLocal").GetBoolean().ShouldBeFalse();
        foreach (var file in Directory.EnumerateFiles(Settings(call).DataFolder, "*.db*").ToList())
        {
            File.WriteAllText(file, "no database any more");
        }

        (await call.RunAsync("jobs", "list")).Code.ShouldNotBe(ExitCode.Done, "the store is gone");
        (await call.RunAsync(act)).Code.ShouldBe(ExitCode.Done, call.Error);
        Result(call).GetProperty("isLocal").GetBoolean().ShouldBeTrue();
        (await File.ReadAllTextAsync(Path.Combine(Settings(call).DataFolder, LocalLedger.FileName), TestContext.Current.CancellationToken)).ShouldNotContain("person-1");
        (await call.RunAsync("protect", "read", "--person", "p", "--matter", "C-1", "--unit", "u", "--note", "x")).Code.ShouldBe(ExitCode.Refused, call.Error);
    }

    [Fact]
    public async Task The_check_of_packs_finds_what_the_rule_checker_finds_at_its_line()
    {
        using var call = new Called();
        var packs = CasePacks.Make(Path.Combine(call.Folder, "packs"));
        call.Environment["WAYMARK_PACKS_ROOT"] = packs;
        (await call.RunAsync("packs", "check")).Code.ShouldBe(ExitCode.Done, call.Output + call.Error);
        var harbour = Path.Combine(packs, "rules", "harbour.yaml");
        var text = File.ReadAllText(harbour);
        File.WriteAllText(harbour, text.Replace("when: purpose = purpose.declared", "when: purpose = purpose.declard", StringComparison.Ordinal));
        (await call.RunAsync("packs", "check")).Code.ShouldBe(ExitCode.Faults);
        call.Output.ShouldContain("rules/harbour.yaml:12:");
        call.Output.ShouldContain("[rules.unknown-code]");
        File.WriteAllText(harbour, text.Replace("when: purpose = purpose.declared", "when: purpose = protection and purpose = assistance", StringComparison.Ordinal));
        (await call.RunAsync("packs", "check")).Code.ShouldBe(ExitCode.Faults);
        call.Output.ShouldContain("rules.dead");
        File.Delete(Path.Combine(packs, "rules", "floor.yaml"));
        (await call.RunAsync("packs", "check")).Code.ShouldBe(ExitCode.Faults, "no node without the floor");
    }

    private static JsonElement Result(Called call) => JsonDocument.Parse(call.Output).RootElement.GetProperty("result");

    private static Settings Settings(Called call)
    {
        var read = SettingsReader.Read(new(new Dictionary<string, string>(StringComparer.Ordinal), call.Environment, call.Folder, null));
        read.IsOk.ShouldBeTrue(read.Error?.ToString());
        return read.Value;
    }
}
