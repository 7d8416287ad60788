using Shouldly;
using Waymark.Evidence.Contracts;
using Waymark.Evidence.Definitions;
using Waymark.Model;
using Waymark.Storage;
using Waymark.Storage.Sqlite;
using Xunit;

namespace Waymark.Evidence.Tests;

/// <summary>Journey J12, the officer's side: a national definition, what it compares with, and who is told (S008, S027, S065).</summary>
public sealed class DefinitionRegisterTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("waymark-definitions-").FullName;
    private readonly CancellationToken _stop = TestContext.Current.CancellationToken;
    private IStore _store = null!;
    private DefinitionRegister _register = null!;

    public async ValueTask InitializeAsync()
    {
        _store = (await SqliteStore.OpenAsync(_folder, TimeProvider.System, new SqliteStoreOptions(), _stop)).Value;
        var bridge = new DefinitionBridge("six-to-twelve", new("six months to twelve months", "六个月换算为十二个月"), "duration",
            nameof(DurationRule.SixMonthsAndOneDay), nameof(DurationRule.TwelveMonths), 0.80m, 0.95m, "invented for this test");
        _register = new DefinitionRegister(_store, [], [bridge], new CoverageStatement(45, 24, "seed 004, section 4.3"),
            area => area is "XXA" or "XXB" or "XXC",
            _ => Task.FromResult<IReadOnlyList<(string, string)>>([("XXA", "un-desa/migration-flows"), ("XXZ", "un-desa/migration-flows")]));
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Two_offices_with_the_same_vector_compare_and_a_third_is_refused_with_the_component()
    {
        await RegisterAsync(Definition("XXA"));
        await RegisterAsync(Definition("XXB"));
        await RegisterAsync(Definition("XXC") with { Basis = PopulationBasis.Citizenship });
        var compared = (await _register.CompareAsync("XXA.immigration", _stop)).Value;
        compared.Single(other => other.Other.National!.Area == "XXB").Comparability.ShouldBe(Comparability.Comparable);
        var refused = compared.Single(other => other.Other.National!.Area == "XXC");
        refused.Comparability.ShouldBe(Comparability.Refused);
        refused.Differences.ShouldBe(["basis"]);
        refused.Explanation.In("zh").ShouldContain("谁算作移民");
    }

    [Fact]
    public async Task A_named_bridge_joins_six_months_and_twelve()
    {
        await RegisterAsync(Definition("XXA"));
        await RegisterAsync(Definition("XXB") with { Duration = DurationRule.SixMonthsAndOneDay });
        var compared = (await _register.CompareAsync("XXA.immigration", _stop)).Value.Single();
        compared.Comparability.ShouldBe(Comparability.Bridged);
        compared.Bridges.Single().Id.ShouldBe("six-to-twelve");
    }

    [Fact]
    public async Task What_nobody_knows_is_no_agreement()
    {
        await RegisterAsync(Definition("XXA") with { Duration = DurationRule.Unknown });
        await RegisterAsync(Definition("XXB") with { Duration = DurationRule.Unknown });
        (await _register.CompareAsync("XXA.immigration", _stop)).Value.Single().Comparability.ShouldBe(Comparability.Unknown);
    }

    [Fact]
    public async Task Every_version_stays_and_a_stale_change_is_refused()
    {
        await RegisterAsync(Definition("XXA"));
        (await _register.RegisterAsync(Definition("XXA") with { ValidFrom = "2024" }, 1, "officer", _stop)).IsOk.ShouldBeTrue();
        var stale = await _register.RegisterAsync(Definition("XXA") with { ValidFrom = "2025" }, 1, "other officer", _stop);
        stale.Error!.Code.ShouldBe("definition.conflict");
        var history = (await _register.GetAsync("XXA.immigration", _stop)).Value;
        history.Versions.Select(version => version.Definition.ValidFrom).ShouldBe(["2024", "2021"]);
        history.Current.National!.ValidFrom.ShouldBe("2024");
    }

    [Fact]
    public async Task Whoever_watches_is_told_once_and_nobody_else()
    {
        await _register.WatchAsync("partner-b", "XXA", on: true, _stop);
        await _register.WatchAsync("partner-b", null, on: true, _stop);
        await _register.WatchAsync("partner-c", "XXC", on: true, _stop);
        await RegisterAsync(Definition("XXA"));
        (await _register.NoticesAsync("partner-b", _stop)).Single().DefinitionId.ShouldBe("XXA.immigration");
        (await _register.NoticesAsync("partner-c", _stop)).ShouldBeEmpty();
        await _register.WatchAsync("partner-b", null, on: false, _stop);
        await _register.WatchAsync("partner-b", "XXA", on: false, _stop);
        (await _register.RegisterAsync(Definition("XXA") with { ValidFrom = "2024" }, 1, "officer", _stop)).IsOk.ShouldBeTrue();
        (await _register.NoticesAsync("partner-b", _stop)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task SEED_O22_coverage_repeats_45_and_24_and_counts_what_is_known_here()
    {
        await RegisterAsync(Definition("XXA"));
        await RegisterAsync(Definition("XXB"));
        await RegisterAsync(Definition("XXC") with { Basis = PopulationBasis.Citizenship });
        var coverage = await _register.CoverageAsync(_stop);
        (coverage.ReportingStated, coverage.SharingStated).ShouldBe((45, 24));
        coverage.Reporting.ShouldBe(4);
        coverage.LargestGroup.ShouldBe(2);
        coverage.Areas.Single(area => area.Area == "XXZ").KnownFrom.ShouldBe("un-desa/migration-flows");
    }

    [Fact]
    public async Task A_bad_definition_names_every_field_at_once()
    {
        var refused = await _register.RegisterAsync(Definition("NOWHERE") with { Law = " ", ValidFrom = "soon", Series = ["x"] }, 0, "officer", _stop);
        refused.Error!.Code.ShouldBe("definition.invalid");
        refused.Error.Where.ShouldBe("area, law, valid-from, series");
    }

    private async Task RegisterAsync(NationalDefinition definition) =>
        (await _register.RegisterAsync(definition, 0, "officer", _stop)).IsOk.ShouldBeTrue();

    private static NationalDefinition Definition(string area) => new()
    {
        Area = area,
        Topic = "immigration",
        Concept = StatisticalConcept.Flow,
        Basis = PopulationBasis.UsualResidence,
        Duration = DurationRule.TwelveMonths,
        Source = CollectionSource.Register,
        Counts = CountOf.Person,
        Text = LocalText.In("en", "A person who takes up usual residence for at least twelve months (invented)."),
        Law = "Act on population statistics (invented)",
        Article = "4",
        ValidFrom = "2021",
        Series = ["un-desa/migration-flows"],
    };
}
