using Shouldly;
using Xunit;

namespace Waymark.Ledger.Tests;

/// <summary>
/// The reference tree of eight entries with which implementations of RFC 6962 are compared since the certificate
/// transparency project (transparency-dev/merkle, testonly), and the paths of C2SP tlog-tiles.
/// </summary>
public sealed class TreeVectorTests
{
    private static readonly byte[][] Inputs =
    [
        [], [0x00], [0x10], [0x20, 0x21], [0x30, 0x31], [0x40, 0x41, 0x42, 0x43],
        [0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
        [0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f],
    ];

    private static readonly string[] Roots =
    [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];

    private const string L01 = "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125";
    private const string L0 = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d";
    private const string L1 = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7";
    private const string L23 = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e";
    private const string L4 = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b";
    private const string L45 = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a";
    private const string L6 = "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f";
    private const string L67 = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0";
    private const string L0123 = "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7";
    private const string L4567 = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4";

    public static TheoryData<int, int, string[]> InclusionProofs => new()
    {
        { 0, 1, [] },
        { 0, 8, [L1, L23, L4567] },
        { 5, 8, [L4, L67, L0123] },
        { 2, 3, [L01] },
        { 1, 5, [L0, L23, L4] },
    };

    public static TheoryData<int, int, string[]> ConsistencyProofs => new()
    {
        { 1, 1, [] },
        { 1, 8, [L1, L23, L4567] },
        { 6, 8, [L45, L67, L0123] },
        { 2, 5, [L23, L4] },
        { 6, 7, [L45, L6, L0123] },
        { 2, 8, [L23, L4567] },
    };

    [Fact]
    public void RFC_6962_roots_of_the_reference_tree_are_those_published()
    {
        var log = new Log();
        for (var size = 0; size <= Inputs.Length; size++)
        {
            log.At(size).Root.ToString().ShouldBe(Roots[size]);
            if (size < Inputs.Length)
            {
                log.Append(Inputs[size]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(InclusionProofs))]
    public void RFC_6962_2_1_1_audit_paths_are_those_published(int index, int size, string[] expected)
    {
        var proof = Proof.Inclusion(index, size, Tree().Read)!;
        proof.Select(hash => hash.ToString()).ShouldBe(expected);
        Proof.IsIncluded(Merkle.Leaf(Inputs[index]), index, size, Hash(Roots[size]), proof).ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(ConsistencyProofs))]
    public void RFC_6962_2_1_2_consistency_proofs_are_those_published(int smaller, int larger, string[] expected)
    {
        var proof = Proof.Consistency(smaller, larger, Tree().Read)!;
        proof.Select(hash => hash.ToString()).ShouldBe(expected);
        Proof.IsConsistent(smaller, Hash(Roots[smaller]), larger, Hash(Roots[larger]), proof).ShouldBeTrue();
    }

    [Theory]
    [InlineData(0, 1234067, 256, "tile/0/x001/x234/067")]
    [InlineData(0, 0, 256, "tile/0/000")]
    [InlineData(1, 0, 17, "tile/1/000.p/17")]
    [InlineData(2, 1000, 1, "tile/2/x001/000.p/1")]
    [InlineData(0, 999, 255, "tile/0/999.p/255")]
    public void C2SP_tlog_tiles_paths_have_elements_of_three_digits(int level, long index, int width, string path) =>
        new Tile(level, index, width).Path.ShouldBe(path);

    [Fact]
    public void C2SP_tlog_tiles_a_tree_of_70000_has_the_tiles_that_the_text_counts()
    {
        // "273 full level 0 tiles, one partial level 0 tile of width 112, one full level 1 tile, one partial level 1 tile
        // of width 17, and one partial level 2 tile of width 1."
        var tiles = Tile.Of(70_000).ToList();
        tiles.Count(t => t is { Level: 0, Width: 256 }).ShouldBe(273);
        tiles.Where(t => t is { Level: 0, Width: < 256 }).ShouldBe([new(0, 273, 112)]);
        tiles.Where(t => t.Level == 1).ShouldBe([new(1, 0, 256), new(1, 1, 17)]);
        tiles.Where(t => t.Level == 2).ShouldBe([new(2, 0, 1)]);
        tiles.Count.ShouldBe(277);
        Tile.Of(256).ShouldBe([new(0, 0, 256), new(1, 0, 1)]);
        new Tile(0, 273, 112).EntriesPath.ShouldBe("tile/entries/273.p/112");
    }

    [Fact]
    public void C2SP_tlog_tiles_bundles_put_the_length_in_two_bytes_before_each_entry()
    {
        var bundle = EntryBundle.Write([new byte[] { 7 }, Array.Empty<byte>(), new byte[300]]);
        bundle[..5].ShouldBe([0, 1, 7, 0, 0]);
        bundle[5..7].ShouldBe([1, 44]);
        EntryBundle.Read(bundle)!.Select(entry => entry.Length).ShouldBe([1, 0, 300]);
        EntryBundle.Read(bundle.AsMemory(0, bundle.Length - 1)).ShouldBeNull();
        EntryBundle.Read(bundle.AsMemory(0, 4)).ShouldBeNull();
    }

    private static Log Tree()
    {
        var log = new Log();
        Array.ForEach(Inputs, log.Append);
        return log;
    }

    private static TreeHash Hash(string hex) => new(Convert.FromHexString(hex));
}
