using Waymark.Model;
using Waymark.Statistics.Measures;
using Waymark.Statistics.Sentences;

namespace Waymark.Statistics.Tests.Sentences;

/// <summary>The five features of S001 as sentences over the sources' figures: each renders, and each fails when its data change.</summary>
public sealed class TrendSentenceTests
{
    private static readonly Period Y2020 = Period.Year(2020);

    [Fact]
    public void S001_feature_1_growth_with_slow_share_growth()
    {
        var sentence = new TrendSentence("s001.1",
            new("From {from} to {to} the stock grew by {stockPercent:n1} %, its share only from {firstShare} to {lastShare} %.",
                "{from}至{to}年，移民存量增长{stockPercent:n1}%，占比仅由{firstShare}%升至{lastShare}%。"),
            new ShareRoseSlowerThanStock("stock", "share", Period.Year(1970), Y2020));
        var text = sentence.Render(World(3.6m)).Value;
        text.In("en").ShouldBe("From 1970 to 2020 the stock grew by 232.2 %, its share only from 2.3 to 3.6 %.");
        text.In("zh").ShouldBe("1970至2020年，移民存量增长232.2%，占比仅由2.3%升至3.6%。");
        Fails(sentence, World(9m), "share 2020");
        Fails(sentence, World(2.3m), "share 2020");
    }

    [Fact]
    public void S001_feature_2_concentration_of_origins()
    {
        Figure[] top = [.. new[] { "KF067", "KF068", "KF069", "KF070", "KF071" }.Select(id => Reference.Persons(Reference.Key(id), 2023))];
        string[] codes = ["AFG", "SYR", "VEN", "UKR", "SDN"];
        TrendSentence Says(decimal atLeast) => new("s001.2", new("The first {n} origins ({first}) hold {percent:n1} %.", "前{n}个来源国（{first}）占{percent:n1}%。"),
            new TopShareClaim("origins", Period.Year(2023), 5, atLeast, Whole: Reference.Key("KF050")));
        var data = ClaimData.Empty.WithParts("origins", Period.Year(2023), codes.Zip(top).ToDictionary(pair => pair.First, pair => pair.Second));
        Says(60).Render(data).Value.In("en").ShouldBe("The first 5 origins (AFG, SYR, VEN, UKR, SDN) hold 60.8 %.");

        // DQ02: the source prints 73 %, which its own figures contradict.
        Fails(Says(73), data, "origins SDN 2023");
    }

    [Fact]
    public void S001_feature_3_movement_from_lower_to_higher_income()
    {
        string[] order = ["LOW", "MIDDLE", "HIGH"];
        ClaimData Hosts(decimal middle) => ClaimData.Empty.WithParts("hosts", Y2020, new Dictionary<string, Figure>
        {
            ["LOW"] = Percent(Reference.Key("KF021")), ["MIDDLE"] = Percent(middle), ["HIGH"] = Percent(Reference.Key("KF019")),
        });
        var hosts = new TrendSentence("s001.3a", new("{highest} % live in high-income countries or areas, {lowest} % in low-income ones.", "{highest}%居住在高收入国家或地区，{lowest}%在低收入国家或地区。"),
            new FollowsOrderClaim("hosts", Y2020, order));
        hosts.Render(Hosts(31)).Value.In("en").ShouldBe("65 % live in high-income countries or areas, 4 % in low-income ones.");
        Fails(hosts, Hosts(70), "hosts HIGH 2020");

        ClaimData Flows(decimal back) => ClaimData.Empty.WithParts("flows", Y2020, new Dictionary<string, Figure>
        {
            ["LOW>HIGH"] = Reference.Persons(70, 2020), ["HIGH>LOW"] = Reference.Persons(back, 2020), ["LOW>LOW"] = Reference.Persons(500, 2020),
        });
        var uphill = new TrendSentence("s001.3b", new("{percent:n0} % of moves between income groups go up.", "跨收入组迁移中{percent:n0}%向高收入组。"), new UphillClaim("flows", Y2020, order));
        uphill.Render(Flows(30)).Value.In("zh").ShouldBe("跨收入组迁移中70%向高收入组。");
        Fails(uphill, Flows(90), "flows HIGH>LOW 2020");
        new UphillClaim("flows", Y2020, ["LOW", "MIDDLE"]).Check(Flows(1)).Error!.Code.ShouldBe("sentence.unknown-group");
    }

    [Fact]
    public void S001_feature_4_balanced_sexes()
    {
        ClaimData Sexes(decimal women) => ClaimData.Empty.WithParts("sex", Y2020, new Dictionary<string, Figure>
        {
            ["M"] = Reference.Persons(Reference.Key("KF033"), 2020), ["F"] = Reference.Persons(women, 2020),
        });
        var sentence = new TrendSentence("s001.4", new("Women are {b:n1} %, men {a:n1} %.", "女性占{b:n1}%，男性占{a:n1}%。"), new BalancedClaim("sex", Y2020, "M", "F", 5));
        sentence.Render(Sexes(Reference.Key("KF035"))).Value.In("en").ShouldBe("Women are 48.0 %, men 52.0 %.");
        Fails(sentence, Sexes(100_000_000), "sex M 2020");
    }

    [Fact]
    public void S001_feature_5_growth_of_the_forcibly_displaced()
    {
        ClaimData Displaced(decimal last) => ClaimData.Empty.WithSeries("displaced",
            [Reference.Persons(90_000_000, 2020), Reference.Persons(Reference.Key("KF049"), Period.Year(2023, PeriodBasis.End)), Reference.Persons(last, Period.Month(2024, 5))]);
        var sentence = new TrendSentence("s001.5",
            new("The number rose without a pause, from {first:million0} to {last:million0} million.", "人数持续上升，由{first:wan0}万增至{last:yi2}亿。"),
            new RisingClaim("displaced", Y2020, Period.Month(2024, 5)));
        var text = sentence.Render(Displaced(Reference.Key("KF055"))).Value;
        text.In("en").ShouldBe("The number rose without a pause, from 90 to 120 million.");
        text.In("zh").ShouldBe("人数持续上升，由9,000万增至1.20亿。");
        Fails(sentence, Displaced(110_000_000), "displaced 2024-05");
    }

    [Fact]
    public void A_change_is_claimed_in_direction_and_size()
    {
        var data = ClaimData.Empty.WithSeries("x", [Reference.Persons(141_000, 2022), Reference.Persons(223_000, 2023)]);
        ChangeClaim Says(Direction direction, decimal percent) => new("x", Period.Year(2022), Period.Year(2023), direction, percent);
        Says(Direction.Grew, 58).Check(data).IsOk.ShouldBeTrue();
        foreach (var wrong in new[] { Says(Direction.Grew, 59), Says(Direction.Fell, 58) })
        {
            var error = wrong.Check(data).Error!;
            (error.Code, error.Where).ShouldBe(("sentence.contradicted", "x 2023"));
            error.Message.In("en").ShouldContain("223,000 persons");
            error.Message.In("en").ShouldContain("58.16 %");
            error.Message.In("zh").ShouldContain("223,000");
        }

        new ChangeClaim("x", Period.Year(2023), Period.Year(2022), Direction.Fell, 36.8m, 1).Check(data).IsOk.ShouldBeTrue();
        new ChangeClaim("x", Period.Year(2021), Period.Year(2023), Direction.Grew, 1).Check(data).Error!.Code.ShouldBe("sentence.no-figure");
    }

    [Fact]
    public void Highest_since_needs_every_year_between_to_be_lower_and_the_year_itself_not()
    {
        ClaimData Series(params (int Year, decimal Value)[] values) => ClaimData.Empty.WithSeries("eu", values.Select(value => Reference.Persons(value.Value, value.Year)));
        var claim = new HighestSinceClaim("eu", Period.Year(2023), 2016);
        claim.Check(Series((2015, 1800), (2016, 500), (2017, 200), (2023, 442))).IsOk.ShouldBeTrue();
        claim.Check(Series((2015, 1800), (2016, 500), (2020, 450), (2023, 442))).Error!.Where.ShouldBe("eu 2020");
        claim.Check(Series((2015, 1800), (2016, 300), (2020, 200), (2023, 442))).Error!.Where.ShouldBe("eu 2016");
        claim.Check(Series((2016, 300), (2020, 200), (2023, 442))).IsOk.ShouldBeTrue("the series begins there");
        claim.Check(Series((2015, 1), (2023, 442))).Error!.Code.ShouldBe("sentence.no-figure");
    }

    [Fact]
    public void Claims_refuse_unlike_and_missing_figures()
    {
        var first = Reference.Persons(1, 2020);
        var mixed = ClaimData.Empty.WithParts("p", Y2020, new Dictionary<string, Figure> { ["M"] = first, ["F"] = first with { Unit = "detections" } });
        new BalancedClaim("p", Y2020, "M", "F", 5).Check(mixed).Error!.Code.ShouldBe("statistics.units-differ");
        var gap = ClaimData.Empty.WithParts("p", Y2020, new Dictionary<string, Figure> { ["M"] = first, ["F"] = first with { Status = ObservationStatus.Suppressed } });
        new BalancedClaim("p", Y2020, "M", "F", 5).Check(gap).Error!.Code.ShouldBe("sentence.no-figure");
        var moved = ClaimData.Empty.WithSeries("s", [first, Reference.Persons(2, 2021) with { Definition = "other" }]);
        new ChangeClaim("s", Y2020, Period.Year(2021), Direction.Grew, 100).Check(moved).Error!.Code.ShouldBe("statistics.definitions-differ");
        new RisingClaim("s", Y2020, Period.Year(2021)).Check(moved).Error!.Code.ShouldBe("statistics.definitions-differ");
    }

    [Fact]
    public void A_template_that_is_wrong_is_an_error_with_the_facts_there_are()
    {
        var data = ClaimData.Empty.WithSeries("x", [Reference.Persons(1, 2020), Reference.Persons(2, 2021)]);
        Result<LocalText> Render(LocalText template) =>
            new TrendSentence("t", template, new ChangeClaim("x", Y2020, Period.Year(2021), Direction.Grew, 100)).Render(data);
        Render(LocalText.In("en", "x")).Error!.Code.ShouldBe("sentence.language");
        foreach (var wrong in new[] { "{nothing}", "{percent:furlongs}", "{percent", "{from:n1}", "{percent:n99}" })
        {
            var error = Render(new(wrong, "好")).Error!;
            error.Code.ShouldBe("sentence.placeholder");
            error.Message.In("en").ShouldContain("percent");
        }

        Render(new("{{literal}} {percent}", "{last:n2}")).Value.ShouldBe(new LocalText("{literal} 100", "2.00"));
    }

    private static ClaimData World(decimal lastShare)
    {
        var rows = Reference.Stock;
        return ClaimData.Empty
            .WithSeries("stock", rows.Select(row => Reference.Persons(row.Stock, row.Year)))
            .WithSeries("share", rows.Select(row => Percent(row.Year == 2020 ? lastShare : row.Share) with { Period = Period.Year(row.Year) }));
    }

    private static Figure Percent(decimal value) => new(value, "percent", "share of world population", Y2020);

    private static void Fails(TrendSentence sentence, ClaimData data, string datum)
    {
        var error = sentence.Render(data).Error.ShouldNotBeNull();
        (error.Code, error.Where).ShouldBe(("sentence.contradicted", datum));
        error.Message.Languages.ShouldBe(["en", "zh"]);
    }
}
