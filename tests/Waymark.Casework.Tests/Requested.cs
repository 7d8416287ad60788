using Waymark.Casework.Contracts;
using Waymark.Protection.Contracts;
using Waymark.Storage;
using static Waymark.Casework.Tests.Node;

namespace Waymark.Casework.Tests;

/// <summary>A request of an invented person about their data, as the data-protection officer enters it and takes it on.</summary>
internal static class Requested
{
    public static Actor Officer { get; } = new("dpo-1", "data-protection-officer", ["privacy"], true, "key-dpo");

    public static CaseDesk OfficersDesk { get; } = new(Officer, "privacy", "supervision");

    public static async Task EnterAsync(Node node, RecordAddress request, params (string Path, string Value)[] values)
    {
        var fields = Ok(await node.Cases.OpenAsync(OfficersDesk, request, default)).Document.Fields;
        Ok(await node.Cases.ChangeAsync(OfficersDesk, request, new([.. values.Select(value => new FieldEntry(value.Path, fields.GetValueOrDefault(value.Path)?.Version ?? 0, value.Value))]), default));
    }

    public static async Task<RecordAddress> RequestAsync(Node node, string person, params (string Field, string Value)[] values)
    {
        if (await node.Store.Records.GetAsync(RecordPartition.General, "person", person, default) is null)
        {
            Ok(await node.Cases.CreateAsync(OfficersDesk, new("person", person, new Dictionary<string, string>(StringComparer.Ordinal) { ["names/a/name"] = "Yusuf Hassan" }, [], RecordPartition.General), default));
        }

        var all = values.Append(("received-on", "2026-05-30")).ToDictionary(value => value.Item1, value => value.Item2, StringComparer.Ordinal);
        return Ok(await node.Cases.CreateAsync(OfficersDesk, new("subject-request", null, all, [("asker", person)]), default)).Address;
    }

    public static async Task StepsAsync(Node node, RecordAddress request, params string[] steps)
    {
        foreach (var step in steps)
        {
            Ok(await node.Cases.StepAsync(OfficersDesk, request, step, Ok(await node.Cases.OpenAsync(OfficersDesk, request, default)).Document.StateVersion, null, default));
        }
    }
}
