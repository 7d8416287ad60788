using Waymark.Site.Tests.Support;

namespace Waymark.Site.Tests.CommandLine;

/// <summary>What people and scripts see, byte for byte: tests/Site.Tests/Golden.</summary>
public sealed class GoldenTests
{
    private static readonly string[] s_where = ["query", "unhcr/population", "--where", "area=DEU|王国", "--as-of", "2024-07-01T00:00:00Z"];

    [Theory]
    [InlineData("short.en", "")]
    [InlineData("help.en", "--help")]
    [InlineData("help.zh", "--help --lang zh")]
    [InlineData("help-query.en", "query --help")]
    [InlineData("help-query.zh", "query --help --lang zh")]
    [InlineData("help-import.en", "import -h")]
    [InlineData("help-user.zh", "user --help --lang zh")]
    [InlineData("series.en", "series")]
    [InlineData("series-one.zh", "series unhcr/population --lang zh")]
    [InlineData("sources.en", "sources")]
    [InlineData("sources.json", "sources --json")]
    [InlineData("explain.en", "explain unhcr/population --where area=FRA --limit 1")]
    [InlineData("check.en", "check")]
    [InlineData("check.json", "check --json")]
    [InlineData("diff.en", "diff --from 2024-01-01 --to 2024-12-31")]
    [InlineData("diff.json", "diff --from 2024-01-01 --to 2024-12-31 --json")]
    public async Task Output_is_as_committed(string name, string words)
    {
        using var call = new Called();
        await call.RunAsync(words.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Golden.ShouldMatch(call.Output, name + ".txt");
    }

    [Theory]
    [InlineData("table", "en")]
    [InlineData("table", "zh")]
    [InlineData("csv", "en")]
    [InlineData("json", "en")]
    [InlineData("jsonl", "en")]
    [InlineData("jsonstat", "en")]
    [InlineData("sdmx-csv", "en")]
    public async Task Answers_are_as_committed(string format, string language)
    {
        using var call = new Called();
        await call.RunAsync([.. s_where, "--format", format, "--lang", language]);
        call.Code.ShouldBe(0, call.Error);
        Golden.ShouldMatch(call.Output, $"query-{format}.{language}.txt");
    }

    [Theory]
    [InlineData("error.en", "query unhcr/population --measure summ")]
    [InlineData("error.zh", "query unhcr/population --measure summ --lang zh")]
    [InlineData("error.json", "query unhcr/population --measure summ --json")]
    [InlineData("error-word.en", "sereis")]
    [InlineData("error-option.zh", "query unhcr/population --formt csv --lang zh")]
    public async Task Errors_are_as_committed(string name, string words)
    {
        using var call = new Called();
        await call.RunAsync(words.Split(' '));
        call.Output.ShouldBeEmpty();
        Golden.ShouldMatch(call.Error, name + ".txt");
    }

    [Fact]
    public async Task The_import_report_is_as_committed()
    {
        using var call = new Called();
        call.Write("folder/population.csv", "x");
        call.Write("folder/deep/faulty.csv", "x");
        call.Write("folder/.hidden/population.csv", "x");
        await call.RunAsync("import", "folder", "--dry-run");
        Golden.ShouldMatch(call.Output + "-- stderr --\n" + call.Error, "import.en.txt");
        await call.RunAsync("import", "folder/**/*.csv", "--json");
        Golden.ShouldMatch(call.Output, "import.json.txt");
    }

    [Fact]
    public async Task A_file_gets_the_format_of_its_ending_and_stdout_stays_empty()
    {
        using var call = new Called();
        await call.RunAsync("query", "unhcr/population", "-o", "out.xlsx", "-q");
        call.Code.ShouldBe(0, call.Error);
        (call.Output, call.Error).ShouldBe(("", ""));
        (await File.ReadAllBytesAsync(Path.Combine(call.Folder, "out.xlsx"), TestContext.Current.CancellationToken))[..2].ShouldBe("PK"u8.ToArray());
        Directory.GetFiles(call.Folder, "*.part").ShouldBeEmpty();
    }

    [Fact]
    public async Task The_same_words_give_the_same_bytes()
    {
        using var first = new Called();
        using var second = new Called();
        await first.RunAsync([.. s_where, "--format", "json"]);
        await second.RunAsync([.. s_where, "--format", "json"]);
        first.Output.ShouldBe(second.Output);
    }
}
