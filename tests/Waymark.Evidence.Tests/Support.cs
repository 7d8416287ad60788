using Xunit;
using System.Runtime.CompilerServices;
using Waymark.Evidence.Catalogue;
using Waymark.Model;
using Waymark.Packs;

namespace Waymark.Evidence.Tests;

/// <summary>Packs of the working tree and the shared data folder, found by walking up from the test binary.</summary>
internal static class Support
{
    public static string Root => WorkingCopy.Root;

    public static string? Data { get; } = WorkingCopy.Shared is { } shared ? Path.Combine(shared, "data", "evidence") : null;

    private static readonly Lazy<PackLibrary> Packs = new(() =>
    {
        Outcome = PackLibrary.Load([Path.Combine(Root, "packs")]);
        return Outcome.Library;
    });

    private static readonly Lazy<EvidenceCatalogue> Built = new(() => EvidenceCatalogue.Load(Library, Areas));

    private static readonly Lazy<AreaRegistry> Registry = new(() => TestAreas.Build(Library));

    public static PackLoadOutcome? Outcome { get; private set; }

    public static PackLibrary Library => Packs.Value;

    public static AreaRegistry Areas => Registry.Value;

    public static EvidenceCatalogue Catalogue => Built.Value;

    public static string DataFile(string relative)
    {
        Assert.SkipWhen(Data is null, "skipped: data folder absent");
        return Path.Combine(Data!, relative);
    }

    public static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
