using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace Waymark.Ledger;

/// <summary>
/// Names one leaf before it has a place: 48 bits of Unix milliseconds, then 80 random bits. Records keep it to find their
/// proof later; its time is what the node's clock said, which the witnesses' times around it confirm or contradict.
/// </summary>
public readonly struct LeafId : IEquatable<LeafId>
{
    /// <summary>Length in bytes.</summary>
    public const int Length = 16;

    private readonly UInt128 _value;

    private LeafId(UInt128 value) => _value = value;

    /// <summary>What the clock of the node said, in whole milliseconds.</summary>
    public DateTimeOffset At => DateTimeOffset.FromUnixTimeMilliseconds(Math.Min((long)(_value >> 80), 253_402_300_799_999));

    public static bool operator ==(LeafId left, LeafId right) => left.Equals(right);

    public static bool operator !=(LeafId left, LeafId right) => !left.Equals(right);

    /// <summary>A new id at this time.</summary>
    public static LeafId New(DateTimeOffset at)
    {
        Span<byte> random = stackalloc byte[10];
        RandomNumberGenerator.Fill(random);
        return Of(at, random);
    }

    /// <summary>An id of this time and these 10 bytes.</summary>
    internal static LeafId Of(DateTimeOffset at, ReadOnlySpan<byte> tail)
    {
        Span<byte> bytes = stackalloc byte[Length];
        BinaryPrimitives.WriteInt64BigEndian(bytes, at.ToUnixTimeMilliseconds() << 16);
        tail[..10].CopyTo(bytes[6..]);
        return Read(bytes);
    }

    /// <summary>Throws <see cref="ArgumentException"/> unless there are 16 bytes.</summary>
    public static LeafId Read(ReadOnlySpan<byte> bytes) => bytes.Length == Length
        ? new(BinaryPrimitives.ReadUInt128BigEndian(bytes))
        : throw new ArgumentException($"{Length} bytes expected, not {bytes.Length}.", nameof(bytes));

    /// <summary>Reads 32 hexadecimal digits.</summary>
    public static bool TryParse(string text, out LeafId id)
    {
        var isOne = UInt128.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) && text.Length == 32;
        id = isOne ? new(value) : default;
        return isOne;
    }

    public void CopyTo(Span<byte> target) => BinaryPrimitives.WriteUInt128BigEndian(target, _value);

    public byte[] ToArray()
    {
        var bytes = new byte[Length];
        CopyTo(bytes);
        return bytes;
    }

    public bool Equals(LeafId other) => _value == other._value;

    public override bool Equals(object? obj) => obj is LeafId other && Equals(other);

    public override int GetHashCode() => _value.GetHashCode();

    public override string ToString() => _value.ToString("x32", CultureInfo.InvariantCulture);
}
