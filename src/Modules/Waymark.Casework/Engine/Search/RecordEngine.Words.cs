using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Casework.Registers;
using Waymark.Casework.Search;
using Waymark.Storage;

namespace Waymark.Casework.Engine;

/// <summary>Records of a register by the words, numbers and dates that stand in them, or by their reference. Names find nobody here: persons are found out of a case.</summary>
public abstract partial class RecordEngine
{
    private const int MostTerms = 8;

    public async Task<CaseAnswer<FoundRecords>> FindRecordsAsync(CaseDesk desk, string register, string text, CancellationToken cancellationToken)
    {
        if (Registers.Find(register) is not { IsTyped: false } plan || !desk.Actor.Units.Contains(desk.Unit, StringComparer.Ordinal) || (Registers.Bits([desk.Purpose]) & plan.PurposeBits) == 0)
        {
            return CaseStore.Nothing();
        }

        var keys = await _store.KeysAsync(plan.Partition, cancellationToken);
        if (!keys.IsOk)
        {
            return keys.Error;
        }

        var terms = Terms(keys.Value, plan, text);
        if (terms.Count == 0)
        {
            return Model.Error.Invalid("search.no-words", "Enter a reference, a number, a date or words of two letters or more.", "请输入编号、号码、日期或至少两个字的词语。", "words");
        }

        // What is looked for costs like a name: nobody reads a register off by its words.
        if (await BudgetAsync(desk, keys.Value, new(text), cancellationToken) is { } stop)
        {
            return stop;
        }

        var matter = "search." + plan.Id;
        var request = await AskListAsync(desk, plan, matter, cancellationToken);
        return Answer(await _parts.Gate.OpenAsync(request, token => FoundAsync(desk, plan, keys.Value, terms, Rows(desk, plan, request), token), cancellationToken), found => found);
    }

    private async Task<FoundRecords> FoundAsync(CaseDesk desk, RegisterPlan plan, KeyMaker keys, List<IReadOnlyList<RecordKey>[]> terms, RowGate gate, CancellationToken cancellationToken)
    {
        var asked = terms.SelectMany(term => term).SelectMany(way => way).Distinct().Take(128).ToList();
        var found = await _parts.Store.Records.SearchAsync(new(plan.Partition, [plan.Id], asked, CaseRights.Filter(Registers, desk, Sensitivity.Severe)), cancellationToken);
        var candidates = found.Records.Where(record => Fits(terms, record.Keys.Select(at => asked[at]).ToHashSet())).Take(MostCandidates + 1).ToList();
        var (hidden, said) = (CaseRights.Hidden(Registers, desk), new Dictionary<string, IReadOnlyList<IReadOnlySet<string>>>(StringComparer.Ordinal));
        var stored = await _parts.Store.Records.GetManyAsync(plan.Partition, plan.Id, [.. candidates.Take(MostCandidates).Select(match => match.Id)], cancellationToken);
        var shown = await ShownAsync(desk, plan, stored, (document, isHidden) => (said[document.Id] = By(plan, document, keys, terms, isHidden)).Count == terms.Count, hidden, gate, cancellationToken);
        var rows = shown.Select(row => new FoundRecord(row, said[row.Address.Id])).ToList();
        return new(plan, [.. rows.OrderByDescending(row => row.Row.ChangedAt).ThenBy(row => row.Row.Address.Id, StringComparer.Ordinal).Take(MostShown)],
            found.CappedKeys.Count > 0 || candidates.Count > MostCandidates || rows.Count > MostShown);
    }

    /// <summary>Each term in the ways that it may be meant; a way fits where all its keys stand.</summary>
    private static List<IReadOnlyList<RecordKey>[]> Terms(KeyMaker keys, RegisterPlan plan, string text) =>
    [
        .. text[..Math.Min(text.Length, 200)].Split([' ', '　', ',', '，'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct(StringComparer.Ordinal).Take(MostTerms)
            .Select(term => new IReadOnlyList<RecordKey>[]
            {
                Said(plan, term) is { } id ? [keys.Key(KeyKind.Reference, id)] : [], [.. keys.FinestDate(term)], [.. keys.Identifier(term)], [.. keys.Words(term)],
            }.Where(way => way.Count > 0).ToArray()).Where(term => term.Length > 0),
    ];

    private static string? Said(RegisterPlan plan, string term) =>
        string.Concat(term.Where(char.IsAsciiLetterOrDigit)) is { Length: >= 10 and <= 12 } bare && bare[..^8].Equals(plan.Reference, StringComparison.OrdinalIgnoreCase) ? bare[^8..].ToLowerInvariant() : null;

    private static bool Fits(List<IReadOnlyList<RecordKey>[]> terms, HashSet<RecordKey> carried) => terms.TrueForAll(term => term.Any(way => way.All(carried.Contains)));

    /// <summary>
    /// Per term the masks of the fields that say it; fewer than terms where one is said by no field that the purpose may see. The empty mask is what the gate never hides.
    /// </summary>
    private static List<IReadOnlySet<string>> By(RegisterPlan plan, RecordDocument document, KeyMaker keys, List<IReadOnlyList<RecordKey>[]> terms, Func<FieldPlan, bool> hidden)
    {
        var said = new List<(string Mask, HashSet<RecordKey> Keys)> { ("", [keys.Key(KeyKind.Reference, document.Id[..8])]) };
        foreach (var (path, state) in document.Fields)
        {
            if (plan.Field(RecordDocument.PlanPath(path)) is { } field && plan.SearchOf(field) is not (SearchKind.None or SearchKind.Name) and var kind && !hidden(field))
            {
                said.Add((field.Mask ?? "", [.. state.Claims.SelectMany(claim => keys.Of(kind, claim.Value))]));
            }
        }

        return [.. terms.Select(term => said.Where(field => term.Any(way => way.All(field.Keys.Contains))).Select(field => field.Mask).ToHashSet(StringComparer.Ordinal)).Where(by => by.Count > 0)];
    }
}
