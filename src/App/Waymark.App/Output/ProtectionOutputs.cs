using Waymark.Protection.Contracts;

namespace Waymark.App.Output;

/// <summary>A key as it was made; the secret is in no other document.</summary>
public sealed record KeyOutput(string Secret);

public sealed record KeyLine(string Id, string? Owner, string Label, IReadOnlyList<string> Purposes, DateTimeOffset Ends, DateTimeOffset? LastUse);

public sealed record KeysOutput(IReadOnlyList<KeyLine> Keys);

/// <summary>
/// A pack laid before the two persons. <paramref name="Change"/> against the version in force: first, same, tightens, loosens or undecided;
/// <paramref name="Unverified"/>: rows that nobody verified.
/// </summary>
public sealed record AdoptionOfferOutput(string Pack, string Hash, string Change, string? SignedBy, int Unverified);

public sealed record AdoptionLine(string Pack, string Version, string State, string? InForce, string? Change, DateTimeOffset? AdoptedAt);

public sealed record AdoptionsOutput(IReadOnlyList<AdoptionLine> Packs);

/// <summary><paramref name="Key"/> is the line for the file of authorities where the signature shall count; <paramref name="Note"/> the signed note.</summary>
public sealed record PackSignatureOutput(string Pack, string Version, string Key, string Note);

public sealed record LogOutput(IReadOnlyList<LogLine> Decisions);

/// <summary><paramref name="State"/>: preview, asked, withdrawn, done. Numbers of what goes, and of the holds that keep it from happening.</summary>
public sealed record ErasureOutput(string State, int? Records, int? Files, int? Consents, int? Holds);

public sealed record HoldLine(string Id, string Ground, DateTimeOffset From, DateTimeOffset Until);

public sealed record HoldsOutput(IReadOnlyList<HoldLine> Holds);
