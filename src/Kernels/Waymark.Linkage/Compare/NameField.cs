namespace Waymark.Linkage;

/// <summary>Where in the file a part of a name stood.</summary>
internal enum NamePart : byte
{
    Given,
    Family,
    Other,
}

/// <summary>Name parts per record (compressed rows): ids of <see cref="TokenTable"/> and where they stood.</summary>
internal sealed class NameField
{
    public const int MostParts = 8;

    private NameField(TokenTable tokens, int[] start, int[] ids, NamePart[] parts, Script[] scripts) =>
        (Tokens, Start, Ids, Parts, Scripts) = (tokens, start, ids, parts, scripts);

    public TokenTable Tokens { get; }

    /// <summary>Row r's parts are Start[r] until Start[r + 1].</summary>
    public int[] Start { get; }

    public int[] Ids { get; }

    public NamePart[] Parts { get; }

    /// <summary>Script of each record's name: Latin unless a part is in another.</summary>
    public Script[] Scripts { get; }

    public ReadOnlySpan<int> IdsOf(int record) => Ids.AsSpan(Start[record], Start[record + 1] - Start[record]);

    public ReadOnlySpan<NamePart> PartsOf(int record) => Parts.AsSpan(Start[record], Start[record + 1] - Start[record]);

    /// <summary>Builds the field from the name columns of the files; null when there is none.</summary>
    public static NameField? Build(IReadOnlyList<(LinkageTable Table, ColumnRole[] Roles)> files, LinkageKnowledge knowledge)
    {
        if (!files.Any(f => f.Roles.Any(r => IsName(r.Role))))
        {
            return null;
        }

        var tokens = new TokenTable(knowledge);
        var records = files.Sum(f => f.Table.Rows);
        var start = new int[records + 1];
        var ids = new List<int>(records * 2);
        var parts = new List<NamePart>(records * 2);
        var scripts = new Script[records];
        var record = 0;
        foreach (var (table, roles) in files)
        {
            var columns = new List<Source>();
            for (var role = FieldRole.GivenName; role <= FieldRole.FullName; role++)
            {
                foreach (var column in PreparedRecords.ColumnsOf(table, roles, role))
                {
                    columns.Add(new Source(column, role, knowledge, tokens));
                }
            }

            var split = columns.Exists(c => c.Role != FieldRole.FullName);
            for (var row = 0; row < table.Rows; row++, record++)
            {
                var from = ids.Count;
                foreach (var column in columns)
                {
                    Append(column.TokensOf(row), column.Role, split, ids, parts, from);
                }

                start[record + 1] = ids.Count;
                scripts[record] = Dominant(tokens, ids, from);
            }
        }

        var field = new NameField(tokens, start, [.. ids], [.. parts], scripts);
        field.Weigh(records);
        return field;
    }

    private static bool IsName(FieldRole role) => role is FieldRole.GivenName or FieldRole.FamilyName or FieldRole.FullName;

    private static void Append(ReadOnlySpan<int> tokens, FieldRole role, bool split, List<int> ids, List<NamePart> parts, int from)
    {
        for (var i = 0; i < tokens.Length && ids.Count - from < MostParts; i++)
        {
            var part = role switch
            {
                FieldRole.GivenName => NamePart.Given,
                FieldRole.FamilyName => NamePart.Family,
                _ => split ? NamePart.Other : i == tokens.Length - 1 && i > 0 ? NamePart.Family : NamePart.Given,
            };
            if (part == NamePart.Other || role == FieldRole.FullName)
            {
                if (ids.IndexOf(tokens[i], from) >= 0)
                {
                    continue;
                }
            }

            ids.Add(tokens[i]);
            parts.Add(part);
        }
    }

    private static Script Dominant(TokenTable tokens, List<int> ids, int from)
    {
        for (var i = from; i < ids.Count; i++)
        {
            var script = tokens.ScriptOf(ids[i]);
            if (script != Script.Latin)
            {
                return script;
            }
        }

        return from == ids.Count ? Script.None : Script.Latin;
    }

    private void Weigh(int records)
    {
        var counts = new int[Tokens.Count];
        for (var record = 0; record < records; record++)
        {
            var own = IdsOf(record);
            for (var i = 0; i < own.Length; i++)
            {
                counts[own[i]] += own[..i].IndexOf(own[i]) < 0 ? 1 : 0;
            }
        }

        var byScript = new int[Enum.GetValues<Script>().Length];
        foreach (var script in Scripts)
        {
            byScript[(int)script]++;
        }

        Tokens.Weigh(counts, byScript, records);
    }

    /// <summary>A column with its distinct values split once.</summary>
    private sealed class Source
    {
        private readonly int[] _codes;
        private readonly int[] _start;
        private readonly List<int> _ids = [];

        public Source(LinkageColumn column, FieldRole role, LinkageKnowledge knowledge, TokenTable tokens)
        {
            Role = role;
            _codes = column.Codes;
            _start = new int[column.Values.Count + 1];
            var folder = new NameFolder(knowledge);
            var splitter = new NameTokens(knowledge);
            var words = new List<string>();
            for (var code = 0; code < column.Values.Count; code++)
            {
                var folded = folder.Fold(column.Values[code]);
                if (!folder.IsPlaceholder(folded))
                {
                    splitter.Split(folded, words);
                    foreach (var word in words)
                    {
                        _ids.Add(tokens.Add(word));
                    }
                }

                _start[code + 1] = _ids.Count;
            }
        }

        public FieldRole Role { get; }

        public ReadOnlySpan<int> TokensOf(int row)
        {
            var code = _codes[row];
            return System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_ids)[_start[code].._start[code + 1]];
        }
    }
}
