using System.Globalization;
using Waymark.Model;

namespace Waymark.Packs.Content;

/// <summary>One number from a series: filter and period as in a query; the period <c>latest</c> is the last there is.</summary>
public sealed record IndicatorTerm(string Series, string Where, string Period, string Measure);

/// <summary>An indicator; <paramref name="Expected"/> is the known answer of a worked example, rounded half up to <paramref name="Decimals"/>.</summary>
public sealed record IndicatorDefinition(
    string Id, LocalText Name, LocalText? Help, string Unit, IReadOnlyDictionary<string, IndicatorTerm> Terms, Formula Formula, int Decimals,
    decimal? Expected, string? Oracle)
{
    /// <summary>The value rounded half up, or the error that says which number is missing.</summary>
    public Result<decimal> Evaluate(Func<IndicatorTerm, decimal?> values) =>
        Formula.Evaluate(name => values(Terms[name])).Select(value => Math.Round(value, Decimals, MidpointRounding.AwayFromZero));
}

public sealed record SentenceSlot(Formula Formula, int Decimals);

/// <summary>A sentence whose numbers come from data and which is said only while <c>Left Comparison Right</c> holds.</summary>
public sealed record TrendSentence(
    string Id, string Feature, IReadOnlyDictionary<string, IndicatorTerm> Terms, IReadOnlyDictionary<string, SentenceSlot> Slots,
    Formula Left, string Comparison, Formula Right, LocalText Text)
{
    /// <summary>The sentence in every language, or an error: a number is missing, or <c>sentence.no-longer-holds</c>.</summary>
    public Result<LocalText> Say(Func<IndicatorTerm, decimal?> values)
    {
        decimal? Value(string name) => values(Terms[name]);
        var (left, right) = (Left.Evaluate(Value), Right.Evaluate(Value));
        if (!left.IsOk || !right.IsOk)
        {
            return left.Error ?? right.Error!;
        }

        var holds = Comparison switch
        {
            "<" => left.Value < right.Value,
            ">" => left.Value > right.Value,
            "<=" => left.Value <= right.Value,
            _ => left.Value >= right.Value,
        };
        if (!holds)
        {
            return Error.Faulty("sentence.no-longer-holds", $"The sentence \"{Id}\" does not hold on these data: {Left} {Comparison} {Right}.",
                $"语句“{Id}”在现有数据上不成立：{Left} {Comparison} {Right}。");
        }

        var texts = Text.ToDictionary(text => text.Key, text => text.Value, StringComparer.Ordinal);
        foreach (var (name, slot) in Slots)
        {
            var value = slot.Formula.Evaluate(Value);
            if (!value.IsOk)
            {
                return value.Error;
            }

            var shown = Math.Round(value.Value, slot.Decimals, MidpointRounding.AwayFromZero).ToString("N" + slot.Decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
            foreach (var language in texts.Keys)
            {
                texts[language] = texts[language].Replace("{" + name + "}", shown, StringComparison.Ordinal);
            }
        }

        return new LocalText(texts);
    }
}

public sealed record IndicatorSet(PackKey Pack, IReadOnlyList<IndicatorDefinition> Indicators, IReadOnlyList<TrendSentence> Sentences);

/// <summary>Reads packs of kind <c>indicators</c>; checks that formulas ask for terms that exist, and units and slots likewise.</summary>
public static class IndicatorPack
{
    public const string Kind = "indicators";

    public static IndicatorSet Read(Pack pack, IReadOnlyDictionary<string, Unit> units, PackErrors errors)
    {
        var cursor = pack.Cursor(errors);
        return new(pack.Key, [.. cursor.List("indicators").Select(node => Indicator(node, units)).OfType<IndicatorDefinition>()],
            [.. cursor.List("sentences").Select(Sentence).OfType<TrendSentence>()]);
    }

    private static IndicatorDefinition? Indicator(PackCursor node, IReadOnlyDictionary<string, Unit> units)
    {
        var terms = Terms(node);
        var unit = node.Text("unit");
        if (!units.ContainsKey(unit))
        {
            node.UnknownWord(node.Find("unit") ?? node.Node, "unit", unit, units.Keys);
        }

        return Parse(node, "formula", node.Text("formula"), terms) is { } formula
            ? new(node.Text("id"), node.Texts("name"), node.OptionalTexts("help"), unit, terms, formula, node.Whole("decimals", 0, 6),
                decimal.TryParse(node.OptionalText("expected"), NumberStyles.Number, CultureInfo.InvariantCulture, out var expected) ? expected : null, node.OptionalText("oracle"))
            : null;
    }

    private static TrendSentence? Sentence(PackCursor node)
    {
        var terms = Terms(node);
        var slots = new Dictionary<string, SentenceSlot>(StringComparer.Ordinal);
        foreach (var (name, _, slot) in node.Entries("slots"))
        {
            if (Parse(slot, "formula", slot.Text("formula"), terms) is { } formula)
            {
                slots[name] = new(formula, slot.Whole("decimals", 0, 6));
            }
        }

        var text = node.Texts("text");
        foreach (var (language, words) in text)
        {
            foreach (var unknown in TextSlots.In(words).Except(slots.Keys, StringComparer.Ordinal))
            {
                node.Fault("text", "pack.unknown-slot", $"The text in \"{language}\" names {{{unknown}}}, which is no slot.", $"“{language}”文字中的 {{{unknown}}} 不是槽位。");
            }
        }

        var holds = node.Text("holds");
        var at = holds.AsSpan().IndexOfAny('<', '>');
        if (at < 0)
        {
            return null;
        }

        var width = at + 1 < holds.Length && holds[at + 1] == '=' ? 2 : 1;
        var (left, right) = (Parse(node, "holds", holds[..at].Trim(), terms), Parse(node, "holds", holds[(at + width)..].Trim(), terms));
        return left is null || right is null ? null
            : new(node.Text("id"), node.Text("feature"), terms, slots, left, holds.Substring(at, width), right, text);
    }

    private static Dictionary<string, IndicatorTerm> Terms(PackCursor node) => node.Entries("terms").ToDictionary(entry => entry.Key,
        entry => new IndicatorTerm(entry.Value.Text("series"), entry.Value.Text("where"), entry.Value.Text("period"), entry.Value.OptionalText("measure") ?? "value"), StringComparer.Ordinal);

    private static Formula? Parse(PackCursor node, string key, string text, Dictionary<string, IndicatorTerm> terms)
    {
        var at = node.Node.Find(key)?.Value.At ?? node.At;
        var parsed = Formula.Parse(text, $"{node.File}:{at}");
        if (!parsed.TryGet(out var formula))
        {
            node.Errors.Add(parsed.Error!);
            return null;
        }

        foreach (var unknown in formula.Names.Where(name => !terms.ContainsKey(name)))
        {
            node.UnknownWord(node.Find(key) ?? node.Node, key, unknown, terms.Keys);
            return null;
        }

        return formula;
    }
}
