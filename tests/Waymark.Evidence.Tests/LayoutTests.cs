using Shouldly;
using Waymark.Evidence.Contracts;
using Waymark.Evidence.Importing;
using Waymark.Evidence.Reading;
using Waymark.Formats;
using Xunit;

namespace Waymark.Evidence.Tests;

/// <summary>The shapes of tables that publishers print, each as small as it can be.</summary>
public sealed class LayoutTests
{
    private const string Series = """
        series:
          own/persons:
            name: {en: Persons, zh: 人数}
            unit: person
            licence: CC0-1.0
            citation: {en: Own office., zh: 自有机构。}
            dimensions:
              area: {total: WORLD}
              sex: {}
              group: {}
        concepts:
          group:
            name: {en: Group, zh: 组别}
            open: true
            codes:
              _T: {name: {en: All, zh: 全部}, kind: total}
        """;

    private static string Profile(string tables, string more = "") => $$"""
        recognise:
          all: [{text: 'Own office'}]
        release: [{constant: "2020"}]
        dimensions:
          area: {schemes: [iso3, any-name], mark: '(?<mark>\d)$'}
        {{more}}
        tables:
        {{tables}}
        """;

    private static async Task<(EvidenceHarness Harness, ImportReport Report)> Read(string profile, string text)
    {
        using var packs = new OwnPacks(profile, Series);
        var harness = await EvidenceHarness.OpenAsync(packs.Library);
        var report = await harness.ImportAsync("t.csv", text);
        report.Error.ShouldBeNull();
        report.Cells.Balances.ShouldBeTrue();
        report.Sheets.ShouldAllBe(sheet => sheet.RowClasses.Values.Sum() == sheet.Rows);
        return (harness, report);
    }

    [Fact]
    public async Task The_same_years_stand_under_two_headings()
    {
        var (harness, report) = await Read(Profile("""
              - id: t
                header: {labels: [Area], above: 2}
                series: own/persons
                columns:
                  - {labels: [Area], role: dimension, dimension: area}
                  - {pattern: '^Men \| (?<period>\d{4})$', role: measure, set: {sex: M}}
                  - {pattern: '^Women \| (?<period>\d{4})$', role: measure, set: {sex: F}}
            """), "Own office\n,Men,,Women,\n\nArea,2019,2020,2019,2020\nKenya1,1,2,3,4\n");
        await using var _ = harness;
        report.Cells.Observations.ShouldBe(4);
        EvidenceHarness.Number(await harness.AskAsync("own/persons", "sex=F", "2019")).ShouldBe(3);
        EvidenceHarness.Text(await harness.AskAsync("own/persons", "sex=F", "2019"), "footnotes").ShouldBe("1");
    }

    [Fact]
    public async Task Tables_are_stacked_and_each_filter_block_says_what_it_is()
    {
        var (harness, report) = await Read(Profile("""
              - id: t
                header: {labels: [GEO/TIME]}
                repeat: true
                pairs: {SEX: sex}
                rows: {end: ['^Special value']}
                series: own/persons
                columns:
                  - {labels: [GEO/TIME], role: dimension, dimension: area}
                  - {pattern: '^(?<period>\d{4})$', role: measure}
            """), "Own office\nSEX,Males\nGEO/TIME,2019\nKenya,1\nSpecial value:\n\nSEX,Females\nGEO/TIME,2019\nKenya,2\n");
        await using var _ = harness;
        report.Cells.Observations.ShouldBe(2);
        EvidenceHarness.Number(await harness.AskAsync("own/persons", "sex=M")).ShouldBe(1);
        EvidenceHarness.Number(await harness.AskAsync("own/persons", "sex=F")).ShouldBe(2);
    }

    [Fact]
    public async Task Heading_rows_set_what_the_rows_below_them_are()
    {
        var (harness, report) = await Read(Profile("""
              - id: t
                header: {labels: [Characteristic, Total]}
                rows:
                  headings: [{match: '^(?<block>SEX|COUNTRY)$'}]
                  rules:
                    - {when: {block: SEX}, set: {sex: '{what}', area: WORLD}}
                    - {when: {block: COUNTRY}, set: {area: '{what}', sex: _T}}
                    - {when: {what: '^Total$'}, set: {area: WORLD, sex: _T}, class: total}
                series: own/persons
                set: {period: "2020"}
                columns:
                  - {labels: [Characteristic], role: variable, id: what}
                  - {labels: [Total], role: measure}
            """), "Own office\nCharacteristic,Total\nSEX,\nTotal,10\nMale,4\nCOUNTRY,\nTotal,10\nKenya,9\n");
        await using var _ = harness;
        report.Sheets[0].RowClasses["heading"].ShouldBe(2);
        report.Sheets[0].RowClasses["total"].ShouldBe(2);
        EvidenceHarness.Number(await harness.AskAsync("own/persons", "sex=M; area=WORLD")).ShouldBe(4);
        EvidenceHarness.Number(await harness.AskAsync("own/persons", "area=KEN")).ShouldBe(9);
        EvidenceHarness.Number(await harness.AskAsync("own/persons", "", "2020", "", "sum")).ShouldBe(10);
    }

    [Fact]
    public async Task Blocks_stand_side_by_side()
    {
        var (harness, report) = await Read(Profile("""
              - id: t
                header: {labels: [Country, Persons]}
                blocks: [Country]
                series: own/persons
                set: {period: "2020"}
                columns:
                  - {labels: [Country], role: dimension, dimension: area}
                  - {labels: [Persons], role: measure}
            """), "Own office\nCountry,Persons,Country,Persons\nKenya,1,France,2\nNamibia,3,Germany,4\n");
        await using var _ = harness;
        report.Cells.Observations.ShouldBe(4);
        EvidenceHarness.Number(await harness.AskAsync("own/persons", "area=FRA")).ShouldBe(2);
    }

    [Fact]
    public async Task Leading_blanks_say_what_belongs_to_what()
    {
        var (harness, _) = await Read(Profile("""
              - id: t
                header: {labels: [Item, Persons]}
                rows: {hierarchy: {column: item, by: blanks, set: [top, group]}}
                series: own/persons
                set: {period: "2020", area: WORLD, group: '{top}/{item}'}
                columns:
                  - {labels: [Item], role: variable, id: item}
                  - {labels: [Persons], role: measure}
            """), "Own office\nItem,Persons\nA,1\n  x,2\nB,3\n  x,4\n");
        await using var __ = harness;
        EvidenceHarness.Number(await harness.AskAsync("own/persons", "group=B/x")).ShouldBe(4);
    }

    [Fact]
    public async Task Ranges_scale_and_unreadable_cells_are_told_apart()
    {
        var (harness, report) = await Read(Profile("""
              - id: t
                header: {labels: [Area, Persons]}
                series: own/persons
                set: {period: "2020"}
                unit: thousand-persons
                values:
                  decimal: ','
                  thousands: '.'
                  tokens: {'<5': {status: suppressed, from: 1, to: 4}}
                  patterns:
                    - {match: '^>(?<from>\d+)$', comparator: at-least}
                    - {match: '^(?<from>\d+)-(?<to>\d+)$'}
                columns:
                  - {labels: [Area], role: dimension, dimension: area}
                  - {labels: [Persons], role: measure}
            """), "Own office\nArea;Persons\nKenya;1.234,5\nFrance;<5\nGermany;>10\nNamibia;63-132\nSudan;1,2,3\n");
        await using var _ = harness;
        report.KeptAside.Single().Code.ShouldBe("import.cell-unreadable");
        EvidenceHarness.Number(await harness.AskAsync("own/persons", "area=KEN")).ShouldBe(1234.5m);
        var range = await harness.AskAsync("own/persons", "area=NAM");
        range.Rows[0][EvidenceHarness.Column(range, "value")].ShouldBe(new QueryCell(63, null, 132));
        EvidenceHarness.Text(await harness.AskAsync("own/persons", "area=DEU"), "comparator").ShouldBe(">=");
        var withheld = await harness.AskAsync("own/persons", "area=FRA");
        EvidenceHarness.Text(withheld, "status").ShouldBe("Q");
        withheld.Rows[0][EvidenceHarness.Column(withheld, "upper")].Number.ShouldBe(4);
        EvidenceHarness.Text(withheld, "unit").ShouldBe("thousand-persons");
    }

    [Fact]
    public void Mutated_files_end_in_a_report_that_balances_or_in_a_located_error()
    {
        Assert.SkipWhen(Support.Data is null, "skipped: data folder absent");
        var interpreter = new FileInterpreter(Support.Catalogue, null, ReadLimits.Default);
        string[] names = ["unhcr/solutions.csv", "unhcr/refugees_in_EU_plus_UK.csv", "undesa/UN_MigrantStockTotal_2017.xlsx", "eurostat/asylum_applicants_total.csv", "eurostat/migr_resvalid.xls", "idmc/idmc_displacement_all_dataset.xlsx"];
        foreach (var name in names)
        {
            var bytes = File.ReadAllBytes(Support.DataFile(name));
            for (var seed = 0; seed < 40; seed++)
            {
                var random = new Random(seed);
                var input = new ImportInput(Path.GetFileName(name), Mutate(bytes, random));
                var recognised = interpreter.Recognise(input, null, CancellationToken.None);
                if (recognised.Profile is null)
                {
                    continue;
                }

                var read = interpreter.Read(recognised, null, CancellationToken.None);
                if (read.IsOk)
                {
                    var report = Reports.Of(input, recognised, read.Value, ImportState.DryRun, null, []);
                    report.Cells.Balances.ShouldBeTrue($"{name} {seed}");
                    report.Cells.Observations.ShouldBe(read.Value.Reading.Sinks.Sum(sink => sink.Total), $"{name} {seed}");
                }
                else
                {
                    read.Error.Code.ShouldNotBeNullOrEmpty();
                }
            }
        }
    }

    [Fact]
    public void Editions_are_ordered_by_what_they_say()
    {
        string[] editions = ["2017", "2020", "2024-07-19", "2025-01-12"];
        editions.Select(ReleaseFinder.Order).ShouldBeInOrder();
        ReleaseFinder.Order("v3.1").ShouldBeGreaterThan(ReleaseFinder.Order("v3.0"));
    }

    private static byte[] Mutate(byte[] bytes, Random random)
    {
        var copy = (byte[])bytes.Clone();
        switch (random.Next(4))
        {
            case 0:
                return copy[..random.Next(1, copy.Length)];
            case 1:
                for (var i = 0; i < 20; i++)
                {
                    copy[random.Next(copy.Length)] ^= (byte)(1 << random.Next(8));
                }

                return copy;
            case 2:
                return [.. copy, .. copy.AsSpan(copy.Length / 2)];
            default:
                var from = random.Next(copy.Length - 1);
                copy.AsSpan(from, Math.Min(64, copy.Length - from)).Fill((byte)random.Next(256));
                return copy;
        }
    }
}
