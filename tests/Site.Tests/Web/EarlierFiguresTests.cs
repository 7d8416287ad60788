using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Waymark.App.Hosting;
using Waymark.Evidence.Contracts;
using Waymark.Pages.Data;
using Waymark.Site.Tests.Support;

namespace Waymark.Site.Tests.Web;

/// <summary>
/// "Is the figure still the one I cited last year?" on the pages: two complete editions of one publisher, of which the newer keeps
/// one figure, revises one and has one no longer.
/// </summary>
public sealed partial class EarlierFiguresTests : IAsyncLifetime
{
    private const string Series = "/data/passport-index/visa-requirements";
    private Running _site = null!;
    private DateTimeOffset _earlier;
    private DateTimeOffset _later;

    public async ValueTask InitializeAsync()
    {
        _site = await Running.StartAsync(opener: new PlatformOpener());
        _earlier = await ImportAsync("2021-05-13-passport-index-tidy-iso3.csv", "Passport,Destination,Requirement\nAFG,ALB,e-visa\nAFG,DZA,visa required\nAFG,AND,visa required\n");
        _later = await ImportAsync("2025-01-12-passport-index-tidy-iso3.csv", "Passport,Destination,Requirement\nAFG,ALB,visa required\nAFG,AND,visa required\n");
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Theory]
    [InlineData("en", "Revised", "Withdrawn", "the same", "E-visa before travel", "Visa required")]
    [InlineData("zh", "已修订", "撤回", "未变", "行前电子签证", "需要签证")]
    public async Task A_table_of_an_earlier_moment_says_of_each_figure_what_it_is_today(string language, string revised, string withdrawn, string same, string then, string now)
    {
        var rows = Rows(await PageAsync($"{Series}?view=table&sort=area&asOf={MomentText.Write(_earlier)}", language));
        rows.Count.ShouldBe(3);
        rows.Single(row => row.Contains("area=ALB", StringComparison.Ordinal)).ShouldSatisfyAllConditions(row => row.ShouldContain(revised), row => row.ShouldContain(then), row => row.ShouldContain(now));
        rows.Single(row => row.Contains("area=DZA", StringComparison.Ordinal)).ShouldContain(withdrawn);
        rows.Single(row => row.Contains("area=AND", StringComparison.Ordinal)).ShouldContain(same);

        var today = await PageAsync($"{Series}?view=table", language);
        Rows(today).Count.ShouldBe(2, "what is withdrawn is no figure of today");
        today.ShouldNotContain(same + "</td>");
        (await PageAsync($"{Series}?view=sources", language)).ShouldContain("asOf=" + Uri.EscapeDataString(MomentText.Write(_earlier)));
    }

    [Theory]
    [InlineData("en", "Withdrawn", "Afghanistan, Algeria")]
    [InlineData("zh", "撤回", "阿富汗，阿尔及利亚")]
    public async Task A_withdrawn_figure_is_explained_as_withdrawn_and_under_its_names(string language, string withdrawn, string names)
    {
        var page = await PageAsync($"{Series}/explain?passport=AFG&area=DZA", language);
        page.ShouldContain(withdrawn);
        page.ShouldContain(names);
        page.ShouldContain("2021-05-13-passport-index-tidy-iso3.csv");
    }

    [Fact]
    public async Task Filters_stay_in_the_past_and_a_number_that_is_not_there_is_said_not_to_be()
    {
        var address = $"{Series}?view=table&passport=AFG&asOf={Uri.EscapeDataString(MomentText.Write(_earlier))}";
        (await PageAsync(address, "en")).ShouldContain($"name=\"asOf\" type=\"text\" value=\"{MomentText.Write(_earlier)}\"");
        (await PageAsync($"{Series}/explain?passport=AFG&area=ZWE", "en")).ShouldContain("No observation matches these filters.");
    }

    [Fact]
    public async Task A_citation_leads_back_to_the_figures_that_were_seen()
    {
        var page = await PageAsync($"{Series}/cite?passport=AFG&area=ALB&asOf={Uri.EscapeDataString(MomentText.Write(_earlier))}", "en");
        var cited = Address().Match(page.Split("<pre")[1]).Value;
        cited.ShouldContain("area=ALB");
        var rows = Rows(await PageAsync(new Uri(cited).PathAndQuery, "en"));
        rows.Count.ShouldBe(1);
        rows[0].ShouldContain("E-visa before travel");

        var now = new Uri(Address().Match((await PageAsync($"{Series}/cite?passport=AFG&area=ALB", "en")).Split("<pre")[1]).Value);
        MomentText.Read(WebUtility.UrlDecode(now.Query.Split("asOf=")[1].Split('&')[0]), "asOf").Value.ShouldBeGreaterThanOrEqualTo(_later);
        Rows(await PageAsync(now.PathAndQuery, "en")).Single().ShouldContain("Visa required");
    }

    [Fact]
    public async Task What_leads_on_from_a_table_leads_to_tables_though_the_series_opens_as_a_map()
    {
        (await PageAsync(Series, "en")).ShouldContain($"href=\"{Series}?view=table\"");
        var table = await PageAsync($"{Series}?view=table&passport=AFG", "en");
        foreach (var link in new[] { $"href=\"{Series}?passport=AFG&view=table&sort=area\"", $"href=\"{Series}?passport=AFG&view=table\"", "name=\"view\" value=\"table\"" })
        {
            table.ShouldContain(link);
        }

        Rows(await PageAsync($"{Series}?passport=AFG&view=table&sort=area", "en")).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_day_means_the_same_on_the_page_and_in_its_file()
    {
        var day = _later.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        Rows(await PageAsync($"{Series}?view=table&asOf={day}", "en")).Count.ShouldBe(2);
        var file = await _site.Client.GetStringAsync(new Uri($"{Series}.csv?asOf={day}", UriKind.Relative), TestContext.Current.CancellationToken);
        file.Split('\n', StringSplitOptions.RemoveEmptyEntries).Count(line => line.StartsWith("AFG,", StringComparison.Ordinal)).ShouldBe(2);
        (await PageAsync($"{Series}?view=table&asOf=yesterday", "en")).ShouldContain("time.unreadable");
    }

    private async Task<DateTimeOffset> ImportAsync(string name, string text)
    {
        var imported = await _site.Platform.Evidence.ImportAsync(new([new(name, Encoding.UTF8.GetBytes(text))], null, false, "test"), null, TestContext.Current.CancellationToken);
        imported.IsOk.ShouldBeTrue(imported.Error?.ToString());
        imported.Value.Single().State.ShouldBe(ImportState.Imported);
        var series = await _site.Platform.Evidence.SeriesAsync(Series["/data/".Length..], TestContext.Current.CancellationToken);
        return series.Value.Vintages.Max(vintage => vintage.VisibleFrom);
    }

    private async Task<string> PageAsync(string address, string language)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, UriKind.Relative));
        request.Headers.AcceptLanguage.ParseAdd(language);
        using var response = await _site.Client.SendAsync(request, TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, address);
        return WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private static List<string> Rows(string page) =>
        page.Contains("<tbody>", StringComparison.Ordinal) ? [.. page.Split("<tbody>")[1].Split("</tbody>")[0].Split("</tr>").SkipLast(1)] : [];

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+/data/[^\s<""]+", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Address();
}
