using System.Text;

namespace Waymark.Packs;

/// <summary>Names of enumeration members as packs write them: kebab case, exact ("country-of-birth"); numbers are never accepted.</summary>
public static class Words
{
    public static string Of<T>(T value) where T : struct, Enum => Cache<T>.ByValue.GetValueOrDefault(value, "");

    public static bool TryParse<T>(string word, out T value) where T : struct, Enum => Cache<T>.ByWord.TryGetValue(word, out value);

    public static IReadOnlyCollection<string> All<T>() where T : struct, Enum => Cache<T>.ByWord.Keys;

    private static string Kebab(string name)
    {
        var word = new StringBuilder();
        for (var i = 0; i < name.Length; i++)
        {
            if (i > 0 && char.IsUpper(name[i]))
            {
                word.Append('-');
            }

            word.Append(char.ToLowerInvariant(name[i]));
        }

        return word.ToString();
    }

    private static class Cache<T> where T : struct, Enum
    {
        public static readonly Dictionary<string, T> ByWord =
            Enum.GetValues<T>().ToDictionary(value => Kebab(value.ToString()), StringComparer.Ordinal);

        public static readonly Dictionary<T, string> ByValue = ByWord.ToDictionary(pair => pair.Value, pair => pair.Key);
    }
}
