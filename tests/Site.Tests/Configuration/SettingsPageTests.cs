using System.Text;
using Waymark.App.Configuration;
using Waymark.Site.Tests.Support;

namespace Waymark.Site.Tests.Configuration;

/// <summary>docs/operations/configuration.md is made from the catalogue of settings, and its example is a good file.</summary>
public sealed class SettingsPageTests
{
    private const string Example = """
        name: Example statistics office
        data: /var/lib/waymark
        reading: public
        store:
          kind: postgres
          connection-file: /etc/waymark/connection
        server:
          address: 127.0.0.1
          port: 5080
          public-address: https://data.example
          proxies: [127.0.0.1, 10.0.0.0/8]
        limits:
          upload-mebibytes: 512
        """;

    [Fact]
    public void The_page_lists_every_setting_as_the_program_knows_it()
    {
        var page = new StringBuilder("""
            # Configuration

            Settings come from flags, the environment, `waymark.yaml` in the working folder (or `--config FILE`), and defaults; the first of these that
            speaks wins. `waymark config check` names every fault with line and column; an unknown key or `WAYMARK_` variable is refused, with the
            near word. `waymark config show` prints each value and where it comes from; secrets only as "set".

            The file is a strict part of YAML: sections, keys, plain values, texts in double quotes, lists in brackets. Relative paths start at the file.

            ```yaml

            """);
        page.Append(Example).Append("\n```\n\n| key | environment | default | meaning | 含义 |\n| --- | --- | --- | --- | --- |\n");
        foreach (var rule in SettingCatalogue.All)
        {
            var words = rule.Words is null ? "" : $" ({string.Join(", ", rule.Words)})";
            page.Append($"| `{rule.Key}` | `{rule.Variable}` | {(rule.Default.Length == 0 ? "" : $"`{rule.Default}`")} | {rule.Meaning.In("en")}{words} | {rule.Meaning.In("zh")} |\n");
        }

        page.Append("| (secret) | `WAYMARK_STORE` | | Connection string of PostgreSQL, when no connection file is given. | PostgreSQL 连接串（未指定文件时）。 |\n");
        Golden.ShouldMatch(page.ToString(), Path.Combine(Places.Root, "docs", "operations", "configuration.md"));
    }

    [Fact]
    public void The_example_is_a_good_file()
    {
        using var call = new Called();
        call.Write("waymark.yaml", Example.Replace("/etc/waymark/connection", call.Write("connection", "Host=db"), StringComparison.Ordinal));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Path.Combine(call.Folder, "connection"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        var settings = SettingsReader.Read(new(new Dictionary<string, string>(), new Dictionary<string, string>(), call.Folder, null));
        settings.IsOk.ShouldBeTrue(settings.Error?.ToString());
        (settings.Value.Store, settings.Value.Proxies.Count, settings.Value.UploadMebibytes).ShouldBe((StoreKind.Postgres, 2, 512));
    }
}
