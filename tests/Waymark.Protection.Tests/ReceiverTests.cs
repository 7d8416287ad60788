using Waymark.Ledger;
using Waymark.Protection.Contracts;
using Waymark.Protection.Features;
using Waymark.Sodium;

namespace Waymark.Protection.Tests;

/// <summary>M53: who may be sent lists of persons, and to which key they are sealed: two persons enter it, it ends by itself, one ends it at once.</summary>
public sealed class ReceiverTests
{
    private static readonly Actor s_second = new("oversight-1", "oversight", ["oversight/south"], true, "key-oversight");
    private static readonly ReceiverKey s_key = new("network.example", SodiumSealedBox.Instance.PublicKey([.. Enumerable.Repeat((byte)7, 32)]));
    private static readonly NewReceiver s_new = new("Harbour Network", "humanitarian-organisation", "TUN", s_key.ToString(), 30);

    [Fact]
    public async Task M53_a_key_is_in_force_when_a_second_person_typed_its_fingerprint_and_until_its_day()
    {
        await using var desk = await Desk.OpenAsync(adopted: false);
        var receivers = new Receivers(desk.Store, desk.Keys, desk.Clock);
        var made = (await receivers.ProposeAsync(Desk.Legal, s_new, default)).Value;
        (made.State, made.IsOwn).ShouldBe((ReceiverState.Proposed, true));
        (await receivers.FindAsync(made.Id, default)).ShouldBeNull("one is not two");
        (await receivers.ProposeAsync(Desk.Legal, s_new, default)).Error!.Code.ShouldBe("receiver.known");
        desk.Clock.Advance(TimeSpan.FromMinutes(3));
        (await receivers.ConfirmAsync(s_second, made.Id, s_key.Fingerprint[..^1] + "x", default)).Error!.Code.ShouldBe("receiver.fingerprint");
        (await receivers.ConfirmAsync(s_second, made.Id, s_key.Fingerprint.Replace(" ", "", StringComparison.Ordinal), default)).Value.State.ShouldBe(ReceiverState.InForce);
        (await receivers.ConfirmAsync(s_second, made.Id, s_key.Fingerprint, default)).Error!.Code.ShouldBe("receiver.unknown");
        (await receivers.FindAsync(made.Id, default))!.Key.ToString().ShouldBe(s_key.ToString());
        desk.Clock.Advance(TimeSpan.FromDays(30));
        (await receivers.FindAsync(made.Id, default)).ShouldBeNull();
        (await receivers.ListAsync(null, default)).Single().State.ShouldBe(ReceiverState.Expired);
        (await receivers.ProposeAsync(Desk.Legal, s_new, default)).IsOk.ShouldBeTrue("entered anew, by two again");
    }

    /// <summary>Who would confirm, and what stops it.</summary>
    public static TheoryData<string, string> Seconds => new()
    {
        { "the first", "two.same-account" }, { "no key", "two.credential" }, { "same key", "two.same-device" }, { "same unit", "two.same-unit" }, { "at once", "two.too-quick" },
        { "a case worker", "receiver.role" }, { "after a week", "receiver.unknown" },
    };

    [Theory]
    [MemberData(nameof(Seconds))]
    public async Task M53_each_shared_trait_alone_refuses_the_second_person(string who, string code)
    {
        await using var desk = await Desk.OpenAsync(adopted: false);
        var receivers = new Receivers(desk.Store, desk.Keys, desk.Clock);
        var made = (await receivers.ProposeAsync(Desk.Legal, s_new, default)).Value;
        desk.Clock.Advance(who switch { "at once" => TimeSpan.FromSeconds(119), "after a week" => TimeSpan.FromDays(7), _ => TimeSpan.FromMinutes(3) });
        var second = who switch
        {
            "the first" => Desk.Legal, "no key" => s_second with { IsHardware = false }, "same key" => s_second with { Credential = Desk.Legal.Credential },
            "same unit" => s_second with { Units = Desk.Legal.Units }, "a case worker" => s_second with { Role = "case-worker" }, _ => s_second,
        };
        (await receivers.ConfirmAsync(second, made.Id, s_key.Fingerprint, default)).Error!.Code.ShouldBe(code);
        (await receivers.FindAsync(made.Id, default)).ShouldBeNull();
    }

    [Fact]
    public async Task A_receiver_that_is_not_one_is_not_laid_down_and_one_person_ends_it_with_a_reason()
    {
        await using var desk = await Desk.OpenAsync(adopted: false);
        var receivers = new Receivers(desk.Store, desk.Keys, desk.Clock);
        (await receivers.ProposeAsync(Desk.Worker, s_new, default)).Error!.Code.ShouldBe("receiver.role");
        (await receivers.ProposeAsync(Desk.Legal with { IsHardware = false }, s_new, default)).Error!.Code.ShouldBe("two.credential");
        (await receivers.ProposeAsync(Desk.Legal, s_new with { Key = "network.example" }, default)).Error!.Code.ShouldBe("sealed.bad-key");
        foreach (var wrong in new[] { s_new with { Organisation = " " }, s_new with { Type = "none" }, s_new with { Type = "" }, s_new with { Area = "tun" }, s_new with { Area = "Tunis" }, s_new with { Days = 0 }, s_new with { Days = 367 } })
        {
            (await receivers.ProposeAsync(Desk.Legal, wrong, default)).Error!.Code.ShouldBe("receiver.invalid", wrong.ToString());
        }

        (await receivers.ProposeAsync(Desk.Legal, s_new with { Review = "/cases/transfer-review" }, default)).Error!.Code.ShouldBe("receiver.review");
        var review = new string('a', 32);
        var made = (await receivers.ProposeAsync(Desk.Legal, s_new with { Review = $" https://node.example/cases/transfer-review/{review}?unit=x " }, default)).Value;
        (made.Review, made.Type).ShouldBe((review, "humanitarian-organisation"));
        (await receivers.WithdrawAsync(Desk.Worker, made.Id, "no", default)).Error!.Code.ShouldBe("receiver.role");
        (await receivers.WithdrawAsync(s_second, made.Id, " ", default)).Error!.Code.ShouldBe("receiver.invalid");
        (await receivers.WithdrawAsync(s_second, made.Id, "their office was searched", default)).Value.State.ShouldBe(ReceiverState.Withdrawn);
        desk.Clock.Advance(TimeSpan.FromMinutes(3));
        (await receivers.ConfirmAsync(s_second, made.Id, s_key.Fingerprint, default)).Error!.Code.ShouldBe("receiver.unknown");
    }
}
