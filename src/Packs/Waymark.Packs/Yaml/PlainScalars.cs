using System.Text.RegularExpressions;

namespace Waymark.Packs.Yaml;

/// <summary>
/// What may stand without quotes. YAML readers disagree on words such as <c>no</c> (Norway), <c>012</c> or <c>12:30</c>;
/// whatever two readers could take differently must be quoted here.
/// </summary>
internal static partial class PlainScalars
{
    /// <summary>Null when the plain text is fine, else the code and texts of the refusal.</summary>
    public static (string Code, string En, string Zh)? Refusal(string text, bool isKey) => text switch
    {
        "true" or "false" when !isKey => null,
        "" => ("pack.empty-value", "There is no value here. Leave the key out, or write \"\".", "此处没有值。请删去该键，或写 \"\"。"),
        "~" => ("pack.null", "\"~\" is not a value. Leave the key out.", "“~”不是值。请删去该键。"),
        "<<" => ("pack.merge-key", "Merge keys are not allowed. Write the fields out.", "不允许使用合并键。请写出各字段。"),
        "=" => ("pack.ambiguous-word", "Put \"=\" in quotes.", "请给“=”加引号。"),
        _ when IsNull(text) => ("pack.null", $"\"{text}\" is not a value. Leave the key out, or quote the word.",
            $"“{text}”不是值。请删去该键，或给该词加引号。"),
        _ when IsTruthWord(text) => ("pack.ambiguous-boolean",
            $"\"{text}\" without quotes is a truth value to some readers and a word to others. Write true or false, or quote it.",
            $"未加引号的“{text}”有的程序读作真假值，有的读作文字。请写 true 或 false，或加引号。"),
        _ when Octal().IsMatch(text) => ("pack.ambiguous-number",
            $"\"{text}\" without quotes may be read as an octal number. Quote it, or drop the leading zero.",
            $"未加引号的“{text}”可能被读作八进制数。请加引号，或去掉开头的零。"),
        _ when OtherNumber().IsMatch(text) => ("pack.ambiguous-number",
            $"\"{text}\" without quotes is read differently by different readers. Quote it, or write a plain decimal number.",
            $"未加引号的“{text}”在不同程序中读法不同。请加引号，或写普通十进制数。"),
        _ => null,
    };

    private static bool IsNull(string text) => text.Equals("null", StringComparison.OrdinalIgnoreCase);

    private static bool IsTruthWord(string text) => text.Length <= 5
        && text.ToUpperInvariant() is "YES" or "NO" or "ON" or "OFF" or "Y" or "N" or "TRUE" or "FALSE";

    [GeneratedRegex("^[-+]?0(?:[0-9_]+|[oO][0-7_]+)$", RegexOptions.NonBacktracking)]
    private static partial Regex Octal();

    [GeneratedRegex(@"^(?:[-+]?0[xXbB][0-9A-Fa-f_]+|[-+]?[0-9]+(?:_[0-9]*)+(?:\.[0-9_]*)?|[-+]?[0-9]+(?::[0-5]?[0-9])+(?:\.[0-9]*)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)|\+[0-9.]+)$", RegexOptions.NonBacktracking)]
    private static partial Regex OtherNumber();
}
