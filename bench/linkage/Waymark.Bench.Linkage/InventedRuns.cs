namespace Waymark.Linkage.Bench;

/// <summary>Quality and calibration on invented registers of many kinds, over some seeds.</summary>
internal static class InventedRuns
{
    public static int Run(string packs, string[] rest)
    {
        var knowledge = PackFolder.Read(packs).Value;
        var seeds = rest.Select(r => int.TryParse(r, out var n) ? n : 0).FirstOrDefault(n => n > 0) is var asked && asked > 0 ? asked : 2;
        var only = rest.FirstOrDefault(r => !int.TryParse(r, out _) && r[0] != '-');
        var outside = 0;
        foreach (var kind in (rest.Contains("--held") ? InventedKind.Held : InventedKind.All).Where(k => only is null || k.Name.Contains(only, StringComparison.Ordinal)))
        {
            for (var seed = 1; seed <= seeds; seed++)
            {
                var (left, right, entities) = InventedPeople.Make(kind, seed);
                outside += Report($"{kind.Name,-36} {seed}", left, right, entities, knowledge, rest) ? 0 : 1;
            }
        }

        Console.WriteLine($"{outside} outside");
        return 0;
    }

    /// <summary>One line of what was expected and what is true; whether the whole is within what the methods page promises.</summary>
    public static bool Report(string name, LinkageTable left, LinkageTable? right, string[] entities, LinkageKnowledge knowledge, string[] rest)
    {
        var outcome = LinkageEngine.Run(new LinkageRequest(left, right, knowledge), null, CancellationToken.None).Value;
        var quality = LinkageEngine.Evaluate(outcome, entities).Value;
        var real = quality.AtThreshold.Found - quality.AtThreshold.Right;
        var whole = new GroupCalibration("all", "all", quality.AtThreshold.Found, quality.ExpectedFalse, real);
        Console.WriteLine(FormattableString.Invariant(
            $"{name,-44}: F1 {quality.AtThreshold.F1:0.000} best {quality.Best.F1:0.000} clustered {quality.Clustered.F1:0.000} at {outcome.Threshold:0.00}; links {quality.AtThreshold.Found}, false expected {quality.ExpectedFalse:0.0} real {real}{(outcome.OneToOne ? " 1:1" : "")}{(whole.IsWithin ? "" : " OUTSIDE")}"));
        foreach (var group in outcome.Trust.Where(g => !g.IsTrusted))
        {
            Console.WriteLine(FormattableString.Invariant($"      candidates only: {group.Kind} {group.Value}: {group.Links} pairs, model expects {group.ExpectedFalse:0.0} false, its own strangers {group.OwnFalse:0.0}"));
        }

        var groups = outcome.Groups(entities).Where(g => g.Links > 0).ToList();
        Console.WriteLine($"      groups outside: {groups.Count(g => !g.IsWithin)} of {groups.Count}");
        if (rest.Contains("--groups"))
        {
            foreach (var group in groups.Where(g => !g.IsWithin))
            {
                Console.WriteLine(FormattableString.Invariant($"      {group.Kind} {group.Value}: links {group.Links}, expected {group.ExpectedFalse} real {group.RealFalse}"));
            }
        }

        if (rest.Contains("--bins"))
        {
            Bench.Report.Bins(outcome, entities);
        }

        if (rest.Contains("--errors"))
        {
            Bench.Report.Print(outcome);
            Bench.Report.Errors(outcome, entities, left, right);
        }

        return whole.IsWithin;
    }
}
