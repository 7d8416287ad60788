using Microsoft.AspNetCore.DataProtection;
using Waymark.App.Accounts;
using Waymark.App.Hosting;
using Waymark.Casework.Contracts;
using Waymark.Casework.Engine;
using Waymark.Casework.Registers;
using Waymark.Matching;
using Waymark.Packs;
using Waymark.Pages;
using Waymark.Pages.Data;
using Waymark.Protection.Contracts;
using Waymark.Protection.Features;

namespace Waymark.App.Casework;

/// <summary>
/// Case work over one platform: the registers of the node's profile behind the gate. Without rule packs or registers there is no case work; it is
/// then not offered, and the page says why.
/// </summary>
public static class CaseworkSetup
{
    public static void AddCasework(this IServiceCollection services, Platform platform)
    {
        services.AddSingleton(new NodeProfileWord(platform.Settings.Profile));
        services.AddSingleton<CaseNotices>();
        services.AddScoped<CaseDesks>();
        services.AddScoped<IStaffNames, StaffNames>();
        services.AddSingleton(provider => new IntakeDesk(platform.Settings.TracingUnit, provider.GetRequiredService<IDataProtectionProvider>(), platform.Time) { ComplaintsUnit = platform.Settings.ComplaintsUnit });
        services.AddSingleton(provider => Open(provider, platform));
    }

    private static CaseworkSource Open(IServiceProvider provider, Platform platform)
    {
        if (platform.Parts.Packs is not { } packs || provider.GetService<IGate>() is not { } gate)
        {
            return new(null, []);
        }

        return Open(platform.Foundation, packs, gate, provider.GetRequiredService<IConsents>(), provider.GetRequiredService<IExceptions>(), async cancellationToken =>
        {
            await using var scope = provider.GetRequiredService<IServiceScopeFactory>().CreateAsyncScope();
            return await scope.ServiceProvider.GetRequiredService<AccountStore>().UnitsAsync(cancellationToken);
        }, provider.GetRequiredService<IReceivers>());
    }

    /// <summary>Case work over an open store, for the server and for verbs. Units are those that somebody works in; a search for a missing person asks each of them.</summary>
    internal static CaseworkSource Open(
        StorePlatform platform, PackLibrary packs, IGate gate, IConsents consents, IExceptions exceptions, Func<CancellationToken, Task<IReadOnlyList<string>>>? units = null,
        IReceivers? receivers = null)
    {
        var registers = RegisterLibrary.Read(packs, Enum.Parse<NodeProfile>(platform.Settings.Profile, ignoreCase: true));
        var knowledge = LinkagePack.Read(platform.Settings.PackFolders[0]);
        if (registers.Errors.Count > 0 || !knowledge.IsOk)
        {
            return new(null, registers.Errors.Count > 0 ? registers.Errors : [knowledge.Error!]);
        }

        var alarms = AccessPack.ReadAlarms(packs);
        if (!alarms.IsOk)
        {
            return new(null, [alarms.Error]);
        }

        var parts = new CaseworkParts(registers, platform.Store, platform.Keys, gate, consents, exceptions, knowledge.Value.Knowledge, platform.Time, platform.Settings.Calendars)
        {
            Units = units ?? (static _ => Task.FromResult<IReadOnlyList<string>>([])),
            Receivers = receivers, Alarms = alarms.Value,
            Scanner = platform.Settings.FileScanner is { } program ? new Waymark.Casework.Files.CommandScanner(program, ["-"], TimeSpan.FromSeconds(60)) : null,
        };
        return new(new Waymark.Casework.Features.Casework(parts), []) { Migrations = new Migrations(parts), Parts = parts };
    }
}
