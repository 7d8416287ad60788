using Waymark.Model;
using Waymark.Packs;
using Waymark.Packs.Content;
using Waymark.Rules;
using Waymark.Rules.Analysis;

namespace Waymark.App.CommandLine;

/// <summary>Rule packs from folders on disk: loaded, read, checked, with every fault in the order of the files.</summary>
public static class RuleSources
{
    /// <summary>The built-in folder and, laid over it, those of the settings or the one that was asked for.</summary>
    public static Result<(RuleLibrary Library, IReadOnlyList<Error> Errors)> Open(CommandContext context, string? folder, CancellationToken cancellationToken) =>
        Roots(context, folder).Then(roots => Read(roots, cancellationToken));

    /// <summary>
    /// What the rule checker finds in a library: every fault of vocabulary and packs with line and column, a floor that is missing, and rules of which it is proved that
    /// no request can bring them to bear or that their own pack always forbids what they permit.
    /// </summary>
    public static IEnumerable<Error> Faults(PackLibrary library)
    {
        var errors = new PackErrors(1_000);
        var documents = RuleDocuments.Of(library, errors);
        if (documents.Vocabulary is null)
        {
            return documents.Packs.Count == 0 ? [] : errors.All;
        }

        var read = RuleLibrary.Read(documents.Vocabulary, documents.Packs);
        if (errors.Count > 0 || read.Errors.Count > 0 || read.Vocabulary is null)
        {
            return [.. errors.All, .. read.Errors];
        }

        var set = RulePackSet.Compile(read.Vocabulary, read.Packs);
        return [.. set.IsOk ? [] : new[] { set.Error }, .. read.Packs.SelectMany(pack => PackAnalysis.DeadRules(read.Vocabulary, pack)).Where(dead => dead.IsProved).Select(Dead)];
    }

    private static Error Dead(DeadRule dead) => dead.Reason == "never-true"
        ? Error.Faulty("rules.dead", $"The condition of \"{dead.Rule.Id}\" can never hold.", $"“{dead.Rule.Id}”的条件永不成立。", dead.Rule.Where)
        : Error.Faulty("rules.contradiction", $"Whatever \"{dead.Rule.Id}\" permits, its own pack forbids.", $"凡“{dead.Rule.Id}”所许可，本包皆禁止。", dead.Rule.Where);

    /// <summary>The folders that count when this one is asked for.</summary>
    public static Result<IReadOnlyList<string>> Roots(CommandContext context, string? folder)
    {
        var settings = context.Settings();
        if (!settings.IsOk)
        {
            return settings.Error;
        }

        var roots = settings.Value.PackFolders.ToList();
        if (folder is not null)
        {
            var full = context.Terminal.FullPath(folder);
            if (!Directory.Exists(full))
            {
                return Error.NotFound("packs.no-folder", "There is no such folder.", "没有此文件夹。", folder);
            }

            // A folder with schemas of its own stands alone; any other is laid over the built-in one.
            roots = Directory.Exists(Path.Combine(full, "schema")) ? [full] : [roots[0], full];
        }

        return roots;
    }

    public static Result<(RuleLibrary Library, IReadOnlyList<Error> Errors)> Read(IReadOnlyList<string> roots, CancellationToken cancellationToken)
    {
        var read = Documents(roots, cancellationToken);
        if (!read.IsOk)
        {
            return read.Error;
        }

        var library = RuleLibrary.Read(read.Value.Documents.Vocabulary!, read.Value.Documents.Packs);
        return (library, [.. read.Value.Errors, .. library.Errors]);
    }

    /// <summary>The packs as written, with a vocabulary.</summary>
    public static Result<(RuleDocuments Documents, IReadOnlyList<Error> Errors)> Documents(IReadOnlyList<string> roots, CancellationToken cancellationToken)
    {
        var outcome = PackLibrary.Load(roots, cancellationToken);
        var errors = new PackErrors(1_000);
        errors.AddRange(outcome.Reports.Where(IsOurs).SelectMany(report => report.Errors));
        var documents = RuleDocuments.Of(outcome.Library, errors);
        return documents.Vocabulary is not null ? (documents, errors.All)
            : errors.Count > 0 ? errors.All[0] : Error.NotFound("rules.no-vocabulary", "There is no vocabulary/rules.yaml in the folders of packs.", "包文件夹中没有 vocabulary/rules.yaml。");
    }

    private static bool IsOurs(PackReport report) => report.File.Contains($"/{RulePackReader.Kind}/", StringComparison.Ordinal)
        || report.File.Contains($"/{VocabularyPack.Kind}/", StringComparison.Ordinal) || report.File.Contains("/schema/", StringComparison.Ordinal);
}
