using Shouldly;
using Waymark.Packs.Content;
using Xunit;

namespace Waymark.Packs.Tests;

public sealed class TextTests
{
    private const string Texts = """
        id: sample
        kind: texts
        version: 1.0.0
        title: {en: Sample, zh: 样例}
        source: a test
        licence: CC0-1.0
        languages:
          en: {name: English, direction: ltr}
          zh: {name: 简体中文, direction: ltr}
        texts:
          greeting: {en: "Hello, {name}", zh: "您好，{name}"}
          files: {en: {one: "One file", other: "{count} files"}, zh: "{count} 个文件"}
          braces: {en: "{{x}} {y}", zh: "{{x}} {y}"}

        """;

    private const string Arabic = """
        id: sample-ar
        kind: texts
        version: 1.0.0
        title: {en: Sample in Arabic, zh: 阿拉伯文样例}
        source: a test
        licence: CC0-1.0
        languages:
          ar: {name: العربية, direction: rtl}
        texts:
          files: {ar: {zero: "لا ملفات {count}", one: "ملف واحد", two: "ملفان", few: "{count} ملفات", many: "{count} ملفًا", other: "{count} ملف"}}

        """;

    private static (TextCatalogue Texts, PackErrors Errors) Read(params (string Path, string Text)[] files)
    {
        var outcome = Make.Load([Make.WithSchemas(files)]);
        outcome.Errors.Select(error => error.ToString()).ShouldBeEmpty();
        var errors = new PackErrors();
        return (TextCatalogue.Read(outcome.Library, errors), errors);
    }

    [Fact]
    public void Texts_fill_their_slots_and_choose_the_plural_form()
    {
        var (texts, errors) = Read(("texts/sample.yaml", Texts));
        errors.All.ShouldBeEmpty();
        texts.Get("en", "greeting", ("name", "Ana")).ShouldBe("Hello, Ana");
        texts.Get("zh", "greeting", ("name", "王小明")).ShouldBe("您好，王小明");
        texts.Get("en", "files", ("count", 1)).ShouldBe("One file");
        texts.Get("en", "files", ("count", 12345)).ShouldBe("12,345 files");
        texts.Get("zh-Hans-CN", "files", ("count", 1)).ShouldBe("1 个文件");
        texts.Get("en", "braces", ("y", 2)).ShouldBe("{x} 2");
        texts.Get("en", "greeting").ShouldBe("Hello, {name}");
        texts.Get("en", "no.such").ShouldBe("⟪no.such⟫");
    }

    [Fact]
    public void Arabic_is_added_by_a_file_and_falls_back_where_it_is_silent()
    {
        var (texts, errors) = Read(("texts/sample.yaml", Texts), ("texts/sample-ar.yaml", Arabic));
        errors.All.ShouldBeEmpty();
        texts.Languages.Single(language => language.Tag == "ar").Direction.ShouldBe("rtl");
        texts.Get("ar", "files", ("count", 2)).ShouldBe("ملفان");
        texts.Get("ar", "files", ("count", 1)).ShouldBe("ملف واحد");
        texts.Get("ar", "files", ("count", 7)).ShouldEndWith("ملفات");
        texts.Get("ar", "files", ("count", 11)).ShouldEndWith("ملفًا");
        texts.Get("ar", "files", ("count", 100)).ShouldEndWith("ملف");
        texts.Get("ar", "greeting", ("name", "Ana")).ShouldBe("Hello, Ana");
    }

    [Fact]
    public void A_text_that_one_of_the_two_languages_lacks_is_an_error_with_its_place()
    {
        var (_, errors) = Read(("texts/sample.yaml", Texts + "  only: {en: \"x\"}\n"));
        var error = errors.All.ShouldHaveSingleItem();
        (error.Code, error.Where).ShouldBe(("pack.text-missing", "packs/texts/sample.yaml:14:3"));
    }

    [Fact]
    public void Slots_that_differ_between_languages_are_an_error() =>
        Read(("texts/sample.yaml", Texts + "  differ: {en: \"{a}\", zh: \"{b}\"}\n")).Errors.All.ShouldHaveSingleItem().Code.ShouldBe("pack.slots-differ");

    [Fact]
    public void The_same_text_in_two_packs_is_an_error() =>
        Read(("texts/sample.yaml", Texts), ("texts/other.yaml", Texts.Replace("id: sample", "id: other", StringComparison.Ordinal)))
            .Errors.All.ShouldContain(error => error.Code == "pack.text-twice");
}
