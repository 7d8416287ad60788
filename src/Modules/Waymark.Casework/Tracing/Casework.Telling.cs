using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Casework.Engine;
using Waymark.Casework.People;
using Waymark.Casework.Registers;
using Waymark.Casework.Tracing;
using Waymark.Model;
using Waymark.Protection.Contracts;

namespace Waymark.Casework.Features;

/// <summary>What a family may be told, by whom and over which channel, once the person found agreed; every look at it is asked of the gate and entered in the ledger (F9, G15).</summary>
public sealed partial class Casework
{
    private const string Family = "family";

    private const string TracingPurpose = "family-tracing";

    private static readonly HashSet<string> s_agreeing = new(StringComparer.Ordinal) { "contact-wanted", "message-only", "alive-only" };

    private static readonly HashSet<string> s_contact = new(StringComparer.Ordinal) { "place", "contact" };

    public async Task<CaseAnswer<Disclosure>> DisclosureAsync(CaseDesk desk, RecordAddress request, CancellationToken cancellationToken)
    {
        var loaded = await KnownAsync(desk, request, cancellationToken);
        if (!loaded.IsOk || loaded.Value.Plan.Id != MatchReview.Requests)
        {
            return CaseStore.Nothing();
        }

        // One answer for every world but the one in which the request itself says that it was agreed (M26).
        var (plan, document) = (loaded.Value.Plan, loaded.Value.Document);
        var (answer, outcome) = (Code(document, "answer-of-located"), Code(document, "outcome"));
        if (document.State != MatchReview.Located || (outcome != MatchReview.Dead && (answer is null || !s_agreeing.Contains(answer))) || !await StillAgreesAsync(document, cancellationToken))
        {
            return NothingToTell();
        }

        var to = new List<DisclosedTo>();
        foreach (var enquirer in document.Persons.Where(person => person.Role == MatchReview.Enquirer))
        {
            if (await _store.ReadAsync(new(PersonCore.Register, enquirer.Person, loaded.Value.Partition), cancellationToken) is { IsOk: true } person)
            {
                to.Add(new([.. PersonCore.Names(person.Value.Document)], SafeContact.Channels(person.Value.Document), person.Value.Document.One("languages")?.Value.Text));
            }
        }

        var question = await AskAsync(desk, plan, document.Id, document, CaseRights.Persons(plan, document), "contact", Family, await TypedAsync(loaded.Value, document, "contact", cancellationToken), cancellationToken);
        var sheet = new Disclosure(plan, References.Of(plan, document.Id), document.StateVersion, answer, outcome, document.One("may-tell")?.Value.Text, document.One("message-back")?.Value, outcome == MatchReview.Dead ? document.One("if-deceased")?.Value : null, to);
        return Answer(await _parts.Gate.OpenAsync(question, _ => Task.FromResult(sheet), cancellationToken), view => view);
    }

    /// <summary>
    /// True while the person found, as the holder's record has it now, agrees and bars nobody who asks; for the dead there is nobody to ask, and the identification has to stand. A report of somebody
    /// missing locates nobody.
    /// </summary>
    private async Task<bool> StillAgreesAsync(RecordDocument request, CancellationToken cancellationToken)
    {
        if (await HeldOfAsync(request, cancellationToken) is not var (held, person) || await BarsWhoAsksAsync(request, held, person, cancellationToken))
        {
            return false;
        }

        return held.Plan.Id switch
        {
            MatchReview.Found => held.Document.State == MatchReview.Told && await _parts.Consents.FindAsync(person, TracingPurpose, Family, cancellationToken) is { Choice: ConsentChoice.Given } consent
                && (consent.Expires is null || consent.Expires > _parts.Time.GetUtcNow()),
            MatchReview.Deceased => MatchReview.IsIdentified(held.Document.State),
            _ => false,
        };
    }

    /// <summary>
    /// Whether the person, as known here or where they were found, bars somebody of the family (F10, M28): a rule made after the answer outweighs it. Whoever wants to be in contact tells where they
    /// are; every other answer tells nothing but that.
    /// </summary>
    private async Task<bool> BarsWhoAsksAsync(RecordDocument request, Loaded held, string person, CancellationToken cancellationToken)
    {
        var persons = new List<RecordDocument>();
        foreach (var address in request.Persons.Where(one => one.Role == "sought").Select(one => one.Person).Append(person).Distinct(StringComparer.Ordinal))
        {
            persons.AddRange(await _store.ReadAsync(new(PersonCore.Register, address, held.Partition), cancellationToken) is { IsOk: true } read ? [read.Value.Document] : []);
        }

        var told = Code(request, "answer-of-located") == "contact-wanted" ? s_contact : [];
        return request.Persons.Where(one => one.Role == MatchReview.Enquirer).Any(one => SafeContact.Check(new OutputParty(one.Person, null, null), persons, told) is not null);
    }

    /// <summary>The record behind a request's confirmed match, and its person there.</summary>
    private async Task<(Loaded Held, string Person)?> HeldOfAsync(RecordDocument request, CancellationToken cancellationToken) =>
        request.One("match-decision")?.Value is { } decided && await ReadAsync(decided, cancellationToken) is { IsOk: true } review
        && review.Value.Document.Persons.FirstOrDefault(person => person.Role == "held") is { } held && review.Value.Document.One("record")?.Value is { } pointer
        && await ReadAsync(pointer, cancellationToken) is { IsOk: true } record ? (record.Value, held.Person) : null;

    /// <summary>
    /// The person found agreed in the record held; the same person stands in the request under another id, and the gate asks there. Written before the answer passes: without an answer
    /// nothing can be told, whatever was agreed.
    /// </summary>
    private async Task<Error?> CarryConsentAsync(RecordDocument found, CancellationToken cancellationToken)
    {
        if (found.One("match-decision")?.Value is not { } decided || await ReadAsync(decided, cancellationToken) is not { IsOk: true } review)
        {
            return null;
        }

        var persons = review.Value.Document.Persons;
        if (persons.FirstOrDefault(person => person.Role == "held") is not { } held || persons.FirstOrDefault(person => person.Role == "sought") is not { } sought
            || await _parts.Consents.FindAsync(held.Person, TracingPurpose, Family, cancellationToken) is not { Choice: ConsentChoice.Given } consent)
        {
            return null;
        }

        var carried = await _parts.Consents.RecordAsync(consent with { Person = sought.Person, RecordedBy = "match." + review.Value.Document.Id }, cancellationToken);
        return carried.Error;
    }

    private static string? Code(RecordDocument document, string path) => document.One(path)?.Value.Member("code");

    private static Error NothingToTell() => Error.Refused("tracing.nothing-to-tell", "There is nothing yet that the family may be told.", "目前尚无可告知家属的内容。");
}
