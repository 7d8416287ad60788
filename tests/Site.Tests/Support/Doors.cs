using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Waymark.App.Accounts;

namespace Waymark.Site.Tests.Support;

/// <summary>Every endpoint of a running server, whatever module mapped it, and what it says about itself.</summary>
internal static class Doors
{
    public static List<RouteEndpoint> Of(Running site) =>
        [.. site.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<Microsoft.AspNetCore.StaticAssets.StaticAssetDescriptor>() is null
                && endpoint.RoutePattern.RawText != "{**path:file}")];

    public static string Method(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods[0] ?? "ANY";

    public static string Route(RouteEndpoint endpoint) => "/" + endpoint.RoutePattern.RawText!.Trim('/');

    /// <summary>The policy it states; what states none is for administrators.</summary>
    public static string Who(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null ? "everybody"
        : endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>().Select(data => data.Policy).LastOrDefault(policy => policy is not null) ?? "administrator";

    /// <summary>The purpose a key of a program needs; empty when none opens it.</summary>
    public static string PurposeOf(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<ForPurposeAttribute>()?.Purpose ?? "";

    /// <summary>An address of the endpoint, with parameters filled in.</summary>
    public static string Fill(RouteEndpoint endpoint) => Route(endpoint)
        .Replace("{publisher}", "unhcr", StringComparison.Ordinal).Replace("{dataset}", "population", StringComparison.Ordinal).Replace("{dataset:regex(^[[^.]]+$)}", "population", StringComparison.Ordinal)
        .Replace("{Publisher}", "unhcr", StringComparison.Ordinal).Replace("{Dataset}", "population", StringComparison.Ordinal).Replace("{Id}", "x", StringComparison.Ordinal)
        .Replace("{agency}", "unhcr", StringComparison.Ordinal).Replace("{version}", "1.0", StringComparison.Ordinal)
        .Replace("{flow}", "unhcr,population", StringComparison.Ordinal).Replace("{key}", "*", StringComparison.Ordinal)
        .Replace("{sha256}", FakeEvidence.Sha, StringComparison.Ordinal).Replace("{id}", "x", StringComparison.Ordinal);
}
