using Microsoft.AspNetCore.Http;
using Waymark.Model;

namespace Waymark.Pages.Data;

/// <summary>Why a person's request came to nothing; left with the request for the page that says so.</summary>
public sealed record PageFailure(Error Error, int Status);

public static class PageFailureExtensions
{
    /// <summary>There is nothing at this address, for the reason given: the page of failures takes this page's place.</summary>
    public static void LeaveNotFound(this HttpContext context, Error error)
    {
        context.Items[typeof(PageFailure)] = new PageFailure(error, StatusCodes.Status404NotFound);
        context.Response.StatusCode = StatusCodes.Status404NotFound;
    }
}
