namespace Waymark.Charts;

/// <summary>The legend of a shaded map: a strip of classes with their lower limits, always open, and the hatch.</summary>
internal sealed class MapLegend
{
    private readonly FigureHead _head;
    private readonly string _language;
    private readonly int[] _palette;
    private readonly List<string> _labels;
    private readonly string _noData;
    private readonly double _step;
    private readonly int _columns;
    private readonly int _noDataRow;

    public MapLegend(FigureHead head, string language, ClassBreaks breaks, int[] palette, double width, bool unassigned)
    {
        (_head, _language, _palette) = (head, language, palette);
        var zh = Words.IsChinese(language);
        string N(double v) => NumberText.Rounded(v, language);
        var limits = breaks.Limits;
        _labels = limits.Count == 0
            ? [zh ? "有数据" : "with data"]
            : [zh ? $"低于 {N(limits[0])}" : $"under {N(limits[0])}",
                .. limits.Select((v, i) => i + 1 < limits.Count ? N(v) : zh ? $"{N(v)} 及以上" : $"{N(v)} and more")];
        _noData = (unassigned ? Words.NoDataOrStatus : Words.NoData).In(language);
        var widest = _labels.Max(l => TextWidth.Of(l)) + 6;
        _step = Math.Max(widest, Math.Min(108, (width - TextWidth.Of(_noData) - 26) / _labels.Count));
        _columns = Math.Clamp((int)((width + 1) / _step), 1, _labels.Count);
        var rows = (_labels.Count + _columns - 1) / _columns;
        var room = width - (_step * (_labels.Count - ((rows - 1) * _columns)));
        _noDataRow = room >= TextWidth.Of(_noData) + 24 ? rows - 1 : rows;
        Height = 22 + ((Math.Max(rows, _noDataRow + 1)) * 34);
    }

    public double Height { get; }

    public void Draw(SvgWriter w, double y, string hatch)
    {
        w.Label("k", 0, y + 13, _head.Unit.Name.In(_language));
        for (var i = 0; i < _labels.Count; i++)
        {
            var (x, top) = (i % _columns * _step, y + 22 + (i / _columns * 34));
            w.Rect($"q{_palette[i]} sw", x + 0.5, top, _step, 10);
            w.Label("", x, top + 24, _labels[i]);
        }

        var last = (_labels.Count - 1) / _columns;
        var left = _noDataRow == last ? (((_labels.Count - 1) % _columns) + 1) * _step + 18 : 0;
        var at = y + 22 + (_noDataRow * 34);
        w.Open("rect").Class("sw").Attribute("fill", hatch).Attribute("x", left + 0.5).Attribute("y", at)
            .Attribute("width", 44).Attribute("height", 10).Close();
        w.Label("", left, at + 24, _noData);
    }
}
