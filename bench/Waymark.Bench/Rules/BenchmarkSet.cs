using System.Text;
using Waymark.Packs;
using Waymark.Packs.Content;
using Waymark.Rules;

namespace Waymark.Bench.Rules;

/// <summary>The benchmark policy compiled, and drawn requests as facts.</summary>
internal static class BenchmarkSet
{
    public static RulePackSet Compile(string packsFolder, int families)
    {
        var files = Directory.EnumerateFiles(Path.Combine(packsFolder, "schema"), "*.schema.json").ToDictionary(file => "schema/" + Path.GetFileName(file), File.ReadAllBytes, StringComparer.Ordinal);
        files["vocabulary/rules.yaml"] = Encoding.UTF8.GetBytes(BenchmarkPolicy.Vocabulary(families));
        files["rules/floor.yaml"] = Encoding.UTF8.GetBytes(BenchmarkPolicy.Floor);
        files["rules/policy.yaml"] = Encoding.UTF8.GetBytes(BenchmarkPolicy.Policy(families));
        var outcome = PackLibrary.Load([new PackMemory("packs", files)]);
        var errors = new PackErrors();
        errors.AddRange(outcome.Errors);
        var documents = RuleDocuments.Of(outcome.Library, errors);
        var library = errors.Count == 0 ? RuleLibrary.Read(documents.Vocabulary!, documents.Packs) : throw new InvalidOperationException(errors.All[0].ToString());
        return library.Errors.Count == 0 ? RulePackSet.Compile(library.Vocabulary!, library.Packs).Value : throw new InvalidOperationException(library.Errors[0].ToString());
    }

    /// <summary>The facts of a request; the family of its role is that of the user.</summary>
    public static RequestFacts Facts(RulePackSet set, in DrawnRequest request, int families)
    {
        var facts = set.NewRequest();
        void Code(string fact, int index) => facts.Set(set.Vocabulary.Find(fact)!, new Value(index));
        void Number(string fact, int value) => facts.Set(set.Vocabulary.Find(fact)!, Value.Of((decimal)value)!.Value);
        void Truth(string fact, bool value) => facts.Set(set.Vocabulary.Find(fact)!, Value.Of(value));
        Code("action", request.Action);
        Code("actor.role", (request.User % families * BenchmarkPolicy.Roles.Length) + request.Role);
        Code("actor.org", request.Organisation);
        Code("record.org", request.RecordOrganisation);
        Code("purpose", request.Purpose);
        Code("basis", request.Basis);
        Number("actor.clearance", request.Clearance);
        Number("data.sensitivity", request.Sensitivity);
        Number("publication.k", request.K);
        Truth("subject.minor", request.IsMinor);
        Truth("agreement.signed", request.HasAgreement);
        Truth("recipient.adequate", request.IsAdequate);
        Truth("subject.guardian", request.HasGuardian);
        return facts;
    }
}
