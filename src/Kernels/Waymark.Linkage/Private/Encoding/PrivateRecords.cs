using Waymark.Model;

namespace Waymark.Linkage.Private;

/// <summary>The records of one owner, normalised by the same kernel that links clear text. Stays with the owner.</summary>
internal sealed class PrivateRecords
{
    private readonly PreparedRecords _prepared;

    private PrivateRecords(PreparedRecords prepared, LinkageKnowledge knowledge)
    {
        (_prepared, Knowledge) = (prepared, knowledge);
        var roles = new List<FieldRole>();
        if (prepared.Names is not null)
        {
            roles.Add(FieldRole.FullName);
        }

        if (prepared.Dates is not null)
        {
            roles.Add(FieldRole.BirthDate);
        }

        if (prepared.Sexes is not null)
        {
            roles.Add(FieldRole.Sex);
        }

        roles.AddRange(prepared.Values.Select(v => v.Role).Distinct().Order());
        Roles = roles;
    }

    public LinkageKnowledge Knowledge { get; }

    public int Count => _prepared.Count;

    /// <summary>Roles with a column; all name columns are one role.</summary>
    public IReadOnlyList<FieldRole> Roles { get; }

    public NameField? Names => _prepared.Names;

    public PartialBirthDate DateOf(int record) => _prepared.DateOf(record);

    public byte SexOf(int record) => _prepared.Sexes is null ? (byte)0 : _prepared.Sexes[record];

    public IReadOnlyList<ValueField> Values => _prepared.Values;

    public static Result<PrivateRecords> Read(LinkageTable table, LinkageKnowledge knowledge, IReadOnlyDictionary<string, FieldRole>? map)
    {
        if (ColumnRecogniser.Missing([table], map) is { } missing)
        {
            return missing;
        }

        var prepared = PreparedRecords.Build([(table, ColumnRecogniser.Recognise(table, map, knowledge))], knowledge, CancellationToken.None);
        return prepared.IsOk ? new PrivateRecords(prepared.Value, knowledge) : prepared.Error;
    }

    /// <summary>Collision entropy in bits of the known values of a role, and the share of records that know it.</summary>
    public (double Entropy, double Known) Information(FieldRole role)
    {
        var counts = new Dictionary<ulong, int>();
        var known = 0;
        for (var record = 0; record < Count; record++)
        {
            var hash = ValueHash(role, record);
            if (hash != 0)
            {
                known++;
                counts[hash] = counts.GetValueOrDefault(hash) + 1;
            }
        }

        var pairs = counts.Values.Sum(c => (double)c * (c - 1));
        var entropy = known < 2 ? 0 : pairs == 0 ? Math.Log2((double)known * (known - 1)) : Math.Log2((double)known * (known - 1) / pairs);
        return (entropy, Count == 0 ? 0 : (double)known / Count);
    }

    private ulong ValueHash(FieldRole role, int record)
    {
        switch (role)
        {
            case FieldRole.FullName:
                var hash = 0UL;
                foreach (var id in Names!.IdsOf(record))
                {
                    hash += Hashing.Mix(Names.Tokens.SkeletonOf(id) + 1);
                }

                return hash;
            case FieldRole.BirthDate:
                var date = DateOf(record);
                return date.IsEmpty ? 0 : ((ulong)date.Year << 16) | ((ulong)date.Month << 8) | date.Day;
            case FieldRole.Sex:
                return SexOf(record);
            default:
                foreach (var field in Values.Where(v => v.Role == role))
                {
                    if (field.Codes[record] != 0)
                    {
                        return field.HashOf(field.Codes[record]) | 1;
                    }
                }

                return 0;
        }
    }
}
