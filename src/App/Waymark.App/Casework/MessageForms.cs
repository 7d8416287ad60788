using Waymark.App.Hosting;
using Waymark.Casework.Contracts;
using Waymark.Model;
using Waymark.Packs;

namespace Waymark.App.Casework;

/// <summary>What the page of a thread posts to: notes and messages by two addresses, so that neither is sent as the other by mistake.</summary>
public static class MessageForms
{
    public static void MapMessageForms(this IEndpointRouteBuilder routes)
    {
        var threads = routes.MapDeskForms("/messages");
        threads.MapPost("/{register}/{id}/note", (string register, string id, CaseForm form) => WriteAsync(register, id, form, "note", new(MessageKind.Note, form.Text("text", NewMessage.Longest) ?? "")));
        threads.MapPost("/{register}/{id}/message", (string register, string id, CaseForm form) =>
            (form.Text("way", 100) ?? "").Split(' ') is [var kind, var person, var at] && kind is "sent" or "received" && int.TryParse(at, System.Globalization.CultureInfo.InvariantCulture, out var channel)
                ? WriteAsync(register, id, form, "message", new(kind == "sent" ? MessageKind.Sent : MessageKind.Received, form.Text("text", NewMessage.Longest) ?? "", person, channel, form.Text("language", 60),
                    Words.TryParse<MessageTranslation>(form.Text("translation", 20) ?? "none", out var translation) ? translation : MessageTranslation.None))
                : Task.FromResult(Problems.Result(Error.Invalid("message.person", "Choose somebody of this case.", "请选择本个案中的人员。", "way"))));
    }

    private static async Task<IResult> WriteAsync(string register, string id, CaseForm form, string entered, NewMessage message)
    {
        if (form.Find(register, id) is not var (engine, desk, record) || engine is not IMessages messages)
        {
            return form.Engine?.Registers.Find(register) is { } plan ? form.Unstated(plan, $"/messages/{plan.Id}/{Uri.EscapeDataString(id)}") : CaseForm.Missing();
        }

        var page = $"/messages/{record.Register}/{record.Id}";
        var written = await messages.WriteAsync(desk, record, message, form.Aborted);
        return written.IsOk ? form.Done(page, desk, entered == "note" ? "messages.noted" : "messages.kept")
            : written.Error is { Code: "case.nothing" } ? CaseForm.Missing()
            : form.Go(page, desk, new()
            {
                Refusal = written.Refusal, Errors = written.Error is { } error ? [error] : [], Entered = new Dictionary<string, string>(StringComparer.Ordinal) { [entered] = message.Text },
            });
    }
}
