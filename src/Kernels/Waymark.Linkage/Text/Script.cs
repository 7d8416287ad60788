namespace Waymark.Linkage;

/// <summary>Writing systems that names are compared in. Han, Hangul and kana are separate because their romanisations are.</summary>
public enum Script : byte
{
    None,
    Latin,
    Arabic,
    Cyrillic,
    Greek,
    Hebrew,
    Armenian,
    Georgian,
    Thai,
    Khmer,
    Myanmar,
    Han,
    Kana,
    Hangul,
    Other,
}

internal static class Scripts
{
    /// <summary>The script of a character, by Unicode block; None for digits, marks shared by scripts and punctuation.</summary>
    public static Script Of(char c) => c switch
    {
        < (char)0x41 => Script.None,
        < (char)0x250 => char.IsLetter(c) ? Script.Latin : Script.None,
        < (char)0x2B0 => Script.Latin,
        < (char)0x370 => Script.None,
        < (char)0x400 => Script.Greek,
        < (char)0x530 => Script.Cyrillic,
        < (char)0x590 => Script.Armenian,
        < (char)0x600 => Script.Hebrew,
        < (char)0x780 => Script.Arabic,
        >= (char)0xE00 and < (char)0xE80 => Script.Thai,
        >= (char)0x1000 and < (char)0x10A0 => Script.Myanmar,
        >= (char)0x10A0 and < (char)0x1100 => Script.Georgian,
        >= (char)0x1100 and < (char)0x1200 => Script.Hangul,
        >= (char)0x1780 and < (char)0x1800 => Script.Khmer,
        >= (char)0x1E00 and < (char)0x1F00 => Script.Latin,
        >= (char)0x1F00 and < (char)0x2000 => Script.Greek,
        >= (char)0x2E80 and < (char)0x3040 => Script.Han,
        >= (char)0x3040 and < (char)0x3100 => Script.Kana,
        >= (char)0x3400 and < (char)0xA000 => Script.Han,
        >= (char)0xAA60 and < (char)0xAA80 => Script.Myanmar,
        >= (char)0xAC00 and < (char)0xD7B0 => Script.Hangul,
        >= (char)0xD800 and < (char)0xE000 => Script.Han,
        >= (char)0xF900 and < (char)0xFB00 => Script.Han,
        >= (char)0xFB50 and < (char)0xFF00 => Script.Arabic,
        _ => char.IsLetter(c) ? Script.Other : Script.None,
    };

    /// <summary>Scripts whose marks are vowels or finals and must stay.</summary>
    public static bool MarksAreLetters(Script script) =>
        script is Script.Thai or Script.Khmer or Script.Myanmar or Script.Kana or Script.Cyrillic or Script.Other;
}
