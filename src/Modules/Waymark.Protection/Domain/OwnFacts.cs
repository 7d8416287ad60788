using System.Globalization;
using Waymark.Model;
using Waymark.Protection.Contracts;
using Waymark.Rules;

namespace Waymark.Protection.Domain;

/// <summary>
/// Facts that no caller states, because the gate knows them itself: who acts, when, what the person chose, which exception is in force, what is on hold.
/// Whoever states one of them is refused; what the gate does not know stays unknown, and unknown never permits.
/// </summary>
internal sealed class OwnFacts(IConsents consents, IExceptions exceptions, Features.RuleBook book, TimeProvider time)
{
    /// <summary>What the data were collected for: from the matter's register, never stated.</summary>
    public const string Declared = "purpose.declared";

    private const string Consenting = "consent.";
    private const string Excepting = "derogation.";
    private const string Held = "retention.legal_hold";

    private static readonly HashSet<string> s_own = new(StringComparer.Ordinal)
    {
        "action", "purpose", Declared, "request.time", "actor.role", "actor.clearance", "log.entry", "controller.organisation", "controller.profile", Held,
        "consent.status", "consent.scope", "consent.explicit", "consent.informed", "consent.form", "consent.withdrawn",
        "derogation.rule", "derogation.reason", "derogation.approver", "derogation.expiry",
    };

    private static readonly Dictionary<string, string> s_roles = new(StringComparer.Ordinal)
    {
        ["case-worker"] = "case-worker", ["supervisor"] = "supervisor", ["data-protection-officer"] = "dpo", ["legal-officer"] = "legal", ["oversight"] = "auditor",
    };

    /// <summary>Those that hang on the persons or the matter of one record.</summary>
    public static IEnumerable<string> OfPersons => s_own.Where(fact => fact.StartsWith(Consenting, StringComparison.Ordinal) || fact.StartsWith(Excepting, StringComparison.Ordinal) || fact == Held);

    public static bool IsOwn(string fact) => s_own.Contains(fact);

    public async Task<Error?> SetAsync(RequestFacts facts, GateRequest request, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        Error? wrong = null;
        void Put(string fact, params ReadOnlySpan<string> values)
        {
            // A vocabulary of an operator need not have every fact; a value that it does not know stays unknown.
            if (facts.Vocabulary.Find(fact) is not null)
            {
                wrong ??= facts.Set(fact, values);
            }
        }

        Put("action", request.Action);
        Put("purpose", request.Purpose);
        if (request.DeclaredPurpose is { } declared)
        {
            Put(Declared, declared);
        }

        if (book.Controller.Length > 0)
        {
            Put("controller.organisation", book.Controller);
        }

        Put("log.entry", "true");
        if (s_roles.TryGetValue(request.Actor.Role, out var role))
        {
            Put("actor.role", role);
        }

        if (book.Clearances.TryGetValue(request.Actor.Role, out var clearance))
        {
            Put("actor.clearance", clearance.ToString(CultureInfo.InvariantCulture));
        }

        if (facts.Vocabulary.Time is { } clock)
        {
            facts.Set(clock, Value.Of(now));
        }

        Beside(Put, facts.Vocabulary, request.Action, request.Purpose, await KeptAsync(request, Recipient(request), cancellationToken));
        return wrong;
    }

    /// <summary>
    /// Sets what is kept about the persons and the matter of many rows of one question. What is not <paramref name="heard"/> is not looked up; the choices of all persons are read at once.
    /// </summary>
    public async Task<Func<AskedRow, RequestFacts, Error?>> OfRowsAsync(GateRequest whole, IReadOnlyList<AskedRow> rows, IReadOnlySet<string> heard, CancellationToken cancellationToken)
    {
        var persons = heard.Any(fact => fact.StartsWith(Consenting, StringComparison.Ordinal)) ? rows.SelectMany(row => row.Persons).ToHashSet(StringComparer.Ordinal) : [];
        var (choices, held, inForce) = (persons.Count == 0 ? new Dictionary<string, Consent>(StringComparer.Ordinal) : await consents.LastAsync(persons, whole.Purpose, Recipient(whole), cancellationToken),
            new HashSet<string>(StringComparer.Ordinal), new Dictionary<string, IReadOnlyList<Derogation>>(StringComparer.Ordinal));
        foreach (var person in heard.Contains(Held) ? rows.SelectMany(row => row.Persons).Distinct(StringComparer.Ordinal) : [])
        {
            if ((await exceptions.HoldsAsync(person, cancellationToken)).Count > 0)
            {
                held.Add(person);
            }
        }

        foreach (var matter in heard.Any(fact => fact.StartsWith(Excepting, StringComparison.Ordinal)) ? rows.Select(row => row.Matter).Distinct(StringComparer.Ordinal) : [])
        {
            inForce[matter] = await exceptions.InForceAsync(matter, cancellationToken);
        }

        return (row, facts) =>
        {
            Error? wrong = null;
            var kept = new Kept([.. row.Persons.Select(person => choices.GetValueOrDefault(person))], row.Persons.Any(held.Contains), inForce.GetValueOrDefault(row.Matter, []));
            Beside((fact, values) => wrong ??= facts.Vocabulary.Find(fact) is null ? null : facts.Set(fact, values), facts.Vocabulary, whole.Action, whole.Purpose, kept);
            return wrong;
        };
    }

    private static string Recipient(GateRequest request) => request.Facts.TryGetValue("recipient.type", out var types) && types is [var type] ? type : "none";

    private async Task<Kept> KeptAsync(GateRequest request, string recipient, CancellationToken cancellationToken)
    {
        var (choices, held) = (new List<Consent?>(), false);
        foreach (var person in request.Persons)
        {
            choices.Add(await consents.LastAsync(person, request.Purpose, recipient, cancellationToken));
            held |= (await exceptions.HoldsAsync(person, cancellationToken)).Count > 0;
        }

        return new(choices, held, await exceptions.InForceAsync(request.Matter, cancellationToken));
    }

    /// <summary>What is kept beside the records of those in a question.</summary>
    private void Beside(Setter put, Vocabulary vocabulary, string action, string purpose, Kept kept)
    {
        var now = time.GetUtcNow();
        var isAsked = kept.Choices.Any(IsLapsed);
        List<Consent?> choices = [.. kept.Choices.Select(choice => IsLapsed(choice) ? null : choice)];
        if (choices.Count > 0)
        {
            put(Held, kept.IsHeld ? "true" : "false");
        }

        if (choices.Count > 0 && choices.TrueForAll(choice => choice is not null))
        {
            // Of several persons the weakest choice counts for all.
            var weakest = choices.OfType<Consent>().OrderBy(choice => choice.Choice == ConsentChoice.Given ? 1 : 0).First();
            put("consent.status", weakest.Choice switch { ConsentChoice.Given => "given", ConsentChoice.Refused => "refused", _ => "withdrawn" });
            put("consent.withdrawn", choices.Exists(choice => choice!.Choice == ConsentChoice.Withdrawn) ? "true" : "false");
            put("consent.explicit", choices.TrueForAll(choice => choice!.IsExplicit) ? "true" : "false");
            put("consent.informed", choices.TrueForAll(choice => choice!.IsInformed) ? "true" : "false");
            put("consent.form", weakest.Form);
            if (weakest.Choice == ConsentChoice.Given)
            {
                put("consent.scope", purpose);
            }
        }
        else if (!isAsked && choices.TrueForAll(choice => choice is null or { Choice: ConsentChoice.Given }))
        {
            // Of nobody there is nobody who was asked. Collecting comes with the duty to ask. Whoever refused, took it back or let it lapse is nobody who was not asked yet.
            var unasked = action == "collect" ? "to-follow" : "not-asked";
            if (vocabulary.Find("consent.status")?.Codes?.Find(unasked) is not null)
            {
                put("consent.status", unasked);
            }
        }

        if (kept.InForce is [var newest, ..])
        {
            put("derogation.rule", newest.Rule);
            put("derogation.reason", Grounds.Of(vocabulary, newest.Reason));
            put("derogation.expiry", newest.Expires.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
            if (newest.ApproverRole is { } approver && s_roles.TryGetValue(approver, out var code))
            {
                put("derogation.approver", code);
            }
        }

        bool IsLapsed(Consent? choice) => choice is { Choice: ConsentChoice.Given, Expires: { } ends } && ends <= now;
    }

    private delegate void Setter(string fact, params ReadOnlySpan<string> values);

    private sealed record Kept(IReadOnlyList<Consent?> Choices, bool IsHeld, IReadOnlyList<Derogation> InForce);
}
