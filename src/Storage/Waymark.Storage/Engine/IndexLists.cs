using System.Globalization;
using System.Text;
using System.Text.Json;
using Waymark.Model;

namespace Waymark.Storage.Engine;

/// <summary>The last row of the page before: what orders, and the id.</summary>
internal readonly record struct IndexPlace(long Value, string Id);

/// <summary>What both stores do alike with a list of indexed records: its limits, where a page begins, and the token of the next.</summary>
internal sealed class IndexLists
{
    private readonly IndexQuery _query;

    private IndexLists(IndexQuery query, IndexPlace? after)
    {
        _query = query;
        After = after ?? (IsByDue ? new(long.MinValue, "") : new(long.MaxValue, "\U0010FFFF"));
        Units = [.. query.Filter.Units.Distinct(StringComparer.Ordinal)];
        States = query.States is null ? null : [.. query.States.Distinct(StringComparer.Ordinal)];
        DueBelow = query.DueBefore is { } below ? StoreTime.Of(below) : null;
    }

    public bool IsByDue => _query.Order == IndexOrder.Due;

    /// <summary>The page begins beyond this place; before the first row when it is the first page.</summary>
    public IndexPlace After { get; }

    public string[] Units { get; }

    public string[]? States { get; }

    /// <summary>Null: no bound, so that records without a date are in the list.</summary>
    public long? DueBelow { get; }

    /// <summary>Whether the filter lets nothing through, so that nothing need be read.</summary>
    public bool SeesNothing => Units.Length == 0 || _query.Filter.Purposes == 0 || States is { Length: 0 };

    public static Result<IndexLists> Of(IndexQuery query)
    {
        if (RecordRules.Check(query) is { } error)
        {
            return error;
        }

        if (query.After is null)
        {
            return new IndexLists(query, null);
        }

        return PageToken.TryRead(query.After, ListOf(query), out var token)
            && long.TryParse(token.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
                ? new IndexLists(query, new(value, token.Id))
                : StoreErrors.BadPageToken();
    }

    /// <summary>The page out of rows in order, of which there is one more than the limit when there is a next page.</summary>
    public IndexPage Page(IReadOnlyList<IndexedRecord> rows)
    {
        if (rows.Count <= _query.Limit)
        {
            return new(rows, null);
        }

        var last = rows[_query.Limit - 1];
        var value = IsByDue ? RecordTables.DueOf(last.Due) : StoreTime.Of(last.ChangedAt);
        return new([.. rows.Take(_query.Limit)],
            new PageToken(ListOf(_query), value.ToString(CultureInfo.InvariantCulture), last.Id).ToString());
    }

    /// <summary>The filter is not part of it: what may be seen can change between two pages, and is asked anew for each.</summary>
    private static string ListOf(IndexQuery query) => BlobId.Of(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(
        new[]
        {
            "index", query.Partition.ToString(), query.Register, query.Order.ToString(), query.Owner ?? "\0",
            query.DueBefore?.UtcTicks.ToString(CultureInfo.InvariantCulture) ?? "\0", query.States is null ? "\0" : "s",
        }.Concat(query.States ?? [])))).Hex[..16];
}
