namespace Waymark.Pages;

/// <summary>Who looks at the page, as far as pages need to know. The application fills it per request.</summary>
public interface IViewer
{
    /// <summary>The account's display name; null when nobody signed in.</summary>
    string? Name { get; }

    /// <summary>The role's word as in the accounts ("administrator", "steward", "case-worker" …), or "" when nobody signed in.</summary>
    string Role { get; }

    /// <summary>True for who may import, waive and stop jobs.</summary>
    bool MayImport { get; }

    /// <summary>The operator's name for this installation, shown beside the mark.</summary>
    string? Deployment { get; }

    /// <summary>True on a node of invented cases; every page says so.</summary>
    bool IsSample { get; }
}
