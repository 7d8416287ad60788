using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Casework.Engine;
using Waymark.Casework.People;
using Waymark.Casework.Registers;
using Waymark.Casework.Tracing;
using Waymark.Model;
using Waymark.Protection.Contracts;

namespace Waymark.Casework.Features;

/// <summary>
/// The public door of tracing. What comes in is written like everything else of case work: through the gate, by an actor of its own that no account has, in the first state. Whether
/// the person sought is known here changes nothing that is done or answered (F8).
/// </summary>
public sealed partial class Casework : ITracingIntake
{
    /// <summary>Version of the text that the seeker agrees to, as the page shows it.</summary>
    private const string IntakeText = "intake-2";

    // Whoever gives the data is told by the page itself, in words that a child understands, what is kept and why, since nobody asks how old they are. The person sought is told when found, before anybody else (F9).
    private static readonly Dictionary<string, IReadOnlyList<string>> s_informed = new(StringComparer.Ordinal) { ["notice.given"] = ["true"], ["notice.deferred_reason"] = ["none"], ["notice.language"] = ["child-friendly"] };

    public IReadOnlyList<RecordCode> Relations => Registers.Find(MatchReview.Requests)?.Field("relation")?.Codes?.Codes ?? [];

    public Task<IntakeDoor> DoorAsync(string unit, CancellationToken cancellationToken) => DoorAsync(DoorDesk(unit), Registers.Find(MatchReview.Requests), cancellationToken);

    /// <summary>What a public page may take in for a register, asked of the rules as they would be asked for what somebody sends.</summary>
    private async Task<IntakeDoor> DoorAsync(CaseDesk desk, RegisterPlan? asked, CancellationToken cancellationToken)
    {
        var id = NewId();
        if (asked is not { } plan || Registers.Find(PersonCore.Register) is not { } persons)
        {
            return IntakeDoor.Closed;
        }

        // Somebody of whom nothing is known but that the page informed them, and the request that they make.
        foreach (var register in new[] { persons, plan })
        {
            var blank = new RecordDocument { Register = register.Id, Id = id, PackVersion = register.Version, PackHash = register.Hash, State = register.Initial.Id, Control = new(desk.Unit, 1), OpenedBy = desk.Actor.Account };
            var request = await AskAsync(desk, register, id, blank, [id], Collect, "none", await PeopleAsync(register, blank, plan.Partition, cancellationToken), cancellationToken);
            var rules = await _parts.Gate.RowsAsync(request, [], cancellationToken);
            if ((await rules.AskAsync([new(id, [id], new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal))], cancellationToken))[0].Answer != RowAnswer.Shown)
            {
                return await _standing.LackAsync(register, desk.Purpose, cancellationToken) is null ? IntakeDoor.Spoken : IntakeDoor.Closed;
            }
        }

        return IntakeDoor.Open;
    }

    private static CaseDesk DoorDesk(string unit) => new(new(PublicDoor, PublicDoor, [unit]), unit, TracingPurpose) { Facts = s_informed };

    public IReadOnlyList<Error> Faults(IntakeRequest request)
    {
        var faults = new List<Error>();
        void Need(bool isThere, string where, string english, string chinese)
        {
            if (!isThere)
            {
                faults.Add(Error.Invalid("intake." + where, english, chinese, where));
            }
        }

        Need(request.Sought.Trim().Length > 0, "sought", "Write the name of the person you are looking for.", "请填写您要寻找的人的姓名。");
        Need(request.Seeker.Trim().Length > 0, "seeker", "Write your own name.", "请填写您本人的姓名。");
        Need(Relations.Any(code => code.Id == request.Relation), "relation", "Choose who the person is to you.", "请选择该人是您的什么人。");
        Need(string.IsNullOrWhiteSpace(request.Contact) || request.Channel is "phone" or "message" or "e-mail" or "post" or "centre", "channel", "Choose how we may reach you.", "请选择联系您的方式。");
        Need(request.Agrees, "agrees", "We can only look when you agree.", "须经您同意，我们才能查找。");
        return faults;
    }

    public async Task<CaseAnswer<FollowCode>> TakeInAsync(string unit, IntakeRequest request, CancellationToken cancellationToken)
    {
        if (Faults(request) is [var fault, ..])
        {
            return fault;
        }

        if (Registers.Find(MatchReview.Requests) is not { } plan || Registers.Find(PersonCore.Register) is not { } persons)
        {
            return CaseStore.Nothing();
        }

        var desk = DoorDesk(unit);
        if (await _store.ReadAsync(new(plan.Id, request.Id), cancellationToken) is { IsOk: true })
        {
            return Error.Conflict("intake.sent", "This request was received already.", "此请求此前已收到。");
        }

        // Each choice is kept by itself: what was asked, in which language, with whose help, before anything about the person is kept.
        var (seeker, sought) = (Derived(request.Id, "enquirer"), Derived(request.Id, "sought"));
        foreach (var (recipient, choice) in new[] { ("none", ConsentChoice.Given), (Family, request.MayBeNamed ? ConsentChoice.Given : ConsentChoice.Refused) })
        {
            var chosen = await _parts.Consents.RecordAsync(
                new(seeker, TracingPurpose, recipient, choice, _parts.Time.GetUtcNow(), null, IntakeText, request.Language, "written", true, true, Short(request.Interpreter, 200), null, null, PublicDoor),
                cancellationToken);
            if (!chosen.IsOk)
            {
                return chosen.Error;
            }
        }

        var (rest, matter) = (new List<string>(), new Dictionary<string, string>(StringComparer.Ordinal) { ["relation"] = request.Relation });
        var one = new Dictionary<string, string>(StringComparer.Ordinal) { ["names/1/name"] = Json("full", request.Seeker, 200), ["languages"] = request.Language };
        if (Short(request.Contact, 200) is { } contact)
        {
            // Whether it is safe is what the seeker says; unsaid is not safe.
            one["contacts/1/contact"] = ContactJson(request.Channel, contact, request.IsSafe, Short(request.Window, 100));
        }

        var other = new Dictionary<string, string>(StringComparer.Ordinal) { ["names/1/name"] = Json("full", request.Sought, 200) };
        foreach (var (at, name) in (request.OtherNames ?? "").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Take(5).Index())
        {
            other[$"names/{at + 2}/name"] = Json("full", name, 200);
        }

        Put(persons, other, "birth", request.Birth, rest, new("Born", "出生"));
        Put(persons, other, "birth-place", request.BirthPlace, rest, new("Born at", "出生地"));
        Put(plan, matter, "separated-on", request.SeparatedOn, rest, new("Contact lost", "失去联系"));
        Put(plan, matter, "separated-at", request.SeparatedAt, rest, new("Last place", "最后地点"));
        if (string.Join('\n', rest.Prepend(Short(request.Story, 4_000) ?? "").Where(line => line.Length > 0)) is { Length: > 0 } story)
        {
            matter["circumstances"] = story;
        }

        foreach (var (register, id, values, roles) in new (string, string, Dictionary<string, string>, (string, string)[])[]
        {
            (persons.Id, seeker, one, []), (persons.Id, sought, other, []), (plan.Id, request.Id, matter, [("sought", sought), ("enquirer", seeker)]),
        })
        {
            var made = await CreateAsync(desk, new(register, id, values, roles, plan.Partition), cancellationToken);
            if (!made.IsOk)
            {
                return new(null, made.Refusal, made.Error) { Decision = made.Decision };
            }
        }

        return await GiveCodeAsync(desk, new(plan.Id, request.Id), cancellationToken);

        // What is no date or place to the register stays in the seeker's own words: nothing that was written is lost.
        void Put(RegisterPlan register, Dictionary<string, string> values, string path, string? text, List<string> left, LocalText label)
        {
            if (Short(text, 200) is not { } said)
            {
                return;
            }

            var value = register.Field(path)!.Type == FieldType.Place ? Json("text", said, 200) : said;
            if (ValueReader.Read(register.Field(path)!, value).IsOk)
            {
                values[path] = value;
            }
            else
            {
                left.Add($"{label.In(request.Language)}: {said}");
            }
        }
    }

    private static string Json(string member, string text, int most) => JsonSerializer.Serialize(new Dictionary<string, string> { [member] = Short(text, most) ?? "" });

    private static string ContactJson(string? channel, string value, bool isSafe, string? window) => JsonSerializer.Serialize(new Dictionary<string, string?>
    {
        ["channel"] = channel, ["value"] = value, ["safe"] = isSafe ? "yes" : "unknown", ["window"] = window,
    }.Where(pair => pair.Value is not null).ToDictionary());

    private static string? Short(string? text, int most) => text?.Trim() is { Length: > 0 } some ? some[..Math.Min(some.Length, most)] : null;

    private static string Derived(string id, string part) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"waymark.intake/1\n{id}\n{part}")))[..32];
}
