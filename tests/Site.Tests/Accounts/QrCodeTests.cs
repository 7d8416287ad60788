using System.Security.Cryptography;
using System.Text;
using Waymark.App.Accounts;

namespace Waymark.Site.Tests.Accounts;

/// <summary>Square codes: the matrices below were read back by an independent reader (jsQR 1.4.0) as exactly these texts.</summary>
public sealed class QrCodeTests
{
    [Theory]
    [InlineData("HELLO", 21, "479c5249225c8485")]
    [InlineData("otpauth://totp/Waymark:Ann%20Example?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Waymark", 41, "ca6679cd84e76939")]
    [InlineData("otpauth://totp/%E8%B7%AF%E6%A0%87:%E7%8E%8B%E4%BC%9F%E4%B8%AD%E5%BF%83%E5%8F%B0%E7%AB%99%E5%80%BC%E7%8F%AD%E5%91%98?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=%E8%B7%AF%E6%A0%87&note=0123456789012345678901234567890123456789", 61, "2db4860b6f5d0ec9")]
    public void The_code_is_the_one_that_an_independent_reader_reads(string text, int size, string sha256)
    {
        var code = QrCode.Of(text).ShouldNotBeNull();
        var rows = new StringBuilder();
        for (var row = 0; row < code.Size; row++)
        {
            rows.Append(string.Concat(Enumerable.Range(0, code.Size).Select(column => code[row, column] ? '1' : '0'))).Append('\n');
        }

        TestContext.Current.TestOutputHelper?.WriteLine("QR" + rows.ToString().Replace("\n", "/", StringComparison.Ordinal));
        code.Size.ShouldBe(size);
        Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(rows.ToString())))[..16].ShouldBe(sha256);
    }

    [Fact]
    public void A_text_that_is_too_long_has_no_code_and_the_longest_has_one()
    {
        QrCode.Of(new string('a', 412)).ShouldNotBeNull().Size.ShouldBe(77);
        QrCode.Of(new string('a', 413)).ShouldBeNull();
    }

    [Fact]
    public void The_drawing_names_itself_and_escapes_its_name() =>
        QrCode.Of("x")!.ToSvg("a \"key\" <b>").ShouldContain("aria-label=\"a &quot;key&quot; &lt;b&gt;\"");
}
