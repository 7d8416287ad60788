namespace Waymark.Linkage.Private;

/// <summary>
/// The prime-order group ristretto255 (RFC 9496) and its scalars, as private matching needs them; native code stands
/// behind it. Elements and scalars are their canonical 32-byte encodings (scalars little-endian, below the group order).
/// Results may overwrite an argument. Spans of another length throw <see cref="ArgumentException"/>; bytes that are no
/// element or no scalar answer false, since they may come from strangers.
/// </summary>
public interface IRistretto255
{
    /// <summary>Whether the bytes are the canonical encoding of an element. The identity is one.</summary>
    bool IsElement(ReadOnlySpan<byte> element);

    /// <summary>Whether the bytes are a scalar below the group order. Zero is one.</summary>
    bool IsScalar(ReadOnlySpan<byte> scalar);

    /// <summary>Maps 64 uniform bytes to an element (RFC 9496, section 4.3.4): the end of hashing to the group.</summary>
    void FromUniform(ReadOnlySpan<byte> uniform, Span<byte> element);

    /// <summary>scalar · element. False when the element is none or the product is the identity.</summary>
    bool Multiply(ReadOnlySpan<byte> scalar, ReadOnlySpan<byte> element, Span<byte> product);

    /// <summary>scalar · generator. False when the product is the identity.</summary>
    bool MultiplyBase(ReadOnlySpan<byte> scalar, Span<byte> product);

    /// <summary>left + right. False when one of them is no element.</summary>
    bool Add(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, Span<byte> sum);

    /// <summary>left − right. False when one of them is no element.</summary>
    bool Subtract(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, Span<byte> difference);

    /// <summary>A uniform scalar between 1 and the group order less one, from the system's random source.</summary>
    void RandomScalar(Span<byte> scalar);

    /// <summary>64 uniform bytes, little-endian, modulo the group order.</summary>
    void ReduceScalar(ReadOnlySpan<byte> uniform, Span<byte> scalar);

    void AddScalars(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, Span<byte> sum);

    void SubtractScalars(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, Span<byte> difference);

    void MultiplyScalars(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, Span<byte> product);

    void NegateScalar(ReadOnlySpan<byte> scalar, Span<byte> negated);

    /// <summary>The multiplicative inverse modulo the group order. False for zero.</summary>
    bool InvertScalar(ReadOnlySpan<byte> scalar, Span<byte> inverse);
}
