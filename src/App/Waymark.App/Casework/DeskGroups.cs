using Waymark.App.Accounts;
using Waymark.App.Hosting;

namespace Waymark.App.Casework;

/// <summary>Groups of addresses of a desk: for staff only, and a refusal tells nobody by its time whether there is something behind it.</summary>
public static class DeskGroups
{
    public static RouteGroupBuilder MapDesk(this IEndpointRouteBuilder routes, string prefix) =>
        routes.MapGroup(prefix).RequireAuthorization(AccountSetup.StaffPolicy).WithMetadata(new HidesExistenceAttribute { OnlyRefusals = true }).ExcludeFromDescription();

    /// <summary>The same for forms, which need their token.</summary>
    public static RouteGroupBuilder MapDeskForms(this IEndpointRouteBuilder routes, string prefix) => routes.MapDesk(prefix).NeedsFormToken();
}
