namespace Waymark.Pages.Data;

/// <summary>What kind of node this is, as a word of the settings: it stands on every public page.</summary>
public sealed record NodeProfileWord(string Word);
