using System.Security.Claims;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Mvc;
using Waymark.App.Hosting;
using Waymark.Pages;

namespace Waymark.App.Accounts;

/// <summary>The step in which somebody says for which purpose they work. Only purposes that follow from the role are taken.</summary>
public static partial class PurposeEndpoints
{
    public static void MapPurposes(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/purpose", ChooseAsync).RequireAuthorization(AccountSetup.StaffPolicy).NeedsFormToken().ExcludeFromDescription();

    private static async Task<IResult> ChooseAsync(
        HttpContext context, [FromForm] string? purpose, [FromForm] string? unit, [FromForm] string? matter, [FromForm(Name = "return")] string? to,
        [FromServices] RuleBookSource rules, [FromServices] Sessions sessions, [FromServices] IStatedPurposes stated, CancellationToken cancellationToken)
    {
        var back = AccountEndpoints.LocalAddress(to);
        var own = rules.Book?.Purposes.GetValueOrDefault(context.User.FindFirstValue(ClaimTypes.Role) ?? "");
        if (purpose is null || own?.Contains(purpose) != true || (unit is { Length: > 0 } && !context.User.HasClaim(RoleClaims.UnitClaim, unit)))
        {
            return Failed("purpose.role", back);
        }

        if (matter is { Length: > 0 })
        {
            if (!Matter().IsMatch(matter))
            {
                return Failed("purpose.role", back);
            }

            var kept = await stated.StateAsync(matter, purpose, cancellationToken);
            return kept.IsOk ? Results.LocalRedirect(back) : Failed(kept.Error.Code, back);
        }

        if (await sessions.FindAsync(context.User, cancellationToken) is not { } known)
        {
            return Results.Unauthorized();
        }

        var chosen = await sessions.ChoosePurposeAsync(known, purpose, unit is { Length: > 0 } ? unit : known.Session.Unit, cancellationToken);
        return chosen.IsOk ? Results.LocalRedirect(back) : Failed(chosen.Error.Code, back);
    }

    private static IResult Failed(string code, string back) => Results.LocalRedirect($"/purpose?failed={Uri.EscapeDataString(code)}&return={Uri.EscapeDataString(back)}");

    [GeneratedRegex("^[a-z0-9-]{1,64}/[0-9a-f]{32}$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Matter();
}
