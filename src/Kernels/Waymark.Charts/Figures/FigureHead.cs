using Waymark.Model;

namespace Waymark.Charts;

/// <summary>
/// What every figure must say about itself. The caller brings the id and the code: nothing here reads a clock or draws lots.
/// </summary>
public sealed record FigureHead
{
    /// <summary>Stable id for the document, unique on its page: a letter, then letters, digits and hyphens, 40 at most.</summary>
    public required string Id { get; init; }

    /// <summary>Short code printed inside the plot ("WM-F-0042"), by which a cropped picture is found again (M99).</summary>
    public required string Code { get; init; }

    /// <summary>The finding, as a sentence the data prove.</summary>
    public required LocalText Finding { get; init; }

    /// <summary>What is measured, in words ("Refugees by country or area of asylum").</summary>
    public required LocalText Measure { get; init; }

    /// <summary>Unit of every number in the figure; stands on the axis and inside the plot (M101).</summary>
    public required Unit Unit { get; init; }

    public required LocalText Place { get; init; }

    public required LocalText Time { get; init; }

    /// <summary>Publisher first, then data set.</summary>
    public required LocalText Source { get; init; }

    /// <summary>Release or "as of" of the data, as printed ("2026-06").</summary>
    public required string Vintage { get; init; }

    /// <summary>A remark under the figure.</summary>
    public LocalText? Note { get; init; }

    /// <summary>Measure, unit, place, time in one line.</summary>
    public string Subtitle(string language)
    {
        var zh = Words.IsChinese(language);
        string[] parts = [Measure.In(language), Unit.Name.In(language), Place.In(language), Time.In(language)];
        return string.Join(zh ? "，" : ", ", parts.Where(p => p.Length > 0));
    }
}
