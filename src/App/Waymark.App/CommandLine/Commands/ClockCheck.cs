using System.Globalization;
using Waymark.App.Output;
using Waymark.Model;
using Waymark.Storage;

namespace Waymark.App.CommandLine.Commands;

/// <summary>
/// The clock of this machine against what else knows the time: the day the program was built, the newest time in the store, the
/// clock of the database server; and whether the system keeps it by a time server.
/// </summary>
public static class ClockCheck
{
    /// <summary>Clocks further apart than this order what two machines did wrongly, and fail codes of authenticators.</summary>
    private static readonly TimeSpan Apart = TimeSpan.FromSeconds(10);

    /// <summary>Files by which the usual keepers of time say that they have set the clock or are at it.</summary>
    private static readonly (string File, string Keeper)[] Keepers =
        [("/run/systemd/timesync/synchronized", "systemd-timesyncd"), ("/run/chrony/chronyd.pid", "chrony"), ("/run/ntpd.pid", "ntpd")];

    /// <param name="time">The clock in question.</param>
    /// <param name="store">Null when it cannot be opened; then the day of the build alone is known.</param>
    /// <param name="cancellationToken">Ends the look at the store.</param>
    public static async Task<Finding> OfAsync(TimeProvider time, IStore? store, CancellationToken cancellationToken)
    {
        var visible = store is null ? [] : (await store.Series.VintagesAsync(null, cancellationToken)).Select(vintage => vintage.VisibleFrom).OfType<DateTimeOffset>().ToList();
        var built = new DateTimeOffset(File.GetLastWriteTimeUtc(typeof(ClockCheck).Assembly.Location), TimeSpan.Zero);
        return Of(time.GetUtcNow(), built, visible.Count == 0 ? null : visible.Max(), store?.Info.ClockAhead,
            Array.Find(Keepers, keeper => File.Exists(keeper.File)).Keeper);
    }

    /// <param name="now">What the clock says.</param>
    /// <param name="built">When the program was built: it cannot be earlier now.</param>
    /// <param name="newest">The newest time in the store: it cannot be earlier now.</param>
    /// <param name="ahead">How far the clock is ahead of the database server's.</param>
    /// <param name="keeper">What keeps the clock by a time server; null when nothing says so.</param>
    public static Finding Of(DateTimeOffset now, DateTimeOffset built, DateTimeOffset? newest, TimeSpan? ahead, string? keeper)
    {
        var error = now < built - TimeSpan.FromDays(1)
                ? Wrong($"The clock says {Moment.Text(now)}, but the program was built on {Moment.Text(built)}.", $"时钟显示 {Moment.Text(now)}，但程序构建于 {Moment.Text(built)}。")
            : newest is { } known && now < known - Apart
                ? Wrong($"The clock says {Moment.Text(now)}, but the store holds what was written at {Moment.Text(known)}.", $"时钟显示 {Moment.Text(now)}，但存储中已有 {Moment.Text(known)} 写入的内容。")
            : ahead is { } apart && apart.Duration() > Apart
                ? Wrong($"The clock is {Seconds(apart.Duration())} s {(apart > TimeSpan.Zero ? "ahead of" : "behind")} that of the database server.", $"时钟比数据库服务器{(apart > TimeSpan.Zero ? "快" : "慢")} {Seconds(apart.Duration())} 秒。")
            : now.Year >= 2100 ? Wrong($"The clock says {Moment.Text(now)}.", $"时钟显示 {Moment.Text(now)}。")
            : null;
        var found = string.Join(", ", new[]
        {
            Moment.Text(now),
            ahead is { } difference ? $"{Seconds(difference)} s against the database server" : null,
            keeper is null ? "no time server known" : $"kept by {keeper}",
        }.OfType<string>());
        return new("clock", error is null, error is null ? found : found + ": ", error);
    }

    private static Error Wrong(string en, string zh) => Error.Faulty("doctor.clock", en, zh)
        .WithHint("Set the clock by a time server (systemd-timesyncd, chrony): deadlines, sign-in codes and the order of what was known depend on it.",
            "请用时间服务器（systemd-timesyncd、chrony）校准时钟：期限、登录验证码和已知内容的先后顺序都取决于它。");

    private static string Seconds(TimeSpan span) => span.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
}
