using Waymark.App.Accounts;
using Waymark.Casework.Contracts;
using Waymark.Model;

namespace Waymark.App.Casework;

/// <summary>That the answer to a person's request was handed over: what is written into the request, and the step that answers it.</summary>
public static class AccessForms
{
    private const string Step = "grant";

    public static void MapAccessForms(this IEndpointRouteBuilder routes) =>
        routes.MapDeskForms("/cases/{register}/{id}/answer").RequireAuthorization(AccountSetup.HardwarePolicy).MapPost("", async (string register, string id, CaseForm form, HttpContext http) =>
        {
            if (form.Find(register, id) is not var (engine, desk, record))
            {
                return form.Engine?.Registers.Find(register) is { } plan ? form.Unstated(plan, $"/protection/subject-requests/{Uri.EscapeDataString(id)}/answer") : CaseForm.Missing();
            }

            var page = $"/cases/{record.Register}/{record.Id}";
            var opened = await engine.OpenAsync(desk, record, form.Aborted);
            if (opened.Value is not { Document: { } request })
            {
                return opened.Error is { Code: "case.nothing" } ? CaseForm.Missing() : form.Failed(page, desk, opened.Refusal, opened.Error);
            }

            var (channel, mark) = (form.Text("channel", 20), form.Text("mark", 12));
            if (AccessRequests.Of(request, http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow()) != AccessState.Ready || engine is not IBulkActions copies || mark is null
                || await copies.CopyAsync(mark, form.Aborted) is not { } copy || copy.Account != desk.Actor.Account || copy.Register != record.Register)
            {
                return form.Failed(page, desk, null, Error.Conflict("access.not-now", "The request is answered while it is in work and the identity was verified.", "请求在办理中且身份已核验时方可答复。"));
            }

            if (channel is not ("set-by-person" or "by-hand") || form.Text("masked", 3) != "yes")
            {
                return form.Failed(page, desk, null, Error.Invalid("access.how", "Say how it was handed over, and that other persons are masked.", "请说明交付方式，并确认已遮蔽第三人。", "channel"));
            }

            FieldEntry Entry(string path, string value) => new(path, request.Fields.GetValueOrDefault(path)?.Version ?? 0, value);
            var changed = await engine.ChangeAsync(desk, record,
                new([Entry("third-persons-masked", "yes"), Entry("outcome", "granted"), Entry("channel", channel), Entry("answer", form.Texts.Format("access.answer", ("mark", mark), ("count", copy.Records)))]), form.Aborted);
            var done = changed.IsOk ? await engine.StepAsync(desk, record, Step, request.StateVersion, null, form.Aborted) : changed;
            return done.IsOk ? form.Done(page, desk, "access.handed-done") : form.Failed(page, desk, done.Refusal, done.Error);
        });
}
