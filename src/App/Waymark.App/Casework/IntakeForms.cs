using Microsoft.AspNetCore.Mvc;
using Waymark.App.Hosting;
using Waymark.Casework.Contracts;
using Waymark.Model;
using Waymark.Pages;
using Waymark.Pages.Data;

namespace Waymark.App.Casework;

/// <summary>What the public form for families posts to: no account, no cookie, few per minute, the same answer whoever is sought (F8).</summary>
public static partial class IntakeForms
{
    private const string Page = "/find-family";

    public static void MapIntake(this IEndpointRouteBuilder routes)
    {
        var door = routes.MapGroup(Page).AllowAnonymous().RequireRateLimiting(RateLimits.SignInPolicy).WithMetadata(new HidesExistenceAttribute(), new RequestSizeLimitAttribute(128 << 10))
            .DisableAntiforgery().ExcludeFromDescription();
        door.MapPost("/send", SendAsync);
        door.MapPost("/kept", async (HttpContext context, [FromServices] IntakeDesk desk) =>
        {
            desk.Forget((await FormAsync(context))["k"].FirstOrDefault());
            return Results.LocalRedirect("/my-data");
        });
    }

    private static async Task<IResult> SendAsync(
        HttpContext context, [FromServices] IntakeDesk desk, [FromServices] CaseworkSource source, [FromServices] ITexts texts, [FromServices] ILoggerFactory logs)
    {
        if (desk.Unit is not { } unit || source.Cases is not ITracingIntake intake || await desk.DoorAsync(intake, context.RequestAborted) != IntakeDoor.Open)
        {
            // The page says how else; nothing of what was sent is kept.
            return Results.LocalRedirect(Page);
        }

        var form = await FormAsync(context);
        var id = desk.Read(form["form"].FirstOrDefault());
        var request = Request(form, id ?? "", texts.Language);
        if (id is null)
        {
            return Again(Error.Invalid("intake.form", "The page was open too long. What you wrote is still here: send it again.", "页面打开时间过长。您填写的内容仍在：请再次发送。"));
        }

        if (desk.Waiting(id) is { } waiting)
        {
            return Results.LocalRedirect($"{Page}/sent?k={waiting}");
        }

        if (intake.Faults(request) is { Count: > 0 } faults)
        {
            return Again([.. faults]);
        }

        if (!desk.MayTake())
        {
            return Again(Error.Unavailable("intake.busy", "Too many requests are arriving just now. Try again in an hour, or go to a centre.", "当前请求过多。请一小时后再试，或前往服务中心。"));
        }

        var taken = await intake.TakeInAsync(unit, request, context.RequestAborted);
        if (taken.Value is { } code)
        {
            return Results.LocalRedirect($"{Page}/sent?k={desk.Keep(new(null, []) { Code = code.Shown, Sent = id })}");
        }

        // Why not is for the staff: the organisation may not have decided yet for what it collects. Outside one sentence stands for all of it.
        NotTaken(logs.CreateLogger("Waymark.Intake"), taken.Refusal?.Code ?? taken.Error?.Code ?? "");
        return Again(taken.Error is { Code: "intake.sent" } sent ? sent
            : Error.Unavailable("intake.closed", "This cannot be taken here at the moment; nothing was kept of your request. Try later, or go to a centre.", "目前无法在此受理；未保存您的请求。请稍后再试，或前往服务中心。"));

        IResult Again(params Error[] errors) => Results.LocalRedirect($"{Page}?n={desk.Keep(new(request, errors))}");
    }

    private static IntakeRequest Request(IFormCollection form, string id, string language)
    {
        string? Text(string name, int most) => IntakeForms.Text(form, name, most);
        return new(id, Text("seeker", 200) ?? "", Text("sought", 200) ?? "", Text("relation", 64) ?? "", language)
        {
            OtherNames = Text("other-names", 1_000), Birth = Text("birth", 200), BirthPlace = Text("birth-place", 200), SeparatedOn = Text("separated-on", 200), SeparatedAt = Text("separated-at", 200),
            Story = Text("story", 4_000), Channel = Text("channel", 20), Contact = Text("contact", 200), Window = Text("window", 100), IsSafe = Text("safe", 3) == "yes",
            Interpreter = Text("interpreter", 200), Agrees = Text("agrees", 3) == "yes", MayBeNamed = Text("named", 3) == "yes",
        };
    }

    /// <summary>A field as it was written, cut at its limit; null when nothing was.</summary>
    internal static string? Text(IFormCollection form, string name, int most) => form[name].FirstOrDefault()?.Trim() is { Length: > 0 } text ? text[..Math.Min(text.Length, most)] : null;

    internal static async Task<IFormCollection> FormAsync(HttpContext context) =>
        context.Request.HasFormContentType ? await context.Request.ReadFormAsync(context.RequestAborted) : FormCollection.Empty;

    [LoggerMessage(Level = LogLevel.Warning, Message = "A tracing request from the public page was not taken: {Code}")]
    private static partial void NotTaken(ILogger logger, string code);
}
