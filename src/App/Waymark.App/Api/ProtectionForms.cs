using System.Security.Claims;
using Microsoft.AspNetCore.Mvc;
using Waymark.App.Accounts;
using Waymark.App.Configuration;
using Waymark.App.Hosting;
using Waymark.Model;
using Waymark.Pages;
using Waymark.Protection.Contracts;
using Waymark.Protection.Features;

namespace Waymark.App.Api;

/// <summary>The parts of protection over one platform, and the forms of their pages.</summary>
public static class ProtectionForms
{
    /// <summary>
    /// Rules, gate, consents, exceptions, log and requests. Without rule packs there is no gate: what needs it is then not offered, never let through.
    /// </summary>
    public static void AddProtection(this IServiceCollection services, Platform platform)
    {
        services.AddSingleton<ILog>(new Log(platform.Store, platform.Keys, platform.Time));
        services.AddSingleton<IPeopleRequests>(new PeopleRequests(platform.Store, platform.Keys, platform.Time));
        services.AddSingleton<IConsents>(new Consents(platform.Store, platform.Keys, platform.Time));
        services.AddScoped<IActorSource, ActorSource>();
        var book = platform.Parts.Packs is { } packs ? RuleBook.Open(packs, platform.Settings.Controller, platform.Store, platform.Keys, platform.Time) : default;
        services.AddSingleton(new RuleBookSource(platform.Parts.Packs is not null && book.IsOk ? book.Value : null, book.Error));
        if (platform.Parts.Packs is not null && book.IsOk)
        {
            services.AddSingleton<IRuleTests>(book.Value);
            services.AddSingleton<IExceptions>(provider => new Exceptions(book.Value.Rules, platform.Store, platform.Keys, platform.Time));
            services.AddSingleton<IGate>(provider => new Gate(
                book.Value, platform.Store, platform.Keys, provider.GetRequiredService<IConsents>(), provider.GetRequiredService<IExceptions>(), platform.Time));
        }
    }

    public static void MapProtectionForms(this IEndpointRouteBuilder routes)
    {
        // It changes nothing, so it needs no token, and so the page sets no cookie (M94).
        routes.MapPost("/my-data", async ([FromForm] string? code, [FromServices] IPeopleRequests requests, CancellationToken cancellationToken) =>
        {
            var status = await requests.StatusAsync(code is { Length: <= 200 } ? code : "", cancellationToken);
            return Results.LocalRedirect("/my-data?s=" + (status is { } word ? ((int)word) + 1 : 0).ToString(System.Globalization.CultureInfo.InvariantCulture));
        }).AllowAnonymous().RequireRateLimiting(RateLimits.SignInPolicy).WithMetadata(new HidesExistenceAttribute()).DisableAntiforgery().ExcludeFromDescription();

        var hardware = routes.MapGroup("/protection").RequireAuthorization(AccountSetup.HardwarePolicy).NeedsFormToken().ExcludeFromDescription();
        hardware.MapPost("/rules/adopt", async (
            [FromForm] string? pack, [FromForm] string? hash, [FromServices] RuleBookSource source, [FromServices] IActorSource actors, CancellationToken cancellationToken) =>
        {
            if (source.Book is not { } book || actors.Actor is not { } actor)
            {
                return Results.NotFound();
            }

            var done = await book.AdoptAsync(actor, pack ?? "", hash ?? "", cancellationToken);
            return done.IsOk ? Results.LocalRedirect("/protection/rules") : Problems.Result(done.Error);
        });

        var watch = routes.MapGroup("/protection").RequireAuthorization(AccountSetup.WatchPolicy).NeedsFormToken().ExcludeFromDescription();
        watch.MapPost("/log/inquiries", async (
            [FromForm] string? number, [FromForm] string? kind, [FromServices] ILog log, [FromServices] IActorSource actors, CancellationToken cancellationToken) =>
        {
            var opened = await log.OpenAsync(actors.Actor!, (number ?? "").Trim(), kind ?? "", TimeSpan.FromDays(30), cancellationToken);
            return opened.IsOk ? Results.LocalRedirect("/protection/log?inquiry=" + Uri.EscapeDataString(opened.Value.Number)) : Problems.Result(opened.Error);
        });
    }

    /// <summary>The actor of a session. Keys of programs are no actors: none of them asks the gate (M04).</summary>
    private sealed class ActorSource(IHttpContextAccessor http) : IActorSource
    {
        public Actor? Actor => http.HttpContext?.User is { Identity: { IsAuthenticated: true, AuthenticationType: not ApiKeyHandler.SchemeName } } user
            && user.FindFirstValue(ClaimTypes.NameIdentifier) is { } account && user.FindFirstValue(ClaimTypes.Role) is { } role
            ? new(account, role, [.. user.FindAll(RoleClaims.UnitClaim).Select(claim => claim.Value)],
                user.HasClaim(Session.MethodClaim, nameof(SignInMethod.HardwareKey)), user.FindFirstValue(Session.CredentialClaim))
            : null;
    }
}
