using Waymark.App.Accounts;
using Waymark.App.CommandLine;
using Waymark.App.Configuration;
using Waymark.App.Hosting;

namespace Waymark.Misuse.Tests;

/// <summary>Misuse group 16: update, rollback, sample keys; and the off switch of group 12.</summary>
public sealed class SupplyTests
{
    private static readonly Dictionary<string, string> s_open = new(StringComparer.Ordinal)
    {
        ["server.address"] = "0.0.0.0", ["server.public-address"] = "https://waymark.example",
    };

    [Fact]
    public async Task M105_a_sample_account_and_a_server_open_to_a_network_exclude_each_other()
    {
        using var here = new Installation();
        (await here.RunAsync("user", "add", "demo", "--role", "steward", "--sample")).Code.ShouldBe(ExitCode.Done);
        await using (var platform = await here.OpenAsync(s_open))
        {
            var refusal = (await ServeGuard.CheckAsync(platform, TestContext.Current.CancellationToken)).ShouldNotBeNull();
            refusal.Code.ShouldBe("serve.sample-account");
            refusal.Hint.ShouldNotBeNull();
        }

        // The lawful neighbours: the same account on this machine only; the network without it.
        await using (var platform = await here.OpenAsync())
        {
            (await ServeGuard.CheckAsync(platform, TestContext.Current.CancellationToken)).ShouldBeNull();
        }

        (await here.RunAsync("user", "lock", "demo")).Code.ShouldBe(ExitCode.Done);
        await using (var platform = await here.OpenAsync(s_open))
        {
            (await ServeGuard.CheckAsync(platform, TestContext.Current.CancellationToken)).ShouldBeNull();
        }
    }

    [Fact]
    public async Task M105_passwords_never_cross_a_network_in_the_clear()
    {
        using var here = new Installation();
        await using var platform = await here.OpenAsync(new Dictionary<string, string> { ["server.address"] = "0.0.0.0" });
        (await ServeGuard.CheckAsync(platform, TestContext.Current.CancellationToken))!.Code.ShouldBe("serve.open-without-tls");
    }

    [Fact]
    public async Task M105_an_older_release_does_not_start_on_newer_data()
    {
        using var here = new Installation();
        (await here.RunAsync("user", "list")).Code.ShouldBe(ExitCode.Done);
        await using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(here.Folder, "data", "waymark.db")};Pooling=False"))
        {
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            await using var command = connection.CreateCommand();
            command.CommandText = "insert into schema_version (number, script, sha256, applied_at) values (999, '2999-01-01-later.sql', 'x', 0)";
            (await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken)).ShouldBe(1);
        }

        var (code, _, error) = await here.RunAsync("user", "list");
        code.ShouldNotBe(ExitCode.Done);
        error.ShouldContain("store.newer");
    }

    [Fact]
    public void M76_no_setting_flag_or_variable_switches_a_rule_off()
    {
        string[] words = ["disable", "skip", "bypass", "unsafe", "insecure", "debug", "developer", "force", "override", "ignore", "trust-all"];
        using var stop = new StopSignal();
        var terminal = new Terminal
        {
            OutputBytes = Stream.Null, Output = TextWriter.Null, Error = TextWriter.Null, Input = TextReader.Null,
            Environment = new Dictionary<string, string>(), WorkingFolder = "/",
        };
        var root = WaymarkCommandLine.Build(new(Language.English), terminal, Language.English, new PlatformOpener());
        var names = Options(root).Concat(SettingCatalogue.All.Select(rule => rule.Key)).Concat(SettingCatalogue.OtherVariables).ToList();
        names.Count.ShouldBeGreaterThan(40);
        names.ShouldAllBe(name => !words.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase)));

        static IEnumerable<string> Options(System.CommandLine.Command command) => command.Options.SelectMany(option => option.Aliases.Append(option.Name))
            .Concat(command.Subcommands.SelectMany(Options));
    }

    [Fact]
    public async Task M76_an_unknown_variable_is_refused_and_never_silently_obeyed()
    {
        using var here = new Installation();
        foreach (var name in new[] { "WAYMARK_DEBUG", "WAYMARK_SKIP_FLOOR", "WAYMARK_DEMO" })
        {
            var read = SettingsReader.Read(new(new Dictionary<string, string>(), new Dictionary<string, string> { [name] = "1" }, here.Folder, null));
            read.Error!.Code.ShouldBe("config.unknown-variable");
        }

        (await here.RunAsync("config", "check")).Code.ShouldBe(ExitCode.Done);
    }

    [Fact]
    public async Task M76_an_administrator_cannot_make_a_link_for_another_first_administrator()
    {
        using var here = new Installation();
        await using var platform = await here.OpenAsync();
        var cancellationToken = TestContext.Current.CancellationToken;
        var first = (await FirstAdministrator.LinkAsync(platform, 5080, cancellationToken)).ShouldNotBeNull().Split('=')[1];
        var second = (await FirstAdministrator.LinkAsync(platform, 5080, cancellationToken)).ShouldNotBeNull().Split('=')[1];
        await AccountTools.WithAccounts(platform.Foundation, async accounts =>
        {
            (await accounts.WelcomeAsync(first, "Ada", "correct horse battery", System.Net.IPAddress.Loopback, cancellationToken)).IsOk.ShouldBeTrue();
            (await accounts.WelcomeAsync(second, "Eve", "correct horse battery", System.Net.IPAddress.Loopback, cancellationToken)).Error!.Code.ShouldBe("account.administrator-exists");
            return true;
        });
    }
}
