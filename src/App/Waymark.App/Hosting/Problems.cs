using System.Text.Json;
using Waymark.App.Output;
using Waymark.Model;

namespace Waymark.App.Hosting;

/// <summary>RFC 9457 problem details; <see cref="Code"/> is the stable code of the error and never translated.</summary>
public sealed record Problem(string Type, string Title, int Status, string Code, string? Detail = null, string? Where = null, bool? Retry = null);

/// <summary>The one place where an error becomes an answer of HTTP.</summary>
public static class Problems
{
    public const string MediaType = "application/problem+json";

    public static int StatusOf(ErrorKind kind) => kind switch
    {
        ErrorKind.Invalid => StatusCodes.Status400BadRequest,
        ErrorKind.NotFound => StatusCodes.Status404NotFound,
        ErrorKind.Refused => StatusCodes.Status403Forbidden,
        ErrorKind.Conflict => StatusCodes.Status409Conflict,
        ErrorKind.Faulty => StatusCodes.Status422UnprocessableEntity,
        ErrorKind.TooLarge => StatusCodes.Status413PayloadTooLarge,
        ErrorKind.Unavailable => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status500InternalServerError,
    };

    public static Problem Of(Error error, string language, int? status = null) => new(
        "urn:waymark:error:" + error.Code, error.Message.In(language), status ?? StatusOf(error.Kind), error.Code,
        error.Hint?.In(language), error.Where, error.Kind is ErrorKind.Unavailable or ErrorKind.Conflict ? true : null);

    public static IResult Result(Error error) => new ProblemResult(error);

    public static async Task WriteAsync(HttpContext context, Error error, int? status = null)
    {
        var language = RequestLanguage.Of(context.Request);
        var problem = Of(error, language, status);
        if (PageFailures.TryLeave(context, new(error, problem.Status)))
        {
            return;
        }

        context.Response.StatusCode = problem.Status;
        context.Response.ContentType = MediaType;
        context.Response.Headers.ContentLanguage = language == "zh" ? "zh-Hans" : "en";
        context.Response.Headers.Append("Vary", "Accept-Language");
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.Remove("ETag");
        await context.Response.WriteAsync(JsonSerializer.Serialize(problem, JsonOutput.Options), context.RequestAborted);
    }

    private sealed class ProblemResult(Error error) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => WriteAsync(httpContext, error);
    }
}

/// <summary>The language of an answer: <c>lang</c> in the address, else Accept-Language, else English.</summary>
public static class RequestLanguage
{
    public static string Of(HttpRequest request)
    {
        var asked = request.Query["lang"].ToString();
        if (asked is "en" or "zh")
        {
            return asked;
        }

        foreach (var choice in request.GetTypedHeaders().AcceptLanguage.OrderByDescending(item => item.Quality ?? 1))
        {
            if (choice.Value.StartsWith("zh", StringComparison.OrdinalIgnoreCase))
            {
                return "zh";
            }

            if (choice.Value.StartsWith("en", StringComparison.OrdinalIgnoreCase))
            {
                return "en";
            }
        }

        return "en";
    }
}
