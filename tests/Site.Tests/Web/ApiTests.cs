using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Waymark.App.Accounts;
using Waymark.Site.Tests.Support;
using Waymark.Storage;

namespace Waymark.Site.Tests.Web;

public sealed class ApiTests(SharedSite shared) : IClassFixture<SharedSite>
{
    private const string Query = "/api/evidence/query/unhcr/population";

    [Theory]
    [InlineData("/api/evidence/series", "unhcr/population")]
    [InlineData("/api/evidence/series/unhcr/population", "\"dimensions\"")]
    [InlineData("/api/evidence/sources", "unhcr/tidy")]
    [InlineData("/api/evidence/imports", "population.csv")]
    [InlineData("/api/evidence/imports/i1", "\"cells\"")]
    [InlineData("/api/evidence/explain/unhcr/population?where=area%3DFRA", "population.csv:2:5")]
    [InlineData("/api/evidence/checks", "sum-of-parts")]
    [InlineData("/api/evidence/diff?from=2024-01-01&to=2024-12-31", "\"meanRevision\":2.5")]
    [InlineData(Query + "?where=area%3DDEU&from=2011&to=2011", "\"value\":20")]
    [InlineData("/health/live", "live")]
    [InlineData("/health/ready", "ready")]
    [InlineData("/api/openapi.json", "\"openapi\": \"3.1")]
    public async Task Reads_answer(string address, string part)
    {
        var site = shared.Site;
        (await site.Client.GetStringAsync(new Uri(address, UriKind.Relative), TestContext.Current.CancellationToken)).ShouldContain(part);
    }

    [Fact]
    public async Task Who_imported_is_not_said_to_readers()
    {
        var site = shared.Site;
        (await site.Client.GetStringAsync(new Uri("/api/evidence/imports", UriKind.Relative), TestContext.Current.CancellationToken)).ShouldNotContain("somebody");
    }

    [Fact]
    public async Task An_original_file_is_a_download_and_never_a_page()
    {
        var site = shared.Site;
        using var response = await site.Client.GetAsync(new Uri("/api/evidence/snapshots/" + FakeEvidence.Sha, UriKind.Relative), TestContext.Current.CancellationToken);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/octet-stream");
        response.Content.Headers.ContentDisposition!.DispositionType.ShouldBe("attachment");
        (await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).ShouldBe(FakeEvidence.Original);
        response.Headers.GetValues("Waymark-Licence").Single().ShouldBe("CC BY 4.0");
    }

    [Theory]
    [InlineData("text/csv", "text/csv", "area,origin")]
    [InlineData("application/json", "application/json", "{\"schema\":\"waymark.query/1\"")]
    [InlineData("application/jsonl", "application/jsonl", "{\"area\"")]
    [InlineData("application/vnd.sdmx.data+csv;version=2.1.0", "application/vnd.sdmx.data+csv", "STRUCTURE,")]
    public async Task The_media_type_asked_for_is_the_one_given(string accept, string media, string start)
    {
        var site = shared.Site;
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Query, UriKind.Relative));
        request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse(accept));
        using var response = await site.Client.SendAsync(request, TestContext.Current.CancellationToken);
        response.Content.Headers.ContentType!.MediaType.ShouldBe(media);
        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldStartWith(start);
    }

    [Fact]
    public async Task Every_answer_says_unit_definition_licence_citation_and_source_hash()
    {
        var site = shared.Site;
        foreach (var address in new[] { Query + "?format=csv", "/sdmx/data/dataflow/unhcr/population/1.0.0/*" })
        {
            using var response = await site.Client.GetAsync(new Uri(address, UriKind.Relative), TestContext.Current.CancellationToken);
            response.Headers.GetValues("Waymark-Unit").Single().ShouldBe("persons");
            response.Headers.GetValues("Waymark-Definition").Single().ShouldBe("unhcr-refugees");
            response.Headers.GetValues("Waymark-Source-Sha256").Single().ShouldBe(FakeEvidence.Sha);
            Uri.UnescapeDataString(response.Headers.GetValues("Waymark-Citation").Single()).ShouldContain("Refugee Data Finder");
        }
    }

    [Fact]
    public async Task The_same_question_over_the_same_vintages_is_not_sent_twice()
    {
        var site = shared.Site;
        foreach (var address in new[] { Query, "/sdmx/data/dataflow/unhcr/population" })
        {
            using var first = await site.Client.GetAsync(new Uri(address, UriKind.Relative), TestContext.Current.CancellationToken);
            var tag = first.Headers.ETag.ShouldNotBeNull();
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, UriKind.Relative));
            request.Headers.IfNoneMatch.Add(tag);
            using var second = await site.Client.SendAsync(request, TestContext.Current.CancellationToken);
            second.StatusCode.ShouldBe(HttpStatusCode.NotModified);
            (await second.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).ShouldBeEmpty();
            using var other = await site.Client.GetAsync(new Uri(address + "?limit=1", UriKind.Relative), TestContext.Current.CancellationToken);
            other.Headers.ETag.ShouldNotBe(tag);
        }
    }

    [Fact]
    public async Task A_new_vintage_makes_every_cached_answer_unreachable()
    {
        await using var site = await Running.StartAsync();
        using var before = await site.Client.GetAsync(new Uri(Query, UriKind.Relative), TestContext.Current.CancellationToken);
        using var cached = await site.Client.GetAsync(new Uri(Query, UriKind.Relative), TestContext.Current.CancellationToken);
        cached.Headers.Age.ShouldNotBeNull("the second answer comes from the cache");
        var committed = await site.Platform.Store.CommitAsync(
            new WriteSet
            {
                Actor = "test", Reason = "test",
                Vintages = [new("v2", "unhcr/population", "i2", "2025", 2)],
                Flips = [new("v2", VintageState.Staged, VintageState.Visible)],
            },
            TestContext.Current.CancellationToken);
        committed.IsOk.ShouldBeTrue(committed.Error?.ToString());
        using var after = await site.Client.GetAsync(new Uri(Query, UriKind.Relative), TestContext.Current.CancellationToken);
        after.Headers.Age.ShouldBeNull();
        after.Headers.ETag.ShouldNotBe(before.Headers.ETag);
    }

    [Theory]
    [InlineData(Query + "?from=never", 400, "query.not-a-period")]
    [InlineData(Query + "?where=area", 400, "where.unreadable")]
    [InlineData(Query + "?measure=summ", 400, "query.unknown-measure")]
    [InlineData(Query + "?limit=0", 400, "query.not-a-number")]
    [InlineData("/api/evidence/query/no/such", 404, "series.unknown")]
    [InlineData("/api/evidence/snapshots/xyz", 404, "snapshot.unknown")]
    [InlineData("/api/nothing", 404, "request.not-found")]
    [InlineData("/api/nothing.css", 404, "request.not-found")]
    [InlineData("/api/jobs", 401, "request.sign-in")]
    public async Task Errors_are_problem_details_in_the_readers_language(string address, int status, string code)
    {
        var site = shared.Site;
        var titles = new List<string>();
        foreach (var language in new[] { "en", "zh-Hans-CN" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, UriKind.Relative));
            request.Headers.AcceptLanguage.ParseAdd(language);
            using var response = await site.Client.SendAsync(request, TestContext.Current.CancellationToken);
            ((int)response.StatusCode).ShouldBe(status);
            response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
            using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            problem.RootElement.GetProperty("code").GetString().ShouldBe(code);
            problem.RootElement.GetProperty("status").GetInt32().ShouldBe(status);
            problem.RootElement.GetProperty("type").GetString().ShouldBe("urn:waymark:error:" + code);
            titles.Add(problem.RootElement.GetProperty("title").GetString()!);
        }

        titles[0].ShouldNotBe(titles[1]);
        titles[1].Any(c => c is >= '一' and <= '鿿').ShouldBeTrue();
    }

    [Fact]
    public async Task A_bug_gives_a_reference_and_nothing_of_the_exception()
    {
        await using var site = await Running.StartAsync();
        site.Evidence.Breaks = () => new InvalidOperationException("secret-seed-4411");
        using var response = await site.Client.GetAsync(new Uri(Query, UriKind.Relative), TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldNotContain("secret-seed-4411");
        string.Join('\n', site.LogLines).ShouldNotContain("secret-seed-4411");
        string.Join('\n', site.LogLines).ShouldContain("InvalidOperationException");
    }

    [Fact]
    public async Task Closed_reading_asks_everybody_to_sign_in()
    {
        await using var site = await Running.StartAsync(new Dictionary<string, string> { ["reading"] = "closed" });
        (await site.Client.GetAsync(new Uri(Query, UriKind.Relative), TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        using var client = await site.SignedInAsync(Roles.Reader);
        (await client.GetAsync(new Uri(Query, UriKind.Relative), TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    public async Task A_change_that_another_site_asks_for_is_refused(string header, string value)
    {
        await using var site = await Running.StartAsync();
        using var client = await site.SignedInAsync(Roles.Administrator);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/api/evidence/waivers", UriKind.Relative))
        {
            Content = new StringContent("""{"finding":"f1","reason":"known","until":"2030-01-01"}""", System.Text.Encoding.UTF8, "application/json"),
        };
        request.Headers.TryAddWithoutValidation(header, value);
        (await client.SendAsync(request, TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        using var own = new HttpRequestMessage(HttpMethod.Post, new Uri("/api/evidence/waivers", UriKind.Relative))
        {
            Content = new StringContent("""{"finding":"f1","reason":"known","until":"2030-01-01"}""", System.Text.Encoding.UTF8, "application/json"),
        };
        own.Headers.TryAddWithoutValidation("Origin", site.Address.GetLeftPart(UriPartial.Authority));
        (await client.SendAsync(own, TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }
}
