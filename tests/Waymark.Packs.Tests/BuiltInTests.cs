using Shouldly;
using Waymark.Model;
using Waymark.Packs.Content;
using Xunit;

namespace Waymark.Packs.Tests;

public sealed class BuiltInTests(BuiltIn builtIn) : IClassFixture<BuiltIn>
{
    private BuiltInContent Content => builtIn.Content;

    [Fact]
    public void Every_built_in_pack_loads_without_an_error()
    {
        builtIn.Outcome.Errors.Select(error => error.ToString()).ShouldBeEmpty();
        Content.Errors.Select(error => error.ToString()).ShouldBeEmpty();
        builtIn.Library.All.Count.ShouldBeGreaterThan(12);
    }

    [Fact]
    public void Every_pack_names_its_source_and_licence_in_both_languages_and_has_a_hash()
    {
        foreach (var pack in builtIn.Library.All)
        {
            Both(pack.Title, pack.Key.ToString());
            pack.Source.Length.ShouldBeGreaterThan(3);
            pack.Licence.Length.ShouldBeGreaterThan(2);
            pack.Hash.Length.ShouldBe(64);
        }
    }

    [Fact]
    public void Every_text_of_the_code_lists_is_given_in_both_languages()
    {
        foreach (var unit in Content.Units.Values)
        {
            Both(unit.Name, unit.Code);
        }

        foreach (var area in Content.Areas.All)
        {
            Both(area.Name, area.Code);
            if (area.Note is { } note)
            {
                Both(note, area.Code);
            }
        }

        foreach (var definition in Content.Definitions.Definitions.Values)
        {
            Both(definition.Vector.Name, definition.Vector.Id);
            Both(definition.Text, definition.Vector.Id);
        }

        Content.Publishers.Values.ShouldAllBe(publisher => publisher.Name.Count == 2 && publisher.Citation.Count == 2);
        Content.Statuses.ShouldAllBe(status => status.Name.Count == 2 && status.Help.Count == 2);
        Content.AgeBands.ShouldAllBe(band => band.Name.Count == 2);
        Content.Indicators.SelectMany(set => set.Indicators).ShouldAllBe(indicator => indicator.Name.Count == 2);
        Content.Indicators.SelectMany(set => set.Sentences).ShouldAllBe(sentence => sentence.Text.Count == 2);
    }

    [Fact]
    public void Every_letter_of_the_model_has_its_text()
    {
        foreach (var status in Enum.GetValues<ObservationStatus>())
        {
            Content.Statuses.ShouldContain(text => text.List == "observation" && text.Code == status.Letter() && text.Word == Words.Of(status));
        }

        foreach (var status in Enum.GetValues<ConfidentialityStatus>())
        {
            Content.Statuses.ShouldContain(text => text.List == "confidentiality" && text.Code == status.Letter() && text.Word == Words.Of(status));
        }

        foreach (var comparator in Enum.GetValues<Comparator>().Where(comparator => comparator.Sign().Length > 0))
        {
            Content.Statuses.ShouldContain(text => text.List == "comparator" && text.Code == comparator.Sign());
        }

        foreach (var basis in Enum.GetValues<PeriodBasis>())
        {
            Content.Statuses.ShouldContain(text => text.List == "basis" && text.Code == Period.Year(2020, basis).BasisCode);
        }
    }

    [Fact]
    public void Official_sources_come_first_R45_S016()
    {
        Content.Publishers["eurostat"].Tier.ShouldBe(PublisherTier.Official);
        ((int)PublisherTier.Official).ShouldBeLessThan((int)PublisherTier.InternationalOrganisation);
        ((int)PublisherTier.InternationalOrganisation).ShouldBeLessThan((int)PublisherTier.Academic);
        ((int)PublisherTier.Academic).ShouldBeLessThan((int)PublisherTier.Ngo);
        ((int)PublisherTier.Ngo).ShouldBeLessThan((int)PublisherTier.Media);
    }

    [Fact]
    public void Detections_and_persons_do_not_compare_and_the_one_bridge_is_of_2015_only()
    {
        Content.Units["detection"].IsCommensurableWith(Content.Units["person"]).ShouldBeFalse();
        Content.Units["percent-of-need"].IsCommensurableWith(Content.Units["percent-of-population"]).ShouldBeFalse();
        Content.Definitions.Definitions["un-1998-long-term"].Vector.DifferencesFrom(Content.Definitions.Definitions["un-1998-short-term"].Vector)
            .ShouldBe(["duration", "exclusions"]);
        var bridge = Content.Definitions.Bridges.Where(one => one.From == "detection").ShouldHaveSingleItem();
        (bridge.Component, bridge.From, bridge.To, bridge.ValidFrom?.Year, bridge.ValidTo?.Year).ShouldBe(("counts", "detection", "person", 2015, 2015));
    }

    [Fact]
    public void Forty_five_countries_report_and_24_share_a_definition_SEED_O22()
    {
        var coverage = Content.Definitions.Coverage.ShouldHaveSingleItem();
        (coverage.Reporting, coverage.Sharing, coverage.Year).ShouldBe((45, 24, 2015));
    }

    [Fact]
    public void The_six_laws_of_the_Mekong_register_are_seeded_and_marked_to_be_verified_S065()
    {
        Content.Definitions.National.Select(term => term.Area).ShouldBe(["CHN", "THA", "MMR", "VNM", "KHM", "LAO"], ignoreOrder: true);
        Content.Definitions.National.ShouldAllBe(term => term.Status == "to-verify" && builtIn.Areas.Get(term.Area) != null);
    }

    [Fact]
    public void Overlapping_age_bands_are_known_and_parts_fill_their_band_exactly()
    {
        AgeBand Band(string code) => Content.AgeBands.Single(band => band.Code == code);
        Band("5-17").Overlaps(Band("5-11")).ShouldBeTrue();
        Band("5-11").Overlaps(Band("12-17")).ShouldBeFalse();
        foreach (var band in Content.AgeBands.Where(band => band.Parts.Count > 0))
        {
            var parts = band.Parts.Select(Band).OrderBy(part => part.From).ToList();
            parts[0].From.ShouldBe(band.From, band.Code);
            parts[^1].To.ShouldBe(band.To, band.Code);
            parts.Zip(parts.Skip(1)).ShouldAllBe(pair => pair.First.To + 1 == pair.Second.From);
        }
    }

    [Fact]
    public void No_text_of_ours_calls_a_person_illegal()
    {
        foreach (var file in Directory.EnumerateFiles(Make.Root, "*.*", SearchOption.AllDirectories).Where(file => file.EndsWith(".yaml", StringComparison.Ordinal) || file.EndsWith(".csv", StringComparison.Ordinal)))
        {
            var text = File.ReadAllText(file);
            text.Contains("illegal migra", StringComparison.OrdinalIgnoreCase).ShouldBeFalse(file);
            text.Contains("child sex tourism", StringComparison.OrdinalIgnoreCase).ShouldBeFalse(file);
        }
    }

    private static void Both(LocalText text, string what)
    {
        text.TryGet("en", out var english).ShouldBeTrue(what);
        text.TryGet("zh", out var chinese).ShouldBeTrue(what);
        english!.Length.ShouldBeGreaterThan(0, what);
        chinese!.Length.ShouldBeGreaterThan(0, what);
    }
}
