using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Waymark.Linkage;
using Waymark.Model;

namespace Waymark.Matching;

/// <summary>Writes why links have their weight: JSON lines with both languages, text in one, or waterfalls as SVG, by the ending of the file.</summary>
public static class ExplanationWriter
{
    private const int Most = 10_000;
    private const int MostDrawn = 20;

    /// <summary>Pairs explained at once: what is held of them is little, and an index prepares its records once.</summary>
    private const int Together = 256;
    private static readonly JsonWriterOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Explains the links, those nearest the threshold first, and returns how many.</summary>
    public static Result<int> Write(Stream stream, string file, LinkRun run, int? most, string language) => Write(
        stream, file, run.Outcome.Pairs, run.Outcome.Threshold, record => Encoding.UTF8.GetString(run.Files.IdOf(record)), pairs => [.. pairs.Select(run.Outcome.Explain)], most, language);

    /// <summary>The same for links of records from <paramref name="first"/> on in an index, with what was there before and with each other.</summary>
    public static Result<int> Write(Stream stream, string file, LinkageIndex index, IndexOutcome outcome, int first, int? most, string language, CancellationToken cancel)
    {
        Error? unfit = null;
        var written = Write(stream, file, outcome.Pairs.Where(pair => pair.Right >= first), outcome.Threshold, index.Id, pairs =>
        {
            var why = index.Explain(pairs, cancel);
            unfit = why.Error;
            return why.IsOk ? why.Value : [];
        }, most, language);
        return unfit is { } error ? error : written;
    }

    /// <summary>What is wrong with the wish for explanations: asked before a run, whose time would be lost.</summary>
    public static Error? Check(string file, int? most) =>
        Path.GetExtension(file).ToLowerInvariant() is not (".jsonl" or ".txt" or ".svg")
            ? Error.Invalid("link.explain-ending", "Explanations go to a file that ends in .jsonl, .txt or .svg.", "解释文件应以 .jsonl、.txt 或 .svg 结尾。", file)
        : most is < 1 ? Error.Invalid("link.explain-most", "At least one link is explained.", "至少解释一个链接。") : null;

    private static Result<int> Write(
        Stream stream, string file, IEnumerable<LinkedPair> pairs, double threshold, Func<int, string> id, Func<IReadOnlyList<LinkedPair>, IReadOnlyList<PairExplanation>> explain, int? most, string language)
    {
        if (Check(file, most) is { } wrong)
        {
            return wrong;
        }

        var ending = Path.GetExtension(file).ToLowerInvariant();
        var chosen = pairs.Where(p => p.Probability >= threshold).OrderBy(p => p.Weight).ThenBy(p => p.Left).ThenBy(p => p.Right)
            .Take(most ?? (ending == ".svg" ? MostDrawn : Most)).ToList();
        if (ending == ".svg")
        {
            stream.Write(Encoding.UTF8.GetBytes(Waterfall.Svg([.. chosen.Zip(explain(chosen), (p, why) => (Title(p), why))], language)));
            return chosen.Count;
        }

        foreach (var (pair, why) in chosen.Chunk(Together).SelectMany(some => some.Zip(explain(some))))
        {
            if (ending == ".jsonl")
            {
                Json(stream, (id(pair.Left), id(pair.Right)), pair, why);
            }
            else
            {
                stream.Write(Encoding.UTF8.GetBytes(Title(pair) + "\n" + Waterfall.Words(why, language) + "\n"));
            }
        }

        return chosen.Count;

        string Title(LinkedPair pair) => id(pair.Left) + " – " + id(pair.Right);
    }

    private static void Json(Stream stream, (string Left, string Right) ids, LinkedPair pair, PairExplanation why)
    {
        using (var json = new Utf8JsonWriter(stream, s_json))
        {
            json.WriteStartObject();
            json.WriteString("left_id", ids.Left);
            json.WriteString("right_id", ids.Right);
            json.WriteNumber("probability", Math.Round(pair.Probability, 6));
            json.WriteNumber("weight", Math.Round(why.Weight, 3));
            json.WriteNumber("start", Math.Round(why.StartBits, 3));
            json.WriteStartArray("steps");
            foreach (var step in why.Steps)
            {
                json.WriteStartObject();
                json.WriteString("field", step.Field);
                json.WriteString("en", step.Finding.In("en"));
                json.WriteString("zh", step.Finding.In("zh"));
                json.WriteNumber("bits", Math.Round(step.Bits, 3));
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        stream.Write("\n"u8);
    }
}
