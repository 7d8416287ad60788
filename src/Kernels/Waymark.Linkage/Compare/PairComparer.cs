namespace Waymark.Linkage;

/// <summary>One compared field: where its level sits in the pattern and how many levels it has (level 0 = cannot compare).</summary>
internal sealed record PatternField(string Name, FieldRole Role, int Shift, int Bits, int Levels, bool Across = false);

/// <summary>The compared fields of a run and their place in the 64-bit pattern of a pair.</summary>
internal sealed class PatternLayout
{
    public PatternLayout(PreparedRecords records)
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
            HasAcross = records.Names.Scripts.Any(s => s is not (Script.Latin or Script.None));
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
    private readonly PreparedRecords _records;
    private readonly PatternLayout _layout;
    private readonly NameComparer? _names;
    private readonly SimilarityCache[] _caches;
    private readonly int _nameShift;
    private readonly int _acrossShift;
    private readonly int _dateShift;
    private readonly int _sexShift;
    private readonly int[] _valueShifts;
    private readonly ValueField[] _values;
    private readonly int[] _packed;
    private readonly int _stride;

    public PairComparer(PreparedRecords records, PatternLayout layout, LinkageKnowledge knowledge)
    {
        (_records, _layout) = (records, layout);
        _names = records.Names is null ? null : new NameComparer(records.Names, knowledge);
        (_packed, _stride) = records.Packed();
        _values = [.. records.Values];
        _valueShifts = [.. layout.Fields.Skip(layout.FirstValue).Select(f => f.Shift)];
        _caches = [.. _valueShifts.Select(_ => new SimilarityCache())];
        _nameShift = Shift("name");
        _acrossShift = Shift("name across scripts");
        _dateShift = Shift("birth date");
        _sexShift = Shift("sex");
    }

    public ulong Compare(int left, int right)
    {
        ulong pattern = 0;
        if (_names is not null)
        {
            var level = (ulong)_names.Compare(left, right);
            pattern = level << (_layout.HasAcross && _names.IsAcross(left, right) ? _acrossShift : _nameShift);
        }

        if (_dateShift >= 0)
        {
            pattern |= (ulong)CompareDates(_packed[left * _stride], _packed[right * _stride]) << _dateShift;
        }

        if (_sexShift >= 0)
        {
            var (a, b) = (_records.Sexes![left], _records.Sexes[right]);
            pattern |= (ulong)(a == 0 || b == 0 ? 0 : a == b ? 2 : 1) << _sexShift;
        }

        for (var i = 0; i < _valueShifts.Length; i++)
        {
            var (a, b) = (_packed[(left * _stride) + 1 + i], _packed[(right * _stride) + 1 + i]);
            if (a != 0 && b != 0)
            {
                pattern |= (ulong)_values[i].Compare(a, b, _caches[i]) << _valueShifts[i];
            }
        }

        return pattern;
    }

    private int CompareDates(int a, int b) => a == 0 || b == 0 ? DateLevels.Null : DateLevels.Compare(_records.Dates![a], _records.Dates[b]);

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
