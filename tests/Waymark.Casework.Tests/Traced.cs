using Waymark.Casework.Contracts;
using Waymark.Matching.Contracts;
using Waymark.Model;
using Waymark.Protection.Contracts;
using Waymark.Storage;
using static Waymark.Casework.Tests.Node;

namespace Waymark.Casework.Tests;

/// <summary>A tracing request as it goes: searched, a candidate put to the holder, answered by two, and what the holder does then; every name is invented.</summary>
internal static class Traced
{
    /// <summary>A request of the north that is being searched, and a woman found in the south.</summary>
    public static async Task<(RecordAddress Request, RecordAddress Enquirer, RecordAddress Found, RecordAddress Person)> SearchedAsync(Node node, string name = "Hamina Hasan", string birth = "2004-05-17", (string, string)[]? more = null, bool isFound = true)
    {
        var (request, _, enquirer) = await node.TracingAsync();
        (await node.Consents.RecordAsync(new(enquirer.Id, "family-tracing", "none", ConsentChoice.Given, node.Clock.GetUtcNow(), null, "1", "bm", "oral-recorded", true, true, "interpreter-1", null, null, "worker-1"), default)).IsOk.ShouldBeTrue();
        Ok(await node.Cases.StepAsync(Desk(), request, "accept", 1, null, default));
        Ok(await node.Cases.StepAsync(Desk(), request, "search", 2, null, default));
        var person = Ok(await node.Cases.CreateAsync(Desk(South), new("person", null, new Dictionary<string, string>(StringComparer.Ordinal) { ["names/a/name"] = name, ["birth"] = birth }
            .Concat((more ?? []).Select(pair => KeyValuePair.Create(pair.Item1, pair.Item2))).ToDictionary(StringComparer.Ordinal), [], RecordPartition.Missing), default)).Address;
        var found = !isFound ? person : Ok(await node.Cases.CreateAsync(Desk(South), new("found-person", null, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["age-group"] = "adult", ["found-on"] = "2026-04", ["found-at"] = "Zuwara",
        }, [("found", person.Id)]), default)).Address;
        return (request, enquirer, found, person);
    }

    public static async Task<string> CandidateAsync(Node node, RecordAddress request)
    {
        Ok(await node.Cases.LookAsync(Desk(), request, default));
        return Ok(await node.Cases.QueueAsync(Desk(South), default)).Waiting.ShouldHaveSingleItem().Id;
    }

    public static async Task AnswerAsync(Node node, Actor actor, string id, PairChoice choice)
    {
        node.Clock.Advance(TimeSpan.FromSeconds(30));
        Ok(await node.Cases.AnswerAsync(Desk(actor), id, choice, "what the records say", default));
    }

    public static async Task HolderAsync(Node node, RecordAddress found, RecordAddress person, RecordAddress enquirer, string world)
    {
        async Task<Error?> Step(string step, Actor? actor = null)
        {
            var seen = Ok(await node.Cases.OpenAsync(Desk(South), found, default)).Document.StateVersion;
            var answer = await node.Cases.StepAsync(Desk(actor ?? South), found, step, seen, null, default);
            return answer.IsOk ? null : answer.Error ?? Error.Refused(answer.Refusal!.Code, string.Join(" | ", answer.Refusal.Reasons.Select(reason => reason.In("en"))), "拒绝");
        }

        async Task Enter(params (string Path, string Value)[] entries) =>
            Ok(await node.Cases.ChangeAsync(Desk(South), found, new([.. entries.Select(entry => new FieldEntry(entry.Path, 0, entry.Value))]), default));

        await Enter(("barred", world == "barred" ? "barred" : "clear"), ("asked-on", "2026-06-01"), ("how-asked", "in-person"), ("asked-language", "Somali, with an interpreter"), ("may-tell", "that she is well"));
        (await Step("check")).ShouldBeNull();
        (await Step("ask")).ShouldBeNull();
        await Enter(("answer", world switch { "declined" => "declined", "undecided" => "undecided", _ => "contact-wanted" }));
        if (world == "declined")
        {
            (await Step("decline")).ShouldBeNull();
            (await Step("tell")).ShouldNotBeNull();
            return;
        }

        if (world == "undecided")
        {
            (await Step("agree-adult")).ShouldNotBeNull();
            return;
        }

        (await Step("agree-adult"))!.Code.ShouldBe("step.consent");
        // Both who are to be brought in contact agreed to it; without the asking person's word the floor stops the last step too.
        foreach (var one in new[] { person, enquirer })
        {
            (await node.Consents.RecordAsync(new(one.Id, "family-tracing", "family", ConsentChoice.Given, node.Clock.GetUtcNow(), null, "1", "so", "oral-recorded", true, true, "interpreter-2", null, null, "worker-3"), default)).IsOk.ShouldBeTrue();
        }

        await node.SafeAsync(person, Desk(South));
        await node.SafeAsync(enquirer, Desk());
        (await Step("agree-adult")).ShouldBeNull();
        (await Step("tell"))!.Code.ShouldBe(world == "barred" ? "step.condition" : "step.second-person");
        var told = await Step("tell", SouthColleague);
        if (world == "barred")
        {
            told!.Code.ShouldBe("step.condition");
        }
        else
        {
            told.ShouldBeNull();
        }
    }

    /// <summary>A body that was recovered and examined in the south.</summary>
    public static async Task<RecordAddress> DeadAsync(Node node, RecordAddress person)
    {
        var body = Ok(await node.Cases.CreateAsync(Desk(South), new("unidentified-deceased", null, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["found-on"] = "2026-04", ["found-at"] = "Zuwara", ["examined-by"] = "Institute (invented)", ["examined-on"] = "2026-04", ["sex"] = "female",
        }, [("deceased", person.Id)]), default)).Address;
        await StepAsync(node, Desk(South), body, "recover");
        await StepAsync(node, Desk(South), body, "examine");
        return body;
    }

    public static async Task StepAsync(Node node, CaseDesk desk, RecordAddress record, string step) =>
        Ok(await node.Cases.StepAsync(desk, record, step, Ok(await node.Cases.OpenAsync(desk, record, default)).Document.StateVersion, null, default));

    /// <summary>A request whose person was found, agreed to be in contact and was passed on.</summary>
    public static async Task<(RecordAddress Request, RecordAddress Person)> AgreedAsync(Node node)
    {
        var (request, enquirer, found, person) = await SearchedAsync(node);
        var id = await CandidateAsync(node, request);
        await AnswerAsync(node, South, id, PairChoice.Same);
        await AnswerAsync(node, SouthColleague, id, PairChoice.Same);
        (await node.Cases.DisclosureAsync(Desk(), request, default)).Error!.Code.ShouldBe("tracing.nothing-to-tell");
        await HolderAsync(node, found, person, enquirer, "agreed");
        (await node.Cases.DisclosureAsync(Desk(), request, default)).Error!.Code.ShouldBe("tracing.nothing-to-tell", "not before the unit noted it");
        Ok(await node.Cases.StepAsync(Desk(), request, "locate", Ok(await node.Cases.OpenAsync(Desk(), request, default)).Document.StateVersion, null, default));
        return (request, person);
    }

    /// <summary>Everything that the unit of the request and the family can see of it.</summary>
    public static async Task<string> TranscriptAsync(Node node, RecordAddress request)
    {
        var view = Ok(await node.Cases.OpenAsync(Desk(), request, default));
        var history = Ok(await node.Cases.HistoryAsync(Desk(), request, default));
        var row = Ok(await node.Cases.ListAsync(Desk(), new("tracing"), default)).Rows.Single();
        var looked = await node.Cases.LookAsync(Desk(), request, default);
        return string.Join('\n', view.Plan.State(view.Document.State)!.Outward!.In("en"), view.Document.State, view.Document.Version, string.Join(' ', view.Document.Fields.Keys), string.Join(' ', history.Lines.Select(line => line.Operation.Kind)),
            row.Due, row.HasConflict, looked.IsOk, looked.Error, looked.Refusal?.Code, Ok(await node.Cases.QueueAsync(Desk(), default)).Waiting.Count);
    }
}
