using Waymark.Casework.Contracts;
using Waymark.Casework.Counts;
using Waymark.Casework.Documents;
using Waymark.Protection.Contracts;
using Waymark.Storage;
using static Waymark.Casework.Tests.Node;

namespace Waymark.Casework.Tests;

/// <summary>Counts of victims for the world's reports (J04, S017): what is counted, what is told, and who lets it out. All persons are invented.</summary>
public sealed class CountTests
{
    private static readonly CaseDesk s_desk = Desk(Supervisor, "victim-support");

    [Fact]
    public async Task A_year_is_prepared_by_one_approved_by_another_unit_and_released_once_through_the_gate__S017()
    {
        await using var node = await OpenAsync();
        foreach (var (sex, country) in ((string, string)[])[("Feminine", "NGA"), ("Feminine", "NGA"), ("Feminine", "NGA"), ("Feminine", "NGA"), ("Feminine", "NGA"), ("Masculine", "ERI")])
        {
            await VictimAsync(node, sex, country);
        }

        // Not opened, and taken back: neither is counted.
        Ok(await node.Cases.CreateAsync(s_desk, new("trafficking-victim", null, new Dictionary<string, string>(StringComparer.Ordinal) { ["age-group"] = "adult" }, []), default));
        var wish = await VictimAsync(node, "Masculine", "ERI");
        Ok(await node.Cases.StepAsync(s_desk, wish, "withdraw", Ok(await node.Cases.OpenAsync(s_desk, wish, default)).Document.StateVersion, null, default));

        IVictimCounts counts = node.Cases;
        (await counts.PrepareAsync(s_desk, 2026, "KEN", "medium", default)).Error!.Code.ShouldBe("counts.year", "the year is not over");
        node.Clock.Advance(TimeSpan.FromDays(300));
        (await counts.PrepareAsync(Desk(purpose: "victim-support"), 2026, "KEN", "medium", default)).Error!.Code.ShouldBe("counts.role");
        (await counts.PrepareAsync(s_desk, 2026, "Kenya", "medium", default)).Error!.Code.ShouldBe("counts.area");
        (await counts.PrepareAsync(Desk(Supervisor), 2026, "KEN", "medium", default)).Error!.Code.ShouldBe("case.nothing", "no purpose of this register");

        var prepared = Ok(await counts.PrepareAsync(s_desk, 2026, "KEN", "medium", default));
        (prepared.Id, prepared.State).ShouldBe(("ken-2026", CountState.Prepared));
        prepared.Lines[0].ShouldBe(new CountLine("Total", "Total", "Total", "Total", 6));
        prepared.Lines.ShouldNotContain(line => line.Count > 0 && line.Count < IVictimCounts.Threshold);
        Line(prepared, "Total", "Total", "Female", "Total").Count.ShouldBeNull("six less five is one");
        prepared.Lines.Where(line => line.Dimension == "by citizenship").ShouldHaveSingleItem().ShouldSatisfyAllConditions(line => line.Count.ShouldBe(6), line => line.Category.ShouldNotContain("Eritrea"), line => line.Category.ShouldNotContain("Nigeria"));

        // Nobody approves their own, nobody of the same unit, and nothing is released before.
        (await counts.ReleaseAsync(s_desk, prepared.Id, default)).Error!.Code.ShouldBe("counts.not-now");
        node.Clock.Advance(TimeSpan.FromMinutes(3));
        (await counts.ApproveAsync(Supervisor, prepared.Id, default)).Error.ShouldNotBeNull().Code.ShouldStartWith("two.");
        (await counts.ApproveAsync(Worker, prepared.Id, default)).Error!.Code.ShouldBe("counts.role");
        (await counts.ApproveAsync(Second, prepared.Id, default)).Value!.State.ShouldBe(CountState.Approved);
        (await counts.ReleaseAsync(s_desk with { Actor = Supervisor with { IsHardware = false } }, prepared.Id, default)).Refusal!.Code.ShouldBe("gate.credential");
        var released = await counts.ReleaseAsync(s_desk, prepared.Id, default);
        (Ok(released).State, released.Decision is not null).ShouldBe((CountState.Released, true));
        (await counts.ListAsync(default)).Value!.ShouldHaveSingleItem().Lines.ShouldBe(prepared.Lines);
        (await counts.PrepareAsync(s_desk, 2026, "KEN", "medium", default)).Error!.Code.ShouldBe("counts.released", "a second version would tell about who came between (M45)");
    }

    [Theory]
    [InlineData("medium", true)]
    [InlineData("extreme", false)]
    public async Task The_shipped_rules_let_reviewed_aggregates_out_and_none_where_it_endangers_people__R56(string risk, bool isOpen)
    {
        await using var node = await OpenWithInstrumentsAsync("humanitarian-ngo");
        var plan = node.Cases.Registers.Find(VictimTable.Register)!;
        await Activities.InForceAsync(node, [.. plan.Fields.Select(field => field.Category).Where(category => category != "none").Distinct(StringComparer.Ordinal)], "victim-support");
        var counts = node.Cases;
        var prepared = Ok(await counts.PrepareAsync(s_desk, 2025, "KEN", risk, default));
        prepared.Lines.ShouldHaveSingleItem().Count.ShouldBeNull("of nobody, or of fewer than five: nobody can tell");
        node.Clock.Advance(TimeSpan.FromMinutes(3));
        (await counts.ApproveAsync(Second, prepared.Id, default)).Error.ShouldBeNull();
        var released = await counts.ReleaseAsync(s_desk, prepared.Id, default);
        released.IsOk.ShouldBe(isOpen, string.Join(" | ", released.Refusal?.Reasons.Select(reason => reason.In("en")) ?? []));
    }

    [Fact]
    public void Each_record_falls_into_one_class_and_codes_of_the_standard_into_the_forms_of_the_questionnaire()
    {
        var plan = RepositoryPacks.Registers().Find(VictimTable.Register)!;
        var table = new VictimTable(plan);
        Add(6, ("exploitation/type-of-exploitation", """{"codes":["SexualExploitation"]}"""), ("identity/gender", """{"code":"Feminine"}"""), ("age-group", """{"code":"child"}"""), ("exploitation/age-when-trafficked", "17"), ("identity/citizenship", """{"codes":["KHM"]}"""));
        Add(5, ("exploitation/type-of-exploitation", """{"codes":["ForcedLabour","Servitude"]}"""), ("identity/gender", """{"code":"Masculine"}"""), ("age-group", """{"code":"adult"}"""), ("exploitation/age-when-trafficked", "18"), ("identity/citizenship", """{"codes":["KHM","THA"]}"""));
        Add(7, ("exploitation/type-of-exploitation", """{"codes":["ForcedLabour","ForcedBegging"]}"""), ("identity/gender", """{"code":"NonConforming"}"""), ("age-group", """{"code":"not-settled"}"""));
        Add(8);
        var told = table.Told(5);
        told.ShouldAllBe(line => line.Count != null, "nothing is small here");
        Count("Total", "Total", "Total", "Total").ShouldBe(26);
        (Count("by form of exploitation", "Sexual exploitation", "Female", "0 to 17 years"), Count("by form of exploitation", "Forced labour", "Male", "18 years or over")).ShouldBe((6, 5));
        (Count("by form of exploitation", "Other forms of exploitation", "Other", "Unknown"), Count("by form of exploitation", "Unknown", "Unknown", "Unknown"), Count("Total", "Total", "Unknown", "Total")).ShouldBe((7, 8, 8));
        (Count("by type of exploitation", "Several types", "Total", "Total"), Count("by type of exploitation", "Sexual exploitation", "Total", "Total")).ShouldBe((12, 6));
        (Count("by age when trafficked", "9 to 17 years", "Total", "Total"), Count("by age when trafficked", "18 to 20 years", "Total", "Total"), Count("by age when trafficked", "Unknown", "Total", "Total")).ShouldBe((6, 5, 15));
        told.Where(line => line.Dimension == "by citizenship").Select(line => (line.Category, line.Count)).ShouldBe([("Unknown", 15), ("Cambodia", 6), ("Several citizenships", 5)]);

        int? Count(string dimension, string category, string sex, string age) => told.Single(line => (line.Dimension, line.Category, line.Sex, line.Age) == (dimension, category, sex, age)).Count;

        void Add(int times, params (string Path, string Json)[] values)
        {
            for (var time = 0; time < times; time++)
            {
                table.Add(Record("supported", values));
            }
        }
    }

    [Theory]
    [InlineData("draft", false)]
    [InlineData("presumed", true)]
    [InlineData("closed", true)]
    [InlineData("not-identified", false)]
    [InlineData("withdrawn", false)]
    [InlineData("entered-in-error", false)]
    public void Who_was_helped_as_a_victim_is_counted(string state, bool isCounted)
    {
        VictimTable.Counts(Record(state)).ShouldBe(isCounted);
        VictimTable.Counts(Record(state, ("exploitation/trafficking-status", """{"code":"NotAVictimOfTrafficking"}"""))).ShouldBeFalse();
    }

    private static RecordDocument Record(string state, params (string Path, string Json)[] values)
    {
        var at = new DateTimeOffset(2025, 3, 1, 9, 0, 0, TimeSpan.Zero);
        return new()
        {
            Register = VictimTable.Register, Id = "0123456789abcdef0123456789abcdef", PackVersion = "1.3.0", PackHash = "", State = state, StateSince = at, OpenedAt = at, Control = new("protection/north", 1), OpenedBy = "worker-1",
            Fields = values.ToDictionary(value => value.Path, value => new FieldState(1, [new("c", new(value.Json), "worker-1", at)]), StringComparer.Ordinal),
        };
    }

    private static CountLine Line(CountSheet sheet, string dimension, string category, string sex, string age) =>
        sheet.Lines.Single(line => (line.Dimension, line.Category, line.Sex, line.Age) == (dimension, category, sex, age));

    private static async Task<RecordAddress> VictimAsync(Node node, string sex, string country)
    {
        var person = Ok(await node.Cases.CreateAsync(s_desk, new("person", null, new Dictionary<string, string>(StringComparer.Ordinal) { ["names/a/name"] = "Invented" }, [], RecordPartition.Victim), default)).Address;
        (await node.Consents.RecordAsync(new(person.Id, "victim-support", "none", ConsentChoice.Given, node.Clock.GetUtcNow(), null, "1", "es", "oral-recorded", true, true, "interpreter-1", null, null, "worker-1"), default)).IsOk.ShouldBeTrue();
        var made = Ok(await node.Cases.CreateAsync(s_desk, new("trafficking-victim", null, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["age-group"] = "adult", ["identity/gender"] = sex, ["identity/citizenship"] = country, ["exploitation/type-of-exploitation"] = "ForcedLabour",
        }, [("survivor", person.Id)]), default)).Address;
        Ok(await node.Cases.StepAsync(s_desk, made, "open-adult", Ok(await node.Cases.OpenAsync(s_desk, made, default)).Document.StateVersion, null, default));
        return made;
    }
}
