using System.Text;
using Waymark.Linkage;
using Waymark.Model;

namespace Waymark.Matching;

/// <summary>A register as a file that grows: made once, with its model; new records are linked against it and stay in it.</summary>
public static class IndexFiles
{
    /// <summary>Makes an index of one file. Errors: those of reading and linking, <c>linkage.index-one-file</c>.</summary>
    public static Result<(OpenedFiles Files, LinkageIndex Index)> Create(LinkFilesRequest request, IProgress<LinkageProgress>? progress, CancellationToken cancel)
    {
        var files = LinkFiles.Open(request, keepAll: false, progress, cancel);
        return files.IsOk ? LinkageIndex.Create(LinkFiles.Kernel(request, files.Value), progress, cancel).Select(index => (files.Value, index)) : files.Error;
    }

    /// <summary>Reads an index. Errors: <c>matching.unreadable</c>, those of the kernel for a file that is none.</summary>
    public static Result<LinkageIndex> Read(string path, LinkageKnowledge knowledge)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
            return LinkageIndex.Load(stream, knowledge);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return RegisterFaults.Unreadable(path);
        }
    }

    /// <summary>Adds the rows of a file to an index and links all; <c>First</c> is the number of the first new record.</summary>
    public static Result<(OpenedFiles Files, LinkageIndex Index, IndexOutcome Outcome, int First)> Add(LinkFilesRequest request, string index, CancellationToken cancel)
    {
        var files = LinkFiles.Open(request with { Right = null }, keepAll: false, null, cancel);
        var read = files.Then(opened => Read(index, opened.Pack.Knowledge));
        if (!read.IsOk)
        {
            return read.Error;
        }

        var added = read.Value.Add(files.Value.Left.Table, request.Map, cancel);
        return added.Then(first => read.Value.Link(LinkageConstraints.None, cancel).Select(outcome => (files.Value, read.Value, outcome, first)));
    }

    /// <summary>
    /// Links as CSV, each with the id that came first on the left; returns how many. Where a group of people is not trusted a fifth column names it for its pairs, which are
    /// candidates.
    /// </summary>
    public static int Links(Stream stream, LinkageIndex index, IndexOutcome outcome)
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(false), 1 << 16, leaveOpen: true) { NewLine = "\n" };
        var doubts = outcome.Trust.Any(group => !group.IsTrusted);
        writer.WriteLine("left_id,right_id,probability,weight" + (doubts ? ",candidate_only" : ""));
        var links = 0;
        foreach (var pair in outcome.Pairs.Where(pair => pair.Probability >= outcome.Threshold))
        {
            writer.WriteLine(FormattableString.Invariant($"{Quoted(index.Id(pair.Left))},{Quoted(index.Id(pair.Right))},{Math.Round(pair.Probability, 6)},{Math.Round(pair.Weight, 3)}")
                + (!doubts ? "" : outcome.DoubtOf(pair) is { } group ? $",{group.Kind}: {group.Value}" : ","));
            links += outcome.IsLink(pair) ? 1 : 0;
        }

        return links;
    }

    /// <summary>Every record with its cluster, named by its first record.</summary>
    public static void Clusters(Stream stream, LinkageIndex index, IndexOutcome outcome)
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(false), 1 << 16, leaveOpen: true) { NewLine = "\n" };
        writer.WriteLine("id,cluster");
        for (var record = 0; record < outcome.Clusters.Length; record++)
        {
            writer.WriteLine($"{Quoted(index.Id(record))},{Quoted(index.Id(outcome.Clusters[record]))}");
        }
    }

    private static string Quoted(string value) => value.AsSpan().IndexOfAny(",\"\r\n") < 0 ? value : "\"" + value.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";
}
