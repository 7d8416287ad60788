using System.Text;
using Waymark.App.Api;

namespace Waymark.Misuse.Tests;

/// <summary>Misuse group 15: forged figures, and case lists dropped as evidence.</summary>
public sealed class ForgedFigureTests
{
    [Fact]
    public async Task M102_one_changed_digit_of_a_figure_is_altered()
    {
        using var here = new Installation();
        await using var platform = await here.OpenAsync();
        var cancellationToken = TestContext.Current.CancellationToken;
        var series = (await platform.Evidence.SeriesAsync(cancellationToken))[0];
        var answer = (await platform.Evidence.QueryAsync(new() { Series = series.Id, Limit = 500 }, cancellationToken)).Value;
        var (value, key) = Enumerable.Range(0, answer.Rows.Count)
            .Select(at => (answer.Rows[at][Column("value")].Number, At: at)).Where(row => row.Number > 10)
            .Select(row => (row.Number!.Value, answer.Rows[row.At])).First();
        var where = string.Join("; ", series.Dimensions.Where(dimension => dimension.Id != "period").Select(dimension => $"{dimension.Id}={key[Column(dimension.Id)].Text}"));
        var address = $"/api/evidence/query/{series.Id}?where={Uri.EscapeDataString(where)}&from={key[Column("period")].Text}&to={key[Column("period")].Text}";

        async Task<Verdict> Ask(string at, string shown) => (await VerifyApi.FigureAsync(at, shown, platform.Evidence, cancellationToken)).Verdict;
        (await Ask(address, value.ToString(System.Globalization.CultureInfo.InvariantCulture))).ShouldBe(Verdict.Genuine);
        (await Ask(address, (value + 1).ToString(System.Globalization.CultureInfo.InvariantCulture))).ShouldBe(Verdict.Altered);
        (await Ask("/api/evidence/query/no/such", "1")).ShouldBe(Verdict.Unknown);
        (await Ask("https://elsewhere.example/page", "1")).ShouldBe(Verdict.Unknown);

        int Column(string id) => Enumerable.Range(0, answer.Columns.Count).First(at => answer.Columns[at].Id == id);
    }

    [Fact]
    public async Task M102_one_changed_digit_of_a_file_is_altered()
    {
        using var here = new Installation();
        var cancellationToken = TestContext.Current.CancellationToken;
        (await here.RunAsync("series", "--json")).Code.ShouldBe(0);
        await using var platform = await here.OpenAsync();
        var series = (await platform.Evidence.SeriesAsync(cancellationToken))[0].Id;
        var (code, file, error) = await here.RunAsync("query", series, "--limit", "5", "--format", "json");
        code.ShouldBe(0, error);

        async Task<Verdict> Ask(string text) =>
            (await VerifyApi.FileAsync(new MemoryStream(Encoding.UTF8.GetBytes(text)), "answer.json", platform.Evidence, cancellationToken)).Verdict;
        (await Ask(file)).ShouldBe(Verdict.Genuine);
        var at = file.IndexOf("\"value\":", StringComparison.Ordinal) + "\"value\":".Length;
        var forged = file[..at] + (file[at] == '9' ? '8' : '9') + file[(at + 1)..];
        (await Ask(forged)).ShouldBe(Verdict.Altered);
        (await Ask(file.Replace("\"citation\"", "\"zitat\"", StringComparison.Ordinal))).ShouldNotBe(Verdict.Genuine);
        (await Ask("just something else")).ShouldBe(Verdict.Unknown);
    }

    [Fact]
    public async Task M50_a_list_of_persons_dropped_as_evidence_is_stopped_at_the_command_line()
    {
        using var here = new Installation();
        var list = new StringBuilder("First name,Last name,Date of birth,Passport number,Phone\n");
        for (var i = 0; i < 40; i++)
        {
            list.Append(System.Globalization.CultureInfo.InvariantCulture, $"Maya,Seedname{(char)('A' + (i % 26))},1990-01-{(i % 28) + 1:00},K{1234567 + i},+66 81 234 5{i:000}\n");
        }

        await File.WriteAllTextAsync(Path.Combine(here.Folder, "arrivals.csv"), list.ToString(), TestContext.Current.CancellationToken);
        var (code, output, _) = await here.RunAsync("import", "arrivals.csv");
        code.ShouldBe(5, output);
        output.ShouldNotContain("Seedname");
        foreach (var file in Directory.GetFiles(Path.Combine(here.Folder, "data"), "*", SearchOption.AllDirectories))
        {
            Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken)).ShouldNotContain("Seedname");
        }
    }
}
