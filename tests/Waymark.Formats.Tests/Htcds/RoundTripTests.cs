using System.Text;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Validation;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Waymark.Formats.Htcds;
using Xunit;

namespace Waymark.Formats.Tests.Htcds;

/// <summary>What goes out comes back: all 84 fields, byte for byte, whatever they hold. The persons are invented.</summary>
public sealed class RoundTripTests
{
    private static byte[] Write(IReadOnlyList<IReadOnlyDictionary<string, string>> cases, HtcdsLayout layout = HtcdsLayout.Full)
    {
        using var memory = new MemoryStream();
        HtcdsWriter.WriteAsync(cases, memory, Standard.Value, new(layout, EmptyRows: 3)).GetAwaiter().GetResult().IsOk.ShouldBeTrue();
        return memory.ToArray();
    }

    private static HtcdsFile Read(byte[] bytes, string name = "cases.xlsx", HtcdsTrust trust = HtcdsTrust.Neither) =>
        HtcdsReader.Read(TabularFile.Open(bytes, name).Value, Standard.Value, new(trust)).Value;

    /// <summary>A value that the field allows; every code of a list comes by in turn.</summary>
    private static string Allowed(HtcdsField field, int turn) => field.Kind switch
    {
        HtcdsKind.Choice when field.IsMultiple => Join(field, turn),
        HtcdsKind.Choice => Pick(field, turn),
        HtcdsKind.Country => new[] { "TH", "MMR", "Lao People's Democratic Republic" }[turn % 3],
        HtcdsKind.Language => new[] { "bam", "km", "chi", "zho" }[turn % 4],
        HtcdsKind.Date => new[] { "1998", "2024-02", "2024-02-29", "1899-12-31" }[turn % 4],
        HtcdsKind.Checkbox => turn % 2 == 0 ? "TRUE" : "FALSE",
        HtcdsKind.Number => turn.ToString(System.Globalization.CultureInfo.InvariantCulture),
        HtcdsKind.Degrees => new[] { "13.7500", "-0.5", "0", "89.123456789012345" }[turn % 4],
        _ => $"{field.Label.In("zh")} {turn}, \"=1+1\"\n第二行 ",
    };

    private static string Pick(HtcdsField field, int turn)
    {
        var codes = Standard.Value.Codes[field.List!];
        var code = codes[turn % codes.Count];
        return (turn / codes.Count % 3) switch { 0 => code.Code, 1 => code.Label.In("en"), _ => code.Template.Length > 0 ? code.Template : code.Code };
    }

    private static string Join(HtcdsField field, int turn) => turn % 2 == 0 ? Pick(field, turn) : Pick(field, turn) + ";" + Pick(field, turn + 1);

    [Fact]
    public void All_84_fields_come_back_with_equal_bytes_and_their_codes()
    {
        var cases = Enumerable.Range(0, 60).Select(turn => (IReadOnlyDictionary<string, string>)Standard.Value.Fields
            .ToDictionary(field => field.Code, field => Allowed(field, turn))).ToList();
        var read = Read(Write(cases));
        read.Faults.ShouldBeEmpty();
        (read.Fields.Count, read.Cases.Count, read.Aside.Count).ShouldBe((84, 60, 0));
        var equal = Standard.Value.Fields.Count(field => cases.Select((values, index) => Encoding.UTF8.GetBytes(values[field.Code])
            .SequenceEqual(Encoding.UTF8.GetBytes(read.Cases[index].Values[field.Code].Text))).All(same => same));
        equal.ShouldBe(84);
        read.Cases.SelectMany(one => one.Values).Where(pair => Standard.Value.Find(pair.Key)!.Kind is HtcdsKind.Choice or HtcdsKind.Country
            or HtcdsKind.Language or HtcdsKind.Checkbox).ShouldAllBe(pair => pair.Value.Codes.Count > 0);
        var codes = Standard.Value.Fields.Where(field => field.List is not null).SelectMany(field => read.Cases
            .SelectMany(one => one.Values[field.Code].Codes).Select(code => (field.List!, code))).ToHashSet();
        codes.Count.ShouldBe(164);
        Write([.. read.Cases.Select(one => (IReadOnlyDictionary<string, string>)one.Values.ToDictionary(pair => pair.Key, pair => pair.Value.Text))])
            .ShouldBe(Write(cases));
    }

    [Fact]
    public void Whatever_the_fields_hold_comes_back_equal_known_or_not()
    {
        var sign = Gen.Elements('a', 'Z', ',', ';', '"', '\n', '\r', ' ', '=', '+', '小', 'é', 'ا', 'ក', '<', '&', '_', 'x', '0', '1', '.', '-', '\u0001');
        var odd = Gen.OneOf(sign.NonEmptyListOf().Select(signs => new string([.. signs])), Gen.Elements("_x0041_", "1e5", "007", "45352", "TRUE",
            "true", "2024-02-30", "2024-02-29", "1900-01-01", "-0", "0.10", "12345678901234567890", "]]>", "\U0001F600", "Unaquainted"));
        var one = from values in odd.ArrayOf(84) from some in Gen.Choose(0, 84) select (values, some);
        Prop.ForAll(one.NonEmptyListOf().ToArbitrary(), rows =>
        {
            var cases = rows.Select(row => (IReadOnlyDictionary<string, string>)Standard.Value.Fields.Take(Math.Max(1, row.some))
                .Select((field, index) => (field.Code, row.values[index])).ToDictionary()).ToList();
            var read = Read(Write(cases));
            return read.Cases.Count == cases.Count && cases.Zip(read.Cases).All(pair => pair.First.Count == pair.Second.Values.Count
                && pair.First.All(value => pair.Second.Values[value.Key].Text == value.Value));
        }).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(200));
    }

    [Fact]
    public void The_workbook_is_valid_and_the_same_cases_give_the_same_bytes()
    {
        IReadOnlyDictionary<string, string>[] cases = [Standard.Value.Fields.ToDictionary(field => field.Code, field => Allowed(field, 1))];
        foreach (var layout in Enum.GetValues<HtcdsLayout>())
        {
            var kept = HtcdsWriter.FieldsOf(Standard.Value, layout).Select(field => field.Code).ToHashSet();
            IReadOnlyDictionary<string, string>[] some = [cases[0].Where(pair => kept.Contains(pair.Key)).ToDictionary()];
            var bytes = Write(some, layout);
            using var package = SpreadsheetDocument.Open(new MemoryStream(bytes), false);
            new OpenXmlValidator().Validate(package).Select(fault => $"{fault.Path?.XPath}: {fault.Description}").ShouldBeEmpty();
            Write(some, layout).ShouldBe(bytes);
            var read = Read(bytes);
            read.Faults.ShouldBeEmpty();
            read.Cases.Single().Values.Count.ShouldBe(layout == HtcdsLayout.Full ? 84 : 38);
        }
    }

    [Fact]
    public async Task What_a_cell_cannot_hold_is_refused_before_the_first_byte()
    {
        foreach (var (code, text, expected) in new[] { ("prs_FirstName", new string('x', 32_768), "htcds.unwritable"),
            ("prs_FirstName", "\ud800", "htcds.unwritable"), ("prs_MiddleName", "Mali", "htcds.no-column") })
        {
            using var memory = new MemoryStream();
            var written = await HtcdsWriter.WriteAsync([new Dictionary<string, string> { [code] = text }], memory, Standard.Value,
                new(HtcdsLayout.Template), TestContext.Current.CancellationToken);
            (written.Error!.Code, memory.Length).ShouldBe((expected, 0));
        }
    }
}
