using Waymark.Casework.Contracts;
using Waymark.Formats;
using Waymark.Model;

namespace Waymark.App.Output;

/// <summary>
/// Released figures as a file with the columns of the data that UNODC publishes from the Global Report's questionnaire. The source profile <c>waymark/victims-in-case-register</c> reads it.
/// </summary>
public static class CountFile
{
    /// <summary>What stands where a figure is withheld; it does not say whether the figure is small itself or protects another.</summary>
    public const string Withheld = "c";

    public static string Name(CountSheet sheet) => $"victims-{sheet.Id}.csv";

    public static async Task<Result<bool>> WriteAsync(CountSheet sheet, bool isSample, Stream into, CancellationToken cancellationToken)
    {
        string[] columns = ["Iso3_code", "Country", "Region", "Subregion", "Indicator", "Dimension", "Category", "Sex", "Age", "Year", "Unit of measurement", "txtVALUE", "Source"];
        var year = sheet.Year.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var rows = sheet.Lines.Select(line => (ReadOnlyMemory<Value>)(Value[])
        [
            Value.Of(sheet.Area), Value.Of(sheet.AreaName.In("en")), Value.None, Value.None, Value.Of("Victims in the case register"), Value.Of(line.Dimension), Value.Of(line.Category), Value.Of(line.Sex), Value.Of(line.Age),
            Value.Of(year), Value.Of("Counts"), Value.Of(line.Count?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? Withheld), Value.Of("Case register"),
            .. isSample ? [Value.Of("invented sample")] : Array.Empty<Value>(),
        ]);
        var table = new Table(
            new("victims-in-case-register", "", "1", new("Victims in the case register", "个案登记册中的受害人"), sheet.At),
            [.. columns.Concat(isSample ? ["Sample"] : Array.Empty<string>()).Select(id => new Column(id, new(id, id), ColumnType.Text, ColumnRole.Attribute))], rows);
        await CsvWriter.WriteAsync(table, into, new(ByteOrderMark: true), cancellationToken);
        return true;
    }
}
