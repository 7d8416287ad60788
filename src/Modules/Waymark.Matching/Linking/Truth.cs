using System.Globalization;
using Waymark.Model;

namespace Waymark.Matching;

/// <summary>Who each record is, for measuring: from a list of pairs, a list of persons, or a column of the files.</summary>
public static class Truth
{
    /// <summary>The person of each record from a kept column; a record without one is a person of its own.</summary>
    public static Result<IReadOnlyList<string>> OfColumn(OpenedFiles files, string column) =>
        files.Kept is null || files.Kept.All(k => k.Length == 0)
            ? Error.Invalid("link.no-truth", $"There is no column \"{column}\" with values.", $"没有含取值的列“{column}”。")
            : Result<IReadOnlyList<string>>.Ok([.. files.Kept.Select((k, i) => k.Length > 0 ? k : Alone(i))]);

    /// <summary>
    /// Reads a CSV. When nearly all values of the second column are ids of the files it lists pairs of one person, else it names the person
    /// of each id. Records not in it are persons of their own.
    /// </summary>
    public static Result<IReadOnlyList<string>> Read(string path, OpenedFiles files, CancellationToken cancel)
    {
        var read = RegisterReader.Read(path, new RegisterOptions(), cancel);
        if (!read.IsOk)
        {
            return read.Error;
        }

        var columns = read.Value.Table.Columns;
        if (columns.Count < 2)
        {
            return Error.Invalid("link.truth-columns", "A truth needs two columns: pairs of ids, or id and person.", "真值须有两列：成对标识，或标识与人员。", path);
        }

        var lefts = Numbers(files.Left, 0);
        var rights = files.Right is null ? lefts : Numbers(files.Right, files.Left.Table.Rows);
        var rows = read.Value.Table.Rows;
        string Cell(int column, int row) => columns[column].Values.Text(columns[column].Codes[row]);
        var ids = Enumerable.Range(0, rows).Count(r => rights.ContainsKey(Cell(1, r)) || lefts.ContainsKey(Cell(1, r)));
        return rows > 0 && ids > rows * 0.9 ? Pairs() : Persons();

        Result<IReadOnlyList<string>> Pairs()
        {
            var root = Enumerable.Range(0, files.All.Sum(f => f.Table.Rows)).ToArray();
            for (var row = 0; row < rows; row++)
            {
                var known = (Find(lefts, Cell(0, row)), Find(rights, Cell(1, row)));
                if (known is (>= 0, >= 0))
                {
                    root[Root(root, known.Item2)] = Root(root, known.Item1);
                }
            }

            return Result<IReadOnlyList<string>>.Ok([.. root.Select((_, i) => Alone(Root(root, i)))]);
        }

        Result<IReadOnlyList<string>> Persons()
        {
            var persons = Enumerable.Range(0, files.All.Sum(f => f.Table.Rows)).Select(Alone).ToArray();
            var known = 0;
            for (var row = 0; row < rows; row++)
            {
                foreach (var numbers in files.Right is null ? [lefts] : new[] { lefts, rights })
                {
                    if (numbers.TryGetValue(Cell(0, row), out var record))
                    {
                        (persons[record], known) = ("=" + Cell(1, row), known + 1);
                    }
                }
            }

            return known == 0
                ? Error.Invalid("link.truth-ids", "The truth names no id of the files.", "真值中没有这些文件的标识。", path)
                : Result<IReadOnlyList<string>>.Ok(persons);
        }
    }

    private static Dictionary<string, int> Numbers(RegisterFile file, int first)
    {
        var numbers = new Dictionary<string, int>(file.Table.Rows, StringComparer.Ordinal);
        for (var row = 0; row < file.Table.Rows; row++)
        {
            numbers[file.Table.Id(row)] = first + row;
        }

        return numbers;
    }

    private static int Find(Dictionary<string, int> numbers, string id) => numbers.TryGetValue(id, out var record) ? record : -1;

    private static int Root(int[] root, int record)
    {
        while (root[record] != record)
        {
            record = root[record] = root[root[record]];
        }

        return record;
    }

    private static string Alone(int record) => string.Create(CultureInfo.InvariantCulture, $"#{record}");
}
