namespace Waymark.Linkage.Private;

/// <summary>What a feature is about: equal features of equal kind set the same bits.</summary>
internal enum FeatureKind : byte
{
    NameLetters = 1,
    NameSound,
    NameClass,
    NameWhole,
    NameSounds,
    Year,
    YearNear,
    Month,
    Day,
    MonthDay,
    YearMonth,
    YearDay,
    Sex,
    ValueLetters = 32,
    ValueWhole = 64,
}

/// <summary>One feature of a record and how many bits it sets.</summary>
internal readonly record struct Feature(byte Kind, ulong Value, int Bits);

/// <summary>
/// The features of a record: pairs of letters of the Latin form, sound, class of variants and whole parts of names; parts of dates;
/// values whole and in pairs of letters. Everything comes from the normaliser that linking in clear text uses, so that
/// spellings and scripts meet before they are encoded. Unknown values have no features.
/// </summary>
internal sealed class RecordFeatures(PrivateRecords records, EncodingSchema schema)
{
    public void Collect(int record, List<Feature> into)
    {
        into.Clear();
        Names(record, schema.Budget(FieldRole.FullName), into);
        Date(records.DateOf(record), schema.Budget(FieldRole.BirthDate), into);
        if (records.SexOf(record) is var sex && sex != 0)
        {
            Add(into, FeatureKind.Sex, sex, schema.Budget(FieldRole.Sex));
        }

        foreach (var role in records.Values.GroupBy(v => v.Role))
        {
            var columns = role.Count();
            foreach (var field in role)
            {
                Value(field, field.Codes[record], schema.Budget(role.Key) / columns, into);
            }
        }
    }

    private void Names(int record, int budget, List<Feature> into)
    {
        if (records.Names is not { } names || budget == 0)
        {
            return;
        }

        var tokens = names.Tokens;
        var ids = names.IdsOf(record);
        var each = (double)budget / Math.Max(2, ids.Length);
        foreach (var id in ids)
        {
            var latin = tokens.Latin(id);
            if (latin.IsEmpty)
            {
                Add(into, FeatureKind.NameWhole, tokens.HashOf(id), (int)each);
                continue;
            }

            Letters((byte)FeatureKind.NameLetters, latin, each * 0.1, into);
            var sound = Sounds.Collapse(tokens.SkeletonOf(id));
            SoundPairs(sound, each * 0.5, into);
            Add(into, FeatureKind.NameSound, sound, (int)(each * 0.25));
            var classes = records.Knowledge.Variants.GetValueOrDefault(tokens.Text(id)) ?? [];
            foreach (var name in classes.Take(4))
            {
                Add(into, FeatureKind.NameClass, Hashing.Bytes(System.Text.Encoding.UTF8.GetBytes(name)), (int)(each * 0.15 / Math.Min(2, classes.Length)));
            }

            if (classes.Length == 0)
            {
                Add(into, FeatureKind.NameWhole, Hashing.Bytes(latin), (int)(each * 0.15));
            }
        }
    }

    private static void Date(PartialBirthDate date, int budget, List<Feature> into)
    {
        if (date.IsEmpty || budget == 0)
        {
            return;
        }

        var year = (ulong)date.KeyYear;
        Add(into, FeatureKind.Year, year, Part(budget, 0.3));
        for (var near = year - 1; near <= year + 1; near++)
        {
            Add(into, FeatureKind.YearNear, near, Part(budget, 0.08));
        }

        if (date.Month == 0 || (date.Month == 1 && date.Day == 1))
        {
            return;
        }

        Add(into, FeatureKind.Month, date.Month, Part(budget, 0.09));
        Add(into, FeatureKind.YearMonth, (year << 8) | date.Month, Part(budget, 0.07));
        if (date.Day != 0)
        {
            Add(into, FeatureKind.Day, date.Day, Part(budget, 0.11));
            Add(into, FeatureKind.MonthDay, ((ulong)date.Month << 8) | date.Day, Part(budget, 0.12));
            Add(into, FeatureKind.YearDay, (year << 8) | date.Day, Part(budget, 0.07));
        }
    }

    private static void Value(ValueField field, int code, int budget, List<Feature> into)
    {
        if (code == 0 || budget == 0)
        {
            return;
        }

        var role = (int)field.Role;
        if (field.Role is FieldRole.Nationality or FieldRole.Region)
        {
            into.Add(new((byte)((int)FeatureKind.ValueWhole + role), field.HashOf(code), budget));
            return;
        }

        var bytes = field.BytesOf(code);
        into.Add(new((byte)((int)FeatureKind.ValueWhole + role), Hashing.Bytes(bytes), Math.Max(1, (int)(budget * 0.4))));
        Letters((byte)((int)FeatureKind.ValueLetters + role), bytes, budget * 0.6, into);
    }

    /// <summary>Pairs of letters with an edge before and after; a pair that comes twice counts as another.</summary>
    private static void Letters(byte kind, ReadOnlySpan<byte> text, double bits, List<Feature> into)
    {
        var each = Math.Max(1, (int)Math.Round(bits / (text.Length + 1)));
        var first = into.Count;
        for (var i = 0; i <= text.Length; i++)
        {
            var pair = ((ulong)(i == 0 ? 1 : text[i - 1]) << 8) | (i == text.Length ? 1UL : text[i]);
            while (Contains(into, first, pair))
            {
                pair += 1UL << 16;
            }

            into.Add(new(kind, pair, each));
        }
    }

    /// <summary>Pairs of neighbouring sounds: one sound heard otherwise leaves the other pairs equal, in any script.</summary>
    private static void SoundPairs(ulong skeleton, double bits, List<Feature> into)
    {
        var first = into.Count;
        if (skeleton >> 62 != 0)
        {
            into.Add(new((byte)FeatureKind.NameSounds, skeleton, Math.Max(1, (int)bits)));
            return;
        }

        Span<byte> groups = stackalloc byte[16];
        var count = 0;
        for (var rest = skeleton; rest > 1; rest >>= 4)
        {
            groups[count++] = (byte)(rest & 15);
        }

        var each = Math.Max(1, (int)Math.Round(bits / (count + 1)));
        for (var i = 0; i <= count; i++)
        {
            var pair = (i == 0 ? 17UL : groups[i - 1]) | (i == count ? 16UL : groups[i]) << 8;
            while (Contains(into, first, pair))
            {
                pair += 1UL << 16;
            }

            into.Add(new((byte)FeatureKind.NameSounds, pair, each));
        }
    }

    private static bool Contains(List<Feature> features, int first, ulong value)
    {
        for (var i = first; i < features.Count; i++)
        {
            if (features[i].Value == value)
            {
                return true;
            }
        }

        return false;
    }

    private static int Part(int budget, double share) => Math.Max(1, (int)Math.Round(budget * share));

    private static void Add(List<Feature> into, FeatureKind kind, ulong value, int bits)
    {
        if (bits > 0)
        {
            into.Add(new((byte)kind, value, bits));
        }
    }
}
