namespace Waymark.Linkage;

/// <summary>Pieces that blocking keys are made of.</summary>
internal enum Atom
{
    /// <summary>Skeleton or variant class of a name part (several per record).</summary>
    Part,

    /// <summary>Unordered pair of name parts.</summary>
    PartPair,

    /// <summary>The name written without spaces, as a skeleton of all letters.</summary>
    WholeName,
    Date,
    YearMonth,
    MonthDay,
    Year,
    Sex,
    Phone,
    Email,
    Document,
    Place,
    Postcode,
    Address,
    Occupation,
    Initials,

    /// <summary>What a part that meets nobody may be a slip of, and that itself (see <see cref="SimilarParts"/>).</summary>
    SimilarPart,

    /// <summary>Pair of such a part and any other.</summary>
    SimilarPair,
}

/// <summary>Computes the keys of an atom for a record; 0 never is a key (unknown never blocks).</summary>
internal sealed class KeyAtoms
{
    /// <summary>Most keys of one atom for one record.</summary>
    public const int Most = 64;

    private readonly PreparedRecords _records;
    private readonly ValueField?[] _values = new ValueField?[(int)Atom.Initials + 1];
    /// <summary>The columns of addresses, each with the hashes of its values: any may agree with any, and their codes go by first sight and say nothing of each other.</summary>
    private readonly List<(ValueField Field, ulong[] Hashes)> _addresses = [];
    private readonly RecordKeys? _parts;
    private readonly SimilarParts? _similar;

    /// <summary>Per atom of dates the key of each date that occurs: there are few dates and many records.</summary>
    private readonly ulong[][] _dates = [];

    public KeyAtoms(PreparedRecords records, AcrossScripts? across, SimilarParts? similar = null)
    {
        (_records, _similar) = (records, similar);
        if (records.Names is { } names)
        {
            var (start, keys) = PartKeys(names.Tokens, across);
            _parts = RecordKeys.Build(names, start, keys);
        }

        if (records.Dates is { } dates)
        {
            _dates = [.. ((Atom[])[Atom.Date, Atom.YearMonth, Atom.MonthDay, Atom.Year]).Select(atom => Array.ConvertAll(dates, date => KeyOf(atom, date)))];
        }

        foreach (var field in records.Values)
        {
            if (field.Role == FieldRole.Address)
            {
                _addresses.Add((field, [.. Enumerable.Range(0, field.Distinct).Select(code => code == 0 ? 0 : field.HashOf(code))]));
            }
            else if (AtomOf(field.Role) is { } atom)
            {
                _values[(int)atom] ??= field;
            }
        }
    }

    public bool Has(Atom atom) => atom switch
    {
        Atom.Part or Atom.PartPair or Atom.WholeName or Atom.Initials => _records.Names is not null,
        Atom.Date or Atom.YearMonth or Atom.MonthDay or Atom.Year => _records.Dates is not null,
        Atom.Sex => _records.Sexes is not null,
        Atom.Address => _addresses.Count > 0,
        Atom.SimilarPart or Atom.SimilarPair => _similar is { Count: > 0 },
        _ => _values[(int)atom] is not null,
    };

    /// <summary>Writes the record's keys for the atom (none when unknown) and returns how many there are, at most <see cref="Most"/>.</summary>
    public int Collect(Atom atom, int record, Span<ulong> into)
    {
        var keys = new KeyList(into);
        Collect(atom, record, ref keys);
        return keys.Count;
    }

    private void Collect(Atom atom, int record, ref KeyList keys)
    {
        switch (atom)
        {
            case Atom.Part:
                Parts(record, ref keys);
                break;
            case Atom.PartPair:
                Pairs(record, ref keys);
                break;
            case Atom.WholeName:
                Whole(record, ref keys);
                break;
            case Atom.Initials:
                Initials(record, ref keys);
                break;
            case Atom.SimilarPart or Atom.SimilarPair:
                Similar(record, atom == Atom.SimilarPair, ref keys);
                break;
            case Atom.Date or Atom.YearMonth or Atom.MonthDay or Atom.Year:
                keys.Add(_dates[atom - Atom.Date][_records.DateCodes[record]]);
                break;
            case Atom.Sex:
                keys.Add(_records.Sexes![record]);
                break;
            case Atom.Address:
                foreach (var (field, hashes) in _addresses)
                {
                    keys.Add(hashes[field.Codes[record]]);
                }

                break;
            default:
                keys.Add((ulong)_values[(int)atom]!.Codes[record]);
                break;
        }
    }

    /// <summary>The role of the field that an atom of a key fixes; addresses fix none, since any of several columns may agree.</summary>
    public static FieldRole RoleOf(Atom atom) => atom switch
    {
        Atom.Part or Atom.PartPair or Atom.WholeName or Atom.Initials or Atom.SimilarPart or Atom.SimilarPair => FieldRole.FullName,
        Atom.Date or Atom.YearMonth or Atom.MonthDay or Atom.Year => FieldRole.BirthDate,
        Atom.Sex => FieldRole.Sex,
        Atom.Phone => FieldRole.Phone,
        Atom.Email => FieldRole.Email,
        Atom.Document => FieldRole.Document,
        Atom.Place => FieldRole.Place,
        Atom.Postcode => FieldRole.Postcode,
        Atom.Occupation => FieldRole.Occupation,
        _ => FieldRole.Ignored,
    };

    private static Atom? AtomOf(FieldRole role) => role switch
    {
        FieldRole.Phone => Atom.Phone,
        FieldRole.Email => Atom.Email,
        FieldRole.Document => Atom.Document,
        FieldRole.Place => Atom.Place,
        FieldRole.Postcode => Atom.Postcode,
        FieldRole.Occupation => Atom.Occupation,
        _ => null,
    };

    /// <summary>Keys of one record; zero and what is there already are not added.</summary>
    private ref struct KeyList(Span<ulong> into)
    {
        private readonly Span<ulong> _into = into;

        public int Count { get; private set; }

        public void Add(ulong key)
        {
            if (key == 0 || Count == _into.Length)
            {
                return;
            }

            // A few keys: looking for one by vectors takes longer than looking at them.
            foreach (var known in _into[..Count])
            {
                if (known == key)
                {
                    return;
                }
            }

            _into[Count++] = key;
        }
    }

    /// <summary>The key that a date gives for an atom; 0 when it says too little.</summary>
    private static ulong KeyOf(Atom atom, PartialBirthDate date)
    {
        var year = (ulong)date.KeyYear;
        return atom switch
        {
            _ when date.IsEmpty => 0,
            Atom.Date when date.Day > 0 && date.Month > 0 => (year << 16) | ((ulong)date.Month << 8) | date.Day,
            Atom.YearMonth when date.Month > 0 && !(date.Month == 1 && date.Day == 1) => (year << 8) | date.Month,
            Atom.MonthDay when date.Day > 0 && date.Month > 0 && !(date.Month == 1 && date.Day == 1) => ((ulong)date.Month << 8) | date.Day,
            Atom.Year => year,
            _ => 0,
        };
    }

    private void Parts(int record, ref KeyList keys)
    {
        foreach (var key in _parts![record])
        {
            keys.Add(key);
        }
    }

    private void Pairs(int record, ref KeyList keys)
    {
        var rest = _parts![record];
        for (var end = rest.IndexOf(0UL); end >= 0; end = rest.IndexOf(0UL))
        {
            var first = rest[..end];
            rest = rest[(end + 1)..];
            for (var others = rest; !others.IsEmpty;)
            {
                var until = others.IndexOf(0UL);
                var second = until < 0 ? others : others[..until];
                others = until < 0 ? [] : others[(until + 1)..];
                foreach (var x in first)
                {
                    foreach (var y in second)
                    {
                        keys.Add(Hashing.Pair(Math.Min(x, y), Math.Max(x, y)));
                    }
                }
            }
        }
    }

    /// <summary>The skeletons of what each part may be a slip of, or its own when it is what others may be a slip of; as pairs with the skeletons of the other parts.</summary>
    private void Similar(int record, bool pairs, ref KeyList keys)
    {
        var names = _records.Names!;
        var ids = names.IdsOf(record);
        var parts = names.PartsOf(record);
        for (var i = 0; i < ids.Length; i++)
        {
            foreach (var meant in parts[i] == NamePart.Other ? [] : _similar?.Meant(ids[i]) ?? [])
            {
                var key = names.Tokens.SkeletonOf(meant);
                if (!pairs)
                {
                    keys.Add(key);
                    continue;
                }

                for (var j = 0; j < ids.Length; j++)
                {
                    var other = names.Tokens.SkeletonOf(ids[j]);
                    if (j != i && parts[j] != NamePart.Other && other != 0)
                    {
                        keys.Add(Hashing.Pair(Math.Min(key, other), Math.Max(key, other)));
                    }
                }
            }
        }
    }

    /// <summary>All parts in alphabetical order of their Latin form, as one skeleton: joined and swapped names meet.</summary>
    private void Whole(int record, ref KeyList keys)
    {
        var names = _records.Names!;
        var ids = names.IdsOf(record);
        var parts = names.PartsOf(record);
        Span<byte> joined = stackalloc byte[96];
        for (var order = 0; order < 2; order++)
        {
            var length = 0;
            for (var pass = 0; pass < 2; pass++)
            {
                for (var i = 0; i < ids.Length; i++)
                {
                    var family = parts[i] == NamePart.Family;
                    if (parts[i] == NamePart.Other || family != (pass != order))
                    {
                        continue;
                    }

                    var latin = names.Tokens.Latin(ids[i]);
                    latin = latin.Length > joined.Length - length ? latin[..(joined.Length - length)] : latin;
                    latin.CopyTo(joined[length..]);
                    length += latin.Length;
                }
            }

            if (length >= 5)
            {
                keys.Add(Skeleton.Key(joined[..length]));
            }
        }
    }

    /// <summary>First letters of given and family name, unordered.</summary>
    private void Initials(int record, ref KeyList keys)
    {
        var names = _records.Names!;
        ulong low = 0;
        ulong high = 0;
        var parts = names.PartsOf(record);
        var ids = names.IdsOf(record);
        for (var i = 0; i < ids.Length && high == 0; i++)
        {
            ulong first = names.Tokens.FirstLetter(ids[i]);
            if (parts[i] != NamePart.Other && first != 0)
            {
                (low, high) = low == 0 ? (first, 0UL) : (Math.Min(low, first), Math.Max(low, first));
            }
        }

        if (high != 0)
        {
            keys.Add((low << 8) | high);
        }
    }

    /// <summary>The keys of each part: its skeleton, its classes of variants, and the skeletons of its likely spellings.</summary>
    private static (int[] Start, ulong[] Keys) PartKeys(TokenTable tokens, AcrossScripts? across)
    {
        var start = new int[tokens.Count + 1];
        var all = new List<ulong>(tokens.Count * 2);
        Span<ulong> room = stackalloc ulong[12];
        for (var id = 1; id < tokens.Count; id++)
        {
            var keys = new KeyList(room);
            keys.Add(tokens.SkeletonOf(id));
            foreach (var group in tokens.ClassesOf(id) ?? [])
            {
                if (keys.Count < 4)
                {
                    keys.Add(Hashing.Pair(77, group));
                }
            }

            foreach (var alias in across?.AliasesOf(id) ?? [])
            {
                keys.Add(tokens.SkeletonOf(alias));
            }

            all.AddRange(room[..keys.Count]);
            start[id + 1] = all.Count;
        }

        return (start, [.. all]);
    }
}
