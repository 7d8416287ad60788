using System.Security.Cryptography;
using System.Text;
using Waymark.Casework.Documents;
using Waymark.Casework.Registers;
using Waymark.Model;

namespace Waymark.Casework.Files;

/// <summary>What was found by the scan: <c>clean</c>, or <c>not-scanned</c> when the operator has named no scanner.</summary>
public enum ScanState { NotScanned, Clean }

/// <summary>
/// What is known of a file. <paramref name="Sent"/> and <paramref name="Kept"/> are SHA-256 of what was sent and of what is kept; for a document that is not rewritten
/// they are equal. Sealed like the entry it stands in.
/// </summary>
public sealed record FileFacts(string Path, string Name, FileKind Kind, int Size, string Sent, string Kept, bool IsRewritten, ScanState Scan, string By, DateTimeOffset At);

/// <summary>What is done with a file.</summary>
public enum FileAct { TakenIn, Shown, Downloaded, Refused }

/// <summary>
/// One link of custody: who did what, when, under which decision, and the hash over it and the link before. Whoever alters, drops or reorders one breaks all that follow.
/// </summary>
public sealed record CustodyLink(FileAct Act, string By, DateTimeOffset At, string Kept, string? Decision, string Hash)
{
    public static CustodyLink Next(CustodyLink? before, FileAct act, string by, DateTimeOffset at, string kept, string? decision)
    {
        var link = new CustodyLink(act, by, at, kept, decision, "");
        return link with { Hash = link.Over(before?.Hash ?? "") };
    }

    /// <summary>Whether every link holds the one before and all speak of the same bytes.</summary>
    public static bool IsWhole(IReadOnlyList<CustodyLink> links)
    {
        for (var at = 0; at < links.Count; at++)
        {
            if (links[at].Hash != links[at].Over(at == 0 ? "" : links[at - 1].Hash) || links[at].Kept != links[0].Kept)
            {
                return false;
            }
        }

        return links.Count > 0 && links[0].Act == FileAct.TakenIn;
    }

    private string Over(string before) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{before}\n{Packs.Words.Of(Act)}\n{By}\n{At.UtcTicks}\n{Kept}\n{Decision}")));
}

/// <summary>A file's record: in clear only what counting and erasing need, the rest under the keys of those it is about.</summary>
internal sealed record FileEntry(string Register, string Record, string Unit, long Bytes, string Blob, IReadOnlyList<string> Persons, byte[] Sealed)
{
    /// <summary>Whether the key of the record sealed it too.</summary>
    public bool IsKeyed { get; init; }

    /// <summary>The ring that opens it; null once the record was erased.</summary>
    public RecordVault.Ring? Of(RecordVault.Ring ring) => IsKeyed ? ring.OfRecord : ring;
}

/// <summary>The sealed part.</summary>
internal sealed record FileSheet(FileFacts Facts, IReadOnlyList<CustodyLink> Custody);

/// <summary>
/// Seals the bytes of a file in pieces, each bound to its file, its place and the number of pieces, under a fresh nonce: the same file in two cases has two addresses
/// (M41), and pieces cannot be left out, swapped or lent.
/// </summary>
internal static class FileSealing
{
    private const int Piece = 1 << 20;

    public static byte[] Seal(RecordVault.Ring ring, IReadOnlyList<string> owners, string file, ReadOnlySpan<byte> content)
    {
        using var made = new MemoryStream(content.Length + 256);
        var count = (content.Length + Piece - 1) / Piece;
        for (var at = 0; at < count; at++)
        {
            made.Write(ring.Seal($"{file}/{at}/{count}", owners, content[(at * Piece)..Math.Min(content.Length, (at + 1) * Piece)]));
        }

        return made.ToArray();
    }

    /// <summary>The content; null once a person it is about was erased.</summary>
    public static byte[]? Open(RecordVault.Ring ring, IReadOnlyList<string> owners, string file, ReadOnlySpan<byte> made)
    {
        const int Whole = Piece + 28;
        using var content = new MemoryStream(made.Length);
        var count = (made.Length + Whole - 1) / Whole;
        for (var at = 0; at < count; at++)
        {
            if (ring.Open($"{file}/{at}/{count}", owners, made[(at * Whole)..Math.Min(made.Length, (at + 1) * Whole)]) is not { } piece)
            {
                return null;
            }

            content.Write(piece);
        }

        return content.ToArray();
    }

    /// <summary>A name as people gave it, without what could mislead: no folders, no control or direction marks, at most 120 letters.</summary>
    public static string Name(string sent)
    {
        var last = sent[(sent.LastIndexOfAny(['/', '\\']) + 1)..].Normalize(NormalizationForm.FormC);
        var kept = string.Concat(last.Where(letter => !char.IsControl(letter) && char.GetUnicodeCategory(letter) is not (System.Globalization.UnicodeCategory.Format or System.Globalization.UnicodeCategory.Surrogate))).Trim();
        return kept.Length == 0 ? "file" : kept[..Math.Min(kept.Length, 120)];
    }

    /// <summary>The value that stands in the record's entry.</summary>
    public static FieldValue Value(string file, FileFacts facts, string media) =>
        new(new System.Text.Json.Nodes.JsonObject { ["blob"] = file, ["media"] = media, ["name"] = facts.Name, ["size"] = facts.Size.ToString(System.Globalization.CultureInfo.InvariantCulture) }
            .ToJsonString(RecordJson.Options));
}
