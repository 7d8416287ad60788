namespace Waymark.Linkage;

/// <summary>One compared field: where its level sits in the pattern and how many levels it has (level 0 = cannot compare).</summary>
internal sealed record PatternField(string Name, FieldRole Role, int Shift, int Bits, int Levels, bool Across = false);

/// <summary>The compared fields of a run and their place in the 64-bit pattern of a pair.</summary>
internal sealed class PatternLayout
{
    /// <param name="records">The records.</param>
    /// <param name="anyScript">Names in two scripts have a field even if there are none yet.</param>
    public PatternLayout(PreparedRecords records, bool anyScript = false)
    {
        var fields = new List<PatternField>();
        var shift = 0;
        void Add(string name, FieldRole role, int bits, int levels, bool across = false)
        {
            if (shift + bits <= 64)
            {
                fields.Add(new(name, role, shift, bits, levels, across));
                shift += bits;
            }
        }

        if (records.Names is not null)
        {
            Add("name", FieldRole.FullName, 5, NameComparer.Levels);
            HasAcross = anyScript || records.Names.Scripts.Any(s => s is not (Script.Latin or Script.None));
            if (HasAcross)
            {
                Add("name across scripts", FieldRole.FullName, 5, NameComparer.Levels, true);
            }
        }

        if (records.Dates is not null)
        {
            Add("birth date", FieldRole.BirthDate, 4, DateLevels.Count);
        }

        if (records.Sexes is not null)
        {
            Add("sex", FieldRole.Sex, 2, 3);
        }

        FirstValue = fields.Count;
        foreach (var value in records.Values)
        {
            Add(value.Name, value.Role, 4, ValueField.Levels);
        }

        Fields = fields;
    }

    public IReadOnlyList<PatternField> Fields { get; }

    public bool HasAcross { get; }

    /// <summary>Index of the first whole-value field; they follow in the order of the prepared records.</summary>
    public int FirstValue { get; }

    public static int Level(ulong pattern, PatternField field) => (int)(pattern >> field.Shift) & ((1 << field.Bits) - 1);
}

/// <summary>Turns a pair of records into its pattern. One per thread; pure and symmetric.</summary>
internal sealed class PairComparer
{
    private readonly PartialBirthDate[] _dates;
    private readonly RecordRows _rows;
    private readonly NameComparer? _names;
    private readonly SimilarityCache[] _caches;
    private readonly PatternLayout _layout;
    private readonly int _nameShift;
    private readonly int _acrossShift;
    private readonly int _dateShift;
    private readonly int _sexShift;
    private readonly int[] _valueShifts;
    private readonly ValueField[] _values;
    private readonly TokenTable? _tokens;
    private uint _read;

    public PairComparer(PreparedRecords records, PatternLayout layout, LinkageKnowledge knowledge)
    {
        _layout = layout;
        _names = records.Names is null ? null : new NameComparer(records.Names.Tokens, knowledge);
        _tokens = records.Names?.Tokens;
        _rows = records.Rows();
        _dates = records.Dates ?? [];
        _values = [.. records.Values];
        _valueShifts = [.. layout.Fields.Skip(layout.FirstValue).Select(f => f.Shift)];
        _caches = [.. _valueShifts.Select(_ => new SimilarityCache())];
        _nameShift = Shift("name");
        _acrossShift = Shift("name across scripts");
        _dateShift = Shift("birth date");
        _sexShift = Shift("sex");
    }

    /// <summary>Fetches what pairs that are compared next will need: first the rows, then what the rows lead to.</summary>
    public void Ahead(ReadOnlySpan<CandidatePair> pairs)
    {
        var read = (uint)_rows.Fetch(pairs);
        foreach (var pair in pairs)
        {
            var row = _rows[pair.Right];
            for (var i = 0; i < _values.Length; i++)
            {
                read |= _values[i].Fetch(row[2 + i]);
            }

            if (_tokens is not null)
            {
                foreach (var part in row[_rows.FirstName..])
                {
                    read |= _tokens.Fetch(part);
                }
            }
        }

        _read |= read;
    }

    public ulong Compare(int left, int right)
    {
        var a = _rows[left];
        var b = _rows[right];
        var (headA, headB) = (a[0], b[0]);
        ulong pattern = 0;
        if (_names is not null)
        {
            var level = (ulong)_names.Compare(headA, a[_rows.FirstName..], headB, b[_rows.FirstName..]);
            pattern = level << (_layout.HasAcross && RecordRows.ScriptOf(headA) != RecordRows.ScriptOf(headB) ? _acrossShift : _nameShift);
        }

        if (_dateShift >= 0 && a[1] != 0 && b[1] != 0)
        {
            pattern |= (ulong)DateLevels.Compare(_dates[a[1]], _dates[b[1]]) << _dateShift;
        }

        if (_sexShift >= 0)
        {
            var (x, y) = (RecordRows.Sex(headA), RecordRows.Sex(headB));
            pattern |= (ulong)(x == 0 || y == 0 ? 0 : x == y ? 2 : 1) << _sexShift;
        }

        for (var i = 0; i < _valueShifts.Length; i++)
        {
            var (x, y) = (a[2 + i], b[2 + i]);
            if (x != 0 && y != 0)
            {
                pattern |= (ulong)_values[i].Compare(x, y, _caches[i]) << _valueShifts[i];
            }
        }

        return pattern;
    }

    private int Shift(string name)
    {
        foreach (var field in _layout.Fields)
        {
            if (field.Name == name && field.Role is FieldRole.FullName or FieldRole.BirthDate or FieldRole.Sex)
            {
                return field.Shift;
            }
        }

        return -1;
    }
}
