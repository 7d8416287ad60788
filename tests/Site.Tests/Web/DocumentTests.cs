using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Waymark.App.Api;
using Waymark.App.Output;
using Waymark.Site.Tests.Support;

namespace Waymark.Site.Tests.Web;

/// <summary>What is published for programs is what the program does.</summary>
public sealed class DocumentTests
{
    [Fact]
    public async Task The_committed_API_document_is_the_one_the_program_writes()
    {
        var document = Encoding.UTF8.GetString(await OpenApiDocumentWriter.WriteAsync(TestContext.Current.CancellationToken));
        document.ShouldContain("\"/sdmx/data/dataflow/{agency}/{id}/{version}/{key}\"");
        Golden.ShouldMatch(document, Path.Combine(Places.Root, "docs", "api", "openapi.json"));
    }

    [Fact]
    public void The_committed_schemas_are_those_of_the_types_that_are_written()
    {
        Golden.ShouldMatchAll(CliSchemas.All.Keys.Select(schema =>
            (CliSchemas.Of(schema), Path.Combine(Places.Root, "docs", "formats", "cli", CliSchemas.FileName(schema)))));
    }

    [Theory]
    [InlineData("query unhcr/population --where area=DEU", "waymark.query/1")]
    [InlineData("sources", "waymark.sources/1")]
    [InlineData("series", "waymark.series/1")]
    [InlineData("explain unhcr/population --limit 2", "waymark.explain/1")]
    [InlineData("check", "waymark.check/1")]
    [InlineData("diff --from 2024-01-01", "waymark.diff/1")]
    [InlineData("detect population.csv", "waymark.detect/1")]
    [InlineData("import population.csv", "waymark.import/1")]
    [InlineData("config show", "waymark.config/1")]
    [InlineData("doctor", "waymark.doctor/1")]
    [InlineData("packs check", "waymark.packs/1")]
    [InlineData("jobs list", "waymark.jobs/1")]
    [InlineData("user add Ann --role reader", "waymark.user/1")]
    [InlineData("user list", "waymark.users/1")]
    [InlineData("key list", "waymark.keys/1")]
    [InlineData("rules adoptions", "waymark.adoptions/1")]
    [InlineData("verify", "waymark.verify/1")]
    [InlineData("backup copy", "waymark.backup/1")]
    public async Task Output_of_a_verb_meets_its_published_schema(string words, string schema)
    {
        using var call = new Called();
        call.Write("population.csv", "x");
        await call.RunAsync([.. words.Split(' '), "--json"]);
        using var document = JsonDocument.Parse(call.Output);
        var published = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Places.Root, "docs", "formats", "cli", CliSchemas.FileName(schema)), TestContext.Current.CancellationToken))!;
        SmallSchema.Faults(published, published, document.RootElement, "$").ShouldBeEmpty();
    }
}
