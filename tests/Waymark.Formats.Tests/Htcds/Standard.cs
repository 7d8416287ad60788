using Shouldly;
using Waymark.Formats.Htcds;
using Waymark.Model;
using Waymark.Packs;

namespace Waymark.Formats.Tests.Htcds;

/// <summary>The standard as its pack gives it.</summary>
internal static class Standard
{
    public static Pack Pack { get; } = Load();

    public static HtcdsStandard Value { get; } = new(
        [.. Pack.Rows("fields.csv").Select(row => new HtcdsField(row["code"], row["section"], new(row["en"], row["zh"]), Kind(row["kind"]),
            row["multiple"] == "true", row.Optional("list"), row["core"] == "true", row["status"] == "deprecated"))],
        [.. Pack.Rows("codes.csv").Select(row => new HtcdsCode(row["list"], row["code"], new(row["en"], row["zh"]), row["template"]))],
        [.. Pack.Rows("countries.csv").Select(row => new HtcdsTerm(row["code"], [row["iso2"], row["name"]]))],
        [.. Pack.Rows("languages.csv").Select(row => new HtcdsTerm(row["tag"], [row["code"], row["bibliographic"]]))],
        [.. Pack.Rows("template.csv").Select(row => new HtcdsColumn(row["column"], row["code"], row["label"], row["field"]))],
        new Dictionary<string, IReadOnlyList<string>>
        {
            ["methods-of-control"] = [.. Pack.Rows("control-definitions.csv").Select(row => row["code"])],
        });

    private static HtcdsKind Kind(string word) => Enum.Parse<HtcdsKind>(word.Replace("-", "", StringComparison.Ordinal), ignoreCase: true);

    private static Pack Load()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var packs = Path.Combine(folder.FullName, "packs");
            if (Directory.Exists(Path.Combine(packs, "codelists", "htcds")))
            {
                var loaded = PackLibrary.Load([packs]);
                loaded.Reports.Where(report => report.Key?.Id == "htcds").SelectMany(report => report.Errors).ShouldBeEmpty();
                return loaded.Library.Find("codelists", "htcds")!;
            }
        }

        throw new InvalidOperationException("no folder of packs");
    }
}
