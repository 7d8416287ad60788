using System.Diagnostics;
using System.Globalization;
using System.Text;
using ExcelDataReader;
using Shouldly;
using Xunit;

namespace Waymark.Formats.Tests;

/// <summary>
/// Our workbook readers against ExcelDataReader, an independent implementation, cell by cell and in time.
/// </summary>
[Collection("costs")]
public sealed class PeerTests(ITestOutputHelper output)
{
    static PeerTests() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    [Fact]
    public void Workbooks_hold_the_same_cells_as_the_peer_reads()
    {
        var differences = new List<string>();
        var compared = 0;
        foreach (var path in Evidence.Files.Where(static path => path.EndsWith(".xlsx", StringComparison.Ordinal)
            || path.EndsWith(".xls", StringComparison.Ordinal)))
        {
            var file = Evidence.Open(path);
            using var peer = ExcelReaderFactory.CreateReader(new MemoryStream(Evidence.Bytes(path)));
            foreach (var sheet in file.Sheets)
            {
                peer.Name.ShouldBe(sheet.Name, path);
                peer.VisibleState.ShouldBe(sheet.Visibility switch { SheetVisibility.Hidden => "hidden",
                    SheetVisibility.VeryHidden => "veryhidden", _ => "visible" }, path);
                (peer.MergeCells?.Length ?? 0).ShouldBe(sheet.Read().Value.Merges.Count, path);
                compared += Compare(sheet.Read().Value, peer, $"{path}!{sheet.Name}", differences);
                peer.NextResult();
            }
        }

        output.WriteLine($"{compared} cells compared");
        differences.Take(40).ShouldBeEmpty();
        compared.ShouldBeGreaterThan(500_000);
    }

    private static int Compare(Grid grid, IExcelDataReader peer, string place, List<string> differences)
    {
        var (row, compared) = (0, 0);
        while (peer.Read())
        {
            row++;
            for (var column = 0; column < peer.FieldCount; column++)
            {
                var theirs = peer.GetValue(column);
                var ours = grid.At(row, column + 1);
                compared += theirs is null ? 0 : 1;
                if (!Same(theirs, ours))
                {
                    differences.Add($"{place} {ours.Address}: ours {ours.Kind} '{ours.Text}', peer {theirs?.GetType().Name} '{theirs}' format '{ours.NumberFormat}'");
                }
            }
        }

        return compared;
    }

    private static bool Same(object? theirs, Cell ours) => theirs switch
    {
        null => ours.Kind is CellKind.Blank or CellKind.Error,
        string text => ours.Text.ReplaceLineEndings("\n") == text.ReplaceLineEndings("\n"),
        bool truth => ours.Kind == CellKind.Boolean && ours.Text == (truth ? "1" : "0"),
        DateTime date => ours.TryGetDate(out var value) && Math.Abs((value - date).TotalSeconds) < 1,
        TimeSpan => ours.Kind == CellKind.Date,
        IConvertible number => ours.TryGetNumber(out var value)
            && value == number.ToDouble(CultureInfo.InvariantCulture),
        _ => false,
    };

    [Theory]
    [InlineData("unodc/data_glotip.xlsx")]
    [InlineData("unhcr/15-WRD-tab_v3.xlsx")]
    [InlineData("undesa/undesa_pd_2020_ims_stock_by_sex_and_destination.xlsx")]
    public void An_xlsx_reads_within_one_and_a_half_times_the_peers_bare_loop(string path)
    {
        var bytes = Evidence.Bytes(path);
        double ours = 0, theirs = 0;
        var (oursTimes, theirTimes) = (new List<double>(), new List<double>());
        for (var i = 0; i < 6; i++)
        {
            var clock = Stopwatch.StartNew();
            foreach (var sheet in TabularFile.Open(bytes, path).Value.Sheets)
            {
                sheet.Read().Value.CellCount.ShouldBeGreaterThanOrEqualTo(0);
            }

            oursTimes.Add(clock.Elapsed.TotalMilliseconds);
            clock.Restart();
            using var peer = ExcelReaderFactory.CreateReader(new MemoryStream(bytes));
            do
            {
                while (peer.Read())
                {
                    for (var column = 0; column < peer.FieldCount; column++)
                    {
                        _ = peer.GetValue(column);
                    }
                }
            }
            while (peer.NextResult());
            theirTimes.Add(clock.Elapsed.TotalMilliseconds);
        }

        (ours, theirs) = (oursTimes.Skip(1).Order().ElementAt(2), theirTimes.Skip(1).Order().ElementAt(2));
        output.WriteLine(FormattableString.Invariant($"{path}: ours {ours:F1} ms, peer {theirs:F1} ms, ratio {ours / theirs:F2}"));
        (ours / theirs).ShouldBeLessThan(1.5);
    }
}
