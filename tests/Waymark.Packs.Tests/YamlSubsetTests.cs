using System.Text;
using Shouldly;
using Waymark.Packs.Yaml;
using Xunit;

namespace Waymark.Packs.Tests;

public sealed class YamlSubsetTests
{
    [Fact]
    public void A_plain_pack_is_read_with_the_place_of_every_node()
    {
        var (node, errors) = Make.Yaml("a: one\nb:\n  - x\n  - {c: \"two: three\"}\n");
        errors.ShouldBeEmpty();
        var root = node.ShouldBeOfType<PackMapping>();
        root.Find("a")!.Value.At.ShouldBe(new(1, 4));
        var list = root.Find("b")!.Value.ShouldBeOfType<PackSequence>();
        list.Items[1].ShouldBeOfType<PackMapping>().Find("c")!.Value.At.ShouldBe(new(4, 9));
        list.Items[1].ShouldBeOfType<PackMapping>().Find("c")!.Value.ShouldBeOfType<PackScalar>().Quoted.ShouldBeTrue();
    }

    [Theory]
    [InlineData("a: 1\nb: 2\na: 3\n", "pack.duplicate-key", "3:1")]
    [InlineData("x: {é: 1, é: 2}\n", "pack.duplicate-key", "1:11")]
    [InlineData("a: &x 1\nb: 2\n", "pack.anchor", "1:4")]
    [InlineData("a: *x\n", "pack.anchor", "1:4")]
    [InlineData("a: !!str 1\n", "pack.tag", "1:4")]
    [InlineData("a: !mine {b: 1}\n", "pack.tag", "1:4")]
    [InlineData("a: no\n", "pack.ambiguous-boolean", "1:4")]
    [InlineData("a: Yes\n", "pack.ambiguous-boolean", "1:4")]
    [InlineData("a: on\n", "pack.ambiguous-boolean", "1:4")]
    [InlineData("a: OFF\n", "pack.ambiguous-boolean", "1:4")]
    [InlineData("a: True\n", "pack.ambiguous-boolean", "1:4")]
    [InlineData("no: Norge\n", "pack.ambiguous-boolean", "1:1")]
    [InlineData("a: 012\n", "pack.ambiguous-number", "1:4")]
    [InlineData("a: 004\n", "pack.ambiguous-number", "1:4")]
    [InlineData("a: 0o17\n", "pack.ambiguous-number", "1:4")]
    [InlineData("a: 0x1F\n", "pack.ambiguous-number", "1:4")]
    [InlineData("a: 12:30\n", "pack.ambiguous-number", "1:4")]
    [InlineData("a: 1_000\n", "pack.ambiguous-number", "1:4")]
    [InlineData("a: .nan\n", "pack.ambiguous-number", "1:4")]
    [InlineData("a: ~\n", "pack.null", "1:4")]
    [InlineData("a: null\n", "pack.null", "1:4")]
    [InlineData("a:\nb: 1\n", "pack.empty-value", null)]
    [InlineData("<<: {a: 1}\n", "pack.merge-key", "1:1")]
    [InlineData("a: 1\n---\nb: 2\n", "pack.many-documents", "2:1")]
    [InlineData("? {a: 1}\n: 2\n", "pack.key-not-text", "1:3")]
    [InlineData("%YAML 1.1\n---\na: 1\n", "pack.directive", null)]
    [InlineData("a: [1\n", "pack.syntax", null)]
    [InlineData("a: b: c\n", "pack.syntax", null)]
    [InlineData("a:\n \tb: 1\n", "pack.tab", "2:2")]
    [InlineData("", "pack.empty-file", "1:1")]
    [InlineData("# nothing\n", "pack.empty-file", "1:1")]
    [InlineData("a: x\u0001\n", "pack.hidden-character", "1:5")]
    [InlineData("a: x\u202Ey\n", "pack.hidden-character", "1:5")]
    [InlineData("a: \"x\\u0000\"\n", "pack.hidden-character", "1:4")]
    [InlineData("id\u0435a: 1\n", "pack.look-alike", "1:1")]
    public void What_two_readers_could_take_differently_is_refused_with_its_place(string yaml, string code, string? place)
    {
        var (node, errors) = Make.Yaml(yaml);
        node.ShouldBeNull();
        var error = errors.First(error => error.Code == code);
        error.Where!.ShouldMatch(@"^t\.yaml:\d+:\d+$");
        if (place is not null)
        {
            error.Where.ShouldBe("t.yaml:" + place);
        }

        error.Message.TryGet("en", out _).ShouldBeTrue();
        error.Message.TryGet("zh", out _).ShouldBeTrue();
    }

    [Theory]
    [InlineData("a: \"no\"\n")]
    [InlineData("a: 'null'\n")]
    [InlineData("a: \"012\"\n")]
    [InlineData("a: 0\n")]
    [InlineData("a: -0.5\n")]
    [InlineData("a: 2020-01-31\n")]
    [InlineData("a: true\n")]
    [InlineData("a: norwegian\n")]
    [InlineData("---\na: 1\n")]
    [InlineData("название: текст\n")]
    [InlineData("a: |\n  two\n  lines\n")]
    public void Quoted_and_plain_values_without_two_readings_pass(string yaml) => Make.Yaml(yaml).Errors.ShouldBeEmpty();

    [Fact]
    public void Nesting_deeper_than_32_is_refused()
    {
        Make.Yaml(new string('[', 32) + new string(']', 32)).Errors.ShouldBeEmpty();
        Make.Yaml(new string('[', 33) + new string(']', 33)).Errors.ShouldHaveSingleItem().Code.ShouldBe("pack.too-deep");
        Make.Yaml(new string('[', 1_000_000)).Errors.ShouldNotBeEmpty();
    }

    [Fact]
    public void A_file_over_4_MiB_is_refused_unread() =>
        Make.Yaml(new byte[PackBytes.LargestYaml + 1]).Errors.ShouldHaveSingleItem().Code.ShouldBe("pack.too-large");

    [Fact]
    public void Bytes_that_are_not_UTF8_are_refused_where_they_stand() =>
        Make.Yaml([.. Encoding.ASCII.GetBytes("a: 1\nb: "), 0xFF, (byte)'\n']).Errors.ShouldHaveSingleItem().Where.ShouldBe("t.yaml:2:4");

    [Fact]
    public void All_errors_of_a_file_are_collected() =>
        Make.Yaml("a: no\nb: 012\nc: ~\na: 1\n").Errors.Select(error => error.Code).ShouldBe(
            ["pack.ambiguous-boolean", "pack.ambiguous-number", "pack.null", "pack.duplicate-key"]);
}
