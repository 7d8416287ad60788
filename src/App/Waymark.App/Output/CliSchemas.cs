using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using Waymark.App.Api;
using Waymark.App.CommandLine.Commands;
using Waymark.App.Configuration;
using Waymark.App.Jobs;
using Waymark.Evidence.Contracts;
using Waymark.Model;
using Waymark.Storage;

namespace Waymark.App.Output;

/// <summary>The published JSON schemas of command output, made from the types that are written, so that they cannot differ.</summary>
public static class CliSchemas
{
    public static IReadOnlyDictionary<string, Type> All { get; } = new SortedDictionary<string, Type>(StringComparer.Ordinal)
    {
        ["waymark.adoption-offer/1"] = typeof(AdoptionOfferOutput),
        ["waymark.adoptions/1"] = typeof(AdoptionsOutput),
        ["waymark.backup/1"] = typeof(StoreReport),
        ["waymark.check/1"] = typeof(CheckOutput),
        ["waymark.config/1"] = typeof(ConfigOutput),
        ["waymark.counts/1"] = typeof(CountsOutput),
        ["waymark.detect/1"] = typeof(Detection),
        ["waymark.diff/1"] = typeof(DiffOutput),
        ["waymark.doctor/1"] = typeof(DoctorOutput),
        ["waymark.explain/1"] = typeof(ExplainOutput),
        ["waymark.holds/1"] = typeof(HoldsOutput),
        ["waymark.erasure/1"] = typeof(ErasureOutput),
        ["waymark.retention/1"] = typeof(Waymark.App.CommandLine.Commands.RetentionOutput),
        ["waymark.export-key/1"] = typeof(ExportKeyOutput),
        ["waymark.htcds-check/1"] = typeof(HtcdsCheckOutput),
        ["waymark.import/1"] = typeof(ImportOutput),
        ["waymark.job/1"] = typeof(JobView),
        ["waymark.jobs/1"] = typeof(JobsOutput),
        ["waymark.key/1"] = typeof(KeyOutput),
        ["waymark.keys/1"] = typeof(KeysOutput),
        ["waymark.ledger-export/1"] = typeof(Waymark.Audit.Exporting.ExportReport),
        ["waymark.ledger-verify/1"] = typeof(LedgerVerifyOutput),
        ["waymark.link/1"] = typeof(LinkOutput),
        ["waymark.link-attack/1"] = typeof(LinkAttackOutput),
        ["waymark.link-encode/1"] = typeof(LinkEncodeOutput),
        ["waymark.link-index/1"] = typeof(LinkIndexOutput),
        ["waymark.link-match/1"] = typeof(LinkMatchOutput),
        ["waymark.link-review/1"] = typeof(LinkReviewOutput),
        ["waymark.link-evaluate/1"] = typeof(LinkEvaluateOutput),
        ["waymark.link-profile/1"] = typeof(LinkProfileOutput),
        ["waymark.link-tokens-answer/1"] = typeof(LinkTokensAnswerOutput),
        ["waymark.link-tokens-ask/1"] = typeof(LinkTokensAskOutput),
        ["waymark.link-tokens-compare/1"] = typeof(LinkTokensCompareOutput),
        ["waymark.link-tokens-seek/1"] = typeof(LinkTokensSeekOutput),
        ["waymark.link-train/1"] = typeof(LinkTrainOutput),
        ["waymark.log/1"] = typeof(LogOutput),
        ["waymark.pack-signature/1"] = typeof(PackSignatureOutput),
        ["waymark.packs/1"] = typeof(PacksOutput),
        ["waymark.protect/1"] = typeof(Waymark.Protection.Contracts.ProtectiveReceipt),
        ["waymark.query/1"] = typeof(QueryOutput),
        ["waymark.receivers/1"] = typeof(ReceiversOutput),
        ["waymark.registers/1"] = typeof(RegistersOutput),
        ["waymark.registers-check/1"] = typeof(RegistersCheckOutput),
        ["waymark.register-migration/1"] = typeof(RegisterMigrationOutput),
        ["waymark.register-migrated/1"] = typeof(Waymark.Casework.Contracts.MigrationRun),
        ["waymark.registers-test/1"] = typeof(RegistersTestOutput),
        ["waymark.restore/1"] = typeof(StoreReport),
        ["waymark.rules-check/1"] = typeof(RulesCheckOutput),
        ["waymark.rules-coverage/1"] = typeof(RulesCoverageOutput),
        ["waymark.rules-decide/1"] = typeof(RulesDecideOutput),
        ["waymark.rules-diff/1"] = typeof(RulesDiffOutput),
        ["waymark.rules-matrix/1"] = typeof(RulesMatrixOutput),
        ["waymark.rules-test/1"] = typeof(RulesTestOutput),
        ["waymark.series/1"] = typeof(SeriesOutput),
        ["waymark.sources/1"] = typeof(SourcesOutput),
        ["waymark.user/1"] = typeof(UserOutput),
        ["waymark.users/1"] = typeof(UsersOutput),
        ["waymark.verify/1"] = typeof(StoreReport),
    };

    public static string FileName(string schema) => $"cli-{schema.Split('.')[1].Replace('/', '-')}.schema.json";

    public static async Task WriteAllAsync(string folder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        foreach (var schema in All.Keys)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, FileName(schema)), Of(schema), new UTF8Encoding(false), cancellationToken);
        }
    }

    public static string Of(string schema)
    {
        var document = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["$id"] = $"urn:waymark:schema:{schema}",
            ["type"] = "object",
            ["required"] = new JsonArray("schema", "result", "warnings"),
            ["properties"] = new JsonObject
            {
                ["schema"] = new JsonObject { ["const"] = schema },
                ["result"] = Node(All[schema]),
                ["warnings"] = new JsonObject { ["type"] = "array", ["items"] = Node(typeof(Error)) },
            },
        };
        return document.ToJsonString(JsonOutput.Indented) + "\n";
    }

    private static JsonNode Node(Type type) => JsonOutput.Options.GetJsonSchemaAsNode(type, new()
    {
        TreatNullObliviousAsNonNullable = true,
        TransformSchemaNode = (context, node) => context.TypeInfo.Type switch
        {
            var at when at == typeof(LocalText) => Texts(node),
            var at when at == typeof(DateTimeOffset) => new JsonObject { ["type"] = "string", ["format"] = "date-time" },
            _ => WithoutAbsent(context.TypeInfo, node),
        },
    });

    // What is null is left out of the document, so nothing that may be null is required.
    private static JsonNode WithoutAbsent(System.Text.Json.Serialization.Metadata.JsonTypeInfo type, JsonNode node)
    {
        if (node is JsonObject rules && rules["required"] is JsonArray required)
        {
            var kept = required.Select(name => name!.GetValue<string>())
                .Where(name => !type.Properties.Any(property => property.Name == name && property.IsGetNullable)).ToList();
            rules["required"] = new JsonArray([.. kept.Select(name => (JsonNode)name)]);
        }

        return node;
    }

    private static JsonObject Texts(JsonNode node) => new()
    {
        ["type"] = node is JsonObject && node["type"] is JsonArray ? new JsonArray("object", "null") : "object",
        ["additionalProperties"] = new JsonObject { ["type"] = "string" },
    };
}

public sealed record ImportOutput(IReadOnlyList<ImportReport> Files);

public sealed record SourcesOutput(IReadOnlyList<SourceSummary> Sources);

public sealed record SeriesOutput(IReadOnlyList<SeriesSummary> Series);

public sealed record ExplainOutput(IReadOnlyList<Explanation> Explanations);

public sealed record CheckOutput(IReadOnlyList<CheckFinding> Findings);

public sealed record DiffOutput(DateTimeOffset From, DateTimeOffset To, IReadOnlyList<SeriesDiff> Series);

public sealed record ConfigOutput(IReadOnlyList<SettingOrigin> Settings);

public sealed record DoctorOutput(IReadOnlyList<Finding> Findings);

public sealed record JobsOutput(IReadOnlyList<JobView> Jobs);

public sealed record PackOutput(string File, string? Pack, string? Hash, bool Ok, IReadOnlyList<Error> Errors);

public sealed record PacksOutput(IReadOnlyList<PackOutput> Packs);

public sealed record UserOutput(string Link, int Hours);

public sealed record UserLine(
    string Name, string Role, bool Locked, bool Sample, bool HasPassword, DateTimeOffset CreatedAt, IReadOnlyList<string> Units,
    DateTimeOffset? RoleEnds, DateTimeOffset? LastSignIn, bool TwoFactor, int Passkeys, DateTimeOffset? LeftAt);

public sealed record UsersOutput(IReadOnlyList<UserLine> Users);

/// <summary>A row is an object keyed by column id; a value that is missing is left out.</summary>
public sealed record QueryOutput(
    string? Question, string Series, LocalText Name, string Publisher, IReadOnlyList<string> Units, IReadOnlyList<string> Definitions,
    IReadOnlyList<QueryColumn> Columns, IReadOnlyList<IReadOnlyDictionary<string, System.Text.Json.JsonElement>> Rows,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, LocalText>> Names, long Total, IReadOnlyList<LocalText> Notes,
    IReadOnlyList<VintageSummary> Vintages, string Licence, LocalText Citation, DateTimeOffset AsOf, long Sequence);
