using Waymark.Model;
using Waymark.Pages.Data;

namespace Waymark.App.Output;

/// <summary>Points in time in the terminal and the API, by the rule that pages and addresses follow too (<see cref="MomentText"/>).</summary>
public static class Moment
{
    public static string Text(DateTimeOffset value) => MomentText.Write(value);

    /// <summary>Reads a date or a date with time. A date alone means its last instant: what was known on that day.</summary>
    public static Result<DateTimeOffset> Parse(string text, string what) => MomentText.Read(text, what);
}
