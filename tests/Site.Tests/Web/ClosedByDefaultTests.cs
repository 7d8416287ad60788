using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Routing;
using Waymark.App.Accounts;
using Waymark.Site.Tests.Support;

namespace Waymark.Site.Tests.Web;

/// <summary>
/// Closed by default: every endpoint × role × purpose, walked on a running node, is what <c>docs/operations/access.md</c> says. What states no policy, role, purpose
/// or register that anybody was given stays shut, and a new endpoint fails here until its row was read and committed.
/// </summary>
public sealed class ClosedByDefaultTests
{
    private const string Nobody = "nobody";
    private static readonly string[] s_notPurposes = ["no-such-purpose", "FAMILY-TRACING", "family-tracing ", "*", "family-tracing,protection", "administrator"];

    private static readonly ParallelOptions s_parallel = new() { MaxDegreeOfParallelism = 4 };

    [Fact]
    public async Task Every_endpoint_answers_every_role_and_purpose_as_the_table_in_the_docs_says()
    {
        var text = new StringBuilder(Head);
        var began = TimeProvider.System.GetTimestamp();
        await using (var node = await ClosedNode.StartAsync("humanitarian"))
        {
            var (purposes, registers) = await SurveyAsync(node);
            text.Append(await EndpointsAsync(node, purposes));
            text.Append("\n## Purposes of a role on a humanitarian node\n\n").Append(Table(purposes));
            text.Append("\n## Registers of a humanitarian node\n\n").Append(registers);
        }

        await using (var node = await ClosedNode.StartAsync("authority"))
        {
            var (purposes, registers) = await SurveyAsync(node);
            text.Append("\n## Purposes of a role on a node of an authority\n\n").Append(Table(purposes));
            text.Append("\n## Registers of a node of an authority\n\n").Append(registers);
        }

        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"walked in {TimeProvider.System.GetElapsedTime(began).TotalSeconds:0.0} s"));
        Golden.ShouldMatch(text.ToString(), Path.Combine(Places.Root, "docs", "operations", "access.md"));
    }

    private static string Head =>
        "# Who meets what: every endpoint, role and purpose\n\n"
        + "Written from two running nodes by `ClosedByDefaultTests` and compared with them at every test; a new endpoint, role, purpose or register needs its line here.\n"
        + "The addresses are filled with one file of the unit in which all roles work, and with ids of nothing elsewhere. Anybody's reading is `public` here;\n"
        + "with `reading: closed` a stranger is asked to sign in wherever `endpoints.md` says \"read\".\n\n"
        + "- **answers**: the endpoint does its work; a form of a page comes as far as its token, without which nothing is done.\n"
        + "- **asks the purpose**: nothing is shown or done before the person said in this sign-in what they work for. Addresses and forms state no purpose.\n"
        + "- **nothing there**: the answer of an address that does not exist. Whoever has no purpose of a register meets it, too.\n"
        + "- **refused**: signed in, and not for this role. **sign in**: whoever did not sign in.\n"
        + "- **by security key** and **by program key**: who meets an answer by these and not by a password.\n\n"
        + "A purpose in brackets: only for whoever stated it. \"Every role\" is the nine roles without strangers.\n\n";

    /// <summary>
    /// Each role in one sign-in: the registers' lists before a purpose was stated; then words that are no purpose and every purpose of the vocabulary, one after the
    /// other, and after each that is taken the lists again.
    /// </summary>
    private static async Task<(Dictionary<string, IReadOnlyList<string>> Purposes, string Registers)> SurveyAsync(ClosedNode node)
    {
        var registers = node.Cases.Registers.All.Select(plan => plan.Id).Order(StringComparer.Ordinal).ToList();
        var answers = new ConcurrentDictionary<(string Register, string Role, string Purpose), string>();
        var taken = new ConcurrentDictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        await Parallel.ForEachAsync(Roles.All, s_parallel, async (role, _) =>
        {
            using var client = await node.SignInAsync(role);
            async Task ListAsync(string purpose)
            {
                foreach (var register in registers)
                {
                    using var answer = await client.GetAsync(new Uri($"/cases/{register}", UriKind.Relative), TestContext.Current.CancellationToken);
                    answers[(register, role, purpose)] = await KindAsync(client, answer, "/cases/");
                }
            }

            await ListAsync("");
            var own = new List<string>();
            foreach (var purpose in s_notPurposes.Concat(node.Purposes))
            {
                if (await node.StateAsync(client, purpose))
                {
                    own.Add(purpose);
                    await ListAsync(purpose);
                }
            }

            own.ShouldBeSubsetOf(node.Purposes, $"{role}: a word outside the vocabulary is no purpose");
            taken[role] = own;
        });
        taken.Values.SelectMany(own => own).ShouldNotBeEmpty();
        var text = new StringBuilder("| register | lists | asks the purpose | nothing there |\n| --- | --- | --- | --- |\n");
        foreach (var register in registers)
        {
            string Cell(string kind) => Met(kind, role => role == Nobody ? [] : taken[role].Prepend("").ToDictionary(purpose => purpose, purpose => answers[(register, role, purpose)]));
            text.Append(CultureInfo.InvariantCulture, $"| {register} | {Cell("answers")} | {Cell("asks")} | {Cell("nothing")} |\n");
        }

        return (Roles.All.ToDictionary(role => role, role => taken[role]), text.ToString());
    }

    private static string Table(Dictionary<string, IReadOnlyList<string>> purposes)
    {
        var text = new StringBuilder("| role | purposes it may state; every other one of the vocabulary is refused |\n| --- | --- |\n");
        foreach (var role in Roles.All)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {role} | {string.Join(", ", purposes[role])} |\n");
        }

        return text.ToString();
    }

    private static async Task<string> EndpointsAsync(ClosedNode node, Dictionary<string, IReadOnlyList<string>> purposes)
    {
        var doors = Doors.Of(node.Site).OrderBy(Line, StringComparer.Ordinal).ToList();
        doors.Count.ShouldBeGreaterThan(100);
        var answers = new ConcurrentDictionary<(RouteEndpoint Door, string Role, string Purpose), string>();
        var seats = new List<(string Role, string Purpose)> { (Nobody, "") };
        seats.AddRange(Roles.All.Select(role => (role, "")));
        seats.AddRange(purposes.SelectMany(own => own.Value.Select(purpose => (own.Key, purpose))));
        var before = await VersionAsync(node);

        // Those who stated nothing first: whatever they are refused has changed nothing.
        foreach (var round in seats.GroupBy(seat => seat.Purpose.Length > 0))
        {
            await Parallel.ForEachAsync(round, s_parallel, async (seat, _) =>
            {
                using var client = seat.Role == Nobody ? Stranger(node) : await node.SignInAsync(seat.Role);
                var token = seat.Role == Nobody ? "" : await node.Site.TokenAsync(client);
                if (seat.Purpose.Length > 0)
                {
                    (await node.StateAsync(client, seat.Purpose)).ShouldBeTrue();
                    token = await node.Site.TokenAsync(client);
                }

                foreach (var door in doors)
                {
                    // What is open to strangers knows no purpose; its doors for passwords and families count requests by the minute, so that each role asks once.
                    answers[(door, seat.Role, seat.Purpose)] = seat.Purpose.Length > 0 && Doors.Who(door) == "everybody"
                        ? answers[(door, seat.Role, "")] : await MeetAsync(node, client, door, seat.Purpose, token);
                }
            });
            if (!round.Key)
            {
                (await VersionAsync(node)).ShouldBe(before, "the walk of those who stated no purpose left the file as it was");
            }
        }

        var byKey = await ByKeyAsync(node, doors.Where(door => Doors.Who(door) == "hardware"));
        var byProgram = await ByProgramAsync(node, doors);
        var text = new StringBuilder("| method | route | answers | asks the purpose | nothing there | refused | sign in | by security key | by program key |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n");
        foreach (var door in doors)
        {
            string Cell(string kind) => Met(kind, role => purposes.GetValueOrDefault(role, []).Prepend("").ToDictionary(purpose => purpose, purpose => answers[(door, role, purpose)]));
            text.Append(CultureInfo.InvariantCulture,
                $"| {Line(door)} | {Cell("answers")} | {Cell("asks")} | {Cell("nothing")} | {Cell("refused")} | {Cell("sign in")} | {byKey.GetValueOrDefault(door, "")} | {byProgram[door]} |\n");
        }

        return text.ToString();
    }

    /// <summary>Who meets this kind of answer: whole roles, and roles for some purposes only.</summary>
    private static string Met(string kind, Func<string, Dictionary<string, string>> of)
    {
        var met = new List<string>();
        foreach (var role in Roles.All)
        {
            var answers = of(role);
            var (own, stated) = (answers[""] == kind, answers.Where(answer => answer.Key.Length > 0).ToList());
            var yes = stated.Where(answer => answer.Value == kind).Select(answer => answer.Key).ToList();
            if (own && yes.Count == stated.Count)
            {
                met.Add(role);
            }
            else if (own || yes.Count > 0)
            {
                met.Add($"{role} ({string.Join(", ", own ? yes.Prepend("none stated") : yes)})");
            }
        }

        var all = met.SequenceEqual(Roles.All, StringComparer.Ordinal) ? ["every role"] : met;
        return string.Join("; ", of(Nobody).GetValueOrDefault("") == kind ? all.Prepend("strangers") : all);
    }

    private static async Task<Dictionary<RouteEndpoint, string>> ByKeyAsync(ClosedNode node, IEnumerable<RouteEndpoint> doors)
    {
        var met = doors.ToDictionary(door => door, _ => new List<string>());
        foreach (var role in Roles.All)
        {
            using var client = await node.SignInByKeyAsync(role);
            foreach (var (door, roles) in met)
            {
                if (await MeetAsync(node, client, door, "", "") == "answers")
                {
                    roles.Add(role);
                }
            }
        }

        return met.ToDictionary(pair => pair.Key, pair => pair.Value.Count == Roles.All.Count ? "every role" : string.Join("; ", pair.Value));
    }

    private static async Task<Dictionary<RouteEndpoint, string>> ByProgramAsync(ClosedNode node, List<RouteEndpoint> doors)
    {
        var met = doors.ToDictionary(door => door, _ => new List<string>());
        foreach (var purpose in ApiKey.KnownPurposes)
        {
            var opened = doors.ToDictionary(door => door, _ => new List<string>());
            foreach (var role in Roles.All)
            {
                using var program = node.Site.NewClient();
                program.DefaultRequestHeaders.Authorization = new("Bearer", await node.MakeKeyAsync(role, purpose));
                foreach (var door in doors)
                {
                    using var request = Request(node, door, "", "");
                    using var answer = await program.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
                    if (answer.StatusCode is not (HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized))
                    {
                        opened[door].Add(role);
                    }
                }
            }

            foreach (var (door, roles) in opened.Where(pair => pair.Value.Count > 0))
            {
                met[door].Add(roles.Count == Roles.All.Count ? purpose : $"{purpose} of {string.Join(", ", roles)}");
            }
        }

        return met.ToDictionary(pair => pair.Key, pair => string.Join("; ", pair.Value));
    }

    private static async Task<string> MeetAsync(ClosedNode node, HttpClient client, RouteEndpoint door, string purpose, string token)
    {
        using var request = Request(node, door, purpose, token);
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        var route = Doors.Route(door);

        // Evidence in memory adds nothing up, so that pages of figures are asked for and not drawn here; who may ask is all that is looked at.
        var isFigure = route is "/" or "/failed" || route.StartsWith("/data/", StringComparison.Ordinal);
        ((int)answer.StatusCode).ShouldBeLessThan(isFigure ? 600 : 500, $"{Line(door)}: no role and no purpose breaks an endpoint\n{string.Join('\n', node.Site.LogLines.Where(line => line.StartsWith("Error", StringComparison.Ordinal)).TakeLast(1))}");
        answer.StatusCode.ShouldNotBe(HttpStatusCode.TooManyRequests);
        var kind = await KindAsync(client, answer, route);

        // What is everybody's hides nothing by role; whether something is there yet is no question of who asks.
        return Doors.Who(door) == "everybody" && kind == "nothing" ? "answers" : kind;
    }

    private static async Task<string> KindAsync(HttpClient client, HttpResponseMessage answer, string route)
    {
        var to = answer.Headers.Location?.ToString() ?? "";
        if (answer.StatusCode == HttpStatusCode.Unauthorized || to.Contains("/sign-in?return=", StringComparison.Ordinal))
        {
            return "sign in";
        }

        if (answer.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.NotFound)
        {
            return answer.StatusCode == HttpStatusCode.Forbidden ? "refused" : "nothing";
        }

        // Forms of case work answer by a redirect to a page, which asks when the purpose was not stated.
        if (to.StartsWith("/cases/", StringComparison.Ordinal) || to.StartsWith("/tracing", StringComparison.Ordinal))
        {
            using var page = await client.GetAsync(new Uri(to, UriKind.Relative), TestContext.Current.CancellationToken);
            return await KindAsync(client, page, route);
        }

        return answer.Content.Headers.ContentType?.MediaType == "text/html" && route != "/purpose"
            && await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken) is var html && (html.Contains("action=\"/purpose\"", StringComparison.Ordinal) || html.Contains("class=\"btn second\" href=\"/purpose?", StringComparison.Ordinal))
            ? "asks" : "answers";
    }

    private static HttpRequestMessage Request(ClosedNode node, RouteEndpoint door, string purpose, string token)
    {
        var method = new HttpMethod(Doors.Method(door) == "ANY" ? "GET" : Doors.Method(door));
        var route = Doors.Route(door);
        var isCase = route.StartsWith("/cases/", StringComparison.Ordinal);
        var address = Doors.Fill(door).Replace("{Register}", "tracing", StringComparison.Ordinal).Replace("{register}", "tracing", StringComparison.Ordinal);
        address = isCase && address.StartsWith("/cases/tracing/x", StringComparison.Ordinal) ? "/cases/tracing/" + node.Case + address["/cases/tracing/x".Length..] : address;
        var request = new HttpRequestMessage(method, new Uri(address, UriKind.Relative));

        // Only forms that a purpose decides on are sent with their token, and with nothing else in them; all others end at the token.
        if (method == HttpMethod.Post && token.Length > 0 && (isCase || route.StartsWith("/tracing/", StringComparison.Ordinal)))
        {
            request.Content = new MultipartFormDataContent { { new StringContent(token), "__RequestVerificationToken" }, { new StringContent(purpose), "purpose" }, { new StringContent(ClosedNode.Unit), "unit" } };
        }
        else if (method == HttpMethod.Post)
        {
            request.Content = door.Metadata.GetMetadata<Microsoft.AspNetCore.Http.Metadata.IAcceptsMetadata>()?.ContentTypes.Contains("application/json") == true
                ? new StringContent("{}", Encoding.UTF8, "application/json") : new MultipartFormDataContent { { new StringContent("x"), "x" } };
        }

        return request;
    }

    private static HttpClient Stranger(ClosedNode node)
    {
        var client = node.Site.NewClient();
        client.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        return client;
    }

    private static string Line(RouteEndpoint door) => $"{Doors.Method(door)} | `{Doors.Route(door)}`";

    private static async Task<long> VersionAsync(ClosedNode node) =>
        (await node.Site.Platform.Store.Records.GetAsync(node.Cases.Registers.Find("tracing")!.Partition, "tracing", node.Case, TestContext.Current.CancellationToken)).ShouldNotBeNull().Version;
}
