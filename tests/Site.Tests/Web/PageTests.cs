using System.Net;
using Waymark.Site.Tests.Support;

namespace Waymark.Site.Tests.Web;

/// <summary>What the server does around pages; what stands on them is tested with a browser.</summary>
public sealed class PageTests(RealSite shared) : IClassFixture<RealSite>
{
    [Theory]
    [InlineData("/", 200)]
    [InlineData("/data", 200)]
    [InlineData("/data/reference/key-figures", 200)]
    [InlineData("/data/across/migrant-stock?standing=chosen&from=2020", 200)]
    [InlineData("/data/across/nothing-counted", 404)]
    [InlineData("/data/no/such", 404)]
    [InlineData("/nothing/here", 404)]
    [InlineData("/sources", 200)]
    [InlineData("/about", 200)]
    [InlineData("/sign-in", 200)]
    public async Task A_page_answers_as_a_page_in_both_languages_without_inline_script_or_style(string address, int status)
    {
        foreach (var (language, tag) in new[] { ("en", "en"), ("zh", "zh-Hans") })
        {
            using var response = await GetAsync(address + "?lang=" + language);
            ((int)response.StatusCode).ShouldBe(status, $"{address}: {shared.Site.LogLines.LastOrDefault(line => line.Contains("Unexpected", StringComparison.Ordinal))}");
            response.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
            var html = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            html.ShouldContain($"lang=\"{tag}\"");
            html.ShouldNotContain(" style=\"");
            html.ShouldNotContain(" onclick=");
            System.Text.RegularExpressions.Regex.IsMatch(html, "<script(?![^>]* src=)").ShouldBeFalse();
            html.ShouldNotContain("<style");
        }
    }

    [Theory]
    [InlineData("/_content/Waymark.Pages/css/base.css")]
    [InlineData("/api/evidence/series")]
    [InlineData("/data")]
    public async Task What_is_text_travels_compressed(string address)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, UriKind.Relative));
        request.Headers.AcceptEncoding.ParseAdd("br");
        using var response = await shared.Site.Client.SendAsync(request, TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentEncoding.ShouldBe(["br"]);
    }

    [Theory]
    [InlineData("/data/reference/key-figures.csv", "text/csv", "figure,")]
    [InlineData("/data/across/migrant-stock.csv?standing=chosen", "text/csv", "area,")]
    [InlineData("/data/reference/key-figures.json", "application/json", "{\"schema\"")]
    [InlineData("/data/reference/key-figures.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "PK")]
    public async Task The_address_of_a_page_with_an_ending_is_its_file(string address, string media, string start)
    {
        using var response = await shared.Site.Client.GetAsync(new Uri(address, UriKind.Relative), TestContext.Current.CancellationToken);
        response.Content.Headers.ContentType!.MediaType.ShouldBe(media);
        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldStartWith(start);
    }

    private async Task<HttpResponseMessage> GetAsync(string address)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, UriKind.Relative));
        request.Headers.Accept.ParseAdd("text/html");
        return await shared.Site.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
