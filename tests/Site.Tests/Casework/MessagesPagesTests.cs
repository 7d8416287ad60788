using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Waymark.Casework.Contracts;

namespace Waymark.Site.Tests.Casework;

/// <summary>Threads of cases in a real browser: notes for the house, messages over safe channels; the people in it are invented.</summary>
public sealed class MessagesPagesTests(CaseSite site) : IClassFixture<CaseSite>
{
    [Theory]
    [InlineData("en", true, ColorScheme.Light, 1280)]
    [InlineData("zh", false, ColorScheme.Dark, 360)]
    public async Task A_note_stays_in_the_house_and_a_message_goes_over_a_safe_channel_only(string language, bool script, ColorScheme scheme, int width)
    {
        var request = await RequestAsync();
        var page = await site.SignedInAsync(language, script: script, width: width, scheme: scheme);
        await CaseSite.StateAsync(page, "family-tracing");
        await page.GotoAsync($"/cases/tracing/{request}");
        await Journeys.Site.FollowAsync(page, "form[action$='/owner'] button");
        await page.GotoAsync("/messages");
        await Journeys.Site.FollowAsync(page, $"a.ref[href^='/messages/tracing/{request}']");
        var address = new Uri(page.Url).AbsolutePath;

        // Two kinds, and the screen says which is which; an unsafe channel is not offered.
        var offered = await page.Locator("main").InnerTextAsync();
        offered.ShouldContain(language == "zh" ? "内部备注" : "Internal note");
        offered.ShouldContain("+000 222 safe");
        offered.ShouldNotContain("+000 111 unsafe");
        await page.FillAsync("#note", "the interpreter is her cousin, ask for another");
        await Journeys.Site.FollowAsync(page, "form[action$='/note'] button");
        await page.CheckAsync("input[name=way][value^=sent]");
        await page.FillAsync("#text", "We received what you brought. Please come when it suits you.");
        await page.FillAsync("#language", "bm");
        await page.SelectOptionAsync("#translation", "machine");
        await Journeys.Site.FollowAsync(page, "form[action$='/message'] button");
        await page.CheckAsync("input[name=way][value^=received]");
        await page.FillAsync("#text", "Thank you, on Monday.");
        await Journeys.Site.FollowAsync(page, "form[action$='/message'] button");
        var lines = await page.Locator("ol.hist > li").AllInnerTextsAsync();
        lines.Count.ShouldBe(3);
        lines[0].ShouldContain(language == "zh" ? "内部备注" : "internal note", Case.Insensitive);
        lines[1].ShouldContain(language == "zh" ? "机器翻译" : "translated by machine", Case.Insensitive);
        lines[2].ShouldContain("Thank you, on Monday.");

        // Another unit cannot tell that there is a thread; nothing that was written stands in an address.
        new Uri(page.Url).Query.ShouldNotContain("Monday");
        if (script)
        {
            (await page.RunAxe()).Violations.Select(violation => $"{violation.Id} {string.Join(" | ", violation.Nodes.Take(2).Select(node => node.Html))}").ShouldBeEmpty();
        }

        (await page.EvaluateAsync<bool>("document.documentElement.scrollWidth > window.innerWidth + 1")).ShouldBeFalse();
        var other = await site.SignedInAsync(language, CaseSite.Holder, script);
        await CaseSite.StateAsync(other, "family-tracing");
        (await other.GotoAsync(address))!.Status.ShouldBe(404);
        await page.Context.CloseAsync();
        await other.Context.CloseAsync();
    }

    [Fact]
    public async Task Somebody_whom_another_person_of_the_case_barred_gets_no_message__M28()
    {
        var request = await RequestAsync(isBarred: true);
        var (desk, messages) = (CaseSite.Desk("protection/north"), (IMessages)site.Cases);
        var thread = (await messages.ThreadAsync(desk, new("tracing", request), TestContext.Current.CancellationToken)).Value!;
        var enquirer = thread.Persons.Single(one => one.Channels.Count > 0);
        var refused = await messages.WriteAsync(desk, new("tracing", request), new(MessageKind.Sent, "come on Monday", enquirer.Person, 0), TestContext.Current.CancellationToken);
        refused.Error!.Code.ShouldBe("output.barred");
        refused.Error.In("en").ShouldNotContain(enquirer.Person);
        (await messages.WriteAsync(desk, new("tracing", request), new(MessageKind.Sent, "come", enquirer.Person, 7), TestContext.Current.CancellationToken)).Error!.Code.ShouldBe("message.no-safe-channel");
        (await messages.WriteAsync(desk, new("tracing", request), new(MessageKind.Note, "asked oversight"), TestContext.Current.CancellationToken)).IsOk.ShouldBeTrue("notes are no contact");
        (await messages.WriteAsync(CaseSite.Desk("protection/south"), new("tracing", request), new(MessageKind.Note, "seen"), TestContext.Current.CancellationToken)).Error!.Code.ShouldBe("case.nothing");
    }

    private async Task<string> RequestAsync(bool isBarred = false)
    {
        var north = CaseSite.Desk("protection/north");
        async Task<string> Make(string register, Dictionary<string, string> values, params (string, string)[] persons)
        {
            var made = await site.Cases.CreateAsync(north, new(register, null, values, persons, Waymark.Storage.RecordPartition.Missing), TestContext.Current.CancellationToken);
            made.IsOk.ShouldBeTrue($"{made.Error} {made.Refusal?.Text.In("en")}");
            return made.Value!.Address.Id;
        }

        var enquirer = await Make("person", new(StringComparer.Ordinal)
        {
            ["names/a/name"] = "Mariam Invented", ["birth"] = "1988", ["contacts/a/contact"] = """{"channel":"phone","value":"+000 111 unsafe","safe":"no"}""",
            ["contacts/b/contact"] = """{"channel":"message","value":"+000 222 safe","safe":"yes","window":"mornings"}""",
        });
        var values = new Dictionary<string, string>(StringComparer.Ordinal) { ["names/a/name"] = "Awa Invented", ["birth"] = "1994" };
        if (isBarred)
        {
            values["barred/a/party"] = $$"""{"system":"person","value":"{{enquirer}}"}""";
        }

        var sought = await Make("person", values);
        return await Make("tracing", new(StringComparer.Ordinal) { ["relation"] = "sister" }, ("sought", sought), ("enquirer", enquirer));
    }
}
