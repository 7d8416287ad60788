using Waymark.Formats.Htcds;
using Waymark.Packs;

namespace Waymark.Casework.Htcds;

/// <summary>The Human Trafficking Case Data Standard as its pack gives it.</summary>
public static class HtcdsPack
{
    /// <summary>The standard of a pack of code lists; null where the library has none.</summary>
    public static HtcdsStandard? Find(PackLibrary library) => library.Find("codelists", "htcds") is { } pack ? Standard(pack) : null;

    internal static HtcdsStandard Standard(Pack pack) => new(
        [.. pack.Rows("fields.csv").Select(row => new HtcdsField(row["code"], row["section"], new(row["en"], row["zh"]), Words.TryParse<HtcdsKind>(row["kind"], out var kind) ? kind : HtcdsKind.Text,
            row["multiple"] == "true", row.Optional("list"), row["core"] == "true", row["status"] == "deprecated"))],
        [.. pack.Rows("codes.csv").Select(row => new HtcdsCode(row["list"], row["code"], new(row["en"], row["zh"]), row["template"]))],
        [.. pack.Rows("countries.csv").Select(row => new HtcdsTerm(row["code"], [row["iso2"], row["name"]]))],
        [.. pack.Rows("languages.csv").Select(row => new HtcdsTerm(row["tag"], [row["code"], row["bibliographic"]]))],
        [.. pack.Rows("template.csv").Select(row => new HtcdsColumn(row["column"], row["code"], row["label"], row["field"]))],
        new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal) { ["methods-of-control"] = [.. pack.Rows("control-definitions.csv").Select(row => row["code"])] });
}
