using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Waymark.App.Accounts;
using Waymark.App.Hosting;
using Waymark.Linkage;
using Waymark.Matching;
using Waymark.Matching.Contracts;
using Waymark.Model;
using Waymark.Pages;
using Waymark.Protection.Contracts;

namespace Waymark.App.Api;

/// <summary>The parts of linkage over one platform, and what the forms of its pages post to.</summary>
public static class LinkageForms
{
    /// <summary>Projects, runs and reviews. Without rule packs no class of register is known, so that no project can be proposed.</summary>
    public static void AddLinkage(this IServiceCollection services, Platform platform)
    {
        services.AddSingleton<ITwoPersons, TwoPersonsRule>();
        services.AddSingleton(provider => new LinkageProjects(
            platform.Store, platform.Keys, provider.GetRequiredService<ITwoPersons>(), Classes(provider.GetRequiredService<RuleBookSource>()), platform.Time));
        services.AddSingleton(provider => new LinkageRuns(platform.Store, provider.GetRequiredService<LinkageProjects>(), platform.Time));
        services.AddSingleton(provider => new PairReviews(platform.Store, provider.GetRequiredService<LinkageProjects>(), provider.GetRequiredService<LinkageRuns>(), platform.Time));
    }

    public static void MapLinkageForms(this IEndpointRouteBuilder routes)
    {
        var hardware = routes.MapGroup("/admin/linkage/projects").RequireAuthorization(AccountSetup.HardwarePolicy).NeedsFormToken().ExcludeFromDescription();
        hardware.MapPost("", async (
            HttpContext context, [FromForm] string? name, [FromForm] string? purpose, [FromForm] string? dpia, [FromForm] string? runs, [FromForm] string? pairs,
            [FromForm] string? expires, [FromServices] LinkageProjects projects, [FromServices] IActorSource actors, CancellationToken cancellationToken) =>
            Answer(await projects.ProposeAsync(
                actors.Actor!, new(name ?? "", purpose ?? "", dpia ?? "", [.. context.Request.Form["classes"].OfType<string>()], (int)Math.Min(Whole(runs), int.MaxValue), Whole(pairs), Day(expires)), cancellationToken), project => "/admin/linkage/projects/" + project.Id));
        hardware.MapPost("/{id}/approve", async (string id, [FromServices] LinkageProjects projects, [FromServices] IActorSource actors, CancellationToken cancellationToken) =>
            Answer(await projects.ApproveAsync(actors.Actor!, id, cancellationToken), project => "/admin/linkage/projects/" + project.Id));

        var staff = routes.MapGroup("/admin/linkage").RequireAuthorization(AccountSetup.StaffPolicy).NeedsFormToken().ExcludeFromDescription();
        staff.MapPost("/projects/{id}/close", async (string id, [FromServices] LinkageProjects projects, [FromServices] IActorSource actors, CancellationToken cancellationToken) =>
            Answer(await projects.CloseAsync(actors.Actor!, id, cancellationToken), project => "/admin/linkage/projects/" + project.Id));
        staff.MapPost("/projects/{id}/inputs", InputAsync).WithMetadata(new UploadLimit());
        staff.MapPost("/projects/{id}/runs", async (
            string id, [FromForm] string? left, [FromForm] string? right, [FromForm] string? effort, [FromForm] string? after, [FromServices] LinkageRuns runs, [FromServices] IActorSource actors,
            CancellationToken cancellationToken) =>
            Answer(after is { Length: > 0 } ? await runs.ContinueAsync(actors.Actor!, id, after, left ?? "", cancellationToken) : await runs.PlanAsync(actors.Actor!, id, left ?? "", string.IsNullOrEmpty(right) ? null : right, EffortOf(effort), null, cancellationToken), Address));
        staff.MapPost("/runs/{id}/start", async (string id, [FromServices] LinkageRuns runs, [FromServices] IActorSource actors, CancellationToken cancellationToken) =>
            Answer(await runs.StartAsync(actors.Actor!, id, cancellationToken), Address));
        staff.MapPost("/runs/{id}/retry", async (string id, [FromServices] LinkageRuns runs, [FromServices] IActorSource actors, CancellationToken cancellationToken) =>
            Answer(await runs.RetryAsync(actors.Actor!, id, cancellationToken), Address));
        staff.MapPost("/runs/{id}/stop", async (string id, [FromServices] LinkageRuns runs, [FromServices] IActorSource actors, CancellationToken cancellationToken) =>
            Answer(await runs.StopAsync(actors.Actor!, id, cancellationToken), _ => "/admin/linkage/runs/" + Uri.EscapeDataString(id)));
        staff.MapPost("/runs/{id}/answers", async (
            string id, [FromForm] string? pair, [FromForm] string? choice, [FromServices] PairReviews reviews, [FromServices] IActorSource actors, CancellationToken cancellationToken) =>
            ChoiceOf(choice) is { } chosen
                ? Answer(await reviews.AnswerAsync(actors.Actor!, id, (int)Math.Min(Whole(pair), int.MaxValue), chosen, cancellationToken), _ => Pair(id, pair))
                : Problems.Result(Error.Invalid("matching.choice", "Choose same, different or unsure.", "请选择相同、不同或不确定。", "choice")));
        staff.MapPost("/runs/{id}/answers/undo", async (
            string id, [FromForm] string? pair, [FromServices] PairReviews reviews, [FromServices] IActorSource actors, CancellationToken cancellationToken) =>
            Answer(await reviews.UndoAsync(actors.Actor!, id, (int)Math.Min(Whole(pair), int.MaxValue), cancellationToken), _ => Pair(id, pair)));
        MapFiles(routes.MapGroup("/admin/linkage").RequireAuthorization(AccountSetup.StaffPolicy).ExcludeFromDescription());
    }

    private static void MapFiles(RouteGroupBuilder files)
    {
        foreach (var name in (string[])["links.csv", "clusters.csv", "model.json", "report.json"])
        {
            files.MapGet("/runs/{id}/" + name, async (string id, [FromServices] LinkageRuns runs, [FromServices] IActorSource actors, CancellationToken cancellationToken) =>
                File(await WithActor(actors, actor => runs.FetchAsync(actor, id, name, cancellationToken)), name));
        }

        files.MapGet("/runs/{id}/confirmed.csv", async (string id, [FromServices] PairReviews reviews, [FromServices] IActorSource actors, CancellationToken cancellationToken) =>
            File(await WithActor(actors, actor => reviews.ConfirmedAsync(actor, id, cancellationToken)), "confirmed.csv"));
        files.MapGet("/projects/{id}/handles.csv", async (string id, string? input, [FromServices] LinkageProjects projects, [FromServices] IActorSource actors, CancellationToken cancellationToken) =>
            File(await WithActor(actors, actor => projects.HandlesAsync(actor, id, input ?? "", cancellationToken)), "handles.csv"));
    }

    private static async Task<IResult> InputAsync(
        string id, [FromForm] string? name, [FromForm(Name = "class")] string? registerClass, [FromForm] string? column, [FromForm] string? continues, IFormFileCollection files,
        [FromServices] LinkageProjects projects, [FromServices] IActorSource actors, CancellationToken cancellationToken)
    {
        if (files.Count != 1)
        {
            return Problems.Result(Error.Invalid("matching.one-file", "Choose one file.", "请选择一个文件。", "file"));
        }

        var added = await projects.AddInputAsync(
            actors.Actor!, id, new(string.IsNullOrWhiteSpace(name) ? files[0].FileName : name, registerClass ?? "", column ?? "") { Continues = string.IsNullOrEmpty(continues) ? null : continues }, _ => Task.FromResult(files[0].OpenReadStream()), cancellationToken);
        return Answer(added, project => "/admin/linkage/projects/" + project.Id);
    }

    private static IReadOnlyList<RegisterClass> Classes(RuleBookSource source) => source.Book?.Rules.Vocabulary.Facts.FirstOrDefault(fact => fact.Id == "link.classes")?.Codes is { } codes
        ? [.. codes.Codes.Select(code => new RegisterClass(code.Id, code.Name))] : [];

    private static Task<Result<byte[]>> WithActor(IActorSource actors, Func<Actor, Task<Result<byte[]>>> fetch) => actors.Actor is { } actor
        ? fetch(actor) : Task.FromResult<Result<byte[]>>(Error.Refused("matching.role", "Your role does not do this.", "您的角色不办理此事。"));

    private static IResult Answer<T>(Result<T> done, Func<T, string> address) => done.IsOk ? Results.LocalRedirect(address(done.Value)) : Problems.Result(done.Error);

    private static IResult File(Result<byte[]> bytes, string name) => bytes.IsOk
        ? Results.File(bytes.Value, name.EndsWith(".csv", StringComparison.Ordinal) ? "text/csv; charset=utf-8" : "application/json", name) : Problems.Result(bytes.Error);

    private static string Address(LinkageRun run) => "/admin/linkage/runs/" + run.Id;

    private static string Pair(string run, string? pair) => $"/admin/linkage/runs/{Uri.EscapeDataString(run)}/review?pair={Uri.EscapeDataString(pair ?? "")}";

    private static long Whole(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;

    private static DateTimeOffset Day(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? new(day.ToDateTime(TimeOnly.MaxValue), TimeSpan.Zero) : DateTimeOffset.MinValue;

    private static LinkageEffort EffortOf(string? word) => word switch { "fast" => LinkageEffort.Fast, "thorough" => LinkageEffort.Thorough, _ => LinkageEffort.Default };

    private static PairChoice? ChoiceOf(string? word) => word switch { "same" => PairChoice.Same, "different" => PairChoice.Different, "unsure" => PairChoice.Unsure, _ => null };
}
