using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Waymark.Packs.Content;

/// <summary>Invented people and what they did on a node, as data; read from a pack of kind <c>samples</c> and played through the product's own doors.</summary>
public sealed record SamplePack(string Id, SampleNodeFacts Node, IReadOnlyList<SampleAccount> Accounts, IReadOnlyList<SampleAct> Acts)
{
    public const string Kind = "samples";

    /// <summary>Error codes: <c>sample.unknown-account</c>, <c>sample.unknown-record</c>, <c>sample.twice</c>, <c>sample.incomplete</c>, each with its place.</summary>
    public static SamplePack Read(Pack pack, PackErrors errors)
    {
        var root = pack.Cursor(errors);
        var node = root.Mapping("node");
        var accounts = root.List("accounts").Select(entry => new SampleAccount(
            entry.Text("id"), entry.Text("name"), entry.Text("role"), entry.TextList("units"), entry.OptionalText("purpose"), entry.OptionalText("adopts"))).ToList();
        var acts = InOrder(root.List("acts").Select(entry => (Act: SampleAct.Read(entry), At: entry)));
        Check(root, accounts, acts);
        return new(pack.Key.Id, new(node?.Text("profile") ?? "", node?.Text("controller") ?? "", node?.Text("name") ?? "", node?.OptionalText("tracing-unit"), node?.OptionalText("complaints-unit"), node?.Whole("days", 1, 80) ?? 1), accounts, [.. acts.Select(act => act.Act)]);
    }

    /// <summary>A pack tells one story after the other; they are played side by side, by day and time. An act without a day follows the one before it.</summary>
    private static List<(SampleAct Act, PackCursor At)> InOrder(IEnumerable<(SampleAct Act, PackCursor At)> told)
    {
        var (dated, day, time) = (new List<(int Day, TimeOnly Time, SampleAct Act, PackCursor At)>(), 0, TimeOnly.MinValue);
        foreach (var (act, at) in told)
        {
            (day, time) = act.Day is { } next ? (next, act.At ?? new TimeOnly(9, 0)) : (day, time);
            dated.Add((day, time, act, at));
        }

        return [.. dated.OrderBy(entry => entry.Day).ThenBy(entry => entry.Time).Select(entry => (entry.Act, entry.At))];
    }

    private static void Check(PackCursor root, List<SampleAccount> accounts, List<(SampleAct Act, PackCursor At)> acts)
    {
        var known = accounts.Select(account => account.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var part in (string[])["first", "second"])
        {
            if (accounts.Count(account => account.Adopts == part) != 1)
            {
                root.Fault("accounts", "sample.incomplete", $"Exactly one account adopts as {part}.", $"须恰有一个账户以 {part} 身份采纳。");
            }
        }

        var made = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (act, at) in acts)
        {
            if (!known.Contains(act.By))
            {
                at.UnknownWord(at.Find("by") ?? at.Node, "by", act.By, known);
            }

            foreach (var word in act.Named.Where(word => !made.Contains(word)))
            {
                at.Fault("sample.unknown-record", $"Nothing was made as \"{word}\" before.", $"此前没有以“{word}”之名建立的记录。");
            }

            if (act.As is { } alias && !made.Add(alias))
            {
                at.Fault("as", "sample.twice", $"\"{alias}\" was made before.", $"“{alias}”已存在。");
            }
        }
    }
}

/// <summary>What kind of node a sample is played on. <paramref name="Days"/>: how many days before today it begins.</summary>
public sealed record SampleNodeFacts(string Profile, string Controller, string Name, string? TracingUnit, string? ComplaintsUnit, int Days);

/// <summary>An invented person who works there. <paramref name="Adopts"/>: <c>first</c> or <c>second</c> of the two who adopt the rule packs.</summary>
public sealed record SampleAccount(string Id, string Name, string Role, IReadOnlyList<string> Units, string? Purpose, string? Adopts);

/// <summary>One act. Words in <see cref="Values"/> may name records (<c>$word</c>) and days (<c>{today-3}</c>, <c>{now}</c>).</summary>
public sealed record SampleAct(string Where, string Do, string By, string? For, int? Day, TimeOnly? At)
{
    private static readonly JsonSerializerOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public string? Register { get; init; }

    public string? Partition { get; init; }

    public string? As { get; init; }

    public string? Record { get; init; }

    /// <summary>Entries by path; a mapping of the pack is JSON here.</summary>
    public IReadOnlyDictionary<string, string> Values { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public IReadOnlyList<(string Role, string Person)> Persons { get; init; } = [];

    public int? Seen { get; init; }

    public bool IsDispute { get; init; }

    public string? Path { get; init; }

    public string? Keep { get; init; }

    public string? Told { get; init; }

    public string? Step { get; init; }

    public string? Why { get; init; }

    public string? Role { get; init; }

    public string? Person { get; init; }

    public string? To { get; init; }

    public string? Hand { get; init; }

    public string? Choice { get; init; }

    public string? Text { get; init; }

    public int? Channel { get; init; }

    public string? Language { get; init; }

    public string? Translation { get; init; }

    public string? Recipient { get; init; }

    public string? Form { get; init; }

    public string? Interpreter { get; init; }

    public bool IsGiven { get; init; } = true;

    public string? Kind { get; init; }

    /// <summary>Code with which the act has to be refused; null when it has to be done.</summary>
    public string? Refused { get; init; }

    /// <summary>Words of records that have to be made before.</summary>
    public IEnumerable<string> Named => new[] { Record, Person }.OfType<string>().Concat(Persons.Select(one => one.Person))
        .Concat(Do == "link" && To is { } other ? [other] : []).Concat(Values.Values.Where(value => value.StartsWith('$')).Select(value => value[1..]));

    internal static SampleAct Read(PackCursor node) => new(
        node.Where, node.Text("do"), node.Text("by"), node.OptionalText("for"), node.OptionalWhole("day", 0, 80),
        node.OptionalText("at") is { } at && TimeOnly.TryParseExact(at, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null)
    {
        Register = node.OptionalText("register"), Partition = node.OptionalText("partition"), As = node.OptionalText("as"), Record = node.OptionalText("record"),
        Values = Entries(node, "values").ToDictionary(entry => entry.Key, entry => Written(entry.Value), StringComparer.Ordinal),
        Persons = [.. Entries(node, "persons").SelectMany(entry => (entry.Value is PackSequence list ? list.Items : [entry.Value]).OfType<PackScalar>().Select(person => (entry.Key, person.Text)))],
        Seen = node.OptionalWhole("seen", 0), IsDispute = node.OptionalBoolean("dispute") ?? false, Path = node.OptionalText("path"), Keep = node.OptionalText("keep"), Told = node.OptionalText("told"),
        Step = node.OptionalText("step"), Why = node.OptionalText("why"), Role = node.OptionalText("role"), Person = node.OptionalText("person"), To = node.OptionalText("to"),
        Hand = node.OptionalText("hand"), Choice = node.OptionalText("choice"), Text = node.OptionalText("text"), Channel = node.OptionalWhole("channel", 0), Language = node.OptionalText("language"),
        Translation = node.OptionalText("translation"), Recipient = node.OptionalText("recipient"), Form = node.OptionalText("form"), Interpreter = node.OptionalText("interpreter"),
        IsGiven = node.OptionalBoolean("given") ?? true, Kind = node.OptionalText("kind"), Refused = node.OptionalText("refused"),
    };

    private static IReadOnlyList<PackEntry> Entries(PackCursor node, string key) => node.OptionalMapping(key)?.Node.Entries ?? [];

    private static string Written(PackNode node) => node switch
    {
        PackScalar scalar => scalar.Text,
        PackSequence list => string.Join(", ", list.Items.OfType<PackScalar>().Select(item => item.Text)),
        PackMapping map => new JsonObject(map.Entries.Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)Written(entry.Value)))).ToJsonString(s_plain),
        _ => "",
    };
}
