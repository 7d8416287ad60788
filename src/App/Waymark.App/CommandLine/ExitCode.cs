using Waymark.Model;

namespace Waymark.App.CommandLine;

/// <summary>How <c>waymark</c> ends; documented in docs/operations/command-line.md.</summary>
public static class ExitCode
{
    public const int Done = 0;
    public const int Bug = 1;
    public const int Usage = 2;
    public const int Faults = 3;
    public const int NotFound = 4;
    public const int Refused = 5;
    public const int Conflict = 6;
    public const int Unreachable = 7;
    public const int Interrupted = 130;
    public const int Terminated = 143;

    /// <summary>The one place where a kind of error becomes an exit code.</summary>
    public static int For(ErrorKind kind) => kind switch
    {
        ErrorKind.Invalid or ErrorKind.TooLarge => Usage,
        ErrorKind.NotFound => NotFound,
        ErrorKind.Refused => Refused,
        ErrorKind.Conflict => Conflict,
        ErrorKind.Faulty => Faults,
        ErrorKind.Unavailable => Unreachable,
        _ => Bug,
    };

    public static int For(Error error) => For(error.Kind);
}
