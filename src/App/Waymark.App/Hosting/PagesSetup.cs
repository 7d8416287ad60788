using System.Reflection;
using Waymark.App.Accounts;
using Waymark.App.Api;
using Waymark.App.Configuration;
using Waymark.Charts;
using Waymark.Evidence.Contracts;
using Waymark.Evidence.Definitions;
using Waymark.Evidence.Features;
using Waymark.Model;
using Waymark.Packs.Content;
using Waymark.Pages;
using Waymark.Pages.Data;

namespace Waymark.App.Hosting;

/// <summary>Gives the pages what they ask for: texts, names, boundaries, the register of definitions, facts about this installation.</summary>
public static class PagesSetup
{
    /// <summary>Desks whose pages about one record say the same of what is not there and of what is somebody else's.</summary>
    private static readonly string[] s_desks = ["/cases/", "/persons/", "/tracing/", "/messages/", "/returns/", "/protection/subject-requests/"];

    public static void AddPages(this IServiceCollection services, Platform platform)
    {
        if (platform.Parts is not { Content: { } content, Packs: { } packs })
        {
            return;
        }

        services.AddWaymarkPages();
        services.AddSingleton(content.Texts);
        services.AddSingleton(new AreaNames(content.Areas.All.Where(area => area.Kind == AreaKind.CountryOrArea).ToDictionary(area => area.Code, area => area.Name, StringComparer.Ordinal)));
        services.AddSingleton(new UnitNames(content.Units));
        services.AddSingleton(LanguageChoices.Read(packs));
        services.AddSingleton(Crosswalk.Read(packs));
        services.AddSingleton(Maps(packs, platform.Settings));
        services.AddSingleton(content.Indicators.FirstOrDefault(set => set.Pack.Id == "home") ?? new IndicatorSet(new("indicators", "home"), [], []));
        services.AddSingleton(About(packs, platform));
        services.AddScoped<IAccountReader, AccountReader>();
        services.AddScoped<IViewer>(provider => provider.GetRequiredService<Viewer>());
        services.AddSingleton<IDefinitions>(new DefinitionRegister(platform.Store, BuiltInFacts.Entries(content), BuiltInFacts.Bridges(content), BuiltInFacts.Coverage(content),
            code => content.Areas.Get(code) is { Kind: AreaKind.CountryOrArea }, cancellationToken => ReportersAsync(platform.Evidence, cancellationToken)));
    }

    public static bool AreThere(IServiceProvider services) => services.GetService<TextCatalogue>() is not null;

    /// <summary>A person's browser asked, not a program.</summary>
    public static bool IsForPerson(HttpRequest request) => request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal)
        && !request.Path.StartsWithSegments("/api", StringComparison.Ordinal) && !request.Path.StartsWithSegments("/sdmx", StringComparison.Ordinal);

    public static void MapPages(this WebApplication app)
    {
        if (!AreThere(app.Services))
        {
            return;
        }

        app.MapSeriesFiles();
        app.MapDefinitionForms();
        app.MapWaymarkPages().RequireAuthorization(AccountSetup.ReadPolicy).Add(endpoint =>
        {
            // A decision of somebody else and none are one answer, in time too (M38).
            if (endpoint is RouteEndpointBuilder { RoutePattern.RawText: "/protection/decisions/{Id}" })
            {
                endpoint.Metadata.Add(new HidesExistenceAttribute());
            }

            // A file of another unit and none, likewise; one that is shown need not wait.
            if (endpoint is RouteEndpointBuilder { RoutePattern.RawText: { } route } && route.Contains("{Id}", StringComparison.Ordinal) && s_desks.Any(desk => route.StartsWith(desk, StringComparison.Ordinal)))
            {
                endpoint.Metadata.Add(new HidesExistenceAttribute { OnlyRefusals = true });
            }
        });
    }

    /// <summary>Areas that report flows, as the flow series here know them.</summary>
    private static async Task<IReadOnlyList<(string Area, string Series)>> ReportersAsync(IEvidence evidence, CancellationToken cancellationToken)
    {
        const string series = "un-desa/migration-flows";
        var answer = await evidence.QueryAsync(new SeriesQuery { Series = series, GroupBy = ["area"], Measure = "count" }, cancellationToken);
        return answer.IsOk ? [.. answer.Value.Rows.Select(row => row[0].Text).OfType<string>().Select(area => (area, series))] : [];
    }

    private static MapSettings Maps(Packs.PackLibrary packs, Settings settings)
    {
        var pack = packs.OfKind("boundaries").FirstOrDefault();
        var data = pack?.Files.FirstOrDefault(file => file.Key.EndsWith("world.txt", StringComparison.Ordinal)).Value ?? default;
        var boundaries = data.IsEmpty ? null : BoundaryParser.Parse(System.Text.Encoding.UTF8.GetString(data.Span), "world.txt") is { IsOk: true, Value: var set } ? set : null;
        var operatorName = settings.Name ?? "Waymark";
        return new(boundaries, AreShown: settings.ShowsMaps && boundaries is not null, LocalText.In("en", operatorName));
    }

    private static AboutFacts About(Packs.PackLibrary packs, Platform platform) => new(
        typeof(PagesSetup).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0",
        platform.Settings.Profile,
        $"{platform.Store.Info.Kind} {platform.Store.Info.EngineVersion}",
        platform.Settings.Reading == Reading.Public ? "public" : "closed",
        [.. packs.All.Select(pack => new PackFact(pack.Key.ToString(), pack.Version, pack.Hash, pack.Title, pack.Source, pack.Licence))],
        Libraries.All);
}
