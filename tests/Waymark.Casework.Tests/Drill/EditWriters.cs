using Waymark.Casework.Contracts;
using static Waymark.Casework.Tests.Node;

namespace Waymark.Casework.Tests.Drill;

/// <summary>
/// The process that is killed: ten writers on the same few records, each with chance of its own. They set, dispute, choose, take back and hand over, on what they saw last or long ago. An edit that was
/// answered is said on a line (writer, record, field, value), an act of handing over as well; what was not answered is nobody's promise.
/// </summary>
internal static class EditWriters
{
    public static readonly string[] Paths = ["circumstances", "last-seen/x/source", "last-seen/y/source", "may-tell"];

    private static readonly HandOverAct[] s_acts = [HandOverAct.Offer, HandOverAct.Accept, HandOverAct.Commit, HandOverAct.Cancel];

    public static async Task<int> RunAsync(string location, string folder, int seed, int[] left, string[] records)
    {
        await using var node = await BackAsync(folder, async (at, clock) => new FlakyStore(await StoreMatrix.OpenAtAsync(location, at, clock)));
        await Task.WhenAll(left.Select((edits, writer) => Task.Run(() => WriteAsync(node, new Random((seed * 100) + writer), $"{seed}.{writer}", writer, edits, records))));
        return 0;
    }

    private static async Task WriteAsync(Node node, Random random, string name, int writer, int edits, string[] records)
    {
        var seen = new Dictionary<(string Record, string Path), long>();
        for (var (done, turn) = (0, 0); done < edits; turn++)
        {
            var (record, path) = (new RecordAddress("tracing", records[random.Next(records.Length)]), Paths[random.Next(Paths.Length)]);
            if (random.Next(40) == 0)
            {
                // Control moves on a record that nobody edits, so that nobody waits for it.
                await HandOverAsync(node, random, new("tracing", records[0]));
            }

            if (record.Id == records[0])
            {
                continue;
            }

            if (random.Next(3) > 0)
            {
                // What others wrote is looked at two times in three; else the edit stands on what was seen before.
                var field = (await node.Cases.OpenAsync(Desk(), record, default)).Value?.Document.Fields.GetValueOrDefault(path);
                seen[(record.Id, path)] = field?.Version ?? 0;
                if (field is { IsConflict: true, Claims: [.., var last] } && random.Next(2) == 0)
                {
                    await node.Cases.ResolveAsync(Desk(), record, path, field.Version, [last.Id], "chosen", default);
                    continue;
                }
            }

            var text = $"writer {name} turn {turn}";
            var changed = await node.Cases.ChangeAsync(Desk(), record, new([new(path, seen.GetValueOrDefault((record.Id, path)), text) { IsDispute = random.Next(10) == 0 }]), default);
            if (changed.Value is { } made)
            {
                done++;
                Say($"edit {writer} {record.Id} {path} {text}");
                if (random.Next(30) == 0)
                {
                    await node.Cases.UndoAsync(Desk(), record, made.Version, "taken back", default);
                }
            }
        }
    }

    private static async Task HandOverAsync(Node node, Random random, RecordAddress record)
    {
        var (act, isNorth) = (s_acts[random.Next(s_acts.Length)], random.Next(2) == 0);
        var answer = await node.Cases.HandOverAsync(isNorth ? Desk() : Desk(South), record, act, act == HandOverAct.Offer ? (isNorth ? "protection/south" : "protection/north") : null, default);
        if (answer.Value is { } done)
        {
            Say($"control {act} {(isNorth ? "protection/north" : "protection/south")} {done.Version}");
        }
    }

    private static void Say(string line) => Console.Out.WriteLine(line);
}
