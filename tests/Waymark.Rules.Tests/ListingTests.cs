using Shouldly;
using Xunit;

namespace Waymark.Rules.Tests;

/// <summary>Which of these records may this officer see for this purpose, and with which fields masked.</summary>
public sealed class ListingTests
{
    private static readonly RulePackSet s_set = RulePackSet.Compile(Sample.Standard.Vocabulary!, Sample.Standard.Packs).Value;

    private static readonly Fact[] s_facts = [.. new[] { "subject.category", "data.sensitivity", "purpose.declared" }.Select(id => s_set.Vocabulary.Find(id)!)];

    [Fact]
    public void A_listing_shows_what_may_be_read_and_hides_what_must_be()
    {
        (string Id, string Category, string Sensitivity, string Purpose)[] records = [("1", "migrant", "low", "aid"), ("2", "victim", "low", "aid"), ("3", "migrant", "severe", "aid"), ("4", "migrant", "low", "statistics"), ("5", "migrant", "?", "aid")];
        var listed = new ListingQuery(s_set, Officer(), s_facts).Run(records, (record, facts) =>
        {
            facts.Set("subject.category", record.Category);
            facts.Set("purpose.declared", record.Purpose);
            _ = record.Sensitivity == "?" ? null : facts.Set("data.sensitivity", record.Sensitivity);
        }).ToList();
        listed.Select(item => item.Record.Id).ShouldBe(["1", "2"]);
        listed.Select(item => string.Join(",", item.Masked.Select(code => code.Id))).ShouldBe(["", "place"]);
    }

    [Fact]
    public void The_row_filter_narrows_to_what_may_be_permitted()
    {
        var filter = new ListingQuery(s_set, Officer(), s_facts).Filter();
        filter.IsEmpty.ShouldBeFalse();
        var sensitivity = filter.Facts.Single(fact => fact.Fact.Id == "data.sensitivity");
        sensitivity.Codes.ShouldBe([0, 1], ignoreOrder: true);
        sensitivity.MayBeUnknown.ShouldBeFalse();
        filter.Facts.Single(fact => fact.Fact.Id == "purpose.declared").Codes.ShouldBe([0]);
        var publisher = Officer();
        publisher.Set("action", "publish");
        publisher.Set("publication.risk", "9");
        new ListingQuery(s_set, publisher, s_facts).Filter().IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void The_row_filter_never_leaves_out_what_is_permitted()
    {
        for (var seed = 1; seed <= 25; seed++)
        {
            var library = GeneratedPacks.Make(seed);
            var set = RulePackSet.Compile(library.Vocabulary!, library.Packs).Value;
            var facts = new[] { "subject.category", "data.sensitivity", "purpose", "purpose.compatible", "data.categories", "recipient.type" }.Select(id => set.Vocabulary.Find(id)!).ToArray();
            var requests = new Requests(library, seed);
            var request = set.NewRequest();
            for (var i = 0; i < 40; i++)
            {
                requests.Next(request);
                var filter = new ListingQuery(set, request, facts).Filter();
                for (var j = 0; j < 20; j++)
                {
                    var record = set.NewRequest();
                    requests.Next(record);
                    var whole = request.Copy();
                    foreach (var fact in facts)
                    {
                        whole.Remove(fact);
                        if (record[fact] is { } value)
                        {
                            whole.Set(fact, value);
                        }
                    }

                    if (set.Decide(whole).IsPermit)
                    {
                        filter.IsEmpty.ShouldBeFalse();
                        filter.Facts.ShouldAllBe(part => Passes(part, whole), $"seed {seed}");
                    }
                }
            }
        }
    }

    [Fact]
    public void Records_that_agree_in_what_is_heard_are_answered_alike_and_some_facts_are_not_heard()
    {
        var (unheard, differs) = (0, 0);
        for (var seed = 1; seed <= 25; seed++)
        {
            var library = GeneratedPacks.Make(seed);
            var set = RulePackSet.Compile(library.Vocabulary!, library.Packs).Value;
            var facts = set.Vocabulary.Facts.Where(fact => fact.Index % 2 == seed % 2).ToArray();
            var requests = new Requests(library, seed);
            for (var i = 0; i < 40; i++)
            {
                var (request, other) = (set.NewRequest(), set.NewRequest());
                requests.Next(request);
                var heard = new ListingQuery(set, request, facts).Heard();
                heard.ShouldBeSubsetOf(facts);
                unheard += facts.Length - heard.Count;
                for (var j = 0; j < 20; j++)
                {
                    requests.Next(other);
                    var (agrees, changed) = (request.Copy(), request.Copy());
                    foreach (var fact in facts)
                    {
                        Take(changed, fact, other);
                        Take(agrees, fact, heard.Contains(fact) ? request : other);
                    }

                    set.Decide(agrees).ShouldBe(set.Decide(request), $"seed {seed}");
                    set.Explain(agrees).MaskedFields.ShouldBe(set.Explain(request).MaskedFields, $"seed {seed}");
                    differs += set.Decide(changed).IsPermit != set.Decide(request).IsPermit ? 1 : 0;
                }
            }
        }

        unheard.ShouldBeGreaterThan(0);
        differs.ShouldBeGreaterThan(0, "what is heard matters");

        static void Take(RequestFacts to, Fact fact, RequestFacts from)
        {
            to.Remove(fact);
            if (from[fact] is { } value)
            {
                to.Set(fact, value);
            }
        }
    }

    private static bool Passes(FactFilter filter, RequestFacts facts) => facts[filter.Fact] is not { } value ? filter.MayBeUnknown
        : filter.Fact.Type == FactType.Codes ? (value.Number & ~(long)filter.Bits) == 0 : filter.Codes.Contains((int)value.Number);

    private static RequestFacts Officer()
    {
        var officer = EngineTests.Request(s_set, ("action", "read"), ("purpose", "aid"), ("purpose.compatible", "false"), ("actor.clearance", "moderate"), ("breach.personal_data", "false"));
        return officer;
    }
}
