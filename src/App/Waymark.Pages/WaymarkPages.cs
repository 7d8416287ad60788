using System.Text.Unicode;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Waymark.Pages.Data;

namespace Waymark.Pages;

/// <summary>
/// How the application takes the pages in. It provides the texts of the packs, <see cref="IViewer"/>, <see cref="AreaNames"/>,
/// <see cref="UnitNames"/>, <see cref="MapSettings"/>, <see cref="AboutFacts"/>, the evidence contracts and the store.
/// </summary>
public static class WaymarkPages
{
    public static IServiceCollection AddWaymarkPages(this IServiceCollection services)
    {
        services.AddRazorComponents();

        // Pages are UTF-8: letters of any script go out as they are (a third of the bytes), signs of markup never do.
        services.AddWebEncoders(options => options.TextEncoderSettings = new(UnicodeRanges.All));
        services.AddHttpContextAccessor();
        services.AddScoped<ITexts, RequestTexts>();
        services.AddScoped<SeriesReader>();
        services.AddScoped<SeriesFigures>();
        services.AddScoped<HomeReader>();
        return services;
    }

    public static RazorComponentsEndpointConventionBuilder MapWaymarkPages(this IEndpointRouteBuilder routes)
    {
        ChartSheet.Map(routes);
        return routes.MapRazorComponents<App>();
    }
}
