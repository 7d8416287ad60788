using System.Xml.Linq;
using Shouldly;
using Waymark.Model;
using Xunit;

namespace Waymark.Charts.Tests;

public sealed class DrawingTests
{
    private static readonly ChartOptions s_page = new("en", 960, false, Samples.World);

    [Fact]
    public void A_world_map_weighs_less_than_24_KB_compressed()
    {
        var plain = Svg.Brotli(Svg.Of(Samples.Map(), s_page).Svg);
        var perArea = Svg.Brotli(Svg.Of(Samples.Map(areaPaths: true), s_page).Svg);
        var circles = Svg.Brotli(Svg.Of(Samples.Circles(), s_page).Svg);
        TestContext.Current.SendDiagnosticMessage($"world map {plain} B, with area paths {perArea} B, circles {circles} B brotli");
        plain.ShouldBeLessThan(24 * 1024);
        perArea.ShouldBeLessThan(24 * 1024);
        circles.ShouldBeLessThan(24 * 1024);
    }

    [Fact]
    public void Other_figures_weigh_less_than_3_KB_and_the_sheet_less_than_2_KB()
    {
        foreach (var (name, figure) in Samples.All().Where(f => !f.Name.StartsWith("map", StringComparison.Ordinal)
            && f.Name != "circles"))
        {
            Svg.Brotli(Svg.Of(figure, s_page).Svg).ShouldBeLessThan(3 * 1024, name);
        }

        Svg.Brotli(ChartStyle.Sheet).ShouldBeLessThan(2 * 1024);
    }

    [Fact]
    public void Alternative_text_says_highest_lowest_and_how_many_have_no_data()
    {
        var en = Svg.Of(Samples.Bars(), new("en")).Description;
        en.ShouldContain("Highest: Sample area XA, 1.23 million");
        en.ShouldContain("Lowest: Sample area XE, 96,400");
        en.ShouldContain("4 of 6 have a figure, 2 have no data");
        en.ShouldContain("1 not shown, to protect people");
        var zh = Svg.Of(Samples.Bars(), new("zh")).Description;
        zh.ShouldContain("最高：示例地区XA，123 万");
        zh.ShouldContain("共 6 项，2 项无数据");
        Svg.Of(Samples.Map(), s_page).Description.ShouldContain("1 are not on the map and stand in the table");
    }

    [Fact]
    public void Missing_is_a_gap_and_never_zero()
    {
        var line = Samples.Line();
        LineFigure With(Datum datum) => line with { Series = [line.Series[1] with { Points = [.. line.Series[1]
            .Points.Select(p => p.At.FirstYear == 2013 ? p with { Datum = datum } : p)] }] };
        int Paths(Figure f) => Svg.Parse(Svg.Of(f, new())).Descendants(Svg.Name + "path")
            .Count(p => p.Attribute("class")?.Value == "s1");
        Paths(With(Datum.Gap())).ShouldBe(Paths(With(Datum.Of(1))) + 1);
        var cells = Svg.Of(With(Datum.Gap(ObservationStatus.NotCollected)), new())
            .Table.Rows.Single(r => r[0] == "2013");
        cells[1].ShouldBe("not collected");
        Svg.Of(Samples.Bars(), new()).Table.Rows.Single(r => r[0] == "Sample area XD")[1].ShouldBe("not collected");
    }

    [Fact]
    public void Provisional_is_dotted_with_p_projection_dashed_with_e_and_a_break_has_its_bar()
    {
        var root = Svg.Parse(Svg.Of(Samples.Line(), new()));
        bool Has(string element, string css) => root.Descendants(Svg.Name + element)
            .Any(e => e.Attribute("class")?.Value == css);
        Has("path", "s1 prov").ShouldBeTrue();
        Has("path", "s1 proj").ShouldBeTrue();
        Has("path", "brk").ShouldBeTrue();
        Has("path", "band a1").ShouldBeTrue();
        var letters = root.Descendants(Svg.Name + "text").Where(t => t.Attribute("class")?.Value == "k halo m")
            .Select(t => t.Value).ToList();
        letters.ShouldContain("p");
        letters.ShouldContain("e");
    }

    [Fact]
    public void Bars_start_at_zero_and_an_axis_that_does_not_says_so()
    {
        var root = Svg.Parse(Svg.Of(Samples.Bars(), new()));
        root.Descendants(Svg.Name + "path").Count(p => p.Attribute("class")?.Value == "z").ShouldBe(1);
        Svg.Of(Samples.Line() with { FromZero = false }, new()).Notes[0].ShouldContain("the axis starts at");
        Svg.Of(Samples.Line(), new()).Notes[0].ShouldNotContain("axis starts");
    }

    [Fact]
    public void An_area_without_a_figure_of_its_own_takes_that_of_the_area_it_lies_within()
    {
        string? Class(Figure f, string code) => Svg.Parse(Svg.Of(f, s_page)).Descendants(Svg.Name + "path")
            .Single(p => p.Attribute("data-a")?.Value == code).Attribute("class")!.Value;
        var map = Samples.Map(areaPaths: true);
        Class(map, "TWN").ShouldBe(Class(map, "CHN"));
        var own = map with { Areas = [.. map.Areas, new("TWN", new("x", "x"),
            Datum.Gap(ObservationStatus.NotCollected))] };
        Class(own, "TWN").ShouldBe("q0");
        Class(map, "GRL").ShouldBe("q0");
    }

    [Fact]
    public void Places_assigned_to_none_are_never_shaded_even_when_data_name_them()
    {
        var map = Samples.Map(areaPaths: true);
        var named = map with { Areas = [.. map.Areas, new("abyei", new("x", "x"), Datum.Of(9))] };
        var plain = Svg.Parse(Svg.Of(map, s_page)).Descendants(Svg.Name + "path")
            .Count(p => p.Attribute("class")?.Value == "q0");
        Svg.Parse(Svg.Of(named, s_page)).Descendants(Svg.Name + "path").Count(p => p.Attribute("class")?.Value == "q0")
            .ShouldBe(plain);
    }

    [Fact]
    public void Maps_can_be_switched_off_and_say_so()
    {
        var error = Chart.Render(Samples.Map(), new()).Error!;
        error.Code.ShouldBe("charts.no-boundaries");
        error.Message.In("zh").ShouldContain("表格");
    }

    [Fact]
    public void The_disclaimer_names_the_operator()
    {
        var notes = Svg.Of(Samples.Map(), s_page with { Operator = new("Example Office", "示例机构") }).Notes;
        notes[0].ShouldEndWith("acceptance by Example Office.");
        notes.ShouldContain(n => n.Contains("Line of Control"));
    }

    [Fact]
    public void The_same_figure_gives_the_same_bytes()
    {
        foreach (var (name, figure) in Samples.All())
        {
            Svg.All(Svg.Of(figure, s_page)).ShouldBe(Svg.All(Svg.Of(figure, s_page)), name);
        }
    }

    [Fact]
    public void Numbers_in_the_drawing_have_one_decimal_at_most_and_none_in_map_outlines()
    {
        foreach (var (name, figure) in Samples.All())
        {
            var svg = Svg.Of(figure, s_page).Svg;
            var attributes = XDocument.Parse(svg).Descendants().SelectMany(e => e.Attributes())
                .Where(a => a.Name.LocalName is "d" or "x" or "y" or "cx" or "cy" or "r" or "width" or "height");
            attributes.ShouldAllBe(a => !a.Value.Split('.', StringSplitOptions.None).Skip(1)
                .Any(t => t.Length > 1 && char.IsAsciiDigit(t[1])), name);
        }

        Svg.Parse(Svg.Of(Samples.Map(), s_page)).Descendants(Svg.Name + "g")
            .Single(g => g.Attribute("class")?.Value == "land")
            .Elements().ShouldAllBe(p => !p.Attribute("d")!.Value.Contains('.'));
    }

    [Fact]
    public void A_flow_table_prints_no_totals_and_says_at_least_where_a_part_is_withheld()
    {
        var table = Svg.Of(Samples.Flows(), new()).Table;
        table.Rows.Count.ShouldBe(6);
        table.Rows[^1][^1].ShouldStartWith("≥ ");
        table.Rows.SelectMany(r => r).ShouldContain("not shown, to protect people");
    }

    [Theory]
    [InlineData(240)]
    [InlineData(360)]
    [InlineData(1600)]
    public void Every_figure_can_be_drawn_narrow_and_wide(double width)
    {
        foreach (var (_, figure) in Samples.All())
        {
            Svg.Of(figure, new("zh", width, true, Samples.World));
            Svg.Of(figure, new("en", width, false, Samples.World));
        }
    }

    [Fact]
    public void Figures_of_nothing_but_gaps_and_of_one_point_are_drawn()
    {
        Svg.Of(Samples.Bars() with { Bars = [new("a", new("a", "a"), Datum.Gap())] }, new())
            .Description.ShouldContain("0 of 1");
        Svg.Of(Samples.Line() with { Series = [new("s", new("s", "s"), [new(Period.Year(2020), Datum.Of(0))])] },
            new());
        Svg.Of(Samples.Line() with { Series = [new("s", new("s", "s"), [new(Period.Year(2020), Datum.Gap())])] },
            new());
        Svg.Of(Samples.Line() with { Series = [new("s", new("s", "s"), [new(Period.Undated, Datum.Of(4))])] }, new());
        Svg.Of(Samples.Map() with { Areas = [new("DEU", new("a", "a"), Datum.Gap())] }, s_page);
        Svg.Of(Samples.Circles() with { Areas = [new("DEU", new("a", "a"), Datum.Of(0))] }, s_page);
        Chart.Render(Samples.Bars() with { Bars = [] }, new()).Error!.Code.ShouldBe("charts.empty");
    }
}
