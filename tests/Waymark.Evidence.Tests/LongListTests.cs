using System.Globalization;
using System.Text;
using Shouldly;
using Waymark.Evidence.Contracts;
using Waymark.Model;
using Xunit;

namespace Waymark.Evidence.Tests;

/// <summary>Pages of lists so long that only the rows near the page are gathered, and maps that need one period of many.</summary>
public sealed class LongListTests
{
    private static readonly string[] Countries = ["DEU", "FRA", "ITA", "POL", "ESP", "SWE", "AUT", "BEL", "CHE", "NOR"];

    [Fact]
    public async Task A_page_of_a_long_list_is_that_part_of_the_whole_list_in_every_order()
    {
        using var packs = OwnPacks.Flat();
        await using var harness = await EvidenceHarness.OpenAsync(packs.Library);
        await harness.ImportAsync("2020.csv", Months());
        foreach (var sort in new[] { [], new[] { "-period" }, ["area"], ["-area"], ["sex"], ["-sex", "-period"], ["period", "-area"], ["value"], ["area", "-value"] })
        {
            var question = new SeriesQuery { Series = "own/persons", Sort = sort, From = Period.Parse("1900-02") };
            var whole = Lines(await AskAsync(harness, question with { Limit = 1_000_000 }));
            whole.Count.ShouldBeGreaterThan(16_384 * 2);
            foreach (var offset in new[] { 0, 25, 9_990, 16_380, 18_500, whole.Count - 7, whole.Count, whole.Count + 40 })
            {
                var page = await AskAsync(harness, question with { Offset = offset, Limit = 25 });
                Lines(page).ShouldBe(whole.Skip(offset).Take(25), $"{string.Join(',', sort)} from {offset}");
                page.Total.ShouldBe(whole.Count);
            }
        }
    }

    [Fact]
    public async Task A_list_sorted_by_a_word_that_is_no_column_is_refused_however_long_it_is()
    {
        using var packs = OwnPacks.Flat();
        await using var harness = await EvidenceHarness.OpenAsync(packs.Library);
        await harness.ImportAsync("2020.csv", Months());
        var asked = await harness.Evidence.QueryAsync(new SeriesQuery { Series = "own/persons", Sort = ["-colour"], Limit = 25 }, TestContext.Current.CancellationToken);
        asked.Error!.Message.In("en").ShouldContain("colour");
    }

    [Theory]
    [InlineData(10)]
    [InlineData(5)]
    [InlineData(4)]
    [InlineData(1)]
    [InlineData(0)]
    public async Task The_newest_reported_period_is_the_same_whether_it_was_looked_at_alone_or_among_all(int reporting)
    {
        using var packs = OwnPacks.Flat();
        await using var harness = await EvidenceHarness.OpenAsync(packs.Library);
        var text = new StringBuilder("Edition 2020\nCountry,Sex,Year,Persons\n");
        foreach (var (country, at) in Countries.Select((country, at) => (country, at)))
        {
            text.Append(CultureInfo.InvariantCulture, $"{country},Male,2018,{at + 1}\n{country},Male,2019,{at + 2}\n{country},Male,2020,{(at < reporting ? "3" : "..")}\n");
        }

        await harness.ImportAsync("2020.csv", text.ToString());
        var question = new SeriesQuery { Series = "own/persons", GroupBy = ["area", "period"], Measure = "sum" };
        var all = await AskAsync(harness, question);
        var newest = await AskAsync(harness, question with { NewestReported = true });
        var expected = reporting >= 5 ? "2020" : "2019";
        Lines(newest).ShouldBe(Lines(all).Where(line => line.Contains($"|{expected}|", StringComparison.Ordinal)));
        newest.Rows.Count.ShouldBe(10);
    }

    private static string Months()
    {
        var text = new StringBuilder("Edition 2020\nCountry,Sex,Year,Persons\n");
        for (var i = 0; i < 10 * 2 * 12 * 150; i++)
        {
            var (month, sex) = (i / 20, i % 2 == 0 ? "Male" : "Female");
            text.Append(CultureInfo.InvariantCulture, $"{Countries[i / 2 % 10]},{sex},{1900 + (month / 12)}-{(month % 12) + 1:00},{i * 7919L % 5003}\n");
        }

        return text.ToString();
    }

    private static async Task<QueryResult> AskAsync(EvidenceHarness harness, SeriesQuery question)
    {
        var asked = await harness.Evidence.QueryAsync(question, TestContext.Current.CancellationToken);
        return asked.IsOk ? asked.Value : throw new InvalidOperationException(asked.Error.ToString());
    }

    private static List<string> Lines(QueryResult answer) =>
        [.. answer.Rows.Select(row => string.Join('|', row.Select(cell => cell.Text ?? cell.Number?.ToString(CultureInfo.InvariantCulture))))];
}
