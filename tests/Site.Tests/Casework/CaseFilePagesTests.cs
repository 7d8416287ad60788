using System.IO.Compression;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Waymark.Site.Tests.Casework;

/// <summary>Files of a record and filters that are kept, in a real browser without script; the people in it are invented.</summary>
public sealed class CaseFilePagesTests(CaseSite site) : IClassFixture<CaseSite>
{
    // A gradient of 16 × 8 points; what a camera adds is put in front and an archive behind.
    private static readonly byte[] s_picture = Convert.FromBase64String("/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZGNywtQFdBRkxOUlNSMj5aYVpQYEpRUk//2wBDAQ4ODhMREyYVFSZPNS01T09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT0//wAARCAAIABADASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAb/xAAWEAEBAQAAAAAAAAAAAAAAAAAAFGH/xAAVAQEBAAAAAAAAAAAAAAAAAAAEBv/EABcRAAMBAAAAAAAAAAAAAAAAAAAEFVL/2gAMAwEAAhEDEQA/AJGzSzQVsZTIys1o/9k=");

    private static byte[] Photograph() => [0xFF, 0xD8, 0xFF, 0xFE, 0, 18, .. "KHARTAL-POSITION"u8, .. s_picture.AsSpan(2), .. "PK\u0003\u0004<script>"u8];

    [Theory]
    [InlineData("en")]
    [InlineData("zh")]
    public async Task A_photograph_is_taken_in_shown_and_downloaded_without_its_position(string language)
    {
        var page = await site.SignedInAsync(language, script: false);
        var record = await MakeAsync(page);
        await TakeInAsync(page, record, "photo.png.exe", Photograph());
        var text = await page.Locator("main").InnerTextAsync();
        text.ShouldContain("photo.png.exe");
        text.ShouldContain(language == "zh" ? "未扫描" : "not scanned");
        text.ShouldContain(language == "zh" ? "保管链完整" : "custody unbroken");

        await page.Locator("article a", new() { HasText = language == "zh" ? "查看" : "Show" }).First.ClickAsync();
        var picture = page.Locator("img.case-picture");
        (await picture.EvaluateAsync<int>("image => image.decode().then(() => image.naturalWidth)")).ShouldBe(16, "the browser draws what was written anew");
        var address = (await picture.GetAttributeAsync("src"))!;
        var shown = await page.APIRequest.GetAsync(new Uri(site.Address, address).ToString());
        shown.Headers["content-type"].ShouldBe("image/jpeg");
        shown.Headers["content-security-policy"].ShouldBe("default-src 'none'; sandbox; frame-ancestors 'none'");
        shown.Headers["cache-control"].ShouldBe("no-store");
        shown.Headers["x-content-type-options"].ShouldBe("nosniff");
        (await shown.BodyAsync()).AsSpan().IndexOf("KHARTAL"u8).ShouldBe(-1);
        (await shown.BodyAsync()).AsSpan().IndexOf("script"u8).ShouldBe(-1);
        var given = await page.APIRequest.GetAsync(new Uri(site.Address, address.Replace("&show=true", "", StringComparison.Ordinal)).ToString());
        given.Headers["content-disposition"].ShouldContain("attachment");
        given.Headers["content-disposition"].ShouldContain(".jpg");
        given.Headers["content-disposition"].ShouldNotContain("photo");

        await page.GotoAsync($"/cases/tracing/{record}?tab=files");
        (await page.Locator("article details li").CountAsync()).ShouldBeGreaterThanOrEqualTo(4, "taken in, shown twice, downloaded");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Markup_stays_text_a_macro_is_refused_and_a_large_text_comes_back_whole()
    {
        var page = await site.SignedInAsync("en");
        var record = await MakeAsync(page);
        await TakeInAsync(page, record, "note.html", "<script>document.title='taken'</script>"u8.ToArray());
        await page.Locator("article a", new() { HasText = "Show" }).First.ClickAsync();
        (await page.Locator("article pre").InnerTextAsync()).ShouldBe("<script>document.title='taken'</script>");
        (await page.TitleAsync()).ShouldNotBe("taken");

        using var macro = new MemoryStream();
        using (var archive = new ZipArchive(macro, ZipArchiveMode.Create, leaveOpen: true))
        {
            archive.CreateEntry("[Content_Types].xml");
            archive.CreateEntry("word/vbaProject.bin");
        }

        await TakeInAsync(page, record, "letter.docx", macro.ToArray());
        (await page.Locator("div.errors").InnerTextAsync()).ShouldContain("file.active");
        await TakeInAsync(page, record, "large.txt", [.. Enumerable.Repeat((byte)'x', 3_000_000)]);
        var link = await page.Locator("article:has-text('large.txt') a", new() { HasText = "Download" }).GetAttributeAsync("href");
        (await (await page.APIRequest.GetAsync(new Uri(site.Address, link).ToString())).BodyAsync()).Length.ShouldBe(3_000_000);
        (await page.RunAxe()).Violations.Select(violation => violation.Id).ShouldBeEmpty();
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData("en")]
    [InlineData("zh")]
    public async Task A_filter_is_kept_under_a_name_used_and_removed(string language)
    {
        var page = await site.SignedInAsync(language, script: false);
        await MakeAsync(page);
        await page.GotoAsync("/cases/tracing");
        await page.SelectOptionAsync("#state", "draft");
        await page.SelectOptionAsync("select[name='f:cause']", "shipwreck");
        await Journeys.Site.FollowAsync(page, "form.filters[method=get] button");
        await page.Locator("details:has(#filter-name) > summary").ClickAsync();
        await page.FillAsync("#filter-name", "Wrecks " + language);
        await Journeys.Site.FollowAsync(page, "form[action='/cases/tracing/filters'] button");
        await Journeys.Site.FollowAsync(page, "nav[aria-labelledby=saved] a");
        new Uri(page.Url).Query.ShouldContain("state=draft&f:cause=shipwreck");
        (await page.Locator("tbody tr").CountAsync()).ShouldBeGreaterThan(0);
        (await page.Locator("nav[aria-labelledby=saved] a").First.GetAttributeAsync("accesskey")).ShouldBe("1");
        await page.Locator("details:has(#filter-name) > summary").ClickAsync();
        await Journeys.Site.FollowAsync(page, "form[action='/cases/tracing/filters/remove'] button");
        (await page.Locator("nav[aria-labelledby=saved] a").CountAsync()).ShouldBe(0);
        await page.Context.CloseAsync();
    }

    private static async Task TakeInAsync(IPage page, string record, string name, byte[] content)
    {
        await page.GotoAsync($"/cases/tracing/{record}?tab=files");
        await page.SetInputFilesAsync("#file", new FilePayload { Name = name, MimeType = "image/png", Buffer = content });
        await Journeys.Site.FollowAsync(page, "form[action$='/files'] button");
    }

    private static async Task<string> MakeAsync(IPage page)
    {
        await page.GotoAsync("/cases/tracing/new");
        await page.CheckAsync("#purpose-family-tracing");
        await Journeys.Site.FollowAsync(page, "main form button");
        await page.SelectOptionAsync("#f-relation", "sister");
        await page.SelectOptionAsync("#f-cause", "shipwreck");
        await Journeys.Site.FollowAsync(page, "form[action='/cases/tracing/make'] button");
        return new Uri(page.Url).AbsolutePath.Split('/')[3];
    }
}
