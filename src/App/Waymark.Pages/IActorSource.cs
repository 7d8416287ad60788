using Waymark.Model;
using Waymark.Protection.Contracts;
using Waymark.Protection.Features;

namespace Waymark.Pages;

/// <summary>Who asks, from the session of the request; null when nobody signed in.</summary>
public interface IActorSource
{
    Actor? Actor { get; }
}

/// <summary>The rule book of this node, or why there is none.</summary>
public sealed record RuleBookSource(RuleBook? Book, Error? Fault);
