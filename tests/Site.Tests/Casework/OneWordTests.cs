using System.Net;
using System.Text.RegularExpressions;
using Waymark.Casework.Contracts;
using Waymark.Matching.Contracts;
using Waymark.Protection.Contracts;

namespace Waymark.Site.Tests.Casework;

/// <summary>
/// M26 by the text of pages: what the family reads at /my-data and what the unit that asks reads on the request, in every world of what became of the person sought. The people are
/// invented.
/// </summary>
public sealed partial class OneWordTests(CaseSite site) : IClassFixture<CaseSite>
{
    private static readonly (string World, string Name)[] s_worlds =
    [
        ("nobody", "Adjoa Sandfort"), ("declined", "Bintou Kestrel"), ("undecided", "Oumou Lindqvist"), ("barred", "Fanta Marlowe"), ("two-people", "Kadi Osterhaus"), ("agreed", "Nana Pemberton"),
    ];

    private static readonly CancellationToken s_run = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("en")]
    [InlineData("zh")]
    public async Task Whatever_became_of_the_person_sought_the_family_and_the_asking_unit_read_one_and_the_same__M26(string language)
    {
        using var family = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = site.Address, DefaultRequestHeaders = { { "Accept", "text/html" }, { "Accept-Language", language } } };
        var (staff, _) = await site.ClientAsync(CaseSite.Worker);
        staff.DefaultRequestHeaders.Add("Accept-Language", language);
        using var stated = await CaseSite.PostAsync(staff, "/purpose", ("purpose", "family-tracing"), ("return", "/me"));
        var worlds = new List<(string World, string Code, RecordAddress Request, RecordAddress? Found, RecordAddress? Person, string Enquirer)>();
        foreach (var (world, name) in s_worlds)
        {
            worlds.Add(await AskedAsync(family, world, language == "en" ? name : "Maï " + name));
        }

        foreach (var one in worlds)
        {
            // From the first look on a file is open for its purpose.
            await CaseAsync(staff, one.Request);
        }

        await SameAsync("received");
        foreach (var one in worlds)
        {
            var north = CaseSite.Desk("protection/north");
            Ok(await site.Cases.ChangeAsync(north, one.Request, new([new("identity-checked", 0, "yes"), new("scope", 0, "own")]), s_run));
            await StepAsync(north, one.Request, "accept");
            await StepAsync(north, one.Request, "search");
        }

        await SameAsync("searching");
        foreach (var one in worlds)
        {
            // Many names at short steps read like a list, and are held.
            site.Wait(TimeSpan.FromSeconds(31));
            Ok(await ((ITracing)site.Cases).LookAsync(CaseSite.Desk("protection/north"), one.Request, s_run));
        }

        await SameAsync("looked");
        foreach (var one in worlds.Where(one => one.Found is not null))
        {
            await ReviewedAsync(one.Found!, one.World == "two-people" ? PairChoice.Different : PairChoice.Same);
        }

        await SameAsync("reviewed");
        foreach (var one in worlds.Where(one => one.World is not ("nobody" or "two-people")))
        {
            await AnsweredAsync(one.World, one.Found!, one.Person!, one.Enquirer);
        }

        await SameAsync("answered at the holder", except: "agreed");

        // The lawful neighbour: the unit that asks learns what was agreed; the family still reads the same until two people told it.
        var agreed = worlds.Single(one => one.World == "agreed");
        (await CaseAsync(staff, agreed.Request)).ShouldNotBe(await CaseAsync(staff, worlds[0].Request), "the transcript is able to differ");
        (await WordAsync(family, agreed.Code)).ShouldBe(await WordAsync(family, worlds[0].Code));

        async Task SameAsync(string stage, string? except = null)
        {
            var (expectedFamily, expectedCase) = (await WordAsync(family, worlds[0].Code), await CaseAsync(staff, worlds[0].Request));
            expectedFamily.ShouldContain(stage == "received" ? (language == "zh" ? "已收到。" : "It was received.") : language == "zh" ? "正在处理。" : "Somebody is working on it.");
            foreach (var one in worlds)
            {
                Difference(await WordAsync(family, one.Code), expectedFamily).ShouldBeEmpty($"{stage} {one.World}");
                if (one.World != except)
                {
                    Difference(await CaseAsync(staff, one.Request), expectedCase).ShouldBeEmpty($"{stage} {one.World}");
                }
            }
        }
    }

    private async Task<(string, string, RecordAddress, RecordAddress?, RecordAddress?, string)> AskedAsync(HttpClient family, string world, string name)
    {
        var (north, south) = (CaseSite.Desk("protection/north"), CaseSite.Desk("protection/south"));
        var before = (await site.Cases.ListAsync(north, new("tracing") { Limit = 200 }, s_run)).Value!.Rows.Select(row => row.Address.Id).ToHashSet(StringComparer.Ordinal);
        using var sent = await IntakeTests.SendAsync(family, await IntakeTests.TokenAsync(family), name);
        var code = Code().Match(await family.GetStringAsync(sent.Headers.Location)).Value;
        code.ShouldNotBeEmpty(sent.Headers.Location?.ToString());
        var request = (await site.Cases.ListAsync(north, new("tracing") { Limit = 200 }, s_run)).Value!.Rows.Single(row => !before.Contains(row.Address.Id)).Address;
        var enquirer = (await site.Cases.OpenAsync(north, request, s_run)).Value!.Document.Persons.Single(one => one.Role == "enquirer").Person;
        if (world == "nobody")
        {
            return (world, code, request, null, null, enquirer);
        }

        var person = Ok(await site.Cases.CreateAsync(south, new("person", null, new Dictionary<string, string> { ["names/a/name"] = name, ["birth"] = "1994-03-14" }, [], Waymark.Storage.RecordPartition.Missing), s_run)).Address;
        var found = Ok(await site.Cases.CreateAsync(south, new("found-person", null, new Dictionary<string, string> { ["age-group"] = "adult", ["found-on"] = "2025-09", ["found-at"] = "Harbour town" }, [("found", person.Id)]), s_run)).Address;
        return (world, code, request, found, person, enquirer);
    }

    private async Task ReviewedAsync(RecordAddress found, PairChoice choice)
    {
        var tracing = (ITracing)site.Cases;
        foreach (var reviewer in new[] { "holder-a", "holder-b" })
        {
            var desk = Holder(reviewer);
            foreach (var line in (await tracing.QueueAsync(desk, s_run)).Value!.Waiting)
            {
                var card = (await tracing.CardAsync(desk, line.Id, s_run)).Value!;
                if (card.Record.Id == found.Id)
                {
                    site.Wait(TimeSpan.FromSeconds(10));
                    var answer = await tracing.AnswerAsync(desk, line.Id, choice, "what the records say", s_run);
                    answer.IsOk.ShouldBeTrue(answer.Error?.ToString());
                }
            }
        }
    }

    private async Task AnsweredAsync(string world, RecordAddress found, RecordAddress person, string enquirer)
    {
        var (a, b) = (Holder("holder-a"), Holder("holder-b"));
        Ok(await site.Cases.ChangeAsync(a, found, new([.. new (string Path, string Value)[]
        {
            ("barred", world == "barred" ? "barred" : "clear"), ("asked-on", "2026-06-01"), ("how-asked", "in-person"), ("asked-language", "Wolof, with an interpreter"), ("may-tell", "that she is well"),
            ("answer", world switch { "declined" => "declined", "undecided" => "undecided", _ => "contact-wanted" }),
        }.Select(entry => new FieldEntry(entry.Path, 0, entry.Value))]), s_run));
        await StepAsync(a, found, "check");
        await StepAsync(a, found, "ask");
        if (world == "declined")
        {
            await StepAsync(a, found, "decline");
        }

        if (world is "barred" or "agreed")
        {
            await site.ConsentAsync(person.Id, "family-tracing", "family");
            await site.ConsentAsync(enquirer, "family-tracing", "family");
            Ok(await site.Cases.ChangeAsync(a, person, new([new("contacts/a/contact", 0, """{"channel":"phone","value":"+000 555 invented","safe":"yes"}""")]), s_run));
            await StepAsync(a, found, "agree-adult");
            var seen = Ok(await site.Cases.OpenAsync(b, found, s_run)).Document.StateVersion;
            var told = await site.Cases.StepAsync(b, found, "tell", seen, null, s_run);
            told.IsOk.ShouldBe(world == "agreed", $"{told.Error} {told.Refusal?.Text.In("en")} {string.Join(" | ", told.Refusal?.Reasons.Select(reason => reason.In("en")) ?? [])}");
        }
    }

    private async Task StepAsync(CaseDesk desk, RecordAddress record, string step) =>
        Ok(await site.Cases.StepAsync(desk, record, step, Ok(await site.Cases.OpenAsync(desk, record, s_run)).Document.StateVersion, null, s_run));

    private static CaseDesk Holder(string account) => new(new(account, "case-worker", ["protection/south"]), "protection/south", "family-tracing");

    private static T Ok<T>(CaseAnswer<T> answer) where T : class
    {
        answer.IsOk.ShouldBeTrue($"{answer.Error} {answer.Refusal?.Text.In("en")} {string.Join(" | ", answer.Refusal?.Reasons.Select(reason => reason.In("en")) ?? [])}");
        return answer.Value!;
    }

    /// <summary>Empty when both are the same text; else where they part.</summary>
    private static string Difference(string one, string other)
    {
        var at = one.Zip(other).TakeWhile(pair => pair.First == pair.Second).Count();
        return one == other ? "" : $"…{Around(one, at)}… and …{Around(other, at)}…";
    }

    private static string Around(string text, int at) => text[Math.Max(0, at - 120)..Math.Min(text.Length, at + 60)];

    // What /my-data answers: status, where it leads, the whole page.
    private static async Task<string> WordAsync(HttpClient family, string code)
    {
        using var asked = await family.PostAsync(new Uri("/my-data", UriKind.Relative), new FormUrlEncodedContent([new("code", code)]), s_run);
        asked.StatusCode.ShouldBe(HttpStatusCode.Found);
        return asked.Headers.Location + "\n" + WebUtility.HtmlDecode(await family.GetStringAsync(asked.Headers.Location, s_run));
    }

    // The request as a worker of the unit reads it, all tabs, without what names the record and the persons in it.
    private static async Task<string> CaseAsync(HttpClient staff, RecordAddress request)
    {
        var read = new List<string>();
        foreach (var tab in new[] { "separation", "search", "answer", "files", "history" })
        {
            read.Add(Marks().Replace(WebUtility.HtmlDecode(await staff.GetStringAsync(new Uri($"/cases/tracing/{request.Id}?tab={tab}", UriKind.Relative), s_run)), "*"));
        }

        return string.Join('\n', read);
    }

    [GeneratedRegex("([0-9a-f]{4}-){7}[0-9a-f]{4}", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Code();

    [GeneratedRegex("[0-9a-f]{32}|TR-[0-9A-F]{4}-[0-9A-F]{4}|(?<=[-/\">])[0-9a-f]{8}(?=[-/\"<])|name=\"__RequestVerificationToken\" value=\"[^\"]+\"|[0-9]{2}:[0-9]{2}(:[0-9]{2})?", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Marks();
}
