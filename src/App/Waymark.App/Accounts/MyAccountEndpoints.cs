using Microsoft.AspNetCore.Mvc;
using Waymark.App.Hosting;
using Waymark.Model;

namespace Waymark.App.Accounts;

/// <summary>The forms of <c>/account</c>: each changes only the account that signed in.</summary>
public static class MyAccountEndpoints
{
    public static void MapMyAccount(this IEndpointRouteBuilder routes)
    {
        var own = routes.MapGroup("/account").RequireAuthorization(AccountSetup.StaffPolicy).NeedsFormToken().ExcludeFromDescription();
        own.MapPost("/password", (HttpContext context, MyAccount mine, [FromForm] string? current, [FromForm] string? next) =>
            DoAsync(context, mine, account => mine.ChangePasswordAsync(account, current ?? "", next ?? ""), "/sign-in"));
        own.MapPost("/authenticator", (HttpContext context, MyAccount mine, [FromForm] string? code) =>
            DoAsync(context, mine, account => mine.ConfirmAuthenticatorAsync(account, code ?? ""), "/account/once", "/account/authenticator"));
        own.MapPost("/authenticator/remove", (HttpContext context, MyAccount mine, [FromForm] string? password) =>
            DoAsync(context, mine, account => mine.RemoveAuthenticatorAsync(account, password ?? ""), "/sign-in"));
        own.MapPost("/passkeys/options", async (HttpContext context, MyAccount mine) =>
            await mine.OfAsync(context.User) is { } account ? Results.Content(await mine.PasskeyOptionsAsync(account), "application/json") : Results.Unauthorized());
        own.MapPost("/passkeys", (HttpContext context, MyAccount mine, [FromForm] string? credential, [FromForm] string? label) =>
            DoAsync(context, mine, account => mine.AddPasskeyAsync(account, credential ?? "", label ?? ""), "/account"));
        own.MapPost("/passkeys/{id}/remove", (HttpContext context, MyAccount mine, string id) =>
            DoAsync(context, mine, account => mine.RemovePasskeyAsync(account, id), "/sign-in"));
        own.MapPost("/keys", (HttpContext context, MyAccount mine, [FromForm] string? label, [FromForm] int? days, CancellationToken cancellationToken) => DoAsync(
            context,
            mine,
            account => mine.MakeKeyAsync(account, label ?? "", [.. context.Request.Form["purposes"].OfType<string>()], days ?? 30, cancellationToken),
            "/account/once"));
        own.MapPost("/keys/{id}/end", (HttpContext context, MyAccount mine, ApiKeys keys, string id, CancellationToken cancellationToken) =>
            DoAsync(context, mine, async account => await keys.EndAsync(account.Id, id, account.Id, cancellationToken)
                ? true : Error.NotFound("key.unknown", "There is no such key.", "没有此密钥。"), "/account"));
        own.MapPost("/once/kept", (HttpContext context, MyAccount mine) => DoAsync(context, mine, mine.KeptAsync, "/account"));
        own.MapPost("/sessions/{id}/end", (HttpContext context, MyAccount mine, string id, CancellationToken cancellationToken) =>
            DoAsync(context, mine, account => mine.EndSessionAsync(account, id, cancellationToken), "/account"));
        own.MapPost("/sessions/end-others", (HttpContext context, MyAccount mine, Sessions sessions, CancellationToken cancellationToken) => DoAsync(
            context,
            mine,
            async account =>
            {
                await sessions.EndAllAsync(account.Id, (await sessions.FindAsync(context.User, cancellationToken))?.Id, cancellationToken);
                return true;
            },
            "/account"));
    }

    /// <summary>The access review of administrators: renew, shut, end (M55).</summary>
    public static void MapAccessReview(this IEndpointRouteBuilder routes)
    {
        var review = routes.MapGroup("/accounts").RequireAuthorization(AccountSetup.AdministratorPolicy).NeedsFormToken().ExcludeFromDescription();
        review.MapPost("/renew", async (HttpContext context, [FromForm] string? name, AccountService accounts) =>
            Answer(await accounts.RenewAsync(name ?? "", AccountService.LongestRole, Api.Forms.Actor(context))));
        review.MapPost("/lock", async (HttpContext context, [FromForm] string? name, AccountService accounts) =>
            Answer(await accounts.LockAsync(name ?? "", Api.Forms.Actor(context))));
        review.MapPost("/leave", async (HttpContext context, [FromForm] string? name, AccountService accounts, CancellationToken cancellationToken) =>
            Answer(await accounts.LeaveAsync(name ?? "", Api.Forms.Actor(context), cancellationToken)));

        static IResult Answer<T>(Result<T> done) => done.IsOk ? Results.LocalRedirect("/accounts") : Problems.Result(done.Error);
    }

    private static async Task<IResult> DoAsync(HttpContext context, MyAccount mine, Func<Account, Task<Result<bool>>> change, string done, string? failed = null)
    {
        if (await mine.OfAsync(context.User) is not { } account)
        {
            return Results.Unauthorized();
        }

        var changed = await change(account);
        return changed.IsOk ? Results.LocalRedirect(done)
            : Results.LocalRedirect($"{failed ?? "/account"}?failed={Uri.EscapeDataString(changed.Error.Code)}");
    }
}
