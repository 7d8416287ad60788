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
    private static readonly JsonWriterOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Explains the links, those nearest the threshold first, and returns how many.</summary>
    public static Result<int> Write(Stream stream, string file, LinkRun run, int? most, string language)
    {
        var ending = Path.GetExtension(file).ToLowerInvariant();
        if (ending is not (".jsonl" or ".txt" or ".svg"))
        {
            return Error.Invalid("link.explain-ending", "Explanations go to a file that ends in .jsonl, .txt or .svg.", "解释文件应以 .jsonl、.txt 或 .svg 结尾。", file);
        }

        if (most is < 1)
        {
            return Error.Invalid("link.explain-most", "At least one link is explained.", "至少解释一个链接。");
        }

        var threshold = run.Outcome.Threshold;
        var chosen = run.Outcome.Pairs.Where(p => p.Probability >= threshold).OrderBy(p => p.Weight).ThenBy(p => p.Left).ThenBy(p => p.Right)
            .Take(most ?? (ending == ".svg" ? MostDrawn : Most)).ToList();
        if (ending == ".svg")
        {
            var sheets = chosen.ConvertAll(p => (Title(run, p), run.Outcome.Explain(p)));
            stream.Write(Encoding.UTF8.GetBytes(Waterfall.Svg(sheets, language)));
            return chosen.Count;
        }

        foreach (var pair in chosen)
        {
            if (ending == ".jsonl")
            {
                Json(stream, run, pair);
            }
            else
            {
                stream.Write(Encoding.UTF8.GetBytes(Title(run, pair) + "\n" + Waterfall.Words(run.Outcome.Explain(pair), language) + "\n"));
            }
        }

        return chosen.Count;
    }

    private static string Title(LinkRun run, LinkedPair pair) => Encoding.UTF8.GetString(run.Files.IdOf(pair.Left)) + " – " + Encoding.UTF8.GetString(run.Files.IdOf(pair.Right));

    private static void Json(Stream stream, LinkRun run, LinkedPair pair)
    {
        var why = run.Outcome.Explain(pair);
        using (var json = new Utf8JsonWriter(stream, s_json))
        {
            json.WriteStartObject();
            json.WriteString("left_id", run.Files.IdOf(pair.Left));
            json.WriteString("right_id", run.Files.IdOf(pair.Right));
            json.WriteNumber("probability", Math.Round(pair.Probability, 6));
            json.WriteNumber("weight", Math.Round(pair.Weight, 3));
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
