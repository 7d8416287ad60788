using Shouldly;
using Xunit;

namespace Waymark.Charts.Tests;

public sealed class BoundaryTests
{
    private static readonly string s_text = File.ReadAllText(Path.Combine(Folders.Boundaries, "world.txt"));

    public static TheoryData<double, double, string, string> TestPoints()
    {
        var data = new TheoryData<double, double, string, string>();
        foreach (var t in Samples.World.Tests)
        {
            data.Add(t.Longitude, t.Latitude, t.Expected, t.Why);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(TestPoints))]
    public void Each_test_point_of_the_pack_gives_the_expected_answer(double longitude, double latitude,
        string expected, string why) =>
        Samples.World.Locate(longitude, latitude).ToString().ShouldBe(expected, why);

    [Fact]
    public void Crimea_Golan_and_Laayoune_are_not_as_in_the_raw_file()
    {
        Samples.World.Locate(34.1, 44.95).ToString().ShouldBe("UKR");
        Samples.World.Locate(35.78, 33.0).IsAssigned.ShouldBeFalse();
        Samples.World.Locate(-13.0, 27.1).ToString().ShouldBe("ESH");
        Samples.World.Locate(-13.0 + 360, 27.1).ToString().ShouldBe("ESH");
        Samples.World.Tests.Count.ShouldBeGreaterThan(40);
    }

    [Fact]
    public void Every_ISO_3166_area_is_an_outline_or_a_point_and_nothing_else_is_assigned()
    {
        var iso = File.ReadLines(Path.Combine(Folders.Shared(), "data", "evidence", "reference", "iso-3166-all.csv"))
            .Skip(1)
            .Select(l => l.Split(',').First(c => c.Length == 3 && c.All(char.IsAsciiLetterUpper))).ToList();
        iso.Count.ShouldBe(249);
        var here = Samples.World.Polygons.Where(p => p.IsAssigned).Select(p => p.Id)
            .Concat(Samples.World.Points.Select(p => p.Id)).ToList();
        iso.Except(here).ShouldBeEmpty();
        here.Except(iso).ShouldBeEmpty();
        here.Count.ShouldBe(here.Distinct().Count());
    }

    [Theory]
    [InlineData("MLT", 14.4, 35.9)]
    [InlineData("SGP", 103.8, 1.35)]
    [InlineData("BHR", 50.5, 26.0)]
    [InlineData("HKG", 114.15, 22.4)]
    [InlineData("MAC", 113.55, 22.15)]
    [InlineData("MCO", 7.4, 43.75)]
    [InlineData("GIB", -5.35, 36.15)]
    [InlineData("TUV", 179.2, -8.5)]
    [InlineData("NRU", 166.9, -0.5)]
    [InlineData("BRB", -59.55, 13.2)]
    [InlineData("LIE", 9.55, 47.15)]
    [InlineData("TKL", -171.8, -9.2)]
    public void Small_places_stand_where_they_are(string code, double longitude, double latitude)
    {
        var point = Samples.World.Points.Single(p => p.Id == code);
        point.Longitude.ShouldBe(longitude, 0.5);
        point.Latitude.ShouldBe(latitude, 0.5);
    }

    [Theory]
    [InlineData("line-of-control-jammu-kashmir", LineStatus.NotAgreed)]
    [InlineData("aksai-chin", LineStatus.NotAgreed)]
    [InlineData("arunachal-zangnan", LineStatus.NotAgreed)]
    [InlineData("sudan-south-sudan", LineStatus.NotAgreed)]
    [InlineData("abyei", LineStatus.NotAgreed)]
    [InlineData("halaib", LineStatus.NotAgreed)]
    [InlineData("western-sahara", LineStatus.NotAgreed)]
    [InlineData("golan", LineStatus.NotAgreed)]
    [InlineData("west-bank-gaza", LineStatus.NotAgreed)]
    [InlineData("kosovo", LineStatus.NotAgreed)]
    [InlineData("cyprus-buffer-zone", LineStatus.NotAgreed)]
    [InlineData("somaliland", LineStatus.NotAgreed)]
    [InlineData("korea-military-demarcation-line", LineStatus.NotAgreed)]
    [InlineData("crimea", LineStatus.NotDrawn)]
    [InlineData("agreed", LineStatus.Agreed)]
    public void Each_line_has_its_status(string id, LineStatus status)
    {
        var line = Samples.World.Lines.Single(l => l.Id == id);
        line.Status.ShouldBe(status);
        Samples.World.PathsOf(line).ShouldAllBe(p => p.Count >= 2);
    }

    [Fact]
    public void Notes_are_in_both_languages_and_follow_the_extent()
    {
        Samples.World.Notes.ShouldAllBe(n => n.Text.Languages.Contains("en") && n.Text.Languages.Contains("zh"));
        string[] Ids(double w, double s, double e, double n) =>
            [.. Samples.World.NotesFor(w, s, e, n).Select(x => x.Id)];
        Ids(-75, -56, -50, -35).ShouldContain("falkland-malvinas");
        Ids(-75, -56, -50, -35).ShouldNotContain("abyei");
        Ids(70, 25, 100, 40).ShouldContain("jammu-kashmir");
        Ids(18, 40, 24, 45).ShouldContain("kosovo");
        Samples.World.NotesFor(0, 0, 1, 1).Select(n => n.Id).ShouldBe(["disclaimer", "dotted"]);
    }

    [Fact]
    public void Land_covers_the_globe_as_it_should()
    {
        // Share of places with an area, weighted by the cosine of latitude; land is 29 per cent of the globe.
        double land = 0, all = 0;
        for (var lat = -89.0; lat < 90; lat += 2)
        {
            for (var lon = -179.0; lon < 180; lon += 2)
            {
                var weight = Math.Cos(lat * Math.PI / 180);
                all += weight;
                land += Samples.World.Locate(lon, lat).Id is null ? 0 : weight;
            }
        }

        (land / all).ShouldBe(0.29, 0.01);
    }

    [Theory]
    [InlineData("", "boundaries.malformed", ":1")]
    [InlineData("waymark-boundaries 2\n", "boundaries.malformed", ":1")]
    [InlineData("waymark-boundaries 1\ngrid 0\n", "boundaries.malformed", ":2")]
    [InlineData("waymark-boundaries 1\ngrid 100\n[arcs]\n1 2 3\n", "boundaries.malformed", ":4")]
    [InlineData("waymark-boundaries 1\ngrid 100\n[arcs]\n0 9100 1 1\n", "boundaries.malformed", ":4")]
    [InlineData("waymark-boundaries 1\ngrid 100\n[arcs]\n0 0 5 5\n[polygons]\nDEU 1\n", "boundaries.malformed", ":6")]
    [InlineData("waymark-boundaries 1\ngrid 100\n[arcs]\n0 0 5 5 5 -5\n[polygons]\nDEU<FRA 0\n",
        "boundaries.malformed", "file")]
    [InlineData("waymark-boundaries 1\ngrid 100\n[other]\n", "boundaries.malformed", ":3")]
    public void A_malformed_file_is_refused_with_its_line(string text, string code, string where)
    {
        var result = BoundaryParser.Parse(text, "file");
        result.IsOk.ShouldBeFalse();
        result.Error!.Code.ShouldBe(code);
        result.Error.Where!.ShouldContain(where);
    }

    [Fact]
    public void Two_thousand_mutated_files_give_a_set_or_a_located_error_never_an_exception()
    {
        var random = new Random(7);
        for (var i = 0; i < 2000; i++)
        {
            var chars = s_text.AsSpan(0, 3000).ToString().ToCharArray();
            for (var k = 0; k < 1 + (i % 5); k++)
            {
                chars[random.Next(chars.Length)] = "0-9 ;~<[\nA"[random.Next(10)];
            }

            var text = new string(chars) + s_text[3000..(3000 + random.Next(2000))];
            var result = BoundaryParser.Parse(text, "file");
            (result.IsOk || result.Error!.Where!.StartsWith("file", StringComparison.Ordinal)).ShouldBeTrue();
        }
    }
}
