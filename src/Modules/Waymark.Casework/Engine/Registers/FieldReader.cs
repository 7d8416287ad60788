using Waymark.Packs;

namespace Waymark.Casework.Registers;

/// <summary>Reads the fields of a pack, groups flattened into paths.</summary>
internal sealed class FieldReader(Seen seen, PackCursor pack, IReadOnlyDictionary<string, RecordCodeList> lists, List<PersonRole> roles, FieldDefaults defaults)
{
    private readonly List<FieldPlan> _fields = [];

    public IReadOnlyList<FieldPlan> Read()
    {
        Read(pack, null);
        if (_fields.Count(field => field.Search != SearchKind.None) > RegisterReader.MostSearchFields)
        {
            pack.Fault("fields", "register.too-many-keys", $"At most {RegisterReader.MostSearchFields} fields feed the search.", $"最多 {RegisterReader.MostSearchFields} 个字段可用于检索。");
        }

        return _fields;
    }

    private void Read(PackCursor cursor, FieldPlan? group)
    {
        foreach (var written in cursor.List("fields"))
        {
            if (Field(written, group) is not { } field)
            {
                continue;
            }

            if (_fields.Exists(known => known.Path == field.Path))
            {
                written.Fault("id", "register.duplicate", $"The field \"{field.Path}\" stands twice.", $"字段“{field.Path}”重复。");
                continue;
            }

            _fields.Add(field);
            if (field.Type == FieldType.Group)
            {
                if (group is not null)
                {
                    written.Fault("type", "register.nested-group", "A group cannot stand inside a group.", "组内不能再有组。");
                }
                else
                {
                    Read(written, field);
                }
            }
        }
    }

    private FieldPlan? Field(PackCursor cursor, FieldPlan? group)
    {
        var id = cursor.Text("id");
        if (cursor.OptionalChoice<FieldType>("type") is not { } type)
        {
            _ = cursor.Find("type") is null ? cursor.Text("type") : null;
            return null;
        }

        var isGroup = type == FieldType.Group;
        var category = Category(cursor, type);
        var sensitivity = cursor.OptionalChoice<Sensitivity>("sensitivity") ?? group?.Sensitivity ?? defaults.Sensitivity;
        var purposes = cursor.TextList("purposes").Where(word => seen.Check(cursor, "purposes", "purpose", word)).ToList();
        var bits = purposes.Aggregate(0UL, (all, purpose) => seen.Bit(purpose) is >= 0 and < 64 and var bit ? all | (1UL << bit) : all);
        if ((bits & ~defaults.Purposes) != 0)
        {
            cursor.Fault("purposes", "register.wider-purpose", "A field cannot serve a purpose that its register does not have.", "字段不得用于登记册未列明的目的。");
        }

        var fact = cursor.OptionalText("fact");
        if (fact is not null && !seen.Facts.Contains(fact))
        {
            Seen.Unknown(cursor, "fact", fact, seen.Facts);
        }

        var field = new FieldPlan
        {
            Index = _fields.Count, Path = group is null ? id : group.Path + "/" + id, Type = type, Name = RegisterReader.Pair(cursor), Help = cursor.OptionalTexts("help"), Group = group,
            IsRepeated = isGroup && (cursor.OptionalBoolean("repeated") ?? false), IsLong = cursor.OptionalBoolean("long") ?? false,
            IsClaim = cursor.OptionalBoolean("claim") ?? false, Sensitivity = sensitivity, Purposes = bits == 0 ? group?.Purposes ?? defaults.Purposes : bits, Category = category,
            Mask = Mask(cursor, type, category), Codes = Codes(cursor, type), Unit = cursor.OptionalText("unit"), Search = Search(cursor, type), Fact = fact, FactCodes = fact is null ? null : seen.CodesOf(fact),
            About = About(cursor) ?? group?.About, IsCooperation = cursor.OptionalBoolean("cooperation") ?? false, Target = cursor.OptionalText("register"),
            States = States(cursor), StatesFor = cursor.OptionalText("states-for"),
        };
        // A code that the vocabulary does not know would be refused at the gate; only one that says that nothing is known yet may stand beside those it knows.
        foreach (var code in field is { FactCodes: { } stated, Codes: { } codes } ? codes.Codes.Where(code => !stated.Contains(code.Id) && !code.Id.StartsWith("not-", StringComparison.Ordinal) && code.Id != "unknown") : [])
        {
            cursor.Fault("fact", "register.fact-code", $"\"{code.Id}\" is no code of \"{fact}\".", $"“{code.Id}”不是“{fact}”的代码。");
        }

        Refuse(cursor, field);
        return field;
    }

    /// <summary>Facts that the record behind a reference states; whether its fields exist is known when all registers are read.</summary>
    private Dictionary<string, string> States(PackCursor cursor)
    {
        var states = new Dictionary<string, string>(StringComparer.Ordinal);
        if (cursor.OptionalMapping("states") is not { } map)
        {
            return states;
        }

        foreach (var entry in map.Node.Entries)
        {
            if (!seen.Facts.Contains(entry.Key))
            {
                Seen.Unknown(map, entry.Key, entry.Key, seen.Facts);
            }

            states[entry.Key] = map.Text(entry.Key);
        }

        if (cursor.OptionalText("register") is null || cursor.OptionalText("states-for") is null)
        {
            cursor.Fault("states", "register.states", "Only a reference to one register states facts, and it says for which recipient (states-for).", "仅指向某一登记册的引用可陈述事实，并须说明接收方字段（states-for）。");
        }

        return states;
    }

    private string Category(PackCursor cursor, FieldType type)
    {
        var word = cursor.OptionalText("category") ?? type switch
        {
            FieldType.Name => "identity",
            FieldType.Contact => "contact",
            FieldType.Place => "location",
            FieldType.Identifier => "identity-document",
            FieldType.Group or FieldType.Person or FieldType.Reference => "none",
            FieldType.File => "free-text",
            _ => "",
        };
        if (word.Length == 0)
        {
            cursor.Fault("pack.missing-field", "The field \"category\" is missing: a code of the vocabulary's data categories, or none for what is about the work.",
                "缺少字段“category”：词汇表数据类别的代码；与个人无关者写 none。");
            return "none";
        }

        return word == "none" || seen.Check(cursor, "category", "data-category", word) ? word : "none";
    }

    private string? Mask(PackCursor cursor, FieldType type, string category)
    {
        var word = cursor.OptionalText("mask") ?? type switch
        {
            FieldType.Name => "name",
            FieldType.Contact => "contact",
            FieldType.Place => "place",
            FieldType.Identifier => "document-number",
            _ => category switch
            {
                "nationality" => "nationality", "migration-status" => "status", "health" => "health", "narrative" or "free-text" or "asylum-claim" => "narrative",
                "biometric" or "genetic" => "biometric", "age" => "birth-date", "location" => "place", "contact" => "contact", "identity" => "name", _ => null,
            },
        };
        return word is null || seen.Check(cursor, "mask", "field", word) ? word : null;
    }

    private RecordCodeList? Codes(PackCursor cursor, FieldType type)
    {
        if (type is not (FieldType.Code or FieldType.Codes))
        {
            return null;
        }

        var id = cursor.Text("codes");
        if (lists.TryGetValue(id, out var list))
        {
            return list;
        }

        if (id.Length > 0)
        {
            Seen.Unknown(cursor, "codes", id, lists.Keys);
        }

        return null;
    }

    private static SearchKind Search(PackCursor cursor, FieldType type)
    {
        if (!(cursor.OptionalBoolean("search") ?? false))
        {
            return SearchKind.None;
        }

        var kind = KindOf(type);
        if (kind == SearchKind.None)
        {
            cursor.Fault("search", "register.search-kind", "Only names, dates, identifiers, texts and places feed the search.", "只有姓名、日期、编号、文字与地点可用于检索。");
        }

        return kind;
    }

    internal static SearchKind KindOf(FieldType type) => type switch
    {
        FieldType.Name => SearchKind.Name,
        FieldType.Date => SearchKind.Date,
        FieldType.Identifier => SearchKind.Identifier,
        FieldType.Text or FieldType.Texts or FieldType.Place => SearchKind.Word,
        _ => SearchKind.None,
    };

    private string? About(PackCursor cursor)
    {
        var role = cursor.OptionalText("about");
        if (role is not null && !roles.Exists(known => known.Id == role))
        {
            Seen.Unknown(cursor, "about", role, roles.Select(known => known.Id));
        }

        return role;
    }

    private void Refuse(PackCursor cursor, FieldPlan field)
    {
        if (field.Category is "biometric" or "genetic")
        {
            if (defaults.Class == "child")
            {
                cursor.Fault("category", "register.biometric", "A child's register holds no biometric data.", "儿童登记册不得含生物识别数据。");
            }
            else if (field.Type != FieldType.Identifier)
            {
                cursor.Fault("type", "register.biometric", "Biometric data stay with their custodian; only the custodian's reference (type identifier) is kept.", "生物识别数据由保管方保存；此处只存其编号（类型 identifier）。");
            }
        }

        if (field.Search != SearchKind.None && ViewReader.IsProtected(field.Category))
        {
            cursor.Fault("search", "register.forbidden-facet", $"Nobody is searched for by {field.Category}.", $"不得按“{field.Category}”检索个人。");
        }

        if (field.Category == "criminal" && field.Codes?.Codes.FirstOrDefault(code => CodeListReader.IsNoOffence(code.Id)) is { } code)
        {
            cursor.Fault("codes", "register.no-offence", $"\"{code.Id}\" is a situation, never an offence.", $"“{code.Id}”是处境，绝不是犯罪。");
        }
    }
}
