using Waymark.Casework.Documents;

namespace Waymark.Casework.Guards;

/// <summary>
/// Who sits in a case of the review committee (R24, S202): at least three, one of them from outside, the quorum met; each said whether they have a part in it, and whoever has stands back.
/// Members stand in the group <c>bench</c>; what is not said does not count.
/// </summary>
public static class Bench
{
    public const int Least = 3;

    private const string Group = "bench";

    /// <summary>True when those who sit may decide. A disputed answer is none.</summary>
    public static bool IsLawful(RecordDocument record)
    {
        var members = record.Fields.Keys.Select(path => path.Split('/')).Where(parts => parts is [Group, _, _]).Select(parts => parts[1]).Distinct(StringComparer.Ordinal).ToList();
        var sitting = members.FindAll(member => Says(record, member, "stands-back") != "yes");
        return sitting.Count >= Math.Max(Least, Quorum(record)) && sitting.Exists(member => Says(record, member, "outside") == "yes")
            && sitting.TrueForAll(member => Says(record, member, "interest") == "no" && record.One($"{Group}/{member}/member") is not null)
            && members.Except(sitting, StringComparer.Ordinal).All(member => record.One($"{Group}/{member}/why") is not null);
    }

    /// <summary>Accounts that had a part in a record: who opened it, works on it, took its last step or entered what stands in it.</summary>
    internal static IEnumerable<string> Parts(RecordDocument record) =>
        new[] { record.OpenedBy, record.Owner, record.SteppedBy }.OfType<string>().Concat(record.Fields.Values.SelectMany(state => state.Claims).Select(claim => claim.By));

    private static double Quorum(RecordDocument record) =>
        double.TryParse(record.One("quorum")?.Value.Json, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var quorum) ? quorum : double.MaxValue;

    private static string? Says(RecordDocument record, string member, string field) => record.One($"{Group}/{member}/{field}")?.Value.Text;
}
