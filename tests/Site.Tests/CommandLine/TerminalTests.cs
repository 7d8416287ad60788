using Waymark.App.CommandLine;
using Waymark.App.Output;
using Waymark.Site.Tests.Support;

namespace Waymark.Site.Tests.CommandLine;

public sealed class TerminalTests
{
    [Theory]
    [InlineData("abc", 3)]
    [InlineData("王国", 4)]
    [InlineData("a王b", 4)]
    [InlineData("e\u0301", 1)]
    [InlineData("한국", 4)]
    [InlineData("", 0)]
    public void A_Chinese_character_counts_two_columns_and_a_combining_mark_none(string text, int columns) => CellWidth.Of(text).ShouldBe(columns);

    [Fact]
    public void A_value_from_a_file_cannot_move_the_cursor()
    {
        using var writer = new StringWriter();
        var table = new TextTable(new TextTable.Column("name"));
        table.Add("evil\u001b[2J\u0007");
        table.Write(writer);
        writer.ToString().ShouldNotContain("\u001b");
        writer.ToString().ShouldNotContain("\u0007");
    }

    [Theory]
    [InlineData("zh_CN.UTF-8", null, "zh")]
    [InlineData("en_US.UTF-8", null, "en")]
    [InlineData("zh_CN.UTF-8", "en", "en")]
    [InlineData("de_DE.UTF-8", null, "en")]
    [InlineData("", "zh", "zh")]
    public void The_language_is_the_one_asked_for_else_that_of_the_environment(string lang, string? asked, string expected) =>
        Language.Choose(asked, new Dictionary<string, string> { ["LANG"] = lang }).Tag.ShouldBe(expected);

    [Fact]
    public void Progress_is_silent_for_a_second_then_one_line_each_tenth()
    {
        var clock = new TickingClock();
        using var writer = new StringWriter();
        var line = new ProgressLine(writer, ProgressStyle.Plain, clock);
        line.Say("files", 1, 66, "a.csv");
        writer.ToString().ShouldBeEmpty();
        clock.Advance(TimeSpan.FromSeconds(2));
        for (var done = 2; done <= 66; done++)
        {
            line.Say("files", done, 66, "a.csv");
        }

        var lines = writer.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Length.ShouldBeInRange(9, 12);
        lines[0].ShouldStartWith("2/66 files, a.csv, 2 s");
    }

    [Fact]
    public async Task Progress_as_JSON_goes_to_stderr_and_every_line_is_one_object()
    {
        using var call = new Called();
        call.Write("a.csv", "x");
        await call.RunAsync("import", "a.csv", "--progress=json", "--json");
        var lines = call.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.ShouldNotBeEmpty();
        lines.ShouldAllBe(line => System.Text.Json.JsonDocument.Parse(line, default).RootElement.GetProperty("progress").GetProperty("done").GetInt64() >= 0);
    }

    private sealed class TickingClock : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Advance(TimeSpan by) => _ticks += by.Ticks;
    }
}
