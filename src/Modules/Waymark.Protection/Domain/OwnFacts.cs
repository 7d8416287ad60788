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

    private static readonly HashSet<string> s_own = new(StringComparer.Ordinal)
    {
        "action", "purpose", Declared, "request.time", "actor.role", "actor.clearance", "log.entry", "controller.organisation", "controller.profile", "retention.legal_hold",
        "consent.status", "consent.scope", "consent.explicit", "consent.informed", "consent.form", "consent.withdrawn",
        "derogation.rule", "derogation.reason", "derogation.approver", "derogation.expiry",
    };

    private static readonly Dictionary<string, string> s_roles = new(StringComparer.Ordinal)
    {
        ["case-worker"] = "case-worker", ["supervisor"] = "supervisor", ["data-protection-officer"] = "dpo", ["legal-officer"] = "legal", ["oversight"] = "auditor",
    };

    /// <summary>Those that hang on the persons or the matter of one record.</summary>
    public static IEnumerable<string> OfPersons => s_own.Where(fact => fact.StartsWith("consent.", StringComparison.Ordinal) || fact.StartsWith("derogation.", StringComparison.Ordinal) || fact == "retention.legal_hold");

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

        var recipient = request.Facts.TryGetValue("recipient.type", out var types) && types is [var type] ? type : "none";
        var choices = new List<Consent?>();
        var (held, isAsked) = (false, false);
        foreach (var person in request.Persons)
        {
            var last = await consents.LastAsync(person, request.Purpose, recipient, cancellationToken);
            var isLapsed = last is { Choice: ConsentChoice.Given, Expires: { } ends } && ends <= now;
            choices.Add(isLapsed ? null : last);
            isAsked |= isLapsed;
            held |= (await exceptions.HoldsAsync(person, cancellationToken)).Count > 0;
        }

        if (request.Persons.Count > 0)
        {
            Put("retention.legal_hold", held ? "true" : "false");
        }

        if (choices.Count > 0 && choices.TrueForAll(choice => choice is not null))
        {
            // Of several persons the weakest choice counts for all.
            var weakest = choices.OfType<Consent>().OrderBy(choice => choice.Choice == ConsentChoice.Given ? 1 : 0).First();
            Put("consent.status", weakest.Choice switch { ConsentChoice.Given => "given", ConsentChoice.Refused => "refused", _ => "withdrawn" });
            Put("consent.withdrawn", choices.Any(choice => choice!.Choice == ConsentChoice.Withdrawn) ? "true" : "false");
            Put("consent.explicit", choices.TrueForAll(choice => choice!.IsExplicit) ? "true" : "false");
            Put("consent.informed", choices.TrueForAll(choice => choice!.IsInformed) ? "true" : "false");
            Put("consent.form", weakest.Form);
            if (weakest.Choice == ConsentChoice.Given)
            {
                Put("consent.scope", request.Purpose);
            }
        }
        else if (!isAsked && choices.TrueForAll(choice => choice is null or { Choice: ConsentChoice.Given }))
        {
            // Of nobody there is nobody who was asked. Collecting comes with the duty to ask. Whoever refused, took it back or let it lapse is nobody who was not asked yet.
            var unasked = request.Action == "collect" ? "to-follow" : "not-asked";
            if (facts.Vocabulary.Find("consent.status")?.Codes?.Find(unasked) is not null)
            {
                Put("consent.status", unasked);
            }
        }

        var inForce = await exceptions.InForceAsync(request.Matter, cancellationToken);
        if (inForce.Count > 0)
        {
            var newest = inForce[0];
            Put("derogation.rule", newest.Rule);
            Put("derogation.reason", Grounds.Of(facts.Vocabulary, newest.Reason));
            Put("derogation.expiry", newest.Expires.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
            if (newest.ApproverRole is { } approver && s_roles.TryGetValue(approver, out var code))
            {
                Put("derogation.approver", code);
            }
        }

        return wrong;
    }
}
