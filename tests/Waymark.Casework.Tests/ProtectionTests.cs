using System.Text;
using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Casework.People;
using Waymark.Casework.Registers;
using Waymark.Casework.Guards;
using Waymark.Protection.Contracts;
using Waymark.Storage;
using static Waymark.Casework.Tests.Node;

namespace Waymark.Casework.Tests;

/// <summary>What packs cannot weaken: erasure, children, situations, safe contact. The return gates are proved with the misuse cases (M19–M24).</summary>
public sealed class ProtectionTests
{
    [Fact]
    public async Task An_erased_person_is_in_no_byte_of_the_store()
    {
        await using var node = await OpenAsync();
        const string Seed = "Zebulonqvist";
        var person = await node.PersonAsync(Seed + " Hassan", "2004-05-06");
        var enquirer = await node.PersonAsync("Yusuf Hassan");
        var record = Ok(await node.Cases.CreateAsync(Desk(), new("tracing", null, new Dictionary<string, string> { ["relation"] = "brother", ["separated-at"] = Seed + " harbour" },
            [("sought", person.Id), ("enquirer", enquirer.Id)]), default)).Address;
        Ok(await node.Cases.SearchPersonsAsync(Desk(), record, new(Seed), default)).Candidates.Count.ShouldBe(1);
        node.Clock.Advance(TimeSpan.FromMinutes(5));
        Ok(await node.Cases.EraseAsync(Desk(Supervisor), Second with { }, person, default)).Records.ShouldBe(2);

        (await node.Cases.OpenAsync(Desk(), person, default)).Error!.Code.ShouldBe("case.nothing");
        Ok(await node.Cases.SearchPersonsAsync(Desk(), record, new(Seed), default)).Candidates.ShouldBeEmpty();
        var view = Ok(await node.Cases.OpenAsync(Desk(), record, default));
        view.Document.Fields.Keys.ShouldBe(["relation"], "what is about the enquirer stays, what was about the person is gone");
        var seed = Encoding.UTF8.GetBytes(Seed);
        Directory.EnumerateFiles(node.Folder, "*", SearchOption.AllDirectories).Where(file => Holds(file, seed)).ShouldBeEmpty();
        Directory.EnumerateFiles(node.Folder, "*", SearchOption.AllDirectories).Count(file => file.Contains("data", StringComparison.Ordinal)).ShouldBeGreaterThan(0);
    }

    private static bool Holds(string file, byte[] seed)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes.AsSpan().IndexOf(seed) >= 0 || bytes.AsSpan().IndexOf(Encoding.Unicode.GetBytes(Encoding.UTF8.GetString(seed))) >= 0;
    }

    private static RecordDocument Person(params (string Path, string Json)[] fields) => new()
    {
        Register = "person", Id = new('a', 32), PackVersion = "1", PackHash = "h", State = "current", Control = new("u", 1), OpenedBy = "w",
        Fields = fields.ToDictionary(field => field.Path, field => new FieldState(1, [new("c", new(field.Json), "w", default)]), StringComparer.Ordinal),
    };

    [Theory]
    [InlineData("\"2008-06-02\"", true)]
    [InlineData("\"2008-06-01\"", false)]
    [InlineData("\"2008\"", true)]
    [InlineData("\"2007\"", false)]
    [InlineData("\"2007~\"", true)]
    [InlineData("\"200X\"", true)]
    public void Whoever_may_be_under_eighteen_counts_as_a_child__F4_M33(string birth, bool child) =>
        PersonCore.MayBeChild(Person(("birth", birth)), new(2026, 6, 1)).ShouldBe(child);

    [Fact]
    public void A_person_without_a_birth_date_counts_as_a_child() => PersonCore.MayBeChild(Person(), new(2026, 6, 1)).ShouldBeTrue();

    [Fact]
    public void Only_channels_called_safe_are_used_and_a_relative_knows_nothing_unless_allowed__G15()
    {
        var relative = new string('b', 32);
        var person = Person(("contacts/1/contact", """{"channel":"phone","safe":"unknown","value":"1"}"""), ("contacts/2/contact", """{"channel":"message","codeWord":"lemon","safe":"yes","value":"2"}"""),
            ("relations/r/to", $$"""{"id":"{{relative}}","register":"person"}"""));
        SafeContact.Channels(person).Single().ShouldBe(new("message", "2", null, "lemon", null));
        SafeContact.Check(new(relative, null, null), [person], new HashSet<string> { "place" })!.Code.ShouldBe("output.barred");
        SafeContact.Check(new(relative, null, null), [person], new HashSet<string> { "name" }).ShouldBeNull();
        var allowed = Person(("relations/r/to", $$"""{"id":"{{relative}}","register":"person"}"""), ("relations/r/may-know-whereabouts", "\"yes\""));
        SafeContact.Check(new(relative, null, null), [allowed], new HashSet<string> { "place" }).ShouldBeNull();
    }

    [Fact]
    public void A_situation_that_turns_warns_and_proposes_protection__S069()
    {
        var person = Person(("situations/1/situation", """{"code":"smuggled"}"""), ("situations/1/from", "\"2025-01\""),
            ("situations/2/situation", """{"code":"in-debt-to-smugglers"}"""), ("situations/2/from", "\"2025-03\""));
        Situations.Warning(person)!.To.ShouldBe(Situation.InDebtToSmugglers);
        Situations.Warning(Person(("situations/1/situation", """{"code":"smuggled"}"""))).ShouldBeNull();
    }

    [Fact]
    public void Working_days_are_those_of_the_unit_and_a_day_ends_in_its_zone()
    {
        var plan = RepositoryPacks.Tracing;
        var record = Person() with { Register = "tracing", State = "open", StateSince = new(2026, 11, 20, 22, 30, 0, TimeSpan.Zero) };
        var bangkok = new UnitCalendar(TimeZoneInfo.FindSystemTimeZoneById("Asia/Bangkok"), new HashSet<DayOfWeek> { DayOfWeek.Saturday, DayOfWeek.Sunday }, new HashSet<DateOnly> { new(2026, 11, 25) });
        // Saturday 21 November in Bangkok; ten working days without the holiday end on Monday 7 December, midnight there.
        Clocks.Of(plan, record, bangkok).Single(clock => clock.Clock.Id == "first-answer").Due.ShouldBe(new(2026, 12, 7, 17, 0, 0, TimeSpan.Zero));
    }
}
