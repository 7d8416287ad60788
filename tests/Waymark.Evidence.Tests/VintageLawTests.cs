using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Waymark.Evidence.Contracts;
using Xunit;

namespace Waymark.Evidence.Tests;

public sealed class VintageLawTests
{
    private static readonly string[] Areas = ["DEU", "FRA", "KEN", "NAM"];

    /// <summary>Editions with some of the areas each, in the order in which they are imported.</summary>
    private static Arbitrary<(int Edition, int[] Figures)[]> Imports() =>
        (from count in Gen.Choose(2, 5)
         from figures in Gen.Choose(-1, 99).ArrayOf(4).ArrayOf(count)
         from order in Gen.Shuffle([.. Enumerable.Range(0, count)])
         select order.Select(i => (2010 + i, figures[i])).ToArray()).ToArbitrary();

    [Fact]
    public void The_newest_edition_counts_whatever_the_order_of_import_and_the_past_never_changes()
    {
        using var packs = OwnPacks.Flat();
        Prop.ForAll(Imports(), imports => Run(packs, imports).GetAwaiter().GetResult()).Check(Config.QuickThrowOnFailure.WithMaxTest(15));
    }

    private static async Task<bool> Run(OwnPacks packs, (int Edition, int[] Figures)[] imports)
    {
        await using var harness = await EvidenceHarness.OpenAsync(packs.Library);
        var known = new List<(DateTimeOffset At, Dictionary<string, decimal?> Answer)>();
        var newest = new Dictionary<string, (int Edition, decimal Figure)>(StringComparer.Ordinal);
        foreach (var (edition, figures) in imports)
        {
            var rows = figures.Select((figure, i) => (figure, area: Areas[i])).Where(pair => pair.figure >= 0).ToList();
            if (rows.Count > 0)
            {
                var text = $"Edition {edition}\nCountry,Sex,Year,Persons\n" + string.Concat(rows.Select(pair => $"{pair.area},Male,2005,{pair.figure}\n"));
                (await harness.ImportAsync($"{edition}.csv", text)).State.ShouldBe(ImportState.Imported);
                foreach (var (figure, area) in rows)
                {
                    if (!newest.TryGetValue(area, out var standing) || standing.Edition <= edition)
                    {
                        newest[area] = (edition, figure);
                    }
                }
            }

            harness.Clock.Advance(TimeSpan.FromHours(1));
            known.Add((harness.Clock.GetUtcNow(), await Answer(harness, null, newest.Count == 0)));
            harness.Clock.Advance(TimeSpan.FromHours(1));
        }

        foreach (var area in Areas)
        {
            known[^1].Answer.GetValueOrDefault(area).ShouldBe(newest.TryGetValue(area, out var standing) ? standing.Figure : null);
        }

        foreach (var (at, answer) in known)
        {
            (await Answer(harness, at, newest.Count == 0)).ShouldBe(answer, ignoreOrder: true);
        }

        return true;
    }

    private static async Task<Dictionary<string, decimal?>> Answer(EvidenceHarness harness, DateTimeOffset? asOf, bool nothing)
    {
        if (nothing)
        {
            return [];
        }

        var answer = await harness.AskAsync("own/persons", asOf: asOf);
        return answer.Rows.ToDictionary(row => row[0].Text!, row => row[EvidenceHarness.Column(answer, "value")].Number, StringComparer.Ordinal);
    }
}
