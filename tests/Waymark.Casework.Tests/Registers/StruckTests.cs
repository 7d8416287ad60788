using Waymark.Casework.Documents;
using Waymark.Casework.Guards;
using Waymark.Casework.Registers;

namespace Waymark.Casework.Tests.Registers;

/// <summary>What was entered in error is struck from wherever it got to, and what a victim is blamed for is answered in time.</summary>
public sealed class StruckTests
{
    private const string Struck = "entered-in-error";

    /// <summary>Where nobody strikes, and why: the outcome of these would be waved away with it.</summary>
    private static readonly Dictionary<string, string> s_never = new(StringComparer.Ordinal)
    {
        ["match"] = "two reviewers say that it is none",
        ["review-case"] = "whoever is complained about would strike the complaint",
        ["subject-request"] = "whoever is asked would strike the request; the person withdraws it",
    };

    /// <summary>States that are gates of their own: a hold in force is lifted, and what was stopped is given a pathway.</summary>
    private static readonly Dictionary<string, string[]> s_gates = new(StringComparer.Ordinal) { ["legal-hold"] = ["active", "renewing", "lifting"], ["return"] = ["stopped"] };

    [Fact]
    public void Every_open_state_outside_of_gates_can_be_struck_and_later_ones_by_two()
    {
        var registers = RepositoryPacks.Registers().All.Where(plan => !plan.IsTyped).ToList();
        registers.Select(plan => plan.Id).ShouldContain("referral");
        foreach (var plan in registers)
        {
            var strikes = plan.Transitions.Where(step => plan.States[step.To].Id == Struck).ToList();
            if (s_never.ContainsKey(plan.Id))
            {
                strikes.ShouldBeEmpty(plan.Id);
                continue;
            }

            foreach (var state in plan.States.Where(state => !state.IsTerminal && !ReturnGates.IsGated(plan, state.Id) && !s_gates.GetValueOrDefault(plan.Id, []).Contains(state.Id)))
            {
                strikes.ShouldContain(step => step.From.Contains(state.Index), $"{plan.Id}: {state.Id}");
            }

            foreach (var step in strikes)
            {
                step.From.Select(index => plan.States[index]).ShouldAllBe(state => !state.IsTerminal && !ReturnGates.IsGated(plan, state.Id), $"{plan.Id}: {step.Id}");
                (step.Id == "strike" || step.Guards.Any(guard => guard.Kind == GuardKind.SecondPerson)).ShouldBeTrue($"{plan.Id}: {step.Id} takes two");
            }

            // A clock that runs from a date does not go on calling for what was struck.
            plan.Clocks.Where(clock => clock.FromField is not null).ShouldAllBe(clock => plan.State(Struck) == null || clock.Until.Contains(plan.State(Struck)!.Index), plan.Id);
        }
    }

    [Fact]
    public void Each_concept_of_the_classification_leads_to_a_field_or_says_that_it_is_not_kept()
    {
        var plan = RepositoryPacks.Registers().Find("trafficking-victim")!;
        var rows = File.ReadAllLines(Path.Combine(RepositoryPacks.Folder, "registers", "trafficking-victim", "ic-tip.csv")).Skip(1).Select(line => line.Split(',')).ToList();
        rows.Select(row => row[0]).Distinct(StringComparer.Ordinal).ShouldBe(["event", "perpetrator", "reporting-entity", "victim"], ignoreOrder: true);
        foreach (var row in rows)
        {
            // Who is suspected is never kept beside who was harmed (F7).
            (row[2] == "-" ? row[0] == "perpetrator" : row[0] != "perpetrator" && plan.Field(row[2]) is not null).ShouldBeTrue(string.Join(',', row));
        }
    }

    [Fact]
    public void A_measure_against_a_victim_starts_a_clock_that_ends_when_counsel_raised_it()
    {
        var plan = RepositoryPacks.Registers().Find("trafficking-victim")!;
        var at = new DateTimeOffset(2026, 6, 5, 10, 0, 0, TimeSpan.Zero);
        RecordDocument With(params (string Path, string Value)[] fields) => new()
        {
            Register = plan.Id, Id = new('a', 32), PackVersion = "1", PackHash = "h", State = "supported", StateSince = at.AddDays(-2), Control = new("protection/north", 1), OpenedBy = "worker-1",
            Fields = fields.ToDictionary(
                field => field.Path, field => new FieldState(1, [new Claim("c", ValueReader.Read(plan.Field(field.Path)!, field.Value).Value, "worker-1", at)]), StringComparer.Ordinal),
        };
        DateTimeOffset? Due(RecordDocument record) => Clocks.Of(plan, record, UnitCalendar.Default).SingleOrDefault(clock => clock.Clock.Id == "non-punishment")?.Due;

        Due(With()).ShouldBeNull();
        Due(With(("liability", "none-known"))).ShouldBeNull("nobody blames the person");
        // Entered on a Friday: Monday, Tuesday, Wednesday.
        UnitCalendar.Default.Read(Due(With(("liability", "under-way")))!.Value).Date.ShouldBe(new DateTime(2026, 6, 10));
        Due(With(("liability", "under-way"), ("non-punishment-raised", "no"))).ShouldNotBeNull("not raised yet");
        Due(With(("liability", "under-way"), ("non-punishment-raised", "yes"))).ShouldBeNull();
    }

    [Theory]
    [InlineData("field: cause, codes: [no-such-code]", false)]
    [InlineData("field: cause", false)]
    [InlineData("field: separated-on, codes: [conflict]", false)]
    [InlineData("field: separated-on, done: no-such-field", false)]
    [InlineData("field: separated-on, done: cause", true)]
    public void A_clock_from_a_code_names_codes_of_its_field(string written, bool isLawful)
    {
        var (_, errors) = RepositoryPacks.Edited("tracing", ("\nclocks:\n", $"\nclocks:\n  - {{id: tried, en: tried, zh: 试, {written}, days: 1, until: [told, entered-in-error]}}\n"));
        errors.Any(error => error.Contains("register.clock", StringComparison.Ordinal)).ShouldBe(!isLawful, string.Join('\n', errors.Take(5)));
    }
}
