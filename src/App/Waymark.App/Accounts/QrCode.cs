using System.Globalization;
using System.Text;

namespace Waymark.App.Accounts;

/// <summary>
/// A square code after ISO/IEC 18004 (byte mode, error correction level M, versions 1 to 15, 412 bytes at most), as
/// modules and as a drawing. Enough for the address that an authenticator app reads; nothing leaves this machine for it.
/// </summary>
public sealed class QrCode
{
    private static readonly int[] s_correction = [10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24];
    private static readonly int[] s_blocks = [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10];
    private readonly bool[,] _dark;
    private readonly bool[,] _fixed;

    private QrCode(int version)
    {
        Size = (version * 4) + 17;
        (_dark, _fixed) = (new bool[Size, Size], new bool[Size, Size]);
    }

    /// <summary>Modules per side, without the quiet zone.</summary>
    public int Size { get; }

    public bool this[int row, int column] => _dark[row, column];

    /// <summary>The code of a text in UTF-8, or null when it is too long.</summary>
    public static QrCode? Of(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var version = Enumerable.Range(1, s_blocks.Length).FirstOrDefault(v => (DataWords(v) * 8) - 4 - CountBits(v) >= bytes.Length * 8);
        if (version == 0)
        {
            return null;
        }

        var code = new QrCode(version);
        code.DrawPatterns(version);
        code.DrawData(WithCorrection(Words(bytes, version), version));
        code.Mask(version);
        return code;
    }

    /// <summary>One path of dark modules with a quiet zone of four, scaled by the page.</summary>
    public string ToSvg(string label)
    {
        var path = new StringBuilder();
        for (var row = 0; row < Size; row++)
        {
            for (var column = 0; column < Size; column++)
            {
                if (_dark[row, column])
                {
                    path.Append(CultureInfo.InvariantCulture, $"M{column + 4},{row + 4}h1v1h-1z");
                }
            }
        }

        var name = System.Net.WebUtility.HtmlEncode(label);
        var side = (Size + 8).ToString(CultureInfo.InvariantCulture);
        return $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" width=\"240\" height=\"240\" role=\"img\" aria-label=\"{name}\" shape-rendering=\"crispEdges\">"
            + $"<rect width=\"{side}\" height=\"{side}\" fill=\"#fff\"/><path fill=\"#000\" d=\"{path}\"/></svg>";
    }

    private static int CountBits(int version) => version < 10 ? 8 : 16;

    private static int RawModules(int version)
    {
        var modules = (((16 * version) + 128) * version) + 64;
        if (version >= 2)
        {
            var marks = (version / 7) + 2;
            modules -= (((25 * marks) - 10) * marks) - 55;
            modules -= version >= 7 ? 36 : 0;
        }

        return modules;
    }

    private static int DataWords(int version) => (RawModules(version) / 8) - (s_correction[version - 1] * s_blocks[version - 1]);

    private static byte[] Words(byte[] bytes, int version)
    {
        var bits = new List<bool>();
        void Add(int value, int length)
        {
            for (var i = length - 1; i >= 0; i--)
            {
                bits.Add(((value >> i) & 1) != 0);
            }
        }

        Add(4, 4);
        Add(bytes.Length, CountBits(version));
        foreach (var value in bytes)
        {
            Add(value, 8);
        }

        var capacity = DataWords(version) * 8;
        Add(0, Math.Min(4, capacity - bits.Count));
        Add(0, (8 - (bits.Count % 8)) % 8);
        for (var pad = 0xEC; bits.Count < capacity; pad ^= 0xEC ^ 0x11)
        {
            Add(pad, 8);
        }

        var words = new byte[bits.Count / 8];
        for (var i = 0; i < bits.Count; i++)
        {
            words[i / 8] |= (byte)(bits[i] ? 128 >> (i % 8) : 0);
        }

        return words;
    }

    // Blocks are interleaved, data first; short blocks come first and lack one data word.
    private static byte[] WithCorrection(byte[] data, int version)
    {
        var (blocks, length) = (s_blocks[version - 1], s_correction[version - 1]);
        var raw = RawModules(version) / 8;
        var (shortBlocks, shortLength) = (blocks - (raw % blocks), (raw / blocks) - length);
        var divisor = Divisor(length);
        var parts = new List<(byte[] Data, byte[] Correction)>();
        for (int i = 0, at = 0; i < blocks; i++)
        {
            var take = shortLength + (i < shortBlocks ? 0 : 1);
            var part = data[at..(at + take)];
            parts.Add((part, Remainder(part, divisor)));
            at += take;
        }

        var result = new List<byte>(raw);
        for (var i = 0; i <= shortLength; i++)
        {
            result.AddRange(parts.Where(part => i < part.Data.Length).Select(part => part.Data[i]));
        }

        for (var i = 0; i < length; i++)
        {
            result.AddRange(parts.Select(part => part.Correction[i]));
        }

        return [.. result];
    }

    private static byte[] Divisor(int degree)
    {
        var result = new byte[degree];
        result[degree - 1] = 1;
        byte root = 1;
        for (var i = 0; i < degree; i++)
        {
            for (var j = 0; j < degree; j++)
            {
                result[j] = (byte)(Multiply(result[j], root) ^ (j + 1 < degree ? result[j + 1] : 0));
            }

            root = Multiply(root, 2);
        }

        return result;
    }

    private static byte[] Remainder(byte[] data, byte[] divisor)
    {
        var result = new byte[divisor.Length];
        foreach (var value in data)
        {
            var factor = (byte)(value ^ result[0]);
            Array.Copy(result, 1, result, 0, result.Length - 1);
            result[^1] = 0;
            for (var i = 0; i < result.Length; i++)
            {
                result[i] ^= Multiply(divisor[i], factor);
            }
        }

        return result;
    }

    // In the field of 256 elements with the polynomial of the standard, 0x11D.
    private static byte Multiply(byte left, byte right)
    {
        var product = 0;
        for (var i = 7; i >= 0; i--)
        {
            product = (product << 1) ^ ((product >> 7) * 0x11D);
            product ^= ((right >> i) & 1) * left;
        }

        return (byte)product;
    }

    private void Set(int row, int column, bool dark) => (_dark[row, column], _fixed[row, column]) = (dark, true);

    private void DrawPatterns(int version)
    {
        for (var i = 0; i < Size; i++)
        {
            Set(6, i, i % 2 == 0);
            Set(i, 6, i % 2 == 0);
        }

        Finder(3, 3);
        Finder(3, Size - 4);
        Finder(Size - 4, 3);
        var marks = Marks(version);
        foreach (var row in marks)
        {
            foreach (var column in marks)
            {
                var corner = (row == 6 && column == 6) || (row == 6 && column == marks[^1]) || (row == marks[^1] && column == 6);
                for (var i = 0; !corner && i < 25; i++)
                {
                    var (down, across) = ((i / 5) - 2, (i % 5) - 2);
                    Set(row + down, column + across, Math.Max(Math.Abs(down), Math.Abs(across)) != 1);
                }
            }
        }

        DrawFormat(0);
        DrawVersion(version);
    }

    private void Finder(int row, int column)
    {
        for (var down = -4; down <= 4; down++)
        {
            for (var across = -4; across <= 4; across++)
            {
                var (r, c) = (row + down, column + across);
                if (r >= 0 && r < Size && c >= 0 && c < Size)
                {
                    Set(r, c, Math.Max(Math.Abs(down), Math.Abs(across)) is not (2 or 4));
                }
            }
        }
    }

    private int[] Marks(int version)
    {
        if (version == 1)
        {
            return [];
        }

        var count = (version / 7) + 2;
        var step = ((version * 8) + (count * 3) + 5) / ((count * 4) - 4) * 2;
        return [6, .. Enumerable.Range(0, count - 1).Select(i => Size - 7 - (i * step)).Reverse()];
    }

    private void DrawFormat(int mask)
    {
        var data = mask; // Level M is written 00.
        var remainder = data;
        for (var i = 0; i < 10; i++)
        {
            remainder = (remainder << 1) ^ ((remainder >> 9) * 0x537);
        }

        var bits = ((data << 10) | remainder) ^ 0x5412;
        bool Bit(int i) => ((bits >> i) & 1) != 0;
        for (var i = 0; i <= 5; i++)
        {
            Set(i, 8, Bit(i));
        }

        Set(7, 8, Bit(6));
        Set(8, 8, Bit(7));
        Set(8, 7, Bit(8));
        for (var i = 9; i < 15; i++)
        {
            Set(8, 14 - i, Bit(i));
        }

        for (var i = 0; i < 8; i++)
        {
            Set(8, Size - 1 - i, Bit(i));
        }

        for (var i = 8; i < 15; i++)
        {
            Set(Size - 15 + i, 8, Bit(i));
        }

        Set(Size - 8, 8, true);
    }

    private void DrawVersion(int version)
    {
        if (version < 7)
        {
            return;
        }

        var remainder = version;
        for (var i = 0; i < 12; i++)
        {
            remainder = (remainder << 1) ^ ((remainder >> 11) * 0x1F25);
        }

        var bits = (version << 12) | remainder;
        for (var i = 0; i < 18; i++)
        {
            var (far, near) = (Size - 11 + (i % 3), i / 3);
            Set(near, far, ((bits >> i) & 1) != 0);
            Set(far, near, ((bits >> i) & 1) != 0);
        }
    }

    private void DrawData(byte[] words)
    {
        var at = 0;
        for (var right = Size - 1; right >= 1; right -= 2)
        {
            right = right == 6 ? 5 : right;
            for (var step = 0; step < Size; step++)
            {
                for (var j = 0; j < 2; j++)
                {
                    var column = right - j;
                    var row = ((right + 1) & 2) == 0 ? Size - 1 - step : step;
                    if (!_fixed[row, column] && at < words.Length * 8)
                    {
                        _dark[row, column] = ((words[at >> 3] >> (7 - (at & 7))) & 1) != 0;
                        at++;
                    }
                }
            }
        }
    }

    // The mask with the lowest penalty of the standard; any of the eight can be read.
    private void Mask(int version)
    {
        var (best, least) = (0, int.MaxValue);
        for (var mask = 0; mask < 8; mask++)
        {
            Apply(mask);
            DrawFormat(mask);
            var penalty = QrPenalty.Of(_dark);
            (best, least) = penalty < least ? (mask, penalty) : (best, least);
            Apply(mask);
        }

        Apply(best);
        DrawFormat(best);
    }

    private void Apply(int mask)
    {
        for (var row = 0; row < Size; row++)
        {
            for (var column = 0; column < Size; column++)
            {
                var turn = mask switch
                {
                    0 => (row + column) % 2,
                    1 => row % 2,
                    2 => column % 3,
                    3 => (row + column) % 3,
                    4 => ((column / 3) + (row / 2)) % 2,
                    5 => (row * column % 2) + (row * column % 3),
                    6 => ((row * column % 2) + (row * column % 3)) % 2,
                    _ => (((row + column) % 2) + (row * column % 3)) % 2,
                };
                _dark[row, column] ^= turn == 0 && !_fixed[row, column];
            }
        }
    }
}
