using Waymark.Model;

namespace Waymark.Pages;

/// <summary>
/// For which purpose the person who signed in works: asked once a sign-in, and for a case that needs another one, once for that case. Kept with the session on the
/// server; no address and no form can state one.
/// </summary>
public interface IStatedPurposes
{
    /// <summary>What the person works for at present, or null when it was not asked yet.</summary>
    string? Purpose { get; }

    /// <summary>The unit chosen with it, or null.</summary>
    string? Unit { get; }

    /// <summary>The purpose for which this file is open in this sign-in, or null.</summary>
    string? Of(string matter);

    /// <summary>Keeps the purpose of one file until the session ends. Errors: <c>purpose.stated</c> when it is open for another one.</summary>
    Task<Result<string>> StateAsync(string matter, string purpose, CancellationToken cancellationToken);
}
