using Waymark.Model;

namespace Waymark.Rules;

/// <summary>
/// The facts of one request, one slot per fact of the vocabulary; a slot never set is unknown. Not safe for several threads at once;
/// may be cleared and used again, so that deciding allocates nothing.
/// </summary>
public sealed class RequestFacts
{
    internal readonly long[] Numbers;
    internal readonly string?[] Texts;
    internal readonly bool[] Known;

    public RequestFacts(Vocabulary vocabulary)
    {
        Vocabulary = vocabulary;
        Numbers = new long[vocabulary.Facts.Count];
        Texts = new string?[vocabulary.Facts.Count];
        Known = new bool[vocabulary.Facts.Count];
    }

    private RequestFacts(RequestFacts other)
    {
        Vocabulary = other.Vocabulary;
        (Numbers, Texts, Known) = (other.Numbers.AsSpan().ToArray(), other.Texts.AsSpan().ToArray(), other.Known.AsSpan().ToArray());
    }

    public Vocabulary Vocabulary { get; }

    /// <summary>The value of a fact, or null when it is unknown.</summary>
    public Value? this[Fact fact] => Known[fact.Index] ? new Value(Numbers[fact.Index], Texts[fact.Index]) : null;

    /// <summary>The facts that are known, in the order of the vocabulary.</summary>
    public IEnumerable<(Fact Fact, Value Value)> All => Vocabulary.Facts.Where(fact => Known[fact.Index]).Select(fact => (fact, this[fact]!.Value));

    /// <summary>Sets a fact to a value made for it; a date is taken as its day.</summary>
    public void Set(Fact fact, Value value)
    {
        Numbers[fact.Index] = fact.Type == FactType.Date ? value.Number - (((value.Number % Value.Day) + Value.Day) % Value.Day) : value.Number;
        Texts[fact.Index] = value.Text;
        Known[fact.Index] = true;
    }

    /// <summary>
    /// Sets a fact by name, to values as packs write them; several only for a set. Answers what is wrong, and then the fact stays unknown:
    /// <c>rules.unknown-fact</c>, <c>rules.value</c>.
    /// </summary>
    public Error? Set(string fact, params ReadOnlySpan<string> values)
    {
        if (Vocabulary.Find(fact) is not { } found)
        {
            var error = Error.Invalid("rules.unknown-fact", $"There is no fact \"{fact}\" in the vocabulary.", $"词汇表中没有事实“{fact}”。", fact);
            return NearWord.For(fact, Vocabulary.Facts.Select(known => known.Id)) is { } near ? error.WithHint($"Did you mean \"{near}\"?", $"是否指“{near}”？") : error;
        }

        if (found.Type != FactType.Codes && values.Length != 1)
        {
            return Error.Invalid("rules.value", $"\"{fact}\" takes one value.", $"“{fact}”只取一个值。", fact);
        }

        var bits = 0L;
        Value? single = null;
        foreach (var text in values)
        {
            if (ValueReader.Read(found, text) is not { } value)
            {
                var error = Error.Invalid("rules.value", $"\"{text}\" is not a value of \"{fact}\".", $"“{text}”不是“{fact}”的取值。", fact);
                if (found.Codes is null)
                {
                    return error;
                }

                var codes = found.Codes.Codes.Select(code => code.Id).ToList();
                return NearWord.For(text, codes) is { } near
                    ? error.WithHint($"Did you mean \"{near}\"?", $"是否指“{near}”？")
                    : error.WithHint($"Values: {string.Join(", ", codes)}.", $"可取值：{string.Join("、", codes)}。");
            }

            bits |= value.Number;
            single = value;
        }

        Set(found, found.Type == FactType.Codes ? new Value(bits) : single!.Value);
        return null;
    }

    /// <summary>Makes a fact unknown again.</summary>
    public void Remove(Fact fact)
    {
        Known[fact.Index] = false;
        Texts[fact.Index] = null;
        Numbers[fact.Index] = 0;
    }

    /// <summary>Makes all facts unknown.</summary>
    public void Clear()
    {
        Array.Clear(Known);
        Array.Clear(Texts);
        Array.Clear(Numbers);
    }

    public RequestFacts Copy() => new(this);
}
