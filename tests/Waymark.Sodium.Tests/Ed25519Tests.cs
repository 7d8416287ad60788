using System.Security.Cryptography;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Waymark.Sodium.Tests;

/// <summary>Ed25519 against the vectors of RFC 8032, section 7.1, and against forgers.</summary>
public sealed class Ed25519Tests
{
    private static readonly SodiumEd25519 Ed25519 = SodiumEd25519.Instance;

    /// <summary>The message of 1,023 bytes of the vector "TEST 1024".</summary>
    private static readonly string LongMessage = string.Concat(
        "08b8b2b733424243760fe426a4b54908632110a66c2f6591eabd3345e3e4eb98fa6e264bf09efe12ee50f8f54e9f77b1e355f6c50544e23fb1433ddf73be84d879",
        "de7c0046dc4996d9e773f4bc9efe5738829adb26c81b37c93a1b270b20329d658675fc6ea534e0810a4432826bf58c941efb65d57a338bbd2e26640f89ffbc1a85",
        "8efcb8550ee3a5e1998bd177e93a7363c344fe6b199ee5d02e82d522c4feba15452f80288a821a579116ec6dad2b3b310da903401aa62100ab5d1a36553e06203b",
        "33890cc9b832f79ef80560ccb9a39ce767967ed628c6ad573cb116dbefefd75499da96bd68a8a97b928a8bbc103b6621fcde2beca1231d206be6cd9ec7aff6f6c9",
        "4fcd7204ed3455c68c83f4a41da4af2b74ef5c53f1d8ac70bdcb7ed185ce81bd84359d44254d95629e9855a94a7c1958d1f8ada5d0532ed8a5aa3fb",
        "2d17ba70eb6248e594e1a2297acbbb39d502f1a8c6eb6f1ce22b3de1a1f40cc24554119a831a9aad6079cad88425de6bde1a9187ebb6092cf67bf2b13fd65f2708",
        "8d78b7e883c8759d2c4f5c65adb7553878ad575f9fad878e80a0c9ba63bcbcc2732e69485bbc9c90bfbd62481d9089beccf80cfe2df16a2cf65bd92dd597b0707e",
        "0917af48bbb75fed413d238f5555a7a569d80c3414a8d0859dc65a46128bab27af87a71314f318c782b23ebfe808b82b0ce26401d2e22f04d83d1255dc51addd3b",
        "75a2b1ae0784504df543af8969be3ea7082ff7fc9888c144da2af58429ec96031dbcad3dad9af0dcbaaaf268cb8fcffead94f3c7ca495e056a9b47acdb751fb73e",
        "666c6c655ade8297297d07ad1ba5e43f1bca32301651339e22904cc8c42f58c30c04aafdb038dda0847dd988dcda6f3bfd15c4b4c4525004aa06eeff8ca61783aa",
        "cec57fb3d1f92b0fe2fd1a85f6724517b65e614ad6808d6f6ee34dff7310fdc82aebfd904b01e1dc54b2927094b2db68d6f903b68401adebf5a7e08d78ff4ef5d6",
        "3653a65040cf9bfd4aca7984a74d37145986780fc0b16ac451649de6188a7dbdf191f64b5fc5e2ab47b57f7f7276cd419c17a3ca8e1b939ae49e488acba6b96561",
        "0b5480109c8b17b80e1b7b750dfc7598d5d5011fd2dcc5600a32ef5b52a1ecc820e308aa342721aac0943bf6686b64b2579376504ccc493d97e6aed3fb0f9cd71a",
        "43dd497f01f17c0e2cb3797aa2a2f256656168e6c496afc5fb93246f6b1116398a346f1a641f3b041e989f7914f90cc2c7fff357876e506b50d334ba77c225bc30",
        "7ba537152f3f1610e4eafe595f6d9d90d11faa933a15ef1369546868a7f3a45a96768d40fd9d03412c091c6315cf4fde7cb68606937380db2eaaa707b4c4185c32",
        "eddcdd306705e4dc1ffc872eeee475a64dfac86aba41c0618983f8741c5ef68d3a101e8a3b8cac60c905c15fc910840b94c00a0b9d0");

    public static TheoryData<string, string, string, string, string> Vectors => new()
    {
        {
            "TEST 1", "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        },
        {
            "TEST 2", "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        },
        {
            "TEST 3", "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
        },
        {
            "TEST 1024", "f5e5767cf153319517630f226876b86c8160cc583bc013744c6bf255f5cc0ee5",
            "278117fc144c72340f67d0f2316e8386ceffbf2b2428c9c51fef7c597f1d426e", LongMessage,
            "0aab4c900501b3e24d7cdf4663326a3a87df5e4843b2cbdb67cbf6e460fec350aa5371b1508f9f4528ecea23c436d94b5e8fcd4f681e30a6ac00a9704a188a03"
        },
        {
            "TEST SHA(abc)", "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
            "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf", Convert.ToHexStringLower(SHA512.HashData("abc"u8)),
            "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704"
        },
    };

    [Theory]
    [MemberData(nameof(Vectors))]
    public void RFC_8032_7_1_keys_and_signatures_are_those_published(string name, string seed, string publicKey, string message, string signature)
    {
        Convert.ToHexStringLower(Ed25519.PublicKey(Bytes(seed))).ShouldBe(publicKey, name);
        Convert.ToHexStringLower(Ed25519.Sign(Bytes(seed), Bytes(message))).ShouldBe(signature, name);
        Ed25519.Verify(Bytes(publicKey), Bytes(message), Bytes(signature)).ShouldBeTrue(name);
    }

    [Fact]
    public void One_bit_moved_anywhere_is_found()
    {
        var seed = RandomNumberGenerator.GetBytes(32);
        var publicKey = Ed25519.PublicKey(seed);
        var message = RandomNumberGenerator.GetBytes(90);
        var signature = Ed25519.Sign(seed, message);
        Ed25519.Verify(publicKey, message, signature).ShouldBeTrue();
        var place = Gen.Choose(0, ((32 + 90 + 64) * 8) - 1);
        Prop.ForAll(place.ToArbitrary(), bit =>
        {
            byte[][] parts = [[.. publicKey], [.. message], [.. signature]];
            var part = bit / 8 < 32 ? 0 : bit / 8 < 122 ? 1 : 2;
            parts[part][(bit / 8) - (part == 0 ? 0 : part == 1 ? 32 : 122)] ^= (byte)(1 << (bit % 8));
            return !Ed25519.Verify(parts[0], parts[1], parts[2]);
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("0100000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05")]
    public void A_key_of_small_order_signs_nothing(string publicKey)
    {
        // With such a key, the signature (R = identity, s = 0) would fit any message.
        byte[] signature = [1, .. new byte[63]];
        Ed25519.Verify(Bytes(publicKey), "any message"u8, signature).ShouldBeFalse();
    }

    [Fact]
    public void A_signature_with_the_order_added_is_not_a_second_signature()
    {
        var (_, _, publicKey, message, signature) = Vectors.Select(row => row.Data).First();
        var moved = Bytes(signature);
        var order = Bytes("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
        var carry = 0;
        for (var i = 0; i < 32; i++)
        {
            carry += moved[32 + i] + order[i];
            moved[32 + i] = (byte)carry;
            carry >>= 8;
        }

        Ed25519.Verify(Bytes(publicKey), Bytes(message), moved).ShouldBeFalse();
    }

    [Fact]
    public void Wrong_lengths_are_no_signature_and_no_seed()
    {
        Ed25519.Verify(new byte[31], [], new byte[64]).ShouldBeFalse();
        Ed25519.Verify(new byte[32], [], new byte[63]).ShouldBeFalse();
        Should.Throw<ArgumentException>(() => Ed25519.PublicKey(new byte[31]));
        Should.Throw<ArgumentException>(() => Ed25519.Sign(new byte[64], []));
        SodiumLibrary.Version.ShouldStartWith("1.");
    }

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex);
}
