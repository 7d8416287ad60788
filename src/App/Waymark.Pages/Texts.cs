using System.Globalization;

namespace Waymark.Pages;

/// <summary>
/// The interface texts of one request in one language. A missing text shows its id in angle brackets, so that a gap is seen in
/// review and never hides as an empty label; <c>waymark packs check</c> and a test refuse gaps before that.
/// </summary>
public interface ITexts
{
    /// <summary>BCP 47 tag for the <c>lang</c> attribute: "en", "zh-Hans".</summary>
    string Tag { get; }

    /// <summary>The language as the packs name it: "en", "zh".</summary>
    string Language { get; }

    /// <summary>"ltr" or "rtl".</summary>
    string Direction { get; }

    CultureInfo Culture { get; }

    /// <summary>Languages that can be chosen, each with its name in its own script.</summary>
    IReadOnlyList<(string Language, string Tag, string OwnName)> Choices { get; }

    string this[string id] { get; }

    /// <summary>A text with named slots and plural forms: <c>Format("data.rows", ("count", 5))</c>.</summary>
    string Format(string id, params (string Slot, object? Value)[] slots);

    /// <summary>A text in a language that need not be the page's: figures carry both.</summary>
    string In(string language, string id);

    string Format(string language, string id, params (string Slot, object? Value)[] slots);
}
