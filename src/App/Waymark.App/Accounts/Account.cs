using System.Security.Cryptography;
using System.Text;

namespace Waymark.App.Accounts;

/// <summary>What an account may do. Nobody may switch a rule off.</summary>
public static class Roles
{
    public const string Administrator = "administrator";

    /// <summary>Imports, waives findings, stops and retries jobs.</summary>
    public const string Steward = "steward";

    public const string Reader = "reader";

    public static IReadOnlyList<string> All { get; } = [Administrator, Steward, Reader];
}

/// <summary>An account as stored in the register <c>app.account</c>. The password is kept only as a salted hash.</summary>
public sealed record Account
{
    public const string Register = "app.account";
    public const string NameRegister = "app.account-name";

    public required string Id { get; init; }

    public string Name { get; set; } = "";

    public string NormalizedName { get; set; } = "";

    public required string Role { get; set; }

    public string? PasswordHash { get; set; }

    /// <summary>Changes whenever sessions must end.</summary>
    public string SecurityStamp { get; set; } = "";

    public int AccessFailedCount { get; set; }

    public bool LockoutEnabled { get; set; } = true;

    public DateTimeOffset? LockoutEnd { get; set; }

    /// <summary>An administrator shut the account; only an administrator opens it again.</summary>
    public bool Locked { get; set; }

    /// <summary>For trying out: signs in from this machine only, and never on a server that is open to a network (M105).</summary>
    public bool Sample { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The version this copy was read at; not part of the document.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public long Version { get; set; }

    public static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    /// <summary>Letters are compared after compatibility folding, so that two names that look alike are one name.</summary>
    public static string Normalize(string name) => name.Normalize(NormalizationForm.FormKC).ToUpperInvariant();
}
