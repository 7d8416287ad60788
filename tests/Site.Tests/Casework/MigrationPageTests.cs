using Microsoft.Extensions.DependencyInjection;
using Waymark.App.Accounts;
using Waymark.Casework.Engine;
using Waymark.Casework.Registers;
using Waymark.Matching;
using Waymark.Packs;
using Waymark.Protection.Contracts;
using Waymark.Site.Tests.Support;

namespace Waymark.Site.Tests.Casework;

/// <summary>An administrator takes the records of an earlier version over by page, and back.</summary>
public sealed class MigrationPageTests(CaseSite site) : IClassFixture<CaseSite>
{
    [Fact]
    public async Task Records_of_an_earlier_version_are_counted_migrated_and_taken_back()
    {
        var earlier = Earlier();
        for (var at = 0; at < 2; at++)
        {
            var made = await earlier.CreateAsync(CaseSite.Desk("protection/north"), new("letters", null, new Dictionary<string, string> { ["cause"] = "an invented storm", ["note"] = "an invented note" }, []), TestContext.Current.CancellationToken);
            made.IsOk.ShouldBeTrue(made.Error?.ToString() ?? made.Refusal?.Text.In("en"));
        }

        await site.MakeAccountAsync("Invented Administrator", Roles.Administrator);
        var (admin, _) = await site.ClientAsync("Invented Administrator");
        (await PageAsync(admin)).ShouldNotContain("Way to this version", Case.Sensitive, "nothing is read until it is asked for");
        var preview = await PageAsync(admin, "?migrate=1");
        preview.ShouldContain("Migrate 2 records");
        preview.ShouldNotContain("invented storm");

        var (worker, _) = await site.ClientAsync(CaseSite.Worker);
        using var refused = await CaseSite.PostAsync(worker, "/admin/registers/letters/migrate");
        ((int)refused.StatusCode).ShouldBeOneOf(302, 403, 404);
        (await PageAsync(worker, "?migrate=1")).ShouldNotContain("Migrate 2 records");
        (await PageAsync(admin, "?migrate=1")).ShouldContain("Migrate 2 records", Case.Sensitive, "whoever is no administrator changes nothing");

        using var done = await CaseSite.PostAsync(admin, "/admin/registers/letters/migrate");
        done.Headers.Location!.ToString().ShouldBe("/admin/registers/letters?migrate=1&done=done");
        var after = await PageAsync(admin, "?migrate=1&done=done");
        after.ShouldContain("No record is to be migrated.");
        after.ShouldContain("2 values kept in the history only");
        using var back = await CaseSite.PostAsync(admin, "/admin/registers/letters/migrate/undo");
        back.Headers.Location!.ToString().ShouldContain("done=undone");
        (await PageAsync(admin, "?migrate=1&done=undone")).ShouldContain("Migrate 2 records");
    }

    private static Task<string> PageAsync(HttpClient client, string query = "") => client.GetStringAsync(new Uri("/admin/registers/letters" + query, UriKind.Relative), TestContext.Current.CancellationToken);

    /// <summary>The engine as it ran before the pack was changed, on the same store.</summary>
    private Waymark.Casework.Features.Casework Earlier()
    {
        var folder = Directory.CreateTempSubdirectory("waymark-letters-").FullName;
        var packs = CasePacks.Make(Path.Combine(folder, "packs"));
        File.WriteAllText(Path.Combine(packs, "registers", "letters.yaml"), CasePacks.Letters("1.0.0"));
        var registers = RegisterLibrary.Read(PackLibrary.Load([packs], TestContext.Current.CancellationToken).Library, NodeProfile.Humanitarian);
        var knowledge = LinkagePack.Read(packs).Value.Knowledge;
        Directory.Delete(folder, recursive: true);
        return new(new CaseworkParts(
            registers, site.Platform.Store, site.Platform.Keys, site.Services.GetRequiredService<IGate>(), site.Services.GetRequiredService<IConsents>(), site.Services.GetRequiredService<IExceptions>(), knowledge, site.Platform.Time,
            _ => UnitCalendar.Default));
    }
}
