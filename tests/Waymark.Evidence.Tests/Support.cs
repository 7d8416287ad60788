using Xunit;
using System.Runtime.CompilerServices;
using Waymark.Evidence.Catalogue;
using Waymark.Model;
using Waymark.Packs;

namespace Waymark.Evidence.Tests;

/// <summary>Packs of the working tree and the shared data folder, found by walking up from the test binary.</summary>
internal static class Support
{
    public static string Root { get; } = Up("Waymark.slnx") ?? throw new InvalidOperationException("repository root not found");

    public static string? Data { get; } = Environment.GetEnvironmentVariable("WAYMARK_SHARED") is { Length: > 0 } stated
        ? Path.Combine(stated, "data", "evidence")
        : Up(Path.Combine("shared", "data")) is { } found ? Path.Combine(found, "shared", "data", "evidence") : null;

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

    private static string? Up(string marker)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, marker)) || Directory.Exists(Path.Combine(folder.FullName, marker)))
            {
                return folder.FullName;
            }
        }

        return null;
    }
}
