using Waymark.Casework.Contracts;
using Waymark.Protection.Contracts;
using Waymark.Site.Tests.Web;
using Waymark.Storage;

namespace Waymark.Site.Tests.Casework;

/// <summary>What everybody can read about the review committee (S202, R24), searched for every name that was entered.</summary>
public sealed class CommitteePageTests
{
    private static readonly CaseDesk s_chair = new(new("chair", "data-protection-officer", ["oversight/committee"], true, "key-chair"), "oversight/committee", "supervision");

    [Fact]
    public async Task The_public_page_of_the_committee_names_nobody_whatever_was_written()
    {
        await using var node = await ClosedNode.StartAsync("humanitarian");
        var empty = await node.Site.Client.GetStringAsync(new Uri("/about/review-committee", UriKind.Relative), TestContext.Current.CancellationToken);
        empty.ShouldContain("No complaint was brought yet.");

        await DecideAsync(node, "Bahati Mwangi", "The person should have been asked before the list was shared.", "分享名单之前本应征求当事人意见。");
        await DecideAsync(node, "Amina Hassan", "Amina Hassan was never asked; Lena dissents.", "阿米娜未被征求意见。");
        await node.PassAsync(TimeSpan.FromMinutes(2));
        foreach (var (language, said, about) in new[] { ("en", "should have been asked before the list was shared", "fewer than 5"), ("zh", "分享名单之前本应征求当事人意见", "不足 5") })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/about/review-committee", UriKind.Relative));
            request.Headers.AcceptLanguage.ParseAdd(language);
            using var answer = await node.Site.Client.SendAsync(request, TestContext.Current.CancellationToken);
            var page = System.Net.WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            page.ShouldContain(said);
            page.ShouldContain(about);
            foreach (var name in (string[])["Bahati", "Mwangi", "Amina", "Hassan", "阿米娜", "Lena", "Ivo", "Rosa"])
            {
                page.ShouldNotContain(name, Case.Insensitive);
            }
        }
    }

    [Fact]
    public async Task The_registers_are_shown_beside_the_standards_they_answer__S215()
    {
        await using var node = await ClosedNode.StartAsync("humanitarian");
        var officer = await node.SignInByKeyAsync("data-protection-officer");
        (await node.StateAsync(officer, "supervision")).ShouldBeTrue();
        foreach (var (language, said, place) in new[] { ("en", "record of processing", "the register as a whole"), ("zh", "处理活动记录", "整个登记册") })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/protection/register", UriKind.Relative));
            request.Headers.AcceptLanguage.ParseAdd(language);
            using var answer = await officer.SendAsync(request, TestContext.Current.CancellationToken);
            var page = System.Net.WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            foreach (var word in (string[])[said, place, "IASC", "C108+", "GDPR", "Art. 30", "Art. 10(1)"])
            {
                page.ShouldContain(word);
            }
        }
    }

    private static async Task DecideAsync(ClosedNode node, string name, string english, string chinese)
    {
        var person = await MadeAsync(node, new("person", null, new Dictionary<string, string>(StringComparer.Ordinal) { ["names/a/name"] = name }, [], RecordPartition.General));
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["complaint"] = $"I, {name}, complain.", ["brought"] = "letter", ["heard"] = "yes", ["language"] = "Swahili", ["finding"] = "violation", ["remedy"] = "apologise", ["quorum"] = "3",
            ["opinion"] = $$"""{"en":"{{english}}","zh":"{{chinese}}"}""",
        };
        foreach (var (member, at) in new[] { "Lena Sample", "Ivo Sample", "Rosa Sample" }.Select((member, at) => (member, at)))
        {
            (values[$"bench/m{at}/member"], values[$"bench/m{at}/outside"], values[$"bench/m{at}/interest"]) = (member, at == 0 ? "yes" : "no", "no");
        }

        var review = await MadeAsync(node, new("review-case", null, values, [("complainant", person.Id)]));
        foreach (var step in (string[])["admit", "hear", "decide"])
        {
            var seen = (await node.Cases.OpenAsync(s_chair, review, TestContext.Current.CancellationToken)).Value.ShouldNotBeNull().Document.StateVersion;
            var done = await node.Cases.StepAsync(s_chair, review, step, seen, null, TestContext.Current.CancellationToken);
            done.IsOk.ShouldBeTrue($"{step}: {done.Error} {done.Refusal?.Text}");
        }
    }

    private static async Task<RecordAddress> MadeAsync(ClosedNode node, NewRecord record)
    {
        var made = await node.Cases.CreateAsync(s_chair, record, TestContext.Current.CancellationToken);
        return made.Value.ShouldNotBeNull($"{made.Error} {made.Refusal?.Text}").Address;
    }
}
