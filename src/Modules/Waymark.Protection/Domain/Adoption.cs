using System.Text.Json;
using System.Text.Json.Serialization;
using Waymark.Ledger;
using Waymark.Model;
using Waymark.Model.Rules;
using Waymark.Protection.Contracts;
using Waymark.Rules;

namespace Waymark.Protection.Features;

/// <summary>A pack adopted by the operator: which bytes, by the legal officer and a second person.</summary>
public sealed record Adoption(string Pack, string Hash, Actor First, DateTimeOffset FirstAt, string? Second, DateTimeOffset? SecondAt)
{
    public string Version { get; init; } = "0.0.0";

    /// <summary>What the analyser found against the version in force: first, same, tightens, loosens or undecided.</summary>
    public string Change { get; init; } = "first";

    /// <summary>The unverified rules that both saw before they said yes.</summary>
    public IReadOnlyList<string> RowsSeen { get; init; } = [];

    /// <summary>The pack authority whose signature came with it; needed by whatever loosens.</summary>
    public string? SignedBy { get; init; }

    /// <summary>The public notice; needed by whatever loosens.</summary>
    public LocalText? Notice { get; init; }

    public bool IsComplete => Second is not null;
}

/// <summary>What came in for a pack before the two persons decide: a signature of the pack authority and a notice.</summary>
public sealed record AdoptionOffer(string Pack, string Hash, string Change, string? SignedBy, LocalText? Notice, IReadOnlyList<string> Loosened);

/// <summary>Whether a pack may grant on real data. Answers of an adopted pack say "permitted by …"; none says that an act is lawful.</summary>
public enum AdoptionState
{
    /// <summary>Adopted as it stands.</summary>
    Adopted,

    /// <summary>The floor: it only forbids and obliges, and needs nobody's adoption.</summary>
    AlwaysInForce,

    /// <summary>Nobody adopted it: it forbids and obliges, and permits on invented data only.</summary>
    NotAdopted,

    /// <summary>One person has said yes.</summary>
    Begun,

    /// <summary>Another version was adopted.</summary>
    Changed,
}

/// <summary>A pack with whether these very bytes were adopted. <paramref name="InForce"/>: the newest complete adoption of any version; <paramref name="Begun"/>: one that waits for its second person.</summary>
public sealed record PackState(RulePack Pack, Adoption? InForce, Adoption? Begun = null)
{
    /// <summary>Hashes of versions that were here at earlier starts, that nobody adopted and that forbid: they go on forbidding until a later one is adopted (M74).</summary>
    public IReadOnlyList<string> Waited { get; init; } = [];

    public bool IsAdopted => State is AdoptionState.Adopted or AdoptionState.AlwaysInForce;

    /// <summary>The adoption that speaks of these bytes, else the newest.</summary>
    public Adoption? Adoption => Begun is { } begun && begun.Hash == Pack.Hash ? begun : InForce;

    public AdoptionState State => Pack.IsFloor ? AdoptionState.AlwaysInForce
        : InForce?.Hash == Pack.Hash ? AdoptionState.Adopted
        : Begun?.Hash == Pack.Hash ? AdoptionState.Begun
        : InForce is null ? AdoptionState.NotAdopted : AdoptionState.Changed;
}

/// <summary>Those whose signature counts on this node. None: nothing that loosens can be adopted.</summary>
public sealed record PackAuthorities(IEd25519 Ed25519, IReadOnlyList<NoteKey> Keys)
{
    /// <summary>What an authority signs, as a signed note.</summary>
    public static string Text(string pack, string version, string hash) => $"waymark.pack/1\n{pack}\n{version}\n{hash}\n";

    /// <summary>The name of the authority that signed exactly this pack, or null.</summary>
    public string? SignerOf(RulePack pack, ReadOnlySpan<byte> note) =>
        SignedNote.Parse(note).TryGet(out var signed) && signed.Text == Text(pack.Id, pack.Version, pack.Hash)
            ? Keys.FirstOrDefault(key => signed.Statements(Ed25519, key) is { Count: > 0 })?.Name : null;
}

/// <summary>The adoptions of one pack as stored.</summary>
internal sealed record AdoptionFile(Adoption? InForce, Adoption? Begun);

/// <summary>The written form of an adopted pack, kept so that a later version can be compared with it.</summary>
internal static class AdoptedPack
{
    public const string Register = "protection.adopted-pack";

    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { Converters = { new TextConverter() }, MaxDepth = 32 };

    public static byte[] Bytes(RulePackDocument document) => JsonSerializer.SerializeToUtf8Bytes(document, s_json);

    /// <summary>The pack as it was, in the words of today; null when today's vocabulary cannot say it any more.</summary>
    public static RulePack? Read(ReadOnlySpan<byte> bytes, Vocabulary vocabulary) => RulePack.Read(JsonSerializer.Deserialize<RulePackDocument>(bytes, s_json)!, vocabulary).Pack;

    private sealed class TextConverter : JsonConverter<SourceText>
    {
        public override SourceText Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => SourceText.Of(reader.GetString() ?? "", "adopted");

        public override void Write(Utf8JsonWriter writer, SourceText value, JsonSerializerOptions options) => writer.WriteStringValue(value.Text);
    }
}
