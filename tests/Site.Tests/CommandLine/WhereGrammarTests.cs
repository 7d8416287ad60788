using FsCheck;
using FsCheck.Fluent;
using Waymark.App.CommandLine;
using Waymark.App.Output;
using Waymark.Evidence.Contracts;

namespace Waymark.Site.Tests.CommandLine;

public sealed class WhereGrammarTests
{
    [Fact]
    public void Conditions_are_joined_by_and_values_by_or()
    {
        var filters = WhereGrammar.Parse("area=DEU|FRA; origin = SYR").Value;
        filters.Select(filter => filter.Dimension).ShouldBe(["area", "origin"]);
        filters[0].Alternatives.Select(alternative => alternative.Single()).ShouldBe([new("eq", "DEU"), new("eq", "FRA")]);
        filters[1].Alternatives.Single().Single().ShouldBe(new("eq", "SYR"));
    }

    [Fact]
    public void Not_one_of_several_means_none_of_them()
    {
        var filter = WhereGrammar.Parse("sex!=M|T").Value.Single();
        filter.Alternatives.Single().ShouldBe([new("ne", "M"), new("ne", "T")]);
    }

    [Theory]
    [InlineData("area.kind=country", "area.kind", "eq", "country")]
    [InlineData("value>=10", "value", "ge", "10")]
    [InlineData("value<5", "value", "lt", "5")]
    [InlineData("name~Congo", "name", "co", "Congo")]
    [InlineData("name!~Congo", "name", "nc", "Congo")]
    [InlineData("code^=XX", "code", "sw", "XX")]
    [InlineData("code$=A", "code", "ew", "A")]
    [InlineData("地区=中国", "地区", "eq", "中国")]
    [InlineData("note=\"a;b|c=d\"", "note", "eq", "a;b|c=d")]
    [InlineData("note=\"say \"\"no\"\"\"", "note", "eq", "say \"no\"")]
    public void Each_sign_is_an_operator(string text, string dimension, string word, string value)
    {
        var filter = WhereGrammar.Parse(text).Value.Single();
        (filter.Dimension, filter.Alternatives.Single().Single()).ShouldBe((dimension, new FilterTerm(word, value)));
    }

    [Theory]
    [InlineData("area", "where.unreadable")]
    [InlineData("=DEU", "where.unreadable")]
    [InlineData("area=", "where.no-value")]
    [InlineData("area=DEU||FRA", "where.no-value")]
    [InlineData("area=DEU; ;x", "where.unreadable")]
    public void What_is_no_condition_is_refused_with_its_place(string text, string code)
    {
        var error = WhereGrammar.Parse(text).Error!;
        error.Code.ShouldBe(code);
        error.Where.ShouldNotBeNull().ShouldStartWith("where:");
    }

    [Fact]
    public void No_text_breaks_the_reader() =>
        Prop.ForAll(ArbMap.Default.ArbFor<NonNull<string>>(), text => WhereGrammar.Parse(text.Get) is { IsOk: true } or { Error: not null }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_question_and_its_address_say_the_same()
    {
        var words = new QueryWords { Series = "a/b", Where = "area=DEU|FRA; sex!=M|T; value>=10; note=\"x;y\"", From = "2010", By = "area,period", Measure = "sum" };
        var query = words.ToQuery().Value;
        var address = QueryAddress.Of(query, new DateTimeOffset(2024, 1, 2, 3, 4, 5, TimeSpan.Zero))!;
        var parsed = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(address[address.IndexOf('?', StringComparison.Ordinal)..]);
        var again = new QueryWords { Series = "a/b", Where = parsed["where"], From = parsed["from"], By = parsed["by"], Measure = parsed["measure"] }.ToQuery().Value;
        again.Where.Select(Text).ShouldBe(query.Where.Select(Text));
        parsed["asOf"].ToString().ShouldBe("2024-01-02T03:04:05Z");

        static string Text(DimensionFilter filter) =>
            filter.Dimension + ":" + string.Join(",", filter.Alternatives.Select(alternative => string.Join("+", alternative.Select(term => term.Operator + ":" + term.Value))));
    }
}
