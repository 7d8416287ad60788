using Waymark.Model;

namespace Waymark.App.Sdmx;

/// <summary>
/// The query string by the rules of SDMX-REST, where <c>+</c> is an operator and not a blank. Every parameter may stand once;
/// one that nobody knows is an error, so that a typing mistake never widens an answer.
/// </summary>
public sealed class RawQuery
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _components = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, string> Components => _components;

    public string? this[string name] => _values.GetValueOrDefault(name);

    public static Result<RawQuery> Parse(string queryString, IReadOnlySet<string> known)
    {
        var query = new RawQuery();
        foreach (var part in queryString.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            var name = Uri.UnescapeDataString(equals < 0 ? part : part[..equals]);
            var value = equals < 0 ? "" : Uri.UnescapeDataString(part[(equals + 1)..]);
            var isComponent = name.StartsWith("c[", StringComparison.Ordinal) && name.EndsWith(']');
            if (!isComponent && !known.Contains(name))
            {
                var error = Error.Invalid("sdmx.unknown-parameter", $"There is no parameter \"{name}\".", $"没有参数“{name}”。", name);
                return CommandLine.NearWord.For(name, known) is { } near ? error.WithHint($"Did you mean \"{near}\"?", $"是否指“{near}”？") : error;
            }

            var added = isComponent ? query._components.TryAdd(name[2..^1], value) : query._values.TryAdd(name, value);
            if (!added)
            {
                return Error.Invalid("sdmx.repeated-parameter", $"\"{name}\" stands here more than once.", $"“{name}”出现多次。", name);
            }
        }

        return query;
    }
}
