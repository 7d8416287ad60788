using System.Text.Json;
using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Casework.Engine;
using Waymark.Casework.People;
using Waymark.Model;
using Waymark.Protection.Contracts;

namespace Waymark.Casework.Features;

/// <summary>The public door of the review committee (S202): a complaint is filed like everything else of case work, through the gate, by an actor of its own that no account has.</summary>
public sealed partial class Casework : IComplaintDoor
{
    private const string ComplaintDoor = "complaint-door";

    private const string ReviewCases = "review-case";

    private const string RemedyPurpose = "remedy";

    /// <summary>Version of the text that the person agrees to, as the page shows it.</summary>
    private const string ComplaintText = "complaint-1";

    private const int CodeLength = 32;

    public bool IsHere => Registers.Find(ReviewCases) is not null && Registers.Find(PersonCore.Register) is not null;

    public Task<IntakeDoor> ComplaintDoorAsync(string unit, CancellationToken cancellationToken) => DoorAsync(ComplaintDesk(unit), Registers.Find(ReviewCases), cancellationToken);

    private static CaseDesk ComplaintDesk(string unit) => new(new(ComplaintDoor, ComplaintDoor, [unit]), unit, RemedyPurpose) { Facts = s_informed };

    public IReadOnlyList<Error> FaultsOf(Complaint complaint)
    {
        var faults = new List<Error>();
        void Need(bool isThere, string where, string english, string chinese)
        {
            if (!isThere)
            {
                faults.Add(Error.Invalid("complaint." + where, english, chinese, where));
            }
        }

        Need(Plain(complaint.Code).Length == CodeLength, "code", "Write the code that you were given: 32 letters and numbers.", "请填写您得到的查询码：共 32 个字母和数字。");
        Need(complaint.Words.Trim().Length > 0, "words", "Write what went wrong.", "请写下哪里不对。");
        Need(string.IsNullOrWhiteSpace(complaint.Contact) || complaint.Channel is "phone" or "message" or "e-mail" or "post" or "centre", "channel", "Choose how we may reach you.", "请选择联系您的方式。");
        Need(complaint.Agrees, "agrees", "We can only look at it when you agree that we keep what you wrote.", "须经您同意我们保存您所写的内容，我们才能处理。");
        return faults;
    }

    public async Task<CaseAnswer<FollowCode>> ComplainAsync(string unit, Complaint complaint, CancellationToken cancellationToken)
    {
        if (FaultsOf(complaint) is [var fault, ..])
        {
            return fault;
        }

        if (!IsHere || Registers.Find(ReviewCases) is not { } plan)
        {
            return CaseStore.Nothing();
        }

        if (await _store.ReadAsync(new(plan.Id, complaint.Id), cancellationToken) is { IsOk: true })
        {
            return Error.Conflict("complaint.sent", "This complaint was received already.", "此申诉此前已收到。");
        }

        var (desk, complainant) = (ComplaintDesk(unit), Derived(complaint.Id, "complainant"));
        var agreed = await _parts.Consents.RecordAsync(
            new(complainant, RemedyPurpose, "none", ConsentChoice.Given, _parts.Time.GetUtcNow(), null, ComplaintText, complaint.Language, "written", true, true, Short(complaint.Helper, 200), null, null, ComplaintDoor),
            cancellationToken);
        if (!agreed.IsOk)
        {
            return agreed.Error;
        }

        var person = new Dictionary<string, string>(StringComparer.Ordinal) { ["languages"] = complaint.Language };
        if (Short(complaint.Name, 200) is { } name)
        {
            person["names/1/name"] = Json("full", name, 200);
        }

        if (Short(complaint.Contact, 200) is { } contact)
        {
            person["contacts/1/contact"] = ContactJson(complaint.Channel, contact, complaint.IsSafe, Short(complaint.Window, 100));
        }

        var filed = new Dictionary<string, string>(StringComparer.Ordinal) { ["brought"] = "code", ["complaint"] = Short(complaint.Words, 4_000)!, ["language"] = complaint.Language };
        // What the code leads to stands inside, for the committee; outside nothing differs.
        if (await FollowedAsync(complaint.Code, cancellationToken) is { } use)
        {
            filed[use.Register == AccessRequests.Register ? "request" : "object"] = JsonSerializer.Serialize(new { id = use.Id, register = use.Register });
        }

        foreach (var (register, id, values, roles) in new (string, string, Dictionary<string, string>, (string, string)[])[]
        {
            (PersonCore.Register, complainant, person, []), (plan.Id, complaint.Id, filed, [("complainant", complainant)]),
        })
        {
            var made = await CreateAsync(desk, new(register, id, values, roles, plan.Partition), cancellationToken);
            if (!made.IsOk)
            {
                return new(null, made.Refusal, made.Error) { Decision = made.Decision };
            }
        }

        return await GiveCodeAsync(desk, new(plan.Id, complaint.Id), cancellationToken);
    }
}
