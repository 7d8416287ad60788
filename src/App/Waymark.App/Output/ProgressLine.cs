using System.Globalization;
using System.Text.Json;
using Waymark.App.CommandLine;

namespace Waymark.App.Output;

public enum ProgressStyle { Silent, Line, Plain, Json }

/// <summary>
/// Progress on stderr, never a bar without numbers. Nothing in the first second; then on a terminal one line that is
/// rewritten, elsewhere a plain line each tenth or each 30 s, or one JSON object a line.
/// </summary>
public sealed class ProgressLine(TextWriter writer, ProgressStyle style, TimeProvider time)
{
    private static readonly TimeSpan s_quiet = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_rewrite = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_plain = TimeSpan.FromSeconds(30);
    private readonly Lock _gate = new();
    private readonly long _started = time.GetTimestamp();
    private TimeSpan _last = TimeSpan.MinValue;
    private int _lastTenth = -1;
    private int _drawn;

    public static ProgressStyle Choose(CommandContext context, string? asked) => asked == "json" ? ProgressStyle.Json
        : context.Quiet || asked == "none" ? ProgressStyle.Silent
        : asked != "plain" && context.Terminal.ErrorIsTerminal && context.Terminal.Variable("CI") is null ? ProgressStyle.Line
        : ProgressStyle.Plain;

    /// <summary>Says where the work is. <paramref name="of"/> null: the total is not known.</summary>
    public void Say(string what, long done, long? of, string detail)
    {
        lock (_gate)
        {
            var elapsed = time.GetElapsedTime(_started);
            if (style == ProgressStyle.Json)
            {
                writer.WriteLine(JsonSerializer.Serialize(
                    new { progress = new { what, done, of, detail, seconds = Math.Round(elapsed.TotalSeconds, 3) } }, JsonOutput.Options));
                return;
            }

            if (style == ProgressStyle.Silent || elapsed < s_quiet)
            {
                return;
            }

            var text = of is > 0
                ? string.Create(CultureInfo.InvariantCulture, $"{done}/{of} {what}, {detail}, {elapsed.TotalSeconds:0} s")
                : string.Create(CultureInfo.InvariantCulture, $"{done} {what}, {detail}, {elapsed.TotalSeconds:0} s");
            var tenth = of is > 0 ? (int)(10 * done / of.Value) : -1;
            if (style == ProgressStyle.Line && elapsed - _last >= s_rewrite)
            {
                writer.Write($"\r{text}{new string(' ', Math.Max(0, _drawn - CellWidth.Of(text)))}");
                (_drawn, _last) = (CellWidth.Of(text), elapsed);
            }
            else if (style == ProgressStyle.Plain && (_last == TimeSpan.MinValue || elapsed - _last >= s_plain || tenth > _lastTenth))
            {
                writer.WriteLine(text);
                (_lastTenth, _last) = (tenth, elapsed);
            }
        }
    }

    /// <summary>Wipes the line that was being rewritten, so that what follows stands alone.</summary>
    public void End()
    {
        lock (_gate)
        {
            if (_drawn > 0)
            {
                writer.Write($"\r{new string(' ', _drawn)}\r");
                _drawn = 0;
            }
        }
    }
}
