using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Waymark.Bench;
using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Casework.Tests.Drill;
using static Waymark.Casework.Tests.Node;

namespace Waymark.Casework.Tests;

/// <summary>Many writers at once, on both stores, in a process that is killed and with answers that get lost: no edit is.</summary>
public sealed class WriterTests
{
    private const int Writers = 10;
    private const int Seed = 20261122;

    private static bool IsLong => Environment.GetEnvironmentVariable("WAYMARK_LONG") == "1";

    /// <summary>Edits of one writer that were answered.</summary>
    private static int Edits => IsLong ? 1_000 : 12;

    private static int Kills => IsLong ? 40 : 1;

    [Theory]
    [MemberData(nameof(StoreMatrix.Kinds), MemberType = typeof(StoreMatrix))]
    public async Task Ten_writers_lose_no_edit_whatever_is_killed_or_cut_off_and_one_unit_is_in_charge__G8_G9(string kind)
    {
        var location = await StoreMatrix.LocationAsync(kind);
        var (folder, records) = await PrepareAsync(location);
        try
        {
            var (random, begun, kills) = (new Random(Seed), Stopwatch.GetTimestamp(), 0);
            var left = Enumerable.Repeat(Edits, Writers).ToArray();
            var (edits, control) = (new List<(string Record, string Path, string Text)>(), new List<(HandOverAct Act, string Unit, long Version)>());
            for (var seed = 0; left.Sum() > 0; seed++)
            {
                // Somewhere in the next piece, and then some way into whatever is being written.
                var piece = Edits * Writers / (Kills + 1);
                var killed = await WriteAsync(location, folder, seed, left, records, kills < Kills ? random.Next(piece / 2, piece) : null, random.Next(0, 6_000), edits, control);
                kills += killed ? 1 : 0;
                await StoreMatrix.SettleAsync(location);
            }

            kills.ShouldBe(Kills);
            var (claims, conflicts) = await CheckAsync(location, folder, records, edits, control);
            edits.Count.ShouldBe(Edits * Writers);
            if (IsLong)
            {
                Keep(kind, kills, edits.Count, control.Count, claims, conflicts, Stopwatch.GetElapsedTime(begun));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [MemberData(nameof(StoreMatrix.Kinds), MemberType = typeof(StoreMatrix))]
    public async Task A_case_works_from_intake_to_search_on_both_stores(string kind)
    {
        await using var node = await OpenAsync(null, await StoreMatrix.OpenerAsync(kind));
        var (address, sought, _) = await node.TracingAsync();
        Ok(await node.Cases.ListAsync(Desk(), new("tracing") { Filters = new Dictionary<string, string> { ["cause"] = "shipwreck" } }, default)).Rows.Single().Address.ShouldBe(address);
        var match = Ok(await node.Cases.SearchPersonsAsync(Desk(), address, new("Hasan Aminah"), default)).Candidates[0];
        match.Address.ShouldBe(sought);
        Ok(await node.Cases.HandOverAsync(Desk(), address, HandOverAct.Offer, "protection/south", default));
        var race = await Task.WhenAll(node.Cases.HandOverAsync(Desk(), address, HandOverAct.Cancel, null, default), node.Cases.HandOverAsync(Desk(South), address, HandOverAct.Accept, null, default));
        race.Count(answer => answer.IsOk).ShouldBeGreaterThanOrEqualTo(1);
        Ok(await node.Cases.OpenAsync(Desk(), address, default)).Document.Control.Unit.ShouldBe("protection/north", "nothing is committed yet");
    }

    /// <summary>A node with four requests: on the first, control moves; on the others, ten people write.</summary>
    private static async Task<(string Folder, string[] Records)> PrepareAsync(string location)
    {
        var folder = Directory.CreateTempSubdirectory("waymark-writers-").FullName;
        var records = new List<string>();
        await using (var node = await OpenAsync(null, (_, clock) => StoreMatrix.OpenAtAsync(location, folder, clock)))
        {
            for (var at = 0; at < 4; at++)
            {
                records.Add((await node.TracingAsync()).Case.Id);
            }

            // The keys go where the next process looks for them.
            Directory.Move(Path.Combine(node.Folder, "keys"), Path.Combine(folder, "keys"));
        }

        return (folder, [.. records]);
    }

    /// <summary>Runs the writers until they are done or, after so many answers and microseconds, killed; takes down what was answered, also what was said before the end and read after it.</summary>
    private static async Task<bool> WriteAsync(
        string location, string folder, int seed, int[] left, string[] records, int? until, int microseconds, List<(string, string, string)> edits, List<(HandOverAct, string, long)> control)
    {
        string[] host = Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet" ? [typeof(WriterTests).Assembly.Location] : [];
        using var child = Process.Start(new ProcessStartInfo(Environment.ProcessPath!,
            [.. host, "edit-writers", location, folder, seed.ToString(CultureInfo.InvariantCulture), string.Join(',', left), string.Join(',', records)])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var complaint = child.StandardError.ReadToEndAsync();
        var answers = 0;
        while (await child.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.Split(' ', 5) is ["edit", var writer, var record, var path, var text])
            {
                left[int.Parse(writer, CultureInfo.InvariantCulture)]--;
                edits.Add((record, path, text));
                if (++answers == until)
                {
                    var begun = Stopwatch.GetTimestamp();
                    while (Stopwatch.GetElapsedTime(begun).TotalMicroseconds < microseconds)
                    {
                        Thread.SpinWait(50);
                    }

                    child.Kill();
                }
            }
            else if (line.Split(' ') is ["control", var act, var unit, var version])
            {
                control.Add((Enum.Parse<HandOverAct>(act), unit, long.Parse(version, CultureInfo.InvariantCulture)));
            }
        }

        await child.WaitForExitAsync();
        child.ExitCode.ShouldBe(answers >= until ? 137 : 0, await complaint);
        return child.ExitCode == 137;
    }

    /// <summary>Every value that was answered stands, was replaced by somebody who saw it, or is one of two that wait for a choice; replay = document; control moved only as it may.</summary>
    private static async Task<(int Claims, int Conflicts)> CheckAsync(
        string location, string folder, string[] records, List<(string Record, string Path, string Text)> edits, List<(HandOverAct Act, string Unit, long Version)> control)
    {
        await using var node = await BackAsync(folder, (at, clock) => StoreMatrix.OpenAtAsync(location, at, clock));
        var (claims, conflicts) = (0, 0);
        foreach (var id in records)
        {
            var address = new RecordAddress("tracing", id);
            var desk = (await node.Cases.OpenAsync(Desk(), address, default)).IsOk ? Desk() : Desk(South);
            var (operations, document) = (Ok(await node.Cases.HistoryAsync(desk, address, default)).Lines, Ok(await node.Cases.OpenAsync(desk, address, default)).Document);
            RecordJson.Bytes(RecordMachine.Replay(operations.Select(line => line.Operation)).Value).ShouldBe(RecordJson.Bytes(document), "replay = document");
            foreach (var path in EditWriters.Paths)
            {
                var here = (document.Fields.GetValueOrDefault(path)?.Claims ?? []).Select(claim => claim.Value.Text).ToHashSet(StringComparer.Ordinal);
                var chosenAway = operations.SelectMany(line => line.Operation.Changes).Where(change => change.Path == path && (change.Before?.Version ?? 0) == change.Base)
                    .SelectMany(change => change.Before?.Claims ?? []).Select(claim => claim.Value.Text).ToHashSet(StringComparer.Ordinal);
                edits.Where(edit => edit.Record == id && edit.Path == path && !here.Contains(edit.Text) && !chosenAway.Contains(edit.Text)).ShouldBeEmpty(path);
                claims += here.Count + chosenAway.Count;
                conflicts += here.Count > 1 ? 1 : 0;
            }
        }

        await OneInChargeAsync(node, new("tracing", records[0]), control);
        return (claims, conflicts);
    }

    private static async Task OneInChargeAsync(Node node, RecordAddress address, List<(HandOverAct Act, string Unit, long Version)> control)
    {
        var desk = (await node.Cases.OpenAsync(Desk(), address, default)).IsOk ? Desk() : Desk(South);
        RecordDocument? document = null;
        var moved = new Dictionary<long, string>();
        foreach (var line in Ok(await node.Cases.HistoryAsync(desk, address, default)).Lines)
        {
            var before = document?.Control;
            document = RecordMachine.Apply(document, line.Operation, line.Version).Value.Document;
            var after = document.Control;
            if (before is not null && after.Unit != before.Unit)
            {
                // Only the holder's own confirmation of an accepted offer moves it, and terms count the moves.
                (line.Operation.Kind, before.Offer?.To, before.Offer?.AcceptedBy is null, after.Term).ShouldBe((OperationKind.CommitControl, after.Unit, false, before.Term + 1));
                line.Operation.Units.ShouldContain(before.Unit);
                moved[line.Version] = before.Unit;
            }
        }

        // Whoever was answered that they gave it away did, at that version; nobody else gave it away there.
        control.Where(one => one.Act == HandOverAct.Commit).ShouldAllBe(one => moved.GetValueOrDefault(one.Version) == one.Unit);
    }

    private static void Keep(string kind, int kills, int edits, int control, int values, int conflicts, TimeSpan took)
    {
        const string Area = "casework-edits";
        var report = new BenchReport(Area, new BenchOptions(Seed: Seed, Runs: 1, Threads: Writers), TimeProvider.System);
        report.Fact("writers", Writers);
        report.Fact("lost edits", 0);
        var rows = (BenchReport.Saved(Area)?["rows"] as JsonArray ?? []).Where(row => (string?)row!["store"] != kind).Select(row => (JsonObject)row!.DeepClone());
        foreach (var row in rows.Append(new JsonObject
        {
            ["store"] = kind, ["edits answered"] = edits, ["kills"] = kills, ["acts of handing over answered"] = control, ["values checked"] = values, ["open conflicts at the end"] = conflicts,
            ["commit"] = BenchReport.Commit, ["seconds (loaded machine)"] = Math.Round(took.TotalSeconds),
        }).OrderBy(row => (string?)row["store"], StringComparer.Ordinal))
        {
            report.Row(row);
        }

        report.Save();
    }
}
