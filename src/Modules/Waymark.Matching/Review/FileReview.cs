using System.Text;
using Waymark.Linkage;
using Waymark.Model;

namespace Waymark.Matching;

/// <summary>What a column says in both records of a pair.</summary>
public sealed record SideBySide(string Column, string Left, string Right);

/// <summary>
/// A review of pairs of plain files: the pairs whose answers tell most come first, answers are kept in a file, and the estimate follows them.
/// </summary>
public sealed class FileReview
{
    private readonly Linker _linker;
    private readonly AnswerFile _answers;
    private readonly Dictionary<string, int> _left;
    private readonly Dictionary<string, int> _right;

    private FileReview(OpenedFiles files, Linker linker, AnswerFile answers, LinkageOutcome before)
    {
        (Files, _linker, _answers, Before, Outcome) = (files, linker, answers, before, before);
        _left = Numbers(files.Left, 0);
        _right = files.Right is null ? _left : Numbers(files.Right, files.Left.Table.Rows);
    }

    public OpenedFiles Files { get; }

    public AnswerFile Answers => _answers;

    /// <summary>What was found without any answer.</summary>
    public LinkageOutcome Before { get; }

    /// <summary>What is found with the answers that were there at the last <see cref="Estimate"/>.</summary>
    public LinkageOutcome Outcome { get; private set; }

    /// <summary>Reads, compares and takes the answers of earlier sittings into account.</summary>
    public static Result<FileReview> Open(LinkFilesRequest request, string answers, IProgress<LinkageProgress>? progress, CancellationToken cancel)
    {
        var kept = AnswerFile.Open(answers, cancel);
        var files = kept.Then(_ => LinkFiles.Open(request, keepAll: true, progress, cancel));
        if (!files.IsOk)
        {
            return files.Error;
        }

        var linker = Linker.Open(LinkFiles.Kernel(request, files.Value), progress, cancel);
        var before = linker.Then(open => open.Link(LinkageConstraints.None, progress, cancel));
        if (!before.IsOk)
        {
            return before.Error;
        }

        var review = new FileReview(files.Value, linker.Value, kept.Value, before.Value);
        return review.Estimate(cancel).Select(_ => review);
    }

    /// <summary>Estimates anew with all answers of yes and no.</summary>
    public Result<LinkageOutcome> Estimate(CancellationToken cancel)
    {
        var reviewed = new List<ReviewedPair>();
        foreach (var (left, right, answer) in _answers.All)
        {
            if (answer is FileAnswer.Same or FileAnswer.Different && _left.TryGetValue(left, out var first) && _right.TryGetValue(right, out var second) && first != second)
            {
                reviewed.Add(new(first, second, answer == FileAnswer.Same));
            }
        }

        var estimated = reviewed.Count == 0 ? Before : _linker.With(reviewed, cancel);
        if (estimated.IsOk)
        {
            Outcome = estimated.Value;
        }

        return estimated;
    }

    /// <summary>Pairs to look at next, those that tell most first, none that was answered.</summary>
    public IReadOnlyList<LinkedPair> Next(int count) =>
        [.. Outcome.Queue().Next(count + _answers.Count).Where(pair => _answers.Of(Id(pair.Left), Id(pair.Right)) is null).Take(count)];

    public Result<bool> Answer(LinkedPair pair, FileAnswer answer) => _answers.Add(Id(pair.Left), Id(pair.Right), answer);

    public string Id(int record) => Encoding.UTF8.GetString(Files.IdOf(record));

    /// <summary>What the compared columns say in both records.</summary>
    public IReadOnlyList<SideBySide> Values(LinkedPair pair)
    {
        var rows = new List<SideBySide>();
        foreach (var column in Outcome.LeftColumns.Where(column => column.Role != FieldRole.Ignored))
        {
            var other = Files.Right is null ? column.Column
                : Outcome.RightColumns.FirstOrDefault(right => right.Column == column.Column && right.Role == column.Role)?.Column ?? Outcome.RightColumns.FirstOrDefault(right => right.Role == column.Role)?.Column;
            rows.Add(new(column.Column, Value(pair.Left, column.Column), other is null ? "" : Value(pair.Right, other)));
        }

        return rows;
    }

    private string Value(int record, string column)
    {
        var inLeft = record < Files.Left.Table.Rows;
        var table = inLeft ? Files.Left.Table : Files.Right!.Table;
        return table.Columns.FirstOrDefault(known => known.Name == column) is { Codes.Length: > 0 } found ? found.Values.Text(found.Codes[inLeft ? record : record - Files.Left.Table.Rows]) : "";
    }

    private static Dictionary<string, int> Numbers(RegisterFile file, int first) =>
        Enumerable.Range(0, file.Table.Rows).ToDictionary(file.Table.Id, row => first + row, StringComparer.Ordinal);
}
