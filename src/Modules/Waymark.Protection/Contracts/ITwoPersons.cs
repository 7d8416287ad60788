using Waymark.Model;

namespace Waymark.Protection.Contracts;

/// <summary>Whether two people are two (M52): asked by every module in which a second person approves.</summary>
public interface ITwoPersons
{
    /// <summary>Null when the two are two; else <c>two.same-account</c>, <c>two.requester</c>, <c>two.credential</c>, <c>two.same-device</c>, <c>two.same-unit</c> or <c>two.too-quick</c>.</summary>
    Error? Check(Actor first, DateTimeOffset firstAt, Actor second, DateTimeOffset secondAt);
}

/// <summary>The one way in which two persons are told from one.</summary>
public sealed class TwoPersonsRule : ITwoPersons
{
    public Error? Check(Actor first, DateTimeOffset firstAt, Actor second, DateTimeOffset secondAt) => Domain.TwoPersons.Check("", first, firstAt, second, secondAt);
}
