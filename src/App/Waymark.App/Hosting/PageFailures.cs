using Microsoft.AspNetCore.Diagnostics;
using Waymark.Pages.Data;

namespace Waymark.App.Hosting;

/// <summary>
/// People get a page that says what failed and what to do, programs problem details. When a person's request ends in an
/// error without a body, the page of failures is rendered in its place, under the same address and status.
/// </summary>
public sealed class PageFailures(RequestDelegate next)
{
    public const string Page = "/failed";

    /// <summary>Leaves the failure for the page; false when the asker is a program, or when the page itself has failed.</summary>
    public static bool TryLeave(HttpContext context, PageFailure failure)
    {
        if (!PagesSetup.IsForPerson(context.Request) || !PagesSetup.AreThere(context.RequestServices) || context.Request.Path == Page)
        {
            return false;
        }

        context.Items[typeof(PageFailure)] = failure;
        context.Response.StatusCode = failure.Status;
        return true;
    }

    public async Task InvokeAsync(HttpContext context)
    {
        await next(context);
        var response = context.Response;
        if (response.HasStarted || context.Items[typeof(PageFailure)] is not PageFailure failure)
        {
            return;
        }

        var request = context.Request;
        var (path, method) = (request.Path, request.Method);
        context.Features.Set<IStatusCodeReExecuteFeature>(new StatusCodeReExecuteFeature
        {
            OriginalPathBase = request.PathBase, OriginalPath = path, OriginalQueryString = request.QueryString.Value,
            Endpoint = context.GetEndpoint(), RouteValues = request.RouteValues,
        });
        response.Clear();
        response.StatusCode = failure.Status;
        context.SetEndpoint(null);
        request.RouteValues = [];
        request.Path = Page;
        request.Method = HttpMethods.Get;
        var services = context.RequestServices;

        // What was made for the failed request, the renderer above all, cannot be used twice.
        await using var scope = services.CreateAsyncScope();
        context.RequestServices = scope.ServiceProvider;
        try
        {
            await next(context);
        }
        finally
        {
            context.RequestServices = services;
            request.Path = path;
            request.Method = method;
        }
    }
}
