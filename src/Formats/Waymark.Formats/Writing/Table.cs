using System.Globalization;
using System.Text;
using Waymark.Model;

namespace Waymark.Formats;

/// <summary>What a column is to the data: SDMX's three component roles.</summary>
public enum ColumnRole : byte { Dimension, Measure, Attribute }

public enum ColumnType : byte { Text, Number, WholeNumber, Boolean, Date, Period }

/// <summary>
/// One column of a <see cref="Table"/>. <paramref name="Labels"/> gives the name of a coded value; null when values
/// have no names. A column of type Period with role Dimension is the time dimension.
/// </summary>
public sealed record Column(string Id, LocalText Name, ColumnType Type, ColumnRole Role,
    Func<string, LocalText?>? Labels = null)
{
    public bool IsTime => Type == ColumnType.Period && Role == ColumnRole.Dimension;
}

/// <summary>
/// Who published the data, under which terms and when this answer was prepared; it travels inside every format that can
/// carry it. <paramref name="Filters"/> says in words what was selected.
/// </summary>
public sealed record DatasetInfo(string Id, string Agency, string Version, LocalText Name, DateTimeOffset Prepared,
    string Source = "", string Licence = "", string Citation = "", IReadOnlyList<string>? Filters = null)
{
    /// <summary>AGENCY:ID(VERSION), the form of SDMX; without a version the brackets fall away.</summary>
    public string Structure => Version.Length == 0 ? $"{Agency}:{Id}" : $"{Agency}:{Id}({Version})";

    /// <summary>Lines for people: source, licence, citation, selection, in the given language.</summary>
    public IEnumerable<(string Label, string Text)> About(string language)
    {
        var zh = language.StartsWith("zh", StringComparison.Ordinal);
        yield return (zh ? "数据集" : "Dataset", Name.In(language));
        yield return (zh ? "标识" : "Identifier", Structure);
        yield return (zh ? "来源" : "Source", Source);
        yield return (zh ? "许可" : "Licence", Licence);
        yield return (zh ? "引用" : "Citation", Citation);
        yield return (zh ? "生成时间" : "Prepared", Prepared.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ssZ",
            CultureInfo.InvariantCulture));
        foreach (var filter in Filters ?? [])
        {
            yield return (zh ? "筛选" : "Filter", filter);
        }
    }
}

/// <summary>
/// Rows to be written, read once and forward. Each row has one <see cref="Value"/> per column, in order; writers never
/// hold more than one row, except those whose format puts the structure after the data (JSON-stat, SDMX-JSON).
/// </summary>
public sealed record Table(DatasetInfo Dataset, IReadOnlyList<Column> Columns, IEnumerable<ReadOnlyMemory<Value>> Rows);

/// <summary>
/// One value of a row: nothing, a text or code, a number as written or computed, a truth value, a date.
/// </summary>
public readonly record struct Value
{
    private readonly string? _text;
    private readonly decimal _number;

    private Value(ValueKind kind, string? text, decimal number) => (Kind, _text, _number) = (kind, text, number);

    public ValueKind Kind { get; }

    public static Value None => default;

    public static Value Of(string? text) => text is null ? default : new(ValueKind.Text, text, 0);

    public static Value Of(decimal number) => new(ValueKind.Number, null, number);

    public static Value Of(long number) => new(ValueKind.Number, null, number);

    /// <summary>A double in its shortest form that reads back equal; a number that is not finite is nothing.</summary>
    public static Value Of(double number) => double.IsFinite(number)
        ? new(ValueKind.NumberText, number.ToString("R", CultureInfo.InvariantCulture), 0)
        : default;

    /// <summary>
    /// A number kept exactly as its source writes it ("3.5998120638581024"); text that is no number stays text.
    /// </summary>
    public static Value Verbatim(string number) =>
        CellStore.IsPlainNumber(Encoding.UTF8.GetBytes(number)) ? new(ValueKind.NumberText, number, 0) : Of(number);

    public static Value Of(bool truth) => new(ValueKind.Boolean, null, truth ? 1 : 0);

    public static Value Of(DateOnly date) => new(ValueKind.Date, null, date.DayNumber);

    public bool IsNone => Kind == ValueKind.None;

    public bool IsNumber => Kind is ValueKind.Number or ValueKind.NumberText;

    public bool Truth => _number != 0;

    public DateOnly Date => DateOnly.FromDayNumber((int)_number);

    /// <summary>Text, number with a decimal point, true/false, or ISO date; empty for nothing.</summary>
    public override string ToString() => Kind switch
    {
        ValueKind.Text or ValueKind.NumberText => _text!,
        ValueKind.Number => _number.ToString(CultureInfo.InvariantCulture),
        ValueKind.Boolean => Truth ? "true" : "false",
        ValueKind.Date => Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        _ => "",
    };
}

public enum ValueKind : byte { None, Text, Number, NumberText, Boolean, Date }
