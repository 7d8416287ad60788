using Waymark.Evidence.Catalogue;
using Waymark.Evidence.Profiles;
using Waymark.Model;

namespace Waymark.Evidence.Reading;

/// <summary>What a text of a publisher is as a code: the code (with "?" in front when nobody knows it), and a footnote sign that was glued to it.</summary>
internal readonly record struct ResolvedCode(string? Code, string? Mark, bool Mapped, bool DependsOnTime);

/// <summary>Section 6 of the format: strip, mark, none, map, the concept's own codes, alias schemes; else unmapped.</summary>
internal sealed class CodeResolver(DimensionDefinition dimension, DimensionRule rule, AreaRegistry areas)
{
    /// <summary>The scheme of the codes of the areas pack itself.</summary>
    private const string Own = "code";

    public string Scheme => rule.Schemes.Count > 0 ? string.Join(',', rule.Schemes) : dimension.Concept.Id;

    public string? Blank => rule.Blank;

    /// <param name="text">As published.</param>
    /// <param name="stated">True for texts that the profile itself states: the pack's own codes are understood at once.</param>
    /// <param name="at">For names that meant different areas at different times.</param>
    public ResolvedCode Resolve(string text, bool stated, Period? at = null)
    {
        string? mark = null;
        foreach (var strip in rule.Strip)
        {
            text = strip.Replace(text, "");
        }

        if (rule.Mark is { } glued && glued.Match(text.TrimEnd()) is { Success: true } found && found.Index > 0)
        {
            mark = found.Groups["mark"] is { Success: true } sign ? sign.Value.Trim() : found.Value.Trim();
            text = text.TrimEnd().Remove(found.Index, found.Length);
        }

        text = LabelText.Tidy(text);
        if (text.Length == 0)
        {
            return new(rule.Blank, mark, true, false);
        }

        if (rule.None is { } none && none.Has(LabelText.Normalise(text)))
        {
            return new(dimension.Total, mark, true, false);
        }

        if (rule.Map.Find(text, static _ => null) is { } mapped)
        {
            return new(Canonical(mapped), mark, true, false);
        }

        if (text == dimension.Total || dimension.Concept.CodeOf(text) is not null)
        {
            return new(dimension.Concept.CodeOf(text) ?? text, mark, true, false);
        }

        return dimension.Concept.IsAreas ? Area(text, stated, at, mark)
            : rule.Map.IsEmpty && (dimension.Concept.IsOpen || dimension.Concept.Codes.Count == 0) ? new(text, mark, true, false)
            : dimension.Concept.IsOpen ? new(text, mark, true, false)
            : new(stated ? text : "?" + text, mark, stated, false);
    }

    private string Canonical(string code) => dimension.Concept.CodeOf(code) ?? code;

    private ResolvedCode Area(string text, bool stated, Period? at, string? mark)
    {
        if ((stated || rule.Schemes.Contains(Own)) && areas.Get(text) is { } known)
        {
            return new(known.Kind == AreaKind.World ? dimension.Total : known.Code, mark, true, false);
        }

        foreach (var scheme in rule.Schemes)
        {
            var match = areas.Resolve(scheme, text, at);
            switch (match.Kind)
            {
                case AreaMatchKind.Mapped:
                    var code = areas.Get(match.Code!) is { Kind: AreaKind.World } ? dimension.Total : match.Code;
                    return new(code, mark, true, false);
                case AreaMatchKind.Ambiguous:
                    return new("?" + text, mark, false, at is null);
                case AreaMatchKind.NotAnArea:
                    return new("?" + text, mark, false, false);
                default:
                    continue;
            }
        }

        return new("?" + text, mark, false, false);
    }
}
