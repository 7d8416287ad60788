using System.Globalization;
using Waymark.App.Output;
using Waymark.Linkage;
using Waymark.Matching;

namespace Waymark.App.CommandLine.Commands;

/// <summary>What a run of <c>waymark link</c> says about itself: on stderr in words, or as one JSON document.</summary>
internal static class LinkReport
{
    public static void Write(CommandContext context, LinkRun run, int links, int explained, LinkTargets targets)
    {
        var output = Of(run, links, explained, context.Json ? run.Files.Pack.Hash : "");
        if (context.Json)
        {
            context.WriteJson("waymark.link/1", output, run.Files.Warnings);
            return;
        }

        Files(context, run.Files, output.Files);
        Say(context,
            $"{N(output.Compared)} pairs compared; threshold {F(output.Threshold, "0.00")}; {N(output.Links)} links, about {F(output.ExpectedFalse, "0.#")} of them false and {F(output.ExpectedMissed, "0.#")} missed by the model's own account.",
            $"比较 {N(output.Compared)} 对；阈值 {F(output.Threshold, "0.00")}；链接 {N(output.Links)} 个，按模型自身估计约 {F(output.ExpectedFalse, "0.#")} 个有误、漏掉 {F(output.ExpectedMissed, "0.#")} 个。");
        Say(context,
            $"{N(output.Clusters)} clusters of two or more hold {N(output.ClusteredRecords)} records; the largest has {N(output.LargestCluster)}.",
            $"两条以上记录的聚类 {N(output.Clusters)} 个，含 {N(output.ClusteredRecords)} 条记录，最大者 {N(output.LargestCluster)} 条。");
        Candidates(context, output.CandidatesOnly);
        if (targets.Explain is not null)
        {
            Say(context, $"{N(explained)} links explained.", $"已解释 {N(explained)} 个链接。");
        }
    }

    /// <summary>The groups of people that the model is wrong about, rounded for print.</summary>
    public static IReadOnlyList<GroupTrust> Doubted(IReadOnlyList<GroupTrust> groups) =>
        [.. groups.Where(g => !g.IsTrusted).Select(g => g with { ExpectedFalse = Math.Round(g.ExpectedFalse, 2), OwnFalse = Math.Round(g.OwnFalse, 2) })];

    public static void Candidates(CommandContext context, IReadOnlyList<GroupTrust> groups)
    {
        foreach (var group in groups)
        {
            Say(context,
                $"Candidates only, {group.Kind} {group.Value}: strangers of this group agree more often than the model knows; {N(group.Links)} pairs need a person.",
                $"仅作候选（{group.Kind} {group.Value}）：本组中的陌生人比模型所知更常相符；{N(group.Links)} 对须人工核对。");
        }
    }

    /// <summary>Columns, warnings and rows kept aside of the files that were read.</summary>
    public static void Files(CommandContext context, OpenedFiles opened, IReadOnlyList<LinkFileOutput> files)
    {
        foreach (var file in files)
        {
            Say(context,
                $"{CellWidth.Printable(file.File)}: {N(file.Rows)} rows, {N(file.AsideCount)} kept aside ({file.Encoding}, delimiter \"{file.Delimiter}\").",
                $"{CellWidth.Printable(file.File)}：{N(file.Rows)} 行，{N(file.AsideCount)} 行留存（{file.Encoding}，分隔符“{file.Delimiter}”）。");
            Say(context, "  compared: " + Columns(file.Columns.Where(c => c.Role != FieldRole.Ignored)), "  参与比较：" + Columns(file.Columns.Where(c => c.Role != FieldRole.Ignored)));
            var unknown = file.Columns.Where(c => c.Role == FieldRole.Ignored).ToList();
            if (unknown.Count > 0)
            {
                Say(context, "  not compared: " + string.Join(", ", unknown.Select(c => CellWidth.Printable(c.Column))), "  未比较：" + string.Join("、", unknown.Select(c => CellWidth.Printable(c.Column))));
            }

            foreach (var aside in file.Aside.Take(context.Verbose ? 1_000 : 10))
            {
                Say(context, $"  {file.File}:{aside.Line}: {aside.Reason.In("en")} [{aside.Code}]", $"  {file.File}:{aside.Line}：{aside.Reason.In("zh")} [{aside.Code}]");
            }
        }

        foreach (var warning in opened.Warnings.Take(context.Verbose ? 1_000 : 20))
        {
            Say(context, "  " + warning.In("en"), "  " + warning.In("zh"));
        }
    }

    public static IReadOnlyList<LinkFileOutput> FilesOf(OpenedFiles files, IReadOnlyList<ColumnRole> left, IReadOnlyList<ColumnRole> right) =>
        [.. files.All.Select((f, i) => new LinkFileOutput(f.Table.Name, f.RowsRead, f.AsideCount, f.Aside, f.Encoding, f.Delimiter, i == 0 ? left : right))];

    private static LinkOutput Of(LinkRun run, int links, int explained, string packHash)
    {
        var outcome = run.Outcome;
        var (expectedFalse, seen) = (0.0, 0.0);
        foreach (var pair in outcome.Pairs)
        {
            seen += pair.Probability >= outcome.Threshold ? 0 : pair.Probability;
            expectedFalse += outcome.IsLink(pair) ? 1 - pair.Probability : 0;
        }

        var sizes = new int[outcome.Clusters.Length];
        foreach (var cluster in outcome.Clusters)
        {
            sizes[cluster]++;
        }

        return new(
            FilesOf(run.Files, outcome.LeftColumns, outcome.RightColumns),
            outcome.Compared,
            links,
            outcome.Threshold,
            Math.Round(expectedFalse, 2),
            Math.Round(Math.Max(seen, outcome.Calibration.FirstOrDefault(c => c.Threshold >= outcome.Threshold - 1e-9)?.ExpectedMissed ?? 0), 2),
            outcome.OneToOne,
            sizes.Count(s => s > 1),
            sizes.Where(s => s > 1).Sum(),
            sizes.DefaultIfEmpty().Max(),
            outcome.Calibration,
            outcome.Blocks,
            packHash,
            explained,
            Doubted(outcome.Trust));
    }

    private static string Columns(IEnumerable<ColumnRole> columns) => string.Join(", ", columns.Select(c => $"{CellWidth.Printable(c.Column)} = {Word(c.Role)}"));

    /// <summary>A role as <c>--map</c> calls it.</summary>
    public static string Word(FieldRole role) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(role.ToString());

    private static void Say(CommandContext context, string en, string zh) => context.Remark(en, zh);

    private static string N(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string F(double number, string format) => number.ToString(format, CultureInfo.InvariantCulture);
}
