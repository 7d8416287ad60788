using Waymark.App.CommandLine;
using Waymark.App.Configuration;
using Waymark.App.Hosting;
using Waymark.Evidence.Contracts;
using Waymark.Model;
using Waymark.Site.Tests.Support;

namespace Waymark.Site.Tests.CommandLine;

/// <summary>Each exit code of rulings.md, once and for the reason it stands for.</summary>
public sealed class ExitCodeTests
{
    [Fact]
    public async Task Zero_when_done()
    {
        using var call = new Called();
        (await call.RunAsync("query", "unhcr/population", "--where", "area=DEU", "--format", "csv")).Code.ShouldBe(ExitCode.Done);
        call.Output.ShouldStartWith("area,origin,sex,period,value,status,unit,");
    }

    [Fact]
    public async Task One_for_a_bug_with_a_reference_and_without_the_words_that_were_typed()
    {
        using var call = new Called();
        call.Opener = new TestOpener(time => new FakeEvidence(time) { Breaks = () => new InvalidOperationException("broken part") });
        (await call.RunAsync("query", "unhcr/population", "--where", "area=SECRETWORD")).Code.ShouldBe(ExitCode.Bug);
        call.Error.ShouldContain("reference ");
        call.Error.ShouldNotContain("SECRETWORD");
    }

    [Theory]
    [InlineData("qury")]
    [InlineData("query")]
    [InlineData("query", "unhcr/population", "--form", "csv")]
    [InlineData("query", "unhcr/population", "--from", "20twenty")]
    [InlineData("query", "unhcr/population", "--where", "area")]
    [InlineData("query", "unhcr/population", "--format", "cvs")]
    [InlineData("query", "unhcr/population", "--measure", "summ")]
    [InlineData("diff", "--from", "2024-02-01", "--to", "2024-01-01")]
    [InlineData("user", "add", "Ann", "--role", "king")]
    public async Task Two_for_wrong_usage(params string[] words)
    {
        using var call = new Called();
        (await call.RunAsync(words)).Code.ShouldBe(ExitCode.Usage, call.Error);
        call.Output.ShouldBeEmpty();
    }

    [Fact]
    public async Task Three_when_rows_were_kept_aside_or_files_left_out()
    {
        using var call = new Called();
        call.Write("faulty.csv", "x");
        (await call.RunAsync("import", "faulty.csv")).Code.ShouldBe(ExitCode.Faults);
        call.Output.ShouldContain("row.too-short");
        call.Write("good.csv", "x");
        call.Write("strange.csv", "x");
        (await call.RunAsync("import", "good.csv", "strange.csv")).Code.ShouldBe(ExitCode.Faults);
    }

    [Fact]
    public async Task Three_when_a_check_finds_an_error_that_nobody_waived()
    {
        using var call = new Called();
        (await call.RunAsync("check")).Code.ShouldBe(ExitCode.Faults);
        (await call.RunAsync("check", "unhcr/population")).Code.ShouldBe(ExitCode.Done);
    }

    [Theory]
    [InlineData("series", "no/such")]
    [InlineData("query", "no/such")]
    [InlineData("import", "missing.csv")]
    [InlineData("import", "*.nothing")]
    [InlineData("jobs", "show", "J-none")]
    [InlineData("user", "reset", "nobody")]
    public async Task Four_when_there_is_no_such_thing(params string[] words)
    {
        using var call = new Called();
        (await call.RunAsync(words)).Code.ShouldBe(ExitCode.NotFound, call.Error);
    }

    [Fact]
    public async Task Five_when_refused_M50_a_list_of_persons()
    {
        using var call = new Called();
        call.Write("names.csv", "x");
        (await call.RunAsync("import", "names.csv")).Code.ShouldBe(ExitCode.Refused);
        call.Output.ShouldContain("list of persons");
    }

    [Fact]
    public async Task Six_for_a_conflict()
    {
        using var call = new Called();
        (await call.RunAsync("user", "add", "Ann", "--role", "reader")).Code.ShouldBe(ExitCode.Done, call.Error);
        (await call.RunAsync("user", "add", "ann", "--role", "reader")).Code.ShouldBe(ExitCode.Conflict);
    }

    [Fact]
    public async Task Seven_when_the_other_side_does_not_answer()
    {
        using var call = new Called { Opener = new Away() };
        (await call.RunAsync("series", "--json")).Code.ShouldBe(ExitCode.Unreachable);
        call.Error.ShouldContain("\"retry\":true");
    }

    [Theory]
    [InlineData(ExitCode.Interrupted)]
    [InlineData(ExitCode.Terminated)]
    public async Task Stopped_work_says_whose_wish_it_was(int code)
    {
        using var call = new Called();
        using var stop = new StopSignal();
        call.Write("a.csv", "x");
        call.Opener = new TestOpener(time => new FakeEvidence(time)
        {
            BeforeImport = cancellationToken =>
            {
                stop.Ask(code).ShouldBeTrue();
                stop.Ask(code).ShouldBeFalse("the second asking ends at once");
                cancellationToken.ThrowIfCancellationRequested();
                return Task.CompletedTask;
            },
        });
        (await call.RunAsync(stop, "import", "a.csv")).Code.ShouldBe(code);
    }

    private sealed class Away : IPlatformOpener
    {
        public Task<Result<StorePlatform>> OpenStoreAsync(Settings settings, TimeProvider time, CancellationToken cancellationToken) =>
            Task.FromResult<Result<StorePlatform>>(Error.Unavailable("store.unavailable", "The store does not answer.", "存储没有响应。"));

        public Task<Result<EvidencePlatform>> OpenEvidenceAsync(StorePlatform store, CancellationToken cancellationToken) => throw new InvalidOperationException();
    }
}
