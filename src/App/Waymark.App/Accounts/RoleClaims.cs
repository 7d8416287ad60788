using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Waymark.App.Accounts;

/// <summary>Puts role and units of the account into the session. A change of role changes the stamp, which ends the session.</summary>
public sealed class RoleClaims(UserManager<Account> users, IOptions<IdentityOptions> options) : UserClaimsPrincipalFactory<Account>(users, options)
{
    public const string UnitClaim = "waymark:unit";

    protected override async Task<ClaimsIdentity> GenerateClaimsAsync(Account user)
    {
        var identity = await base.GenerateClaimsAsync(user);
        identity.AddClaim(new(ClaimTypes.Role, user.Role));
        identity.AddClaims(user.Units.Select(unit => new Claim(UnitClaim, unit)));
        return identity;
    }
}
