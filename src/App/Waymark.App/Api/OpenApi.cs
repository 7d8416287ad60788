using System.Text;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Waymark.App.Configuration;
using Waymark.App.Hosting;

namespace Waymark.App.Api;

/// <summary>The OpenAPI 3.1 document: served at <c>/api/openapi.json</c>, written by <c>waymark openapi</c>, committed at docs/api.</summary>
public static class OpenApi
{
    public const string Name = "v1";

    public static void AddWaymarkOpenApi(this IServiceCollection services) => services.AddOpenApi(Name, options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new()
            {
                Title = "Waymark",
                Version = "1",
                Description = "Evidence for migration governance. Errors are problem details (RFC 9457) with a stable code.",
                License = new() { Name = "Apache-2.0" },
            };
            document.Servers = [];
            return Task.CompletedTask;
        });
    });

    public static void MapApiDocument(this IEndpointRouteBuilder routes) => routes.MapOpenApi("/api/openapi.json").AllowAnonymous();
}

/// <summary>Writes the document without a running server.</summary>
public static class OpenApiDocumentWriter
{
    public static async Task<byte[]> WriteAsync(CancellationToken cancellationToken)
    {
        var settings = SettingsReader.Read(new(
            new Dictionary<string, string>(StringComparer.Ordinal) { ["data"] = Path.Combine(Path.GetTempPath(), "waymark-openapi") },
            new Dictionary<string, string>(StringComparer.Ordinal), Path.GetTempPath(), null)).Value;
        await using var app = WebHost.BuildForDocument(settings);
        await app.StartAsync(cancellationToken);
        var provider = app.Services.GetRequiredKeyedService<IOpenApiDocumentProvider>(OpenApi.Name);
        var document = await provider.GetOpenApiDocumentAsync(cancellationToken);
        using var writer = new StringWriter { NewLine = "\n" };
        document.SerializeAsV31(new OpenApiJsonWriter(writer));
        return Encoding.UTF8.GetBytes(writer.ToString().ReplaceLineEndings("\n") + "\n");
    }
}
