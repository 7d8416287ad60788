namespace Waymark.Linkage.Bench;

internal static class Report
{
    public static void Print(LinkageOutcome outcome)
    {
        Console.WriteLine("   columns: " + string.Join(", ", outcome.LeftColumns.Select(c => $"{c.Column}={c.Role}")));
        foreach (var rule in outcome.Blocks.Rules)
        {
            var stratum = outcome.Model.Rules.FirstOrDefault(r => r.Rule == rule.Rule);
            Console.WriteLine($"   {(rule.Used ? "+" : "-")} {rule.Rule}: {rule.Pairs} pairs, {rule.Blocks} blocks, largest {rule.LargestBlock}, narrowed {rule.Narrowed}; first {stratum?.Pairs:0}, matches {stratum?.MatchShare * 100:0.00} %");
        }

        foreach (var field in outcome.Model.Fields)
        {
            Console.WriteLine($"   {field.Field}: " + string.Join(" ", field.Match.Skip(1).Select((m, i) => $"{m:0.000}/{field.NonMatch[i + 1]:0.00000}")));
        }
    }

    /// <summary>Pairs by probability before clusters support them, and by rule: how many are matches as expected, and how many are.</summary>
    public static void Bins(LinkageOutcome outcome, string[] entity)
    {
        double[] bounds = [0.01, 0.03, 0.1, 0.3, 0.5, 0.7, 0.9, 0.97, 0.99, 0.999, 1.01];
        static double Alone(LinkedPair pair) => 1 / (1 + Math.Pow(2, -pair.Weight));
        void Line(string name, List<LinkedPair> pairs) => Console.WriteLine(FormattableString.Invariant(
            $"      {name,-34} pairs {pairs.Count,7} different {pairs.Sum(p => 1 - Alone(p)),8:0.0} with support {pairs.Sum(p => 1.0 - p.Probability),8:0.0} real {pairs.Count(p => entity[p.Left] != entity[p.Right])}"));
        for (var bin = 1; bin < bounds.Length; bin++)
        {
            Line($"{bounds[bin - 1]}", [.. outcome.Pairs.Where(p => Alone(p) >= bounds[bin - 1] && Alone(p) < bounds[bin])]);
        }

        foreach (var rule in outcome.Pairs.GroupBy(p => p.Rule).OrderBy(g => g.Key))
        {
            Line(rule.Key < outcome.Model.Rules.Count ? outcome.Model.Rules[rule.Key].Rule : "reviewed", [.. rule.Where(p => Alone(p) >= 0.3)]);
        }
    }

    /// <summary>A spread of false links and of missed pairs, as the records read.</summary>
    public static void Errors(LinkageOutcome outcome, string[] entity, LinkageTable left, LinkageTable? right)
    {
        string Row(int record)
        {
            var (table, row) = record < left.Rows ? (left, record) : (right!, record - left.Rows);
            return string.Join(" | ", table.Columns.Select(c => c.Values.Text(c.Codes[row])));
        }

        var wrong = outcome.Pairs.Where(p => p.Probability >= outcome.Threshold && entity[p.Left] != entity[p.Right]).ToList();
        for (var i = 0; i < wrong.Count; i += Math.Max(1, wrong.Count / 25))
        {
            Console.WriteLine($"FALSE {wrong[i].Probability:0.000}\n   {Row(wrong[i].Left)}\n   {Row(wrong[i].Right)}");
        }

        var found = outcome.Pairs.ToDictionary(p => (p.Left, p.Right), p => p.Probability);
        var missed = Enumerable.Range(0, entity.Length).GroupBy(r => entity[r])
            .SelectMany(g => g.SelectMany(a => g.Where(b => a < b).Select(b => (a, b))))
            .Where(p => found.GetValueOrDefault(p) < outcome.Threshold).ToList();
        for (var i = 0; i < missed.Count; i += Math.Max(1, missed.Count / 40))
        {
            Console.WriteLine($"MISSED {found.GetValueOrDefault(missed[i]):0.000}\n   {Row(missed[i].a)}\n   {Row(missed[i].b)}");
        }
    }
}
