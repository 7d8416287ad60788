using Microsoft.Playwright;
using Waymark.Casework.Contracts;
using Waymark.Casework.Registers;
using Waymark.Site.Tests.Journeys;

namespace Waymark.Site.Tests.Casework;

/// <summary>A reference is entered by letters, arrows and Enter; without script the form's own step offers the same records. What is typed stands in no address.</summary>
public sealed class SuggestionsTests(CaseSite site) : IClassFixture<CaseSite>
{
    [Theory]
    [InlineData("en")]
    [InlineData("zh")]
    public async Task What_a_reference_may_name_is_suggested_while_it_is_typed_and_chosen_by_keyboard(string language)
    {
        var (reference, elsewhere, report) = await MadeAsync();
        var page = await site.SignedInAsync(language);
        await CaseSite.StateAsync(page, "family-tracing");
        var addresses = new List<string>();
        page.Request += (_, request) => addresses.Add(request.Method + " " + request.Url);
        await page.GotoAsync(report + "?tab=search");
        await page.OpenPartAsync("details:has(form[action$='/change'])");
        var field = page.Locator("#f-tracing-request");
        (await field.GetAttributeAsync("role")).ShouldBe("combobox");
        await field.PressSequentiallyAsync(reference[..6]);
        var options = page.Locator("[role=listbox]:visible [role=option]");
        await options.First.WaitForAsync();
        (await options.AllInnerTextsAsync()).ShouldHaveSingleItem().ShouldStartWith(reference);
        (await field.GetAttributeAsync("aria-expanded")).ShouldBe("true");
        await Walk.LookAsync(page);

        // Escape closes and keeps the letters; the arrow opens nothing that was not asked, and letters ask again.
        await page.Keyboard.PressAsync("Escape");
        (await field.GetAttributeAsync("aria-expanded")).ShouldBe("false");
        (await field.InputValueAsync()).ShouldBe(reference[..6]);
        await field.PressSequentiallyAsync(reference[6..8]);
        await options.First.WaitForAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        (await field.GetAttributeAsync("aria-activedescendant")).ShouldBe(await options.First.GetAttributeAsync("id"));
        (await options.First.GetAttributeAsync("aria-selected")).ShouldBe("true");
        await page.Keyboard.PressAsync("Enter");
        (await field.InputValueAsync()).ShouldBe(reference);
        (await options.CountAsync()).ShouldBe(0);

        // What another unit holds is not there, and the page says no more than that.
        await field.FillAsync("");
        await field.PressSequentiallyAsync(elsewhere);
        await page.WaitForFunctionAsync("() => document.querySelector('#f-tracing-request').parentElement.querySelector('[role=status]').textContent !== ''");
        (await options.CountAsync()).ShouldBe(0);
        await field.FillAsync(reference);
        await Journeys.Site.FollowAsync(page, "form[action$='/change'] button");
        (await page.Locator("dl.kv a.ref").AllInnerTextsAsync()).ShouldContain(text => text.EndsWith(reference, StringComparison.Ordinal));
        addresses.Where(address => address.Contains("/suggest", StringComparison.Ordinal)).ShouldNotBeEmpty();
        foreach (var typed in new[] { reference[3..], elsewhere[3..] })
        {
            addresses.ShouldNotContain(address => address.Contains(typed, StringComparison.OrdinalIgnoreCase));
        }
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Without_script_the_form_offers_what_the_letters_mean()
    {
        var (reference, _, report) = await MadeAsync();
        var page = await site.SignedInAsync("en", script: false);
        await CaseSite.StateAsync(page, "family-tracing");
        await page.GotoAsync(report + "?tab=search");
        await page.Locator("details:has(form[action$='/change']) summary").ClickAsync();
        (await page.Locator("#f-tracing-request").GetAttributeAsync("role")).ShouldBeNull();
        await page.FillAsync("#f-tracing-request", reference[..8]);
        await Journeys.Site.FollowAsync(page, "form[action$='/change'] button");
        await page.SelectOptionAsync("select#f-tracing-request", reference);
        await Journeys.Site.FollowAsync(page, "form[action$='/change'] button");
        (await page.Locator("dl.kv a.ref").AllInnerTextsAsync()).ShouldContain(text => text.EndsWith(reference, StringComparison.Ordinal));
        await page.Context.CloseAsync();
    }

    /// <summary>A request of the own unit and one of another, and a report of the own unit that may name the first.</summary>
    private async Task<(string Reference, string Elsewhere, string Report)> MadeAsync()
    {
        return (await ReferenceAsync("protection/north"), await ReferenceAsync("protection/south"), "/cases/missing-person/" + await MakeAsync("protection/north", "missing-person", new(StringComparer.Ordinal) { ["age-group"] = "adult" }));

        async Task<string> ReferenceAsync(string unit) =>
            References.Of(site.Cases.Registers.Find("tracing")!, await MakeAsync(unit, "tracing", new(StringComparer.Ordinal) { ["relation"] = "sister" }));
    }

    private async Task<string> MakeAsync(string unit, string register, Dictionary<string, string> values)
    {
        var made = await site.Cases.CreateAsync(CaseSite.Desk(unit), new(register, null, values, []), TestContext.Current.CancellationToken);
        made.IsOk.ShouldBeTrue($"{made.Error} {made.Refusal?.Text.In("en")}");
        return made.Value!.Address.Id;
    }
}
