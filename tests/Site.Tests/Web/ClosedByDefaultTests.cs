using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
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

    private static readonly string[] s_figures = ["/data/", "/api/evidence/", "/sdmx/", "/definitions"];
    private static readonly string[] s_knowPurposes = ["cases", "tracing", "persons", "messages", "returns", "referrals", "requests", "missing", "protection", "me", "purpose"];
    private static readonly string[] s_desks = ["cases", "tracing", "persons", "messages", "returns"];
    private static readonly (string Kind, string Name)[] s_kinds = [("answers", "answers"), ("asks", "asks the purpose"), ("nothing", "nothing there"), ("refused", "refused"), ("sign in", "sign in")];

    // Where forms lead to is a page of the desk again: under one sign-in and purpose each such page is looked at once, and not after every form that comes back to it.
    private static readonly ConditionalWeakTable<HttpClient, ConcurrentDictionary<(string Purpose, string Page), string>> s_followed = [];

    private static readonly ParallelOptions s_parallel = new() { MaxDegreeOfParallelism = 4 };

    [Fact]
    public async Task Every_endpoint_answers_every_role_and_purpose_as_the_table_in_the_docs_says()
    {
        var text = new StringBuilder(Head);
        var (began, busy) = (TimeProvider.System.GetTimestamp(), Environment.CpuUsage.TotalTime);
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

        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"walked in {TimeProvider.System.GetElapsedTime(began).TotalSeconds:0.0} s, {(Environment.CpuUsage.TotalTime - busy).TotalSeconds:0.0} s of the processor"));
        Golden.ShouldMatch(text.ToString(), Path.Combine(Places.Root, "docs", "operations", "access.md"));
    }

    private static string Head =>
        "# Who meets what: every endpoint, role and purpose\n\n"
        + "Written from two running nodes by `ClosedByDefaultTests` and compared with them at every test; a new endpoint, role, purpose or register needs its line here.\n"
        + "The addresses are filled with one file of the unit in which all roles work, and with ids of nothing elsewhere. Every form carries the token of its sign-in, and what\n"
        + "it needs to come as far as the question who sent it: a file, a project, a review, a hold that is there. Figures name nobody and know no purpose: each role asks for\n"
        + "them once; of what lies outside desks and protection each role asks under one of its purposes. Anybody's reading is `public` here;\n"
        + "with `reading: closed` a stranger is asked to sign in wherever `endpoints.md` says \"read\".\n\n"
        + "- **answers**: the endpoint does its work, or says what a form lacks.\n"
        + "- **asks the purpose**: nothing is shown or done before the person said in this sign-in what they work for. Addresses and forms state no purpose.\n"
        + "- **nothing there**: the answer of an address that does not exist. Whoever has no purpose of a register meets it, too.\n"
        + "- **refused**: signed in, and not for this role. **sign in**: whoever did not sign in.\n"
        + "- **by security key** and **by program key**: who meets what by these and not by a password.\n\n"
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
                    answers[(register, role, purpose)] = await KindAsync(client, answer, "/cases/", purpose);
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
        var (before, forms) = (await VersionAsync(node), await ClosedForms.PrepareAsync(node, Roles.All.Count + purposes.Values.Sum(own => own.Count)));

        // Those who stated nothing first: whatever they are refused has changed nothing.
        foreach (var round in seats.GroupBy(seat => seat.Purpose.Length > 0))
        {
            await Parallel.ForEachAsync(round, s_parallel, async (seat, _) =>
            {
                using var client = seat.Role == Nobody ? Stranger(node) : await node.SignInAsync(seat.Role);
                if (seat.Purpose.Length > 0)
                {
                    (await node.StateAsync(client, seat.Purpose)).ShouldBeTrue();
                }

                var token = await node.Site.TokenAsync(client);
                foreach (var door in doors.OrderBy(ClosedForms.EndsSignIns).Where(door => seat.Purpose.Length == 0 || Asks(door, seat.Purpose == purposes[seat.Role][0])))
                {
                    answers[(door, seat.Role, seat.Purpose)] = await MeetAsync(node, forms, client, door, seat.Purpose, token);
                }
            });
            if (!round.Key)
            {
                (await VersionAsync(node)).ShouldBe(before, "the walk of those who stated no purpose left the file as it was");
            }
        }

        // What was not asked for a purpose answers as for the first of the role's, or as for none.
        foreach (var (door, seat) in doors.SelectMany(door => seats.Where(seat => seat.Purpose.Length > 0).Select(seat => (door, seat))))
        {
            answers.TryAdd((door, seat.Role, seat.Purpose), answers.TryGetValue((door, seat.Role, purposes[seat.Role][0]), out var first) ? first : answers[(door, seat.Role, "")]);
        }

        var byKey = await ByKeyAsync(node, forms, doors.Where(door => Doors.Who(door) == "hardware"), purposes);
        var byProgram = await ByProgramAsync(node, forms, doors);
        var text = new StringBuilder("| method | route | answers | asks the purpose | nothing there | refused | sign in | by security key | by program key |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n");
        foreach (var door in doors)
        {
            string Cell(string kind) => Met(kind, role => purposes.GetValueOrDefault(role, []).Prepend("").ToDictionary(purpose => purpose, purpose => answers[(door, role, purpose)]));
            text.Append(CultureInfo.InvariantCulture,
                $"| {Line(door)} | {Cell("answers")} | {Cell("asks")} | {Cell("nothing")} | {Cell("refused")} | {Cell("sign in")} | {byKey.GetValueOrDefault(door, "")} | {byProgram[door]} |\n");
        }

        return text.ToString();
    }

    /// <summary>
    /// Whether a door is asked under a purpose. What is open to strangers knows none, and its doors for passwords and families count requests by the minute; nor do figures. Outside
    /// the parts of the house that know purposes one of each role is tried, and must be met as if none had been stated.
    /// </summary>
    private static bool Asks(RouteEndpoint door, bool isFirst)
    {
        var route = Doors.Route(door);
        return Doors.Who(door) != "everybody" && !IsFigure(route) && !ClosedForms.IsOnce(route) && (isFirst || s_knowPurposes.Contains(route.Split('/')[1], StringComparer.Ordinal));
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

    /// <summary>One after the other: what somebody begins is there for the next one.</summary>
    private static async Task<Dictionary<RouteEndpoint, string>> ByKeyAsync(
        ClosedNode node, ClosedForms forms, IEnumerable<RouteEndpoint> doors, Dictionary<string, IReadOnlyList<string>> purposes)
    {
        var answers = doors.ToDictionary(door => door, _ => Roles.All.ToDictionary(role => role, _ => new Dictionary<string, string>(StringComparer.Ordinal)));
        foreach (var role in Roles.All)
        {
            using var client = await node.SignInByKeyAsync(role);
            client.DefaultRequestHeaders.Accept.ParseAdd("text/html");
            foreach (var purpose in purposes[role].Prepend(""))
            {
                (purpose.Length == 0 || await node.StateAsync(client, purpose)).ShouldBeTrue();
                var token = await node.Site.TokenAsync(client);
                foreach (var (door, met) in answers)
                {
                    met[role][purpose] = purpose.Length > 0 && ClosedForms.IsOnce(Doors.Route(door)) ? met[role][""] : await MeetAsync(node, forms, client, door, purpose, token, byKey: true);
                }
            }
        }

        return answers.ToDictionary(door => door.Key, door => string.Join(". ",
            from kind in s_kinds
            let met = Met(kind.Kind, role => role == Nobody ? [] : door.Value[role])
            where met.Length > 0
            select $"**{kind.Name}** {met}"));
    }

    private static async Task<Dictionary<RouteEndpoint, string>> ByProgramAsync(ClosedNode node, ClosedForms forms, List<RouteEndpoint> doors)
    {
        var met = doors.ToDictionary(door => door, _ => new List<string>());
        foreach (var purpose in ApiKey.KnownPurposes)
        {
            var opened = doors.ToDictionary(door => door, _ => new List<string>());
            foreach (var (turn, role) in Roles.All.Index())
            {
                using var program = node.Site.NewClient();
                program.DefaultRequestHeaders.Authorization = new("Bearer", await node.MakeKeyAsync(role, purpose));

                // What states no purpose of programs opens to none of them: there each is tried by one role, in turn.
                foreach (var (_, door) in doors.Index().Where(item => Doors.PurposeOf(item.Item).Length > 0 || item.Index % Roles.All.Count == turn))
                {
                    using var request = await forms.RequestAsync(door, "", "", byKey: false);
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

    private static async Task<string> MeetAsync(ClosedNode node, ClosedForms forms, HttpClient client, RouteEndpoint door, string purpose, string token, bool byKey = false)
    {
        using var request = await forms.RequestAsync(door, purpose, token, byKey);
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        var route = Doors.Route(door);
        ((int)answer.StatusCode).ShouldBeLessThan(IsFigure(route) ? 600 : 500, $"{Line(door)}: no role and no purpose breaks an endpoint\n{string.Join('\n', node.Site.LogLines.Where(line => line.StartsWith("Error", StringComparison.Ordinal)).TakeLast(1))}");
        answer.StatusCode.ShouldNotBe(HttpStatusCode.TooManyRequests);
        if (answer.StatusCode == HttpStatusCode.BadRequest && ClosedForms.IsForm(door))
        {
            (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldNotContain("did not come from this site", Case.Sensitive, $"{Line(door)} ended at its token");
        }

        var kind = await KindAsync(client, answer, route, purpose);

        // What is everybody's hides nothing by role; whether something is there yet is no question of who asks.
        return Doors.Who(door) == "everybody" && kind == "nothing" ? "answers" : kind;
    }

    /// <summary>Evidence in memory adds nothing up, so that pages of figures are asked for and not drawn here; who may ask is all that is looked at.</summary>
    private static bool IsFigure(string route) => route is "/" or "/failed" or "/data" or "/quality" || s_figures.Any(area => route.StartsWith(area, StringComparison.Ordinal));

    private static async Task<string> KindAsync(HttpClient client, HttpResponseMessage answer, string route, string purpose)
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

        // Forms of case work answer by a redirect to a page, which asks when the purpose was not stated; so does a form that asks at once.
        if (to.StartsWith("/purpose?return=", StringComparison.Ordinal))
        {
            return "asks";
        }

        if (s_desks.Contains(to.Split('/', '?') is ["", var area, ..] ? area : "", StringComparer.Ordinal))
        {
            var (known, at) = (s_followed.GetOrCreateValue(client), (purpose, to.Split('?')[0]));
            if (!known.TryGetValue(at, out var kind))
            {
                using var page = await client.GetAsync(new Uri(to, UriKind.Relative), TestContext.Current.CancellationToken);
                known[at] = kind = await KindAsync(client, page, route, purpose);
            }

            return kind;
        }

        return answer.Content.Headers.ContentType?.MediaType == "text/html" && route != "/purpose"
            && await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken) is var html && (html.Contains("action=\"/purpose\"", StringComparison.Ordinal) || html.Contains("class=\"btn second\" href=\"/purpose?", StringComparison.Ordinal))
            ? "asks" : "answers";
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
