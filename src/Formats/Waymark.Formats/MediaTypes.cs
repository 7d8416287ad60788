namespace Waymark.Formats;

/// <summary>What a file is by its content; its name decides nothing but the delimiter in a tie.</summary>
public enum FileFormat : byte { DelimitedText, Xlsx, Xls, Ods, Json, Archive }

public static class FileFormatExtensions
{
    /// <summary>The registered media type.</summary>
    public static string MediaType(this FileFormat format, byte delimiter = (byte)',') => format switch
    {
        FileFormat.DelimitedText => delimiter == (byte)'\t' ? "text/tab-separated-values" : "text/csv",
        FileFormat.Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        FileFormat.Xls => "application/vnd.ms-excel",
        FileFormat.Ods => "application/vnd.oasis.opendocument.spreadsheet",
        FileFormat.Archive => "application/zip",
        _ => "application/json",
    };
}
