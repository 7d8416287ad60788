using Waymark.Evidence.Catalogue;
using Waymark.Evidence.Contracts;
using Waymark.Evidence.Features;
using Waymark.Evidence.Importing;
using Waymark.Formats;
using Waymark.Packs.Content;
using Waymark.Storage;
using Waymark.Storage.Sqlite;
using Xunit;

namespace Waymark.Evidence.Tests.Oracles;

/// <summary>
/// The published files of the data folder as one evidence base in a store of its own, imported once for all tests of this folder.
/// Packs are those of the working tree, areas included.
/// </summary>
public sealed class OracleWorld : IAsyncLifetime
{
    private static readonly Lazy<BuiltInContent> Content = new(() => new(Support.Library));
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "waymark-oracles-" + Path.GetRandomFileName());
    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly Dictionary<string, ImportReport> _reports = new(StringComparer.Ordinal);
    private EvidenceBase? _evidence;
    private IStore? _store;

    public static EvidenceFacts Facts { get; } = BuiltInFacts.Facts(Content.Value);

    private static readonly Lazy<EvidenceCatalogue> Built = new(() => EvidenceCatalogue.Load(Support.Library, Content.Value.Areas, Facts));

    /// <summary>Profiles, series and the areas pack itself, not a stand-in.</summary>
    internal static EvidenceCatalogue Catalogue => Built.Value;

    internal static FileInterpreter Interpreter => new(Catalogue, PersonDetector.From(Support.Library), ReadLimits.Default);

    internal EvidenceBase Evidence => _evidence!;

    /// <summary>Folders and files that this part must read, relative to the data folder.</summary>
    public static IEnumerable<string> Files()
    {
        if (Support.Data is not { } data || !Directory.Exists(data))
        {
            return [];
        }

        string[] folders = ["undesa", "unhcr", "iom", "idmc", "worldbank", "eurostat", "passport-index", "tidy", "flows"];
        return folders.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(data, folder), "*", SearchOption.AllDirectories))
            .Select(path => Path.GetRelativePath(data, path)).Where(path => !NotEvidence.ContainsKey(path)).Order(StringComparer.Ordinal);
    }

    /// <summary>Files of those folders that hold no figures, with the reason.</summary>
    public static IReadOnlyDictionary<string, string> NotEvidence { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["tidy/countrynames.csv"] = "names and codes only, without figures",
    };

    internal static ImportInput Input(string file) => new(Path.GetFileName(file), File.ReadAllBytes(Path.Combine(Support.Data!, file)));

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(_folder);
        var keys = FileKeyStore.Open(Path.Combine(_folder, "keys")).Value;
        _store = (await SqliteStore.OpenAsync(Path.Combine(_folder, "store"), TimeProvider.System, null, CancellationToken.None)).Value;
        _evidence = await EvidenceBase.OpenAsync(new(Support.Library, Content.Value.Areas, Facts, _store, keys, TimeProvider.System), alone: true, CancellationToken.None);
    }

    /// <summary>The report of one file; the file is imported into the store on first use.</summary>
    internal async Task<ImportReport> ReportAsync(string file)
    {
        Assert.SkipWhen(Support.Data is null, "skipped: data folder absent");
        await _one.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (!_reports.TryGetValue(file, out var report))
            {
                var imported = await Evidence.ImportAsync(new([Input(file)], null, DryRun: false, "tests"), null, TestContext.Current.CancellationToken);
                _reports[file] = report = imported.Value[0];
            }

            return report;
        }
        finally
        {
            _one.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_store is not null)
        {
            await _store.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
        _one.Dispose();
    }
}
