using Shouldly;
using Waymark.Packs.Content;
using Xunit;

namespace Waymark.Rules.Tests;

/// <summary>Which packs apply to whom (R14, S212), and when a pack may permit on real data.</summary>
public sealed class CatalogueControllerTests
{
    private static readonly DateTimeOffset Today = new(2026, 11, 21, 0, 0, 0, TimeSpan.Zero);

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
    public void A_pack_permits_on_real_data_only_after_two_persons_adopted_it_and_the_second_saw_its_unverified_rows()
    {
        var pack = CataloguePacks.Documents.Packs.Single(pack => pack.Id == "unhcr");
        var rows = RuleAdoptions.Unverified(pack);
        rows.Count.ShouldBe(pack.Rules.Count);
        var good = new RuleAdoption("unhcr", pack.Hash, "legal", "second", Today, rows);
        RuleAdoptions.StateOf(pack, [good]).ShouldBe(AdoptionState.Adopted);
        RuleAdoptions.MayPermit(AdoptionState.Adopted).ShouldBeTrue();
        (RuleAdoption[] Adoptions, AdoptionState State)[] others =
        [
            ([], AdoptionState.NotAdopted),
            ([good with { Pack = "iom" }], AdoptionState.NotAdopted),
            ([good with { Hash = "0" }], AdoptionState.Changed),
            ([good with { SecondPerson = "legal" }], AdoptionState.OnePerson),
            ([good with { LegalOfficer = "" }], AdoptionState.OnePerson),
            ([good with { RowsSeen = [.. rows.Skip(1)] }], AdoptionState.RowsNotSeen),
            ([good, good with { At = Today.AddDays(1), RowsSeen = [] }], AdoptionState.RowsNotSeen),
        ];
        foreach (var (adoptions, state) in others)
        {
            RuleAdoptions.StateOf(pack, adoptions).ShouldBe(state);
            RuleAdoptions.MayPermit(state).ShouldBeFalse();
        }

        RuleAdoptions.StateOf(CataloguePacks.Documents.Packs.Single(known => known.IsFloor), []).ShouldBe(AdoptionState.AlwaysInForce);
    }

    [Fact]
    public void An_answer_says_permitted_by_and_never_lawful()
    {
        RuleAdoptions.PermittedBy(["iom", "un-principles"]).In("en").ShouldBe("Permitted by iom, un-principles.");
        RuleAdoptions.PermittedBy(["iom"]).In("zh").ShouldBe("由iom许可。");
    }
}
