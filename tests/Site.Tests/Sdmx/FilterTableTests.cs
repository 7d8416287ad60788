using Waymark.App.Sdmx;
using Waymark.Site.Tests.Support;

namespace Waymark.Site.Tests.Sdmx;

/// <summary>
/// The ten rows of the filter table of SDMX-REST 2.2 (sdmx-twg/sdmx-rest, doc/data.md), each against its meaning on every
/// value of an ordered domain.
/// </summary>
public sealed class FilterTableTests
{
    private static readonly string[] s_domain = ["0", "A", "AA", "B", "BB", "C", "CC", "D", "E"];

    public static TheoryData<string, string> Table => new()
    {
        { "A", "A" },
        { "A,B", "A B" },
        { "ge:A", "A AA B BB C CC D E" },
        { "ge:A+le:B", "A AA B" },
        { "A,B+C", "A" },
        { "ge:A+le:B,ge:C+le:D", "A AA B C CC D" },
        { "ne:A,B", "0 AA B BB C CC D E" },
        { "ne:A+B", "B" },
        { "ne:A,ne:B", "0 A AA B BB C CC D E" },
        { "ne:A+ne:B", "0 AA BB C CC D E" },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void Each_row_of_the_specification_means_what_it_says(string filter, string expected)
    {
        var parsed = FilterGrammar.Parse("X", filter);
        parsed.IsOk.ShouldBeTrue();
        s_domain.Where(value => FakeEvidence.Matches(parsed.Value, value)).ShouldBe(expected.Split(' '));
    }

    [Fact]
    public void The_table_has_ten_rows() => Table.Count.ShouldBe(10);

    [Theory]
    [InlineData("co:A", "A AA")]
    [InlineData("nc:A", "0 B BB C CC D E")]
    [InlineData("sw:B", "B BB")]
    [InlineData("ew:C", "C CC")]
    [InlineData("lt:A", "0")]
    [InlineData("gt:CC", "D E")]
    [InlineData("eq:A", "A")]
    public void The_other_operators_too(string filter, string expected) =>
        s_domain.Where(value => FakeEvidence.Matches(FilterGrammar.Parse("X", filter).Value, value)).ShouldBe(expected.Split(' '));

    [Theory]
    [InlineData("")]
    [InlineData("A,")]
    [InlineData("A++B")]
    [InlineData("xx:A")]
    [InlineData("ge:")]
    public void What_is_no_filter_is_a_client_error(string filter) => FilterGrammar.Parse("X", filter).Error!.Code.ShouldBe("sdmx.filter");
}
