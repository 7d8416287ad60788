using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Waymark.App.Accounts;
using Waymark.Matching;
using Waymark.Matching.Contracts;
using Waymark.Protection.Contracts;
using Waymark.Site.Tests.Support;

namespace Waymark.Site.Tests.Web;

/// <summary>
/// Forms as a person sends them: with the token of their sign-in, and with what they need to come as far as the question who asks. What is asked for by its number
/// is there; what the first who may would end for all others is made anew for each.
/// </summary>
internal sealed class ClosedForms
{
    private const string Person = "ffffffffffffffffffffffffffffffff";
    private static readonly Actor s_elsewhere = new("prepared-south", Roles.Supervisor, ["protection/south"], true, "key-prepared");
    private readonly ClosedNode _node;
    private readonly Queue<string> _projects = [];
    private readonly Queue<string> _reviews = [];
    private readonly Queue<string> _holds = [];
    private string _open = "";

    private ClosedForms(ClosedNode node) => _node = node;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private LinkageProjects Projects => _node.Site.App.Services.GetRequiredService<LinkageProjects>();

    /// <param name="node">The node that is walked.</param>
    /// <param name="seats">How often each form that asks for a security key is sent. What it acts on is made before, since between two persons time passes.</param>
    public static async Task<ClosedForms> PrepareAsync(ClosedNode node, int seats)
    {
        var forms = new ClosedForms(node);
        foreach (var act in new[] { "leave", "lock", "renew" })
        {
            await Hardware.MakeAccountAsync(node.Site, Roles.Reader, "Spare " + act, ClosedNode.Unit);
        }

        for (var seat = 0; seat < seats; seat++)
        {
            forms._projects.Enqueue(await forms.ProposeAsync());
            forms._reviews.Enqueue(await forms.AskAsync());
            forms._reviews.Enqueue(await forms.AskAsync());
            forms._holds.Enqueue(await forms.HoldAsync());
        }

        forms._open = await forms.ProposeAsync();
        await node.PassAsync(TimeSpan.FromMinutes(3));
        (await forms.Projects.ApproveAsync(new("prepared-legal", Roles.LegalOfficer, ["legal"], true, "key-legal"), forms._open, Cancel)).Error.ShouldBeNull();
        return forms;
    }

    /// <summary>A form of a page, which ends at its token unless it has one.</summary>
    public static bool IsForm(RouteEndpoint door) => Doors.Method(door) == "POST" && door.Metadata.GetMetadata<IAntiforgeryMetadata>()?.RequiresValidation == true;

    /// <summary>Forms that know no purpose, or that would end the sign-in or count wrong passwords if they were sent for each: every role sends them once.</summary>
    public static bool IsOnce(string route) => route is "/sign-out" or "/protection/rules/adopt" || (route + "/").StartsWith("/account/", StringComparison.Ordinal);

    /// <summary>What ends sign-ins is sent last.</summary>
    public static bool EndsSignIns(RouteEndpoint door) => Doors.Route(door) is "/sign-out" or "/account/sessions/end-others";

    /// <param name="door">The endpoint.</param>
    /// <param name="purpose">What the sign-in works for; a form of a desk repeats it.</param>
    /// <param name="token">The token of this browser; without one a form ends there.</param>
    /// <param name="byKey">Signed in by a security key: to all others the forms that ask for one are shut whatever is in them.</param>
    public async Task<HttpRequestMessage> RequestAsync(RouteEndpoint door, string purpose, string token, bool byKey)
    {
        var (route, method) = (Doors.Route(door), new HttpMethod(Doors.Method(door) == "ANY" ? "GET" : Doors.Method(door)));
        if (!IsForm(door) || token.Length == 0)
        {
            return new(method, Address(door, _open))
            {
                Content = method != HttpMethod.Post ? null : door.Metadata.GetMetadata<IAcceptsMetadata>()?.ContentTypes.Contains("application/json") == true
                    ? new StringContent("{}", Encoding.UTF8, "application/json") : new MultipartFormDataContent { { new StringContent("x"), "x" } },
            };
        }

        var (id, fields) = byKey || Doors.Who(door) != "hardware" ? await FilledAsync(route) : ("x", []);
        var form = new MultipartFormDataContent { { new StringContent(token), "__RequestVerificationToken" }, { new StringContent(purpose), "purpose" }, { new StringContent(ClosedNode.Unit), "unit" } };
        foreach (var (name, value) in fields)
        {
            if (name == "file")
            {
                form.Add(new StringContent(value), name, "rows.csv");
            }
            else
            {
                form.Add(new StringContent(value), name);
            }
        }

        return new(method, Address(door, id)) { Content = form };
    }

    private Uri Address(RouteEndpoint door, string id)
    {
        var address = Doors.Fill(door).Replace("{Register}", "tracing", StringComparison.Ordinal).Replace("{register}", "tracing", StringComparison.Ordinal);
        return new(address
            .Replace("/cases/tracing/x", "/cases/tracing/" + _node.Case, StringComparison.Ordinal).Replace("/messages/tracing/x", "/messages/tracing/" + _node.Case, StringComparison.Ordinal)
            .Replace("/admin/linkage/projects/x", "/admin/linkage/projects/" + id, StringComparison.Ordinal).Replace("/admin/registers/x", "/admin/registers/letters", StringComparison.Ordinal),
            UriKind.Relative);
    }

    private async Task<(string Id, (string Name, string Value)[] Fields)> FilledAsync(string route) => route switch
    {
        "/accounts/leave" or "/accounts/lock" or "/accounts/renew" => ("x", [("name", "Spare " + route["/accounts/".Length..])]),
        "/admin/linkage/projects" =>
        ("x",
        [
            ("name", "Invented project"), ("purpose", "Invented, to see who may propose one."), ("dpia", "DPIA-1"), ("runs", "3"), ("pairs", "1000"), ("classes", "tracing"),
            ("expires", _node.Clock.GetUtcNow().AddDays(30).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
        ]),
        "/admin/linkage/projects/{id}/approve" => (_projects.Dequeue(), []),
        "/admin/linkage/projects/{id}/close" => (await ProposeAsync(), []),
        "/admin/linkage/projects/{id}/inputs" => (_open, [("name", "rows"), ("class", "tracing"), ("column", "none"), ("file", "id\n1\n")]),
        "/admin/linkage/projects/{id}/runs" => (_open, [("left", "rows")]),
        "/admin/linkage/runs/{id}/answers" or "/tracing/{id}/answer" => ("x", [("choice", "same"), ("pair", "0"), ("why", "the names")]),
        "/definitions/watch" => ("x", [("area", "DEU")]),
        "/messages/{register}/{id}/message" => ("x", [("way", "sent x 1")]),
        "/cases/{register}/suggest" => ("x", [("path", "match-decision"), ("words", "?")]),
        "/persons/search" => ("x", [("case", $"tracing {_node.Case} {ClosedNode.Unit}")]),
        "/protection/holds/release" => ("x", [("person", Person), ("id", _holds.Dequeue()), ("ground", "over")]),
        "/protection/log/inquiries" => ("x", [("number", "C-2026-1"), ("kind", "complaint")]),
        "/protection/protect" => ("x", [("act", "protect.record-danger"), ("matter", "tracing/" + _node.Case), ("persons", Person), ("note", "threatened tonight")]),
        "/protection/reviews/ask" => ("x", [("kind", "transfer"), ("matter", "tracing/1"), ("persons", Person), ("reason", "asked for")]),
        "/protection/reviews/decide" => ("x", [("id", _reviews.Dequeue()), ("approve", "no"), ("reason", "not now")]),
        "/protection/reviews/erase" => ("x", [("person", Person)]),
        "/protection/reviews/stop" => ("x", [("id", _reviews.Dequeue()), ("reason", "not now")]),
        "/protection/rules/adopt" => ("x", [("pack", "harbour"), ("hash", _node.Book.Rules.Packs.Single(pack => pack.Id == "harbour").Hash), ("seen", "yes")]),
        "/quality/waivers" => ("x", [("finding", "x"), ("reason", "known"), ("until", "2026-12-31")]),
        _ => ("x", []),
    };

    private async Task<string> ProposeAsync() => (await Projects.ProposeAsync(
        s_elsewhere, new("Invented project", "Invented, to see who may do what with it.", "DPIA-1", ["tracing"], 3, 1_000, _node.Clock.GetUtcNow().AddDays(30)), Cancel)).Value.Id;

    private async Task<string> AskAsync()
    {
        // Each asks for another matter: the same one asked again is the review that waits.
        var matter = "tracing/" + (_reviews.Count + 1).ToString(CultureInfo.InvariantCulture);
        return (await _node.Site.App.Services.GetRequiredService<IReviews>().AskAsync(
            s_elsewhere, new(ReviewKind.Transfer, "protection/south", matter, [Person], "family-tracing", "transfer " + matter, "asked for"), Cancel)).Value.Id;
    }

    private async Task<string> HoldAsync() =>
        (await _node.Site.App.Services.GetRequiredService<IExceptions>().HoldAsync(s_elsewhere, Person, "a complaint", _node.Clock.GetUtcNow().AddDays(30), Cancel)).Value.Id;
}
