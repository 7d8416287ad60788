using System.Text;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Waymark.Formats;
using Waymark.Ledger;
using Waymark.Site.Tests.Casework;
using Waymark.Sodium;

namespace Waymark.Site.Tests.Journeys;

/// <summary>
/// J04 (S017, S018, S043, S063, S106): a partner's spreadsheet brings a person who was made to do something and is prosecuted for it. Safety and help come at once and hang on nothing; the time for
/// reflection shuts the way to the police even with her wish and her consent; what she was made to do is noted as a measure against her. The same row goes out byte for byte.
/// </summary>
public sealed class J04_A_trafficking_victim_identified_and_protected(CaseSite site) : IClassFixture<CaseSite>
{
    [Theory]
    [InlineData("en", true)]
    [InlineData("zh", false)]
    public async Task J04_a_victim_is_helped_at_once_has_time_to_think_and_chooses_about_the_police(string language, bool script)
    {
        string Said(string english, string chinese) => language == "zh" ? chinese : english;
        var page = await site.ByKeyAsync(language, script: script);
        await CaseSite.StateAsync(page, "victim-support");

        // A row of the case data standard: what it holds is said before anything is kept, the code nobody knows with its cell.
        var row = $"prs_FirstName,prs_SecondName,prs_Gender,vic_TypeOfExploitation,vic_MethodsOfControl,con_Consent\nXiomara {language},Example,Feminine ,ForcedLabour,Hypnosis,TRUE\n";
        await SendAsync(page, row, "look");
        await ShouldSayAsync(page, Said("nothing was kept", "未保存任何内容"), "htcds.unknown-code", "vic_MethodsOfControl");
        (await page.Locator("main").InnerTextAsync()).ShouldNotContain("Hypnosis");
        await SendAsync(page, row, "import");
        await ShouldSayAsync(page, Said("new record, first state", "新记录，初始状态"));
        if (script)
        {
            (await page.RunAxe()).Violations.Select(violation => violation.Id).ShouldBeEmpty();
        }

        await Site.FollowAsync(page, "table a.ref");
        var address = new Uri(page.Url).AbsolutePath;

        // The consent that the file states opens nothing; what the person says does.
        await EnterAsync(page, address + "?tab=safety", ("age-group", "adult"));
        await Site.FollowAsync(page, "button[name=step][value=open-adult]");
        await ShouldSayAsync(page, Said("The person agreed to be helped", "当事人同意接受帮助"));
        var person = (await page.Locator("section[aria-labelledby=persons] a").GetAttributeAsync("href"))!.Split('/', '?')[2];
        await site.ConsentAsync(person, "victim-support", "none");
        await page.GotoAsync(address);
        await Site.FollowAsync(page, "button[name=step][value=open-adult]");
        await ShouldBeAsync(page, Said("presumed victim", "推定受害人"));

        // Help at once, for somebody who has not decided about the police and is prosecuted for what she was made to do.
        await EnterAsync(page, address + "?tab=rights", ("liability", "under-way"), ("non-punishment-raised", "yes"), ("cooperation", "undecided"));
        await EnterAsync(page, address + "?tab=help", ("help-offered", "shelter"), ("help-offered", "stay"));
        await Site.FollowAsync(page, "button[name=step][value=help]");
        await ShouldBeAsync(page, Said("being helped", "受助中"));

        // Her wish and her consent to this recipient: not before the time for reflection is over.
        await EnterAsync(page, address + "?tab=safety", ("reflection-from", "2026-06-01"), ("reflection-until", "2026-07-16"));
        await EnterAsync(page, address + "?tab=rights", ("cooperation", "wishes"));
        await site.ConsentAsync(person, "prosecution", "law-enforcement");
        await page.GotoAsync(address);
        await Site.FollowAsync(page, "button[name=step][value=to-justice]");
        await ShouldSayAsync(page, Said("The time for reflection is over", "反思期已届满"));
        await ShouldBeAsync(page, Said("being helped", "受助中"));

        // The row goes out as it came in, with what was not known left as it was written.
        var given = await ExportAsync(page, address, language);
        var cells = given["Case Sheet"]!.Read().Value;
        var back = Enumerable.Range(2, 84).ToDictionary(column => cells.At(1, column).Text, column => cells.At(3, column).Text);
        (back["prs_FirstName"], back["prs_Gender"], back["vic_MethodsOfControl"], back["vic_TypeOfExploitation"]).ShouldBe(("Xiomara " + language, "Feminine ", "Hypnosis", "ForcedLabour"));
        await page.Context.CloseAsync();
    }

    private static async Task SendAsync(IPage page, string rows, string button)
    {
        await page.GotoAsync("/cases/trafficking-victim/htcds");
        await page.SetInputFilesAsync("#file", new FilePayload { Name = "cases.csv", MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes(rows) });
        await Site.FollowAsync(page, $"main button[name=do][value={button}]");
    }

    /// <summary>Fills in the form of a tab as a person does; a choice of several is ticked.</summary>
    private static async Task EnterAsync(IPage page, string address, params (string Field, string Value)[] entries)
    {
        await page.GotoAsync(address);
        await page.Locator("details:has(form[action$='/change']) summary").ClickAsync();
        foreach (var (field, value) in entries)
        {
            var at = page.Locator($"#f-{field}");
            if (await at.CountAsync() == 0)
            {
                await page.CheckAsync($"#f-{field}-{value}");
            }
            else if (await at.EvaluateAsync<bool>("element => element.tagName === 'SELECT'"))
            {
                await at.SelectOptionAsync(value);
            }
            else
            {
                await at.FillAsync(value);
            }
        }

        await Site.FollowAsync(page, "form[action$='/change'] button");
        (await page.Locator("[role=alert]").CountAsync()).ShouldBe(0, address + await page.Locator("main").InnerTextAsync());
    }

    private async Task<TabularFile> ExportAsync(IPage page, string address, string language)
    {
        var secret = Enumerable.Repeat((byte)language[0], 32).ToArray();
        var key = await site.ReceiverAsync(secret);
        await page.GotoAsync("/cases/trafficking-victim");
        await page.CheckAsync($"input[name=record][value='{address.Split('/')[^1]}']");
        await page.ClickAsync("details:has(#export-why) summary");
        await page.FillAsync("#export-why", "hand over to the shelter");
        var receiver = await page.Locator("#export-to option", new() { HasText = key.Fingerprint }).GetAttributeAsync("value");
        await page.SelectOptionAsync("#export-to", receiver!);
        var download = await page.RunAndWaitForDownloadAsync(() => page.ClickAsync("button[formaction$='/htcds/export']"));
        var bytes = await File.ReadAllBytesAsync(await download.PathAsync());
        var opened = SealedFile.Open(SodiumSealedBox.Instance, key, secret, bytes).Value;
        opened.Name.ShouldEndWith(".xlsx");
        return TabularFile.Open(opened.Content, opened.Name).Value;
    }

    private static async Task ShouldSayAsync(IPage page, params string[] words)
    {
        var told = await page.Locator("main").InnerTextAsync();
        words.ShouldAllBe(word => told.Contains(word, StringComparison.Ordinal), told);
    }

    private static async Task ShouldBeAsync(IPage page, string state) => (await page.Locator("dl.facts").First.InnerTextAsync()).ShouldContain(state, customMessage: await page.Locator("main").InnerTextAsync());
}
