namespace Waymark.Linkage;

/// <summary>Open addressing: a slot holds 32 bits of a hash above a number; zero is a free slot.</summary>
internal static class HashSlots
{
    /// <summary>The same entries in twice as many slots; the count of slots is a power of two.</summary>
    public static ulong[] Doubled(ulong[] slots)
    {
        var doubled = new ulong[slots.Length * 2];
        var mask = doubled.Length - 1;
        foreach (var entry in slots)
        {
            if (entry != 0)
            {
                var slot = (int)(entry >> 32) & mask;
                while (doubled[slot] != 0)
                {
                    slot = (slot + 1) & mask;
                }

                doubled[slot] = entry;
            }
        }

        return doubled;
    }
}
