using Waymark.Linkage;
using Waymark.Model;

namespace Waymark.Matching;

/// <summary>How a file of persons is to be read.</summary>
public sealed record RegisterOptions
{
    /// <summary>The column that names the records; null numbers them.</summary>
    public string? IdColumn { get; init; }

    /// <summary>Stated delimiter; null is detected.</summary>
    public byte? Delimiter { get; init; }

    /// <summary>Stated encoding; null is detected (UTF-8, UTF-16, Windows-1252).</summary>
    public System.Text.Encoding? Encoding { get; init; }

    /// <summary>Says of a column, from its header and first rows, whether its values are needed; null keeps every column.</summary>
    public Func<LinkageTable, bool[]>? Wanted { get; init; }
}

/// <summary>A row that is not linked, and why. Its text stays in the file, at this line.</summary>
public sealed record KeptAside(int Line, string Code, LocalText Reason);

/// <summary>A file of persons as read: nothing is lost, for <c>RowsRead = Table.Rows + AsideCount</c>.</summary>
public sealed record RegisterFile(
    LinkageTable Table,
    int RowsRead,
    int AsideCount,
    IReadOnlyList<KeptAside> Aside,
    string Encoding,
    string Delimiter,
    IReadOnlyList<string> EmptyColumns,
    IReadOnlyList<Error> Warnings);
