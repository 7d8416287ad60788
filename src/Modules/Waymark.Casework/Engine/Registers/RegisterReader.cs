using Waymark.Model;
using Waymark.Packs;
using Waymark.Storage;

namespace Waymark.Casework.Registers;

/// <summary>
/// Compiles one register pack. It collects every fault with line and column; what would weaken protection is a fault like any other:
/// a facet on nationality, a biometric field, a child's register on an authority's node.
/// </summary>
internal sealed class RegisterReader
{
    /// <summary>Fields that may feed the search; more would make a record easier to find than to protect.</summary>
    public const int MostSearchFields = 16;

    private static readonly HashSet<string> s_never = new(StringComparer.Ordinal) { "victim", "service", "child", "asylum", "tracing" };

    private static readonly HashSet<string> s_only = new(StringComparer.Ordinal) { "suspect", "enforcement" };

    private readonly Seen _seen;
    private readonly PackErrors _errors;
    private readonly PackCursor _pack;

    private RegisterReader(Seen seen, PackErrors errors, PackCursor pack) => (_seen, _errors, _pack) = (seen, errors, pack);

    /// <summary>The plan, or null after faults were added to <paramref name="errors"/>.</summary>
    public static RegisterPlan? Read(Pack pack, Seen seen, PackErrors errors)
    {
        var before = errors.Count;
        var plan = new RegisterReader(seen, errors, pack.Cursor(errors)).Run(pack);
        return errors.Count == before ? plan : null;
    }

    private RegisterPlan? Run(Pack pack)
    {
        var profiles = Profiles();
        var isPerson = pack.Key.Id == People.PersonCore.Register;
        var recordClass = isPerson ? "person" : _seen.Word(_pack, "class", "record-class", "");
        var partition = _pack.Choice<RecordPartition>("partition");
        if (!isPerson)
        {
            // Persons lie in the partition of the case that speaks of them.
            CheckClass(recordClass, profiles, partition);
        }

        var purposes = _pack.TextList("purposes").Where(word => _seen.Check(_pack, "purposes", "purpose", word)).ToList();
        var bits = Bits(purposes);
        if (purposes.Count == 0)
        {
            _pack.Fault("purposes", "register.no-purpose", "A register names at least one purpose.", "登记册须至少写明一个目的。");
        }

        var sensitivity = _pack.Choice<Sensitivity>("sensitivity");
        var lists = new CodeListReader(_seen, _pack, pack).Read();
        var roles = Roles();
        var fields = new FieldReader(_seen, _pack, lists, roles, new(sensitivity, bits, recordClass)).Read();
        var facts = Facts(roles);
        CheckNobody(facts, roles, fields);
        var flow = new FlowReader(_seen, _pack, fields, roles);
        var states = flow.States();
        var vocabulary = FieldFacts.Build(pack, fields, _errors);
        if (vocabulary is null || states.Count == 0 || _errors.Count > 0)
        {
            return null;
        }

        var transitions = flow.Transitions(states, vocabulary);
        Guards.ReturnGates.CheckPack(_pack, states, transitions);
        if (isPerson)
        {
            People.PersonCore.CheckPack(_pack, fields);
        }

        return new RegisterPlan(fields, states, transitions)
        {
            Id = pack.Key.Id, Version = pack.Version, Hash = pack.Hash, File = pack.File, Title = pack.Title, One = _pack.OptionalTexts("one") ?? pack.Title,
            Reference = _pack.Text("reference"), Profiles = profiles, Partition = partition, Class = recordClass, Facts = facts, Purposes = purposes, PurposeBits = bits,
            Sensitivity = sensitivity, Persons = roles, Clocks = flow.Clocks(states), Retention = Retention(), View = new ViewReader(_pack, fields).Read(),
            Standing = new StandingReader(_seen, _pack, fields).Read(), CodeLists = lists, Links = Links(), Vocabulary = vocabulary, Tests = flow.Tests(states, transitions), Source = pack,
            Migrations = new MigrationReader(_pack, fields, states).Read(pack.Version),
        };
    }

    private HashSet<NodeProfile> Profiles()
    {
        var profiles = new HashSet<NodeProfile>();
        foreach (var word in _pack.TextList("profiles"))
        {
            if (Words.TryParse<NodeProfile>(word, out var profile))
            {
                profiles.Add(profile);
            }
            else
            {
                Seen.Unknown(_pack, "profiles", word, Words.All<NodeProfile>());
            }
        }

        return profiles;
    }

    // Which node may hold which class is a law of the floor (F7), not a choice of a pack.
    private void CheckClass(string recordClass, HashSet<NodeProfile> profiles, RecordPartition partition)
    {
        if (s_never.Contains(recordClass) && profiles.Contains(NodeProfile.Authority))
        {
            _pack.Fault("profiles", "register.profile", $"A register of class \"{recordClass}\" never loads on an authority's node.", $"“{recordClass}”类登记册不得在主管机关节点上加载。");
        }

        if (s_only.Contains(recordClass) && (profiles.Count != 1 || !profiles.Contains(NodeProfile.Authority)))
        {
            _pack.Fault("profiles", "register.profile", $"A register of class \"{recordClass}\" loads on an authority's node only.", $"“{recordClass}”类登记册只能在主管机关节点上加载。");
        }

        var needed = recordClass switch { "victim" => RecordPartition.Victim, "suspect" => RecordPartition.Suspect, "tracing" => RecordPartition.Missing, _ => RecordPartition.General };
        if (recordClass.Length > 0 && partition != needed)
        {
            _pack.Fault("partition", "register.partition", $"Class \"{recordClass}\" lies in the partition \"{Words.Of(needed)}\".", $"“{recordClass}”类存放于分区“{Words.Of(needed)}”。");
        }
    }

    // Who says that no person can be identified has no person in it and no field about one (F12).
    private void CheckNobody(Dictionary<string, IReadOnlyList<string>> facts, List<PersonRole> roles, IReadOnlyList<FieldPlan> fields)
    {
        if (facts.TryGetValue("data.identifiable", out var said) && said is ["false"] && (roles.Count > 0 || fields.FirstOrDefault(field => field.Category != "none") is not null))
        {
            _pack.Fault("facts", "register.identifiable", "A register with persons, or with fields of a category, identifies somebody.", "载有人员或含有类别字段的登记册可识别个人。");
        }
    }

    private ulong Bits(IEnumerable<string> purposes) => purposes.Aggregate(0UL, (bits, purpose) => _seen.Bit(purpose) is >= 0 and < 64 and var bit ? bits | (1UL << bit) : bits);

    private List<PersonRole> Roles()
    {
        var roles = new List<PersonRole>();
        foreach (var cursor in _pack.List("persons"))
        {
            var (least, most) = (cursor.OptionalWhole("least", 0, 100) ?? 0, cursor.OptionalWhole("most", 1, 100) ?? 100);
            var role = new PersonRole(cursor.Text("role"), Pair(cursor), _seen.Word(cursor, "category", "subject-category", ""), least, most, cursor.OptionalBoolean("principal") ?? false);
            if (roles.Exists(known => known.Id == role.Id))
            {
                cursor.Fault("role", "register.duplicate", $"The role \"{role.Id}\" stands twice.", $"角色“{role.Id}”重复。");
            }

            roles.Add(role);
        }

        if (roles.Count > 0 && roles.Count(role => role.IsPrincipal) != 1)
        {
            _pack.Fault("persons", "register.principal", "Exactly one role is whom the record is about (principal: true).", "须有且仅有一个角色为记录主体（principal: true）。");
        }

        return roles;
    }

    private Dictionary<string, IReadOnlyList<string>> Facts(List<PersonRole> roles)
    {
        var facts = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        if (_pack.OptionalMapping("facts") is { } map)
        {
            foreach (var entry in map.Node.Entries)
            {
                if (!_seen.Facts.Contains(entry.Key))
                {
                    Seen.Unknown(map, entry.Key, entry.Key, _seen.Facts);
                    continue;
                }

                facts[entry.Key] = entry.Value switch
                {
                    PackScalar one => [one.Text],
                    PackSequence list => [.. list.Items.OfType<PackScalar>().Select(item => item.Text)],
                    _ => [],
                };
            }
        }

        facts["system"] = [_seen.Word(_pack, "system", "system", "")];
        if (roles.Count > 0)
        {
            facts["subject.category"] = [.. roles.Select(role => role.Category).Distinct(StringComparer.Ordinal)];
        }
        else
        {
            facts.TryAdd("subject.category", ["none"]);
        }

        return facts;
    }

    private List<LinkPlan> Links()
    {
        var links = new List<LinkPlan>();
        foreach (var cursor in _pack.List("links"))
        {
            var (link, name) = (cursor.Text("type"), Pair(cursor));
            if (links.Exists(known => known.Type == link))
            {
                cursor.Fault("type", "register.duplicate", $"The link \"{link}\" stands twice.", $"关联“{link}”重复。");
            }

            links.Add(new(link, name, cursor.OptionalTexts("back") ?? name, cursor.TextList("registers")));
        }

        return links;
    }

    private RetentionPlan Retention() => _pack.Mapping("retention") is { } cursor
        ? new(cursor.Whole("months", 1, 1_200), cursor.Text("then") == "erase", Pair(cursor)) : new(12, false, LocalText.Empty);

    /// <summary>The texts beside each other as <c>en</c> and <c>zh</c>.</summary>
    internal static LocalText Pair(PackCursor cursor) => new(cursor.Text("en"), cursor.Text("zh"));
}

/// <summary>What a field takes from its register when it says nothing itself.</summary>
internal sealed record FieldDefaults(Sensitivity Sensitivity, ulong Purposes, string Class);
