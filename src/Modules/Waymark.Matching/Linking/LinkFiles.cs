using Waymark.Linkage;
using Waymark.Model;

namespace Waymark.Matching;

/// <summary>Files of persons to be linked, and how.</summary>
/// <param name="Left">Path of the file, or of the first of two.</param>
/// <param name="Right">Path of the second file; null searches the first for duplicates.</param>
/// <param name="IdColumn">The column that names the records; null numbers them (a profile needs no ids).</param>
public sealed record LinkFilesRequest(string Left, string? Right, string? IdColumn)
{
    /// <summary>The id column of the second file, when it has another name.</summary>
    public string? RightIdColumn { get; init; }

    public IReadOnlyDictionary<string, FieldRole>? Map { get; init; }

    public LinkageModel? Model { get; init; }

    public double? Threshold { get; init; }

    public int Threads { get; init; } = Math.Max(1, Environment.ProcessorCount);

    public LinkageEffort Effort { get; init; } = LinkageEffort.Default;

    public double EmitFrom { get; init; } = 0.01;

    public byte? Delimiter { get; init; }

    public System.Text.Encoding? Encoding { get; init; }

    /// <summary>A column that is kept though it is not compared (a truth to measure against).</summary>
    public string? KeepColumn { get; init; }

    /// <summary>The folder of packs with the facts about names and scripts.</summary>
    public required string PacksFolder { get; init; }
}

/// <summary>Files of persons, read and ready to be linked.</summary>
public sealed record OpenedFiles(RegisterFile Left, RegisterFile? Right, LinkagePack Pack)
{
    public IEnumerable<RegisterFile> All => Right is null ? [Left] : [Left, Right];

    public IReadOnlyList<Error> Warnings => [.. All.SelectMany(f => f.Warnings)];

    /// <summary>The id of a record of a run, first file first.</summary>
    public ReadOnlySpan<byte> IdOf(int record) => record < Left.Table.Rows ? Left.Table.Ids![record] : Right!.Table.Ids![record - Left.Table.Rows];

    /// <summary>The kept column's value per record, first file first; null when it was not asked for.</summary>
    public IReadOnlyList<string>? Kept { get; init; }
}

/// <summary>What linking files found.</summary>
public sealed record LinkRun(OpenedFiles Files, LinkageOutcome Outcome);

/// <summary>Links one file with itself or two files with each other: read, compare, estimate, calibrate, cluster. Merges nothing.</summary>
public static class LinkFiles
{
    public static Result<LinkRun> Run(LinkFilesRequest request, IProgress<LinkageProgress>? progress, CancellationToken cancel)
    {
        var opened = Open(request, keepAll: false, progress, cancel);
        return opened.IsOk
            ? LinkageEngine.Run(Kernel(request, opened.Value) with { ForgetTables = true }, progress, cancel).Select(outcome => new LinkRun(opened.Value, outcome))
            : opened.Error;
    }

    /// <summary>Fits a model and gives it alone.</summary>
    public static Result<(OpenedFiles Files, LinkageModel Model)> Train(LinkFilesRequest request, IProgress<LinkageProgress>? progress, CancellationToken cancel)
    {
        var opened = Open(request, keepAll: false, progress, cancel);
        return opened.IsOk
            ? LinkageEngine.Train(Kernel(request, opened.Value), progress, cancel).Select(model => (opened.Value, model))
            : opened.Error;
    }

    /// <summary>What is in the columns and what would be compared.</summary>
    public static Result<(OpenedFiles Files, LinkageProfile Profile)> Profile(LinkFilesRequest request, CancellationToken cancel)
    {
        var opened = Open(request, keepAll: true, null, cancel);
        return opened.IsOk
            ? LinkageEngine.Profile(Kernel(request, opened.Value), cancel).Select(profile => (opened.Value, profile))
            : opened.Error;
    }

    internal static LinkageRequest Kernel(LinkFilesRequest request, OpenedFiles files) => new(files.Left.Table, files.Right?.Table, files.Pack.Knowledge)
    {
        Map = WithKept(request),
        Model = request.Model,
        Threshold = request.Threshold,
        Threads = request.Threads,
        Effort = request.Effort,
        EmitFrom = request.EmitFrom,
    };

    /// <summary>The truth never takes part in the comparison.</summary>
    private static IReadOnlyDictionary<string, FieldRole>? WithKept(LinkFilesRequest request) =>
        request.KeepColumn is null ? request.Map : new Dictionary<string, FieldRole>(request.Map ?? new Dictionary<string, FieldRole>()) { [request.KeepColumn] = FieldRole.Ignored };

    internal static Result<OpenedFiles> Open(LinkFilesRequest request, bool keepAll, IProgress<LinkageProgress>? progress, CancellationToken cancel)
    {
        var pack = Task.Run(() => LinkagePack.Read(request.PacksFolder), cancel);
        var right = request.Right is null ? null : Task.Run(() => One(request, request.Right, request.RightIdColumn ?? request.IdColumn, pack, keepAll, cancel), cancel);
        var left = One(request, request.Left, request.IdColumn, pack, keepAll, cancel);
        var other = right?.GetAwaiter().GetResult();
        var facts = pack.GetAwaiter().GetResult();
        if (facts.Error is { } noPack)
        {
            return noPack;
        }

        if ((left.Error ?? other?.Error) is { } unreadable)
        {
            return left.IsOk && request.RightIdColumn is null && unreadable is { Code: "matching.no-id-column", Hint: { } columns }
                ? unreadable.WithHint($"{columns.In("en")} Name the id column of the second file with --right-id COL.", $"{columns.In("zh")}请用 --right-id 指定第二个文件的标识列。")
                : unreadable;
        }

        var files = new OpenedFiles(left.Value, other?.Value, facts.Value);
        progress?.Report(new("read", files.All.Sum(f => (long)f.RowsRead), files.All.Sum(f => (long)f.RowsRead)));
        return request.KeepColumn is null ? files : files with { Kept = [.. files.All.SelectMany(f => Values(f.Table, request.KeepColumn))] };
    }

    private static IEnumerable<string> Values(LinkageTable table, string column) =>
        table.Columns.FirstOrDefault(c => c.Name == column) is { Codes.Length: > 0 } kept ? kept.Codes.Select(kept.Values.Text) : Enumerable.Repeat("", table.Rows);

    private static Result<RegisterFile> One(
        LinkFilesRequest request, string path, string? id, Task<Result<LinkagePack>> pack, bool keepAll, CancellationToken cancel) =>
        RegisterReader.Read(
            path,
            new RegisterOptions
            {
                IdColumn = id,
                Delimiter = request.Delimiter,
                Encoding = request.Encoding,
                Wanted = keepAll ? null : sample => Wanted(sample, request, pack.GetAwaiter().GetResult()),
            },
            cancel);

    private static bool[] Wanted(LinkageTable sample, LinkFilesRequest request, Result<LinkagePack> pack) =>
        pack.IsOk
            ? [.. LinkageEngine.Recognise(sample, request.Map, pack.Value.Knowledge).Select(r => r.Role != FieldRole.Ignored || r.Column == request.KeepColumn)]
            : [.. sample.Columns.Select(_ => false)];
}
