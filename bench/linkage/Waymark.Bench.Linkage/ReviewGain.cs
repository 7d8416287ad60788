namespace Waymark.Linkage.Bench;

/// <summary>What reviewers' answers bring: the queue asks, the truth answers, and the estimate is made anew.</summary>
internal static class ReviewGain
{
    private static readonly int[] s_answers = [0, 50, 100, 200];
    private const int AtOnce = 25;

    public static int Run(string data, string packs, string[] rest)
    {
        var knowledge = PackFolder.Read(packs).Value;
        var only = rest.FirstOrDefault() ?? "";
        foreach (var kind in InventedKind.All.Where(k => k.Name.Contains(only, StringComparison.Ordinal)))
        {
            var (left, right, entities) = InventedPeople.Make(kind, 1);
            One(kind.Name, new(left, right, knowledge), entities);
        }

        foreach (var set in DataSet.All.Where(d => d.Name is "fake1000" or "multiscript" && d.Name.Contains(only, StringComparison.Ordinal)))
        {
            var left = CsvTable.Read(Path.Combine(data, set.Left), set.Id).Value;
            One(set.Name, new(left, null, knowledge), set.Truth(data, left, null));
        }

        return 0;
    }

    private static void One(string name, LinkageRequest request, string[] entities)
    {
        var linker = Linker.Open(request, null, CancellationToken.None).Value;
        var (reviewed, line) = (new List<ReviewedPair>(), $"{name,-38}");
        var outcome = linker.With(reviewed, CancellationToken.None).Value;
        foreach (var answers in s_answers)
        {
            while (reviewed.Count < answers)
            {
                var asked = outcome.Queue().Next(Math.Min(AtOnce, answers - reviewed.Count));
                if (asked.Count == 0)
                {
                    break;
                }

                reviewed.AddRange(asked.Select(p => new ReviewedPair(p.Left, p.Right, entities[p.Left] == entities[p.Right])));
                outcome = linker.With(reviewed, CancellationToken.None).Value;
            }

            var quality = LinkageEngine.Evaluate(outcome, entities).Value;
            var real = quality.AtThreshold.Found - quality.AtThreshold.Right;
            line += FormattableString.Invariant($" | {reviewed.Count}: F1 {quality.AtThreshold.F1:0.000} clustered {quality.Clustered.F1:0.000} false {quality.ExpectedFalse:0.0} / {real}");
        }

        Console.WriteLine(line);
    }
}
