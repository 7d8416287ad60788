using System.IO.Compression;
using System.Text;
using System.Xml.Linq;
using Shouldly;
using Waymark.Model;
using Xunit;

namespace Waymark.Charts.Tests;

/// <summary>Finds the repository from the test binary, and the data folder beside or above it.</summary>
internal static class Folders
{
    public static string Repository { get; } = WorkingCopy.Root;

    public static string Tests { get; } = Path.Combine(Repository, "tests", "Waymark.Charts.Tests");

    public static string Boundaries { get; } = Path.Combine(Repository, "packs", "boundaries", "un-practice");

    /// <summary>The shared folder, or a printed skip.</summary>
    public static string Shared()
    {
        Assert.SkipWhen(WorkingCopy.Shared is null, "skipped: data folder absent");
        return WorkingCopy.Shared!;
    }
}

/// <summary>Compares with a file under Approved/; a difference leaves a .received file beside it. WAYMARK_APPROVE=1 accepts.</summary>
internal static class Approved
{
    public static void Check(string name, string received)
    {
        var path = Path.Combine(Folders.Tests, "Approved", name);
        var receivedPath = Path.Combine(Path.GetDirectoryName(path)!, "received." + name);
        if (Environment.GetEnvironmentVariable("WAYMARK_APPROVE") == "1")
        {
            File.WriteAllText(path, received + "\n", new UTF8Encoding(false));
            return;
        }

        var approved = File.Exists(path) ? File.ReadAllText(path).TrimEnd('\n') : "";
        if (approved != received)
        {
            File.WriteAllText(receivedPath, received + "\n", new UTF8Encoding(false));
            var at = approved.Zip(received).TakeWhile(p => p.First == p.Second).Count();
            Assert.Fail($"{name} differs from what was approved at character {at}; see {Path.GetFileName(receivedPath)}.");
        }

        File.Delete(receivedPath);
    }
}

internal static class Svg
{
    public static readonly XNamespace Name = "http://www.w3.org/2000/svg";

    /// <summary>Renders and checks what holds for every figure: well-formed, titled, no style attribute, no script.</summary>
    public static Rendering Of(Figure figure, ChartOptions options)
    {
        var rendering = Chart.Render(figure, options).Match(r => r,
            e => throw new InvalidOperationException(e.ToString()));
        var root = Parse(rendering);
        root.Name.ShouldBe(Name + "svg");
        root.Element(Name + "title")!.Value.ShouldBe(rendering.Title);
        root.Element(Name + "desc")!.Value.ShouldBe(rendering.Description);
        var ids = root.DescendantsAndSelf().Attributes("id").Select(a => a.Value).ToList();
        ids.Distinct().Count().ShouldBe(ids.Count);
        foreach (var id in root.Attribute("aria-labelledby")!.Value.Split(' '))
        {
            ids.ShouldContain(id);
        }

        root.DescendantsAndSelf().ShouldAllBe(e => e.Name.LocalName != "script" && e.Attribute("style") == null);
        root.DescendantsAndSelf().SelectMany(e => e.Attributes()).ShouldAllBe(a => !a.Name.LocalName.StartsWith("on"));
        if (!options.Standalone)
        {
            root.Descendants(Name + "style").ShouldBeEmpty();
        }

        return rendering;
    }

    public static XElement Parse(Rendering rendering) => XDocument.Parse(rendering.Svg).Root!;

    public static int Brotli(string text)
    {
        using var memory = new MemoryStream();
        using (var brotli = new BrotliStream(memory, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            brotli.Write(Encoding.UTF8.GetBytes(text));
        }

        return (int)memory.Length;
    }

    /// <summary>Everything a rendering gives away, as one text.</summary>
    public static string All(Rendering r) => string.Join('\n',
        [r.Svg, r.Title, r.Description, r.Table.Caption, .. r.Notes, .. r.Table.Columns.Select(c => c.Head),
            .. r.Table.Rows.SelectMany(x => x)]);
}

internal static class Samples
{
    public static readonly Unit Persons = new("PS", new("persons", "人"), CountOf.Person);
    public static readonly Unit Percent = new("PC", new("per cent of residents", "占居民百分比"), CountOf.Nothing,
        Denominator: "residents");

    public static BoundarySet World { get; } = BoundaryParser
        .Parse(File.ReadAllText(Path.Combine(Folders.Boundaries, "world.txt")), "world.txt")
            .Match(s => s, e => throw new InvalidOperationException(e.ToString()));

    public static FigureHead Head(string id, string en, string zh, Unit? unit = null) => new()
    {
        Id = id,
        Code = "WM-F-" + (id.Sum(c => c) % 9000 + 1000),
        Finding = new(en, zh),
        Measure = new("Applications received and decisions made", "收到的申请和作出的决定"),
        Unit = unit ?? Persons,
        Place = new("all sample areas", "所有示例地区"),
        Time = new("2010 to 2026", "2010年至2026年"),
        Source = new("Sample register, invented values", "示例登记册，虚构数值"),
        Vintage = "2026-06",
    };

    public static LineFigure Line()
    {
        var applications = new List<TimePoint>();
        var decisions = new List<TimePoint>();
        for (var year = 2010; year <= 2026; year++)
        {
            var wave = 420_000 + (90_000 * Math.Sin(year * 0.9)) + ((year - 2010) * 21_000);
            var datum = year switch
            {
                2014 => Datum.Gap(ObservationStatus.NotCollected),
                2023 => Datum.Of(wave, ObservationStatus.Provisional),
                > 2023 => Datum.Of(wave, ObservationStatus.Forecast, wave * (1 - ((year - 2023) * 0.06)),
                    wave * (1 + ((year - 2023) * 0.06))),
                _ => Datum.Of(wave),
            };
            applications.Add(new(Period.Year(year), datum));
            if (year <= 2023)
            {
                var value = 250_000 + ((year - 2010) * 34_000) - (year >= 2018 ? 90_000 : 0);
                decisions.Add(new(Period.Year(year), Datum.Of(value,
                    year == 2018 ? ObservationStatus.Break : year == 2023 ? ObservationStatus.Provisional
                    : ObservationStatus.Normal)));
            }
        }

        return new(Head("line1", "Decisions grew more slowly than applications after 2018", "2018年以后决定数的增长慢于申请数"),
            [new("app", new("Applications", "申请"), applications), new("dec", new("Decisions", "决定"), decisions)]);
    }

    public static LineFigure Months()
    {
        var points = Enumerable.Range(0, 30).Select(i => new TimePoint(Period.Month(2024 + (i / 12), (i % 12) + 1),
            Datum.Of(4000 + (1800 * Math.Sin(i * 0.7)) + (i * 90),
                i >= 28 ? ObservationStatus.Provisional : ObservationStatus.Normal))).ToList();
        return new(Head("month1", "Arrivals peak every summer", "抵达人数每年夏季达到峰值"),
            [new("arr", new("Arrivals by sea", "海上抵达"), points)]);
    }

    public static IReadOnlyList<NamedDatum> Rows() =>
    [
        new("XA", new("Sample area XA", "示例地区XA"), Datum.Of(1_234_567)),
        new("XB", new("Sample area XB with a rather long name in two lines", "名称较长的示例地区XB"),
            Datum.Of(845_000, ObservationStatus.Provisional)),
        new("XC", new("Sample area XC", "示例地区XC"), Datum.Of(512_300, ObservationStatus.Estimated, 430_000, 610_000)),
        new("XD", new("Sample area XD", "示例地区XD"), Datum.Gap(ObservationStatus.NotCollected)),
        new("XE", new("Sample area XE", "示例地区XE"), Datum.Of(96_400)),
        new("XF", new("Sample area XF", "示例地区XF"), Datum.Of(777_777_777, ObservationStatus.Suppressed)),
    ];

    public static BarFigure Bars(bool horizontal = true) =>
        new(Head(horizontal ? "bar1" : "bar2", "Three areas hold most of the applications", "三个地区占大部分申请"), Rows(),
            horizontal);

    public static DotFigure Dots() => new(Head("dot1", "Estimates differ by a factor of ten", "估计值相差十倍"), Rows(), true);

    public static ShareFigure Shares() => new(
        Head("share1", "In two of three areas women are the majority", "三个地区中有两个以女性为主",
            new("PC", new("per cent", "百分比"), CountOf.Nothing)),
        new("Women", "女性"), new("Men", "男性"),
        [
            new("XA", new("Sample area XA", "示例地区XA"), Datum.Of(52.4)),
            new("XB", new("Sample area XB", "示例地区XB"), Datum.Of(61)),
            new("XC", new("Sample area XC", "示例地区XC"), Datum.Of(47.9, ObservationStatus.Provisional)),
            new("XD", new("Sample area XD", "示例地区XD"), Datum.Gap(ObservationStatus.Suppressed)),
        ]);

    public static MultiplesFigure Multiples() => new(Head("multi1", "Only two areas grew in every year", "只有两个地区逐年增长"),
    [
        .. Enumerable.Range(0, 6).Select(k => new LineSeries($"X{k}",
            new($"Area X{(char)('A' + k)}", $"地区X{(char)('A' + k)}"),
            [.. Enumerable.Range(2015, 10).Select(y => new TimePoint(Period.Year(y),
                k == 2 && y == 2019 ? Datum.Gap() : Datum.Of(20_000 + (k * 9_000) + ((y - 2015) * (k - 2) * 2_500),
                y == 2024 ? ObservationStatus.Provisional : ObservationStatus.Normal)))])),
    ]);

    public static FlowFigure Flows()
    {
        string[] codes = ["XA", "XB", "XC", "XD", "XE", "XF", "XG", "XH"];
        var names = codes.ToDictionary(c => c, c => new LocalText("Area " + c, "地区" + c));
        var flows = new List<Flow>();
        for (var i = 0; i < codes.Length; i++)
        {
            for (var j = 0; j < codes.Length; j++)
            {
                if (i != j)
                {
                    var value = Math.Round(90_000.0 / ((i + 1) * (j + 2)));
                    flows.Add(new(codes[i], codes[j], (i, j) is (1, 2) or (6, 7)
                        ? Datum.Of(777_777_777, ObservationStatus.Suppressed) : Datum.Of(value)));
                }
            }
        }

        return new(Head("flow1", "One route carries a quarter of all moves", "一条路线占全部迁移的四分之一"), new("From", "来自"),
            new("To", "前往"), names, flows, 5);
    }

    /// <summary>Every area of the pack but a few, with values that follow from the code alone.</summary>
    public static IReadOnlyList<NamedDatum> WorldValues(Func<string, double>? value = null) =>
    [
        .. World.Polygons.Where(p => p.IsAssigned && p.Id != "TWN").Select(p => p.Id)
            .Concat(World.Points.Select(p => p.Id)).Order(StringComparer.Ordinal)
            .Where(c => c is not ("ATA" or "GRL" or "TKM" or "ERI" or "PRK"))
            .Select(c => new NamedDatum(c, new("Area " + c, "地区" + c),
                Datum.Of(value?.Invoke(c) ?? Math.Round(0.08 * Math.Pow(1.62, (c[0] * 7 + c[1] * 13 + c[2] * 5) % 13),
                2)))),
        new("GRL", new("Area GRL", "地区GRL"), Datum.Gap(ObservationStatus.NotCollected)),
        new("XKX", new("Kosovo*", "科索沃*"), Datum.Of(2)),
    ];

    public static ChoroplethFigure Map(MapView? view = null, bool areaPaths = false) => new(
        Head("map1", "In most areas fewer than one resident in ten was born abroad", "在多数地区，境外出生者不到居民的十分之一",
            Percent) with
        {
            Measure = new("Residents born abroad", "境外出生的居民"), Time = new("mid-2026", "2026年年中"),
                Place = new("by country or area", "按国家或地区"),
        },
        WorldValues(), view ?? MapView.World, AreaPaths: areaPaths);

    public static CirclesFigure Circles() => new(
        Head("circ1", "Ten areas host half of all", "十个地区接收了半数") with { Place = new("by country or area", "按国家或地区") },
        WorldValues(c => 900 * Math.Pow(2.1, (c[0] * 7 + c[1] * 13 + c[2] * 5) % 11)), MapView.World);

    public static IEnumerable<(string Name, Figure Figure)> All() =>
    [
        ("line", Line()), ("months", Months()), ("bars", Bars()), ("columns", Bars(false)), ("dots", Dots()),
            ("shares", Shares()),
        ("multiples", Multiples()), ("flows", Flows()), ("map", Map()), ("map-africa", Map(MapView.Region(18, 2, 40))),
            ("map-antarctica", Map(new WorldView(true, 150)) with { Graticule = true }), ("map-south-asia", Map(MapView.Region(80, 30, 16))), ("circles", Circles()),
    ];
}
