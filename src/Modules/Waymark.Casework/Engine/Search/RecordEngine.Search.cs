using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Casework.People;
using Waymark.Casework.Registers;
using Waymark.Casework.Search;
using Waymark.Model;
using Waymark.Protection.Contracts;
using Waymark.Storage;

namespace Waymark.Casework.Engine;

/// <summary>Searching persons out of an open case.</summary>
public abstract partial class RecordEngine
{
    private protected const int MostCandidates = 300;

    private const int MostShown = 50;

    // Names, numbers and days of birth are compared, whatever references to a laboratory the case holds (F6).
    private static readonly Dictionary<string, IReadOnlyList<string>> s_byName = new(StringComparer.Ordinal) { ["data.biometric"] = ["false"] };

    public async Task<CaseAnswer<PersonMatches>> SearchPersonsAsync(CaseDesk desk, RecordAddress openCase, PersonQuestion question, CancellationToken cancellationToken)
    {
        var loaded = await KnownAsync(desk, openCase, cancellationToken);
        if (!loaded.IsOk || loaded.Value.Plan.Id == PersonCore.Register || loaded.Value.Plan.State(loaded.Value.Document.State) is not { IsTerminal: false })
        {
            return Error.Refused("search.case", "A person is searched for out of an open case.", "须从未结案的个案中检索个人。");
        }

        var partition = loaded.Value.Partition;
        var keys = await _store.KeysAsync(partition, cancellationToken);
        if (!keys.IsOk)
        {
            return keys.Error;
        }

        var asked = Asked(keys.Value, question);
        if (asked.Count == 0)
        {
            return Error.Invalid("search.empty", "A name, a number, or a name with a date of birth is needed.", "须提供姓名、编号，或姓名与出生日期。");
        }

        if (await BudgetAsync(desk, keys.Value, question, cancellationToken) is { } stop)
        {
            return stop;
        }

        var plan = Registers.Find(PersonCore.Register)!;
        var request = await AskAsync(desk, loaded.Value.Plan, loaded.Value.Document.Id, loaded.Value.Document, CaseRights.Persons(loaded.Value.Plan, loaded.Value.Document), "search", "none", s_byName, cancellationToken);
        var answer = await _parts.Gate.OpenAsync(request, token => MatchesAsync(desk, plan, partition, keys.Value, asked, question, Rows(desk, plan, request), token), cancellationToken);
        return Answer(answer, matches => matches);
    }

    /// <summary>Pairs of parts and numbers first; a year alone finds nobody, it only narrows.</summary>
    private protected static List<RecordKey> Asked(KeyMaker keys, PersonQuestion question)
    {
        var asked = new List<RecordKey>();
        if (question.Identifier is { } number)
        {
            asked.AddRange(keys.Identifier(number));
        }

        if (question.Name is { } name)
        {
            asked.AddRange(keys.Name(name[..Math.Min(name.Length, 200)]));
            asked.AddRange(asked.Count > 0 && question.Birth is { } birth ? keys.Date(birth).Where(key => key.Kind == (short)KeyKind.Day) : []);
        }

        return [.. asked.Distinct().Take(128)];
    }

    private async Task<PersonMatches> MatchesAsync(
        CaseDesk desk, RegisterPlan plan, RecordPartition partition, KeyMaker keys, List<RecordKey> asked, PersonQuestion question, RowGate gate, CancellationToken cancellationToken)
    {
        var found = await _parts.Store.Records.SearchAsync(new(partition, [plan.Id], asked, CaseRights.Filter(Registers, desk)) { MostRecords = MostCandidates + 1 }, cancellationToken);
        var (score, likely) = (new NameScore(keys), new List<(RecordDocument Person, PersonMatch Match)>());
        foreach (var stored in await _parts.Store.Records.GetManyAsync(partition, plan.Id, [.. found.Records.Take(MostCandidates).Select(match => match.Id)], cancellationToken))
        {
            var opened = await _store.OpenAsync(plan, partition, stored, cancellationToken);
            if (opened.IsOk && CaseRights.MayKnow(Registers, desk, plan, opened.Value.Document) && Match(score, partition, opened.Value.Document, question) is { } match)
            {
                likely.Add((opened.Value.Document, match));
            }
        }

        var matches = likely.Zip(await gate.OfAsync([.. likely.Select(one => one.Person)], cancellationToken)).Where(one => one.Second is { Stopped: null }).Select(one => one.First.Match).ToList();
        // A capped key counts as "more" only where no rarer key answered.
        return new([.. matches.OrderByDescending(match => match.Weight).ThenBy(match => match.Address.Id, StringComparer.Ordinal).Take(MostShown)],
            found.CappedKeys.Count > 0 || found.Records.Count > MostCandidates || matches.Count > MostShown);
    }

    private static PersonMatch? Match(NameScore score, RecordPartition partition, RecordDocument person, PersonQuestion question)
    {
        var reasons = new List<string>();
        var weight = 0.0;
        var names = PersonCore.Names(person).ToList();
        if (question.Name is { } asked && names.Count > 0 && names.Max(name => score.Of(asked, name)) is var best and >= 0.5)
        {
            weight += best;
            reasons.Add(best >= 0.97 ? "name" : "name-similar");
        }

        var births = person.Fields.GetValueOrDefault("birth")?.Claims.Select(claim => claim.Value.Text).ToList() ?? [];
        if (births.Count > 0 && births.Max(birth => NameScore.Birth(question.Birth, birth)) is var day and > 0)
        {
            weight += 0.5 * day;
            reasons.Add(day >= 1 ? "birth" : "birth-partly");
        }

        if (question.Identifier is { } number && PersonCore.Many(person, "papers", "number").Any(paper => Bare(paper.Value.Member("value") ?? "") == Bare(number)))
        {
            weight += 1;
            reasons.Add("number");
        }

        return weight >= 0.5 && reasons.Exists(reason => !reason.StartsWith("birth", StringComparison.Ordinal))
            ? new(new(PersonCore.Register, person.Id, partition), names, births is [var only] ? only : null, reasons, Math.Round(weight, 3)) : null;
    }

    private static string Bare(string text) => string.Concat(text.Where(char.IsLetterOrDigit)).ToUpperInvariant();

    /// <summary>Counts names asked per account, whatever the unit (M04). The same name again costs nothing; a rhythm like a list, or too many, stops and alarms.</summary>
    private protected async Task<Error?> BudgetAsync(CaseDesk desk, KeyMaker keys, PersonQuestion question, CancellationToken cancellationToken)
    {
        var id = Convert.ToHexStringLower(keys.Key(KeyKind.Member, desk.Actor.Account).Key.Span);
        var asked = Convert.ToHexStringLower(keys.Key(KeyKind.Word, $"{question.Name}\n{question.Identifier}").Key.Span);
        for (var tries = 0; tries < MostTries; tries++)
        {
            var stored = await _parts.Store.Records.GetAsync(SearchBudget.Register, id, cancellationToken);
            var (budget, error) = (stored is null ? SearchBudget.Empty : RecordJson.Read<SearchBudget>(stored.Document.Span)).Spend(asked, _parts.Time.GetUtcNow());
            var written = await _parts.Store.CommitAsync(new()
            {
                Actor = desk.Actor.Account, Reason = error?.Code ?? "search.ask",
                Records = [new(SearchBudget.Register, id, stored?.Version ?? 0, RecordJson.Bytes(budget), RecordJson.Bytes(new { did = error?.Code ?? "asked" }), [])],
                Tasks = error is null || !budget.IsFirstStop ? [] : [Alarm(error.Code, desk)],
            }, cancellationToken);
            if (written.IsOk || written.Error.Code != "store.conflict")
            {
                return error ?? written.Error;
            }
        }

        return Error.Unavailable("search.busy", "Try again in a moment.", "请稍后重试。");
    }
}
