using Waymark.Model;

namespace Waymark.Linkage;

/// <summary>The records of one run in the form that is blocked and compared: one numbering over both files.</summary>
internal sealed class PreparedRecords
{
    private PreparedRecords(int count, int leftCount) => (Count, LeftCount) = (count, leftCount);

    public int Count { get; }

    /// <summary>Records of the first file; equal to <see cref="Count"/> when one file is searched for duplicates.</summary>
    public int LeftCount { get; }

    public bool IsTwoFiles => LeftCount < Count;

    /// <summary>All pairs that could be compared.</summary>
    public double PairCount => IsTwoFiles ? (double)LeftCount * (Count - LeftCount) : Count * (Count - 1.0) / 2;

    public NameField? Names { get; private set; }

    /// <summary>Distinct dates and a code per record; null when there is no date column.</summary>
    public PartialBirthDate[]? Dates { get; private set; }

    public int[] DateCodes { get; private set; } = [];

    /// <summary>0 unknown, 1 male, 2 female per record; null when there is no such column.</summary>
    public byte[]? Sexes { get; private set; }

    public IReadOnlyList<ValueField> Values { get; private set; } = [];

    public PartialBirthDate DateOf(int record) => Dates is null ? default : Dates[DateCodes[record]];

    private const int HashedAtOnce = 1 << 14;
    private readonly Lock _rowing = new();
    private RecordRows? _rows;

    /// <summary>The records as comparing reads them.</summary>
    public RecordRows Rows()
    {
        lock (_rowing)
        {
            return _rows ??= RecordRows.Build(this);
        }
    }

    /// <summary>A hash of all that is compared, the same for equal records in any order of rows.</summary>
    public ulong ContentHash(int record)
    {
        var hash = 1UL;
        foreach (var id in Names is null ? [] : Names.IdsOf(record))
        {
            hash += Hashing.Mix(Names!.Tokens.HashOf(id));
        }

        hash = WithDateAndSex(hash, record);
        foreach (var field in Values)
        {
            hash = Hashing.Pair(hash, field.HashOf(field.Codes[record]));
        }

        return hash;
    }

    /// <summary><see cref="ContentHash"/> of many records: every part and value is hashed once, however many records hold it.</summary>
    public ulong[] ContentHashes(int from, int to)
    {
        var parts = Names is null ? [] : new ulong[Names.Tokens.Count];
        for (var id = 1; id < parts.Length; id++)
        {
            parts[id] = Hashing.Mix(Names!.Tokens.HashOf(id));
        }

        var values = new ulong[Values.Count][];
        for (var v = 0; v < values.Length; v++)
        {
            values[v] = new ulong[Values[v].Distinct];
            for (var code = 0; code < values[v].Length; code++)
            {
                values[v][code] = Values[v].HashOf(code);
            }
        }

        var hashes = new ulong[to - from];
        Parallel.For(0, (hashes.Length + HashedAtOnce - 1) / HashedAtOnce, stretch =>
        {
            for (var i = stretch * HashedAtOnce; i < Math.Min(hashes.Length, (stretch + 1) * HashedAtOnce); i++)
            {
                var record = from + i;
                var hash = 1UL;
                foreach (var id in Names is null ? [] : Names.IdsOf(record))
                {
                    hash += parts[id];
                }

                hash = WithDateAndSex(hash, record);
                for (var v = 0; v < values.Length; v++)
                {
                    hash = Hashing.Pair(hash, values[v][Values[v].Codes[record]]);
                }

                hashes[i] = hash;
            }
        });
        return hashes;
    }

    /// <summary>
    /// Some bits for the order in which a name stands, to go over a hash of content: that is the same for "Ana Maria" and "Maria Ana", and which of the two comes first
    /// must not be up to the order of rows.
    /// </summary>
    public ulong Arrangement(int record)
    {
        if (Names is not { } names)
        {
            return 0;
        }

        var (order, ids, parts) = (0UL, names.Ids, names.Parts);
        for (var i = names.Start[record]; i < names.Start[record + 1]; i++)
        {
            order = Hashing.Pair(order, names.Tokens.HashOf(ids[i]) + (ulong)parts[i]);
        }

        return (order & 0xFFFF) << 32;
    }

    private ulong WithDateAndSex(ulong hash, int record)
    {
        var date = DateOf(record);
        hash = Hashing.Pair(hash, ((ulong)date.Year << 16) | ((ulong)date.Month << 8) | date.Day);
        return Hashing.Pair(hash, Sexes is null ? 0UL : Sexes[record]);
    }

    public static Result<PreparedRecords> Build(
        IReadOnlyList<(LinkageTable Table, ColumnRole[] Roles)> files,
        LinkageKnowledge knowledge,
        CancellationToken cancel)
    {
        var count = files.Sum(f => f.Table.Rows);
        var prepared = new PreparedRecords(count, files[0].Table.Rows);
        var others = Task.Run(() => prepared.BuildOthers(files, knowledge), cancel);
        prepared.Names = NameField.Build(files, knowledge);
        others.GetAwaiter().GetResult();
        if (prepared.Names is null && prepared.Dates is null && prepared.Values.Count == 0)
        {
            return Error.Invalid("linkage.nothing-to-compare", "No column was recognised.", "没有可识别的列。", files[0].Table.Name)
                .WithHint("Name the columns with --map.", "请用 --map 指定列。");
        }

        return prepared;
    }

    private void BuildOthers(IReadOnlyList<(LinkageTable Table, ColumnRole[] Roles)> files, LinkageKnowledge knowledge)
    {
        BuildDates(files, knowledge);
        BuildSexes(files, knowledge);
        var rows = files.Select(f => f.Table.Rows).ToArray();
        var values = new List<ValueField>();
        for (var role = FieldRole.Phone; role <= FieldRole.Occupation; role++)
        {
            var bySide = new List<LinkageColumn>[files.Count];
            var every = int.MaxValue;
            for (var side = 0; side < bySide.Length; side++)
            {
                bySide[side] = ColumnsOf(files[side].Table, files[side].Roles, role);
                every = Math.Min(every, bySide[side].Count);
            }

            for (var k = 0; k < every; k++)
            {
                values.Add(ValueField.Build(role, bySide[0][k].Name, Array.ConvertAll(bySide, side => side[k]), rows, knowledge));
            }
        }

        Values = values;
    }

    /// <summary>The columns of a role by name; those of one name as they stand in the file.</summary>
    public static List<LinkageColumn> ColumnsOf(LinkageTable table, ColumnRole[] roles, FieldRole role)
    {
        var own = new List<LinkageColumn>();
        for (var i = 0; i < roles.Length; i++)
        {
            if (roles[i].Role == role)
            {
                var after = own.FindIndex(other => string.CompareOrdinal(other.Name, roles[i].Column) > 0);
                own.Insert(after < 0 ? own.Count : after, table.Columns[i]);
            }
        }

        return own;
    }

    private void BuildDates(IReadOnlyList<(LinkageTable Table, ColumnRole[] Roles)> files, LinkageKnowledge knowledge)
    {
        if (!files.Any(f => f.Roles.Any(r => r.Role == FieldRole.BirthDate)))
        {
            return;
        }

        var folder = new NameFolder(knowledge);
        var codes = new Dictionary<PartialBirthDate, int> { [default] = 0 };
        DateCodes = new int[Count];
        var at = 0;
        foreach (var (table, roles) in files)
        {
            var column = Array.FindIndex(roles, r => r.Role == FieldRole.BirthDate);
            var precision = Array.FindIndex(roles, r => r.Role == FieldRole.DatePrecision);
            if (column >= 0)
            {
                var dates = table.Columns[column];
                var parsed = new PartialBirthDate[dates.Values.Count];
                for (var code = 1; code < parsed.Length; code++)
                {
                    parsed[code] = Parse(dates.Values[code], folder, knowledge);
                }

                var estimated = precision < 0 ? null : Estimated(table.Columns[precision]);
                for (var row = 0; row < table.Rows; row++)
                {
                    var date = parsed[dates.Codes[row]];
                    if (estimated is not null && estimated[table.Columns[precision].Codes[row]])
                    {
                        date = date with { Estimated = !date.IsEmpty };
                    }

                    if (!codes.TryGetValue(date, out var code))
                    {
                        codes[date] = code = codes.Count;
                    }

                    DateCodes[at + row] = code;
                }
            }

            at += table.Rows;
        }

        Dates = new PartialBirthDate[codes.Count];
        foreach (var (date, code) in codes)
        {
            Dates[code] = date;
        }
    }

    private static PartialBirthDate Parse(ReadOnlySpan<byte> raw, NameFolder folder, LinkageKnowledge knowledge)
    {
        if (raw.Length == 10 && raw[4] == '-' && raw[7] == '-' && System.Text.Ascii.IsValid(raw))
        {
            Span<char> text = stackalloc char[10];
            System.Text.Encoding.ASCII.GetChars(raw, text);
            return knowledge.PlaceholderDates.GetAlternateLookup<ReadOnlySpan<char>>().Contains(text) ? default : PartialBirthDate.Read(text);
        }

        return PartialBirthDate.Read(folder.Fold(raw), knowledge);
    }

    private static bool[] Estimated(LinkageColumn column)
    {
        var result = new bool[column.Values.Count];
        for (var code = 1; code < result.Length; code++)
        {
            result[code] = column.Values[code].StartsWith("est"u8) || column.Values[code].StartsWith("approx"u8);
        }

        return result;
    }

    private void BuildSexes(IReadOnlyList<(LinkageTable Table, ColumnRole[] Roles)> files, LinkageKnowledge knowledge)
    {
        if (!files.All(f => f.Roles.Any(r => r.Role == FieldRole.Sex)))
        {
            return;
        }

        var folder = new NameFolder(knowledge);
        Sexes = new byte[Count];
        var at = 0;
        foreach (var (table, roles) in files)
        {
            var column = table.Columns[Array.FindIndex(roles, r => r.Role == FieldRole.Sex)];
            var codes = new byte[column.Values.Count];
            for (var code = 1; code < codes.Length; code++)
            {
                codes[code] = knowledge.Sexes.TryGetValue(folder.Fold(column.Values[code]), out var sex) ? (byte)(sex == 'M' ? 1 : 2) : (byte)0;
            }

            for (var row = 0; row < table.Rows; row++)
            {
                Sexes[at + row] = codes[column.Codes[row]];
            }

            at += table.Rows;
        }
    }
}
