namespace Waymark.Linkage.Private;

/// <summary>Skeletons for private matching, where the other side's names cannot be looked at.</summary>
internal static class Sounds
{
    /// <summary>
    /// The skeleton with equal neighbours written once: scripts without vowels cannot show that a vowel stood between them, so "mhmd" and
    /// "mohammed" meet. Skeletons of very short names stay as they are.
    /// </summary>
    public static ulong Collapse(ulong skeleton)
    {
        if (skeleton >> 62 != 0 || skeleton <= 1)
        {
            return skeleton;
        }

        var (key, shift, last) = (0UL, 0, 16UL);
        for (; skeleton > 1; skeleton >>= 4)
        {
            var group = skeleton & 15;
            if (group != last)
            {
                key |= group << shift;
                shift += 4;
            }

            last = group;
        }

        return key | 1UL << shift;
    }
}
