using System.Net;
using System.Text;
using Microsoft.AspNetCore.Routing;
using Waymark.App.Accounts;
using Waymark.App.Hosting;
using Waymark.Site.Tests.Support;

namespace Waymark.Site.Tests.Web;

/// <summary>Every endpoint there is, whatever module mapped it: its policy is stated, tested, and written down.</summary>
public sealed class EndpointTests
{
    private static readonly string[] s_headers =
    [
        "Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Permissions-Policy", "Cross-Origin-Opener-Policy",
        "Cross-Origin-Resource-Policy", "Cache-Control",
    ];

    [Fact]
    public async Task The_table_of_endpoints_and_roles_is_the_committed_one()
    {
        await using var site = await Running.StartAsync();
        var text = new StringBuilder("# Endpoints and who may use them\n\n"
            + "Compared with the running server by `EndpointTests`; a new endpoint needs a line here. \"read\" is everybody when `reading: public`,\n"
            + "and whoever signed in when `reading: closed`; \"staff\" is whoever signed in; \"watch\" is data protection, legal affairs and oversight;\n"
            + "\"casework\" is case workers, supervisors and liaison officers; \"hardware\" asks for a passkey whose maker the operator trusts. An endpoint that states nothing is for administrators only. A key for\n"
            + "a program opens an endpoint only for the purpose in the last column, and never more than its owner may. What each role meets for each\n"
            + "purpose of the vocabulary stands in [access.md](access.md).\n\n"
            + "| method | route | who | purpose of a key |\n| --- | --- | --- | --- |\n");
        foreach (var line in Endpoints(site).Select(endpoint => $"| {Method(endpoint)} | `{Route(endpoint)}` | {Who(endpoint)} | {PurposeOf(endpoint)} |").Distinct().Order(StringComparer.Ordinal))
        {
            text.Append(line).Append('\n');
        }

        Golden.ShouldMatch(text.ToString(), Path.Combine(Places.Root, "docs", "operations", "endpoints.md"));
    }

    [Fact]
    public async Task Every_endpoint_is_closed_to_strangers_unless_it_says_otherwise()
    {
        await using var site = await Running.StartAsync(new Dictionary<string, string> { ["reading"] = "closed" });
        foreach (var endpoint in Endpoints(site).Where(endpoint => Who(endpoint) != "everybody"))
        {
            using var request = Request(endpoint);
            using var response = await site.Client.SendAsync(request, TestContext.Current.CancellationToken);
            response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized, $"{Method(endpoint)} {Route(endpoint)}");
        }
    }

    [Fact]
    public async Task M38_every_address_of_a_desk_that_names_a_record_hides_whether_it_is_there()
    {
        await using var site = await Running.StartAsync();
        var desks = Endpoints(site).Where(endpoint => Route(endpoint) is var route && new[] { "/cases/", "/tracing/", "/persons/", "/messages/", "/returns/" }.Any(desk => route.StartsWith(desk, StringComparison.Ordinal))
            && (Method(endpoint) == "POST" || route.Contains("{id}", StringComparison.OrdinalIgnoreCase))).ToList();
        desks.Count.ShouldBeGreaterThan(30);
        desks.Where(endpoint => endpoint.Metadata.GetMetadata<HidesExistenceAttribute>() is null).Select(Route).ShouldBeEmpty();
    }

    [Fact]
    public async Task Nobody_passes_a_door_that_is_not_for_the_own_role()
    {
        await using var site = await Running.StartAsync();
        foreach (var role in Roles.All)
        {
            using var client = await site.SignedInAsync(role, "Ann " + role);
            var refused = 0;
            foreach (var endpoint in Endpoints(site).Where(endpoint => !May(role, Who(endpoint)) && Route(endpoint) != "/sign-out"))
            {
                using var request = Request(endpoint);
                using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
                response.StatusCode.ShouldBe(HttpStatusCode.Forbidden, $"{role}: {Method(endpoint)} {Route(endpoint)}");
                refused++;
            }

            refused.ShouldBeGreaterThan(0, role);
        }
    }

    [Fact]
    public async Task A_key_passes_only_doors_of_its_purpose_whoever_owns_it()
    {
        await using var site = await Running.StartAsync();
        foreach (var owner in new[] { Roles.Administrator, Roles.Reader })
        {
            using var person = await site.SignedInAsync(owner, "Owner " + owner);
            foreach (var purpose in ApiKey.KnownPurposes)
            {
                var secret = await KeyAsync(site, "Owner " + owner, purpose);
                using var program = site.NewClient();
                program.DefaultRequestHeaders.Authorization = new("Bearer", secret);
                foreach (var endpoint in Endpoints(site).Where(endpoint => !Route(endpoint).EndsWith("/events", StringComparison.Ordinal)))
                {
                    using var request = Request(endpoint);
                    using var response = await program.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
                    var may = PurposeOf(endpoint) == purpose && May(owner, Who(endpoint));
                    (response.StatusCode is not (HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized)).ShouldBe(may, $"{owner}, {purpose}: {Method(endpoint)} {Route(endpoint)} {(int)response.StatusCode}");
                }
            }
        }
    }

    [Fact]
    public async Task Every_answer_carries_the_security_headers_whatever_its_status()
    {
        await using var site = await Running.StartAsync();
        using var client = await site.SignedInAsync(Roles.Administrator);
        var addresses = Endpoints(site).Where(endpoint => Method(endpoint) == "GET").Select(endpoint => Fill(endpoint))
            .Concat(["/nothing/here", "/api/nothing", "/sdmx/nothing", "/api/evidence/query/unhcr/population?from=never", "/%2e%2e/etc/passwd"]);
        foreach (var address in addresses)
        {
            if (address.EndsWith("/events", StringComparison.Ordinal))
            {
                continue;
            }

            using var response = await client.GetAsync(new Uri(address, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
            foreach (var header in s_headers)
            {
                response.Headers.Contains(header).ShouldBeTrue($"{address} ({(int)response.StatusCode}) lacks {header}");
            }

            var policy = response.Headers.GetValues("Content-Security-Policy").Single();
            policy.ShouldContain("default-src 'none'");
            policy.ShouldContain("frame-ancestors 'none'");
            policy.ShouldNotContain("unsafe");
            response.Headers.Contains("Server").ShouldBeFalse();
        }
    }

    [Fact]
    public async Task Every_form_of_a_page_needs_its_token()
    {
        await using var site = await Running.StartAsync();
        using var client = await site.SignedInAsync(Roles.Administrator);
        using var watch = await site.SignedInAsync(Roles.Oversight, "Ova Example");
        using var worker = await site.SignedInAsync(Roles.CaseWorker, "Kim Example");

        // "/my-data" changes nothing; without a token it sets no cookie. The forms for families and for complaints have no cookie either and carry a token of their own (IntakeTests, ComplaintTests).
        foreach (var endpoint in Endpoints(site).Where(endpoint => Method(endpoint) == "POST" && !Route(endpoint).StartsWith("/api/", StringComparison.Ordinal) && Route(endpoint) != "/my-data" && !Route(endpoint).StartsWith("/find-family/", StringComparison.Ordinal) && !Route(endpoint).StartsWith("/complain/", StringComparison.Ordinal) && Who(endpoint) != "hardware"))
        {
            using var content = new MultipartFormDataContent
            {
                { new StringContent("f1"), "finding" }, { new StringContent("r"), "reason" }, { new StringContent("2030-01-01"), "until" },
                { new ByteArrayContent([1]), "files", "x.csv" },
            };
            using var response = await (Who(endpoint) switch { "watch" => watch, "casework" => worker, _ => client }).PostAsync(new Uri(Fill(endpoint), UriKind.Relative), content, TestContext.Current.CancellationToken);
            response.StatusCode.ShouldBe(HttpStatusCode.BadRequest, Route(endpoint));
        }
    }

    private static List<RouteEndpoint> Endpoints(Running site) => Doors.Of(site);

    private static string Method(RouteEndpoint endpoint) => Doors.Method(endpoint);

    private static string Route(RouteEndpoint endpoint) => Doors.Route(endpoint);

    private static string Who(RouteEndpoint endpoint) => Doors.Who(endpoint);

    private static string PurposeOf(RouteEndpoint endpoint) => Doors.PurposeOf(endpoint);

    private static bool May(string role, string who) => who switch
    {
        "everybody" or "read" or "staff" => true,
        "steward" => role is Roles.Steward or Roles.Administrator,
        "watch" => Roles.Watch.Contains(role),
        "casework" => Roles.Casework.Contains(role),

        // No sign-in by password is a hardware credential.
        "hardware" => false,
        _ => role == Roles.Administrator,
    };

    private static Task<string> KeyAsync(Running site, string owner, string purpose) => AccountTools.WithAccounts(site.Platform.Foundation, async accounts =>
    {
        var store = new AccountStore(site.Platform.Store, new AccountSecrets(site.Platform.Keys));
        var account = (await accounts.ListAsync(default)).Single(account => account.Name == owner);
        return (await new ApiKeys(site.Platform.Store, store, site.Platform.Time).MakeAsync(account, "test", [purpose], TimeSpan.FromDays(1), "test", default)).Value;
    });

    private static string Fill(RouteEndpoint endpoint) => Doors.Fill(endpoint);

    private static HttpRequestMessage Request(RouteEndpoint endpoint)
    {
        var method = new HttpMethod(Method(endpoint) == "ANY" ? "GET" : Method(endpoint));
        if (endpoint.Metadata.GetMetadata<Microsoft.AspNetCore.Http.Metadata.IAcceptsMetadata>()?.ContentTypes.Contains("application/json") == true)
        {
            return new(method, new Uri(Fill(endpoint), UriKind.Relative)) { Content = new StringContent("{}", Encoding.UTF8, "application/json") };
        }

        return new(method, new Uri(Fill(endpoint), UriKind.Relative)) { Content = method == HttpMethod.Post ? new MultipartFormDataContent { { new StringContent("x"), "x" } } : null };
    }
}
