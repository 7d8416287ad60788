using Microsoft.AspNetCore.Mvc;
using Waymark.App.Hosting;
using Waymark.Casework.Contracts;
using Waymark.Model;
using Waymark.Pages;
using Waymark.Pages.Data;

namespace Waymark.App.Casework;

/// <summary>What the public form for complaints posts to: no account, no cookie, few per minute, the same answer whatever the code leads to (F8, M38).</summary>
public static partial class ComplaintForms
{
    private const string Page = "/complain";

    public static void MapComplaints(this IEndpointRouteBuilder routes)
    {
        var door = routes.MapGroup(Page).AllowAnonymous().RequireRateLimiting(RateLimits.SignInPolicy).WithMetadata(new HidesExistenceAttribute(), new RequestSizeLimitAttribute(128 << 10))
            .DisableAntiforgery().ExcludeFromDescription();
        door.MapPost("/send", SendAsync);
        door.MapPost("/kept", async (HttpContext context, [FromServices] IntakeDesk desk) =>
        {
            desk.Forget((await IntakeForms.FormAsync(context))["k"].FirstOrDefault());
            return Results.LocalRedirect("/my-data");
        });
    }

    private static async Task<IResult> SendAsync(
        HttpContext context, [FromServices] IntakeDesk desk, [FromServices] CaseworkSource source, [FromServices] ITexts texts, [FromServices] ILoggerFactory logs)
    {
        if (desk.ComplaintsUnit is not { } unit || source.Cases is not IComplaintDoor { IsHere: true } complaints || await desk.ComplaintDoorAsync(complaints, context.RequestAborted) != IntakeDoor.Open)
        {
            // The page says how else; nothing of what was sent is kept.
            return Results.LocalRedirect(Page);
        }

        var form = await IntakeForms.FormAsync(context);
        var id = desk.Read(form["form"].FirstOrDefault());
        string? Text(string name, int most) => IntakeForms.Text(form, name, most);
        var complaint = new Complaint(id ?? "", Text("code", 200) ?? "", Text("words", 4_000) ?? "", texts.Language)
        {
            Name = Text("name", 200), Channel = Text("channel", 20), Contact = Text("contact", 200), Window = Text("window", 100), IsSafe = Text("safe", 3) == "yes", Helper = Text("helper", 200),
            Agrees = Text("agrees", 3) == "yes",
        };
        if (id is null)
        {
            return Again(Error.Invalid("complaint.form", "The page was open too long. What you wrote is still here: send it again.", "页面打开时间过长。您填写的内容仍在：请再次发送。"));
        }

        if (desk.Waiting(id) is { } waiting)
        {
            return Results.LocalRedirect($"{Page}/sent?k={waiting}");
        }

        if (complaints.FaultsOf(complaint) is { Count: > 0 } faults)
        {
            return Again([.. faults]);
        }

        if (!desk.MayTake())
        {
            return Again(Error.Unavailable("complaint.busy", "Too much is arriving just now. Try again in an hour, or go to a centre.", "当前来件过多。请一小时后再试，或前往服务中心。"));
        }

        var taken = await complaints.ComplainAsync(unit, complaint, context.RequestAborted);
        if (taken.Value is { } code)
        {
            return Results.LocalRedirect($"{Page}/sent?k={desk.Keep(new(null, []) { Code = code.Shown, Sent = id })}");
        }

        NotTaken(logs.CreateLogger("Waymark.Complaints"), taken.Refusal?.Code ?? taken.Error?.Code ?? "");
        return Again(taken.Error is { Code: "complaint.sent" } sent ? sent
            : Error.Unavailable("complaint.closed", "This cannot be taken here at the moment. Try later, or go to a centre.", "目前无法在此受理。请稍后再试，或前往服务中心。"));

        IResult Again(params Error[] errors) => Results.LocalRedirect($"{Page}?n={desk.Keep(new(null, errors) { Complaint = complaint })}");
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A complaint from the public page was not taken: {Code}")]
    private static partial void NotTaken(ILogger logger, string code);
}
