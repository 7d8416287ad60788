using Shouldly;
using Waymark.App.CommandLine;
using Waymark.App.CommandLine.Commands;
using Waymark.Site.Tests.Support;
using Xunit;

namespace Waymark.Site.Tests.CommandLine;

/// <summary>The doctor does not ask the clock whether the clock is right.</summary>
public sealed class DoctorTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_clock_that_agrees_with_build_store_and_server_is_well()
    {
        var finding = ClockCheck.Of(Now, Now.AddDays(-30), Now.AddMinutes(-5), TimeSpan.FromSeconds(0.2), "chrony");
        finding.Ok.ShouldBeTrue();
        finding.Found.ShouldContain("0.2 s against the database server");
        finding.Found.ShouldContain("kept by chrony");
        ClockCheck.Of(Now, Now.AddDays(-30), null, null, null).Found.ShouldContain("no time server known");
    }

    [Theory]
    [InlineData(-400, null, null, "the program was built on")]
    [InlineData(0, 3600.0, null, "the store holds what was written at")]
    [InlineData(0, null, 90.0, "90.0 s ahead of that of the database server")]
    [InlineData(0, null, -3600.0, "3600.0 s behind that of the database server")]
    public void A_clock_set_wrong_is_told_by_what_contradicts_it(int daysFromBuild, double? storeAhead, double? ahead, string told)
    {
        var finding = ClockCheck.Of(Now, Now.AddDays(-daysFromBuild), storeAhead is { } seconds ? Now.AddSeconds(seconds) : null, ahead is { } apart ? TimeSpan.FromSeconds(apart) : null, null);
        finding.Ok.ShouldBeFalse();
        finding.Error!.Message.In("en").ShouldContain(told);
        finding.Error.Message.In("zh").ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_machine_whose_clock_went_back_behind_its_store_is_told_so()
    {
        var clock = new FakeClock(new(2050, 1, 1, 0, 0, 0, TimeSpan.Zero));
        using var call = new Called { Time = clock, Opener = new App.Hosting.PlatformOpener() };
        (await call.RunAsync("series")).Code.ShouldBe(ExitCode.Done, call.Error); // loads the reference evidence, as known from that day
        clock.Advance(TimeSpan.FromDays(-30));
        (await call.RunAsync("doctor")).Code.ShouldBe(ExitCode.Faults);
        call.Output.ShouldContain("the store holds what was written at");
    }
}
