using Shouldly;
using Waymark.Model;
using Xunit;

namespace Waymark.Packs.Tests;

public sealed class CheckTests
{
    [Fact]
    public void The_check_of_the_built_in_packs_reports_every_pack_and_finds_nothing()
    {
        var outcome = PackCheck.Run([Make.Root], cancellation: TestContext.Current.CancellationToken);
        outcome.Errors.Select(error => error.ToString()).ShouldBeEmpty();
        outcome.Reports.Count(report => report.Key is not null).ShouldBe(outcome.Library.All.Count);
    }

    [Fact]
    public void An_error_of_content_stands_in_the_report_of_its_pack_with_file_line_and_column()
    {
        var outcome = PackCheck.Run(Make.Load([Make.WithSchemas(
            ("codelists/units/pack.yaml", Make.Header.Replace("id: sample", "id: units", StringComparison.Ordinal)
                + "files:\n  - {path: units.csv, columns: [code, counts, scale, denominator, en, zh], key: [code]}\n"),
            ("codelists/units/units.csv", "code,counts,scale,denominator,en,zh\nperson,persn,0,,Persons,\n"))]));
        var report = outcome.Reports.Single(report => report.Key?.Id == "units");
        report.Errors.Select(error => (error.Code, error.Where)).ShouldBe(
            [("pack.missing-field", "packs/codelists/units/units.csv:2:6"), ("pack.unknown-word", "packs/codelists/units/units.csv:2:2")], ignoreOrder: true);
        report.Errors.Single(error => error.Code == "pack.unknown-word").Hint!.In("en").ShouldBe("Did you mean \"person\"?");
    }

    [Fact]
    public void A_module_adds_its_own_check()
    {
        var outcome = PackCheck.Run(Make.Load([Make.WithSchemas()]), [_ => [Error.Faulty("module.fault", "x", "乙", "elsewhere:1:1")]]);
        outcome.Reports.ShouldHaveSingleItem().Errors.ShouldHaveSingleItem().Code.ShouldBe("module.fault");
    }

    [Fact]
    public void An_operator_adds_an_area_alias_but_cannot_change_one()
    {
        const string yaml = """
            id: areas
            kind: codelists
            version: 1.0.0
            title: {en: More names, zh: 更多名称}
            source: the operator
            licence: CC0-1.0
            extends: true
            files:
              - {path: aliases.csv, columns: [scheme, text, code, valid_from, valid_to, reason_en, reason_zh], key: [scheme, text, valid_from]}

            """;
        PackLoadOutcome With(string row) => Make.Load([new PackFolder(Make.Root), Make.Memory("site",
            ("codelists/areas/pack.yaml", yaml), ("codelists/areas/aliases.csv", "scheme,text,code,valid_from,valid_to,reason_en,reason_zh\n" + row + "\n"))]);

        With("iso2,NA,NER,,,,").Errors.ShouldHaveSingleItem().Code.ShouldBe("pack.replaced");
        new Content.BuiltInContent(With("iso2,NA,NER,2000-01-01,,,").Library).Errors.ShouldContain(error => error.Code == "pack.alias-conflict");
        new Content.BuiltInContent(With("iso2,\" NA\",NER,,,,").Library).Errors.ShouldContain(error => error.Code == "pack.alias-conflict");
        var added = With("any-name,Myanmar (Burma),MMR,,,,");
        added.Errors.ShouldBeEmpty();
        new Content.BuiltInContent(added.Library).Areas.Resolve(AreaSchemes.AnyName, "Myanmar (Burma)").Code.ShouldBe("MMR");
    }
}
