using Waymark.Model;
using Waymark.Packs;

namespace Waymark.Pages.Data;

/// <summary>One duty that a field, step or clock of a register carries, with where each outside standard asks for it.</summary>
/// <param name="Register">The register.</param>
/// <param name="Place">Field, step or clock; empty for the register as a whole.</param>
/// <param name="Duty">What is asked.</param>
/// <param name="References">Standard and article.</param>
/// <param name="IsVerified">False until a lawyer has compared the articles.</param>
public sealed record CrosswalkLine(string Register, string Place, LocalText Duty, IReadOnlyList<(string Framework, string Article)> References, bool IsVerified);

/// <summary>The registers of data protection beside the standards they answer (S215), as the pack has it.</summary>
public sealed class Crosswalk(IReadOnlyList<CrosswalkLine> lines)
{
    public IReadOnlyList<CrosswalkLine> Lines { get; } = lines;

    public IReadOnlyList<string> Frameworks { get; } = [.. lines.SelectMany(line => line.References).Select(reference => reference.Framework).Distinct(StringComparer.Ordinal)];

    public static Crosswalk Read(PackLibrary packs) => new(
    [
        .. (packs.Find("codelists", "data-protection")?.Rows("crosswalk.csv") ?? []).GroupBy(row => (Register: row["register"], Place: row["place"], En: row["en"], Zh: row["zh"]))
            .Select(group => new CrosswalkLine(group.Key.Register, group.Key.Place, new(group.Key.En, group.Key.Zh), [.. group.Select(row => (row["framework"], row["reference"]))], group.All(row => row["status"] != "unverified"))),
    ]);
}
