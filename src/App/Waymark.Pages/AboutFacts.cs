using Waymark.Model;

namespace Waymark.Pages;

/// <summary>What the page "About" says of this installation; the application fills it at start.</summary>
public sealed record AboutFacts(
    string Version,
    string Profile,
    string Store,
    string Reading,
    IReadOnlyList<PackFact> Packs,
    IReadOnlyList<LibraryFact> Libraries);

public sealed record PackFact(string Id, string Version, string Hash, LocalText Title, string Source, string Licence);

public sealed record LibraryFact(string Name, string Version, string Licence);
