using Waymark.Casework.Contracts;
using Waymark.Protection.Contracts;
using static Waymark.Casework.Tests.Node;

namespace Waymark.Casework.Tests;

/// <summary>The same matters on nodes that differ in nothing but the letters in which one sought person's name is written.</summary>
public sealed class ScriptOfANameTests
{
    /// <summary>One invented name as five offices write it down.</summary>
    private static readonly string[] s_spellings = ["Layla Mansour", "ليلى منصور", "Лейла Мансур", "莱拉·曼苏尔", "လေလာ မန်ဆူး"];

    [Fact]
    public async Task The_script_of_a_name_changes_no_gate_mask_deadline_or_place_in_a_queue__M06()
    {
        var told = new List<string>();
        foreach (var spelling in s_spellings)
        {
            told.Add(await ToldAsync(spelling));
        }

        told.Distinct().ShouldHaveSingleItem();
        told[0].Length.ShouldBeGreaterThan(400);
        (await ToldAsync(s_spellings[0], birth: null)).ShouldNotBe(told[0], "what is compared sees a difference where there is one");
    }

    /// <summary>All that the node answers about three matters, the middle one about whoever bears the name; no id and no value.</summary>
    private static async Task<string> ToldAsync(string spelling, string? birth = "2004")
    {
        await using var node = await OpenAsync();
        var enquirer = await node.PersonAsync("Yusuf Hassan", "1990-03-04");
        (await node.Consents.RecordAsync(new(enquirer.Id, "family-tracing", "none", ConsentChoice.Given, node.Clock.GetUtcNow(), null, "1", "ar", "written", true, true, "interpreter-1", null, null, "worker-1"), default))
            .IsOk.ShouldBeTrue();
        var cases = new List<RecordAddress>();
        var lines = new List<string>();
        foreach (var name in new[] { "Amina Hassan", spelling, "Noor Aziz" })
        {
            var sought = await node.PersonAsync(name, birth);
            var made = await node.Cases.CreateAsync(Desk(), new("tracing", new string((char)('a' + cases.Count), 32), new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["relation"] = "brother", ["identity-checked"] = "yes", ["cause"] = "shipwreck", ["separated-on"] = "2026-02~", ["scope"] = "own, network", ["last-seen/x/at"] = "Zuwara",
            }, [("sought", sought.Id), ("enquirer", enquirer.Id)]), default);
            cases.Add(Ok(made).Address);
            lines.Add("made " + string.Join(' ', made.Duties.Select(duty => $"{duty.Rule}@{duty.Due:O}")));
            Ok(await node.Cases.StepAsync(Desk(), made.Value!.Address, "accept", 1, null, default));
            node.Clock.Advance(TimeSpan.FromDays(2));
            foreach (var record in new[] { made.Value!.Address, sought })
            {
                var opened = Ok(await node.Cases.OpenAsync(Desk(), record, default));
                lines.Add($"{opened.Plan.Id} {opened.Document.State} due {opened.Due:O} masked {string.Join(',', opened.Masked)} fields {string.Join(',', opened.Document.Fields.Keys)}");
                lines.AddRange(opened.Steps.Select(step => $"  {step.Step.Id} {step.Refusal?.Code}"));
            }
        }

        foreach (var byChange in new[] { false, true })
        {
            var list = Ok(await node.Cases.ListAsync(Desk(), new("tracing") { ByChange = byChange }, default));
            lines.Add("queue " + string.Join(' ', list.Rows.Select(row => $"{cases.FindIndex(one => one.Id == row.Address.Id)}@{row.Due:O}")));
        }

        foreach (var actor in new[] { Colleague, Supervisor, South })
        {
            lines.Add($"{actor.Account} " + string.Join(' ', await Task.WhenAll(cases.Select(async one => (await node.Cases.OpenAsync(Desk(actor), one, default)) is { IsOk: true } seen ? "opens" : "nothing"))));
        }

        return string.Join('\n', lines);
    }
}
