using System.Text;

namespace Waymark.Pages.Data;

/// <summary>"SixMonthsAndOneDay" as "six-months-and-one-day": names of the model as ids of texts.</summary>
public static class Kebab
{
    public static string Of(string name)
    {
        var text = new StringBuilder(name.Length + 8);
        foreach (var letter in name)
        {
            if (char.IsUpper(letter) && text.Length > 0)
            {
                text.Append('-');
            }

            text.Append(char.ToLowerInvariant(letter));
        }

        return text.ToString();
    }
}
