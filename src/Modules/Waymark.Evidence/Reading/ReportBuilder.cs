using System.Globalization;
using System.Runtime.InteropServices;
using Waymark.Evidence.Contracts;
using Waymark.Evidence.Profiles;
using Waymark.Model;

namespace Waymark.Evidence.Reading;

/// <summary>Counts of one column, or of columns that one rule reads.</summary>
internal sealed class ColumnStats(string name, string role)
{
    public const int MostTokens = 500;
    private readonly HashSet<long> _distinct = [];

    public string Name { get; set; } = name;

    public string Role { get; } = role;

    public long Numbers { get; set; }

    public long Texts { get; set; }

    public long Blanks { get; set; }

    public long Distinct { get; set; }

    public Dictionary<string, long> Tokens { get; } = new(StringComparer.Ordinal);

    public void Token(string text, long times = 1)
    {
        if (Tokens.Count < MostTokens || Tokens.ContainsKey(text))
        {
            CollectionsMarshal.GetValueRefOrAddDefault(Tokens, text, out _) += times;
        }
    }

    /// <summary>Distinct figures are counted exactly up to 100,000.</summary>
    public void Figure(long mantissa, byte scale)
    {
        if (_distinct.Count < 100_000)
        {
            _distinct.Add(HashCode.Combine(mantissa, scale) ^ (mantissa << 20));
        }
    }

    public ColumnReport Report() => new(Name, Role, Numbers, Texts, Blanks, Tokens, Distinct + _distinct.Count);
}

/// <summary>The report of one sheet as it grows.</summary>
internal sealed class SheetBuilder(string name)
{
    private readonly Dictionary<(string, int), ColumnStats> _columns = [];

    public string Name { get; } = name;

    public List<string> Tables { get; } = [];

    public int HeaderRow { get; set; }

    public long Rows { get; set; }

    public int Columns { get; set; }

    public long Read { get; set; }

    public long Observations { get; set; }

    public long Aside { get; set; }

    public KindCounts RowClasses { get; } = new();

    public KindCounts Structural { get; } = new();

    public Dictionary<string, long> Flags { get; } = new(StringComparer.Ordinal);

    public ColumnStats Column(string table, int index, string name, string role)
    {
        ref var stats = ref CollectionsMarshal.GetValueRefOrAddDefault(_columns, (table, index), out var known);
        if (!known)
        {
            stats = new(name, role);
        }

        return stats!;
    }

    public void Row(string kind) => RowClasses.Add(kind, 1);

    public void Cells(string kind, long count)
    {
        if (count != 0)
        {
            Structural.Add(kind, count);
            Read += count;
        }
    }

    public SheetReport Report() => new()
    {
        Name = Name,
        Table = string.Join(", ", Tables.Distinct(StringComparer.Ordinal)),
        HeaderRow = HeaderRow,
        Rows = Rows,
        Columns = Columns,
        Cells = new(Read, Observations, Structural.Sum, Aside),
        RowClasses = RowClasses.ToDictionary(),
        Structural = Structural.ToDictionary(),
        ColumnReports = [.. _columns.OrderBy(pair => pair.Key.Item2).Select(pair => pair.Value.Report())],
        Flags = Flags,
    };
}

/// <summary>What the reading of one file found, besides its observations.</summary>
internal sealed class FileReport(string fileName)
{
    public const int MostKept = 1_000;
    private readonly Dictionary<(string Dimension, string Scheme, string Text), (long Count, string First)> _unmapped = [];
    private readonly Dictionary<string, (Error Error, long Count)> _warnings = new(StringComparer.Ordinal);

    public List<SheetBuilder> Sheets { get; } = [];

    public List<KeptAside> KeptAside { get; } = [];

    public List<DuplicateKey> Duplicates { get; } = [];

    public long DuplicateCount { get; set; }

    /// <summary>Its sheets are texts, whose places are lines.</summary>
    public bool IsArchive { get; init; }

    public string Place(string sheet, int row, int column) => sheet.Length == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{fileName}:{row}:{column}")
        : IsArchive ? string.Create(CultureInfo.InvariantCulture, $"{fileName}/{sheet}:{row}:{column}")
        : $"{sheet}!{Formats.CellAddress.Name(row, column)}";

    public void Aside(string where, string code, string en, string zh, string raw)
    {
        if (KeptAside.Count < MostKept)
        {
            KeptAside.Add(new(where, code, new LocalText(en, zh), raw.Length > 4096 ? raw[..4096] : raw));
        }
    }

    public void Unmapped(string dimension, string scheme, string text, string where, long times = 1)
    {
        ref var entry = ref CollectionsMarshal.GetValueRefOrAddDefault(_unmapped, (dimension, scheme, text), out var known);
        entry = known ? (entry.Count + times, entry.First) : (times, where);
    }

    /// <summary>The same warning is kept once, at its first place.</summary>
    public void Warn(string key, Error error, long times = 1)
    {
        ref var entry = ref CollectionsMarshal.GetValueRefOrAddDefault(_warnings, key, out var known);
        entry = known ? (entry.Error, entry.Count + times) : (error, times);
    }

    public IReadOnlyList<UnmappedCode> UnmappedCodes() => [.. _unmapped
        .OrderByDescending(pair => pair.Value.Count).ThenBy(pair => pair.Key.Text, StringComparer.Ordinal).Take(10_000)
        .Select(pair => new UnmappedCode(pair.Key.Dimension, pair.Key.Scheme, pair.Key.Text, pair.Value.Count, pair.Value.First))];

    public IReadOnlyList<Error> Warnings() => [.. _warnings.Values.Take(1_000).Select(pair => pair.Count == 1 ? pair.Error : pair.Error with
    {
        Message = new LocalText(
            string.Create(CultureInfo.InvariantCulture, $"{pair.Error.Message.In("en")} ({pair.Count} times)"),
            string.Create(CultureInfo.InvariantCulture, $"{pair.Error.Message.In("zh")}（{pair.Count} 次）")),
    })];
}

/// <summary>Counts by kind. Several are raised for every row and there are few: looking along a short list beats hashing words.</summary>
internal sealed class KindCounts
{
    private readonly List<(string Kind, long Count)> _counts = [];

    public long Sum => _counts.Sum(pair => pair.Count);

    public void Add(string kind, long count)
    {
        foreach (ref var known in CollectionsMarshal.AsSpan(_counts))
        {
            if (ReferenceEquals(known.Kind, kind) || known.Kind == kind)
            {
                known.Count += count;
                return;
            }
        }

        _counts.Add((kind, count));
    }

    public Dictionary<string, long> ToDictionary() => _counts.ToDictionary(pair => pair.Kind, pair => pair.Count, StringComparer.Ordinal);
}
