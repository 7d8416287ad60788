using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using Waymark.App.Output;
using Waymark.Model;

namespace Waymark.App.CommandLine.Commands;

/// <summary>One thing the doctor looked at.</summary>
public sealed record Finding(string What, bool Ok, string Found, Error? Error = null);

/// <summary><c>waymark doctor</c>: libraries, disk, clock, time zones, languages, packs, store; exit 3 when something is missing.</summary>
public static class DoctorCommand
{
    private const long LeastDisk = 1L << 30;

    public static Command Make(CommandMaker make) =>
        make.Does(make.Verb("doctor", "look at libraries, disk, clock, packs and store", "检查库、磁盘、时钟、内容包与存储"), async (context, cancellationToken) =>
        {
            var settings = context.Settings();
            if (!settings.IsOk)
            {
                return context.Fail(settings.Error);
            }

            var findings = new List<Finding>
            {
                new("runtime", true, RuntimeInformation.FrameworkDescription),
                Library("libsqlite3", "libsqlite3.so.0"),
                Library("libsodium", "libsodium.so.23"),
                Languages(),
                TimeZones(),
                Disk(settings.Value.DataFolder),
                Packs(settings.Value, cancellationToken),
            };
            var store = await context.Opener.OpenStoreAsync(settings.Value, context.Terminal.Time, cancellationToken);
            if (store.IsOk)
            {
                var info = store.Value.Store.Info;
                findings.Add(await ClockCheck.OfAsync(context.Terminal.Time, store.Value.Store, cancellationToken));
                findings.Add(new("store", info.ReadOnlyReason is null, $"{info.Kind} {info.EngineVersion}, schema {info.SchemaVersion}",
                    info.ReadOnlyReason is { } reason ? new Error(ErrorKind.Unavailable, "store.read-only", reason) : null));
                await store.Value.DisposeAsync();
            }
            else
            {
                findings.Add(await ClockCheck.OfAsync(context.Terminal.Time, null, cancellationToken));
                findings.Add(new("store", false, "", store.Error));
            }

            if (context.Json)
            {
                context.WriteJson("waymark.doctor/1", new DoctorOutput(findings));
            }
            else
            {
                foreach (var finding in findings)
                {
                    context.Terminal.Output.WriteLine($"{(finding.Ok ? context.Say("ok     ", "正常") : context.Say("fault  ", "有误"))}  {finding.What}  {finding.Found}{finding.Error?.In(context.Language.Tag)}".TrimEnd());
                }
            }

            return findings.TrueForAll(finding => finding.Ok) ? ExitCode.Done : ExitCode.Faults;
        });

    private static Finding Library(string name, string file)
    {
        if (!NativeLibrary.TryLoad(file, out var handle))
        {
            return new(name, false, "", Error.NotFound("doctor.library", $"The system library {file} is not installed.", $"未安装系统库 {file}。")
                .WithHint("./run installs it on Debian and Ubuntu.", "在 Debian 与 Ubuntu 上 ./run 会安装它。"));
        }

        NativeLibrary.Free(handle);
        return new(name, true, file);
    }

    private static Finding Languages()
    {
        // Without ICU, every culture behaves as the invariant one and Chinese dates and order are wrong.
        var works = new DateTime(2020, 5, 31).ToString("D", CultureInfo.GetCultureInfo("zh-CN")).Contains('年', StringComparison.Ordinal);
        return new("ICU", works, works ? "zh, en" : "", works ? null : Error.NotFound("doctor.icu", "ICU is not installed.", "未安装 ICU。"));
    }

    private static Finding TimeZones()
    {
        var works = TimeZoneInfo.TryFindSystemTimeZoneById("Asia/Bangkok", out _);
        return new("tzdata", works, works ? "Asia/Bangkok" : "", works ? null : Error.NotFound("doctor.time-zones", "Time zones are not installed.", "未安装时区数据。"));
    }

    private static Finding Disk(string folder)
    {
        var at = new DirectoryInfo(folder);
        while (!at.Exists && at.Parent is not null)
        {
            at = at.Parent;
        }

        var free = new DriveInfo(at.FullName).AvailableFreeSpace;
        return new("disk", free >= LeastDisk, string.Create(CultureInfo.InvariantCulture, $"{free >> 20:N0} MiB"),
            free >= LeastDisk ? null : Error.Faulty("doctor.disk", "Less than 1 GiB is free.", "可用空间不足 1 GiB。"));
    }

    private static Finding Packs(Configuration.Settings settings, CancellationToken cancellationToken)
    {
        var outcome = Waymark.Packs.PackLibrary.Load(settings.PackFolders, cancellationToken);
        return new("packs", outcome.IsOk && outcome.Reports.Count > 0, outcome.Reports.Count.ToString(CultureInfo.InvariantCulture), outcome.Errors.FirstOrDefault());
    }
}
