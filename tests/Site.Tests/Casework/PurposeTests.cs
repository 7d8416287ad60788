using Microsoft.Extensions.DependencyInjection;
using Waymark.App.Accounts;
using Waymark.App.Hosting;
using Waymark.Audit.Contracts;
using Waymark.Storage;
using static Waymark.Site.Tests.Support.Browsing;

namespace Waymark.Site.Tests.Casework;

/// <summary>A purpose is asked once a sign-in and case, kept on the server, shown, logged, and never taken from an address or a form (M02).</summary>
public sealed class PurposeTests(CaseSite site) : IClassFixture<CaseSite>
{
    [Theory]
    [InlineData("en", "Purpose: family tracing", true)]
    [InlineData("zh", "目的：", false)]
    public async Task The_purpose_is_asked_once_by_keyboard_shown_in_the_frame_and_stands_in_no_address(string language, string shown, bool script)
    {
        var page = await site.SignedInAsync(language, script: script);
        await page.GotoAsync("/cases/tracing");
        (await page.Locator("table").CountAsync()).ShouldBe(0, "nothing is listed before the purpose");
        await page.FocusAsync("#purpose-family-tracing");
        await page.Keyboard.PressAsync("Space");
        await page.FocusAsync("main form button");
#pragma warning disable CS0612, CS0618 // The wait must begin before the key, and the address is not known.
        await page.RunAndWaitForNavigationAsync(() => page.Keyboard.PressAsync("Enter"));
#pragma warning restore CS0612, CS0618
        (await page.Locator("main form[action='/purpose']").CountAsync()).ShouldBe(0);
        foreach (var address in new[] { "/cases/tracing", "/cases/tracing/new", "/me" })
        {
            await page.GotoAsync(address);
            (await page.Locator("main form[action='/purpose']").CountAsync()).ShouldBe(0, address);
            (await page.Locator("nav.rail a[href^='/purpose']").InnerTextAsync()).ShouldStartWith(shown, Case.Insensitive);
            (await page.Locator("a[href*='purpose=']").CountAsync()).ShouldBe(0, address);
        }

        // "Change" leads to the page and back to where one was.
        await Journeys.Site.FollowAsync(page, "nav.rail a[href^='/purpose']");
        (await page.Locator("#purpose-family-tracing").IsCheckedAsync()).ShouldBeTrue();
        await page.CheckAsync("#purpose-missing-persons");
        await Journeys.Site.FollowAsync(page, "main form button");
        new Uri(page.Url).AbsolutePath.ShouldBe("/me");
        (await page.Locator("nav.rail a[href^='/purpose']").InnerTextAsync()).ShouldNotStartWith("Purpose: family tracing", Case.Insensitive);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task An_address_and_a_form_state_no_purpose_and_what_was_typed_is_kept()
    {
        var (client, _) = await site.ClientAsync(CaseSite.Worker);
        (await PageAsync(client, "/cases/tracing?purpose=family-tracing")).ShouldContain("action=\"/purpose\"");
        using var made = await CaseSite.PostAsync(client, "/cases/tracing/make", ("purpose", "family-tracing"), ("id", new string('a', 32)), ("o:relation", ""), ("v:relation", "sister"));
        var asked = made.Headers.Location!.ToString();
        asked.ShouldStartWith("/cases/tracing/new?n=");
        (await PageAsync(client, asked)).ShouldContain("action=\"/purpose\"");

        // Stated, and the form is there again with what was typed and why it was not taken.
        using var stated = await CaseSite.PostAsync(client, "/purpose", ("purpose", "missing-persons"), ("return", asked));
        var form = await PageAsync(client, stated.Headers.Location!.ToString());
        form.ShouldContain("[case.purpose-changed]");
        form.ShouldContain("value=\"sister\" selected");
        using var other = await CaseSite.PostAsync(client, "/cases/tracing/make", ("purpose", "family-tracing"), ("id", new string('a', 32)), ("o:relation", ""), ("v:relation", "sister"));
        other.Headers.Location!.ToString().ShouldStartWith("/cases/tracing/new?n=", customMessage: "the form was drawn for another purpose than the one now stated");
        using var right = await CaseSite.PostAsync(client, "/cases/tracing/make", ("purpose", "missing-persons"), ("id", new string('a', 32)), ("o:relation", ""), ("v:relation", "sister"));
        right.Headers.Location!.ToString().ShouldStartWith("/cases/tracing/" + new string('a', 32));
    }

    [Fact]
    public async Task M02_a_case_keeps_its_purpose_when_the_sign_in_turns_to_another()
    {
        var (client, _) = await site.ClientAsync(CaseSite.Worker);
        var id = await MakeAsync(client, "family-tracing", 'b');
        (await PageAsync(client, "/cases/tracing/" + id)).ShouldContain("family tracing", Case.Insensitive);
        using (await CaseSite.PostAsync(client, "/purpose", ("purpose", "missing-persons")))
        using (var second = await CaseSite.PostAsync(client, "/purpose", ("purpose", "missing-persons"), ("matter", "tracing/" + id), ("return", "/cases/tracing/" + id)))
        {
            second.Headers.Location!.ToString().ShouldStartWith("/purpose?failed=purpose.stated");
            (await PageAsync(client, second.Headers.Location.ToString())).ShouldContain("[purpose.stated]");
        }

        (await SessionAsync()).Purposes["tracing/" + id].ShouldBe("family-tracing");
        (await SessionAsync()).Purpose.ShouldBe("missing-persons");

        // Opened with the case's own purpose still: another would have been refused by the gate as a second one.
        var page = await PageAsync(client, "/cases/tracing/" + id);
        page.ShouldContain("class=\"facts\"");
        page.ShouldContain("name=\"purpose\" value=\"family-tracing\"");
    }

    [Fact]
    public async Task A_case_that_differs_is_asked_for_by_itself_and_the_sign_in_keeps_its_purpose()
    {
        var (maker, _) = await site.ClientAsync(CaseSite.Colleague);
        var id = await MakeAsync(maker, "family-tracing", 'c');
        var (client, _) = await site.ClientAsync(CaseSite.Worker);
        using (await CaseSite.PostAsync(client, "/purpose", ("purpose", "assistance")))
        {
            var page = await PageAsync(client, "/cases/tracing/" + id);
            page.ShouldContain($"name=\"matter\" value=\"tracing/{id}\"");
            page.ShouldNotContain("class=\"facts\"");
        }

        using var stated = await CaseSite.PostAsync(client, "/purpose", ("purpose", "family-tracing"), ("matter", "tracing/" + id), ("return", "/cases/tracing/" + id));
        (await PageAsync(client, stated.Headers.Location!.ToString())).ShouldContain("class=\"facts\"");
        var session = await SessionAsync();
        (session.Purpose, session.Purposes["tracing/" + id]).ShouldBe(("assistance", "family-tracing"));
    }

    [Theory]
    [InlineData(Roles.Reader)]
    [InlineData(Roles.Steward)]
    [InlineData(Roles.Administrator)]
    [InlineData(Roles.Oversight)]
    public async Task A_role_without_a_purpose_is_told_so_and_can_state_none(string role)
    {
        await site.MakeAccountAsync("Without " + role, role);
        var (client, _) = await site.ClientAsync("Without " + role);
        (await PageAsync(client, "/purpose")).ShouldContain("No purpose follows from your role");
        using var stated = await CaseSite.PostAsync(client, "/purpose", ("purpose", "family-tracing"));
        stated.Headers.Location!.ToString().ShouldStartWith("/purpose?failed=purpose.role");
        (await SessionAsync()).Purpose.ShouldBeNull();
    }

    [Theory]
    [InlineData("family-tracing", "protection/south", "")]
    [InlineData("supervision", "", "")]
    [InlineData("no-such-purpose", "", "")]
    [InlineData("family-tracing", "", "../../etc")]
    public async Task What_does_not_follow_from_the_role_is_refused(string purpose, string unit, string matter)
    {
        var (client, _) = await site.ClientAsync(CaseSite.Worker);
        using var stated = await CaseSite.PostAsync(client, "/purpose", ("purpose", purpose), ("unit", unit), ("matter", matter), ("return", "//evil.example"));
        stated.Headers.Location!.ToString().ShouldBe("/purpose?failed=purpose.role&return=%2F");
        (await SessionAsync()).Purpose.ShouldBeNull();
    }

    [Fact]
    public async Task Stating_a_purpose_is_entered_into_the_ledger_with_the_session_it_changed()
    {
        var store = site.Services.GetRequiredService<IStore>();
        async Task<int> CountAsync(string act) => (await store.Records.ListAsync(new(ActLeaves.Register, [new("act", act)], Limit: 1_000), TestContext.Current.CancellationToken)).Value.Records.Count;
        var (chosen, stated) = (await CountAsync("purpose.chosen"), await CountAsync("purpose.stated"));
        var (client, _) = await site.ClientAsync(CaseSite.Worker);
        var id = await MakeAsync(client, "family-tracing", 'd');
        (await CountAsync("purpose.chosen")).ShouldBe(chosen + 1);
        (await CountAsync("purpose.stated")).ShouldBe(stated);
        await PageAsync(client, "/cases/tracing/" + id);
        await PageAsync(client, "/cases/tracing/" + id);
        (await CountAsync("purpose.stated")).ShouldBe(stated + 1, "once a case, however often it is looked at");
    }

    private static async Task<string> MakeAsync(HttpClient client, string purpose, char letter)
    {
        using (await CaseSite.PostAsync(client, "/purpose", ("purpose", purpose)))
        using (var made = await CaseSite.PostAsync(client, "/cases/tracing/make", ("purpose", purpose), ("id", new string(letter, 32)), ("o:relation", ""), ("v:relation", "sister")))
        {
            made.Headers.Location!.ToString().ShouldStartWith("/cases/tracing/" + new string(letter, 32));
            return new string(letter, 32);
        }
    }

    // The newest session is the one of the test that runs.
    private async Task<Session> SessionAsync()
    {
        var page = await site.Services.GetRequiredService<Platform>().Store.Records.ListAsync(new(Session.Register, [], null, Limit: 1_000), TestContext.Current.CancellationToken);
        return page.Value.Records.Select(record => System.Text.Json.JsonSerializer.Deserialize<Session>(record.Document.Span, Waymark.App.Output.JsonOutput.Options)!).MaxBy(session => session.StartedAt)!;
    }
}
