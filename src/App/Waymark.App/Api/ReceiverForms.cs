using Microsoft.AspNetCore.Mvc;
using Waymark.App.Hosting;
using Waymark.Model;
using Waymark.Pages;
using Waymark.Pages.Data;
using Waymark.Protection.Contracts;

namespace Waymark.App.Api;

/// <summary>What the page of receivers posts to: laying a key down, confirming it by its fingerprint, ending it.</summary>
internal static class ReceiverForms
{
    private const string Page = "/protection/receivers";

    public static void Map(IEndpointRouteBuilder hardware)
    {
        hardware.MapPost("/receivers/propose", async (
            [FromForm] string? organisation, [FromForm] string? type, [FromForm] string? area, [FromForm] string? key, [FromForm] int? days, [FromForm] string? review,
            [FromServices] IReceivers receivers, [FromServices] IActorSource actors, [FromServices] AreaNames areas, [FromServices] RuleBookSource rules, CancellationToken cancellationToken) =>
        {
            var code = (area ?? "").Trim().ToUpperInvariant();
            return actors.Actor is not { } actor ? Results.NotFound()
                : !areas.Has(code) ? Problems.Result(Error.Invalid("value.unknown-code", "There is no such country or area.", "没有此国家或地区。", "area"))
                : rules.Book?.Rules.Vocabulary.Find("recipient.type")?.Codes?.Find(type ?? "") is null ? Problems.Result(Error.Invalid("value.unknown-code", "There is no such kind of receiver.", "没有此接收方类型。", "type"))
                : Answer(await receivers.ProposeAsync(actor, new(organisation ?? "", type!, code, key ?? "", days ?? 0, review), cancellationToken));
        });
        hardware.MapPost("/receivers/confirm", async (
            [FromForm] string? id, [FromForm] string? fingerprint, [FromServices] IReceivers receivers, [FromServices] IActorSource actors, CancellationToken cancellationToken) =>
            actors.Actor is { } actor ? Answer(await receivers.ConfirmAsync(actor, id ?? "", fingerprint, cancellationToken)) : Results.NotFound());
        hardware.MapPost("/receivers/withdraw", async (
            [FromForm] string? id, [FromForm] string? reason, [FromServices] IReceivers receivers, [FromServices] IActorSource actors, CancellationToken cancellationToken) =>
            actors.Actor is { } actor ? Answer(await receivers.WithdrawAsync(actor, id ?? "", reason ?? "", cancellationToken)) : Results.NotFound());
    }

    private static IResult Answer(Result<Receiver> done) => done.IsOk ? Results.LocalRedirect(Page) : Problems.Result(done.Error);
}
