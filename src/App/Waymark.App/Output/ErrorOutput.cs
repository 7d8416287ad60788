using System.Text.Json;
using Waymark.App.CommandLine;
using Waymark.Model;

namespace Waymark.App.Output;

/// <summary>Errors for people and for programs, always on stderr.</summary>
public static class ErrorOutput
{
    public static void Write(TextWriter writer, Error error, Language language, bool json)
    {
        if (json)
        {
            writer.WriteLine(JsonSerializer.Serialize(new { error = ErrorBody.Of(error, language) }, JsonOutput.Options));
            return;
        }

        var where = error.Where is null ? "" : error.Where + ": ";
        writer.WriteLine($"{where}{language.Say(error.Message)} [{error.Code}]");
        if (error.Hint is not null)
        {
            writer.WriteLine($"  {language.Say(error.Hint)}");
        }
    }
}

/// <summary>The published form of an error; <see cref="Retry"/> says whether the same call may succeed later.</summary>
public sealed record ErrorBody(string Code, string Message, string? Hint, string? Where, bool Retry)
{
    public static ErrorBody Of(Error error, Language language) => new(error.Code, language.Say(error.Message),
        error.Hint is null ? null : language.Say(error.Hint), error.Where, error.Kind is ErrorKind.Unavailable or ErrorKind.Conflict);
}
