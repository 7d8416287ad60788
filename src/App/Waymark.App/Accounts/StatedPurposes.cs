using Waymark.Model;
using Waymark.Pages;

namespace Waymark.App.Accounts;

/// <summary>Purposes of the session that came with the request.</summary>
public sealed class StatedPurposes(IHttpContextAccessor http, Sessions sessions) : IStatedPurposes
{
    public string? Purpose => Known?.Session.Purpose;

    public string? Unit => Known?.Session.Unit;

    private KnownSession? Known => http.HttpContext?.Items[typeof(KnownSession)] as KnownSession;

    public string? Of(string matter) => Known?.Session.Purposes.GetValueOrDefault(matter);

    public async Task<Result<string>> StateAsync(string matter, string purpose, CancellationToken cancellationToken)
    {
        // Two pages that open at once both write to the session; the later one looks again.
        Result<string> stated = Gone;
        for (var attempt = 0; attempt < 3; attempt++)
        {
            if (await sessions.FindAsync(http.HttpContext?.User, cancellationToken) is not { } known)
            {
                return Gone;
            }

            stated = await sessions.StatePurposeAsync(known, matter, purpose, cancellationToken);
            if (stated.IsOk || stated.Error.Kind != ErrorKind.Conflict)
            {
                break;
            }
        }

        return stated;
    }

    private static Error Gone => Error.Refused("purpose.no-session", "The sign-in is over; sign in again.", "登录已结束，请重新登录。");
}
