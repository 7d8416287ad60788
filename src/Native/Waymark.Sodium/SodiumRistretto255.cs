using Waymark.Linkage.Private;

namespace Waymark.Sodium;

/// <summary>ristretto255 of libsodium. Safe to share between threads.</summary>
public sealed class SodiumRistretto255 : IRistretto255
{
    private const int Bytes = 32;
    private const int UniformBytes = 64;

    /// <summary>The group order, 2^252 + 27742317777372353535851937790883648493, little-endian.</summary>
    private static readonly byte[] _order = Convert.FromHexString("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");

    private static readonly Lazy<SodiumRistretto255> _instance = new(Make);

    private SodiumRistretto255()
    {
    }

    /// <summary>The one instance. Throws <see cref="DllNotFoundException"/> when libsodium is not installed.</summary>
    public static SodiumRistretto255 Instance => _instance.Value;

    public bool IsElement(ReadOnlySpan<byte> element) => element.Length == Bytes && NativeMethods.IsElement(element) == 1;

    public bool IsScalar(ReadOnlySpan<byte> scalar)
    {
        if (scalar.Length != Bytes)
        {
            return false;
        }

        // Scalars are secrets: the comparison touches every byte whatever they say.
        var borrow = 0;
        for (var i = 0; i < Bytes; i++)
        {
            borrow = ((scalar[i] - _order[i] - borrow) >> 8) & 1;
        }

        return borrow == 1;
    }

    public void FromUniform(ReadOnlySpan<byte> uniform, Span<byte> element)
    {
        Lengths.Need(uniform, UniformBytes, nameof(uniform));
        Lengths.Need(element, Bytes, nameof(element));
        _ = NativeMethods.FromUniform(element, uniform);
    }

    public bool Multiply(ReadOnlySpan<byte> scalar, ReadOnlySpan<byte> element, Span<byte> product)
    {
        Lengths.Need(scalar, Bytes, nameof(scalar));
        Lengths.Need(element, Bytes, nameof(element));
        Lengths.Need(product, Bytes, nameof(product));
        return IsScalar(scalar) && NativeMethods.Multiply(product, scalar, element) == 0;
    }

    public bool MultiplyBase(ReadOnlySpan<byte> scalar, Span<byte> product)
    {
        Lengths.Need(scalar, Bytes, nameof(scalar));
        Lengths.Need(product, Bytes, nameof(product));
        return IsScalar(scalar) && NativeMethods.MultiplyBase(product, scalar) == 0;
    }

    public bool Add(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, Span<byte> sum)
    {
        Three(left, right, sum);
        return NativeMethods.Add(sum, left, right) == 0;
    }

    public bool Subtract(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, Span<byte> difference)
    {
        Three(left, right, difference);
        return NativeMethods.Subtract(difference, left, right) == 0;
    }

    public void RandomScalar(Span<byte> scalar)
    {
        Lengths.Need(scalar, Bytes, nameof(scalar));
        NativeMethods.RandomScalar(scalar);
    }

    public void ReduceScalar(ReadOnlySpan<byte> uniform, Span<byte> scalar)
    {
        Lengths.Need(uniform, UniformBytes, nameof(uniform));
        Lengths.Need(scalar, Bytes, nameof(scalar));
        NativeMethods.ReduceScalar(scalar, uniform);
    }

    public void AddScalars(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, Span<byte> sum)
    {
        Three(left, right, sum);
        NativeMethods.AddScalars(sum, left, right);
    }

    public void SubtractScalars(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, Span<byte> difference)
    {
        Three(left, right, difference);
        NativeMethods.SubtractScalars(difference, left, right);
    }

    public void MultiplyScalars(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, Span<byte> product)
    {
        Three(left, right, product);
        NativeMethods.MultiplyScalars(product, left, right);
    }

    public void NegateScalar(ReadOnlySpan<byte> scalar, Span<byte> negated)
    {
        Lengths.Need(scalar, Bytes, nameof(scalar));
        Lengths.Need(negated, Bytes, nameof(negated));
        NativeMethods.NegateScalar(negated, scalar);
    }

    public bool InvertScalar(ReadOnlySpan<byte> scalar, Span<byte> inverse)
    {
        Lengths.Need(scalar, Bytes, nameof(scalar));
        Lengths.Need(inverse, Bytes, nameof(inverse));
        return NativeMethods.InvertScalar(inverse, scalar) == 0;
    }

    private static void Three(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, ReadOnlySpan<byte> result)
    {
        Lengths.Need(left, Bytes, nameof(left));
        Lengths.Need(right, Bytes, nameof(right));
        Lengths.Need(result, Bytes, nameof(result));
    }

    private static SodiumRistretto255 Make()
    {
        _ = SodiumLibrary.Version;
        return new();
    }
}
