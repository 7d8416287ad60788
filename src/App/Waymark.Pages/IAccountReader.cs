namespace Waymark.Pages;

/// <summary>What the account pages show. The application fills it for the account that signed in.</summary>
public interface IAccountReader
{
    /// <summary>The outside login provider's name, or null when there is none.</summary>
    string? OutsideName { get; }

    IReadOnlyList<string> KeyPurposes { get; }

    Task<OwnAccount?> OwnAsync(CancellationToken cancellationToken);

    /// <summary>The key that waits for its first code, in groups of four, and the same as a drawing; null when one is in use.</summary>
    Task<(string Key, string? Drawing)?> AuthenticatorAsync(string label, CancellationToken cancellationToken);

    /// <summary>What is to be shown once: kind "codes" or "key".</summary>
    Task<(string Kind, IReadOnlyList<string> Lines)?> OnceAsync(CancellationToken cancellationToken);

    /// <summary>Every account with what it may do and when it was last used; empty for who may not see it.</summary>
    Task<IReadOnlyList<AccessLine>> ReviewAsync(CancellationToken cancellationToken);
}

public sealed record OwnAccount(
    string Name, string Role, IReadOnlyList<string> Units, DateTimeOffset? RoleEnds, bool TwoFactor, int RecoveryCodes,
    IReadOnlyList<PasskeyLine> Passkeys, IReadOnlyList<SessionLine> Sessions, IReadOnlyList<KeyLine> Keys);

public sealed record PasskeyLine(string Id, string Name, DateTimeOffset CreatedAt, bool Attested);

public sealed record SessionLine(string Id, string Device, string Method, DateTimeOffset StartedAt, DateTimeOffset SeenAt, bool Here);

public sealed record KeyLine(string Id, string Label, IReadOnlyList<string> Purposes, DateTimeOffset Ends, DateTimeOffset? LastUse);

public sealed record AccessLine(
    string Name, string Role, IReadOnlyList<string> Units, DateTimeOffset Since, DateTimeOffset? RoleEnds, DateTimeOffset? LastSignIn, string State,
    bool TwoFactor, int Passkeys, bool Hardware, bool Outside, int Keys);
