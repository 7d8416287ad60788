using Xunit;

namespace Waymark.Charts.Tests;

public sealed class SnapshotTests
{
    public static TheoryData<string, string> Cases()
    {
        var data = new TheoryData<string, string>();
        foreach (var (name, _) in Samples.All())
        {
            data.Add(name, "en");
            data.Add(name, "zh");
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_kind_of_figure_looks_as_approved_in_both_languages(string name, string language)
    {
        var figure = Samples.All().Single(f => f.Name == name).Figure;
        var options = new ChartOptions(language, 720, Standalone: true, Samples.World);
        Approved.Check($"{name}.{language}.svg", Svg.Of(figure, options).Svg);
    }
}
