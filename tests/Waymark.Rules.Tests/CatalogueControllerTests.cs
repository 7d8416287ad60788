using Shouldly;
using Waymark.Packs.Content;
using Xunit;

namespace Waymark.Rules.Tests;

/// <summary>Which packs apply to whom (R14, S212), and when a pack may permit on real data.</summary>
public sealed class CatalogueControllerTests
{
    [Fact]
    public void Every_organisation_of_the_vocabulary_has_its_packs_and_the_floor_is_among_them()
    {
        CataloguePacks.Controllers.Organisations.Order(StringComparer.Ordinal)
            .ShouldBe(CataloguePacks.Library.Vocabulary!.FindList("organisation")!.Codes.Select(code => code.Id).Order(StringComparer.Ordinal));
        CataloguePacks.Controllers.Packs.Where(id => CataloguePacks.Library.Find(id) is null).ShouldBeEmpty();
        foreach (var organisation in CataloguePacks.Controllers.Organisations)
        {
            CataloguePacks.Controllers.Resolve(new(organisation, [])).Value.Ids.First().ShouldBe("floor");
        }
    }

    [Fact]
    public void R14_National_law_is_not_selected_for_an_organisation_with_immunities_and_the_answer_says_which_rules_decide_instead()
    {
        var packs = CataloguePacks.Controllers.Resolve(new("iom", ["eu", "cn"])).Value;
        packs.Ids.ShouldNotContain("gdpr");
        packs.Ids.ShouldNotContain("pipl");
        packs.LeftOut.Select(pack => pack.Pack).ShouldBe(["gdpr", "pipl"]);
        packs.LeftOut.ShouldAllBe(pack => pack.Why.In("en").Contains("case by case") && pack.Why.In("zh").Length > 0);
        packs.InsteadBy.ShouldContain("IOM-26");
        packs.InsteadBy.Where(id => CataloguePacks.Library.FindRule(id) is null).ShouldBeEmpty();
        CataloguePacks.Controllers.Resolve(new("humanitarian-ngo", ["eu", "cn"])).Value.Ids.ShouldContain("gdpr");
    }

    [Fact]
    public void The_systems_and_the_profile_of_a_node_add_packs_and_take_none()
    {
        var plain = CataloguePacks.Controllers.Resolve(new("ministry", ["eu"])).Value.Ids.ToList();
        var more = CataloguePacks.Controllers.Resolve(new("ministry", ["eu"], "statistics", ["labour", "interpol"])).Value.Ids.ToList();
        plain.Except(more, StringComparer.Ordinal).ShouldBeEmpty();
        more.Except(plain, StringComparer.Ordinal).ShouldBe(["ilo", "interpol", "ocha", "unodc", "unodc-collection"]);
    }

    [Fact]
    public void M73_An_unknown_controller_has_no_packs_and_a_State_without_a_law_pack_keeps_the_one_that_refuses()
    {
        var unknown = CataloguePacks.Controllers.Resolve(new("police", []));
        unknown.IsOk.ShouldBeFalse();
        unknown.Error.Code.ShouldBe("rules.unknown-controller");
        unknown.Error.Message.In("zh").ShouldNotBeNullOrWhiteSpace();
        CataloguePacks.Controllers.Resolve(new("state-police", ["other"])).Value.Ids.ShouldContain("own-law");
    }

    [Fact]
    public void M73_A_pack_that_only_permits_is_selected_with_what_its_instrument_forbids_or_asks_and_never_alone()
    {
        // Treaties are split: what may be exchanged, and what the same treaty forbids or asks. Nobody gets the first half without the second.
        var permitting = CataloguePacks.Documents.Packs.Where(pack => pack.Rules.Count > 0 && pack.Rules.All(rule => rule.Modality.Text == "permit")).ToList();
        permitting.Select(pack => pack.Id).Order(StringComparer.Ordinal).ShouldBe(
            ["accountability", "gcm-data", "smuggling-exchange", "special-representative-data", "trafficking-exchange", "unodc-collection", "untoc-exchange"]);
        foreach (var organisation in CataloguePacks.Controllers.Organisations)
        {
            var chosen = CataloguePacks.Controllers.Resolve(new(organisation, ["eu", "cn", "c108"], "statistics", ["labour", "interpol", "statistics"])).Value.Ids.ToHashSet(StringComparer.Ordinal);
            foreach (var pack in permitting.Where(pack => chosen.Contains(pack.Id) && pack.Id != "accountability"))
            {
                CataloguePacks.Documents.Packs.ShouldContain(
                    other => chosen.Contains(other.Id) && other.InstrumentId == pack.InstrumentId && other.Rules.Any(rule => rule.Modality.Text != "permit"), $"{organisation}: {pack.Id}");
            }
        }
    }

    [Fact]
    public void Rows_that_nobody_verified_are_listed_for_whoever_adopts_a_pack()
    {
        var pack = CataloguePacks.Documents.Packs.Single(pack => pack.Id == "unhcr");
        RuleRows.Unverified(pack).Count.ShouldBe(pack.Rules.Count);
    }
}
