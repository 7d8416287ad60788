using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.Primitives;
using Waymark.Storage;

namespace Waymark.App.Hosting;

/// <summary>
/// Keeps answers to anonymous reads of evidence. The key holds the sequence number of the newest vintage, so that an import
/// makes every older answer unreachable at once; answers also vary by query, media type and language.
/// </summary>
public sealed class SequenceCache : IOutputCachePolicy
{
    public const string Name = "evidence";
    private static readonly TimeSpan s_lasts = TimeSpan.FromMinutes(1);

    public async ValueTask CacheRequestAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        var http = context.HttpContext;
        var may = (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method))
            && http.User.Identity?.IsAuthenticated != true && StringValues.IsNullOrEmpty(http.Request.Headers.Authorization);
        context.EnableOutputCaching = true;
        context.AllowCacheLookup = may;
        context.AllowCacheStorage = may;
        context.AllowLocking = true;
        context.ResponseExpirationTimeSpan = s_lasts;
        context.CacheVaryByRules.QueryKeys = "*";
        context.CacheVaryByRules.HeaderNames = new(["Accept", "Accept-Language", "HX-Request"]);
        var sequence = await http.RequestServices.GetRequiredService<IStore>().Series.NewestSequenceAsync(cancellation);
        context.CacheVaryByRules.VaryByValues["sequence"] = sequence.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    public ValueTask ServeFromCacheAsync(OutputCacheContext context, CancellationToken cancellation) => ValueTask.CompletedTask;

    public ValueTask ServeResponseAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        var response = context.HttpContext.Response;
        if (response.StatusCode != StatusCodes.Status200OK || !StringValues.IsNullOrEmpty(response.Headers.SetCookie))
        {
            context.AllowCacheStorage = false;
        }

        return ValueTask.CompletedTask;
    }
}
