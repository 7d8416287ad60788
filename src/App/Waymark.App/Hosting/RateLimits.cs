using System.Net;
using System.Net.Sockets;
using System.Security.Claims;
using System.Threading.RateLimiting;
using Waymark.App.Configuration;
using Waymark.Model;

namespace Waymark.App.Hosting;

/// <summary>
/// Requests per minute: by network address without sign-in, by account with it, and few for doors that take passwords.
/// Counters live in memory for a minute and are written nowhere.
/// </summary>
public static class RateLimits
{
    public const string SignInPolicy = "sign-in";

    public static void AddRateLimits(this IServiceCollection services, Settings settings) => services.AddRateLimiter(options =>
    {
        options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        options.OnRejected = (context, _) =>
        {
            context.HttpContext.Response.Headers.RetryAfter = "60";
            return new ValueTask(Problems.WriteAsync(context.HttpContext,
                Error.Unavailable("request.too-many", "Too many requests; wait a minute.", "请求过多，请稍候一分钟。"), StatusCodes.Status429TooManyRequests));
        };
        options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context =>
            context.User.FindFirstValue(ClaimTypes.NameIdentifier) is { } account
                ? Window("account " + account, settings.RequestsPerMinute * 10)
                : Window("address " + AddressOf(context.Connection.RemoteIpAddress), settings.RequestsPerMinute));
        options.AddPolicy(SignInPolicy, context => Window("sign-in " + AddressOf(context.Connection.RemoteIpAddress), settings.SignInsPerMinute));
    });

    // A household or an office holds a whole /64 of IPv6; single addresses there cost nothing.
    private static string AddressOf(IPAddress? address) => address switch
    {
        null => "",
        { IsIPv4MappedToIPv6: true } => address.MapToIPv4().ToString(),
        { AddressFamily: AddressFamily.InterNetworkV6 } => Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8)),
        _ => address.ToString(),
    };

    private static RateLimitPartition<string> Window(string key, int permits) => RateLimitPartition.GetFixedWindowLimiter(key,
        _ => new() { PermitLimit = permits, Window = TimeSpan.FromMinutes(1), QueueLimit = 0, AutoReplenishment = true });
}
