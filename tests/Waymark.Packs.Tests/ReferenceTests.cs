using Shouldly;
using Waymark.Model;
using Waymark.Packs.Content;
using Xunit;

namespace Waymark.Packs.Tests;

public sealed class ReferenceTests(BuiltIn builtIn) : IClassFixture<BuiltIn>
{
    private ReferenceSeries Series(string id) => builtIn.Content.References.Single(series => series.Id == id);

    [Fact]
    public void The_reference_series_have_the_rows_of_their_sources_SEED_O29()
    {
        Series("wmr/migrant-stock").Observations.Count.ShouldBe(22);
        Series("wmr/resettlement").Observations.Count.ShouldBe(54);
        Series("reference/key-figures").Observations.Count.ShouldBe(241);
        var trafficking = Series("reference/mekong-trafficking-routes").Observations;
        var smuggling = Series("reference/mekong-smuggling-routes").Observations;
        trafficking.CountBy(row => row.Key["ring"]).OrderBy(pair => pair.Key).Select(pair => pair.Value).ShouldBe([10, 11, 12]);
        smuggling.CountBy(row => row.Key["ring"]).OrderBy(pair => pair.Key).Select(pair => pair.Value).ShouldBe([3, 7, 11]);
    }

    [Fact]
    public void The_nine_training_bases_are_named_and_as_many_as_the_figure_says_SEED_O27()
    {
        var bases = builtIn.Library.Find("codelists", "training-bases")!.Rows("bases.csv").ToList();
        bases.Select(row => row["en"]).ShouldBe(["Ruili", "Menglian", "Mengding", "Cangyuan", "Zhenkang", "Tengchong", "Mohan", "Malipo", "Hekou"]);
        bases.ShouldAllBe(row => builtIn.Areas.Get(row["area"]) != null && row["zh"].Length > 0);
        bases.DistinctBy(row => row["zh"]).Count().ShouldBe((int)Series("reference/key-figures").Observations.Single(row => row.Key["figure"] == "KF198").Value!.Value);
    }

    [Fact]
    public void The_sixteen_recommendations_are_ten_and_six_and_rules_cite_no_other_SEED_O28()
    {
        var recommendations = builtIn.Library.Find("codelists", "recommendations")!.Rows("recommendations.csv").ToList();
        recommendations.CountBy(row => row["section"]).Select(pair => (pair.Key, pair.Value)).ShouldBe([("A", 3), ("B", 2), ("C", 2), ("D", 3), ("E", 6)]);
        recommendations.Count(row => row["section"] != "E").ShouldBe(10);
        recommendations.Select(row => row["code"]).ShouldBe(Enumerable.Range(1, 16).Select(number => number.ToString(System.Globalization.CultureInfo.InvariantCulture)));

        var cited = Directory.EnumerateFiles(Path.Combine(Make.Root, "rules"), "special-representative*.yaml")
            .SelectMany(file => File.ReadAllText(file).Split("Rec. ").Skip(1)).Select(text => string.Concat(text.TakeWhile(char.IsAsciiDigit))).ToHashSet(StringComparer.Ordinal);
        cited.ShouldNotBeEmpty();
        cited.Except(recommendations.Select(row => row["code"])).ShouldBeEmpty();
    }

    [Fact]
    public void A_printed_dash_is_not_given_and_never_zero_DQ14()
    {
        var dashes = Series("wmr/resettlement").Observations.Where(row => row.PrintedValue == "-").ToList();
        dashes.Count.ShouldBe(12);
        dashes.ShouldAllBe(row => row.Value == null && row.Status == ObservationStatus.Missing && row.Comparator == Comparator.None);
    }

    [Fact]
    public void The_stock_series_is_flagged_at_its_break_DQ09() =>
        Series("wmr/migrant-stock").Observations.Where(row => row.Status == ObservationStatus.Break).Select(row => row.Period.FirstYear).ShouldBe([1990, 1990]);

    [Fact]
    public void Resettlement_sums_are_those_of_the_source_SEED_O02()
    {
        decimal Sum(string measure, int from) => Series("wmr/resettlement").Observations
            .Where(row => row.Key["measure"] == measure && row.Period.FirstYear >= from).Sum(row => row.Value ?? 0);
        Sum("need", 2011).ShouldBe(13_421_605);
        Sum("resettled", 2011).ShouldBe(1_160_793);
        Sum("resettled", 2005).ShouldBe(1_688_404);
    }

    [Fact]
    public void Ranges_keep_both_ends_and_words_keep_their_qualifier()
    {
        var figures = Series("reference/key-figures").Observations;
        var income = figures.Single(row => row.Key["figure"] == "KF079");
        (income.Value, income.Upper, income.Comparator).ShouldBe((5_500_000_000m, 7_000_000_000m, Comparator.Between));
        figures.Count(row => row.Comparator == Comparator.Between).ShouldBe(9);
        figures.Count(row => row.Qualifier == "more_than" && row.Comparator == Comparator.AtLeast).ShouldBe(26);
        figures.Count(row => row.Status == ObservationStatus.Forecast).ShouldBe(4);
        figures.ShouldAllBe(row => row.Source.Length > 0 && row.Locator.Length > 0);
    }

    [Fact]
    public void Every_stage_of_every_route_is_an_area_and_the_printed_label_is_kept()
    {
        foreach (var row in Series("reference/mekong-trafficking-routes").Observations.Concat(Series("reference/mekong-smuggling-routes").Observations))
        {
            row.Comparator.ShouldBe(Comparator.Code);
            row.Code!.Split('>', '|').ShouldAllBe(stage => builtIn.Areas.Get(stage) != null);
            row.PrintedValue.Length.ShouldBeGreaterThan(0);
        }
    }

    [Fact]
    public void Every_worked_example_gives_its_known_answer_SEED_O01_O04_O05_O08_O12_O15_O18_O20_O22()
    {
        var examples = builtIn.Content.Indicators.Single(set => set.Pack.Id == "worked-examples").Indicators;
        examples.Count.ShouldBe(34);
        foreach (var example in examples)
        {
            var value = example.Evaluate(builtIn.Value);
            value.IsOk.ShouldBeTrue($"{example.Id}: {value.Error}");
            value.Value.ShouldBe(example.Expected!.Value, example.Id);
        }
    }

    [Fact]
    public void The_four_figures_of_the_first_page_have_values()
    {
        var home = builtIn.Content.Indicators.Single(set => set.Pack.Id == "home").Indicators;
        home.Count.ShouldBe(4);
        home.ShouldAllBe(figure => figure.Evaluate(builtIn.Value).IsOk);
        home.Single(figure => figure.Id == "international-migrants").Evaluate(builtIn.Value).Value.ShouldBe(280_598_105);
    }

    [Fact]
    public void The_five_features_are_said_from_the_data_and_fail_when_the_data_change_S001()
    {
        var sentences = builtIn.Content.Indicators.Single(set => set.Pack.Id == "trends").Sentences;
        sentences.Count.ShouldBe(5);
        foreach (var sentence in sentences)
        {
            var said = sentence.Say(builtIn.Value);
            said.IsOk.ShouldBeTrue(said.Error?.ToString());
            said.Value.In("en").ShouldNotContain("{");
            said.Value.In("zh").ShouldNotContain("{");
        }

        sentences[0].Say(builtIn.Value).Value.In("en").ShouldBe(
            "From 1970 to 2020 the number of international migrants grew from 84.5 to 280.6 million, 3.3 times as many; their share of the world population grew from 2.3 to 3.6 per cent.");
        sentences[0].Say(term => term.Where.Contains("stock", StringComparison.Ordinal) ? 1m : builtIn.Value(term)).Error!.Code.ShouldBe("sentence.no-longer-holds");
        sentences[0].Say(_ => null).Error!.Code.ShouldBe("formula.missing");
    }

    [Theory]
    [InlineData("a + b * 2", "7")]
    [InlineData("(a + b) * 2", "8")]
    [InlineData("a / b", "0.3333333333333333333333333333")]
    [InlineData("-a + 3 - -b", "5")]
    public void Formulas_reckon_as_written(string text, string expected) =>
        Formula.Parse(text).Value.Evaluate(name => name == "a" ? 1 : 3).Value.ToString(System.Globalization.CultureInfo.InvariantCulture).ShouldBe(expected);

    [Theory]
    [InlineData("")]
    [InlineData("a +")]
    [InlineData("(a")]
    [InlineData("a b")]
    [InlineData("a ** b")]
    [InlineData("1.2.3")]
    [InlineData("system(a)")]
    public void What_is_no_formula_is_refused(string text) => Formula.Parse(text).Error!.Code.ShouldBe("formula.syntax");

    [Fact]
    public void Dividing_by_zero_or_by_a_missing_number_is_an_error_and_not_a_number()
    {
        Formula.Parse("a / (b - b)").Value.Evaluate(_ => 1).Error!.Code.ShouldBe("formula.division-by-zero");
        Formula.Parse("a / b").Value.Evaluate(name => name == "a" ? 1 : null).Error!.Code.ShouldBe("formula.missing");
        Formula.Parse(new string('(', 100) + "a").Error!.Code.ShouldBe("formula.syntax");
    }
}
