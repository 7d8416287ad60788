namespace Waymark.App.Output;

/// <summary>A file encoded for a project; the rows left out know too little to be encoded safely.</summary>
public sealed record LinkEncodeOutput(string Project, string Preset, bool NewProject, int Rows, int AsideCount, int Encoded, int Invented, int LeftOut, string Set, string Handles);

/// <summary>What a linkage unit found between two encoded sets.</summary>
public sealed record LinkMatchOutput(string Project, string Preset, int Left, int Right, int Links, double Threshold, double ExpectedFalse, bool OneToOne, long Compared, string Path);

/// <summary>Attacks on a preset: shares of names, and what guessing the commonest name gives.</summary>
public sealed record LinkAttackOutput(int People, double MostPoints, IReadOnlyList<LinkAttackLine> Attacks);

public sealed record LinkAttackLine(string Preset, string Attack, double Recovered, double Commonest, double ExcessPoints, bool Stands);
