using Waymark.Evidence.Catalogue;
using Waymark.Evidence.Contracts;
using Waymark.Evidence.Features;
using Waymark.Packs;
using Waymark.Storage;

namespace Waymark.Evidence.Tests.Crashes;

/// <summary>
/// The child process: opens the evidence base as the product does, offers the file before the first one again, then imports one
/// file after the other and prints the number of each that was answered. The store it stands on kills it on the way.
/// </summary>
internal static class CrashImporter
{
    public static async Task<int> RunAsync(string kind, string location, string packFolder, int from, int count, KillPoint point)
    {
        var library = PackLibrary.Load([packFolder]).Library;
        await using var store = new KillingStore(await CrashPlace.OpenAsync(kind, location), point);
        var keys = FileKeyStore.Open(packFolder + "-keys").Value;

        // An embedded store is often alone, a server never: both ways to treat what was left staged are met.
        var alone = kind == "sqlite" && from % 2 == 0;
        using var evidence = await EvidenceBase.OpenAsync(
            new(library, TestAreas.Build(library), EvidenceFacts.Empty, store, keys, TimeProvider.System), alone, CancellationToken.None);
        for (var number = Math.Max(0, from - 1); number < count; number++)
        {
            var done = await evidence.ImportAsync(
                new([new(CrashFiles.Name(number), CrashFiles.Bytes(number))], null, DryRun: false, "crash-importer"), null, CancellationToken.None);
            var report = done.Value[0];
            if (report.State != (number < from ? ImportState.AlreadyPresent : ImportState.Imported))
            {
                Console.Error.WriteLine($"{number}: {report.State} {report.Error}");
                return 1;
            }

            Console.Out.WriteLine($"done {number}");
        }

        return 0;
    }
}
