using Shouldly;
using Waymark.Model;
using Xunit;

namespace Waymark.Charts.Tests;

public sealed class MisuseTests
{
    private const double Hidden = 777_777_777;

    public static TheoryData<string, string> Cases() => SnapshotTests.Cases();

    [Theory]
    [MemberData(nameof(Cases))]
    public void M46_a_withheld_figure_is_in_no_byte_of_the_drawing_the_text_or_the_table(string name, string language)
    {
        foreach (var standalone in new[] { true, false })
        {
            var all = Svg.All(Svg.Of(Samples.All().Single(f => f.Name == name).Figure,
                new(language, 720, standalone, Samples.World)));
            foreach (var form in new[] { "777777777", "777,777,777", "778 million", "7.78 亿", "777.78", "77778",
                "77,778" })
            {
                all.ShouldNotContain(form);
            }
        }
    }

    [Fact]
    public void M46_a_withheld_figure_moves_no_scale_class_order_or_circle()
    {
        BarFigure Bars(Datum last) => Samples.Bars() with { Bars = [.. Samples.Rows().SkipLast(1),
            Samples.Rows()[^1] with { Datum = last }] };
        ChoroplethFigure Map(Datum last) => Samples.Map() with { Areas = [.. Samples.WorldValues()
            .Where(a => a.Id != "CHE"), new("CHE", new("Area CHE", "地区CHE"), last)] };
        CirclesFigure Circles(Datum last) => Samples.Circles() with { Areas = [.. Samples.WorldValues()
            .Where(a => a.Id != "CHE"), new("CHE", new("Area CHE", "地区CHE"), last)] };
        FlowFigure Flows(double hidden) => Samples.Flows() with { Flows = [.. Samples.Flows()
            .Flows.Select(f => f.Datum.IsSuppressed ? f with { Datum = Datum.Of(hidden, ObservationStatus.Suppressed) }
            : f)] };
        var options = new ChartOptions("en", 720, true, Samples.World);
        string All(Figure f) => Svg.All(Svg.Of(f, options));
        var small = Datum.Of(3, ObservationStatus.Suppressed, 2, 4);
        var large = Datum.Of(Hidden, ObservationStatus.Suppressed, 1, Hidden * 2);
        All(Bars(small)).ShouldBe(All(Bars(large)));
        All(Map(small)).ShouldBe(All(Map(large)));
        All(Circles(small)).ShouldBe(All(Circles(large)));
        All(Flows(3)).ShouldBe(All(Flows(Hidden)));
        All(Bars(Datum.Of(3))).ShouldNotBe(All(Bars(large)));
    }

    [Fact]
    public void M46_what_is_confidential_loses_its_number_at_the_door()
    {
        foreach (var confidentiality in Enum.GetValues<ConfidentialityStatus>()
            .Where(c => c != ConfidentialityStatus.Free))
        {
            var datum = Datum.Of(Hidden, low: 1, high: Hidden, confidentiality: confidentiality);
            (datum.Value, datum.Low, datum.High, datum.Status)
                .ShouldBe((null, null, null, ObservationStatus.Suppressed));
            datum.ToString().ShouldNotContain("7777");
        }

        Datum.Of(double.NaN).IsMissing.ShouldBeTrue();
        Datum.Of(double.PositiveInfinity).IsMissing.ShouldBeTrue();
        Datum.Gap(ObservationStatus.Normal).Status.ShouldBe(ObservationStatus.Missing);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void M99_cropped_to_the_plot_the_picture_still_carries_code_unit_vintage_and_source(string name,
        string language)
    {
        var figure = Samples.All().Single(f => f.Name == name).Figure;
        foreach (var standalone in new[] { true, false })
        {
            var root = Svg.Parse(Svg.Of(figure, new(language, 720, standalone, Samples.World)));
            double N(System.Xml.Linq.XElement e, string a) =>
                double.Parse(e.Attribute(a)!.Value, System.Globalization.CultureInfo.InvariantCulture);
            var plot = root.Descendants(Svg.Name + "rect").Single(r => r.Attribute("class")?.Value == "plot");
            var stamps = root.Descendants(Svg.Name + "text").Where(t => t.Attribute("class")?.Value.Split(' ')
                .Contains("code") == true).ToList();
            foreach (var stamp in stamps)
            {
                var width = TextWidth.Of(stamp.Value, 11);
                var end = stamp.Attribute("class")!.Value.EndsWith(" e", StringComparison.Ordinal);
                var left = end ? N(stamp, "x") - width : N(stamp, "x");
                left.ShouldBeGreaterThanOrEqualTo(N(plot, "x"));
                (left + width).ShouldBeLessThanOrEqualTo(N(plot, "x") + N(plot, "width"));
                N(stamp, "y").ShouldBeInRange(N(plot, "y"), N(plot, "y") + N(plot, "height"));
            }

            var text = string.Join(' ', stamps.Select(s => s.Value));
            text.ShouldContain(figure.Head.Code);
            text.ShouldContain(figure.Head.Vintage);
            text.ShouldContain(figure.Head.Unit.Name.In(language));
            if (name != "multiples")
            {
                text.Replace(" ", "", StringComparison.Ordinal)
                    .ShouldContain(figure.Head.Source.In(language).Replace(" ", "", StringComparison.Ordinal));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void M101_the_unit_stands_on_the_axis_and_in_the_text_and_in_the_table_head(string name, string language)
    {
        var figure = Samples.All().Single(f => f.Name == name).Figure;
        var unit = figure.Head.Unit.Name.In(language);
        var rendering = Svg.Of(figure, new(language, 720, false, Samples.World));
        Svg.Parse(rendering).Descendants(Svg.Name + "text").ShouldContain(t => t.Attribute("class")!.Value == "k"
            && t.Value.Contains(unit));
        rendering.Description.ShouldContain(unit);
        rendering.Table.Columns.ShouldContain(c => c.IsNumeric && c.Head.Contains(unit));
    }

    [Fact]
    public void M101_detections_and_persons_never_share_a_figure()
    {
        var detections = new Unit("DET", new("detections", "查获次数"), CountOf.Detection);
        var line = Samples.Line();
        Chart.Render(line with { Series = [line.Series[0], line.Series[1] with { Unit = detections }] }, new())
            .Error!.Code.ShouldBe("charts.mixed-units");
        Chart.Render(Samples.Bars() with { Bars = [.. Samples.Rows(),
            new("D", new("d", "d"), Datum.Of(1_820_000), detections)] }, new())
            .Error!.Code.ShouldBe("charts.mixed-units");
        var thousands = Samples.Persons with { Code = "PS3", Scale = 3 };
        Chart.Render(line with { Series = [line.Series[0] with { Unit = thousands }] }, new())
            .Error!.Code.ShouldBe("charts.mixed-units");
        Chart.Render(line with { Series = [line.Series[0] with { Unit = Samples.Persons }] }, new())
            .IsOk.ShouldBeTrue();
    }

    [Fact]
    public void M101_a_forecast_without_its_interval_is_refused()
    {
        var bars = Samples.Bars() with { Bars = [new("XA", new("a", "a"), Datum.Of(5, ObservationStatus.Forecast))] };
        Chart.Render(bars, new()).Error!.Code.ShouldBe("charts.forecast-without-interval");
        Chart.Render(bars with { Bars = [new("XA", new("a", "a"), Datum.Of(5, ObservationStatus.Forecast, 4, 7))] },
            new()).IsOk.ShouldBeTrue();
    }

    [Fact]
    public void Hostile_names_are_text_and_nothing_else()
    {
        const string Hostile = "</text><script>alert(1)</script>\" onload=\"x\u0000\u0001&'\ud800";
        var figure = Samples.Bars() with
        {
            Head = Samples.Bars().Head with { Finding = new(Hostile, Hostile), Source = new(Hostile, Hostile),
                Code = Hostile, Vintage = Hostile },
            Bars = [new(Hostile, new(Hostile, Hostile), Datum.Of(1))],
        };
        Svg.Parse(Chart.Render(figure, new(Standalone: true)).Value).Descendants()
            .ShouldAllBe(e => e.Name.LocalName != "script" && e.Attribute("onload") == null);
        Chart.Render(figure with { Head = figure.Head with { Id = "a\"b" } }, new())
            .Error!.Code.ShouldBe("charts.bad-id");
    }
}
