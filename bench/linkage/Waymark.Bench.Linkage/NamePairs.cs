using System.Globalization;
using System.IO.Compression;

namespace Waymark.Linkage.Bench;

/// <summary>Lists of name tokens in Latin letters and in another script, folded as the linker folds them.</summary>
public static class NamePairs
{
    public static IEnumerable<SpellingPair> Read(string path, NameFolder folder)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line)
        {
            var cut = line.Split('\t');
            var latin = Letters(folder.Fold(cut[0]));
            var native = Transliterator.Spoken(folder.Fold(cut[1].Replace(" ", "", StringComparison.Ordinal)).Replace(" ", "", StringComparison.Ordinal));
            if (latin.Length > 0 && native.Length > 0)
            {
                yield return new(native, latin, int.Parse(cut[2], CultureInfo.InvariantCulture));
            }
        }
    }

    public static string Letters(string folded) => new([.. folded.Where(char.IsAsciiLetterLower)]);
}
