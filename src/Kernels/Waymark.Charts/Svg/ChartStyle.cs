using System.Text.RegularExpressions;

namespace Waymark.Charts;

/// <summary>
/// The look of figures as CSS over the design tokens. Pages serve <see cref="Sheet"/> once; a figure that stands alone
/// carries the same rules with the light values of the tokens written in.
/// </summary>
public static partial class ChartStyle
{
    /// <summary>Rules for pages; every colour is a token (<c>--ink</c>, <c>--cat-1</c>, <c>--seq-1</c> …).</summary>
    public const string Sheet =
        """
        .wm{display:block;inline-size:100%;block-size:auto;font-family:inherit}
        .wm text{fill:var(--ink-2);font-size:13px;font-variant-numeric:tabular-nums lining-nums}
        .wm .t{fill:var(--ink);font-weight:700}.wm .k{fill:var(--ink)}.wm .n{fill:var(--ink-3)}.wm .e{text-anchor:end}.wm .m{text-anchor:middle}
        .wm .h{fill:var(--ink);font-size:19px;font-weight:700}.wm .sub{font-size:14px}.wm .src{fill:var(--ink-3);font-size:12px}
        .wm .code{fill:var(--ink-3);font-size:11px}.wm .halo{paint-order:stroke;stroke:var(--surface);stroke-width:3px;stroke-linejoin:round}
        .wm .bg{fill:var(--surface)}.wm .plot{fill:none}.wm .g{fill:none;stroke:var(--line)}.wm .z{fill:none;stroke:var(--line-strong)}
        .wm .s1,.wm .s2,.wm .s3,.wm .s4,.wm .s5,.wm .s6{fill:none;stroke-width:2.5;stroke-linejoin:round;stroke-linecap:round}
        .wm .s1{stroke:var(--cat-2)}.wm .s2{stroke:var(--cat-1)}.wm .s3{stroke:var(--cat-3)}.wm .s4{stroke:var(--cat-4)}.wm .s5{stroke:var(--cat-5)}.wm .s6{stroke:var(--cat-other)}
        .wm .prov{stroke-dasharray:.5 5}.wm .proj{stroke-dasharray:7 5;stroke-linecap:butt}
        .wm .a1{fill:var(--cat-2)}.wm .a2{fill:var(--cat-1)}.wm .a3{fill:var(--cat-3)}.wm .a4{fill:var(--cat-4)}.wm .a5{fill:var(--cat-5)}.wm .a6{fill:var(--cat-other)}
        .wm .band{fill-opacity:.18}.wm .brk{fill:none;stroke:var(--ink-2);stroke-width:1.5}
        .wm .bar{fill:var(--seq-5)}.wm .bar2{fill:var(--seq-2)}.wm .iv{fill:none;stroke:var(--ink);stroke-width:1.5}.wm .ivd{fill:none;stroke:var(--seq-5);stroke-width:5;stroke-opacity:.4}
        .wm .dot{fill:var(--accent);stroke:var(--surface)}.wm .est{fill:var(--surface);stroke:var(--accent);stroke-width:2}
        .wm .h0{fill:var(--nodata)}.wm .h1{fill:none;stroke:var(--nodata-hatch)}
        .wm .q1{fill:var(--seq-1)}.wm .q2{fill:var(--seq-2)}.wm .q3{fill:var(--seq-3)}.wm .q4{fill:var(--seq-4)}.wm .q5{fill:var(--seq-5)}.wm .q6{fill:var(--seq-6)}
        .wm .on{fill:var(--surface)}.wm .cell{stroke:var(--surface);stroke-width:2}.wm .sw{stroke:var(--seq-edge)}
        .wm .land path,.wm .land{stroke:var(--land-edge);stroke-width:.7;stroke-linejoin:round;vector-effect:non-scaling-stroke}
        .wm .land .q1,.wm .land .q0{stroke:var(--seq-edge);stroke-width:.5}.wm .base path{fill:var(--surface-2);stroke:var(--seq-edge);stroke-width:.5;vector-effect:non-scaling-stroke}
        .wm .pts circle{stroke:var(--ink-3);stroke-width:.8}.wm .dis{fill:none;stroke:var(--ink-2);stroke-width:1.1;stroke-dasharray:.4 2.6;stroke-linecap:round;vector-effect:non-scaling-stroke}
        .wm .sea{fill:var(--sea)}.wm .grat{fill:none;stroke:var(--line);stroke-width:.5;vector-effect:non-scaling-stroke}
        .wm .pc{fill:var(--accent);fill-opacity:.55;stroke:var(--accent-strong);stroke-width:.8}.wm .pce{fill:none;stroke:var(--ink-3)}
        @media (forced-colors:active){.wm text{fill:CanvasText}.wm .s1,.wm .s2,.wm .s3,.wm .s4,.wm .s5,.wm .s6,.wm .dis,.wm .z{stroke:CanvasText}}
        """;

    private static readonly Dictionary<string, string> s_light = new(StringComparer.Ordinal)
    {
        ["ink"] = "#12212b", ["ink-2"] = "#3b4d57", ["ink-3"] = "#566872", ["surface"] = "#fff", ["surface-2"] = "#e8eeed",
        ["line"] = "#d3dcdf", ["line-strong"] = "#74878f", ["accent"] = "#0b5874", ["accent-strong"] = "#083f54",
        ["cat-1"] = "#4d91c7", ["cat-2"] = "#aa4711", ["cat-3"] = "#277560", ["cat-4"] = "#761f61", ["cat-5"] = "#a78d31",
        ["cat-other"] = "#74878f", ["seq-1"] = "#e3f1fb", ["seq-2"] = "#bad9ef", ["seq-3"] = "#8abbdc", ["seq-4"] = "#5e9ac0",
        ["seq-5"] = "#31739a", ["seq-6"] = "#144a68", ["nodata"] = "#fff", ["nodata-hatch"] = "#9aa9b0", ["sea"] = "#f3f6f5",
        ["land-edge"] = "#fff", ["seq-edge"] = "#8fa3ad",
    };

    /// <summary>The sheet with the light values of the tokens, for files that stand alone.</summary>
    public static string StandaloneSheet { get; } = Token().Replace(Sheet, m => s_light[m.Groups["name"].Value])
        .Replace("font-family:inherit", "font-family:\"Noto Sans\",\"PingFang SC\",\"Microsoft YaHei\",\"Noto Sans CJK SC\",system-ui,sans-serif", StringComparison.Ordinal)
        .Replace("\n", "", StringComparison.Ordinal);

    [GeneratedRegex(@"var\(--(?<name>[a-z0-9-]+)\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 500)]
    private static partial Regex Token();
}
