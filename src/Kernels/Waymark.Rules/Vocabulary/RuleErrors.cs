using Waymark.Model;
using Waymark.Model.Rules;

namespace Waymark.Rules;

/// <summary>Collects what is wrong with packs, each with its place; keeps at most <see cref="Limit"/>.</summary>
internal sealed class RuleErrors
{
    public const int Limit = 500;

    private readonly List<Error> _errors = [];

    public IReadOnlyList<Error> All => _errors;

    public int Count => _errors.Count;

    public void Add(SourceText at, int offset, string code, string en, string zh) => Add(Error.Faulty(code, en, zh, at.At(offset)));

    public void Add(SourceText at, string code, string en, string zh) => Add(at, 0, code, en, zh);

    /// <summary>An unknown word, with the nearest known one as a hint.</summary>
    public void Unknown(SourceText at, int offset, string code, string en, string zh, string word, IEnumerable<string> known)
    {
        var error = Error.Faulty(code, en, zh, at.At(offset));
        Add(NearWord.For(word, known) is { } near ? error.WithHint($"Did you mean \"{near}\"?", $"是否指“{near}”？") : error);
    }

    private void Add(Error error)
    {
        if (_errors.Count < Limit)
        {
            _errors.Add(error);
        }
    }
}

/// <summary>The known word nearest to a mistyped one; it only ever advises.</summary>
internal static class NearWord
{
    public static string? For(string word, IEnumerable<string> known)
    {
        if (word.Length is 0 or > 64)
        {
            return null;
        }

        string? best = null;
        var least = word.Length < 5 ? 2 : 3;
        foreach (var candidate in known)
        {
            if (Math.Abs(candidate.Length - word.Length) < least && Distance(word, candidate) is var distance && distance < least)
            {
                (best, least) = (candidate, distance);
            }
        }

        return best;
    }

    private static int Distance(string left, string right)
    {
        var rows = new int[left.Length + 1, right.Length + 1];
        for (var i = 0; i <= left.Length; i++)
        {
            for (var j = 0; j <= right.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    rows[i, j] = i + j;
                    continue;
                }

                var same = char.ToLowerInvariant(left[i - 1]) == char.ToLowerInvariant(right[j - 1]);
                rows[i, j] = Math.Min(Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1, rows[i - 1, j - 1] + (same ? 0 : 1));
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                {
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
                }
            }
        }

        return rows[left.Length, right.Length];
    }
}
