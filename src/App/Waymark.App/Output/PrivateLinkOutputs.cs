namespace Waymark.App.Output;

/// <summary>A file encoded for a project; the rows left out know too little to be encoded safely.</summary>
public sealed record LinkEncodeOutput(string Project, string Preset, bool NewProject, int Rows, int AsideCount, int Encoded, int Invented, int LeftOut, string Set, string Handles);

/// <summary>What a linkage unit found between two encoded sets.</summary>
public sealed record LinkMatchOutput(string Project, string Preset, int Left, int Right, int Links, double Threshold, double ExpectedFalse, bool OneToOne, long Compared, string Path);

/// <summary>Attacks on a preset: shares of names, and what guessing the commonest name gives.</summary>
public sealed record LinkAttackOutput(int People, double MostPoints, IReadOnlyList<LinkAttackLine> Attacks);

public sealed record LinkAttackLine(string Preset, string Attack, double Recovered, double Commonest, double ExcessPoints, bool Stands);

/// <summary>A seeker's request: what it commits to, and how many tags stand for how many keys.</summary>
public sealed record LinkTokensSeekOutput(string Commitment, int Rows, int AsideCount, int WithoutKey, int Keys, int Tags, string Request, string Key);

/// <summary>A holder's ask: the seeker's commitment as it was read, and how many keys were asked, with padding.</summary>
public sealed record LinkTokensAskOutput(string Commitment, int Rows, int AsideCount, int WithoutKey, int Asked, string Ask, string State);

/// <summary>An answer, and what is left of the budget; a retry is answered again and counted once.</summary>
public sealed record LinkTokensAnswerOutput(string Commitment, int Answered, bool Retry, int Spent, int Budget, string Answer);

/// <summary>What the holder found: records that share a key with someone sought.</summary>
public sealed record LinkTokensCompareOutput(string Commitment, int Candidates, int KeysInCommon);
