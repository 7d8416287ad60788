using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Waymark.Linkage.Private;

/// <summary>
/// Positions of a feature's bits: HMAC-SHA256 under the project's key over kind, value and a counter, 16 bits each. Without the key nothing
/// can be tried; with the key of another project the positions are others. Widths divide 65,536, so no position is likelier.
/// </summary>
internal sealed class BitPositions(ProjectKey key, int bits)
{
    private readonly byte[] _key = key.Derive("positions");
    private readonly Dictionary<(byte, ulong), ushort[]> _known = [];

    /// <summary>The first positions of a feature; a longer list begins with the shorter one.</summary>
    public ReadOnlySpan<ushort> Of(Feature feature)
    {
        if (!_known.TryGetValue((feature.Kind, feature.Value), out var positions) || positions.Length < feature.Bits)
        {
            _known[(feature.Kind, feature.Value)] = positions = Make(feature);
        }

        return positions.AsSpan(0, feature.Bits);
    }

    private ushort[] Make(Feature feature)
    {
        var positions = new ushort[(feature.Bits + 15) / 16 * 16];
        Span<byte> message = stackalloc byte[13];
        Span<byte> digest = stackalloc byte[32];
        message[0] = feature.Kind;
        BinaryPrimitives.WriteUInt64LittleEndian(message[1..], feature.Value);
        for (var i = 0; i < positions.Length; i += 16)
        {
            BinaryPrimitives.WriteInt32LittleEndian(message[9..], i / 16);
            HMACSHA256.HashData(_key, message, digest);
            for (var k = 0; k < 16; k++)
            {
                positions[i + k] = (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(digest[(2 * k)..]) % bits);
            }
        }

        return positions;
    }
}
