namespace Waymark.Linkage;

/// <summary>How alike two different name parts are, as a share of the bits that equality would say.</summary>
internal static class TokenSimilarity
{
    /// <summary>Bits that two different parts share; 0 when they are not alike.</summary>
    public static float Bits(TokenTable tokens, Transliterator transliterator, int a, int b)
    {
        var information = Math.Min(tokens.Information(a), tokens.Information(b));
        var (scriptA, scriptB) = (tokens.ScriptOf(a), tokens.ScriptOf(b));
        if (scriptA != scriptB && (scriptA == Script.Latin || scriptB == Script.Latin))
        {
            var native = scriptA == Script.Latin ? b : a;
            var latin = tokens.Bytes(scriptA == Script.Latin ? a : b);
            return AcrossQuality(transliterator.Evidence(tokens.UnitsOf(native), latin), latin.Length) * information;
        }

        if (tokens.ShareClass(a, b))
        {
            return 0.85f * information;
        }

        var x = tokens.Latin(a);
        var y = tokens.Latin(b);
        if (x.IsEmpty || y.IsEmpty)
        {
            return 0;
        }

        if (x.Length == 1 || y.Length == 1)
        {
            return x[0] == y[0] && scriptA == Script.Latin && scriptB == Script.Latin ? Math.Min(information, 3.5f) : 0;
        }

        var quality = Quality(x, y);
        if (quality < 0.5f && Math.Min(x.Length, y.Length) >= 3 && tokens.SkeletonOf(a) == tokens.SkeletonOf(b))
        {
            quality = 0.55f;
        }

        return quality * information;
    }

    /// <summary>Quality of two Latin strings, 0 to 0.9.</summary>
    public static float Quality(ReadOnlySpan<byte> x, ReadOnlySpan<byte> y)
    {
        if (x.SequenceEqual(y))
        {
            return 0.9f;
        }

        var shorter = Math.Min(x.Length, y.Length);
        if (shorter < 3)
        {
            return 0;
        }

        var edits = StringSimilarity.Edits(x, y, 2);
        if (edits == 1)
        {
            return shorter >= 5 ? 0.8f : shorter == 4 ? 0.7f : 0.5f;
        }

        if (edits == 2 && shorter >= 7)
        {
            return 0.65f;
        }

        var similarity = StringSimilarity.JaroWinkler(x, y);
        return similarity >= 0.92 ? 0.65f : similarity >= 0.87 ? 0.5f : similarity >= 0.84 && shorter >= 5 ? 0.35f : 0;
    }

    /// <summary>Quality of spelling evidence: how much better than chance the letters fit, per letter.</summary>
    public static float AcrossQuality(double evidence, int letters)
    {
        if (double.IsNaN(evidence) || evidence < 3)
        {
            return 0;
        }

        var share = evidence / (3.7 * letters);
        return share >= 0.6 ? 0.9f : share >= 0.45 ? 0.75f : share >= 0.3 ? 0.55f : share >= 0.2 ? 0.35f : 0;
    }
}
