using System.Net;

namespace Waymark.App.Configuration;

/// <summary>Who may read the evidence without signing in.</summary>
public enum Reading { Public, Closed }

public enum StoreKind { Sqlite, Postgres }

/// <summary>The settings of one installation, checked. Where each came from is in <see cref="Origins"/>.</summary>
public sealed record Settings
{
    public required IPAddress Address { get; init; }

    public required int Port { get; init; }

    /// <summary>The address readers use, when a proxy stands in front; null when it is this process's own.</summary>
    public Uri? PublicAddress { get; init; }

    public required IReadOnlyList<IPNetwork> Proxies { get; init; }

    public string? TlsCertificate { get; init; }

    public string? TlsKey { get; init; }

    /// <summary>The operator's name for this installation.</summary>
    public string? Name { get; init; }

    public required string DataFolder { get; init; }

    public required string KeyFolder { get; init; }

    public required StoreKind Store { get; init; }

    /// <summary>A secret: never printed, never logged.</summary>
    public string? Connection { get; init; }

    /// <summary>Folders of packs: the built-in one first, then the operator's.</summary>
    public required IReadOnlyList<string> PackFolders { get; init; }

    public required Reading Reading { get; init; }

    public required bool ShowsMaps { get; init; }

    public required int UploadMebibytes { get; init; }

    public required int RequestsPerMinute { get; init; }

    public required int SignInsPerMinute { get; init; }

    public Uri? Telemetry { get; init; }

    public AccountSettings Accounts { get; init; } = new();

    /// <summary>Code of the organisation that decides on the processing; empty refuses every use.</summary>
    public string Controller { get; init; } = "";

    /// <summary>Minutes between published checkpoints.</summary>
    public int PublishMinutes { get; init; } = 15;

    /// <summary>Program that looks at files of records; null when none is named.</summary>
    public string? FileScanner { get; init; }

    /// <summary>Unit that receives tracing requests of the public page; null when it takes none.</summary>
    public string? TracingUnit { get; init; }

    /// <summary>Unit that receives complaints of the public page; null when it takes none.</summary>
    public string? ComplaintsUnit { get; init; }

    /// <summary>When each unit works: zone, days of rest, holidays.</summary>
    public Func<string, Waymark.Casework.Registers.UnitCalendar> Calendars { get; init; } = static _ => Waymark.Casework.Registers.UnitCalendar.Default;

    /// <summary>How reminders are sent; null when they are not.</summary>
    public MailSettings? Mail { get; init; }

    /// <summary>Which registers load: <c>humanitarian</c>, <c>authority</c>, <c>statistics</c> or <c>public</c>.</summary>
    public string Profile { get; init; } = "statistics";

    /// <summary>Id of the invented sample this node plays; null on every node in use. No file, variable or flag sets it: only <c>waymark sample</c> does.</summary>
    public string? Sample { get; init; }

    /// <summary>Two sample nodes share one address, and browsers share cookies between its ports.</summary>
    public string CookieEnd => Sample is null ? "" : "-" + Sample;

    public required IReadOnlyList<SettingOrigin> Origins { get; init; }

    public bool Tls => TlsCertificate is not null;

    /// <summary>Readers reach this installation by TLS, here or at a proxy.</summary>
    public bool IsSecure => Tls || PublicAddress?.Scheme == "https";

    public bool IsLoopback => IPAddress.IsLoopback(Address);
}

/// <summary>A mail server, who signs in there, and where units read. <see cref="Password"/> is a secret: never printed, never logged.</summary>
public sealed record MailSettings(string Host, int Port, string From, IReadOnlyDictionary<string, string> Units, string? User, string? Password)
{
    /// <summary>A server on this machine is spoken to in the clear; every other only over TLS.</summary>
    public bool IsLocal => Host is "localhost" or "127.0.0.1" or "::1";
}

/// <summary>A setting, its value in words (secrets as "set"), and where it came from.</summary>
public sealed record SettingOrigin(string Key, string Value, string From);

/// <summary>How people sign in besides by password.</summary>
public sealed record AccountSettings
{
    /// <summary>The domain passkeys are bound to; the host of the request when null.</summary>
    public string? PasskeyDomain { get; init; }

    /// <summary>Folder of the makers' root certificates; without it no passkey counts as hardware.</summary>
    public string? AttestationRoots { get; init; }

    public Uri? OutsideIssuer { get; init; }

    public string? OutsideClient { get; init; }

    /// <summary>A secret: never printed, never logged.</summary>
    public string? OutsideSecret { get; init; }

    public string? OutsideName { get; init; }
}
