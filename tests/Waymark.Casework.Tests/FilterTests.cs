using System.Text;
using Waymark.Casework.Contracts;
using Waymark.Casework.Registers;
using static Waymark.Casework.Tests.Node;

namespace Waymark.Casework.Tests;

/// <summary>Filters that a person keeps, and those that nobody has.</summary>
public sealed class FilterTests
{
    private static readonly string[] s_never = ["nationality", "ethnicity", "religion", "migration-status", "political", "sex-life", "affiliation", "refused-protection", "asylum-claim"];

    private static SavedFilter Filter(string name, string path, string word) => new(name, "open", new Dictionary<string, string>(StringComparer.Ordinal) { [path] = word }, true);

    [Theory]
    [MemberData(nameof(StoreMatrix.Kinds), MemberType = typeof(StoreMatrix))]
    public async Task A_filter_is_kept_for_its_person_only_and_lies_sealed(string kind)
    {
        await using var node = await OpenAsync(open: await StoreMatrix.OpenerAsync(kind));
        var field = RepositoryPacks.Tracing.View.Filters[0];
        var word = field.Type == FieldType.YesNo ? "yes" : field.Codes!.Codes[0].Id;
        (await node.Cases.SaveFilterAsync(Desk(), "tracing", Filter("Mine to call KHARTAL-44", field.Path, word), default)).IsOk.ShouldBeTrue();
        (await node.Cases.SaveFilterAsync(Desk(), "tracing", Filter("Second", field.Path, word), default)).IsOk.ShouldBeTrue();
        (await node.Cases.SaveFilterAsync(Desk(), "tracing", Filter("Second", field.Path, word) with { IsMine = false }, default)).IsOk.ShouldBeTrue();
        var saved = await node.Cases.SavedAsync(Desk(), "tracing", default);
        saved.Select(filter => (filter.Name, filter.IsMine)).ShouldBe([("Mine to call KHARTAL-44", true), ("Second", false)]);
        (await node.Cases.SavedAsync(Desk(Colleague), "tracing", default)).ShouldBeEmpty();
        (await node.Cases.SavedAsync(Desk(), "referral", default)).ShouldBeEmpty();
        var seed = Encoding.UTF8.GetBytes("KHARTAL-44");
        Directory.EnumerateFiles(node.Folder, "*", SearchOption.AllDirectories).Where(file => Read(file).AsSpan().IndexOf(seed) >= 0).ShouldBeEmpty();
        (await node.Cases.RemoveFilterAsync(Desk(), "tracing", "Second", default)).IsOk.ShouldBeTrue();
        (await node.Cases.SavedAsync(Desk(), "tracing", default)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task What_the_view_does_not_name_is_no_filter_and_there_are_bounds__M01()
    {
        await using var node = await OpenAsync();
        (await node.Cases.SaveFilterAsync(Desk(), "tracing", Filter("x", "separated-on", "2026"), default)).Error!.Code.ShouldBe("case.filter");
        (await node.Cases.SaveFilterAsync(Desk(), "tracing", new("x", "no-such-state", new Dictionary<string, string>(), false), default)).Error!.Code.ShouldBe("case.filter");
        (await node.Cases.SaveFilterAsync(Desk(), "tracing", new(new string('x', 61), null, new Dictionary<string, string>(), false), default)).Error!.Code.ShouldBe("filter.name");
        (await node.Cases.SaveFilterAsync(Desk(purpose: "migration-statistics"), "tracing", new("x", null, new Dictionary<string, string>(), false), default)).Error!.Code.ShouldBe("case.nothing");
        for (var one = 0; one < SavedFilter.Most; one++)
        {
            (await node.Cases.SaveFilterAsync(Desk(), "tracing", new("f" + one, null, new Dictionary<string, string>(), false), default)).IsOk.ShouldBeTrue();
        }

        (await node.Cases.SaveFilterAsync(Desk(), "tracing", new("one more", null, new Dictionary<string, string>(), false), default)).Error!.Code.ShouldBe("filter.too-many");
    }

    [Fact]
    public void No_register_filters_shows_or_searches_by_nationality_ethnicity_religion_or_status__M01()
    {
        var plans = RepositoryPacks.Registers().All;
        plans.Count.ShouldBeGreaterThan(10);
        foreach (var plan in plans)
        {
            foreach (var field in plan.View.Filters.Concat(plan.View.Columns).Concat(plan.Fields.Where(field => field.Search != SearchKind.None)))
            {
                s_never.ShouldNotContain(field.Category, $"{plan.Id}: {field.Path}");
            }

            foreach (var field in plan.View.Filters)
            {
                new[] { "national", "citizen", "ethnic", "religio", "faith", "migration-status", "legal-status", "stateless" }
                    .ShouldAllBe(word => !field.Path.Contains(word, StringComparison.OrdinalIgnoreCase), $"{plan.Id}: {field.Path}");
            }
        }
    }

    private static byte[] Read(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
