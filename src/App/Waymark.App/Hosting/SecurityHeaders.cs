using Microsoft.Net.Http.Headers;
using Waymark.App.Configuration;

namespace Waymark.App.Hosting;

/// <summary>The headers every answer carries, errors and redirects included.</summary>
public sealed class SecurityHeaders(RequestDelegate next, Settings settings)
{
    public const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
        + "manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'";

    private const string Permissions =
        "accelerometer=(), autoplay=(), camera=(), display-capture=(), encrypted-media=(), fullscreen=(self), geolocation=(), gyroscope=(), "
        + "magnetometer=(), microphone=(), midi=(), payment=(), publickey-credentials-create=(self), publickey-credentials-get=(self), usb=(), browsing-topics=()";

    public Task InvokeAsync(HttpContext context)
    {
        context.Response.OnStarting(static state =>
        {
            var (http, secure, sample) = ((HttpContext, bool, bool))state;
            var headers = http.Response.Headers;
            if (sample)
            {
                SayInvented(headers);
            }

            if (headers.ContentSecurityPolicy.Count == 0)
            {
                // Files of records carry a stricter one of their own.
                headers.ContentSecurityPolicy = ContentSecurityPolicy;
            }

            headers.XContentTypeOptions = "nosniff";
            // "no-referrer" would make browsers send "Origin: null" with our own forms; nothing leaves this site either way.
            headers["Referrer-Policy"] = "same-origin";
            headers["Permissions-Policy"] = Permissions;
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            headers["Cross-Origin-Resource-Policy"] = "same-origin";
            headers["X-Permitted-Cross-Domain-Policies"] = "none";
            if (headers.CacheControl.Count == 0)
            {
                headers.CacheControl = "no-store";
            }

            if (secure && http.Request.IsHttps)
            {
                headers.StrictTransportSecurity = "max-age=31536000";
            }

            return Task.CompletedTask;
        }, (context, settings.IsSecure, settings.Sample is not null));
        return next(context);
    }

    /// <summary>What a sample node answers to programs says so, and so does the name of every file it hands out.</summary>
    private static void SayInvented(IHeaderDictionary headers)
    {
        headers["Waymark-Sample"] = "invented sample";
        if (ContentDispositionHeaderValue.TryParse(headers.ContentDisposition.ToString(), out var named) && (named.FileNameStar.Value ?? named.FileName.Value) is { Length: > 0 } name)
        {
            named.SetHttpFileName("invented-sample-" + name.Trim('"'));
            headers.ContentDisposition = named.ToString();
        }
    }
}

/// <summary>
/// Refuses changes that another site's page asks a browser for. It stands beside antiforgery tokens and cookies bound to
/// this site, so that no single mistake opens a door.
/// </summary>
public sealed class CrossSiteGuard(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method))
        {
            return next(context);
        }

        var site = request.Headers["Sec-Fetch-Site"].ToString();
        var origin = request.Headers.Origin.ToString();
        var foreign = site is "cross-site" or "same-site"
            || (origin.Length > 0 && !(Uri.TryCreate(origin, UriKind.Absolute, out var uri)
                && string.Equals(uri.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase)));
        if (!foreign)
        {
            return next(context);
        }

        return Problems.WriteAsync(context, Model.Error.Refused("request.cross-site", "Another site asked for this change.", "此更改由其他网站发起。"));
    }
}
