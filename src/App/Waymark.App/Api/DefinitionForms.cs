using Microsoft.AspNetCore.Mvc;
using Waymark.App.Accounts;
using Waymark.App.Hosting;
using Waymark.Evidence.Contracts;
using Waymark.Model;

namespace Waymark.App.Api;

/// <summary>What the pages of the definitions register post to (journey J12).</summary>
public static class DefinitionForms
{
    public static void MapDefinitionForms(this IEndpointRouteBuilder routes)
    {
        var steward = routes.MapGroup("/definitions").RequireAuthorization(AccountSetup.StewardPolicy).ExcludeFromDescription();
        steward.MapPost("", RegisterAsync);
        steward.MapPost("/watch", async (HttpContext context, [FromForm] string area, IDefinitions definitions, CancellationToken cancellationToken) =>
        {
            var watching = await definitions.WatchAsync(context.User.Identity?.Name ?? "", area, on: true, cancellationToken);
            return watching.IsOk ? Results.LocalRedirect("/definitions") : Problems.Result(watching.Error);
        });
    }

    private static async Task<IResult> RegisterAsync(HttpContext context, [FromForm] DefinitionForm form, IDefinitions definitions, CancellationToken cancellationToken)
    {
        if (form.Read() is not { } definition)
        {
            return Results.LocalRedirect("/definitions/new?failed=form");
        }

        var registered = await definitions.RegisterAsync(definition, form.Version, context.User.Identity?.Name ?? "", cancellationToken);
        return registered.IsOk
            ? Results.LocalRedirect("/definitions/" + Uri.EscapeDataString(registered.Value.Id))
            : registered.Error is { Code: "definition.invalid", Where: { } fields }
                ? Results.LocalRedirect("/definitions/new?failed=" + Uri.EscapeDataString(fields))
                : Problems.Result(registered.Error);
    }
}

/// <summary>The fields of the form as they come; lists are one entry a line.</summary>
public sealed record DefinitionForm(
    string Area, string Topic, string Concept, string Basis, string Duration, string Source, string Counts, string Law, string Article,
    string Text, string ValidFrom, string? ValidTo, string? Exclusions, string? Series, long Version)
{
    public NationalDefinition? Read() =>
        Enum.TryParse<StatisticalConcept>(Concept, out var concept) && Enum.TryParse<PopulationBasis>(Basis, out var basis)
        && Enum.TryParse<DurationRule>(Duration, out var duration) && Enum.TryParse<CollectionSource>(Source, out var source)
        && Enum.TryParse<CountOf>(Counts, out var counts)
            ? new NationalDefinition
            {
                Area = Area,
                Topic = Topic,
                Concept = concept,
                Basis = basis,
                Duration = duration,
                Source = source,
                Counts = counts,
                Law = Law.Trim(),
                Article = Article.Trim(),
                Text = LocalText.In(Text.Any(letter => letter is >= '\u4e00' and <= '\u9fff') ? "zh" : "en", Text.Trim()),
                ValidFrom = ValidFrom.Trim(),
                ValidTo = string.IsNullOrWhiteSpace(ValidTo) ? null : ValidTo.Trim(),
                Exclusions = Lines(Exclusions),
                Series = Lines(Series),
            }
            : null;

    private static IReadOnlyList<string> Lines(string? text) => [.. (text ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Take(100)];
}
