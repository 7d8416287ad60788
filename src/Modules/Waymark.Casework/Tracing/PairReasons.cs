using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Casework.People;
using Waymark.Casework.Registers;
using Waymark.Casework.Search;
using Waymark.Linkage;
using Waymark.Matching.Contracts;
using Waymark.Model;

namespace Waymark.Casework.Tracing;

/// <summary>
/// Why two records may be about one person, entry by entry, with what each adds or takes. The steps are those with which the linkage kernel starts before it has seen a file;
/// they are not fitted to a register, and so they order and explain and decide nothing. Script, language, origin and appearance are no reasons (M05, M06).
/// </summary>
internal sealed class PairReasons(KeyMaker keys, RegisterPlan persons)
{
    /// <summary>About one in a thousand of those who share a part of a name is the person sought.</summary>
    private const double Start = -10;

    private readonly NameScore _score = new(keys);

    /// <summary>The lines of the comparison with the bits of each.</summary>
    public IReadOnlyList<(MatchRow Row, double Bits)> Of(RecordDocument sought, RecordDocument held, RecordDocument request, RecordDocument record)
    {
        var rows = new List<(MatchRow, double)> { Names(sought, held), Birth(sought, held) };
        if (Same("gender", sought, held) is { } gender)
        {
            rows.Add(gender);
        }

        if (Papers(sought, held) is { } papers)
        {
            rows.Add(papers);
        }

        rows.Add(Places(request, record));
        rows.Add(Days(request, record));
        return rows;
    }

    public static PairExplanation Explain(IReadOnlyList<(MatchRow Row, double Bits)> rows)
    {
        var weight = Start + rows.Sum(row => row.Bits);
        return new(Start, [.. rows.Select(row => new ExplanationStep(row.Row.Field, row.Row.Finding, row.Bits))], weight, 1 / (1 + Math.Pow(2, -weight)));
    }

    private (MatchRow, double) Names(RecordDocument sought, RecordDocument held)
    {
        var (left, right) = (PersonCore.Names(sought).ToList(), PersonCore.Names(held).ToList());
        var best = left.Count == 0 || right.Count == 0 ? -1 : left.Max(asked => right.Max(known => _score.Of(asked, known)));
        var (agreement, bits, finding) = best switch
        {
            < 0 => (Agreement.Unknown, 0.0, Missing),
            >= 0.97 => (Agreement.Same, 12.0, new LocalText("all parts agree", "各部分一致")),
            >= 0.88 => (Agreement.Close, 9.0, new LocalText("the same name in two spellings", "同一姓名的两种写法")),
            >= 0.6 => (Agreement.Close, 4.0, new LocalText("parts agree", "部分一致")),
            _ => (Agreement.Differs, -6.0, new LocalText("different", "不同")),
        };
        return Row("name", left, right, agreement, finding, bits, persons.Field("names/name")?.Mask);
    }

    private (MatchRow, double) Birth(RecordDocument sought, RecordDocument held)
    {
        var (left, right) = (Claims(sought, "birth"), Claims(held, "birth"));
        var levels = left.SelectMany(one => right.Select(other => Level(one, other))).ToList();
        var (agreement, bits, finding) = levels.Count == 0 ? (Agreement.Unknown, 0.0, Missing) : levels.Max() switch
        {
            4 => (Agreement.Same, 12.0, new LocalText("the same day", "同一天")),
            3 => (Agreement.Same, 7.0, new LocalText("the same, a day that is often put for unknown", "相同，为常用于代替未知的日期")),
            2 => (Agreement.Consistent, 4.5, new LocalText("consistent; a side knows no more", "相符；一方所知有限")),
            1 => (Agreement.Close, 0.0, new LocalText("years close, a side is estimated", "年份接近，一方为估计")),
            _ => (Agreement.Differs, -4.5, new LocalText("different", "不同")),
        };
        return Row("birth date", left, right, agreement, finding, bits, persons.Field("birth")?.Mask);
    }

    private static int Level(string one, string other)
    {
        if (Edtf.Read(one) is not { First: { } from, Last: { } to } left || Edtf.Read(other) is not { First: { } since, Last: { } until } right)
        {
            return 0;
        }

        return from == to && since == until && from == since ? (from.Month == 1 && from.Day == 1 ? 3 : 4)
            : from <= until && since <= to ? 2
            : (left.IsApproximate || right.IsApproximate) && from.AddYears(-2) <= until && since.AddYears(-2) <= to ? 1 : 0;
    }

    private (MatchRow, double)? Same(string path, RecordDocument sought, RecordDocument held)
    {
        var (left, right) = (Codes(sought, path), Codes(held, path));
        if (left.Count == 0 && right.Count == 0)
        {
            return null;
        }

        var field = persons.Field(path)!;
        var (agreement, bits, finding) = left.Count == 0 || right.Count == 0 ? (Agreement.Unknown, 0.0, Missing)
            : left.Intersect(right, StringComparer.Ordinal).Any() ? (Agreement.Same, 1.0, new LocalText("the same", "相同")) : (Agreement.Differs, -4.0, new LocalText("different", "不同"));
        return Row("sex", left, right, agreement, finding, bits, field.Mask);
    }

    private (MatchRow, double)? Papers(RecordDocument sought, RecordDocument held)
    {
        var (left, right) = (Numbers(sought), Numbers(held));
        if (left.Count == 0 && right.Count == 0)
        {
            return null;
        }

        var (agreement, bits, finding) = left.Count == 0 || right.Count == 0 ? (Agreement.Unknown, 0.0, Missing)
            : left.Intersect(right, StringComparer.Ordinal).Any() ? (Agreement.Same, 13.0, new LocalText("the same number", "号码相同")) : (Agreement.Differs, 0.0, new LocalText("other papers", "其他证件"));
        return Row("papers", left, right, agreement, finding, bits, persons.Field("papers/number")?.Mask);
    }

    // A journey goes on: another place speaks neither for nor against.
    private (MatchRow, double) Places(RecordDocument request, RecordDocument record)
    {
        var (left, right) = (Texts(request, "separated-at", "last-seen/at"), Texts(record, "found-at", "last-place"));
        var words = left.SelectMany(keys.Words).ToHashSet();
        var shared = right.SelectMany(keys.Words).Any(words.Contains);
        return left.Count == 0 || right.Count == 0 ? Row("place", left, right, Agreement.Unknown, Missing, 0, "place")
            : Row("place", left, right, shared ? Agreement.Same : Agreement.Differs, shared ? new("the same place", "同一地点") : new("another place", "另一地点"), shared ? 2 : 0, "place");
    }

    private static (MatchRow, double) Days(RecordDocument request, RecordDocument record)
    {
        var (left, right) = (Claims(request, "separated-on"), Claims(record, "found-on").Concat(Claims(record, "missing-since")).ToList());
        if (left is not [var parted, ..] || right is not [var found, ..] || Edtf.Read(parted) is not { First: { } from } || Edtf.Read(found) is not { Last: { } until })
        {
            return Row("date", left, right, Agreement.Unknown, Missing, 0, null);
        }

        return until < from ? Row("date", left, right, Agreement.Differs, new("seen before the separation", "所见早于失散"), -4, null)
            : Row("date", left, right, Agreement.Consistent, new("seen after the separation", "所见晚于失散"), 0, null);
    }

    private static LocalText Missing { get; } = new("cannot be compared: missing on a side", "无法比较：一方缺失");

    private static (MatchRow, double) Row(string field, IReadOnlyList<string> left, IReadOnlyList<string> right, Agreement agreement, LocalText finding, double bits, string? mask) =>
        (new(field, left, right, agreement, finding, bits switch
        {
            >= 5 => ReasonStrength.StronglyFor,
            >= 0.5 => ReasonStrength.For,
            > -0.5 => ReasonStrength.Neutral,
            > -5 => ReasonStrength.Against,
            _ => ReasonStrength.StronglyAgainst,
        }, mask), bits);

    private static List<string> Claims(RecordDocument document, string path) => document.Fields.GetValueOrDefault(path)?.Claims.Select(claim => claim.Value.Text).ToList() ?? [];

    private static List<string> Codes(RecordDocument document, string path) => document.Fields.GetValueOrDefault(path)?.Claims.Select(claim => claim.Value.Member("code")).OfType<string>().ToList() ?? [];

    private static List<string> Numbers(RecordDocument person) => [.. PersonCore.Many(person, "papers", "number").Select(paper => paper.Value.Member("value")).OfType<string>().Distinct(StringComparer.Ordinal)];

    private static List<string> Texts(RecordDocument document, params string[] paths) => [.. document.Fields.Where(field => paths.Contains(RecordDocument.PlanPath(field.Key)))
        .SelectMany(field => field.Value.Claims).Select(claim => claim.Value.Member("text")).OfType<string>().Distinct(StringComparer.Ordinal)];
}
