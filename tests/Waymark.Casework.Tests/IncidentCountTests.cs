using Waymark.Casework.Incidents;

namespace Waymark.Casework.Tests;

/// <summary>People of an incident, each once, and a range where it is not known whether two records are one person (S009, J03).</summary>
public sealed class IncidentCountTests
{
    private static IncidentTrace Missing(params string[] ties) => new(IncidentFate.Missing, ties);

    private static IncidentTrace Unnamed(params string[] ties) => new(IncidentFate.Unnamed, ties);

    private static IncidentTrace Identified(params string[] ties) => new(IncidentFate.Identified, ties);

    private static IncidentTrace Alive(params string[] ties) => new(IncidentFate.Alive, ties);

    [Fact]
    public void Nobody_is_counted_twice_when_the_dead_are_identified__J03()
    {
        var before = IncidentCount.Of([Missing("tracing/a"), Missing("tracing/b"), Unnamed("dead/c")]);
        (before.Least, before.Most, before.Dead, before.Missing).ShouldBe((2, 3, 1, 2));
        var after = IncidentCount.Of([Missing("tracing/a"), Missing("tracing/b"), Identified("dead/c", "tracing/b")]);
        (after.Least, after.Most, after.Dead, after.Missing, after.Identified).ShouldBe((2, 2, 1, 1, 1));
        // A report and a request about the same person, and the record of where they were found: one person, over two steps.
        var alive = IncidentCount.Of([Missing("tracing/a", "person/x"), Missing("missing/y", "tracing/a"), Alive("found/z", "missing/y")]);
        (alive.Least, alive.Most, alive.Alive, alive.Records).ShouldBe((0, 0, 1, 3));
        IncidentCount.Of([]).ShouldBe(new(0, 0, 0, 0, 0));
    }

    [Fact]
    public void The_range_holds_the_truth_whoever_is_the_same_and_closes_as_people_are_identified()
    {
        var random = new Random(20261122);
        for (var round = 0; round < 500; round++)
        {
            // Some people died, some of them were reported missing; which of the dead is which report is known for a few.
            var people = Enumerable.Range(0, random.Next(1, 12)).Select(at => (At: at, IsReported: random.Next(2) == 0, IsDead: random.Next(2) == 0, IsKnown: random.Next(2) == 0)).Where(one => one.IsReported || one.IsDead).ToList();
            var width = int.MaxValue;
            foreach (var isAllKnown in (bool[])[false, true])
            {
                var traces = people.SelectMany(one => new[]
                {
                    one.IsReported ? Missing($"tracing/{one.At}") : null,
                    !one.IsDead ? null : one.IsKnown || isAllKnown ? Identified(one.IsReported ? [$"dead/{one.At}", $"tracing/{one.At}"] : [$"dead/{one.At}"]) : Unnamed($"dead/{one.At}"),
                }).OfType<IncidentTrace>().OrderBy(_ => random.Next()).ToList();
                var count = IncidentCount.Of(traces);
                people.Count.ShouldBeInRange(count.Least, count.Most);
                (count.Most - count.Least).ShouldBeLessThanOrEqualTo(width);
                width = count.Most - count.Least;
            }

            width.ShouldBe(0, "everybody has a name");
        }
    }
}
