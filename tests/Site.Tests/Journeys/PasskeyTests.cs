using Microsoft.Playwright;

namespace Waymark.Site.Tests.Journeys;

/// <summary>Passkeys as a person meets them: the page, its script and Chromium's own WebAuthn, with a virtual security key.</summary>
public sealed class PasskeyTests(Site site) : IClassFixture<Site>
{
    [Theory]
    [InlineData("en")]
    [InlineData("zh")]
    public async Task A_passkey_is_made_on_the_account_page_and_opens_the_account_without_a_password(string language)
    {
        var (page, key) = await OpenAsync(language);
        await page.GotoAsync("/sign-in");
        await page.FillAsync("#name", Site.Steward);
        await page.FillAsync("#password", Site.Password);
        await Site.FollowAsync(page, "main form.panel button");
        await page.GotoAsync("/account");
        await page.FillAsync("#passkey-label", "Key " + language);
        await Site.FollowAsync(page, "form[data-passkey=create] button");
        (await page.Locator("section[aria-labelledby=passkeys] ul").InnerTextAsync()).ShouldContain("Key " + language);
        await Site.FollowAsync(page, "form[action='/sign-out'] button");

        // Who is not the person the key knows is told so in the page, and stays outside.
        await page.GotoAsync("/sign-in");
        await key.Session.SendAsync("WebAuthn.setUserVerified", new() { ["authenticatorId"] = key.Id, ["isUserVerified"] = false });
        await page.ClickAsync("form[data-passkey=get] button");
        await page.Locator("form[data-passkey=get] [data-problem]").WaitForAsync(new() { State = WaitForSelectorState.Visible });
        new Uri(page.Url).AbsolutePath.ShouldBe("/sign-in");

        // By keyboard alone.
        await key.Session.SendAsync("WebAuthn.setUserVerified", new() { ["authenticatorId"] = key.Id, ["isUserVerified"] = true });
        await page.FocusAsync("form[data-passkey=get] button");
#pragma warning disable CS0612, CS0618 // The wait must begin before the key, and the address is not known.
        await page.RunAndWaitForNavigationAsync(() => page.Keyboard.PressAsync("Enter"));
#pragma warning restore CS0612, CS0618
        new Uri(page.Url).AbsolutePath.ShouldBe("/");
        (await page.Locator("header .who").InnerTextAsync()).ShouldContain(Site.Steward);

        // It can be taken away again; that ends the sign-in, and the key opens nothing.
        await page.GotoAsync("/account");
        await Site.FollowAsync(page, "form[action^='/account/passkeys/'] button");
        await page.GotoAsync("/sign-in");
        await Site.FollowAsync(page, "form[data-passkey=get] button");
        (await page.Locator("div.errors").CountAsync()).ShouldBe(1);
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData("en")]
    [InlineData("zh")]
    public async Task Without_script_the_page_says_what_a_passkey_needs_and_the_password_stays(string language)
    {
        var page = await site.OpenAsync(language, script: false);
        await page.GotoAsync("/sign-in");
        (await page.Locator("form[data-passkey] [data-without]").IsVisibleAsync()).ShouldBeTrue();
        (await page.Locator("form[data-passkey] button").IsVisibleAsync()).ShouldBeFalse();
        (await page.Locator("#password").IsVisibleAsync()).ShouldBeTrue();
        await page.Context.CloseAsync();
    }

    // A passkey belongs to a domain, and an address in numbers is none.
    private async Task<(IPage Page, (ICDPSession Session, object Id) Key)> OpenAsync(string language)
    {
        var context = await site.Browser.NewContextAsync(new() { BaseURL = $"http://localhost:{site.Address.Port}", Locale = language == "zh" ? "zh-CN" : "en" });
        var page = await context.NewPageAsync();
        var session = await context.NewCDPSessionAsync(page);
        await session.SendAsync("WebAuthn.enable");
        var made = await session.SendAsync("WebAuthn.addVirtualAuthenticator", new()
        {
            ["options"] = new Dictionary<string, object>
            {
                ["protocol"] = "ctap2", ["transport"] = "usb", ["hasResidentKey"] = true, ["hasUserVerification"] = true, ["isUserVerified"] = true, ["automaticPresenceSimulation"] = true,
            },
        });
        return (page, (session, made!.Value.GetProperty("authenticatorId").GetString()!));
    }
}
