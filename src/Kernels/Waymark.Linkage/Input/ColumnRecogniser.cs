using Waymark.Model;

namespace Waymark.Linkage;

/// <summary>
/// Says what each column is: what the caller asked, else its header word in the pack unless its content belies that, else its content (dates,
/// e-mail addresses, telephone numbers). What is not recognised is not compared and is reported, never guessed further.
/// </summary>
internal static class ColumnRecogniser
{
    private const int Sample = 400;

    /// <summary>Distinct values a column must hold before its content is believed against its header.</summary>
    private const int Telling = 20;

    /// <summary>The first asked column that is in none of the files, as an error.</summary>
    public static Error? Missing(IReadOnlyList<LinkageTable> tables, IReadOnlyDictionary<string, FieldRole>? asked)
    {
        foreach (var (name, role) in asked ?? new Dictionary<string, FieldRole>())
        {
            if (!tables.Any(t => t.Columns.Any(c => c.Name == name)))
            {
                return Error.Invalid("linkage.no-mapped-column", $"There is no column \"{name}\" for {Word(role)}.", $"没有用于 {Word(role)} 的列“{name}”。", tables[0].Name)
                    .WithHint($"Columns: {string.Join(", ", tables[0].Columns.Select(c => c.Name))}.", $"现有列：{string.Join("、", tables[0].Columns.Select(c => c.Name))}。");
            }
        }

        return null;
    }

    private static string Word(FieldRole role) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(role.ToString());

    public static ColumnRole[] Recognise(LinkageTable table, IReadOnlyDictionary<string, FieldRole>? asked, LinkageKnowledge knowledge)
    {
        var folder = new NameFolder(knowledge);
        return [.. Enumerable.Range(0, table.Columns.Count).Select(i => Of(table, i, asked, knowledge, folder))];
    }

    private static ColumnRole Of(
        LinkageTable table,
        int at,
        IReadOnlyDictionary<string, FieldRole>? asked,
        LinkageKnowledge knowledge,
        NameFolder folder)
    {
        var column = table.Columns[at];
        if (at == table.IdColumn)
        {
            return new(column.Name, FieldRole.Ignored, RoleReason.Asked);
        }

        if (asked is not null && asked.TryGetValue(column.Name, out var own))
        {
            return new(column.Name, own, RoleReason.Asked);
        }

        var content = Content.Of(column, folder);
        if (ByHeader(folder.Fold(column.Name), knowledge) is { } byHeader && !content.Belies(byHeader))
        {
            var taken = asked is not null && asked.Values.Contains(byHeader)
                && byHeader is FieldRole.GivenName or FieldRole.FamilyName or FieldRole.BirthDate or FieldRole.Sex;
            return new(column.Name, taken ? FieldRole.Ignored : byHeader, RoleReason.Header);
        }

        var byContent = content.Role;
        return new(column.Name, byContent, byContent == FieldRole.Ignored ? RoleReason.NotRecognised : RoleReason.Content);
    }

    /// <summary>The header as it is, without a number behind it, and without words that say nothing ("patient", "dd mm yyyy").</summary>
    private static FieldRole? ByHeader(string header, LinkageKnowledge knowledge)
    {
        if (knowledge.Headers.TryGetValue(header, out var role)
            || knowledge.Headers.TryGetValue(header.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9').TrimEnd(' '), out role))
        {
            return role;
        }

        var words = header.Split(' ').Where(w => !knowledge.HeaderNoise.Contains(w) && !w.All(char.IsAsciiDigit)).ToArray();
        return words.Length > 0 && knowledge.Headers.TryGetValue(string.Join(' ', words), out role) ? role : null;
    }

    /// <summary>What a spread of the values of a column looks like.</summary>
    private readonly record struct Content(int Seen, int Dates, int Years, int Mails, int Phones)
    {
        public FieldRole Role => Seen < 3 ? FieldRole.Ignored
            : Mails > Seen * 0.8 ? FieldRole.Email
            : Dates > Seen * 0.9 ? FieldRole.BirthDate
            : Phones > Seen * 0.8 ? FieldRole.Phone
            : FieldRole.Ignored;

        /// <summary>Where columns stand under each other's headers: a date of birth in which nothing is a date, a name in which all are.</summary>
        public bool Belies(FieldRole header) => Seen >= Telling && header switch
        {
            FieldRole.BirthDate => Years < Seen * 0.05,
            FieldRole.GivenName or FieldRole.FamilyName or FieldRole.FullName => Dates > Seen * 0.9,
            _ => false,
        };

        public static Content Of(LinkageColumn column, NameFolder folder)
        {
            var (seen, dates, years, mails, phones) = (0, 0, 0, 0, 0);
            var step = Math.Max(1, column.Values.Count / Sample);
            for (var code = 1; code < column.Values.Count; code += step)
            {
                var raw = column.Values[code];
                var folded = folder.Fold(raw);
                seen++;
                mails += raw.IndexOf((byte)'@') > 0 && raw.IndexOf((byte)' ') < 0 ? 1 : 0;
                var digits = folded.Count(char.IsAsciiDigit);
                var date = PartialBirthDate.Read(folded);
                dates += date is { Day: > 0, Year: > 1000 } && digits is 7 or 8 ? 1 : 0;
                years += date.IsEmpty && digits < 2 ? 0 : 1;
                phones += digits is >= 7 and <= 15 && (raw[0] == '+' || raw[0] == '0') && folded.All(c => char.IsAsciiDigit(c) || c == ' ') ? 1 : 0;
            }

            return new(seen, dates, years, mails, phones);
        }
    }
}
