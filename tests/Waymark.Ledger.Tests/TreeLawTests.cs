using System.Security.Cryptography;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Waymark.Ledger.Tests;

/// <summary>The tiled tree against the definition of RFC 6962, on generated sizes.</summary>
public sealed class TreeLawTests
{
    private static readonly byte[][] Entries = [.. Enumerable.Range(0, 1_400).Select(i => Log.Seed($"entry {i}"))];
    private static readonly Log Grown = Grow();

    private static readonly Gen<(int Smaller, int Larger)> Sizes =
        from larger in Gen.Choose(1, 700)
        from smaller in Gen.Choose(1, larger)
        select (smaller, larger);

    [Fact]
    public void Every_root_is_the_root_of_the_definition()
    {
        foreach (var size in (int[])[0, 1, 2, 3, 255, 256, 257, 511, 512, 513, 700, 1_399, 1_400])
        {
            Grown.At(size).Root.ShouldBe(NaiveTree.Root(Entries.AsSpan(0, size)), $"size {size}");
        }
    }

    [Fact]
    public void Inclusion_proofs_are_those_of_the_definition_and_hold() =>
        Prop.ForAll(Sizes.ToArbitrary(), pair =>
        {
            var (index, size) = (pair.Smaller - 1, pair.Larger);
            var proof = Proof.Inclusion(index, size, Grown.Read)!;
            return proof.SequenceEqual(NaiveTree.Path(index, Entries.AsSpan(0, size)))
                && Proof.IsIncluded(Merkle.Leaf(Entries[index]), index, size, Grown.At(size).Root, proof)
                && !Proof.IsIncluded(Merkle.Leaf(Entries[index + 1]), index, size, Grown.At(size).Root, proof)
                && !Proof.IsIncluded(Merkle.Leaf(Entries[index]), index + 1, size, Grown.At(size).Root, proof);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Consistency_proofs_are_those_of_the_definition_and_hold() =>
        Prop.ForAll(Sizes.ToArbitrary(), pair =>
        {
            var proof = Proof.Consistency(pair.Smaller, pair.Larger, Grown.Read)!;
            var (smaller, larger) = (Grown.At(pair.Smaller).Root, Grown.At(pair.Larger).Root);
            return proof.SequenceEqual(NaiveTree.Proof(pair.Smaller, Entries.AsSpan(0, pair.Larger)))
                && Proof.IsConsistent(pair.Smaller, smaller, pair.Larger, larger, proof)
                && !Proof.IsConsistent(pair.Smaller, Merkle.Node(smaller, smaller), pair.Larger, larger, proof)
                && !Proof.IsConsistent(pair.Smaller, smaller, pair.Larger, Merkle.Node(larger, larger), proof);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_proof_with_one_hash_changed_dropped_or_added_does_not_hold() =>
        Prop.ForAll((from pair in Sizes from place in Gen.Choose(0, 20) select (pair, place)).ToArbitrary(), item =>
        {
            var ((smaller, larger), place) = item;
            var inclusion = Proof.Inclusion(smaller - 1, larger, Grown.Read)!;
            var consistency = Proof.Consistency(smaller, larger, Grown.Read)!;
            return Broken(inclusion, place).All(proof => !Proof.IsIncluded(Merkle.Leaf(Entries[smaller - 1]), smaller - 1, larger, Grown.At(larger).Root, proof))
                && Broken(consistency, place).All(proof => !Proof.IsConsistent(smaller, Grown.At(smaller).Root, larger, Grown.At(larger).Root, proof));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_tree_loaded_from_its_tiles_grows_like_one_that_was_never_put_down() =>
        Prop.ForAll(Gen.Choose(0, 1_390).ToArbitrary(), size =>
        {
            var edge = TreeEdge.Load(size, Grown.Read)!;
            edge.Append(Merkle.Leaf(Entries[size]));
            return edge.Root() == Grown.At(size + 1).Root;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_empty_tree_is_the_beginning_of_every_tree_and_of_nothing_else()
    {
        Proof.IsConsistent(0, Merkle.EmptyRoot, 7, Grown.At(7).Root, []).ShouldBeTrue();
        Proof.IsConsistent(0, Grown.At(1).Root, 7, Grown.At(7).Root, []).ShouldBeFalse();
        Proof.IsConsistent(0, Merkle.EmptyRoot, 0, Grown.At(7).Root, []).ShouldBeFalse();
        Proof.IsConsistent(8, Grown.At(8).Root, 7, Grown.At(7).Root, []).ShouldBeFalse();
        Proof.IsIncluded(Merkle.Leaf([]), 0, 0, Merkle.EmptyRoot, []).ShouldBeFalse();
        Proof.IsIncluded(Merkle.Leaf([]), -1, 5, Merkle.EmptyRoot, []).ShouldBeFalse();
    }

    [Fact]
    public void Without_its_tiles_there_is_no_proof_and_no_root()
    {
        Proof.Inclusion(3, 8, _ => null).ShouldBeNull();
        Proof.Consistency(3, 8, _ => null).ShouldBeNull();
        TreeHashes.Root(8, _ => null).ShouldBeNull();
        TreeEdge.Load(8, _ => null).ShouldBeNull();
        Proof.Inclusion(3, 8, _ => new byte[32]).ShouldBeNull();
    }

    private static IEnumerable<IReadOnlyList<TreeHash>> Broken(IReadOnlyList<TreeHash> proof, int place)
    {
        yield return [.. proof, TreeHash.Of(RandomNumberGenerator.GetBytes(8))];
        if (proof.Count > 0)
        {
            place %= proof.Count;
            yield return [.. proof.Take(place), .. proof.Skip(place + 1)];
            yield return [.. proof.Take(place), Merkle.Node(proof[place], proof[place]), .. proof.Skip(place + 1)];
        }
    }

    private static Log Grow()
    {
        var log = new Log();
        Array.ForEach(Entries, log.Append);
        return log;
    }
}
