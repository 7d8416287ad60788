using Waymark.Ledger;
using Waymark.Model;
using Waymark.Protection.Features;
using Waymark.Sodium;

namespace Waymark.App.Protection;

/// <summary>Pack authorities of a node: verifier keys in a file of the key folder, one a line; none when it is not there.</summary>
public static class AuthorityFile
{
    public const string FileName = "packs.authorities";

    /// <summary>Error <c>ledger.bad-key</c> with the line.</summary>
    public static Result<PackAuthorities> Read(string file)
    {
        var keys = new List<NoteKey>();
        var lines = File.Exists(file) ? File.ReadAllLines(file) : [];
        for (var at = 0; at < lines.Length; at++)
        {
            if (lines[at].Trim() is not { Length: > 0 } line || line.StartsWith('#'))
            {
                continue;
            }

            var read = NoteKey.Parse(line);
            if (!read.IsOk)
            {
                return read.Error with { Where = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{FileName}:{at + 1}") };
            }

            keys.Add(read.Value);
        }

        return new PackAuthorities(SodiumEd25519.Instance, keys);
    }
}
