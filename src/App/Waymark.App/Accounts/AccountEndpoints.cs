using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Waymark.App.Hosting;

namespace Waymark.App.Accounts;

/// <summary>The forms that open and close a session. Every failure has one answer, whatever its reason.</summary>
public static partial class AccountEndpoints
{
    public static void MapAccounts(this IEndpointRouteBuilder routes)
    {
        var doors = routes.MapGroup("").AllowAnonymous().RequireRateLimiting(RateLimits.SignInPolicy).ExcludeFromDescription();
        doors.MapPost("/sign-in", SignInAsync);
        doors.MapPost("/setup", SetUpAsync);
        routes.MapPost("/sign-out", SignOutAsync).AllowAnonymous().NeedsFormToken().ExcludeFromDescription();
        routes.MapGet("/api/account", (ClaimsPrincipal user) => user.Identity?.IsAuthenticated == true
            ? Results.Json(new { name = user.Identity.Name, role = user.FindFirstValue(ClaimTypes.Role) })
            : Results.Json(new { name = (string?)null, role = (string?)null })).AllowAnonymous()
            .WithName("account").WithTags("account").WithSummary("Who is signed in.");
        routes.MapGet("/api/account/form-token", (HttpContext context, Microsoft.AspNetCore.Antiforgery.IAntiforgery forms) =>
            Results.Json(new { token = forms.GetAndStoreTokens(context).RequestToken, field = "__RequestVerificationToken" })).AllowAnonymous()
            .WithName("form-token").WithTags("account").WithSummary("A token for posting a form of this site.");
    }

    private static async Task<IResult> SignInAsync(
        HttpContext context, [FromForm] string? name, [FromForm] string? password, [FromForm(Name = "return")] string? to,
        SignInManager<Account> sessions, ILoggerFactory logs)
    {
        var log = logs.CreateLogger("Waymark.App.Accounts");
        var back = LocalAddress(to);
        var account = name is { Length: > 0 and <= 256 } && password is { Length: > 0 and <= 500 } ? await sessions.UserManager.FindByNameAsync(name.Trim()) : null;
        if (account is null)
        {
            // As much work as for a name that exists, so that time does not tell which names do.
            _ = sessions.UserManager.PasswordHasher.HashPassword(new() { Id = "", Role = "", CreatedAt = default }, (password ?? "")[..Math.Min(500, password?.Length ?? 0)]);
            Refused(log, "unknown");
            return Failed(back);
        }

        if (account.Sample && context.Connection.RemoteIpAddress is { } address && !System.Net.IPAddress.IsLoopback(address))
        {
            Refused(log, "sample");
            return Failed(back);
        }

        var result = await sessions.PasswordSignInAsync(account, password!, isPersistent: false, lockoutOnFailure: true);
        if (!result.Succeeded)
        {
            Refused(log, result.IsLockedOut ? "locked" : "password");
            return Failed(back);
        }

        SignedIn(log, account.Id);
        return Results.LocalRedirect(back);
    }

    private static async Task<IResult> SignOutAsync(HttpContext context, SignInManager<Account> sessions)
    {
        await sessions.SignOutAsync();
        context.Response.Headers["Clear-Site-Data"] = "\"cache\", \"storage\"";
        return Results.LocalRedirect("/");
    }

    private static async Task<IResult> SetUpAsync(
        HttpContext context, [FromForm] string? token, [FromForm] string? name, [FromForm] string? password,
        AccountService accounts, SignInManager<Account> sessions, CancellationToken cancellationToken)
    {
        var done = await accounts.WelcomeAsync(token ?? "", name, (password ?? "")[..Math.Min(500, password?.Length ?? 0)],
            context.Connection.RemoteIpAddress, cancellationToken);
        if (done.IsOk)
        {
            await sessions.SignInAsync(done.Value, isPersistent: false);
            return Results.LocalRedirect("/");
        }

        var failed = done.Error.Code switch { "account.password" => "password", "account.name" or "account.exists" => "name", _ => "link" };
        return failed == "link" ? Results.LocalRedirect("/setup?failed=link")
            : Results.LocalRedirect($"/setup?token={Uri.EscapeDataString(token ?? "")}&failed={failed}");
    }

    private static IResult Failed(string back) =>
        Results.LocalRedirect(back == "/" ? "/sign-in?failed=true" : $"/sign-in?failed=true&return={Uri.EscapeDataString(back)}");

    // Only an address of this site; "//host" and "/\host" are other sites to a browser.
    internal static string LocalAddress(string? to) =>
        to is ['/', ..] && !to.StartsWith("//", StringComparison.Ordinal) && !to.StartsWith("/\\", StringComparison.Ordinal)
            && to.Length <= 2_000 && !to.Any(char.IsControl) ? to : "/";

    [LoggerMessage(1, LogLevel.Information, "Signed in: {Account}")]
    private static partial void SignedIn(ILogger logger, string account);

    [LoggerMessage(2, LogLevel.Warning, "Sign-in refused: {Reason}")]
    private static partial void Refused(ILogger logger, string reason);
}
