using Waymark.App.Configuration;
using Waymark.App.Hosting;
using Waymark.Model;
using Waymark.Packs;
using Waymark.Packs.Content;
using Waymark.Storage;
using Waymark.Storage.Sqlite;

namespace Waymark.Site.Tests.Support;

/// <summary>The product's packs with the floor, one rule of an invented organisation in place of the instruments, and a small register in two versions.</summary>
internal static class CasePacks
{
    private static readonly string s_agency = HarbourRules.Permitting("collect, read, search, update, link, transfer, contact, restrict, serve, answer-request, refuse-request, report-breach");

    /// <param name="to">Folder that is made.</param>
    /// <param name="withEvidence">Also what pages of figures are drawn from.</param>
    public static string Make(string to, bool withEvidence = false)
    {
        foreach (var file in Directory.EnumerateFiles(WorkingCopy.Packs, "*", SearchOption.AllDirectories))
        {
            var path = Path.GetRelativePath(WorkingCopy.Packs, file);
            var first = path.Split(Path.DirectorySeparatorChar)[0];
            if (first is "controllers" or "traces" || (!withEvidence && (first is "sources" or "series" or "reference")) || (first == "rules" && path != Path.Combine("rules", "floor.yaml")))
            {
                continue;
            }

            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(to, path))!);
            File.Copy(file, Path.Combine(to, path));
        }

        // The floor's own tests name instruments that are not taken along here.
        var floor = Path.Combine(to, "rules", "floor.yaml");
        var text = File.ReadAllText(floor);
        File.WriteAllText(floor, text[..(text.IndexOf("\ntests:", StringComparison.Ordinal) + 1)]);
        File.WriteAllText(Path.Combine(to, "rules", "harbour.yaml"), s_agency);
        File.WriteAllText(Path.Combine(to, "registers", "letters.yaml"), Letters("2.0.0"));
        return to;
    }

    /// <summary>A small register in two versions; the second declares the way from the first.</summary>
    public static string Letters(string version) => $$"""
        id: letters
        kind: registers
        version: {{version}}
        title: {en: Invented letters, zh: 虚构信件}
        one: {en: invented letter, zh: 虚构信件}
        source: a test
        licence: CC0-1.0
        module: casework
        reference: LT
        profiles: [humanitarian]
        partition: missing
        class: tracing
        system: tracing
        purposes: [family-tracing]
        sensitivity: high
        facts: {recipient.type: none, data.form: case-file, data.source: person, data.identifiable: "true"}
        retention: {months: 12, then: review, en: test, zh: 测试}
        persons:
          - {role: sought, en: sought, zh: 被寻者, category: missing-person, least: 0, most: 2, principal: true}
        fields:
          - {id: {{(version == "1.0.0" ? "cause" : "reason")}}, type: text, en: reason, zh: 缘由, category: narrative}
        {{(version == "1.0.0" ? "  - {id: note, type: text, en: note, zh: 备注, category: narrative}" : "")}}
        states:
          - {id: open, en: open, zh: 受理, initial: true}
          - {id: done, en: done, zh: 完成, terminal: true}
        transitions:
          - {id: finish, en: finish, zh: 完成, from: [open], to: done}
        view: {columns: [], filters: [], print: []}
        {{(version == "1.0.0" ? "" : "migrations:\n  - from: 1.0.0\n    fields:\n      - {do: rename, field: cause, to: reason}\n      - {do: archive, field: note}")}}

        """;

    public sealed class Opener(string packs) : IPlatformOpener
    {
        public async Task<Result<StorePlatform>> OpenStoreAsync(Settings settings, TimeProvider time, CancellationToken cancellationToken)
        {
            var keys = FileKeyStore.Open(settings.KeyFolder);
            var store = await SqliteStore.OpenAsync(settings.DataFolder, time, null, cancellationToken);
            return store.IsOk && keys.IsOk ? new StorePlatform(settings, store.Value, keys.Value, time) : store.Error ?? keys.Error!;
        }

        public Task<Result<EvidencePlatform>> OpenEvidenceAsync(StorePlatform store, CancellationToken cancellationToken)
        {
            var outcome = PackLibrary.Load([packs], cancellationToken);
            outcome.Errors.Select(error => error.ToString()).ShouldBeEmpty();
            return Task.FromResult<Result<EvidencePlatform>>(new EvidencePlatform(new FakeEvidence(store.Time), new BuiltInContent(outcome.Library), outcome.Library));
        }
    }
}
