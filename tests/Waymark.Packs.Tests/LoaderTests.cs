using Shouldly;
using Xunit;

namespace Waymark.Packs.Tests;

public sealed class LoaderTests
{
    private const string WithRows = Make.Header + "files:\n  - {path: rows.csv, columns: [code, en, zh], key: [code]}\n";

    [Fact]
    public void A_pack_loads_with_its_rows_and_their_lines()
    {
        var outcome = Make.Load([Make.WithSchemas(
            ("codelists/sample/pack.yaml", WithRows), ("codelists/sample/rows.csv", "code,en,zh\nA,\"a, \"\"one\"\"\",甲\nB,\"two\nlines\",乙\nC,c,丙\n"))]);
        outcome.Errors.ShouldBeEmpty();
        var pack = outcome.Library.Find("codelists", "sample")!;
        pack.Title.In("zh").ShouldBe("样例");
        pack.Hash.Length.ShouldBe(64);
        var rows = pack.Table("rows.csv")!.Rows;
        rows.Select(row => row.Line).ShouldBe([2, 3, 5]);
        rows[0]["en"].ShouldBe("a, \"one\"");
        rows[1]["en"].ShouldBe("two\nlines");
    }

    [Theory]
    [InlineData("code,en,zh\nA,a\n", "pack.csv-width", "2:1")]
    [InlineData("code,en,zh\nA,a,\"b\n", "pack.csv-open-quote", null)]
    [InlineData("code,en,zh\nA,a\"b,c\n", "pack.csv-quote", "2:4")]
    [InlineData("code,en,zh\nA,\"a\"b,c\n", "pack.csv-quote", "2:6")]
    [InlineData("code,en,zh\nA,a,b\n\nB,a,b\n", "pack.csv-width", "3:1")]
    [InlineData("code,en\nA,a\n", "pack.csv-header", "1:1")]
    [InlineData("code,en,zh\nA,a,b\nA,c,d\n", "pack.csv-duplicate", "3:1")]
    [InlineData("code,en,zh\nA,a\u200Eb,c\u0007\n", "pack.hidden-character", "2:8")]
    [InlineData("", "pack.csv-no-header", "1:1")]
    public void A_row_that_is_not_strict_CSV_is_refused_with_its_line(string csv, string code, string? place)
    {
        var outcome = Make.Load([Make.WithSchemas(("codelists/sample/pack.yaml", WithRows), ("codelists/sample/rows.csv", csv))]);
        outcome.Library.Find("codelists", "sample").ShouldBeNull();
        var error = outcome.Errors.First(error => error.Code == code);
        if (place is not null)
        {
            error.Where.ShouldBe("packs/codelists/sample/rows.csv:" + place);
        }
    }

    [Theory]
    [InlineData("../other.csv")]
    [InlineData("/etc/hostname")]
    [InlineData("a/../../x.csv")]
    [InlineData("C:\\x.csv")]
    [InlineData("..\\x.csv")]
    [InlineData(".hidden")]
    [InlineData("pack.yaml")]
    public void A_file_reference_cannot_leave_the_folder(string path)
    {
        var outcome = Make.Load([Make.WithSchemas(("codelists/sample/pack.yaml", Make.Header + $"files:\n  - path: '{path}'\n"))]);
        outcome.Errors.ShouldContain(error => error.Code == "pack.file-path");
    }

    [Fact]
    public void A_mistyped_field_or_kind_is_answered_with_the_nearest_name()
    {
        var outcome = Make.Load([Make.WithSchemas(
            ("codelists/sample.yaml", Make.Header.Replace("licence", "license", StringComparison.Ordinal) + "files: []\n"),
            ("codelist/other.yaml", Make.Header))]);
        outcome.Errors.First(error => error.Code == "pack.unknown-field").Hint!.In("en").ShouldBe("Did you mean \"licence\"?");
        outcome.Errors.First(error => error.Code == "pack.unknown-kind").Hint!.In("zh").ShouldBe("是否指“codelists”？");
    }

    [Fact]
    public void An_id_with_a_look_alike_letter_is_refused_and_the_letter_named()
    {
        var outcome = Make.Load([Make.WithSchemas(
            ("codelists/sample.yaml", Make.Header.Replace("id: sample", "id: s\u0430mple", StringComparison.Ordinal) + "files: []\n"))]);
        outcome.Errors.ShouldContain(error => error.Code == "pack.header" && error.Message.In("en").Contains("U+0430"));
    }

    [Fact]
    public void The_hash_follows_the_content_and_not_the_line_ends()
    {
        static string Hash(string csv) => Make.Load([Make.WithSchemas(
            ("codelists/sample/pack.yaml", WithRows), ("codelists/sample/rows.csv", csv))]).Library.Find("codelists", "sample")!.Hash;

        Hash("code,en,zh\nA,a,b\n").ShouldBe(Hash("code,en,zh\r\nA,a,b\r\n"));
        Hash("code,en,zh\nA,a,b\n").ShouldNotBe(Hash("code,en,zh\nA,a,c\n"));
    }

    [Fact]
    public void An_operators_folder_adds_but_never_replaces_silently()
    {
        var basis = Make.WithSchemas(("codelists/sample/pack.yaml", WithRows), ("codelists/sample/rows.csv", "code,en,zh\nA,a,b\n"));

        PackLoadOutcome With(string yaml, string csv) => Make.Load([basis,
            Make.Memory("site", ("codelists/sample/pack.yaml", yaml), ("codelists/sample/rows.csv", csv))]);

        With(WithRows, "code,en,zh\nB,a,b\n").Errors.ShouldHaveSingleItem().Code.ShouldBe("pack.replaced");
        var extends = WithRows + "extends: true\n";
        var refused = With(extends, "code,en,zh\nB,a,b\nA,x,y\n").Errors.ShouldHaveSingleItem();
        (refused.Code, refused.Where).ShouldBe(("pack.replaced", "site/codelists/sample/rows.csv:3:1"));
        var good = With(extends, "code,en,zh\nB,a,b\n");
        good.Errors.ShouldBeEmpty();
        good.Library.Find("codelists", "sample")!.Rows("rows.csv").Select(row => row["code"]).ShouldBe(["A", "B"]);
    }
}
