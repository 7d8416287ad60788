using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Waymark.Charts;

namespace Waymark.Pages;

/// <summary>The styles of charts and maps as a file of their own: the drawing library owns them, pages only link to them.</summary>
public static class ChartSheet
{
    private static readonly byte[] Bytes = Encoding.UTF8.GetBytes(ChartStyle.Sheet);

    /// <summary>Changes with the content, so that the file may be kept for a year.</summary>
    public static string Version { get; } = Convert.ToHexStringLower(SHA256.HashData(Bytes))[..10];

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/charts.css", (HttpContext context) =>
    {
        context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        return Results.Bytes(Bytes, "text/css; charset=utf-8");
    }).AllowAnonymous().ExcludeFromDescription();
}
