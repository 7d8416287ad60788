using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Waymark.Linkage.Private;
using Waymark.Model;
using Waymark.Sodium;
using Xunit;

namespace Waymark.Linkage.Tests.Private;

/// <summary>The token channel: who learns what, and what each side refuses (M42).</summary>
public sealed class TokenChannelTests
{
    private const string Header = "id,given_name,family_name,birth_date,sex,phone";
    private static readonly SodiumRistretto255 Group = SodiumRistretto255.Instance;

    [Fact]
    public void The_holder_finds_its_candidates_across_scripts_and_the_seeker_learns_only_a_number()
    {
        var sought = Keys(MatchSide.Seeker, "s1,محمد,حسن,1990-03-04,M,", "s2,Olena,Kovalenko,1985-01-01,F,", "s3,Nobody,Here,1970-05-05,M,");
        var held = Keys(
            MatchSide.Holder, "h0,Mohammed,Hassan,1990-03-04,M,", "h1,Someone,Else,1990-03-04,M,", "h2,Kovalenko,Olena,1986,F,", "h3,Ana,Novak,1991-07-07,F,");
        var seeker = TokenSeeker.Open(Group, sought, 4096, 64).Value;
        var holder = TokenHolder.Open(Group, Wire(seeker.Offer), held).Value;
        var before = Run(seeker, holder);
        holder.Candidates().Select(c => c.Record).ShouldBe([0, 2]);
        holder.Candidates().ShouldAllBe(c => c.Kinds.SequenceEqual(new[] { "name+year" }));
        before.ShouldBe(64, "padded to the smallest batch, whatever the holder holds");
        seeker.Left.ShouldBe(0);
        seeker.Offer.Tags.Count.ShouldBe(TokenSeeker.Padding);
    }

    [Fact]
    public void Candidates_are_exactly_the_records_with_a_common_key() => Prop.ForAll(
        (from s in Gen.ListOf(Gen.Choose(0, 60)) from h in Gen.ListOf(Gen.Choose(0, 60)) select (Sought: s.ToArray(), Held: h.ToArray())).ToArbitrary(),
        sets =>
        {
            static byte[] Bytes(int n) => BitConverter.GetBytes(n);
            var seeker = TokenSeeker.Open(Group, [.. sets.Sought.Select(n => new MatchKey(0, "n", Bytes(n)))], 1000, 16).Value;
            var holder = TokenHolder.Open(Group, seeker.Offer, [.. sets.Held.Select((n, i) => new MatchKey(i, "n", Bytes(n)))]).Value;
            Run(seeker, holder);
            return holder.Candidates().Select(c => c.Record).SequenceEqual(Enumerable.Range(0, sets.Held.Length).Where(i => sets.Sought.Contains(sets.Held[i])));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(8));

    [Fact]
    public void M42_a_holder_with_a_dictionary_learns_no_more_than_its_budget()
    {
        var sought = Enumerable.Range(0, 50).Select(i => new MatchKey(i, "n", BitConverter.GetBytes(i * 17))).ToList();
        var seeker = TokenSeeker.Open(Group, sought, 128, 64).Value;
        var dictionary = Enumerable.Range(0, 1000).Select(i => new MatchKey(i, "n", BitConverter.GetBytes(i))).ToList();
        var greedy = TokenHolder.Open(Group, seeker.Offer, dictionary).Value;
        seeker.Accept(greedy.Commitment).Error!.Code.ShouldBe("linkage.token-budget");

        // It commits to what is allowed and asks on: every batch beyond the commitment is refused.
        seeker.Accept(greedy.Commitment with { Keys = 128 }).IsOk.ShouldBeTrue();
        var refused = 0;
        while (greedy.Next(64).Value is { } request)
        {
            var reply = seeker.Answer(request);
            refused += reply.IsOk ? 0 : 1;
            if (reply.IsOk)
            {
                greedy.Take(reply.Value).IsOk.ShouldBeTrue();
            }
        }

        refused.ShouldBe(14);
        greedy.Candidates().Count.ShouldBeLessThanOrEqualTo(128);
        seeker.Accept(greedy.Commitment with { Keys = 128 }).Error!.Kind.ShouldBe(ErrorKind.Refused);
    }

    [Fact]
    public void M42_another_key_than_the_committed_one_is_detected()
    {
        var keys = Keys(MatchSide.Holder, "h0,Mohammed,Hassan,1990-03-04,M,0971234567");
        var (honest, other) = (TokenSeeker.Open(Group, keys, 4096, 16).Value, TokenSeeker.Open(Group, keys, 4096, 16).Value);
        var holder = TokenHolder.Open(Group, honest.Offer, keys).Value;
        var request = holder.Next().Value!;
        other.Accept(holder.Commitment with { Epoch = other.Offer.Epoch }).IsOk.ShouldBeTrue();
        var reply = other.Answer(request with { Epoch = other.Offer.Epoch }).Value;
        holder.Take(reply with { Epoch = honest.Offer.Epoch }).Error!.Code.ShouldBe("linkage.token-proof");
        holder.Candidates().ShouldBeEmpty();
    }

    [Fact]
    public void Small_batches_repeats_and_foreign_epochs_are_refused()
    {
        var seeker = TokenSeeker.Open(Group, [], 4096, 32).Value;
        var holder = TokenHolder.Open(Group, seeker.Offer, [.. Enumerable.Range(0, 100).Select(i => new MatchKey(i, "n", BitConverter.GetBytes(i)))]).Value;
        seeker.Answer(holder.Next(32).Value!).Error!.Code.ShouldBe("linkage.token-epoch");
        seeker.Accept(holder.Commitment with { Epoch = new byte[16] }).Error!.Code.ShouldBe("linkage.token-commitment");
        seeker.Accept(holder.Commitment).IsOk.ShouldBeTrue();
        var request = holder.Next(32).Value!;
        seeker.Answer(request with { Blinded = [.. request.Blinded.Take(5)] }).Error!.Code.ShouldBe("linkage.token-batch");
        seeker.Answer(request).IsOk.ShouldBeTrue();
        seeker.Answer(request).Error!.Code.ShouldBe("linkage.token-repeat");
    }

    [Fact]
    public void Over_files_with_a_stop_between_all_steps_the_candidates_are_the_same()
    {
        // 600 keys in batches of 64 are more than one batch of the smallest size, and the last one is full through padding.
        var sought = Enumerable.Range(0, 40).Select(i => new MatchKey(i, "n", BitConverter.GetBytes(i * 17))).ToList();
        var held = Enumerable.Range(0, 600).Select(i => new MatchKey(i, "n", BitConverter.GetBytes(i))).ToList();
        var seeker = TokenSeeker.Open(Group, sought, 0, 64).Value;
        var offer = TokenFileFormat.ReadOffer(TokenFileFormat.Lines(seeker.Offer), "request").Value;
        var key = TokenFileFormat.ReadKey(TokenFileFormat.Lines(seeker.Key), "key").Value;
        var opened = TokenHolder.Open(Group, offer, held).Value;
        var (asked, kept) = opened.AskAll().Value;
        var (ask, hash) = TokenFileFormat.ReadAsk(TokenFileFormat.Lines(asked), "ask").Value;
        hash.Length.ShouldBe(64);
        var named = TokenFileFormat.ReadState(TokenFileFormat.Lines(kept, i => "record, " + i), "state").Value;

        TokenSeeker.Resume(Group, key, 639).Value.Answer(ask).Error!.Code.ShouldBe("linkage.token-budget");
        TokenSeeker.Resume(Group, key, 640).Value.Answer(ask with { Blinded = [.. ask.Blinded, ask.Blinded[0]] }).Error!.Code.ShouldBe("linkage.token-budget");
        var answer = TokenFileFormat.ReadAnswer(TokenFileFormat.Lines(TokenSeeker.Resume(Group, key, 640).Value.Answer(ask).Value), "answer").Value;
        var holder = TokenHolder.Resume(Group, named.State).Value;
        holder.Commitment.Root.ShouldBe(opened.Commitment.Root);
        holder.Take(answer).Value.ShouldBe(36);
        holder.Candidates().Select(c => named.Ids[c.Record]).ShouldBe(Enumerable.Range(0, 36).Select(i => "record, " + (i * 17)));
        KeyTree.Verify(asked.Commitment, holder.OpenKey(3)).ShouldBeTrue();
    }

    [Fact]
    public void M42_an_answer_under_another_key_or_in_another_order_leaves_no_candidate()
    {
        var keys = Keys(MatchSide.Holder, "h0,Mohammed,Hassan,1990-03-04,M,0971234567");
        var (honest, other) = (TokenSeeker.Open(Group, keys, 0, 16).Value, TokenSeeker.Open(Group, keys, 0, 16).Value);
        var (ask, state) = TokenHolder.Open(Group, honest.Offer, keys).Value.AskAll().Value;
        var swapped = new EpochKey(honest.Offer.Epoch, other.Key.Secret, other.Key.PublicKey, 16);
        TokenSeeker.Resume(Group, swapped, 99).Value.Answer(ask).Error!.Code.ShouldBe("linkage.token-epoch");
        var forged = TokenSeeker.Resume(Group, swapped, 99).Value.Answer(ask with { PublicKey = swapped.PublicKey }).Value;
        var right = TokenSeeker.Resume(Group, honest.Key, 99).Value.Answer(ask).Value;
        foreach (var wrong in (TokenAnswer[])[forged, right with { Evaluated = [.. right.Evaluated.Reverse()] }])
        {
            var holder = TokenHolder.Resume(Group, state).Value;
            holder.Take(wrong).Error!.Code.ShouldBe("linkage.token-proof");
            holder.Candidates().ShouldBeEmpty();
        }

        TokenHolder.Resume(Group, state).Value.Take(right with { Evaluated = [.. right.Evaluated.Skip(1)] }).Error!.Code.ShouldBe("linkage.token-answer");
        TokenHolder.Resume(Group, state).Value.Take(right with { Root = new byte[32] }).Error!.Code.ShouldBe("linkage.token-answer");
        TokenSeeker.Resume(Group, new EpochKey(honest.Offer.Epoch, other.Key.Secret, honest.Offer.PublicKey, 16), 99).Error!.Code.ShouldBe("linkage.token-key");
    }

    [Fact]
    public void A_file_that_differs_in_one_place_is_not_read()
    {
        var lines = TokenFileFormat.Lines(TokenSeeker.Open(Group, [], 0, 16).Value.Offer).ToArray();
        lines.Length.ShouldBe(TokenSeeker.Padding + 2);
        foreach (var at in new[] { 0, 1, lines.Length / 2, lines.Length - 2, lines.Length - 1 })
        {
            string[] changed = [.. lines];
            changed[at] = lines[at].Replace(lines[at][^3], lines[at][^3] == 'a' ? 'b' : 'a');
            TokenFileFormat.ReadOffer(changed, "request").IsOk.ShouldBeFalse();
            TokenFileFormat.ReadOffer(lines.Where((_, i) => i != at), "request").IsOk.ShouldBeFalse();
        }

        TokenFileFormat.ReadOffer([.. lines, ""], "request").Error!.Code.ShouldBe("linkage.token-file-damaged");
        TokenFileFormat.ReadOffer([], "request").Error!.Code.ShouldBe("linkage.token-file");
        TokenFileFormat.ReadOffer([TokenFileFormat.Sought + " lines=999999999"], "request").Error!.Kind.ShouldBe(ErrorKind.TooLarge);
    }

    [Fact]
    public void Epochs_cannot_be_joined()
    {
        MatchKey[] keys = [new(0, "n", [1, 2, 3])];
        var (one, two) = (TokenSeeker.Open(Group, keys, 10).Value, TokenSeeker.Open(Group, keys, 10).Value);
        one.Offer.Tags.Select(Convert.ToHexString).Intersect(two.Offer.Tags.Select(Convert.ToHexString)).ShouldBeEmpty();
    }

    [Fact]
    public void Oversight_opens_a_committed_key_and_a_changed_one_fails()
    {
        foreach (var count in new[] { 1, 2, 3, 6, 13, 64 })
        {
            var seeker = TokenSeeker.Open(Group, [], 4096, 1).Value;
            var holder = TokenHolder.Open(Group, seeker.Offer, [.. Enumerable.Range(0, count).Select(i => new MatchKey(i, "n", [(byte)i]))]).Value;
            for (var i = 0; i < holder.Commitment.Keys; i++)
            {
                var opening = holder.OpenKey(i);
                KeyTree.Verify(holder.Commitment, opening).ShouldBeTrue();
                KeyTree.Verify(holder.Commitment, opening with { Key = [99, 99] }).ShouldBeFalse();
                KeyTree.Verify(holder.Commitment, opening with { Index = i + 1 }).ShouldBeFalse();
            }
        }
    }

    private static int Run(TokenSeeker seeker, TokenHolder holder)
    {
        seeker.Accept(Wire(holder.Commitment)).IsOk.ShouldBeTrue();
        var asked = 0;
        while (holder.Next().Value is { } request)
        {
            asked += request.Blinded.Count;
            holder.Take(Wire(seeker.Answer(Wire(request)).Value)).IsOk.ShouldBeTrue();
        }

        return asked;
    }

    /// <summary>Every message crosses as JSON.</summary>
    private static T Wire<T>(T message) => JsonSerializer.Deserialize<T>(JsonSerializer.Serialize(message))!;

    private static IReadOnlyList<MatchKey> Keys(MatchSide side, params string[] rows) => MatchKeys.Of(Tables.Rows(Header, rows), Tables.Knowledge, null, side).Value;
}
