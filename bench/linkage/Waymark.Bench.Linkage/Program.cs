using System.Diagnostics;
using System.Globalization;
using Waymark.Linkage;
using Waymark.Linkage.Bench;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var started = Process.GetCurrentProcess().StartTime;
double Since() => (TimeProvider.System.GetLocalNow().DateTime - started).TotalSeconds;
var data = PackFolder.FindData() ?? throw new DirectoryNotFoundException("shared/data/linkage");
return args switch
{
    ["eval", .. var rest] => Evaluate(rest),
    ["learn"] => LearnPack.Run(data, PackFolder.Find()),
    ["invented", .. var rest] => InventedRuns.Run(PackFolder.Find(), rest),
    ["parts", .. var rest] => RealParts.Run(data, PackFolder.Find(), rest),
    ["review", .. var rest] => ReviewGain.Run(data, PackFolder.Find(), rest),
    ["names", .. var rest] => NameRetrieval.Run(data, PackFolder.Find(), rest.Length > 0 ? int.Parse(rest[0], CultureInfo.InvariantCulture) : 400),
    ["private-bits", .. var rest] => PrivateBits.Run(rest),
    ["private-quality", .. var rest] => PrivateQuality.Run(data, PackFolder.Find(), rest),
    ["private-tokens"] => PrivateTokens.Run(),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("eval [DATASET...] [--verbose] [--effort fast|thorough] [--threads N]; invented [SEEDS] [KIND] [--held] [--groups] [--errors]; review [KIND]; parts [WHICH] [PART] [--groups] [--errors]");
    return 2;
}

int Evaluate(string[] rest)
{
    var verbose = rest.Contains("--verbose");
    var effort = rest.Contains("fast") ? LinkageEffort.Fast : rest.Contains("thorough") ? LinkageEffort.Thorough : LinkageEffort.Default;
    var names = rest.Where(r => DataSet.All.Any(d => d.Name == r)).ToArray();
    foreach (var set in DataSet.All.Where(d => names.Length == 0 || names.Contains(d.Name)))
    {
        var watch = Stopwatch.StartNew();
        var knowledge = PackFolder.Read(PackFolder.Find()).Value;
        var packs = watch.Elapsed.TotalSeconds;
        var left = CsvTable.Read(Path.Combine(data, set.Left), set.Id).Value;
        var right = set.Right is null ? null : CsvTable.Read(Path.Combine(data, set.Right), set.Id).Value;
        var load = watch.Elapsed.TotalSeconds;
        double Cpu() => Process.GetCurrentProcess().TotalProcessorTime.TotalSeconds;
        var last = load;
        var lastCpu = Cpu();
        var loadCpu = lastCpu;
        var steps = new List<string>();
        var outcome = LinkageEngine.Run(
            new LinkageRequest(left, right, knowledge) { Effort = effort },
            new Direct(p =>
            {
                if (p.Done == p.Total)
                {
                    steps.Add($"{p.Step} {watch.Elapsed.TotalSeconds - last:0.00}/{Cpu() - lastCpu:0.00}");
                    (last, lastCpu) = (watch.Elapsed.TotalSeconds, Cpu());
                }
            }),
            CancellationToken.None).Value;
        var seconds = watch.Elapsed.TotalSeconds;
        var peak = Process.GetCurrentProcess().PeakWorkingSet64 >> 20;
        var process = Since();
        var cpu = Process.GetCurrentProcess().TotalProcessorTime.TotalSeconds;
        var entity = set.Truth(data, left, right);
        var truth = Quality.TruePairs(entity, left.Rows);
        var (best, at) = Quality.Best(outcome.Pairs, entity, truth);
        var auto = Quality.At(outcome.Pairs, entity, truth, outcome.Threshold);
        var recall = Quality.At(outcome.Pairs, entity, truth, 0).Recall;
        var expected = outcome.Calibration.FirstOrDefault(p => p.Threshold >= outcome.Threshold - 1e-9)?.ExpectedFalse ?? 0;
        Console.WriteLine($"{set.Name}: {seconds:0.00} s (process {process:0.00}, cpu {cpu:0.00}; packs {packs:0.00}, load {load - packs:0.00}/{loadCpu:0.00}, {string.Join(", ", steps)}), {peak} MiB, {outcome.Compared} pairs, kept recall {recall:0.000}");
        Console.WriteLine($"   auto@{outcome.Threshold:0.00} {auto}; best@{at:0.000} {best.F1:0.0000}; clustered {Quality.Clustered(outcome.Clusters, entity, truth, left.Rows)}; false expected {expected:0.0} real {auto.Found - auto.Right}{(outcome.OneToOne ? " 1:1" : "")}");
        foreach (var group in outcome.Trust.Where(g => !g.IsTrusted))
        {
            Console.WriteLine($"   candidates only: {group.Kind} {group.Value}: {group.Links} pairs, model expects {group.ExpectedFalse:0.0} false, its own strangers {group.OwnFalse:0.0}");
        }

        if (verbose)
        {
            Report.Print(outcome);
        }

        if (rest.Contains("--errors"))
        {
            Report.Errors(outcome, entity, left, right);
        }
    }

    return 0;
}
