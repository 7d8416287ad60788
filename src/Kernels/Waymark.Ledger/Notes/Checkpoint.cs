using System.Globalization;
using Waymark.Model;

namespace Waymark.Ledger;

/// <summary>
/// What a log says of itself at one moment (C2SP tlog-checkpoint): its origin, how many leaves it has, and their root.
/// </summary>
public sealed record Checkpoint(string Origin, long Size, TreeHash Root)
{
    /// <summary>The text to be signed: three lines, each with its newline.</summary>
    public string Text => string.Create(CultureInfo.InvariantCulture, $"{Origin}\n{Size}\n{Root.ToBase64()}\n");

    /// <summary>
    /// Reads the text of a note; further lines are extensions and are skipped. Error <c>ledger.bad-checkpoint</c>.
    /// </summary>
    public static Result<Checkpoint> Parse(string text)
    {
        var lines = text.Split('\n');
        if (lines.Length < 4 || lines[^1].Length > 0 || lines[..^1].Any(line => line.Length == 0))
        {
            return LedgerErrors.Checkpoint("three lines are needed");
        }

        return IsNumber(lines[1], out var size)
            ? TreeHash.TryParse(lines[2], out var root)
                ? new Checkpoint(lines[0], size, root)
                : LedgerErrors.Checkpoint("the third line is no hash")
            : LedgerErrors.Checkpoint("the second line is no size");
    }

    /// <summary>The checkpoint with the signature of its log.</summary>
    public SignedNote Sign(NoteSigner log) => new(Text, [log.Sign(Text, default)]);

    /// <summary>A decimal number without sign and leading zeros that fits 63 bits.</summary>
    internal static bool IsNumber(string text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number)
        && (text.Length == 1 || text[0] != '0');
}
