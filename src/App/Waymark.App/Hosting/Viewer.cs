using System.Security.Claims;
using Waymark.App.Accounts;
using Waymark.App.Configuration;
using Waymark.Pages;

namespace Waymark.App.Hosting;

/// <summary>Who looks at the page, from the session of the request.</summary>
public sealed class Viewer(IHttpContextAccessor http, Settings settings) : IViewer
{
    private ClaimsPrincipal? User => http.HttpContext?.User is { Identity.IsAuthenticated: true } user ? user : null;

    public string? Name => User?.Identity?.Name;

    public string Role => User?.FindFirstValue(ClaimTypes.Role) ?? "";

    public bool MayImport => Role is Roles.Steward or Roles.Administrator;

    public string? Deployment => settings.Name;

    public bool IsSample => settings.Sample is not null;
}
