using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Waymark.Linkage.Bench;

/// <summary>Writes the learned tables of packs/linkage from the CC0 and MIT name lists: `learn`. The same input gives the same bytes.</summary>
internal static partial class LearnPack
{
    private static readonly (string List, Script Script, int Longest)[] Lists =
    [
        ("arabic", Script.Arabic, 3), ("russian", Script.Cyrillic, 4), ("hebrew", Script.Hebrew, 3),
        ("korean", Script.Hangul, 3), ("katakana", Script.Kana, 3), ("chinese", Script.Han, 5),
    ];

    public static int Run(string data, string pack)
    {
        var folder = new NameFolder(PackFolder.Read(pack).Value);
        foreach (var (list, script, longest) in Lists)
        {
            var pairs = NamePairs.Read(Path.Combine(data, $"namepairs/wd_{list}_train.tsv.gz"), folder).ToList();
            var table = SpellingLearner.Learn(pairs, longest, 8, script == Script.Han ? 0.02 : 0.002, CancellationToken.None)
                .ToDictionary(p => p.Key, p => p.Value, StringComparer.Ordinal);
            if (script == Script.Han)
            {
                AddChinese(table, pack);
            }
            else if (script == Script.Cyrillic)
            {
                foreach (var line in Lines(pack, "source_cyrillic.txt"))
                {
                    table.TryAdd(line[..1], Shared(line[2..].Split(' ')));
                }
            }

            var head = $"# How {script} letters are written in Latin letters. Source: NETransliteration-COLING2018 training slices (CC0-1.0){(script == Script.Han ? ", Unihan readings through ICU (Unicode-3.0)" : "")}; made by `learn`; licence {(script == Script.Han ? "Unicode-3.0" : "CC0-1.0")}. letters,latin,log2 p";
            Write(Path.Combine(pack, $"spellings_{script.ToString().ToLowerInvariant()}.csv"), head, table);
            Console.WriteLine($"{list}: {pairs.Count} pairs, {table.Count} letters");
        }

        var khmer = Khmer(data, folder).ToList();
        Write(
            Path.Combine(pack, "spellings_khmer.csv"),
            "# How Khmer letters are written in Latin letters. Source: sovanken/kname (MIT); made by `learn`; licence MIT. letters,latin,log2 p",
            SpellingLearner.Learn(khmer, 4, 8, 0.003, CancellationToken.None));
        Variants(data, pack);
        return 0;
    }

    private static IEnumerable<SpellingPair> Khmer(string data, NameFolder folder)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(data, "names/khmer_names.json")));
        foreach (var name in json.RootElement.EnumerateArray())
        {
            yield return new(folder.Fold(name.GetProperty("givenName").GetString()!), NamePairs.Letters(folder.Fold(name.GetProperty("romanizedGiven").GetString()!)), 1);
            yield return new(folder.Fold(name.GetProperty("surname").GetString()!), NamePairs.Letters(folder.Fold(name.GetProperty("romanizedSurname").GetString()!)), 1);
        }
    }

    private static Spelling[] Shared(string[] latin) => [.. latin.Select((l, i) => new Spelling(l, (float)Math.Log2(Math.Pow(2, -i) / (2 - Math.Pow(2, 1 - latin.Length)))))];

    private static IEnumerable<string> Lines(string pack, string name) => File.ReadLines(Path.Combine(pack, name)).Where(l => l.Length > 2 && l[0] != '#');

    private static void Write(string path, string head, IReadOnlyDictionary<string, Spelling[]> table)
    {
        var text = new StringBuilder(head).Append('\n');
        foreach (var (native, spellings) in table.OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            foreach (var s in spellings)
            {
                text.Append(CultureInfo.InvariantCulture, $"{native},{s.Latin},{s.Log2:0.00}\n");
            }
        }

        File.WriteAllText(path, text.ToString());
    }

    /// <summary>Pinyin (0.55), Wade–Giles (0.12), Cantonese (0.13) and what foreign names taught (0.2).</summary>
    private static void AddChinese(Dictionary<string, Spelling[]> table, string pack)
    {
        var cantonese = Lines(pack, "source_cantonese.txt").ToDictionary(l => l[..1], l => l[2..], StringComparer.Ordinal);
        for (var c = '\u4E00'; c <= '\u9FA5'; c++)
        {
            var native = c.ToString();
            var pinyin = NamePairs.Letters(Icu.Transliterate("Han-Latin; NFD; [:Nonspacing Mark:] Remove; Latin-ASCII; Lower", native));
            var all = new Dictionary<string, double>(StringComparer.Ordinal);
            void Add(string latin, double p) => all[latin] = all.GetValueOrDefault(latin) + p;
            if (pinyin.Length > 0)
            {
                Add(pinyin, 0.55);
                Add(WadeGiles(pinyin), 0.12);
            }

            if (cantonese.TryGetValue(native, out var spoken))
            {
                Add(spoken, 0.13);
            }

            foreach (var s in table.GetValueOrDefault(native) ?? [])
            {
                Add(s.Latin, 0.2 * Math.Pow(2, s.Log2));
            }

            if (all.Count > 0)
            {
                table[native] = [.. all.OrderByDescending(p => p.Value).Select(p => new Spelling(p.Key, (float)Math.Log2(p.Value)))];
            }
        }
    }

    private static string WadeGiles(string pinyin)
    {
        var (initial, w) = pinyin switch
        {
            _ when pinyin.StartsWith("zh", StringComparison.Ordinal) => (2, "ch"),
            _ when pinyin.StartsWith("ch", StringComparison.Ordinal) => (2, "ch"),
            _ when pinyin.StartsWith("sh", StringComparison.Ordinal) => (2, "sh"),
            _ => (1, pinyin[0] switch { 'b' => "p", 'd' => "t", 'g' => "k", 'j' or 'q' => "ch", 'x' => "hs", 'r' => "j", 'z' or 'c' => "ts", var c => c.ToString() }),
        };
        var final = pinyin[Math.Min(initial, pinyin.Length)..];
        final = final switch
        {
            "ong" => "ung", "ian" => "ien", "ie" => "ieh", "ue" => "ueh", "er" => "erh", "i" when w is "ch" or "sh" or "j" => "ih",
            "i" when w == "ts" => "u", "an" when w == "y" => "en", "e" when w is "k" or "h" => "o", "ou" when w == "y" => "u", "uo" when w is "k" or "h" or "sh" => "uo",
            "uo" => "o", _ => final,
        };
        return pinyin is "si" ? "szu" : pinyin[0] is 'a' or 'e' or 'o' ? pinyin : w + final;
    }

    /// <summary>Latin spellings of one native form, when both are probable spellings of it and are seen more than once.</summary>
    private static void Variants(string data, string pack)
    {
        var knowledge = PackFolder.Read(pack).Value;
        var folder = new NameFolder(knowledge);
        var rows = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (list, tag) in new[] { ("arabic", "ar"), ("russian", "ru"), ("hebrew", "he") })
        {
            var transliterator = new Transliterator(knowledge);
            foreach (var group in NamePairs.Read(Path.Combine(data, $"namepairs/wd_{list}_train.tsv.gz"), folder).Where(p => p.Count >= 3 && p.Native.Length >= 3 && p.Latin.Length >= 3).GroupBy(p => p.Native))
            {
                var units = transliterator.Units(group.Key);
                var good = group.Where(p => transliterator.Evidence(units, Encoding.ASCII.GetBytes(p.Latin)) >= 0.5 * 3.7 * p.Latin.Length)
                    .OrderByDescending(p => p.Count).Take(12).ToList();
                if (good.Count > 1)
                {
                    rows.UnionWith(good.Select(p => $"{p.Latin},{tag}:{group.Key}"));
                }
            }
        }

        File.WriteAllText(
            Path.Combine(pack, "variants_learned.csv"),
            "# Latin spellings of one name: form,class. Source: NETransliteration-COLING2018 training slices (CC0-1.0); made by `learn`; licence CC0-1.0.\n" + string.Join('\n', rows) + "\n");
        Console.WriteLine($"variants: {rows.Count}");
    }

    private static partial class Icu
    {
        private static readonly Dictionary<string, nint> Open = [];

        public static unsafe string Transliterate(string id, string text)
        {
            var status = 0;
            if (!Open.TryGetValue(id, out var handle))
            {
                Open[id] = handle = OpenU(id, id.Length, 0, nint.Zero, 0, nint.Zero, ref status);
            }

            var buffer = new char[64];
            text.CopyTo(0, buffer, 0, text.Length);
            var length = text.Length;
            var limit = text.Length;
            fixed (char* p = buffer)
            {
                TransUChars(handle, p, ref length, buffer.Length, 0, ref limit, ref status);
            }

            return new string(buffer, 0, Math.Max(0, length));
        }

        [LibraryImport("libicui18n.so.72", EntryPoint = "utrans_openU_72", StringMarshalling = StringMarshalling.Utf16)]
        private static partial nint OpenU(string id, int length, int direction, nint rules, int rulesLength, nint error, ref int status);

        [LibraryImport("libicui18n.so.72", EntryPoint = "utrans_transUChars_72")]
        private static unsafe partial void TransUChars(nint handle, char* text, ref int length, int capacity, int start, ref int limit, ref int status);
    }
}
