using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Waymark.Model;

namespace Waymark.Storage.Engine;

/// <summary>
/// One dated script that moves a store forward. Scripts are never edited once released: their hash is written into the
/// store, and a store made by another script is refused instead of guessed at.
/// </summary>
internal sealed record Migration(int Number, string Name, string Sql, string Sha256)
{
    /// <summary>The scripts embedded in a store's assembly, in order of their dated names.</summary>
    public static IReadOnlyList<Migration> Of(Assembly assembly)
    {
        var names = assembly.GetManifestResourceNames().Where(n => n.EndsWith(".sql", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
        return [.. names.Select((name, index) => Read(assembly, name, index + 1))];
    }

    /// <summary>Compares what the store has run with what this build knows, and answers what is still to run.</summary>
    public static Result<IReadOnlyList<Migration>> Pending(
        IReadOnlyList<Migration> known, IReadOnlyList<(string Name, string Sha256)> applied, string where)
    {
        for (var i = 0; i < applied.Count; i++)
        {
            if (i >= known.Count || !known.Any(k => k.Name == applied[i].Name))
            {
                return StoreErrors.Newer(where, applied[i].Name);
            }

            if (known[i].Name != applied[i].Name || known[i].Sha256 != applied[i].Sha256)
            {
                return StoreErrors.ChangedScript(where, applied[i].Name);
            }
        }

        return Result<IReadOnlyList<Migration>>.Ok([.. known.Skip(applied.Count)]);
    }

    private static Migration Read(Assembly assembly, string resource, int number)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!, Encoding.UTF8);
        var sql = reader.ReadToEnd().ReplaceLineEndings("\n");
        return new(number, resource, sql, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql))));
    }
}
