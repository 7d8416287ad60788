using Shouldly;
using Waymark.Evidence.Contracts;
using Waymark.Evidence.Features;
using Waymark.Evidence.Tests.Oracles;
using Waymark.Packs.Content;
using Waymark.Storage;
using Waymark.Storage.Sqlite;
using Xunit;

namespace Waymark.Evidence.Tests;

/// <summary>The reference evidence of the packs in a store of its own, imported and checked once.</summary>
public sealed class CheckedReference : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("waymark-cases-").FullName;
    private IStore? _store;
    private EvidenceBase? _evidence;

    public IReadOnlyList<CheckFinding> Findings { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        var content = new BuiltInContent(Support.Library);
        _store = (await SqliteStore.OpenAsync(Path.Combine(_folder, "store"), new TestClock(), null, CancellationToken.None)).Value;
        _evidence = await EvidenceBase.OpenAsync(new(Support.Library, content.Areas, OracleWorld.Facts, _store, FileKeyStore.Open(Path.Combine(_folder, "keys")).Value, new TestClock())
        {
            Series = ReferenceEvidence.Series(content.References),
        }, alone: true, CancellationToken.None);
        (await ReferenceEvidence.LoadAsync(_evidence, content.References, CancellationToken.None)).IsOk.ShouldBeTrue();
        Findings = (await _evidence.CheckAsync(null, CancellationToken.None)).Value;
    }

    public async ValueTask DisposeAsync()
    {
        _evidence?.Dispose();
        if (_store is not null)
        {
            await _store.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }
}

/// <summary>
/// Every data-quality case of the sources that applies to the built-in figures: its check fires on exactly the rows the case is
/// about, through import, store and checks. docs/methods/data-quality-cases.md lists those that do not apply, and why.
/// </summary>
public sealed class QualityCaseTests(CheckedReference reference) : IClassFixture<CheckedReference>
{
    [Theory]
    [InlineData("DQ01", "KF014")]
    [InlineData("DQ02", "KF067 KF068 KF069 KF070 KF071 KF072")]
    [InlineData("DQ03", "KF037 KF039")]
    [InlineData("DQ04", "KF049")]
    [InlineData("DQ05", "KF057 KF058")]
    [InlineData("DQ06", "KF059")]
    [InlineData("DQ07", "KF086 KF087 KF090 KF091 KF092 KF120")]
    [InlineData("DQ08", "KF073")]
    [InlineData("DQ09", "share@1990 stock@1990")]
    [InlineData("DQ10", "KF006 KF008 KF010 KF012")]
    [InlineData("DQ12", "KF126")]
    [InlineData("DQ14", "need@2005 need@2006 need@2007 need@2008 need@2009 need@2010 share@2005 share@2006 share@2007 share@2008 share@2009 share@2010")]
    [InlineData("DQ16", "KF048")]
    [InlineData("DQ17", "KF155 KF157 KF181")]
    [InlineData("DQ18", "KF149 KF153")]
    [InlineData("DQ19", "TR10 TR12")]
    [InlineData("DQ20", "SM06")]
    [InlineData("DQ21", "SM10 TR19")]
    [InlineData("DQ22", "TR15 TR16")]
    [InlineData("DQ23", "TR06")]
    [InlineData("DQ24", "TR28")]
    [InlineData("DQ25", "SM03b TR04b TR07b TR12 TR14")]
    [InlineData("DQ26", "TR03a TR03b TR19 TR20 TR22 TR28")]
    [InlineData("DQ27", "SM16")]
    [InlineData("DQ28", "TR05a")]
    [InlineData("DQ30", "KF187 KF188 KF189 KF190")]
    [InlineData("DQ31", "KF181 KF182")]
    [InlineData("DQ34", "KF185")]
    [InlineData("DQ37", "KF173 KF174 KF175 KF176 KF177 KF178 KF179 KF180")]
    [InlineData("DQ38", "KF131")]
    [InlineData("DQ43", "KF204 KF205 KF206")]
    [InlineData("DQ44", "KF206")]
    [InlineData("DQ47", "KF224 KF225")]
    [InlineData("DQ48", "KF078 KF210")]
    [InlineData("DQ49", "KF221")]
    [InlineData("DQ55", "KF127 KF238 KF239")]
    [InlineData("DQ56", "KF240")]
    [InlineData("DQ61", "KF143 KF144 KF145 KF146 KF147 KF148 KF149 KF150 KF151 KF152 KF153 KF183 KF198 KF199 KF200")]
    [InlineData("DQ62", "KF234")]
    public void The_check_of_a_case_fires_on_the_rows_it_is_about(string id, string rows)
    {
        var findings = reference.Findings.Where(finding => finding.Case == id).ToList();
        findings.Select(Row).Order(StringComparer.Ordinal).ShouldBe(rows.Split(' ').Order(StringComparer.Ordinal));
        findings.ShouldAllBe(finding => finding.Evidence.In("en").Length > 20 && finding.Evidence.In("zh").Length > 5 && finding.Cells.Count == 1 && finding.Cells[0].Contains(".csv:"));
    }

    [Fact]
    public void Every_case_of_the_packs_is_tested_here_or_said_not_to_apply()
    {
        var tested = typeof(QualityCaseTests).GetMethod(nameof(The_check_of_a_case_fires_on_the_rows_it_is_about))!
            .GetCustomAttributesData().Where(data => data.AttributeType == typeof(InlineDataAttribute))
            .Select(data => (string)((IReadOnlyCollection<System.Reflection.CustomAttributeTypedArgument>)data.ConstructorArguments[0].Value!).First().Value!).ToList();
        reference.Findings.Select(finding => finding.Case).OfType<string>().Distinct().Except(tested).ShouldBeEmpty();
        var page = File.ReadAllText(Path.Combine(Support.Root, "docs", "methods", "data-quality-cases.md"));
        Enumerable.Range(1, 62).Select(number => $"DQ{number:00}").Where(id => !tested.Contains(id) && !page.Contains($"| {id} |", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    private static string Row(CheckFinding finding) => finding.Key.GetValueOrDefault("figure") ?? finding.Key.GetValueOrDefault("route")
        ?? $"{finding.Key["measure"]}@{finding.Period![..4]}";
}
