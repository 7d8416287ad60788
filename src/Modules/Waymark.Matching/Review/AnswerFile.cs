using System.Text;
using Waymark.Model;

namespace Waymark.Matching;

/// <summary>What a person said about a pair of plain files; <see cref="Undone"/> takes the answer before it back.</summary>
public enum FileAnswer { Same, Different, Unsure, Undone }

/// <summary>
/// The answers of a review as a file that only grows: one line per answer, on disk before the next pair is shown, so that a review stopped in any way
/// goes on where it was. Lines about records that are not in the files are kept and left alone.
/// </summary>
public sealed class AnswerFile
{
    private const string Header = "left_id,right_id,answer";
    private readonly Dictionary<(string Left, string Right), FileAnswer> _answers = [];
    private readonly List<(string Left, string Right)> _order = [];
    private readonly string _path;

    private AnswerFile(string path) => _path = path;

    public int Count => _answers.Count;

    public IEnumerable<(string Left, string Right, FileAnswer Answer)> All => _answers.Select(pair => (pair.Key.Left, pair.Key.Right, pair.Value));

    public FileAnswer? Of(string left, string right) => _answers.TryGetValue((left, right), out var answer) ? answer : null;

    /// <summary>Opens the file, making it when it is not there. Errors: <c>matching.answers</c> with the line, those of reading.</summary>
    public static Result<AnswerFile> Open(string path, CancellationToken cancel)
    {
        var file = new AnswerFile(path);
        try
        {
            if (!File.Exists(path))
            {
                File.WriteAllText(path, Header + "\n", new UTF8Encoding(false));
                return file;
            }

            // A line cut off by a crash is ended, so that the next one stands alone; what is left of it is named when it says nothing.
            if (!EndsWithNewLine(path))
            {
                File.AppendAllText(path, "\n");
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return RegisterFaults.Unreadable(path);
        }

        var read = RegisterReader.Read(path, new RegisterOptions { Delimiter = (byte)',' }, cancel);
        if (!read.IsOk)
        {
            return read.Error;
        }

        var table = read.Value.Table;
        if (string.Join(',', table.Columns.Select(column => column.Name)) != Header)
        {
            return Error.Invalid("matching.answers", "This is not a file of answers.", "这不是答复文件。", path).WithHint("Its first line is: " + Header, "其首行为：" + Header);
        }

        string Cell(int column, int row) => table.Columns[column].Values.Text(table.Columns[column].Codes[row]);
        for (var row = 0; row < table.Rows; row++)
        {
            if (WordOf(Cell(2, row)) is not { } answer)
            {
                return Error.Invalid("matching.answers", "An answer is same, different, unsure or undone.", "答复应为 same、different、unsure 或 undone。", FormattableString.Invariant($"{path}:{row + 2}"));
            }

            file.Take(Cell(0, row), Cell(1, row), answer);
        }

        return file;
    }

    /// <summary>Writes an answer through to the disk. Error <c>matching.answers-unwritable</c>.</summary>
    public Result<bool> Add(string left, string right, FileAnswer answer)
    {
        try
        {
            using var stream = new FileStream(_path, FileMode.Append, FileAccess.Write, FileShare.Read);
            stream.Write(Encoding.UTF8.GetBytes($"{Quoted(left)},{Quoted(right)},{answer.ToString().ToLowerInvariant()}\n"));
            stream.Flush(flushToDisk: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return Error.NotFound("matching.answers-unwritable", "The answers cannot be written.", "答复无法写入。", _path);
        }

        Take(left, right, answer);
        return true;
    }

    /// <summary>Takes the newest answer back and says which pair it was about; null when there is none.</summary>
    public Result<(string Left, string Right)?> Undo()
    {
        if (_order.Count == 0)
        {
            return Result<(string Left, string Right)?>.Ok(null);
        }

        var (left, right) = _order[^1];
        return Add(left, right, FileAnswer.Undone).Select(_ => ((string Left, string Right)?)(left, right));
    }

    private void Take(string left, string right, FileAnswer answer)
    {
        _order.Remove((left, right));
        if (answer == FileAnswer.Undone)
        {
            _answers.Remove((left, right));
            return;
        }

        _answers[(left, right)] = answer;
        _order.Add((left, right));
    }

    private static FileAnswer? WordOf(string word) => word switch
    {
        "same" => FileAnswer.Same, "different" => FileAnswer.Different, "unsure" => FileAnswer.Unsure, "undone" => FileAnswer.Undone, _ => null,
    };

    private static bool EndsWithNewLine(string path)
    {
        using var stream = File.OpenRead(path);
        if (stream.Length == 0)
        {
            return true;
        }

        stream.Position = stream.Length - 1;
        return stream.ReadByte() == '\n';
    }

    private static string Quoted(string value) => value.AsSpan().IndexOfAny(",\"\r\n") < 0 ? value : "\"" + value.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";
}
