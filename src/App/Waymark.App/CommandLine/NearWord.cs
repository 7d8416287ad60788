namespace Waymark.App.CommandLine;

/// <summary>Finds the known word nearest to a mistyped one. It only advises; nothing is replaced.</summary>
public static class NearWord
{
    /// <summary>The nearest known word within two edits (one for short words), or null.</summary>
    public static string? For(string word, IEnumerable<string> known)
    {
        var limit = word.Length < 5 ? 1 : 2;
        return word.Length is 0 or > 64 ? null : known
            .Select(candidate => (Candidate: candidate, Distance: Distance(word, candidate)))
            .Where(pair => pair.Distance <= limit)
            .OrderBy(pair => pair.Distance).ThenBy(pair => pair.Candidate, StringComparer.Ordinal)
            .Select(pair => pair.Candidate).FirstOrDefault();
    }

    private static int Distance(string left, string right)
    {
        var previous = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var current = new int[right.Length + 1];
            current[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var replace = previous[j - 1] + (char.ToLowerInvariant(left[i - 1]) == char.ToLowerInvariant(right[j - 1]) ? 0 : 1);
                current[j] = Math.Min(Math.Min(current[j - 1] + 1, previous[j] + 1), replace);
            }

            previous = current;
        }

        return previous[right.Length];
    }
}
