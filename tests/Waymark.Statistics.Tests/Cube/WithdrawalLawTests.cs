using FsCheck;
using FsCheck.Fluent;
using Waymark.Model;
using Waymark.Statistics.Cube;
using Waymark.Statistics.Cube.Queries;

namespace Waymark.Statistics.Tests.Cube;

/// <summary>What a complete edition no longer has is withdrawn, whatever the order of import; what was known before stays known.</summary>
public sealed class WithdrawalLawTests
{
    private static readonly string[] Areas = ["DEU", "FRA", "KEN", "WORLD"];
    private static readonly string[] Sexes = ["M", "F"];

    private static readonly CubeSchema Schema = new("s", ["area", "sex"])
    {
        LevelOf = (column, code) => column == "area" && code != "WORLD" ? "member" : code,
    };

    private sealed record Edition(int Order, bool Complete, IReadOnlyDictionary<(string Area, string Sex, int Year), int> Figures);

    private static Arbitrary<(Edition[] Editions, bool FreesIndex)> Histories() =>
        (from count in Gen.Choose(1, 6)
         from editions in (from complete in Gen.Elements(true, false)
                           from figures in Gen.Choose(-12, 9).ArrayOf(Areas.Length * Sexes.Length * 2)
                           select (complete, figures)).ArrayOf(count)
         from order in Gen.Shuffle([.. Enumerable.Range(0, count)])
         from frees in Gen.Elements(true, false)
         select (order.Select(number => new Edition(2010 + number, editions[number].complete, Keys().Zip(editions[number].figures)
             .Where(pair => pair.Second >= 0).ToDictionary(pair => pair.First, pair => pair.Second))).Where(edition => edition.Figures.Count > 0).ToArray(), frees)).ToArbitrary();

    private static IEnumerable<(string Area, string Sex, int Year)> Keys() =>
        from area in Areas from sex in Sexes from year in new[] { 2001, 2002 } select (area, sex, year);

    [Fact]
    public void A_key_that_a_newer_complete_edition_lacks_is_withdrawn_and_the_past_never_changes() => Prop.ForAll(Histories(), history =>
    {
        var builder = new CubeBuilder(Schema);
        for (var imported = 0; imported < history.Editions.Length; imported++)
        {
            Import(builder, history.Editions[imported], imported);
            if (history.FreesIndex)
            {
                builder.FreeIndex();
            }

            for (var asOf = 0; asOf <= imported; asOf++)
            {
                var (standing, withdrawn) = Expected(history.Editions[..(asOf + 1)]);
                Told(builder.Snapshot, new() { AsOf = asOf }).ShouldBe(standing, ignoreOrder: true);
                Told(builder.Snapshot, new() { AsOf = asOf, Withdrawn = true }).ShouldBe(withdrawn, ignoreOrder: true);
            }
        }

        builder.Snapshot.OnlyVintages(static _ => true).Withdrawn.ShouldBe(builder.Snapshot.Withdrawn);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void An_edition_speaks_only_for_the_periods_and_levels_it_has()
    {
        var builder = new CubeBuilder(Schema);
        Import(builder, new(2015, true, new Dictionary<(string, string, int), int> { [("DEU", "M", 2001)] = 1, [("FRA", "M", 2001)] = 2, [("FRA", "F", 2001)] = 3, [("WORLD", "M", 2001)] = 4, [("FRA", "M", 2002)] = 5 }), 0);
        Import(builder, new(2020, true, new Dictionary<(string, string, int), int> { [("DEU", "M", 2001)] = 9 }), 1).Withdrawn.ShouldBe(1);
        Told(builder.Snapshot, new() { Withdrawn = true }).Keys.ShouldBe([("FRA", "M", 2001)]);
    }

    private static AppendReport Import(CubeBuilder builder, Edition edition, int number)
    {
        var segment = new SegmentColumnsBuilder(Schema, $"segment {number}");
        foreach (var (key, figure) in edition.Figures)
        {
            segment.Add([key.Area, key.Sex], Period.Year(key.Year), figure);
        }

        _ = builder.BeginVintage(new($"v{number}", $"{edition.Order}", edition.Order, edition.Complete)).Value;
        _ = builder.Append(segment.Build()).Value;
        return builder.Publish().Value;
    }

    private static Dictionary<(string, string, int), int> Told(CubeSnapshot cube, CubeFilter filter) => cube.List(filter).Value.Observations
        .ToDictionary(row => (row.Code(0), row.Code(1), row.Period.FirstYear), row => (int)row.Value!.Value.Mantissa);

    /// <summary>The rule as a sentence: of the newest edition that has the key, unless a newer complete one has its period and levels.</summary>
    private static (Dictionary<(string, string, int), int> Standing, Dictionary<(string, string, int), int> Withdrawn) Expected(Edition[] known)
    {
        var (standing, withdrawn) = (new Dictionary<(string, string, int), int>(), new Dictionary<(string, string, int), int>());
        foreach (var key in Keys())
        {
            if (known.Where(edition => edition.Figures.ContainsKey(key)).MaxBy(edition => edition.Order) is { } last)
            {
                var gone = known.Any(edition => edition.Complete && edition.Order > last.Order
                    && edition.Figures.Keys.Any(other => other.Sex == key.Sex && other.Year == key.Year && (other.Area == "WORLD") == (key.Area == "WORLD")));
                (gone ? withdrawn : standing).Add(key, last.Figures[key]);
            }
        }

        return (standing, withdrawn);
    }
}
