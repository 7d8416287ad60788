using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Casework.People;
using Waymark.Casework.Registers;
using Waymark.Casework.Search;
using Waymark.Model;
using Waymark.Protection.Contracts;
using Waymark.Storage;

namespace Waymark.Casework.Features;

/// <summary>Searching persons out of an open case, printing.</summary>
public sealed partial class Casework
{
    private const int MostCandidates = 300;

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
        var answer = await _parts.Gate.OpenAsync(request, token => MatchesAsync(desk, plan, partition, keys.Value, asked, question, token), cancellationToken);
        return Answer(answer, matches => matches);
    }

    /// <summary>Pairs of parts and numbers first; a year alone finds nobody, it only narrows.</summary>
    private static List<RecordKey> Asked(KeyMaker keys, PersonQuestion question)
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
        CaseDesk desk, RegisterPlan plan, RecordPartition partition, KeyMaker keys, List<RecordKey> asked, PersonQuestion question, CancellationToken cancellationToken)
    {
        var found = await _parts.Store.Records.SearchAsync(new(partition, [plan.Id], asked, CaseRights.Filter(Registers, desk)), cancellationToken);
        var (score, stopped) = (new NameScore(keys), new StoppedRows(this, desk, "search"));
        var matches = new List<PersonMatch>();
        foreach (var stored in await _parts.Store.Records.GetManyAsync(partition, plan.Id, [.. found.Records.Take(MostCandidates).Select(match => match.Id)], cancellationToken))
        {
            var opened = await _store.OpenAsync(plan, partition, stored, cancellationToken);
            if (opened.IsOk && CaseRights.MayKnow(Registers, desk, plan, opened.Value.Document) && await stopped.OfAsync(plan, opened.Value.Document, cancellationToken) is null
                && Match(score, partition, opened.Value.Document, question) is { } match)
            {
                matches.Add(match);
            }
        }

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

    /// <summary>Counts names asked per account and unit (M04). The same name again costs nothing; a rhythm like a list, or too many, stops and alarms.</summary>
    private async Task<Error?> BudgetAsync(CaseDesk desk, KeyMaker keys, PersonQuestion question, CancellationToken cancellationToken)
    {
        var id = Convert.ToHexStringLower(keys.Key(KeyKind.Member, desk.Actor.Account + "\n" + desk.Unit).Key.Span);
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

    public async Task<CaseAnswer<PrintSheet>> PrintAsync(CaseDesk desk, RecordAddress record, OutputParty reader, CancellationToken cancellationToken)
    {
        var loaded = await KnownAsync(desk, record, cancellationToken);
        if (!loaded.IsOk)
        {
            return loaded.Error;
        }

        if (reader.Kind is not { Length: > 0 } kind)
        {
            return Error.Invalid("print.kind", "Say who receives the sheet: the rules on a sheet that leaves depend on it.", "请说明由谁接收打印件：对外打印件的规则取决于此。", "kind");
        }

        var (plan, document) = (loaded.Value.Plan, loaded.Value.Document);
        var hidden = CaseRights.Hidden(Registers, desk);
        var lines = plan.View.Print.SelectMany(field => plan.Fields.Where(inner => inner == field || inner.Group == field)).Where(field => field.Type != FieldType.Group && !hidden(field))
            .SelectMany(field => document.Fields.Where(value => RecordDocument.PlanPath(value.Key) == field.Path).OrderBy(value => value.Key, StringComparer.Ordinal)
                .Select(value => (field, value.Key, value.Value.Claims))).ToList();
        if (await BarredAsync(loaded.Value, reader, lines.Select(line => line.field.Mask).OfType<string>().ToHashSet(StringComparer.Ordinal), cancellationToken) is { } barred)
        {
            return barred;
        }

        // A sheet is a copy that is carried away, like a list: it counts with the others of the day, and its mark names who made it (M53).
        var persons = CaseRights.Persons(plan, document);
        var carried = await CarriedAsync(desk, plan, persons, cancellationToken);
        if (!carried.IsOk)
        {
            return carried.Error;
        }

        async Task<PrintSheet> MakeAsync(CancellationToken token)
        {
            var (mark, now) = await KeepCopyAsync(desk, plan, 1, persons, "print", kind == OutputParty.Inside ? null : kind, token);
            return new(plan, References.Of(plan, document.Id), lines, now, mark);
        }

        if (kind == OutputParty.Inside)
        {
            return Answer(await _parts.Gate.OpenAsync(await AskAsync(desk, plan, document.Id, document, carried.Value, "read", kind, cancellationToken), MakeAsync, cancellationToken), sheet => sheet);
        }

        var facts = new Dictionary<string, IReadOnlyList<string>>(await TypedAsync(loaded.Value, document, Transfer, cancellationToken), StringComparer.Ordinal) { ["recipient.barred"] = ["false"] };
        if (reader.Area is { Length: > 0 } area)
        {
            facts["recipient.country"] = [area];
        }

        var answer = await _parts.Gate.CarryAsync(
            $"print.{plan.Id} {document.Id} {kind}", [.. carried.Value.Union(persons, StringComparer.Ordinal)], [await AskAsync(desk, plan, document.Id, document, persons, Transfer, kind, facts, cancellationToken)], cancellationToken);
        if (answer.Held is not null || answer.Error is not null || answer.Parts[0].Permit is not { } permit)
        {
            var refusal = answer.Held ?? (answer.Error is null ? answer.Parts[0].Refusal : null);
            return new(null, refusal, answer.Error) { Decision = refusal?.Decision };
        }

        return new((await MakeAsync(cancellationToken)).Without(permit.Masked), null, null) { Duties = permit.Duties };
    }

    /// <summary>The check that every output passes: everybody named in the record, against who reads it (F10, M22, M28).</summary>
    private async Task<Error?> BarredAsync(Loaded loaded, OutputParty reader, IReadOnlySet<string> masks, CancellationToken cancellationToken)
    {
        var persons = new List<RecordDocument>();
        foreach (var id in CaseRights.Persons(loaded.Plan, loaded.Document))
        {
            var person = loaded.Plan.Id == PersonCore.Register ? loaded : (await _store.ReadAsync(new(PersonCore.Register, id, loaded.Partition), cancellationToken)).Match(known => known, _ => null!);
            if (person is null)
            {
                // Somebody whose rules cannot be read goes out to nobody.
                return SafeContact.Refused;
            }

            persons.Add(person.Document);
        }

        return SafeContact.Check(reader, persons, masks);
    }
}
