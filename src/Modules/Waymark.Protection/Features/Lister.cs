using System.Text;
using Waymark.Audit.Contracts;
using Waymark.Ledger;
using Waymark.Model;
using Waymark.Protection.Contracts;
using Waymark.Protection.Domain;
using Waymark.Rules;
using Waymark.Storage;
using RowFilter = Waymark.Storage.RowFilter;

namespace Waymark.Protection.Features;

/// <summary>Lists through the gate: each record is decided, what is denied is left out without a trace, and one leaf stands for the whole answer before its first byte.</summary>
internal sealed class Lister(RuleBook book, IStore store, PersonVault vault, PersonSalts salts, OwnFacts own, TimeProvider time)
{
    /// <summary>The fact that orders records by how much harm they can do; a vocabulary need not have it.</summary>
    private const string Sensitivity = "data.sensitivity";

    /// <summary>Ground of the decision that stands for a whole list.</summary>
    public const string Ground = "gate.listed";
    private const int MostRead = 1_000;

    /// <summary>What all records have in common; error of the first wrong fact.</summary>
    public async Task<Result<RowFilter>> FilterAsync(ListRequest request, CancellationToken cancellationToken)
    {
        var facts = book.Rules.NewRequest();
        if (await SetAsync(facts, Question(request, "", [], request.Facts), cancellationToken) is { } wrong)
        {
            return wrong;
        }

        var recordFacts = request.RecordFacts.Concat(OwnFacts.OfPersons).Select(book.Rules.Vocabulary.Find).OfType<Fact>().Distinct().ToList();
        foreach (var fact in recordFacts)
        {
            facts.Remove(fact);
        }

        var filter = new ListingQuery(book.Rules, facts, recordFacts).Filter();
        var sensitivity = filter.Facts.FirstOrDefault(item => item.Fact.Id == Sensitivity);
        var purpose = book.Rules.Vocabulary.Find("purpose")?.Codes?.Find(request.Purpose)?.Index ?? -1;
        return ListingFilters.Of(request.Actor.Units, purpose, !filter.IsEmpty, sensitivity is null ? null : sensitivity.MayBeUnknown ? byte.MaxValue : sensitivity.Codes.DefaultIfEmpty(-1).Max());
    }

    public async Task<Result<(Listing<T> Listing, string Decision)>> ListAsync<T>(ListRequest request, IReadOnlyList<ListedRow<T>> rows, CancellationToken cancellationToken) where T : IPersonal<T>
    {
        if (rows.Count > MostRead)
        {
            return Error.TooLarge("gate.too-many", $"More than {MostRead} records at once; ask in parts.", $"一次超过 {MostRead} 条记录；请分批询问。");
        }

        var states = await book.StatesAsync(cancellationToken);
        var rules = await book.InForceAsync(states, cancellationToken);
        var (listed, persons, isCut) = (new List<ListedRow<T>>(), new HashSet<string>(StringComparer.Ordinal), false);
        foreach (var row in rows)
        {
            if (await MayAsync(request, row, rules, states, cancellationToken) is not { } masked)
            {
                continue;
            }

            if (persons.Union(row.Persons).Count() > Gate.MostPersons)
            {
                isCut = true;
                break;
            }

            persons.UnionWith(row.Persons);
            listed.Add(masked.Count == 0 ? row : row with { Value = row.Value.Without(masked) });
        }

        var written = await WriteAsync(request, rules, [.. listed.Select(row => row.Id)], [.. persons], cancellationToken);
        return written.IsOk ? (new Listing<T>(listed, isCut), written.Value) : written.Error;
    }

    /// <summary>The fields to hide when the record may be listed; null when it may not.</summary>
    private async Task<IReadOnlySet<string>?> MayAsync<T>(ListRequest request, ListedRow<T> row, RulesInForce rules, IReadOnlyList<PackState> states, CancellationToken cancellationToken)
    {
        if (row.CarriedPurposes is { } carried && !carried.Contains(request.Purpose))
        {
            return null;
        }

        var all = new Dictionary<string, IReadOnlyList<string>>(request.Facts, StringComparer.Ordinal);
        foreach (var (fact, values) in row.Facts)
        {
            all[fact] = values;
        }

        // What the record was collected for stands in the record, not in the question.
        var declared = all.Remove(OwnFacts.Declared, out var stated) && stated is [var one] ? one : null;
        var question = Question(request, row.Matter, row.Persons, all) with { DeclaredPurpose = declared };
        var facts = book.Rules.NewRequest();
        if (all.Keys.Any(OwnFacts.IsOwn) || await SetAsync(facts, question, cancellationToken) is not null || !rules.IsPermit(facts))
        {
            return null;
        }

        var handles = new List<string>();
        foreach (var person in row.Persons.Append(row.Matter))
        {
            var handle = await vault.HandleAsync(person, cancellationToken);
            handles.Add(handle.IsOk ? handle.Value : throw new StoreException(handle.Error));
        }

        var explained = rules.Explain(facts, _ => ExplainOptions.Everything);
        var trails = await Trails.ReadAsync(store, handles[..^1], cancellationToken);
        return Trails.Check(trails, handles[^1], question) is null && !RuleBook.NotAdopted(explained.Explanation, states).Any() ? explained.Masked : null;
    }

    private async Task<Error?> SetAsync(RequestFacts facts, GateRequest question, CancellationToken cancellationToken)
    {
        foreach (var (fact, values) in question.Facts)
        {
            if (facts.Set(fact, [.. values]) is { } wrong)
            {
                return wrong;
            }
        }

        return await own.SetAsync(facts, question, cancellationToken);
    }

    private static GateRequest Question(ListRequest request, string matter, IReadOnlyList<string> persons, IReadOnlyDictionary<string, IReadOnlyList<string>> facts) =>
        new(request.Actor, request.Unit, matter, persons, request.Action, request.Purpose, facts);

    // One decision and one leaf for the answer: purpose, and keyed hashes of what was asked and of what came back.
    private async Task<Result<string>> WriteAsync(ListRequest request, RulesInForce rules, IReadOnlyList<string> ids, IReadOnlyList<string> persons, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var actorSalt = await salts.OfAsync(SaltKind.Actor, request.Actor.Account, cancellationToken);
        var query = await vault.HandleAsync("list\n" + request.Query, cancellationToken);
        var answer = await vault.HandleAsync("listed\n" + string.Join('\n', ids.Order(StringComparer.Ordinal)), cancellationToken);
        if (!actorSalt.IsOk || !query.IsOk || !answer.IsOk)
        {
            return actorSalt.Error ?? query.Error ?? answer.Error!;
        }

        var handles = new List<string>();
        foreach (var person in persons)
        {
            var handle = await vault.HandleAsync(person, cancellationToken);
            handles.Add(handle.IsOk ? handle.Value : throw new StoreException(handle.Error));
        }

        var record = Encoding.UTF8.GetBytes($"waymark.listing/1\n{request.Action}\n{request.Purpose}\n{query.Value}\n{answer.Value}\n");
        var leaf = ActLeaves.Leaf(LeafId.New(now), request.Actor.Account, actorSalt.Value, [], record);
        var document = new DecisionDocument(
            DecisionWriter.NewId(), now, request.Actor.Account, request.Actor.Role, request.Unit, "", handles, request.Action, request.Purpose, true, Ground, false,
            [.. rules.Standing.Packs.Select(pack => new DecidedPack(pack.Id, pack.Version, pack.Hash))], leaf.Id.ToString(), record, null);
        var written = await store.CommitAsync(
            new() { Actor = request.Actor.Account, Reason = Ground, Records = [DecisionWriter.Write(document), .. DecisionWriter.Index(document)], Leaves = [leaf.Encode()] }, cancellationToken);
        return written.IsOk ? document.Id : written.Error;
    }
}
