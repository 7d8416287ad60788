using Waymark.App.Configuration;
using Waymark.Model;
using Waymark.Site.Tests.Support;

namespace Waymark.Site.Tests.Configuration;

public sealed class SettingsTests
{
    private static readonly Dictionary<string, string> s_none = new(StringComparer.Ordinal);

    [Fact]
    public void Flags_go_before_environment_before_file_before_default()
    {
        using var call = new Called();
        Port(call, s_none, s_none).ShouldBe((5080, "default"));
        call.Write("waymark.yaml", "server:\n  port: 6001\n");
        Port(call, s_none, s_none).ShouldBe((6001, "waymark.yaml:2:9"));
        var environment = new Dictionary<string, string> { ["WAYMARK_SERVER_PORT"] = "6002" };
        Port(call, s_none, environment).ShouldBe((6002, "WAYMARK_SERVER_PORT"));
        Port(call, new Dictionary<string, string> { ["server.port"] = "6003" }, environment).ShouldBe((6003, "flag"));

        static (int, string) Port(Called call, Dictionary<string, string> flags, Dictionary<string, string> environment)
        {
            var settings = SettingsReader.Read(new(flags, environment, call.Folder, null)).Value;
            return (settings.Port, settings.Origins.Single(origin => origin.Key == "server.port").From);
        }
    }

    [Theory]
    [InlineData("sever:\n  port: 1\n", "config.unknown-key", "waymark.yaml:2:1")]
    [InlineData("server:\n  prot: 1\n", "config.unknown-key", "waymark.yaml:2:1")]
    [InlineData("server:\n  port: 99999\n", "config.wrong-value", "waymark.yaml:2:9")]
    [InlineData("server:\n\tport: 1\n", "config.syntax", "waymark.yaml:2:1")]
    [InlineData("reading: closed\nreading: public\n", "config.syntax", "waymark.yaml:2:1")]
    [InlineData("reading: &anchor closed\n", "config.syntax", "waymark.yaml:1:10")]
    [InlineData("reading: sometimes\n", "config.wrong-value", "waymark.yaml:1:10")]
    [InlineData("server:\n  address: everywhere\n", "config.wrong-value", "waymark.yaml:2:12")]
    [InlineData("just text\n", "config.syntax", "waymark.yaml:1:1")]
    public void A_fault_is_named_with_line_and_column(string text, string code, string where)
    {
        using var call = new Called();
        call.Write("waymark.yaml", text);
        var error = SettingsReader.Read(new(s_none, s_none, call.Folder, null)).Error.ShouldNotBeNull();
        (error.Code, error.Where).ShouldBe((code, where));
    }

    [Fact]
    public void A_mistyped_key_or_variable_gets_the_near_word()
    {
        using var call = new Called();
        call.Write("waymark.yaml", "server:\n  prot: 1\n");
        SettingsReader.Read(new(s_none, s_none, call.Folder, null)).Error!.Hint!.In("en").ShouldContain("server.port");
        File.Delete(Path.Combine(call.Folder, "waymark.yaml"));
        var error = SettingsReader.Read(new(s_none, new Dictionary<string, string> { ["WAYMARK_SERVER_PROT"] = "1" }, call.Folder, null)).Error!;
        error.Hint!.In("en").ShouldContain("WAYMARK_SERVER_PORT");
    }

    [Fact]
    public async Task Secrets_are_never_printed()
    {
        using var call = new Called();
        const string Secret = "Host=db;Password=s3cr3t-seed";
        call.Environment["WAYMARK_STORE"] = Secret;
        foreach (var words in new[] { new[] { "config", "show" }, ["config", "show", "--json"], ["config", "check", "--json"], ["config", "show", "-v", "--store", "postgres"] })
        {
            await call.RunAsync(words);
            call.Code.ShouldBe(0, call.Error);
            (call.Output + call.Error).ShouldNotContain("s3cr3t");
            (call.Output + call.Error).ShouldContain(words[1] == "check" ? "set" : "WAYMARK_STORE");
        }
    }

    [Fact]
    public void A_connection_file_that_others_can_read_is_refused()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "skipped: no Unix file modes here");
        using var call = new Called();
        var file = call.Write("connection", "Host=db");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        var flags = new Dictionary<string, string> { ["store.kind"] = "postgres", ["store.connection-file"] = file };
        SettingsReader.Read(new(flags, s_none, call.Folder, null)).Error!.Code.ShouldBe("config.secret-readable");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        SettingsReader.Read(new(flags, s_none, call.Folder, null)).Value.Connection.ShouldBe("Host=db");
    }

    [Fact]
    public async Task Check_names_every_fault_and_ends_with_three()
    {
        using var call = new Called();
        call.Write("waymark.yaml", "reading: sometimes\nserver:\n  port: x\n");
        (await call.RunAsync("config", "check")).Code.ShouldBe(3);
        call.Error.ShouldContain("waymark.yaml:1:10");
        call.Error.ShouldContain("waymark.yaml:3:9");
    }

    [Fact]
    public void Every_setting_says_what_it_means_in_both_languages() =>
        SettingCatalogue.All.ShouldAllBe(rule => rule.Meaning.Languages.Contains("en") && rule.Meaning.Languages.Contains("zh"));

    [Fact]
    public void M76_there_is_no_setting_that_switches_a_rule_a_gate_or_a_log_off()
    {
        string[] words = ["disable", "skip", "off", "unsafe", "insecure", "debug", "bypass", "no-", "allow-any", "trust-all", "floor", "audit", "demo"];
        SettingCatalogue.All.Select(rule => rule.Key).ShouldAllBe(key => !words.Any(key.Contains));
        SettingCatalogue.OtherVariables.ShouldAllBe(name => !name.Contains("DEBUG") && !name.Contains("SKIP") && !name.Contains("OFF"));
    }

    [Fact]
    public void Half_of_TLS_is_a_fault()
    {
        using var call = new Called();
        SettingsReader.Read(new(new Dictionary<string, string> { ["server.tls-key"] = "k.pem" }, s_none, call.Folder, null)).Error!.Kind.ShouldBe(ErrorKind.Invalid);
    }
}
