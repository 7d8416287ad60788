using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Waymark.Charts.Tests;

public sealed class GeoTests
{
    private static readonly Gen<(double Lon, double Lat)> s_place =
        from lon in Gen.Choose(-17999, 17999)
        from lat in Gen.Choose(-8990, 8990)
        select (lon / 100.0, lat / 100.0);

    /// <summary>PROJ's own test of eqearth (builtins.gie) and the extent of EPSG:8857 (authalic sphere of WGS 84).</summary>
    [Theory]
    [InlineData(6_378_137, 180, 0, 17_263_256.84, 0)]
    [InlineData(6_378_137, -180, 0, -17_263_256.84, 0)]
    [InlineData(6_371_007.1809, 180, 0, 17_243_959.06, 0)]
    [InlineData(6_371_007.1809, 0, 90, 0, 8_392_927.6)]
    [InlineData(6_371_007.1809, 0, -90, 0, -8_392_927.6)]
    public void Equal_Earth_gives_the_published_values(double radius, double lon, double lat, double x, double y)
    {
        var p = new EqualEarth(0).Forward(lon, lat);
        (p.X * radius).ShouldBe(x, 0.05);
        (p.Y * radius).ShouldBe(y, 0.05);
    }

    [Fact]
    public void Equal_Earth_is_2_05458_times_as_wide_as_high() => (EqualEarth.MaxX / EqualEarth.MaxY)
        .ShouldBe(2.05458, 0.0001);

    [Fact]
    public void Equal_Earth_undoes_itself() => Prop.ForAll(s_place.ToArbitrary(), place =>
    {
        var projection = new EqualEarth();
        var (x, y) = projection.Forward(place.Lon + 11, place.Lat);
        var back = projection.Inverse(x, y);
        return back is { } b && Math.Abs(b.Longitude - place.Lon - 11) < 1e-7
            && Math.Abs(b.Latitude - place.Lat) < 1e-7;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Equal_Earth_keeps_areas_equal() => Prop.ForAll(s_place.ToArbitrary(), place =>
    {
        if (Math.Abs(place.Lat) > 88)
        {
            return true;
        }

        var p = new EqualEarth(0);
        const double H = 1e-4;
        var (a, b) = (p.Forward(place.Lon + H, place.Lat), p.Forward(place.Lon - H, place.Lat));
        var (c, d) = (p.Forward(place.Lon, place.Lat + H), p.Forward(place.Lon, place.Lat - H));
        var drawn = Math.Abs(((a.X - b.X) * (c.Y - d.Y)) - ((a.Y - b.Y) * (c.X - d.X)));
        var rad = 2 * H * Math.PI / 180;
        return Math.Abs((drawn / (rad * rad * Math.Cos(place.Lat * Math.PI / 180))) - 1) < 1e-4;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Lambert_undoes_itself_and_knows_Snyders_example()
    {
        // Snyder 1987, page 332: R = 3, middle 40 N 100 W, place 20 S 100 E gives x = -4.2339303, y = 4.0257775.
        var snyder = new LambertAzimuthal(-100, 40).Forward(100, -20);
        (snyder.X * 3).ShouldBe(-4.2339303, 1e-6);
        (snyder.Y * 3).ShouldBe(4.0257775, 1e-6);
        Prop.ForAll(s_place.ToArbitrary(), place =>
        {
            var projection = new LambertAzimuthal(18, 2);
            if (projection.DistanceTo(place.Lon, place.Lat) > 170)
            {
                return true;
            }

            var (x, y) = projection.Forward(place.Lon, place.Lat);
            return projection.Inverse(x, y) is { } b && Math.Abs(b.Latitude - place.Lat) < 1e-6
                && Math.Abs((((b.Longitude - place.Lon) % 360) + 540) % 360 - 180) < 1e-5;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Off_the_map_there_is_no_place()
    {
        new EqualEarth().Inverse(0, 1.4).ShouldBeNull();
        new EqualEarth().Inverse(2.7, 1.3).ShouldBeNull();
        new LambertAzimuthal(0, 0).Inverse(2.1, 0).ShouldBeNull();
    }

    [Fact]
    public void A_ring_over_the_cut_meridian_is_cut_in_two_and_keeps_its_size()
    {
        (double X, double Y)[] ring = [(-175, 60), (-160, 60), (-160, 70), (-175, 70)];
        var parts = RingClipper.AtCutMeridian(ring, 11).ToList();
        parts.Count.ShouldBe(2);
        parts.ShouldAllBe(p => p.All(q => q.X >= -169 - 1e-9 && q.X <= 191 + 1e-9));
        parts.Sum(Size).ShouldBe(150, 1e-6);
    }

    [Fact]
    public void Cutting_never_adds_or_loses_area_wherever_the_middle_is() => Prop.ForAll(
        (from middle in Gen.Choose(-180, 180) from west in Gen.Choose(-180, 179) from width in Gen.Choose(1,
            170) select (middle, west, width)).ToArbitrary(), c =>
        {
            (double X, double Y)[] ring = [(c.west, -10), (c.west + c.width, -10), (c.west + (c.width / 2.0), 35)];
            var parts = RingClipper.AtCutMeridian(ring, c.middle).ToList();
            return Math.Abs(parts.Sum(Size) - Size(ring)) < 1e-6
                && parts.TrueForAll(p => p.TrueForAll(q => Math.Abs(q.X - c.middle) <= 180 + 1e-9));
        }).QuickCheckThrowOnFailure();

    private static double Size(IReadOnlyList<(double X, double Y)> ring) =>
        Math.Abs(Enumerable.Range(0, ring.Count).Sum(i => (ring[i].X * ring[(i + 1) % ring.Count]
            .Y) - (ring[(i + 1) % ring.Count].X * ring[i].Y))) / 2;
}
