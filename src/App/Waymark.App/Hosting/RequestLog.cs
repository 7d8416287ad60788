using System.Diagnostics;

namespace Waymark.App.Hosting;

/// <summary>
/// One line per request: method, pattern of the route, status, time. Never the address as asked, the query, a body, a name or a
/// network address: those can say who looked for whom.
/// </summary>
public sealed partial class RequestLog(RequestDelegate next, TimeProvider time, ILogger<RequestLog> log)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var started = time.GetTimestamp();
        try
        {
            await next(context);
        }
        finally
        {
            var pattern = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "(none)";
            var method = Known(context.Request.Method);
            if (Activity.Current is { } trace)
            {
                trace.DisplayName = $"{method} {pattern}";
                trace.SetTag("http.request.method", method).SetTag("http.route", pattern).SetTag("http.response.status_code", context.Response.StatusCode);
            }

            Answered(log, method, pattern, context.Response.StatusCode, (long)time.GetElapsedTime(started).TotalMilliseconds,
                Activity.Current?.TraceId.ToString() ?? "");
        }
    }

    // A method is text that the client chose.
    private static string Known(string method) => method is "GET" or "POST" or "HEAD" or "PUT" or "DELETE" or "OPTIONS" ? method : "OTHER";

    [LoggerMessage(1, LogLevel.Information, "{Method} {Route} {Status} {Milliseconds} ms {Trace}")]
    private static partial void Answered(ILogger logger, string method, string route, int status, long milliseconds, string trace);
}

/// <summary>Structured logs on stderr, without what the framework would add of its own accord.</summary>
public static class LogSetup
{
    public static void AddWaymarkLogs(this ILoggingBuilder logging, bool verbose)
    {
        logging.ClearProviders();
        logging.AddJsonConsole(options =>
        {
            options.UseUtcTimestamp = true;
            options.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
            options.IncludeScopes = false;
        });
        logging.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(options => options.LogToStandardErrorThreshold = LogLevel.Trace);
        logging.SetMinimumLevel(LogLevel.Information);

        // Below "error" the framework writes addresses, query strings, claims and key material names.
        logging.AddFilter("Microsoft", LogLevel.Error);
        logging.AddFilter("System", LogLevel.Error);
        logging.AddFilter("Npgsql", LogLevel.Error);
        logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Critical);
        logging.AddFilter("Waymark", verbose ? LogLevel.Debug : LogLevel.Information);
    }
}
