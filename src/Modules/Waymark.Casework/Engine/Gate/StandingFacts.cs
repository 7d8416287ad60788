using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Casework.Registers;
using Waymark.Model;
using Waymark.Protection.Contracts;
using Waymark.Storage;

namespace Waymark.Casework.Engine;

/// <summary>
/// What the organisation decided before anything is collected for a purpose: the facts that its processing activities in force state at the gate (GDPR article 30,
/// Convention 108+ article 10, IOM principles R09 and R10). An activity counts for a register whose categories of data it covers. Nothing is kept between two
/// questions: an activity that is suspended says nothing from that moment on.
/// </summary>
internal sealed class StandingFacts(RegisterLibrary registers, CaseStore store)
{
    private const int Most = 200;
    private const string RecipientArea = "recipient.country";

    // Field of a review of a transfer: what may go.
    private const string AgreedCategories = "fields";

    private readonly RegisterPlan? _source = registers.All.FirstOrDefault(plan => plan.Standing is not null);

    /// <summary>The desk without facts that only a standing record states: a basis is decided beforehand, never claimed at the desk.</summary>
    public CaseDesk WithoutClaims(CaseDesk desk, RegisterPlan plan)
    {
        return desk.Facts.Keys.Any(IsDecided) ? desk with { Facts = desk.Facts.Where(fact => !IsDecided(fact.Key)).ToDictionary(fact => fact.Key, fact => fact.Value, StringComparer.Ordinal) } : desk;

        bool IsDecided(string fact) => _source?.Standing?.Owns(fact) == true || plan.Fields.Any(field => field.States.ContainsKey(fact));
    }

    /// <summary>Facts for a purpose and a register; null when no standing record covers them. A record that names nobody needs none, unless what is asked is about people (<paramref name="isOfPeople"/>).</summary>
    public async Task<IReadOnlyDictionary<string, IReadOnlyList<string>>?> OfAsync(RegisterPlan plan, string purpose, bool isOfPeople, CancellationToken cancellationToken)
    {
        if (_source is null || (!isOfPeople && Says("data.identifiable", plan) == "false"))
        {
            return null;
        }

        var page = await store.Store.Records.ListAsync(new(_source.Id, [Head(purpose)], Limit: Most), cancellationToken);
        if (!page.IsOk)
        {
            throw new StoreException(page.Error);
        }

        var needed = plan.Fields.Select(field => field.Category).Where(category => category != "none").Distinct(StringComparer.Ordinal).ToList();
        Dictionary<string, IReadOnlyList<string>>? facts = null;
        foreach (var stored in page.Value.Records)
        {
            var opened = await store.OpenAsync(_source, _source.Partition, stored, cancellationToken);
            if (opened.IsOk && _source.State(opened.Value.Document.State) is { IsStanding: true } && needed.TrueForAll(Codes(opened.Value.Document, _source.Standing!.Categories).Contains))
            {
                var said = await SaidAsync(opened.Value.Document, cancellationToken);
                facts = facts is null ? said : Together(facts, said);
            }
        }

        return facts;
    }

    /// <summary>
    /// What the records that this one names state about it while they stand and their time has not run out, towards the recipient they were made for: a transfer
    /// reviewed by two offices states its necessity, the protection there and what was agreed. Taken with <paramref name="typed"/>, which the engine knows of itself.
    /// </summary>
    public async Task<IReadOnlyDictionary<string, IReadOnlyList<string>>?> WithNamedAsync(
        IReadOnlyDictionary<string, IReadOnlyList<string>>? typed, RegisterPlan plan, RecordDocument? document, string recipient, CancellationToken cancellationToken)
    {
        Dictionary<string, IReadOnlyList<string>>? facts = null;
        foreach (var field in plan.Fields.Where(field => field.States.Count > 0))
        {
            if (document?.One(field.Path)?.Value.Member("id") is { } id)
            {
                foreach (var (fact, words) in await NamedAsync(field, id, recipient, cancellationToken))
                {
                    facts ??= new(typed ?? new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal), StringComparer.Ordinal);
                    facts[fact] = words;
                }
            }
        }

        return facts ?? typed;
    }

    /// <summary>
    /// The same for a receiver of the node's register, whose entry names the review. What was agreed for another country or area says nothing; where the receiver sits the register says.
    /// </summary>
    public async Task<Dictionary<string, IReadOnlyList<string>>> ForReceiverAsync(IReadOnlyDictionary<string, IReadOnlyList<string>> typed, Receiver receiver, CancellationToken cancellationToken)
    {
        var facts = new Dictionary<string, IReadOnlyList<string>>(typed, StringComparer.Ordinal);
        foreach (var field in receiver.Review is null ? [] : registers.All.SelectMany(plan => plan.Fields).Where(field => field.States.Count > 0))
        {
            var said = await NamedAsync(field, receiver.Review!, receiver.Type, cancellationToken);
            foreach (var (fact, words) in said.GetValueOrDefault(RecipientArea, [receiver.Area]).SequenceEqual([receiver.Area], StringComparer.Ordinal) ? said : [])
            {
                facts[fact] = words;
            }
        }

        facts[RecipientArea] = [receiver.Area];
        return facts;
    }

    /// <summary>
    /// Categories of data that two offices agreed may go to this kind of receiver: those of the review that the record names, while it stands. None where none stands; null in a register whose
    /// transfers nobody reviews record by record.
    /// </summary>
    public async Task<IReadOnlySet<string>?> AgreedAsync(RegisterPlan plan, RecordDocument document, string recipient, CancellationToken cancellationToken)
    {
        HashSet<string>? agreed = null;
        foreach (var field in plan.Fields.Where(field => field.States.Count > 0))
        {
            agreed ??= [];
            if (document.One(field.Path)?.Value.Member("id") is { } id && await StandsAsync(field, id, recipient, cancellationToken) is { } review)
            {
                agreed.UnionWith(Said(review, AgreedCategories));
            }
        }

        return agreed;
    }

    private async Task<Dictionary<string, IReadOnlyList<string>>> NamedAsync(FieldPlan field, string id, string recipient, CancellationToken cancellationToken) =>
        await StandsAsync(field, id, recipient, cancellationToken) is { } named
            ? field.States.Select(pair => (pair.Key, Words: Said(named, pair.Value))).Where(pair => pair.Words.Count > 0).ToDictionary(pair => pair.Key, pair => pair.Words, StringComparer.Ordinal) : [];

    /// <summary>The record that a field names, while it stands, its time has not run out, and it was made for this recipient.</summary>
    private async Task<Loaded?> StandsAsync(FieldPlan field, string id, string recipient, CancellationToken cancellationToken) =>
        await store.ReadAsync(new(field.Target!, id), cancellationToken) is { IsOk: true, Value: var named } && named.Plan.State(named.Document.State) is { IsStanding: true }
        && !store.IsOverdue(named.Plan, named.Document) && Said(named, field.StatesFor!).SequenceEqual([recipient], StringComparer.Ordinal) ? named : null;

    // What was entered since it was decided was decided by nobody.
    private static IReadOnlyList<string> Said(Loaded named, string path) =>
        named.Plan.Field(path) is { } said && named.Document.Fields.GetValueOrDefault(path)?.Version <= named.Document.StateVersion ? Codes(named.Document, said) : [];

    /// <summary>What a refused worker should know first: that nothing was decided yet for this purpose and register.</summary>
    public async Task<LocalText?> LackAsync(RegisterPlan plan, string purpose, CancellationToken cancellationToken) =>
        _source is null || Says("data.identifiable", plan) == "false" || await OfAsync(plan, purpose, isOfPeople: false, cancellationToken) is not null ? null
            : new LocalText(
                $"No processing activity in force covers this register for this purpose. The data-protection officer enters it under \"{_source.Title.In("en")}\", with its assessments, and a second person starts it.",
                $"尚无已生效的处理活动涵盖本登记册的此项目的。须由数据保护干事在“{_source.Title.In("zh")}”中登记并附评估，由第二人启动。");

    /// <summary>The heads of a record: its purposes while it stands.</summary>
    public static IReadOnlyList<RecordHead> Heads(RegisterPlan plan, RecordDocument document) => plan.Standing is { } standing && plan.State(document.State) is { IsStanding: true }
        ? [.. Codes(document, standing.Purposes).Select(Head)] : [];

    // A head for each purpose: a record names every head once, and an activity may have several purposes.
    private static RecordHead Head(string purpose) => new("standing." + purpose, "yes");

    private async Task<Dictionary<string, IReadOnlyList<string>>> SaidAsync(RecordDocument record, CancellationToken cancellationToken)
    {
        var (standing, facts) = (_source!.Standing!, new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal));
        foreach (var (fact, word) in standing.Always)
        {
            facts[fact] = [word];
        }

        foreach (var (fact, field) in standing.Fields)
        {
            if (Codes(record, field) is { Count: > 0 } words)
            {
                facts[fact] = words;
            }
        }

        foreach (var (fact, reference) in standing.References)
        {
            if (record.One(reference.Field.Path)?.Value.Member("id") is not { } id || reference.Field.Target is not { } register)
            {
                continue;
            }

            var other = await store.ReadAsync(new(register, id), cancellationToken);
            if (other.IsOk && other.Value.Plan.State(other.Value.Document.State) is { IsStanding: true })
            {
                var words = reference.Is is { } word ? [word] : reference.Of is { } path && other.Value.Plan.Field(path) is { } field ? Codes(other.Value.Document, field) : [];
                if (words.Count > 0)
                {
                    facts[fact] = words;
                }
            }
        }

        return facts;
    }

    /// <summary>Of several records: what binds gathers, what frees is what all share.</summary>
    private Dictionary<string, IReadOnlyList<string>> Together(Dictionary<string, IReadOnlyList<string>> first, Dictionary<string, IReadOnlyList<string>> second)
    {
        var facts = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var fact in first.Keys.Union(second.Keys, StringComparer.Ordinal))
        {
            var (left, right) = (first.GetValueOrDefault(fact, []), second.GetValueOrDefault(fact, []));
            IReadOnlyList<string> words = _source!.Standing!.Joined.Contains(fact) ? [.. left.Union(right, StringComparer.Ordinal)] : [.. left.Intersect(right, StringComparer.Ordinal)];
            if (words.Count > 0)
            {
                facts[fact] = words;
            }
        }

        return facts;
    }

    private static string? Says(string fact, RegisterPlan plan) => plan.Facts.GetValueOrDefault(fact) is [var word] ? word : null;

    // A field in conflict says nothing until somebody chose.
    private static IReadOnlyList<string> Codes(RecordDocument record, FieldPlan field) => record.One(field.Path) is { } claim ? CaseRights.Said(field, claim.Value) : [];
}
