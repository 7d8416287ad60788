using Waymark.Model;

namespace Waymark.Linkage.Private;

/// <summary>Bits that a known value of a field sets in a record.</summary>
public sealed record FieldBudget(FieldRole Role, int Bits);

/// <summary>
/// What the owners of a project agree on besides the key: preset and budgets. Made once from the data of the owner who opens the project and
/// handed to the others with the key; it holds nothing about a single record.
/// </summary>
public sealed record EncodingSchema(EncodingPreset Preset, IReadOnlyList<FieldBudget> Fields)
{
    /// <summary>Most bits that one agreement can be worth: beyond it a rare value says no more, it is only rare.</summary>
    private const double MostInformation = 14;

    /// <summary>
    /// Divides the filter among the fields by what agreement on them says: collision entropy −log2 Σp² of the column, capped, times a known
    /// unreliability of the kind of field. The sum over an average record fills the preset's share of bits.
    /// </summary>
    public static Result<EncodingSchema> From(LinkageTable table, LinkageKnowledge knowledge, IReadOnlyDictionary<string, FieldRole>? map, EncodingPreset preset)
    {
        var records = PrivateRecords.Read(table, knowledge, map);
        if (!records.IsOk)
        {
            return records.Error;
        }

        var weights = new List<(FieldRole Role, double Weight, double Known)>();
        foreach (var role in records.Value.Roles)
        {
            var (entropy, known) = records.Value.Information(role);
            if (known > 0)
            {
                weights.Add((role, Math.Min(MostInformation, entropy) * Trust(role), known));
            }
        }

        if (weights.Count == 0)
        {
            return Error.Invalid("linkage.nothing-to-compare", "No column was recognised.", "没有可识别的列。", table.Name)
                .WithHint("Name the columns with --map.", "请用 --map 指定列。");
        }

        var inserted = -Math.Log(1 - preset.Fill) * preset.Bits;
        var scale = inserted / weights.Sum(w => w.Weight * w.Known);
        return new EncodingSchema(preset, [.. weights.Select(w => new FieldBudget(w.Role, Math.Max(2, (int)Math.Round(w.Weight * scale))))]);
    }

    public int Budget(FieldRole role) => Fields.FirstOrDefault(f => f.Role == role)?.Bits ?? 0;

    /// <summary>
    /// How far a kind of field is to be relied on, and how much a contradiction says: people keep their sex and their year of birth, and change
    /// their telephone. Set once on the development files.
    /// </summary>
    private static double Trust(FieldRole role) => role switch
    {
        FieldRole.FullName => 0.9,
        FieldRole.BirthDate => 1.0,
        FieldRole.Sex => 3.0,
        FieldRole.Document or FieldRole.Email => 1.0,
        FieldRole.Phone => 0.2,
        FieldRole.Postcode => 0.7,
        FieldRole.Place => 0.6,
        _ => 0.5,
    };
}
