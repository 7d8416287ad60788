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
