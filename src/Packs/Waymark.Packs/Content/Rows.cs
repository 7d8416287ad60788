using System.Globalization;
using Waymark.Model;

namespace Waymark.Packs.Content;

/// <summary>Typed reading of CSV cells; every failure is added with file, line and column.</summary>
public static class Rows
{
    public static string Required(PackRow row, string column, PackErrors errors)
    {
        if (row[column].Length == 0)
        {
            errors.Add(Error.Faulty("pack.missing-field", $"The cell \"{column}\" is empty.", $"单元格“{column}”为空。", row.Where(column)));
        }

        return row[column];
    }

    public static LocalText Texts(PackRow row, string english, string chinese, PackErrors errors) =>
        new(Required(row, english, errors), Required(row, chinese, errors));

    /// <summary>Either both texts or none.</summary>
    public static void Pair(PackRow row, string english, string chinese, PackErrors errors)
    {
        if (row[english].Length == 0 != (row[chinese].Length == 0))
        {
            errors.Add(Error.Faulty("pack.one-language", $"\"{english}\" and \"{chinese}\" go together.", $"“{english}”与“{chinese}”须同时给出。", row.Where(english)));
        }
    }

    public static T Choice<T>(PackRow row, string column, PackErrors errors) where T : struct, Enum
    {
        if (!Words.TryParse<T>(row[column], out var value))
        {
            var nearest = Suggestion.For(row[column], Words.All<T>());
            var known = string.Join(", ", Words.All<T>());
            var error = Error.Faulty("pack.unknown-word", $"\"{row[column]}\" is not a value of \"{column}\"; known: {known}.",
                $"“{row[column]}”不是“{column}”的取值；可用：{known}。", row.Where(column));
            errors.Add(nearest is null ? error : error.WithHint($"Did you mean \"{nearest}\"?", $"是否指“{nearest}”？"));
        }

        return value;
    }

    public static DateOnly? Day(PackRow row, string column, PackErrors errors)
    {
        if (row[column].Length == 0)
        {
            return null;
        }

        if (DateOnly.TryParseExact(row[column], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            return day;
        }

        errors.Add(Error.Faulty("pack.not-a-day", $"\"{row[column]}\" is not a day such as 2011-07-09.", $"“{row[column]}”不是形如 2011-07-09 的日期。", row.Where(column)));
        return null;
    }

    public static int Whole(PackRow row, string column, PackErrors errors)
    {
        if (int.TryParse(row[column], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        errors.Add(Error.Faulty("pack.not-a-number", $"\"{row[column]}\" is not a whole number.", $"“{row[column]}”不是整数。", row.Where(column)));
        return 0;
    }

    public static decimal? Number(PackRow row, string column, PackErrors errors)
    {
        if (row[column].Length == 0)
        {
            return null;
        }

        if (decimal.TryParse(row[column], NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        errors.Add(Error.Faulty("pack.not-a-number", $"\"{row[column]}\" is not a number.", $"“{row[column]}”不是数字。", row.Where(column)));
        return null;
    }

    /// <summary>A list inside one cell, joined by semicolons.</summary>
    public static IReadOnlyList<string> List(PackRow row, string column) =>
        row[column].Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
