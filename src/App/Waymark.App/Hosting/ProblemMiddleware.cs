using System.Globalization;
using Waymark.Model;
using Waymark.Pages.Data;
using Waymark.Storage;

namespace Waymark.App.Hosting;

/// <summary>Turns what was thrown, and bare statuses, into problem details. Nothing of an exception's text leaves.</summary>
public sealed partial class ProblemMiddleware(RequestDelegate next, TimeProvider time, ILogger<ProblemMiddleware> log)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return;
        }
        catch (StoreException failure) when (!context.Response.HasStarted)
        {
            context.Response.Clear();
            await Problems.WriteAsync(context, failure.Error);
            return;
        }
        catch (BadHttpRequestException failure) when (!context.Response.HasStarted)
        {
            context.Response.Clear();
            await WriteStatusAsync(context, failure.StatusCode);
            return;
        }
        catch (InvalidDataException) when (!context.Response.HasStarted)
        {
            // Form limits are reported so by the framework.
            context.Response.Clear();
            await WriteStatusAsync(context, StatusCodes.Status413PayloadTooLarge);
            return;
        }
        catch (Exception failure) when (!context.Response.HasStarted && failure is not OutOfMemoryException)
        {
            var reference = Guid.CreateVersion7(time.GetUtcNow()).ToString("N", CultureInfo.InvariantCulture)[..12];
            Bug(log, reference, failure.GetType().FullName ?? "", failure.StackTrace ?? "");
            context.Response.Clear();
            await Problems.WriteAsync(context, new(ErrorKind.Unavailable, "bug",
                new($"Unexpected failure, reference {reference}.", $"意外失败，编号 {reference}。")), StatusCodes.Status500InternalServerError);
            return;
        }

        var response = context.Response;
        if (!response.HasStarted && response.StatusCode >= 400 && response.ContentLength is null or 0 && context.Request.Path != PageFailures.Page)
        {
            await (context.Items[typeof(PageFailure)] is PageFailure left
                ? Problems.WriteAsync(context, left.Error, left.Status)
                : WriteStatusAsync(context, response.StatusCode));
        }
    }

    private static Task WriteStatusAsync(HttpContext context, int status) => Problems.WriteAsync(context, status switch
    {
        401 => Error.Refused("request.sign-in", "Sign in first.", "请先登录。"),
        403 => Error.Refused("request.not-allowed", "Your role does not allow this.", "您的角色无权执行此操作。"),
        404 => Error.NotFound("request.not-found", "There is nothing at this address.", "此地址没有内容。"),
        405 => Error.Invalid("request.method", "This address does not take this method.", "此地址不支持该方法。"),
        406 => Error.Invalid("request.not-acceptable", "None of the media types asked for can be made here.", "无法提供所请求的媒体类型。"),
        408 => Error.Unavailable("request.slow", "The request came too slowly.", "请求传输过慢。"),
        413 => Error.TooLarge("request.too-large", "The request is larger than allowed.", "请求超过允许的大小。"),
        414 => Error.TooLarge("request.address-too-long", "The address is too long.", "地址过长。"),
        415 => Error.Invalid("request.media-type", "This media type is not taken here.", "此处不接受该媒体类型。"),
        429 => Error.Unavailable("request.too-many", "Too many requests; wait a minute.", "请求过多，请稍候一分钟。"),
        431 => Error.TooLarge("request.headers", "The headers are larger than allowed.", "请求头超过允许的大小。"),
        _ => Error.Invalid("request.wrong", "The request cannot be understood.", "无法理解该请求。"),
    }, status);

    // The message of an exception may hold what a person typed; type and place do not.
    [LoggerMessage(1, LogLevel.Error, "Unexpected failure {Reference}: {Kind}\n{Place}")]
    private static partial void Bug(ILogger logger, string reference, string kind, string place);
}
