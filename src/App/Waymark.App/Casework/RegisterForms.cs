using Waymark.App.Accounts;
using Waymark.App.Hosting;
using Waymark.Casework.Contracts;
using Waymark.Model;
using Waymark.Pages.Data;

namespace Waymark.App.Casework;

/// <summary>What administrators do with a register as a whole.</summary>
public static class RegisterForms
{
    public static void MapRegisterForms(this IEndpointRouteBuilder routes)
    {
        var registers = routes.MapGroup("/admin/registers").RequireAuthorization(AccountSetup.AdministratorPolicy).NeedsFormToken().ExcludeFromDescription();
        registers.MapPost("/{id}/migrate", (HttpContext context, string id, CaseworkSource source) =>
            DoAsync(source, id, "done", (migrations, token) => migrations.ApplyAsync(Api.Forms.Actor(context), id, token), context.RequestAborted));
        registers.MapPost("/{id}/migrate/undo", (HttpContext context, string id, CaseworkSource source) =>
            DoAsync(source, id, "undone", (migrations, token) => migrations.UndoAsync(Api.Forms.Actor(context), id, token), context.RequestAborted));
    }

    private static async Task<IResult> DoAsync(CaseworkSource source, string id, string done, Func<IMigrations, CancellationToken, Task<Result<MigrationRun>>> act, CancellationToken cancellationToken)
    {
        if (source.Migrations is not { } migrations)
        {
            return Problems.Result(Error.NotFound("register.unknown", "There is no such register on this node.", "本节点没有此登记册。"));
        }

        var answer = await act(migrations, cancellationToken);
        return answer.IsOk ? Results.LocalRedirect($"/admin/registers/{Uri.EscapeDataString(id)}?migrate=1&done={done}") : Problems.Result(answer.Error);
    }
}
