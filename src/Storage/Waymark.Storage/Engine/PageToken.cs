using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;

namespace Waymark.Storage.Engine;

/// <summary>
/// Where the next page begins: value of the ordering head and id of the last record, and the list it belongs to.
/// Opaque to callers, not secret, checked when it comes back.
/// </summary>
internal sealed record PageToken(string List, string Value, string Id)
{
    public static string ListOf(RecordQuery query) => BlobId.Of(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(
        new[] { query.Register, query.OrderBy ?? "", query.Descending ? "d" : "a", query.From ?? "\0", query.Below ?? "\0" }
            .Concat(query.Where.SelectMany(w => new[] { w.Name, w.Value }))))).Hex[..16];

    public static bool TryRead(string text, string list, [NotNullWhen(true)] out PageToken? token)
    {
        token = null;
        if (text.Length > 8_192 || !Base64Url.IsValid(text))
        {
            return false;
        }

        try
        {
            token = JsonSerializer.Deserialize<string[]>(Base64Url.DecodeFromChars(text)) is [var of, var value, var id]
                && of == list && value is not null && id is not null && !(value + id).Contains('\0', StringComparison.Ordinal)
                ? new PageToken(list, value, id)
                : null;
        }
        catch (JsonException)
        {
            return false;
        }

        return token is not null;
    }

    public override string ToString() =>
        Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(new[] { List, Value, Id }));
}
