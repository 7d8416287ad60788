using System.Globalization;
using System.Text;
using Waymark.App.Hosting;
using Waymark.Matching;
using Waymark.Matching.Contracts;
using Waymark.Protection.Contracts;
using Waymark.Site.Tests.Support;

namespace Waymark.Site.Tests.Linkage;

/// <summary>Invented people, and the two persons who open a project, as they would with keys of their own.</summary>
internal static class LinkagePeople
{
    public static readonly Actor Proposer = new("acc-proposer", "steward", ["registry"], true, "key-1");
    public static readonly Actor Approver = new("acc-approver", "data-protection-officer", ["protection"], true, "key-2");

    /// <summary>A project that both agreed to, by a clock that runs the two minutes in a moment.</summary>
    public static async Task<(LinkageProjects Projects, LinkageProject Project)> ProjectAsync(StorePlatform platform, int runs = 5)
    {
        var clock = new FakeClock(TimeProvider.System.GetUtcNow().AddMinutes(-5));
        var projects = new LinkageProjects(platform.Store, platform.Keys, new TwoPersonsRule(), [new("tracing", new("tracing", "寻亲")), new("service", new("service", "服务"))], clock);
        var proposed = await projects.ProposeAsync(
            Proposer, new("Reunite 2026", "Find relatives of persons who ask for them", "DPIA-2026-7", ["tracing", "service"], runs, 100_000_000, clock.GetUtcNow().AddDays(30)), default);
        proposed.IsOk.ShouldBeTrue(proposed.Error?.ToString());
        clock.Advance(TimeSpan.FromMinutes(3));
        var open = await projects.ApproveAsync(Approver, proposed.Value.Id, default);
        open.IsOk.ShouldBeTrue(open.Error?.ToString());
        return (projects, open.Value);
    }

    public static async Task AddAsync(LinkageProjects projects, string project, string name, string registerClass, string text)
    {
        var added = await projects.AddInputAsync(Proposer, project, name, registerClass, "id", _ => Task.FromResult<Stream>(new MemoryStream(Encoding.UTF8.GetBytes(text))), default);
        added.IsOk.ShouldBeTrue(added.Error?.ToString());
    }

    /// <summary>Persons whose names and dates follow from their number; every fifth of those with prefix "s" is misspelt.</summary>
    public static string Persons(string prefix, int from, int count)
    {
        string[] syllables = ["ba", "ri", "mo", "la", "ke", "tu", "sa", "no", "fi", "da", "gu", "he", "yo", "pi", "za", "we", "lo", "ma", "ne", "ti"];
        string Name(int seed, int length) => string.Concat(Enumerable.Range(0, length).Select(i => syllables[(int)(Mix(seed, i) % (uint)syllables.Length)]));
        var text = new StringBuilder("id,given_name,family_name,birth_date,sex,place\n");
        for (var i = from; i < from + count; i++)
        {
            var family = Name(i * 7, 4);
            family = prefix == "s" && i % 5 == 0 ? family[..^1] + "x" : family;
            text.Append(CultureInfo.InvariantCulture, $"{prefix}{i},{Name(i, 3)},{family},{1950 + ((i * 7) % 55)}-{1 + (i % 12):00}-{1 + (i % 28):00},{(i % 2 == 0 ? "f" : "m")},{Name(i % 40, 2)}\n");
        }

        return text.ToString();
    }

    private static uint Mix(int seed, int i)
    {
        var x = (uint)((seed * 2_654_435_761L) + (i * 40_503L) + 77);
        x ^= x >> 15;
        x *= 2_246_822_519;
        x ^= x >> 13;
        return x * 3_266_489_917;
    }
}
