using Waymark.Evidence.Catalogue;
using Waymark.Evidence.Contracts;
using Waymark.Model;
using Waymark.Packs.Content;

namespace Waymark.Evidence.Features;

/// <summary>Brings the typed content of the packs into the words of this module.</summary>
public static class BuiltInFacts
{
    public static EvidenceFacts Facts(BuiltInContent content) => new(
        content.Units,
        content.Definitions.Definitions.ToDictionary(pair => pair.Key, pair => pair.Value.Vector, StringComparer.Ordinal),
        content.Publishers.ToDictionary(pair => pair.Key, pair => new PublisherInfo(pair.Key, pair.Value.Name, Tier(pair.Value.Tier)), StringComparer.Ordinal))
    {
        Bridges = Bridges(content),
    };

    /// <summary>The vectors of packs and the terms of law that nobody has registered yet, as entries of the register.</summary>
    public static IReadOnlyList<DefinitionEntry> Entries(BuiltInContent content) =>
        [.. content.Definitions.Definitions.Select(pair => new DefinitionEntry(pair.Key, pair.Value.Vector, pair.Value.Topic, null, 0, null))];

    public static IReadOnlyList<DefinitionBridge> Bridges(BuiltInContent content) => [.. content.Definitions.Bridges.Select(bridge =>
        new DefinitionBridge(bridge.Id, bridge.Name, bridge.Component, bridge.From, bridge.To, bridge.FactorLow, bridge.FactorHigh, bridge.Reference)
        {
            ValidFrom = bridge.ValidFrom,
            ValidTo = bridge.ValidTo,
            Scope = bridge.Scope,
        })];

    /// <summary>What the source says of coverage (45 report, 24 share); zeros when no pack says it.</summary>
    public static CoverageStatement Coverage(BuiltInContent content) => content.Definitions.Coverage is [{ } fact, ..]
        ? new(fact.Reporting, fact.Sharing, $"{fact.StatedBy.In("en")} ({fact.Year})") : new(0, 0, "–");

    private static string Tier(PublisherTier tier) => tier switch
    {
        PublisherTier.Official => "official",
        PublisherTier.InternationalOrganisation => "international-organisation",
        PublisherTier.Academic => "academic",
        PublisherTier.Ngo => "ngo",
        PublisherTier.Media => "media",
        _ => "own-calculation",
    };
}
