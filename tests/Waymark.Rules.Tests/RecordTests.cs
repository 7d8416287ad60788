using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Waymark.Rules.Tests;

/// <summary>What is kept of a decision, and what travels with data.</summary>
public sealed class RecordTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 21, 9, 30, 0, TimeSpan.Zero);

    private static readonly RulePackSet s_set = RulePackSet.Compile(Sample.Standard.Vocabulary!, Sample.Standard.Packs).Value;

    private static RulePackSet Compiled(params string[] packs) => Sample.Library(packs) is var library ? RulePackSet.Compile(library.Vocabulary!, library.Packs).Value : null!;

    [Fact]
    public void Replay_of_an_old_decision_gives_the_same_bytes()
    {
        var requests = new Requests(Sample.Standard, 99);
        var facts = s_set.NewRequest();
        for (var i = 0; i < 300; i++)
        {
            requests.Next(facts);
            var record = DecisionRecord.Of(s_set.Explain(facts), s_now, "salt"u8);
            var elsewhere = Compiled(Sample.Floor, Sample.Harbour);
            var again = AuthZen.Read(elsewhere.Vocabulary, DecisionRecord.RequestBytes(facts)).Value;
            record.Replay(elsewhere, again, "salt"u8).Value.ToBytes().ShouldBe(record.ToBytes());
        }
    }

    [Fact]
    public void Another_pack_request_or_outcome_is_told_apart()
    {
        var request = EngineTests.Request(s_set, ("action", "read"), ("purpose", "aid"));
        var record = DecisionRecord.Of(s_set.Explain(request), s_now, "salt"u8);
        var other = Compiled(Sample.Floor, Sample.Harbour.Replace("value: 72", "value: 73", StringComparison.Ordinal));
        record.Replay(other, AuthZen.Read(other.Vocabulary, DecisionRecord.RequestBytes(request)).Value, "salt"u8).Error!.Code.ShouldBe("rules.replay-packs");
        record.Replay(s_set, EngineTests.Request(s_set, ("action", "read"), ("purpose", "statistics")), "salt"u8).Error!.Code.ShouldBe("rules.replay-request");
        (record with { OutcomeHash = new string('0', 64) }).Replay(s_set, request, "salt"u8).Error!.Code.ShouldBe("rules.replay-outcome");
        record.Replay(s_set, request, "other salt"u8).Error!.Code.ShouldBe("rules.replay-request", "without the salt the record says nothing about the request");
        Encoding.UTF8.GetString(record.ToBytes()).ShouldNotContain("aid");
    }

    [Fact]
    public void What_is_derived_carries_every_burden_of_its_parents()
    {
        var names = Gen.Elements("DEU", "CHN", "no-police", "no-public").ListOf().Select(list => (IReadOnlySet<string>)list.ToHashSet());
        var purposes = Gen.OneOf(Gen.Constant<IReadOnlySet<string>?>(null), Gen.Elements("aid", "statistics", "tracing").ListOf().Select(list => (IReadOnlySet<string>?)list.ToHashSet()));
        var dates = Gen.OneOf(Gen.Constant<DateTimeOffset?>(null), Gen.Choose(0, 900).Select(days => (DateTimeOffset?)s_now.AddDays(days)));
        var handling = Gen.Choose(0, 5).Zip(names, (level, restricted) => (level, restricted)).Zip(purposes, (pair, purpose) => (pair.level, pair.restricted, purpose))
            .Zip(dates, (part, date) => new Handling(part.level, part.restricted, part.purpose, date));
        Prop.ForAll(handling.ListOf().ToArbitrary(), parents =>
        {
            var child = Handling.Derive(parents);
            return parents.All(parent => child.Level >= parent.Level && child.Restrictions.IsSupersetOf(parent.Restrictions)
                    && (parent.Purposes is null || (child.Purposes is not null && child.Purposes.IsSubsetOf(parent.Purposes)))
                    && (parent.DeleteBy is null || child.DeleteBy <= parent.DeleteBy))
                && child == Handling.Derive(Enumerable.Reverse(parents)) && child == Handling.Derive([Handling.Derive(parents.Take(2)), .. parents.Skip(2)])
                && Handling.Derive([child, child]) == child && Handling.Derive([.. parents, Handling.Free]) == child;
        }).QuickCheckThrowOnFailure();
    }
}
