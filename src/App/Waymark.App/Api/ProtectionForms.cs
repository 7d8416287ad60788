using System.Security.Claims;
using Microsoft.AspNetCore.Mvc;
using Waymark.App.Accounts;
using Waymark.App.Configuration;
using Waymark.App.Hosting;
using Waymark.App.Ledger;
using Waymark.App.Protection;
using Waymark.Casework.Contracts;
using Waymark.Ledger;
using Waymark.Model;
using Waymark.Packs;
using Waymark.Pages;
using Waymark.Pages.Data;
using Waymark.Protection.Contracts;
using Waymark.Protection.Features;
using Waymark.Sodium;
using Waymark.Storage;

namespace Waymark.App.Api;

/// <summary>The parts of protection over one platform, and the forms of their pages.</summary>
public static class ProtectionForms
{
    /// <summary>
    /// Rules, gate, consents, exceptions, log and requests. Without rule packs there is no gate: what needs it is then not offered, never let through.
    /// </summary>
    public static void AddProtection(this IServiceCollection services, Platform platform)
    {
        // What needs a leaf is done through the ledger's reach only; what protects has the local leaf beside it.
        var book = platform.Parts.Packs is { } packs ? OpenBook(platform.Foundation, packs, platform.Store) : default;
        var ledger = LedgerParts.Open(platform, platform.Parts.Packs is not null && book.IsOk ? book.Value.Adoptions.MayStartAsync : null);
        services.AddSingleton(_ => ledger);
        var store = ledger.Reaching;
        services.AddSingleton<ILog>(new Log(store, platform.Keys, platform.Time));
        services.AddSingleton<IPeopleRequests>(new PeopleRequests(store, platform.Keys, platform.Time));
        services.AddSingleton<IConsents>(new Consents(store, platform.Keys, platform.Time));
        services.AddSingleton<IReceivers>(new Receivers(store, platform.Keys, platform.Time));
        services.AddSingleton<ISealedBox>(_ => SodiumSealedBox.Instance);
        services.AddScoped<IActorSource, ActorSource>();
        if (ledger.Local is { } local)
        {
            services.AddSingleton<IProtectiveGate>(new ProtectiveGate(platform.Store, platform.Keys, ledger.Reach, local, new Consents(platform.Store, platform.Keys, platform.Time), platform.Time));
        }

        var rules = platform.Parts.Packs is not null && book.IsOk ? book.Value.Over(store) : null;
        services.AddSingleton(new RuleBookSource(rules, book.Error));
        if (rules is not null)
        {
            services.AddSingleton<IRuleTests>(rules);
            services.AddSingleton<IDuties>(new Duties(rules, store, platform.Keys, platform.Time));
            services.AddSingleton<IReviews>(new Reviews(rules.Reviewers, store, platform.Keys, platform.Time));
            services.AddSingleton<IExceptions>(new Exceptions(rules.Rules, store, platform.Keys, platform.Time));
            services.AddSingleton<IGate>(provider => new Gate(
                rules, store, platform.Keys, provider.GetRequiredService<IConsents>(), provider.GetRequiredService<IExceptions>(), platform.Time));
        }
    }

    /// <summary>The rule book of an installation, with the pack authorities of its key folder.</summary>
    public static Result<RuleBook> OpenBook(StorePlatform platform, PackLibrary packs, IStore store)
    {
        var authorities = AuthorityFile.Read(Path.Combine(platform.Settings.KeyFolder, AuthorityFile.FileName));
        return authorities.IsOk
            ? RuleBook.Open(packs, platform.Settings.Controller, store, platform.Keys, platform.Time, authorities.Value, platform.Settings.Profile) : authorities.Error;
    }

    public static void MapProtectionForms(this IEndpointRouteBuilder routes)
    {
        // It changes nothing, so it needs no token, and so the page sets no cookie (M94).
        routes.MapPost("/my-data", async ([FromForm] string? code, [FromServices] IPeopleRequests requests, [FromServices] CaseworkSource cases, CancellationToken cancellationToken) =>
        {
            // Both are asked whatever the code is: requests about one's data, and requests to a register.
            var given = code is { Length: <= 200 } ? code : "";
            var status = await requests.StatusAsync(given, cancellationToken);
            var followed = cases.Cases is IFollowing following ? await following.WordAsync(given, cancellationToken) : null;
            return Results.LocalRedirect("/my-data?s=" + ((int?)status + 1 ?? (int?)followed + 1 ?? 0).ToString(System.Globalization.CultureInfo.InvariantCulture));
        }).AllowAnonymous().RequireRateLimiting(RateLimits.SignInPolicy).WithMetadata(new HidesExistenceAttribute()).DisableAntiforgery().ExcludeFromDescription();

        var hardware = routes.MapGroup("/protection").RequireAuthorization(AccountSetup.HardwarePolicy).NeedsFormToken().ExcludeFromDescription();
        hardware.MapPost("/rules/adopt", async (
            [FromForm] string? pack, [FromForm] string? hash, [FromForm] string? seen, [FromServices] RuleBookSource source, [FromServices] IActorSource actors, CancellationToken cancellationToken) =>
        {
            if (source.Book is not { } book || actors.Actor is not { } actor)
            {
                return Results.NotFound();
            }

            // The page shows every row; the box says that they were read.
            var done = seen == "yes" ? await book.AdoptAsync(actor, pack ?? "", hash ?? "", cancellationToken) : await book.Adoptions.AdoptAsync(actor, pack ?? "", hash ?? "", [], cancellationToken);
            return done.IsOk ? Results.LocalRedirect("/protection/rules") : Problems.Result(done.Error);
        });

        hardware.MapPost("/reviews/decide", async (
            [FromForm] string? id, [FromForm] string? approve, [FromForm] string? reason, IServiceProvider services, [FromServices] IActorSource actors, CancellationToken cancellationToken) =>
        {
            if (services.GetService<IReviews>() is not { } reviews || actors.Actor is not { } actor || approve is not ("yes" or "no"))
            {
                return Results.NotFound();
            }

            var done = await reviews.DecideAsync(actor, id ?? "", approve == "yes", reason ?? "", cancellationToken);
            return done.IsOk ? Results.LocalRedirect("/protection/reviews") : Problems.Result(done.Error);
        });
        hardware.MapPost("/reviews/ask", async (
            [FromForm] ReviewForm form, IServiceProvider services, [FromServices] IActorSource actors, [FromServices] CaseDesks desks, CancellationToken cancellationToken) =>
        {
            if (services.GetService<IReviews>() is not { } reviews || actors.Actor is not { } actor)
            {
                return Results.NotFound();
            }

            if (desks.Stated is not { } purpose)
            {
                return Results.LocalRedirect("/purpose?return=%2Fprotection%2Freviews");
            }

            var request = form.Read(purpose);
            var asked = request is null ? Error.Invalid("review.invalid", "A review names what is asked and for whom.", "审查须写明所请求之事与相关个人。") : (await reviews.AskAsync(actor, request, cancellationToken)).Error;
            return asked is null ? Results.LocalRedirect("/protection/reviews") : Problems.Result(asked);
        });
        hardware.MapPost("/reviews/stop", async (
            [FromForm] string? id, [FromForm] string? reason, IServiceProvider services, [FromServices] IActorSource actors, CancellationToken cancellationToken) =>
        {
            if (services.GetService<IReviews>() is not { } reviews || actors.Actor is not { } actor)
            {
                return Results.NotFound();
            }

            var done = await reviews.StopAsync(actor, id ?? "", reason ?? "", cancellationToken);
            return done.IsOk ? Results.LocalRedirect("/protection/reviews") : Problems.Result(done.Error);
        });

        hardware.MapPost("/reviews/erase", async (
            [FromForm] string? person, IServiceProvider services, [FromServices] CaseworkSource cases, [FromServices] IActorSource actors, CancellationToken cancellationToken) =>
        {
            if (services.GetService<IExceptions>() is not { } exceptions || actors.Actor is not { } actor)
            {
                return Results.NotFound();
            }

            // Where there is no case work, decisions and consents still name the person.
            var id = (person ?? "").Trim();
            var error = cases.Cases is { } engine ? (await engine.EraseAsync(actor, id, cancellationToken)).Error : (await exceptions.EraseAsync(actor, id, cancellationToken)).Error;
            return error is null ? Results.LocalRedirect("/protection/reviews") : Problems.Result(error);
        });
        hardware.MapPost("/holds/release", async (
            [FromForm] string? person, [FromForm] string? id, [FromForm] string? ground, IServiceProvider services, [FromServices] IActorSource actors, CancellationToken cancellationToken) =>
        {
            if (services.GetService<IExceptions>() is not { } exceptions || actors.Actor is not { } actor)
            {
                return Results.NotFound();
            }

            var released = await exceptions.ReleaseAsync(actor, (person ?? "").Trim(), id ?? "", ground ?? "", cancellationToken);
            return released.IsOk ? Results.LocalRedirect("/protection/holds?person=" + Uri.EscapeDataString((person ?? "").Trim())) : Problems.Result(released.Error);
        });

        hardware.MapPost("/retention/decide", async (
            [FromForm] string? id, [FromForm] string? act, [FromForm] string? ground, [FromForm] string? reason, [FromForm] string? until,
            [FromServices] CaseworkSource cases, [FromServices] IActorSource actors, CancellationToken cancellationToken) =>
        {
            if (cases.Cases is not IRetention retention || actors.Actor is not { } actor)
            {
                return Results.NotFound();
            }

            if (!Packs.Words.TryParse<RetentionAct>(act ?? "", out var does))
            {
                return Problems.Result(Error.Invalid("retention.invalid", "Say what is decided.", "请说明作出何种决定。", "act"));
            }

            var decision = new RetentionDecision(
                does, Packs.Words.TryParse<RetentionGround>(ground ?? "", out var on) ? on : null, reason,
                DateOnly.TryParseExact(until, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.None, out var day) ? day : null);
            var done = await retention.DecideAsync(actor, id ?? "", decision, cancellationToken);
            return done.IsOk ? Results.LocalRedirect("/protection/retention") : Problems.Result(done.Error);
        })
            // Before the form is read: whoever does not decide learns nothing from what is wrong with it.
            .RequireAuthorization(policy => policy.RequireRole(IRetention.Deciders));

        hardware.MapPost("/retention/several", async (
            HttpContext context, [FromForm] string? act, [FromServices] CaseworkSource cases, [FromServices] IActorSource actors, CancellationToken cancellationToken) =>
        {
            if (cases.Cases is not IRetention retention || actors.Actor is not { } actor)
            {
                return Results.NotFound();
            }

            if (!Packs.Words.TryParse<RetentionAct>(act ?? "", out var does))
            {
                return Problems.Result(Error.Invalid("retention.invalid", "Say what is decided.", "请说明作出何种决定。", "act"));
            }

            var done = await retention.DecideManyAsync(actor, [.. (await context.Request.ReadFormAsync(cancellationToken))["r"].OfType<string>()], does, cancellationToken);
            return done.IsOk
                ? Results.LocalRedirect($"/protection/retention?done={done.Value.Count(one => one.Error is null).ToString(System.Globalization.CultureInfo.InvariantCulture)}&left={done.Value.Count(one => one.Error is not null).ToString(System.Globalization.CultureInfo.InvariantCulture)}")
                : Problems.Result(done.Error);
        })
            .RequireAuthorization(policy => policy.RequireRole(IRetention.Deciders));

        ReceiverForms.Map(hardware);

        var casework = routes.MapGroup("/protection").RequireAuthorization(AccountSetup.CaseworkPolicy).NeedsFormToken().ExcludeFromDescription();
        casework.MapPost("/protect", async (
            [FromForm] string? act, [FromForm] string? unit, [FromForm] string? matter, [FromForm] string? persons, [FromForm] string? note,
            IServiceProvider services, [FromServices] IActorSource actors, CancellationToken cancellationToken) =>
        {
            if (services.GetService<IProtectiveGate>() is not { } gate || actors.Actor is not { } actor)
            {
                return Results.NotFound();
            }

            var request = new ProtectiveRequest(actor, unit ?? "", (matter ?? "").Trim(), ReviewForm.Ids(persons), act ?? "", (note ?? "").Trim());
            var done = await gate.ProtectAsync(request, null, cancellationToken);
            return done.IsOk ? Results.LocalRedirect($"/protection/protect?leaf={done.Value.Leaf}&local={(done.Value.IsLocal ? "yes" : "no")}") : Problems.Result(done.Error);
        });

        var staff = routes.MapGroup("/protection").RequireAuthorization(AccountSetup.StaffPolicy).NeedsFormToken().ExcludeFromDescription();
        staff.MapPost("/duties/close", async (
            [FromForm] string? id, [FromForm] string? how, [FromForm] string? back, IServiceProvider services, [FromServices] IActorSource actors, CancellationToken cancellationToken) =>
        {
            if (services.GetService<IDuties>() is not { } duties || actors.Actor is not { } actor || how is not ("done" or "void"))
            {
                return Results.NotFound();
            }

            var closed = await duties.CloseAsync(actor, id ?? "", how == "done", cancellationToken);
            return closed.IsOk ? Results.LocalRedirect(back == "protection" ? "/protection" : "/me") : Problems.Result(closed.Error);
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
