using System.Diagnostics.CodeAnalysis;

namespace Waymark.Model;

/// <summary>
/// What kind of refusal an <see cref="Error"/> is. The application maps it once to HTTP (RFC 9457) and once to an
/// exit code of the command line, so no handler chooses either.
/// </summary>
public enum ErrorKind
{
    /// <summary>The request itself is wrong (HTTP 400, exit 2).</summary>
    Invalid,

    /// <summary>Nothing is there, or it cannot be read (HTTP 404, exit 4).</summary>
    NotFound,

    /// <summary>A rule or a missing right refuses it (HTTP 403, exit 5).</summary>
    Refused,

    /// <summary>It changed meanwhile, or exists already (HTTP 409, exit 6).</summary>
    Conflict,

    /// <summary>Ran, and found faults in the data; what was good is kept (HTTP 422, exit 3).</summary>
    Faulty,

    /// <summary>A limit on input, time or space was reached (HTTP 413, exit 2).</summary>
    TooLarge,

    /// <summary>The other side, the disk or the store did not answer (HTTP 503, exit 7).</summary>
    Unavailable,
}

/// <summary>
/// An expected failure as a value. <paramref name="Code"/> is stable and never translated
/// ("import.row-too-wide"); <paramref name="Message"/> says what happened, <paramref name="Hint"/> what to do,
/// <paramref name="Where"/> the place ("file.csv:17", "Sheet1!C12", "pack.yaml:4:9"). None of them may hold personal data.
/// </summary>
public sealed record Error(ErrorKind Kind, string Code, LocalText Message, LocalText? Hint = null, string? Where = null)
{
    public static Error Invalid(string code, string en, string zh, string? where = null) =>
        new(ErrorKind.Invalid, code, new(en, zh), null, where);

    public static Error NotFound(string code, string en, string zh, string? where = null) =>
        new(ErrorKind.NotFound, code, new(en, zh), null, where);

    public static Error Refused(string code, string en, string zh, string? where = null) =>
        new(ErrorKind.Refused, code, new(en, zh), null, where);

    public static Error Conflict(string code, string en, string zh, string? where = null) =>
        new(ErrorKind.Conflict, code, new(en, zh), null, where);

    public static Error Faulty(string code, string en, string zh, string? where = null) =>
        new(ErrorKind.Faulty, code, new(en, zh), null, where);

    public static Error TooLarge(string code, string en, string zh, string? where = null) =>
        new(ErrorKind.TooLarge, code, new(en, zh), null, where);

    public static Error Unavailable(string code, string en, string zh, string? where = null) =>
        new(ErrorKind.Unavailable, code, new(en, zh), null, where);

    /// <summary>The same error with the next step spelt out.</summary>
    public Error WithHint(string en, string zh) => this with { Hint = new(en, zh) };

    /// <summary>One line for a terminal or a log: place, message, hint, code.</summary>
    public string In(string language) =>
        $"{(Where is null ? "" : Where + ": ")}{Message.In(language)}{(Hint is null ? "" : " " + Hint.In(language))} [{Code}]";

    public override string ToString() => In("en");
}

/// <summary>Either a value or the <see cref="Error"/> that explains why there is none. Exceptions mean bugs or broken machines.</summary>
public readonly struct Result<T>
{
    private readonly T? _value;

    private Result(T? value, Error? error) => (_value, Error) = (value, error);

    public Error? Error { get; }

    [MemberNotNullWhen(false, nameof(Error))]
    public bool IsOk => Error is null;

    /// <summary>The value; asking for it when there is an error is a bug and throws.</summary>
    public T Value => Error is null ? _value! : throw new InvalidOperationException($"No value: {Error}");

    public static Result<T> Ok(T value) => new(value, null);

    public static Result<T> Fail(Error error) => new(default, error);

    public static implicit operator Result<T>(T value) => Ok(value);

    public static implicit operator Result<T>(Error error) => Fail(error);

    public Result<TNext> Then<TNext>(Func<T, Result<TNext>> next) => IsOk ? next(Value) : Error;

    public Result<TNext> Select<TNext>(Func<T, TNext> map) => IsOk ? map(Value) : Error;

    public TOut Match<TOut>(Func<T, TOut> ok, Func<Error, TOut> error) => IsOk ? ok(Value) : error(Error);

    public bool TryGet([MaybeNullWhen(false)] out T value)
    {
        value = _value;
        return IsOk;
    }
}
