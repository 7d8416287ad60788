using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Waymark.Site.Tests.Support;

namespace Waymark.Site.Tests.Sdmx;

public sealed class DataTests(SharedSite shared) : IClassFixture<SharedSite>
{
    private const string Flow = "/sdmx/data/dataflow/unhcr/population";

    [Theory]
    [InlineData(Flow + "/1.0.0/DEU.SYR.F", 2)]
    [InlineData(Flow + "/+/DEU.*.F", 2)]
    [InlineData(Flow + "/~/DEU", 4)]
    [InlineData(Flow + "/*/DEU,FRA", 6)]
    [InlineData(Flow + "/1.0.0/DEU.AFG,FRA.SYR", 3)]
    [InlineData(Flow + "/1.0.0/DEU.SYR.F,DEU.SYR.F", 2)]
    [InlineData(Flow + "/1.0.0/*", 7)]
    [InlineData(Flow, 7)]
    [InlineData(Flow + "?c[AREA]=FRA", 2)]
    [InlineData(Flow + "?c[REF_AREA]=FRA", 2)]
    [InlineData(Flow + "?c[area]=FRA,DEU&c[SEX]=ne:M", 5)]
    [InlineData(Flow + "?c[TIME_PERIOD]=ge:2010+le:2010", 4)]
    [InlineData(Flow + "?c[TIME_PERIOD]=ge:2010%2Ble:2010", 4)]
    [InlineData(Flow + "?c[OBS_VALUE]=ge:30", 3)]
    [InlineData(Flow + "?limit=3", 3)]
    [InlineData(Flow + "?offset=5&limit=10", 2)]
    [InlineData(Flow + "/1.0.0/DEU.AFG,FRA.SYR?offset=1&limit=1", 1)]
    [InlineData(Flow + "?lastNObservations=1", 5)]
    [InlineData(Flow + "?asOf=2024-12-31", 7)]
    [InlineData(Flow + "?updatedAfter=2009-05-15T14%3A15%3A00%2B01%3A00", 7)]
    [InlineData(Flow + "?updatedAfter=2009-05-15T14:15:00+01:00&asOf=2024-12-31", 7)]
    [InlineData("/sdmx/data/unhcr,population/DEU+FRA.SYR.", 5)]
    [InlineData("/sdmx/data/unhcr,population,1.0/all?startPeriod=2011&endPeriod=2012", 3)]
    [InlineData("/sdmx/data/unhcr,population/..F?detail=dataonly", 2)]
    public async Task A_query_finds_its_observations(string address, int observations)
    {
        var site = shared.Site;
        using var message = JsonDocument.Parse(await site.Client.GetStringAsync(new Uri(address, UriKind.Relative), TestContext.Current.CancellationToken));
        message.RootElement.GetProperty("data").GetProperty("dataSets").EnumerateArray().Sum(Observations).ShouldBe(observations);
    }

    [Theory]
    [InlineData(Flow + "?asOf=2024-01-01&updatedAfter=2024-02-01", 400, "sdmx.updated-after-as-of")]
    [InlineData(Flow + "?c[COLOUR]=red", 400, "sdmx.unknown-component")]
    [InlineData(Flow + "?c[AREA]=xx:DEU", 400, "sdmx.filter")]
    [InlineData(Flow + "?c[AREA]=DEU&c[AREA]=FRA", 400, "sdmx.repeated-parameter")]
    [InlineData(Flow + "?lastObservations=1", 400, "sdmx.unknown-parameter")]
    [InlineData(Flow + "?limit=-1", 400, "sdmx.number")]
    [InlineData(Flow + "?asOf=soon", 400, "time.unreadable")]
    [InlineData(Flow + "?sort=COLOUR", 400, "sdmx.sort")]
    [InlineData(Flow + "?includeHistory=maybe", 400, "sdmx.boolean")]
    [InlineData(Flow + "?dimensionAtObservation=COLOUR", 400, "sdmx.dimension-at-observation")]
    [InlineData(Flow + "/1.0.0/A.B.C.D", 400, "sdmx.key-too-long")]
    [InlineData(Flow + "/7.0.0/*", 404, "sdmx.version")]
    [InlineData("/sdmx/data/dataflow/no/such", 404, "series.unknown")]
    [InlineData("/sdmx/data/population", 404, "sdmx.flow")]
    [InlineData("/sdmx/data/unhcr,population/XXX", 404, "sdmx.no-results")]
    [InlineData(Flow + "?format=xml", 406, "request.not-acceptable")]
    public async Task A_wrong_query_is_a_client_error_that_says_why(string address, int status, string code)
    {
        var site = shared.Site;
        using var response = await site.Client.GetAsync(new Uri(address, UriKind.Relative), TestContext.Current.CancellationToken);
        ((int)response.StatusCode).ShouldBe(status);
        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain($"\"code\":\"{code}\"");
    }

    [Fact]
    public async Task Nothing_found_is_no_content_in_the_new_form()
    {
        var site = shared.Site;
        using var response = await site.Client.GetAsync(new Uri(Flow + "/1.0.0/XXX", UriKind.Relative), TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Theory]
    [InlineData(null, 200, "application/vnd.sdmx.data+json")]
    [InlineData("*/*", 200, "application/vnd.sdmx.data+json")]
    [InlineData("application/vnd.sdmx.data+json;version=2.1.0", 200, "application/vnd.sdmx.data+json")]
    [InlineData("application/vnd.sdmx.data+csv;version=2.1.0;labels=both", 200, "application/vnd.sdmx.data+csv")]
    [InlineData("text/csv", 200, "text/csv")]
    [InlineData("application/vnd.jsonstat+json", 200, "application/json")]
    [InlineData("application/vnd.sdmx.data+xml;version=3.1.0", 406, "application/problem+json")]
    [InlineData("application/vnd.sdmx.data+json;version=9.0.0", 406, "application/problem+json")]
    [InlineData("application/vnd.sdmx.data+xml, text/csv;q=0.5", 200, "text/csv")]
    public async Task Content_is_negotiated(string? accept, int status, string media)
    {
        var site = shared.Site;
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Flow, UriKind.Relative));
        if (accept is not null)
        {
            foreach (var part in accept.Split(", "))
            {
                request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse(part));
            }
        }

        using var response = await site.Client.SendAsync(request, TestContext.Current.CancellationToken);
        ((int)response.StatusCode, response.Content.Headers.ContentType!.MediaType).ShouldBe((status, media));
    }

    [Fact]
    public async Task Pages_join_to_the_whole_in_a_stable_order()
    {
        var site = shared.Site;
        var pages = new List<string>();
        for (var offset = 0; offset < 7; offset += 2)
        {
            pages.AddRange(await RowsAsync(site, $"{Flow}?sort=TIME_PERIOD:desc+AREA&offset={offset}&limit=2&format=csv"));
        }

        pages.ShouldBe(await RowsAsync(site, $"{Flow}?sort=TIME_PERIOD:desc+AREA&format=csv"));
        pages[0].ShouldContain(",2012,");

        static async Task<string[]> RowsAsync(Running site, string address) =>
            (await site.Client.GetStringAsync(new Uri(address, UriKind.Relative), TestContext.Current.CancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries)[1..];
    }

    [Fact]
    public async Task The_message_lists_each_value_once_and_says_where_it_comes_from()
    {
        var site = shared.Site;
        using var message = JsonDocument.Parse(await site.Client.GetStringAsync(new Uri(Flow + "/1.0.0/DEU.SYR", UriKind.Relative), TestContext.Current.CancellationToken));
        var structure = message.RootElement.GetProperty("data").GetProperty("structures")[0];
        structure.GetProperty("dimensions").GetProperty("series").EnumerateArray().Select(d => d.GetProperty("id").GetString()).ShouldBe(["AREA", "ORIGIN", "SEX"]);
        structure.GetProperty("dimensions").GetProperty("observation")[0].GetProperty("id").GetString().ShouldBe("TIME_PERIOD");
        structure.GetProperty("dimensions").GetProperty("series")[0].GetProperty("values")[0].GetProperty("name").GetString().ShouldBe("Germany");
        structure.GetProperty("attributes").GetProperty("dataSet").EnumerateArray().Select(a => a.GetProperty("id").GetString())
            .ShouldBe(["LICENCE", "CITATION", "AS_OF", "SOURCE_SHA256", "DEFINITION", "NOTES"]);
        var series = message.RootElement.GetProperty("data").GetProperty("dataSets")[0].GetProperty("series");
        series.GetProperty("0:0:0").GetProperty("observations").GetProperty("1")[0].GetDecimal().ShouldBe(20);
    }

    [Fact]
    public async Task With_history_each_vintage_is_a_data_set_of_its_own()
    {
        var site = shared.Site;
        using var message = JsonDocument.Parse(await site.Client.GetStringAsync(new Uri(Flow + "?includeHistory=true", UriKind.Relative), TestContext.Current.CancellationToken));
        var set = message.RootElement.GetProperty("data").GetProperty("dataSets").EnumerateArray().Single();
        (set.GetProperty("action").GetString(), set.GetProperty("validFrom").GetString()).ShouldBe(("Replace", "2024-06-20T08:00:00Z"));
    }

    [Theory]
    [InlineData("/sdmx/structure/dataflow", "\"id\":\"population\"")]
    [InlineData("/sdmx/structure/dataflow/unhcr/population/1.0.0", "\"position\":3")]
    [InlineData("/sdmx/structure/dataflow/*/*", "\"agencyID\":\"unhcr\"")]
    public async Task Structures_name_flows_and_the_order_of_the_key(string address, string part)
    {
        var site = shared.Site;
        (await site.Client.GetStringAsync(new Uri(address, UriKind.Relative), TestContext.Current.CancellationToken)).ShouldContain(part);
    }

    private static int Observations(JsonElement set) =>
        set.TryGetProperty("series", out var series)
            ? series.EnumerateObject().Sum(one => one.Value.GetProperty("observations").EnumerateObject().Count())
            : set.GetProperty("observations").EnumerateObject().Count();
}
