using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Waymark.Ledger;
using Waymark.Matching.Contracts;
using Waymark.Sodium;
using Waymark.Storage;

namespace Waymark.Site.Tests.Casework;

/// <summary>Many records of a list at once, as somebody at a desk does it; the people in them are invented.</summary>
public sealed class BulkPagesTests(CaseSite site) : IClassFixture<CaseSite>
{
    [Theory]
    [InlineData("en", false)]
    [InlineData("zh", true)]
    public async Task Records_are_chosen_looked_at_taken_over_and_given_back_as_one(string language, bool script)
    {
        var ids = await MakeAsync(2);
        var page = await site.SignedInAsync(language, script: script);
        await CaseSite.StateAsync(page, "family-tracing");
        await page.GotoAsync("/cases/tracing");
        await ChooseAsync(page, ids);
        await page.SelectOptionAsync("#act", new SelectOptionValue { Index = 1 });
        await Journeys.Site.FollowAsync(page, "fieldset > .row button");
        var preview = await page.Locator("section[aria-labelledby=bulk-title]").InnerTextAsync();
        preview.ShouldContain("2");
        if (script)
        {
            (await page.RunAxe()).Violations.Select(violation => violation.Id).ShouldBeEmpty();
        }

        await OwnersAsync(page, ids, expected: false);
        await Journeys.Site.FollowAsync(page, "form[action$='/bulk/do'] button");
        (await page.Locator("section[aria-labelledby=bulk-done] li").CountAsync()).ShouldBe(2);
        new Uri(page.Url).Query.ShouldNotContain(ids[0], Case.Insensitive, "what was chosen stands in no address");
        await OwnersAsync(page, ids, expected: true);
        await Journeys.Site.FollowAsync(page, "form[action$='/bulk/undo'] button");
        await OwnersAsync(page, ids, expected: false);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_step_that_is_not_open_is_refused_with_its_reason_and_an_act_is_needed()
    {
        var ids = await MakeAsync(1);
        var page = await site.SignedInAsync("en");
        await CaseSite.StateAsync(page, "family-tracing");
        await page.GotoAsync("/cases/tracing");
        await ChooseAsync(page, ids);
        await Journeys.Site.FollowAsync(page, "fieldset > .row button");
        (await page.Locator("div.errors").InnerTextAsync()).ShouldContain("Choose what to do");
        await ChooseAsync(page, ids);
        await page.SelectOptionAsync("#act", "step:search");
        await Journeys.Site.FollowAsync(page, "fieldset > .row button");
        (await page.Locator("section[aria-labelledby=bulk-title] li").InnerTextAsync()).ShouldContain("does not start from");
        (await page.Locator("form[action$='/bulk/do']").CountAsync()).ShouldBe(0, "there is nothing to do");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task M53_an_export_says_what_it_is_for_is_sealed_to_its_receiver_and_every_row_carries_the_mark_of_the_copy()
    {
        var ids = await MakeAsync(2);
        var secret = Enumerable.Repeat((byte)7, 32).ToArray();
        var key = await site.ReceiverAsync(secret);
        var page = await site.ByKeyAsync("en");
        await CaseSite.StateAsync(page, "family-tracing");
        await page.GotoAsync("/cases/tracing");
        await ChooseAsync(page, ids);
        await page.OpenPartAsync("fieldset details");
        await Journeys.Site.FollowAsync(page, "button[formaction$='/export']");
        (await page.Locator("div.errors").InnerTextAsync()).ShouldContain("what the export is for");

        await ChooseAsync(page, ids);
        await page.OpenPartAsync("fieldset details");
        await page.FillAsync("#export-why", "review of the month");
        await page.SelectOptionAsync("#export-to", new SelectOptionValue { Index = 1 });
        var download = await page.RunAndWaitForDownloadAsync(() => page.ClickAsync("button[formaction$='/export']"));
        var bytes = await File.ReadAllBytesAsync(await download.PathAsync());
        var opened = SealedFile.Open(SodiumSealedBox.Instance, key, secret, bytes).Value;
        var lines = System.Text.Encoding.UTF8.GetString(opened.Content).TrimStart('\uFEFF').TrimEnd().Split("\r\n");
        lines.Length.ShouldBe(3);
        var mark = lines[1].Split(',')[0].Split(' ')[^1];
        mark.Length.ShouldBe(12);
        lines[2].ShouldStartWith(ExportMark.Of(mark) + ",TR-");
        (opened.Name, download.SuggestedFilename).ShouldBe(($"TR-{mark}.csv", $"TR-{mark}.csv.sealed"));
        (await ((Waymark.Casework.Contracts.IBulkActions)site.Cases).CopyAsync(mark, TestContext.Current.CancellationToken))!.Records.ShouldBe(2);

        // Somebody in the second list fears the receiver's country: that record stays here, the page says so, and the file holds the other alone.
        var feared = await FearedAsync("TUN");
        await page.GotoAsync("/cases/tracing");
        await ChooseAsync(page, [ids[0], feared]);
        await page.OpenPartAsync("fieldset details");
        await page.FillAsync("#export-why", "review of the month");
        await page.SelectOptionAsync("#export-to", new SelectOptionValue { Index = 1 });
        await Journeys.Site.FollowAsync(page, "button[formaction$='/export']");
        var stays = page.Locator("section[aria-labelledby=bulk-export]");
        (await stays.Locator("li").InnerTextAsync()).ShouldContain("cannot be given to this reader");
        var link = (await stays.Locator("a[download]").GetAttributeAsync("href"))!;
        var rest = SealedFile.Open(SodiumSealedBox.Instance, key, secret, Convert.FromBase64String(link[(link.IndexOf(',', StringComparison.Ordinal) + 1)..])).Value;
        System.Text.Encoding.UTF8.GetString(rest.Content).TrimEnd().Split("\r\n").Length.ShouldBe(2);
        (await page.RunAxe()).Violations.Select(violation => violation.Id).ShouldBeEmpty();
        await page.Context.CloseAsync();
    }

    private static async Task ChooseAsync(IPage page, IReadOnlyList<string> ids)
    {
        foreach (var id in ids)
        {
            await page.CheckAsync($"input[name=record][value='{id}']");
        }
    }

    private async Task OwnersAsync(IPage page, IReadOnlyList<string> ids, bool expected)
    {
        foreach (var id in ids)
        {
            var opened = await site.Cases.OpenAsync(CaseSite.Desk("protection/north"), new("tracing", id), TestContext.Current.CancellationToken);
            (opened.Value!.Document.Owner != "prepared-protection/north").ShouldBe(expected, page.Url);
        }
    }

    /// <summary>A tracing request for somebody invented who fears a country.</summary>
    private async Task<string> FearedAsync(string area)
    {
        var (desk, cancel) = (CaseSite.Desk("protection/north"), TestContext.Current.CancellationToken);
        var person = await site.Cases.CreateAsync(desk, new("person", null, new Dictionary<string, string> { ["names/a/name"] = "Leila Saleh", ["feared-areas"] = area }, [], RecordPartition.Missing), cancel);
        var made = await site.Cases.CreateAsync(desk, new("tracing", null, new Dictionary<string, string> { ["relation"] = "sister", ["cause"] = "journey" }, [("sought", person.Value!.Address.Id)]), cancel);
        return made.Value!.Address.Id;
    }

    private async Task<IReadOnlyList<string>> MakeAsync(int count)
    {
        var ids = new List<string>();
        for (var at = 0; at < count; at++)
        {
            site.Wait(TimeSpan.FromSeconds(1));
            var made = await site.Cases.CreateAsync(CaseSite.Desk("protection/north"), new("tracing", null, new Dictionary<string, string> { ["relation"] = "sister", ["cause"] = "journey" }, []), TestContext.Current.CancellationToken);
            made.IsOk.ShouldBeTrue(made.Error?.ToString() ?? made.Refusal?.Text.In("en"));
            ids.Add(made.Value!.Address.Id);
        }

        return ids;
    }
}
