namespace Waymark.Sodium;

/// <summary>Native code reads and writes as much as it expects: a span of another length never reaches it.</summary>
internal static class Lengths
{
    public static void Need(ReadOnlySpan<byte> bytes, int length, string name)
    {
        if (bytes.Length != length)
        {
            throw new ArgumentException($"{length} bytes expected, not {bytes.Length}.", name);
        }
    }
}
