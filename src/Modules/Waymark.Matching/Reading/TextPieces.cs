using System.IO.Compression;
using System.Text;

namespace Waymark.Matching;

/// <summary>Hands out the text of a file piece by piece in UTF-8 while the next piece is read and unpacked in the background.</summary>
internal sealed class TextPieces : IDisposable
{
    public const int PieceBytes = 2 << 20;
    private readonly Stream _stream;
    private readonly Decoder? _decoder;
    private Task<(byte[] Bytes, int Length)> _next;
    private byte[] _spare = new byte[PieceBytes];

    /// <param name="stream">The bytes of the file, unpacked.</param>
    /// <param name="head">What was already read of it.</param>
    /// <param name="encoding">The encoding to be turned into UTF-8; null when it is UTF-8 or decided line by line.</param>
    public TextPieces(Stream stream, ReadOnlyMemory<byte> head, Encoding? encoding)
    {
        _stream = stream;
        _decoder = encoding?.GetDecoder();
        var first = head.ToArray();
        _next = Task.FromResult((first, first.Length));
    }

    /// <summary>The bytes of a file, out of gzip when it is packed.</summary>
    public static Stream Unpacked(Stream file)
    {
        Span<byte> magic = stackalloc byte[2];
        var got = file.ReadAtLeast(magic, 2, throwOnEndOfStream: false);
        file.Position = 0;
        return got == 2 && magic[0] == 0x1F && magic[1] == 0x8B ? new GZipStream(file, CompressionMode.Decompress) : file;
    }

    /// <summary>Appends the next piece to <paramref name="text"/>; false at the end.</summary>
    public bool Append(ref byte[] text, ref int length)
    {
        var (bytes, got) = _next.GetAwaiter().GetResult();
        if (got == 0)
        {
            return false;
        }

        var into = _spare;
        _spare = bytes.Length == PieceBytes ? bytes : new byte[PieceBytes];
        _next = Task.Run(() => (into, _stream.ReadAtLeast(into, into.Length, throwOnEndOfStream: false)));
        if (_decoder is null)
        {
            Room(ref text, length + got);
            bytes.AsSpan(0, got).CopyTo(text.AsSpan(length));
            length += got;
            return true;
        }

        var characters = new char[_decoder.GetCharCount(bytes, 0, got, flush: false)];
        var count = _decoder.GetChars(bytes, 0, got, characters, 0, flush: false);
        Room(ref text, length + Encoding.UTF8.GetMaxByteCount(count));
        length += Encoding.UTF8.GetBytes(characters, 0, count, text, length);
        return true;
    }

    public void Dispose()
    {
        _next.GetAwaiter().GetResult();
        _stream.Dispose();
    }

    private static void Room(ref byte[] text, int needed)
    {
        if (text.Length < needed)
        {
            Array.Resize(ref text, Math.Max(needed, text.Length + (text.Length / 2)));
        }
    }
}
