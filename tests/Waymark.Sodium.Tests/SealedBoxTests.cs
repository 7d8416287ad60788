using System.Security.Cryptography;
using System.Text;
using Shouldly;
using Waymark.Ledger;
using Xunit;

namespace Waymark.Sodium.Tests;

/// <summary>Files sealed to a receiver: the key of RFC 7748, what opens and what does not, and where a file says it is wrong.</summary>
public sealed class SealedBoxTests
{
    private static readonly SodiumSealedBox s_box = SodiumSealedBox.Instance;
    private static readonly byte[] s_private = Enumerable.Range(1, 32).Select(at => (byte)at).ToArray();
    private static readonly ReceiverKey s_own = new("harbour.example", s_box.PublicKey(s_private));

    [Theory]
    [InlineData("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a", "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a")]
    [InlineData("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb", "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f")]
    public void RFC_7748_section_6_1_public_keys(string privateKey, string publicKey) =>
        Convert.ToHexStringLower(s_box.PublicKey(Convert.FromHexString(privateKey))).ShouldBe(publicKey);

    [Fact]
    public void What_is_sealed_is_opened_by_its_key_alone_and_looks_different_each_time()
    {
        var content = Encoding.UTF8.GetBytes("TR-1,Amina");
        var (one, other) = (s_box.Seal(s_own.PublicKey, content)!, s_box.Seal(s_own.PublicKey, content)!);
        one.Length.ShouldBe(content.Length + 48);
        one.ShouldNotBe(other);
        s_box.Open(s_private, one).ShouldBe(content);
        s_box.Open([.. s_private.Reverse()], one).ShouldBeNull();
        for (var at = 0; at < one.Length; at++)
        {
            byte[] changed = [.. one];
            changed[at] ^= 1;
            s_box.Open(s_private, changed).ShouldBeNull($"byte {at}");
        }

        s_box.Open(s_private, one.AsSpan(0, 47)).ShouldBeNull();
        s_box.Seal(new byte[32], content).ShouldBeNull("a key of small order opens for everybody");
    }

    [Fact]
    public void A_receivers_key_is_one_line_with_a_hash_and_never_a_ledgers_key()
    {
        ReceiverKey.Parse(s_own.ToString()).Value.Fingerprint.ShouldBe(s_own.Fingerprint);
        s_own.IsFingerprint(s_own.Fingerprint.Replace(' ', '-').ToUpperInvariant()).ShouldBeTrue();
        s_own.IsFingerprint(s_own.Fingerprint[..^1]).ShouldBeFalse();
        foreach (var text in new[] { "", "harbour", s_own.ToString()[1..], s_own.ToString().Replace("+", "+0", StringComparison.Ordinal), new NoteKey("harbour.example", NoteKeyType.Ed25519, s_own.PublicKey).ToString() })
        {
            ReceiverKey.Parse(text).Error!.Code.ShouldBe("sealed.bad-key", text);
        }

        NoteKey.Parse(s_own.ToString()).IsOk.ShouldBeFalse();
    }

    [Fact]
    public void A_sealed_file_says_for_whom_it_is_and_where_it_is_wrong()
    {
        var bytes = new SealedFile("TR-0123.csv", RandomNumberGenerator.GetBytes(5_000)).Seal(s_box, s_own).Value;
        var text = Encoding.ASCII.GetString(bytes);
        text.ShouldStartWith($"waymark.sealed/1\nto harbour.example {s_own.Fingerprint}\n");
        text.ShouldNotContain("TR-0123");
        SealedFile.Open(s_box, s_own, s_private, bytes).Value.Name.ShouldBe("TR-0123.csv");
        (string? Code, string? Line) Fault(string file, ReceiverKey key, byte[] secret) => SealedFile.Open(s_box, key, secret, Encoding.ASCII.GetBytes(file)).Error is { } error ? (error.Code, error.Where) : (null, null);
        byte[] secret = [.. s_private.Reverse()];
        var other = new ReceiverKey("elsewhere.example", s_box.PublicKey(secret));
        Fault(text, other, secret).ShouldBe(("sealed.other-key", "2"));
        Fault("copy,reference\n" + text, s_own, s_private).ShouldBe(("sealed.not-one", "1"));
        Fault(text.Replace("harbour", "elsewhere", StringComparison.Ordinal).Replace(s_own.Fingerprint, other.Fingerprint, StringComparison.Ordinal), other, secret).ShouldBe(("sealed.changed", "3"), "the second line cannot be turned to another");
        Fault(text[..^200] + "\n", s_own, s_private).ShouldBe(("sealed.changed", "3"));
        Fault(text.Replace("\n", "\r\n", StringComparison.Ordinal), s_own, s_private).Code.ShouldBeNull("mail turns the ends of lines");
    }
}
