using System.Security.Cryptography;
using System.Text;

namespace Waymark.App.Accounts;

/// <summary>An account as stored in the register <c>app.account</c>. The password is kept only as a salted hash.</summary>
public sealed record Account
{
    public const string Register = "app.account";
    public const string NameRegister = "app.account-name";

    public required string Id { get; init; }

    public string Name { get; set; } = "";

    public string NormalizedName { get; set; } = "";

    public required string Role { get; set; }

    /// <summary>Units whose work the account takes part in; empty for roles that have no unit.</summary>
    public IReadOnlyList<string> Units { get; set; } = [];

    /// <summary>When the role ends unless somebody renews it at an access review (M55); null never stands for "for ever", but for accounts made before roles ended.</summary>
    public DateTimeOffset? RoleEnds { get; set; }

    public string? PasswordHash { get; set; }

    /// <summary>Changes whenever sessions must end.</summary>
    public string SecurityStamp { get; set; } = "";

    public int AccessFailedCount { get; set; }

    public bool LockoutEnabled { get; set; } = true;

    public DateTimeOffset? LockoutEnd { get; set; }

    /// <summary>An administrator shut the account; only an administrator opens it again.</summary>
    public bool Locked { get; set; }

    /// <summary>The person left. The account stays, so that the log can name who acted, and never opens again.</summary>
    public DateTimeOffset? LeftAt { get; set; }

    /// <summary>For trying out: signs in from this machine only, and never on a server that is open to a network (M105).</summary>
    public bool Sample { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>A second step is asked for after the password.</summary>
    public bool TwoFactor { get; set; }

    /// <summary>The key of the authenticator app, encrypted under a key that lies outside the store.</summary>
    public string? AuthenticatorKey { get; set; }

    /// <summary>The last time step whose code was used; a code is good once.</summary>
    public long AuthenticatorStep { get; set; }

    /// <summary>Keyed hashes of the recovery codes that are left.</summary>
    public IReadOnlyList<string> RecoveryCodes { get; set; } = [];

    public IReadOnlyList<Passkey> Passkeys { get; set; } = [];

    /// <summary>The subject at the outside login provider that may sign in as this account; set by an administrator.</summary>
    public string? OutsideSubject { get; set; }

    /// <summary>Codes or a key to be shown to the owner once, encrypted; gone when the owner says they are kept.</summary>
    public string? ToShow { get; set; }

    /// <summary>When somebody last signed in; the access review shows it.</summary>
    public DateTimeOffset? LastSignIn { get; set; }

    /// <summary>The version this copy was read at; not part of the document.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public long Version { get; set; }

    /// <summary>That the role ended by its time stands in the ledger.</summary>
    public bool EndNoted { get; set; }

    /// <summary>What the account might do when this copy was read; not part of the document.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public AccountAccess? Before { get; set; }

    [System.Text.Json.Serialization.JsonIgnore]
    public AccountAccess Access => new(Role, string.Join(' ', Units), RoleEnds, Locked, LeftAt, OutsideSubject, EndNoted);

    public static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    /// <summary>Letters are compared after compatibility folding, so that two names that look alike are one name.</summary>
    public static string Normalize(string name) => name.Normalize(NormalizationForm.FormKC).ToUpperInvariant();

    /// <summary>Whether the account may act now: not shut, not left, its role not over.</summary>
    public bool IsOpen(DateTimeOffset now) => !Locked && LeftAt is null && (RoleEnds is not { } end || end > now);
}

/// <summary>What an account may do and until when; a change of it is an act with a leaf.</summary>
public sealed record AccountAccess(string Role, string Units, DateTimeOffset? RoleEnds, bool Locked, DateTimeOffset? LeftAt, string? Outside, bool EndNoted)
{
    /// <summary>The word for the change from this to what it is now; null when nothing of it changed.</summary>
    public static string? Change(AccountAccess? before, AccountAccess now) =>
        before is null ? "account.created"
        : before.LeftAt is null && now.LeftAt is not null ? "account.left"
        : before.Locked != now.Locked ? (now.Locked ? "account.locked" : "account.opened")
        : !before.EndNoted && now.EndNoted ? "account.role-ended"
        : before != now ? "account.role-changed" : null;
}

/// <summary>A passkey of an account. <paramref name="Attested"/>: its maker vouches for the hardware by a certificate the operator trusts.</summary>
public sealed record Passkey(
    byte[] Id,
    byte[] PublicKey,
    string Name,
    DateTimeOffset CreatedAt,
    uint SignCount,
    IReadOnlyList<string> Transports,
    bool UserVerified,
    bool BackupEligible,
    bool BackedUp,
    bool Attested,
    byte[] Attestation,
    byte[] ClientData);
