using Waymark.Model;

namespace Waymark.Formats;

public enum SheetVisibility : byte { Visible, Hidden, VeryHidden }

/// <summary>
/// A sheet of a <see cref="TabularFile"/>. Each call reads the bytes anew, so sheets cost nothing until they are
/// read.
/// </summary>
public sealed class Sheet
{
    private readonly Func<CancellationToken, RowSource> _open;
    private readonly Func<CellStore> _store;
    private readonly TextSource? _text;
    private readonly string _place;

    internal Sheet(string name, int index, SheetVisibility visibility, string place, Func<CellStore> store,
        Func<CancellationToken, RowSource> open, TextSource? text = null) =>
        (Name, Index, Visibility, _place, _store, _open, _text) = (name, index, visibility, place, store, open, text);

    /// <summary>The name on the tab; empty for text and JSON.</summary>
    public string Name { get; }

    /// <summary>Position from 0.</summary>
    public int Index { get; }

    public SheetVisibility Visibility { get; }

    /// <summary>Delimiter, encoding and cursor where the sheet is a text: the only one of its file, or a member of an archive.</summary>
    public TextSource? Text => _text;

    /// <summary>
    /// All cells at once. Fails when the sheet is damaged or exceeds a limit; smaller faults are in
    /// <see cref="Grid.Faults"/>.
    /// </summary>
    public Result<Grid> Read(CancellationToken cancellation = default) => Boundary.Run(_place, () =>
    {
        var store = _store();
        using var source = _open(cancellation);
        while (source.Next(store))
        {
            cancellation.ThrowIfCancellationRequested();
        }

        return new Grid(store, source.Extras, _text);
    });

    /// <summary>Row by row, holding one row at a time.</summary>
    public Result<RowReader> OpenReader(CancellationToken cancellation = default) =>
        Boundary.Run(_place, () => new RowReader(_store(), _open(cancellation), _place));

    public override string ToString() => Name.Length == 0 ? _place : Name;
}

/// <summary>Forward reading of a sheet; <see cref="Row"/> is valid until the next <see cref="Read"/>.</summary>
public sealed class RowReader : IDisposable
{
    private readonly CellStore _cells;
    private readonly RowSource _source;
    private readonly string _place;
    private int _record;

    internal RowReader(CellStore cells, RowSource source, string place) =>
        (_cells, _source, _place) = (cells, source, place);

    /// <summary>Why reading ended early; null at the true end.</summary>
    public Error? Error { get; private set; }

    public IReadOnlyList<Error> Faults => _source.Extras.Faults;

    /// <summary>Complete only after the last row.</summary>
    public IReadOnlyList<MergedRange> Merges => _source.Extras.Merges;

    public GridRow Row { get; private set; }

    public bool Read()
    {
        if (Error is not null)
        {
            return false;
        }

        _cells.Clear();
        var next = Boundary.Run(_place, () => _source.Next(_cells));
        Error = next.Error;
        if (!next.TryGet(out var more) || !more)
        {
            return false;
        }

        Row = new(_cells, 0, ++_record);
        return true;
    }

    public void Dispose() => _source.Dispose();
}

/// <summary>
/// Parses one sheet row by row into a store; throws <see cref="UnreadableException"/> where it cannot go on.
/// </summary>
internal abstract class RowSource(ReadLimits limits) : IDisposable
{
    public SheetExtras Extras { get; } = new(limits);

    protected ReadLimits Limits { get; } = limits;

    /// <summary>Appends the next row to the store; false at the end.</summary>
    public abstract bool Next(CellStore store);

    public virtual void Dispose() => GC.SuppressFinalize(this);
}

/// <summary>
/// Turns what parsers and libraries throw on bad input into an <see cref="Error"/>; bugs of ours go through.
/// </summary>
internal static class Boundary
{
    public static Result<T> Run<T>(string place, Func<T> body)
    {
        try
        {
            return body();
        }
        catch (UnreadableException exception)
        {
            var error = exception.Error;
            return string.IsNullOrEmpty(error.Where) ? error with { Where = place } : error;
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException
            or System.Xml.XmlException
            or System.Text.Json.JsonException or System.Text.DecoderFallbackException)
        {
            return Waymark.Formats.Faults.Damaged(place, exception.GetType().Name, exception.GetType().Name);
        }
    }
}
