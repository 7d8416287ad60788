using Waymark.Protection.Contracts;

namespace Waymark.Protection.Tests;

/// <summary>Who looked, for the person: roles and units, never names; and what a law keeps from being told for a time cannot be told from nothing.</summary>
public sealed class LooksTests
{
    private static readonly Actor s_officer = new("dpo-1", "data-protection-officer", ["privacy"], true, "key-dpo");

    [Fact]
    public async Task The_person_is_told_days_roles_units_and_purposes_and_no_name__M51_M09()
    {
        await using var desk = await Desk.OpenAsync();
        (await desk.Gate.OpenAsync(Desk.Ask(), Desk.Read, default)).IsPermitted.ShouldBeTrue();
        (await desk.Gate.OpenAsync(Desk.Ask(), Desk.Read, default)).IsPermitted.ShouldBeTrue();
        (await desk.Gate.OpenAsync(Desk.Ask(persons: ["person-2"], matter: "C-2"), Desk.Read, default)).IsPermitted.ShouldBeTrue();
        (await desk.Gate.OpenAsync(Desk.Ask("transfer"), Desk.Read, default)).IsPermitted.ShouldBeFalse();
        desk.Clock.Advance(TimeSpan.FromDays(1));
        (await desk.Gate.OpenAsync(Desk.Ask("update", actor: Desk.Supervisor), Desk.Read, default)).IsPermitted.ShouldBeTrue();

        var before = (await desk.Log.ChainAsync(default)).Waiting;
        var looks = (await desk.Log.LooksAsync(s_officer, "person-1", "SR-1", default)).Value;
        var day = DateOnly.FromDateTime(desk.Clock.GetUtcNow().UtcDateTime);
        looks.ShouldBe([new(day, "supervisor", "protection/north", "update", "protection", 1), new(day.AddDays(-1), "case-worker", "protection/north", "read", "protection", 2)], "who was refused did not look");
        System.Text.Json.JsonSerializer.Serialize(looks).ShouldNotContain("-1\"", Case.Sensitive, "no account is named");
        (await desk.Log.ChainAsync(default)).Waiting.ShouldBe(before + 1, "making the list is entered");
        foreach (var actor in new[] { Desk.Worker, s_officer with { IsHardware = false }, s_officer with { Role = "oversight" } })
        {
            (await desk.Log.LooksAsync(actor, "person-1", "SR-1", default)).Error!.Code.ShouldBe("log.role");
        }
    }

    [Fact]
    public async Task A_look_under_a_lawful_delay_cannot_be_told_from_none_and_is_told_when_the_delay_is_over__M86()
    {
        await using var desk = await Desk.OpenAsync(edit: packs => packs
            .Replace("  field: [", "  deferral: [{code: none, en: None, zh: 无}, {code: secrecy-law, en: Secrecy law, zh: 保密法律}]\n  field: [", StringComparison.Ordinal)
            .Replace("  - {id: subject.urgent,", "  - {id: notice.deferred_reason, type: code, codelist: deferral, en: Deferred, zh: 推迟}\n  - {id: subject.urgent,", StringComparison.Ordinal));
        foreach (var (person, more) in new[] { ("person-1", new[] { ("notice.deferred_reason", "secrecy-law") }), ("person-2", []), ("person-3", [("notice.deferred_reason", "none")]) })
        {
            (await desk.Gate.OpenAsync(Desk.Ask(persons: [person], matter: "C-" + person), Desk.Read, default)).IsPermitted.ShouldBeTrue();
            if (person != "person-2")
            {
                (await desk.Gate.OpenAsync(Desk.Ask("update", persons: [person], matter: "C-" + person, more: more), Desk.Read, default)).IsPermitted.ShouldBeTrue();
            }
        }

        async Task<IReadOnlyList<LookLine>> LooksAsync(string person) => (await desk.Log.LooksAsync(s_officer, person, "SR-1", default)).Value;
        (await LooksAsync("person-1")).ShouldBe(await LooksAsync("person-2"), "one with a look under delay, one without");
        (await LooksAsync("person-3")).Count.ShouldBe(2);
        desk.Clock.Advance(ILog.LongestDelay - TimeSpan.FromSeconds(1));
        (await LooksAsync("person-1")).ShouldBe(await LooksAsync("person-2"));
        desk.Clock.Advance(TimeSpan.FromSeconds(1));
        (await LooksAsync("person-1")).Count.ShouldBe(2, "told when the time is over, whatever the ground");
    }
}
