using Waymark.Model;
using Waymark.Packs;

namespace Waymark.Evidence.Catalogue;

/// <summary>Something that several series count: one definition, one unit, and the dimensions that their figures share.</summary>
public sealed record Quantity(string Id, LocalText Name, string Definition, string Unit, IReadOnlyList<string> Dimensions, IReadOnlyList<QuantitySource> Sources, string Reference);

/// <summary>
/// A series that speaks for a quantity: <paramref name="Where"/> picks its figures, <paramref name="Dimensions"/> leads from the
/// dimensions of the quantity to those of the series; what it lacks stands for the total. <paramref name="Definition"/> null: that of the series.
/// </summary>
public sealed record QuantitySource(
    string Series, IReadOnlyDictionary<string, string> Where, IReadOnlyDictionary<string, string> Dimensions, string? Definition, LocalText? Note);

/// <summary>Reads the pack <c>codelists/quantities</c>; every id it names must be known.</summary>
public static class QuantityReader
{
    public static IReadOnlyDictionary<string, Quantity> Read(PackLibrary library, EvidenceCatalogue catalogue, PackErrors errors)
    {
        if (library.Find("codelists", "quantities") is not { } pack)
        {
            return new Dictionary<string, Quantity>();
        }

        var sources = pack.Rows("quantity-sources.csv").ToLookup(row => row["quantity"], StringComparer.Ordinal);
        var quantities = new Dictionary<string, Quantity>(StringComparer.Ordinal);
        foreach (var row in pack.Rows("quantities.csv"))
        {
            Known(row, "definition", row["definition"], catalogue.Facts.Definitions.Keys);
            quantities[row["id"]] = new(row["id"], new(row["en"], row["zh"]), row["definition"], row["unit"],
                row["dimensions"].Split(';', StringSplitOptions.RemoveEmptyEntries), [.. sources[row["id"]].Select(Source)], row["reference"]);
        }

        foreach (var row in sources.Where(group => !quantities.ContainsKey(group.Key)).SelectMany(group => group))
        {
            Known(row, "quantity", row["quantity"], quantities.Keys);
        }

        return quantities;

        QuantitySource Source(PackRow row)
        {
            if (row["definition"].Length > 0)
            {
                Known(row, "definition", row["definition"], catalogue.Facts.Definitions.Keys);
            }

            return new(row["series"], Pairs(row["where"]), Pairs(row["dimensions"]), row.Optional("definition"),
                row["en"].Length > 0 ? new LocalText(row["en"], row["zh"]) : null);
        }

        void Known(PackRow row, string column, string id, IEnumerable<string> known)
        {
            // Without facts (a reader of profiles alone) nothing is known and nothing can be wrong.
            var all = known.ToList();
            if (all.Count > 0 && !all.Contains(id, StringComparer.Ordinal))
            {
                errors.Add(Error.Faulty("pack.unknown-id", $"There is no {column} \"{id}\".", $"没有 {column}“{id}”。", row.Where(column)));
            }
        }
    }

    private static Dictionary<string, string> Pairs(string text) => text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(pair => pair.Split('=', 2)).Where(pair => pair.Length == 2).ToDictionary(pair => pair[0].Trim(), pair => pair[1].Trim(), StringComparer.Ordinal);
}
