using Waymark.Storage;

namespace Waymark.App.Hosting;

/// <summary><c>/health/live</c>: the process answers. <c>/health/ready</c>: the store answers too.</summary>
public static class Health
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/health").AllowAnonymous().DisableRateLimiting().ExcludeFromDescription();
        group.MapGet("/live", () => Results.Text("live\n"));
        group.MapGet("/ready", async (IStore store, CancellationToken cancellationToken) =>
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(TimeSpan.FromSeconds(5));
            try
            {
                await store.Series.NewestSequenceAsync(limit.Token);
                return Results.Text(store.Info.ReadOnlyReason is null ? "ready\n" : "ready, read-only\n");
            }
            catch (Exception failure) when (failure is StoreException or OperationCanceledException)
            {
                return Results.Text("not ready\n", statusCode: StatusCodes.Status503ServiceUnavailable);
            }
        });
    }
}
