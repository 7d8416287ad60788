using System.Text.RegularExpressions;
using Waymark.Casework.Contracts;
using Waymark.Casework.Engine;
using Waymark.Casework.People;
using Waymark.Casework.Registers;
using Waymark.Model;
using Waymark.Protection.Contracts;
using Waymark.Storage;

namespace Waymark.Casework.Features;

/// <summary>Choices of the people in a record.</summary>
public sealed partial class Casework : ICaseConsents
{
    private const int LongestName = 100;

    public Task<CaseAnswer<RecordConsents>> ConsentsAsync(CaseDesk desk, RecordAddress record, CancellationToken cancellationToken) => LookAsync(desk, record, async (loaded, request, token) =>
    {
        var choices = new Dictionary<string, IReadOnlyList<Consent>>(StringComparer.Ordinal);
        foreach (var person in request.Persons)
        {
            choices[person] = await _parts.Consents.OfAsync(person, token);
        }

        return new RecordConsents(loaded.Plan, loaded.Partition, choices, Scopes(loaded.Plan));
    }, (consents, _) => consents, cancellationToken);

    public async Task<CaseAnswer<Changed>> ConsentAsync(CaseDesk desk, RecordAddress record, ConsentEntry entry, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            var loaded = await KnownAsync(desk, record, cancellationToken);
            if (!loaded.IsOk || Fault(loaded.Value, entry) is { } fault)
            {
                return loaded.Error ?? Fault(loaded.Value, entry)!;
            }

            var (plan, document) = (loaded.Value.Plan, loaded.Value.Document);
            var write = await _parts.Consents.PrepareAsync(
                new(entry.Person, entry.Purpose, entry.Recipient, entry.IsGiven ? ConsentChoice.Given : ConsentChoice.Refused, _parts.Time.GetUtcNow(), entry.Expires, entry.TextVersion, entry.Language,
                    entry.Form, entry.IsExplicit, entry.IsInformed, entry.Interpreter, entry.Witness, entry.Guardian, desk.Actor.Account),
                cancellationToken);
            if (!write.IsOk)
            {
                return write.Error;
            }

            // Under the gate about this one person; asking somebody is work on the record, whatever the answer is.
            var request = await AskAsync(desk, plan, document.Id, document, [entry.Person], "update", "none", cancellationToken);
            var answer = await _parts.Gate.ActAsync(
                request, _ => new WriteSet { Actor = desk.Actor.Account, Reason = "consent." + (entry.IsGiven ? "given" : "refused"), Records = [write.Value] }, cancellationToken);
            if (answer.Error?.Code != "store.conflict" || tries == MostTries)
            {
                return AsideOf(Answer(answer, plan, loaded.Value.Partition, document, []));
            }
        }
    }

    public async Task<CaseAnswer<Changed>> WithdrawConsentAsync(CaseDesk desk, RecordAddress record, string person, string? purpose, CancellationToken cancellationToken)
    {
        var loaded = await KnownAsync(desk, record, cancellationToken);
        if (!loaded.IsOk)
        {
            return loaded.Error;
        }

        var (plan, document) = (loaded.Value.Plan, loaded.Value.Document);
        if (!CaseRights.Persons(plan, document).Contains(person, StringComparer.Ordinal))
        {
            return NotHere();
        }

        var done = await _parts.Consents.WithdrawAsync(person, purpose, desk.Actor.Account, cancellationToken);
        return done.IsOk ? AsideOf(new(Done(loaded.Value.Partition, document with { Register = plan.Id }, []), null, null)) : done.Error;
    }

    /// <summary>What was done stands beside the record and is no version of it.</summary>
    private static CaseAnswer<Changed> AsideOf(CaseAnswer<Changed> said) => said with { Value = said.Value is { } done ? done with { IsVersion = false } : null };

    /// <summary>What the steps of a register ask for, and each of its purposes within the organisation.</summary>
    private static List<ConsentScope> Scopes(RegisterPlan plan) =>
    [
        .. plan.Transitions.SelectMany(step => step.Guards).Where(guard => guard.Kind == GuardKind.Consent).Select(guard => new ConsentScope(guard.Purpose!, guard.Recipient!))
            .Concat(plan.Purposes.Select(purpose => new ConsentScope(purpose, "none"))).Distinct(),
    ];

    private static Error? Fault(Loaded loaded, ConsentEntry entry) =>
        !CaseRights.Persons(loaded.Plan, loaded.Document).Contains(entry.Person, StringComparer.Ordinal) ? NotHere()
        : !Scopes(loaded.Plan).Contains(new(entry.Purpose, entry.Recipient)) ? Error.Invalid("consent.scope", "This register asks for no such consent.", "此登记册不征询此项同意。", "scope")
        : !LanguageTag().IsMatch(entry.Language) ? Error.Invalid("consent.language", "Choose the language in which it was explained.", "请选择说明时所用的语言。", "language")
        : new[] { entry.Interpreter, entry.Witness, entry.Guardian }.Any(name => name?.Length > LongestName) ? Error.Invalid("consent.invalid", $"A name has at most {LongestName} characters.", $"姓名至多 {LongestName} 个字符。")
        : null;

    private static Error NotHere() => Error.Invalid("consent.person", "This person is not in this record.", "此人不在该记录中。", "person");

    [GeneratedRegex("^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex LanguageTag();
}
