using System.Security.Cryptography;
using System.Text;
using Shouldly;
using Xunit;

namespace Waymark.Ledger.Tests;

/// <summary>Leaves and commitments: what they bind, what they hide, what stays after erasing.</summary>
public sealed class LeafTests
{
    [Fact]
    public void Every_leaf_has_the_same_length_and_comes_back_the_same()
    {
        var leaf = Log.LeafAt(Log.Start, 1);
        leaf.Encode().Length.ShouldBe(LedgerLeaf.Length);
        LedgerLeaf.Length.ShouldBe(113);
        LedgerLeaf.Decode(leaf.Encode()).ShouldBe(leaf);
        leaf.Id.At.ShouldBe(Log.Start);
        LeafId.TryParse(leaf.Id.ToString(), out var id).ShouldBeTrue();
        id.ShouldBe(leaf.Id);
        LedgerLeaf.Decode(new byte[113]).ShouldBeNull();
        LedgerLeaf.Decode(new byte[112]).ShouldBeNull();
        LeafId.TryParse("12", out _).ShouldBeFalse();
    }

    [Fact]
    public void A_commitment_binds_salt_leaf_slot_and_value()
    {
        var salt = RandomNumberGenerator.GetBytes(32);
        var leaf = LeafId.New(Log.Start);
        var made = Commitment.To(salt, leaf, CommitmentSlot.Actor, "officer 7"u8);
        Commitment.To(salt, leaf, CommitmentSlot.Actor, "officer 7"u8).ShouldBe(made);
        Commitment.To(RandomNumberGenerator.GetBytes(32), leaf, CommitmentSlot.Actor, "officer 7"u8).ShouldNotBe(made);
        Commitment.To(salt, LeafId.New(Log.Start), CommitmentSlot.Actor, "officer 7"u8).ShouldNotBe(made);
        Commitment.To(salt, leaf, CommitmentSlot.Subject, "officer 7"u8).ShouldNotBe(made);
        Commitment.To(salt, leaf, CommitmentSlot.Actor, "officer 8"u8).ShouldNotBe(made);
        Should.Throw<ArgumentException>(() => Commitment.To(new byte[31], leaf, CommitmentSlot.Actor, []));
    }

    [Fact]
    public void Joined_commitments_open_one_by_one_and_bind_their_order()
    {
        var leaf = LeafId.New(Log.Start);
        var parts = Enumerable.Range(0, 3).Select(i => Commitment.To(Log.Seed($"salt {i}"), leaf, CommitmentSlot.Subject, Encoding.UTF8.GetBytes($"person {i}"))).ToList();
        var joined = Commitment.Join(parts);
        // The second person is erased: the first is still provable from the parts that were kept.
        parts[0].ShouldBe(Commitment.To(Log.Seed("salt 0"), leaf, CommitmentSlot.Subject, "person 0"u8));
        Commitment.Join([parts[0], Commitment.Read(Convert.FromHexString(parts[1].ToString())), parts[2]]).ShouldBe(joined);
        Commitment.Join([parts[1], parts[0], parts[2]]).ShouldNotBe(joined);
        Commitment.Join([parts[0], parts[1]]).ShouldNotBe(joined);
        Commitment.Join([parts[0]]).ShouldBe(parts[0]);
    }

    [Fact]
    public void Erasing_a_person_leaves_every_proof_valid_and_nothing_to_recognise()
    {
        var salts = new Dictionary<string, byte[]> { ["anna"] = Log.Seed("a"), ["bela"] = Log.Seed("b"), ["officer"] = Log.Seed("o") };
        var log = new Log();
        var leaves = new List<(LedgerLeaf Leaf, string Person)>();
        for (var i = 0; i < 520; i++)
        {
            var (id, person) = (LeafId.New(Log.Start.AddSeconds(i)), i % 3 == 0 ? "anna" : "bela");
            var leaf = new LedgerLeaf(id, Commitment.To(salts["officer"], id, CommitmentSlot.Actor, "officer"u8),
                Commitment.To(salts[person], id, CommitmentSlot.Subject, Encoding.UTF8.GetBytes(person)),
                Commitment.To(salts[person], id, CommitmentSlot.Content, "read"u8));
            leaves.Add((leaf, person));
            log.Append(leaf.Encode());
        }

        var proofs = Enumerable.Range(0, 520).Select(i => Proof.Inclusion(i, 520, log.Read)!).ToList();
        var before = log.Signed(520);
        salts.Remove("anna");

        LedgerVerifier.Verify(Log.Ed25519, log.Export(520), log.Question(before)).Holds.ShouldBeTrue();
        for (var i = 0; i < 520; i++)
        {
            Proof.IsIncluded(Merkle.Leaf(log.Entries[i]), i, 520, log.At(520).Root, proofs[i]).ShouldBeTrue();
        }

        // M79: the officer's readings stay countable, those of the erased person included.
        leaves.Count(l => l.Leaf.Actor == Commitment.To(salts["officer"], l.Leaf.Id, CommitmentSlot.Actor, "officer"u8)).ShouldBe(520);
        // Without the salt the person's name fits no leaf, under no salt that is left.
        leaves.Count(l => salts.Values.Any(salt => l.Leaf.Subject == Commitment.To(salt, l.Leaf.Id, CommitmentSlot.Subject, "anna"u8))).ShouldBe(0);
    }

    [Fact]
    public void M82_padding_is_known_only_to_whoever_holds_its_key()
    {
        var key = RandomNumberGenerator.GetBytes(32);
        var padding = LedgerLeaf.Padding(key, Log.Start);
        padding.Encode().Length.ShouldBe(LedgerLeaf.Length);
        padding.IsPadding(key).ShouldBeTrue();
        LedgerLeaf.Decode(padding.Encode())!.IsPadding(key).ShouldBeTrue();
        padding.IsPadding(RandomNumberGenerator.GetBytes(32)).ShouldBeFalse();
        Log.LeafAt(Log.Start, 1).IsPadding(key).ShouldBeFalse();
        (padding with { Actor = Commitment.None() }).IsPadding(key).ShouldBeFalse();
    }
}
