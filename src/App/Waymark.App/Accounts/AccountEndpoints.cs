using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Waymark.App.Hosting;

namespace Waymark.App.Accounts;

/// <summary>The forms that open and close a session. Every failure has one answer, whatever its reason, and leaves on the grid.</summary>
public static partial class AccountEndpoints
{
    public static void MapAccounts(this IEndpointRouteBuilder routes)
    {
        var doors = routes.MapGroup("").AllowAnonymous().RequireRateLimiting(RateLimits.SignInPolicy).WithMetadata(new HidesExistenceAttribute()).ExcludeFromDescription();
        doors.MapPost("/sign-in", SignInAsync);
        doors.MapPost("/sign-in/code", CodeAsync);
        doors.MapPost("/sign-in/passkey/options", async (SignInManager<Account> manager) =>
            Results.Content(await manager.MakePasskeyRequestOptionsAsync(null), "application/json")).NeedsFormToken();
        doors.MapPost("/sign-in/passkey", PasskeyAsync);
        doors.MapGet("/sign-in/outside", async (HttpContext context, [FromQuery(Name = "return")] string? to, OutsideLogin outside, CancellationToken cancellationToken) =>
        {
            var address = await outside.BeginAsync(context, LocalAddress(to), cancellationToken);
            return address.IsOk ? Results.Redirect(address.Value.AbsoluteUri) : Failed(LocalAddress(to));
        });
        doors.MapGet(OutsideLogin.ReturnPath, OutsideAsync);
        doors.MapPost("/setup", SetUpAsync);
        routes.MapPost("/sign-out", SignOutAsync).AllowAnonymous().NeedsFormToken().ExcludeFromDescription();
        routes.MapGet("/api/account", (ClaimsPrincipal user) => user.Identity?.IsAuthenticated == true
            ? Results.Json(new { name = user.Identity.Name, role = user.FindFirstValue(ClaimTypes.Role) })
            : Results.Json(new { name = (string?)null, role = (string?)null })).AllowAnonymous().WithMetadata(new ForPurposeAttribute(Purpose.ReadEvidence))
            .WithName("account").WithTags("account").WithSummary("Who is signed in.");
        routes.MapGet("/api/account/form-token", (HttpContext context, Microsoft.AspNetCore.Antiforgery.IAntiforgery forms) =>
            Results.Json(new { token = forms.GetAndStoreTokens(context).RequestToken, field = "__RequestVerificationToken" })).AllowAnonymous()
            .WithName("form-token").WithTags("account").WithSummary("A token for posting a form of this site.");
    }

    private static async Task<IResult> SignInAsync(
        HttpContext context, [FromForm] string? name, [FromForm] string? password, [FromForm(Name = "return")] string? to,
        SignInDoor door, SignInManager<Account> manager, Sessions sessions, ILoggerFactory logs, CancellationToken cancellationToken)
    {
        var back = LocalAddress(to);
        var (account, refusal) = await door.PasswordAsync(name ?? "", password ?? "", context.Connection.RemoteIpAddress, cancellationToken);
        if (account is null)
        {
            Refused(Log(logs), refusal);
            return Failed(back);
        }

        if (account.TwoFactor)
        {
            door.AskForCode(context, account);
            return Results.LocalRedirect("/sign-in/code" + Back(back, '?'));
        }

        return await EnterAsync(context, account, SignInMethod.Password, back, manager, sessions, logs, cancellationToken);
    }

    private static async Task<IResult> CodeAsync(
        HttpContext context, [FromForm] string? code, [FromForm(Name = "return")] string? to,
        SignInDoor door, SignInManager<Account> manager, Sessions sessions, ILoggerFactory logs, CancellationToken cancellationToken)
    {
        var back = LocalAddress(to);
        var (account, refusal) = await door.CodeAsync(context, code ?? "", cancellationToken);
        if (account is null)
        {
            Refused(Log(logs), refusal);
            return Results.LocalRedirect("/sign-in/code?failed=true" + Back(back, '&'));
        }

        door.ForgetStep(context);
        return await EnterAsync(context, account, SignInMethod.PasswordAndCode, back, manager, sessions, logs, cancellationToken);
    }

    private static async Task<IResult> PasskeyAsync(
        HttpContext context, [FromForm] string? credential, [FromForm(Name = "return")] string? to,
        SignInDoor door, SignInManager<Account> manager, Sessions sessions, ILoggerFactory logs, CancellationToken cancellationToken)
    {
        var back = LocalAddress(to);
        var (account, attested, key, refusal) = await door.PasskeyAsync(credential ?? "", context.Connection.RemoteIpAddress);
        if (account is null)
        {
            Refused(Log(logs), refusal);
            return Failed(back);
        }

        return await EnterAsync(context, account, attested ? SignInMethod.HardwareKey : SignInMethod.Passkey, back, manager, sessions, logs, cancellationToken, key);
    }

    private static async Task<IResult> OutsideAsync(
        HttpContext context, string? code, string? state, OutsideLogin outside, SignInDoor door, SignInManager<Account> manager, Sessions sessions, ILoggerFactory logs,
        CancellationToken cancellationToken)
    {
        var done = await outside.FinishAsync(context, code, state, cancellationToken);
        var account = done.IsOk ? await door.OutsideAsync(done.Value.Subject, context.Connection.RemoteIpAddress, cancellationToken) : null;
        if (account is null)
        {
            Refused(Log(logs), done.Error?.Code ?? "unknown subject");
            return Failed("/");
        }

        // The browser comes from another site, and a strict cookie does not travel along that way: a page of ours leads on.
        var begun = await EnterAsync(context, account, SignInMethod.Outside, "/", manager, sessions, logs, cancellationToken);
        return begun is ProblemHttpMarker ? begun : Results.LocalRedirect("/sign-in/continue" + Back(LocalAddress(done.Value.Back), '?'));
    }

    private static async Task<IResult> EnterAsync(
        HttpContext context, Account account, SignInMethod method, string back, SignInManager<Account> manager, Sessions sessions, ILoggerFactory logs,
        CancellationToken cancellationToken, string? credential = null)
    {
        var begun = await sessions.BeginAsync(context, manager, account, method, credential, cancellationToken);
        if (!begun.IsOk)
        {
            return new ProblemHttpMarker(Problems.Result(begun.Error));
        }

        SignedIn(Log(logs), account.Id, method);
        return Results.LocalRedirect(back);
    }

    private static async Task<IResult> SignOutAsync(HttpContext context, SignInManager<Account> manager, Sessions sessions, CancellationToken cancellationToken)
    {
        if (await sessions.FindAsync(context.User, cancellationToken) is { } known)
        {
            await sessions.EndAsync(known.Session.Account, known.Id, cancellationToken);
        }

        await manager.SignOutAsync();
        context.Response.Headers["Clear-Site-Data"] = "\"cache\", \"storage\"";
        return Results.LocalRedirect("/");
    }

    private static async Task<IResult> SetUpAsync(
        HttpContext context, [FromForm] string? token, [FromForm] string? name, [FromForm] string? password,
        AccountService accounts, SignInManager<Account> manager, Sessions sessions, ILoggerFactory logs, CancellationToken cancellationToken)
    {
        var done = await accounts.WelcomeAsync(token ?? "", name, (password ?? "")[..Math.Min(500, password?.Length ?? 0)],
            context.Connection.RemoteIpAddress, cancellationToken);
        if (done.IsOk)
        {
            // A new password does not stand for the second step.
            return done.Value.TwoFactor ? Results.LocalRedirect("/sign-in")
                : await EnterAsync(context, done.Value, SignInMethod.Password, "/", manager, sessions, logs, cancellationToken);
        }

        var failed = done.Error.Code switch { "account.password" => "password", "account.name" or "account.exists" => "name", _ => "link" };
        return failed == "link" ? Results.LocalRedirect("/setup?failed=link")
            : Results.LocalRedirect($"/setup?token={Uri.EscapeDataString(token ?? "")}&failed={failed}");
    }

    private static IResult Failed(string back) => Results.LocalRedirect("/sign-in?failed=true" + Back(back, '&'));

    private static string Back(string back, char joint) => back == "/" ? "" : $"{joint}return={Uri.EscapeDataString(back)}";

    // Only an address of this site; "//host" and "/\host" are other sites to a browser.
    internal static string LocalAddress(string? to) =>
        to is ['/', ..] && !to.StartsWith("//", StringComparison.Ordinal) && !to.StartsWith("/\\", StringComparison.Ordinal)
            && to.Length <= 2_000 && !to.Any(char.IsControl) ? to : "/";

    private static ILogger Log(ILoggerFactory logs) => logs.CreateLogger("Waymark.App.Accounts");

    [LoggerMessage(1, LogLevel.Information, "Signed in: {Account} by {Method}")]
    private static partial void SignedIn(ILogger logger, string account, SignInMethod method);

    [LoggerMessage(2, LogLevel.Warning, "Sign-in refused: {Reason}")]
    private static partial void Refused(ILogger logger, string reason);

    private sealed class ProblemHttpMarker(IResult inner) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => inner.ExecuteAsync(httpContext);
    }
}
