using Shouldly;
using Waymark.Model;
using Waymark.Packs.Content;
using Xunit;

namespace Waymark.Packs.Tests;

public sealed class AreasTests(BuiltIn builtIn) : IClassFixture<BuiltIn>
{
    private AreaRegistry Areas => builtIn.Areas;

    [Fact]
    public void The_list_has_249_countries_or_areas_E172() =>
        Areas.All.Count(area => area.Kind == AreaKind.CountryOrArea).ShouldBe(249);

    [Fact]
    public void The_list_marks_45_least_developed_countries_E173_and_the_June_2020_table_47()
    {
        Areas.Members("LDC", Period.Year(2024)).Count.ShouldBe(45);
        Areas.Members("LDC", Period.Month(2020, 6)).Count.ShouldBe(47);
    }

    [Fact]
    public void Every_ISO_3166_1_code_is_an_area_with_a_two_letter_and_a_numeric_code()
    {
        foreach (var area in Areas.All.Where(area => area.Kind == AreaKind.CountryOrArea))
        {
            area.Iso2!.Length.ShouldBe(2, area.Code);
            area.M49!.Length.ShouldBe(3, area.Code);
            Areas.Resolve(AreaSchemes.Iso3, area.Code).Code.ShouldBe(area.Code);
            Areas.Resolve(AreaSchemes.Iso2, area.Iso2).Code.ShouldBe(area.Code);
            Areas.Resolve(AreaSchemes.M49, area.M49).Code.ShouldBe(area.Code);
            Areas.Resolve(AreaSchemes.UnDesa, area.M49.TrimStart('0')).Code.ShouldBe(area.Code);
            foreach (var language in (string[])["en", "zh", "fr", "es", "ru", "ar"])
            {
                area.Name.TryGet(language, out _).ShouldBeTrue($"{area.Code} {language}");
            }
        }
    }

    [Fact]
    public void Every_label_of_the_publishers_files_is_mapped_or_says_in_both_languages_why_not()
    {
        var labels = PackCsv.Read("labels.csv", "labels.csv",
            File.ReadAllBytes(Path.Combine(Make.Root, "..", "tools", "packs", "areas", "labels.csv")), new PackErrors())!;
        labels.Rows.Count.ShouldBeGreaterThan(3000);
        foreach (var row in labels.Rows)
        {
            var match = Areas.Resolve(row["scheme"], row["text"]);
            if (match.Kind == AreaMatchKind.NotAnArea)
            {
                match.Reason!.TryGet("en", out _).ShouldBeTrue(row["text"]);
                match.Reason!.TryGet("zh", out _).ShouldBeTrue(row["text"]);
            }
            else
            {
                match.Kind.ShouldBe(AreaMatchKind.Mapped, $"{row["scheme"]}: {row["text"]}");
                Areas.Get(match.Code!).ShouldNotBeNull(row["text"]);
            }
        }
    }

    [Theory]
    [InlineData(AreaSchemes.Iso2, "NA", "NAM")]
    [InlineData(AreaSchemes.UnName, "United Kingdom*", "GBR")]
    [InlineData(AreaSchemes.UnName, "   Wallis and Futuna Islands*", "WLF")]
    [InlineData(AreaSchemes.UnName, "Côte d'Ivoire", "CIV")]
    [InlineData(AreaSchemes.UnName, "Total", "WORLD")]
    [InlineData(AreaSchemes.UnDesa, "900", "WORLD")]
    [InlineData(AreaSchemes.UnDesa, "908", "150")]
    [InlineData(AreaSchemes.UnDesa, "927", "053")]
    [InlineData(AreaSchemes.UnDesa, "830", "CHI")]
    [InlineData(AreaSchemes.UnhcrName, "Serbia and Kosovo (S/RES/1244 (1999))", "SRB-XKX")]
    [InlineData(AreaSchemes.UnhcrName, "Türkiye", "TUR")]
    [InlineData(AreaSchemes.UnhcrName, "Turkey", "TUR")]
    [InlineData(AreaSchemes.UnhcrName, "Swaziland", "SWZ")]
    [InlineData(AreaSchemes.UnhcrName, "Unknown ", "UNK")]
    [InlineData(AreaSchemes.UnhcrCode, "XXA", "XXA")]
    [InlineData(AreaSchemes.UnhcrCode, "TIB", "TIB")]
    [InlineData(AreaSchemes.UnhcrLegacyCode, "ARE", "EGY")]
    [InlineData(AreaSchemes.UnhcrLegacyCode, "ANT", "ATG")]
    [InlineData(AreaSchemes.UnhcrLegacyCode, "GFR", "DEU")]
    [InlineData(AreaSchemes.WorldBankCode, "CHI", "CHI")]
    [InlineData(AreaSchemes.WorldBankCode, "NIC", "NIC")]
    [InlineData(AreaSchemes.WorldBankName, "Egypt, Arab Rep.", "EGY")]
    [InlineData(AreaSchemes.EurostatCode, "EL", "GRC")]
    [InlineData(AreaSchemes.EurostatCode, "UK", "GBR")]
    [InlineData(AreaSchemes.EurostatLabel, "Germany (until 1990 former territory of the FRG)", "DEU")]
    [InlineData(AreaSchemes.EurostatLabel, "European Union - 27 countries (from 2020)", "EU27_2020")]
    [InlineData(AreaSchemes.Idmc, "AB9", "AB9")]
    [InlineData(AreaSchemes.IomTidy, "OOO", "OOO")]
    [InlineData(AreaSchemes.IomTidy, "STL", "XXA")]
    [InlineData(AreaSchemes.IomMissingMigrants, "Mediterranean", "MMP-MED")]
    [InlineData(AreaSchemes.PassportIndex, "Micronesia", "FSM")]
    [InlineData(AreaSchemes.UnName, "Micronesia", "057")]
    [InlineData(AreaSchemes.AnyName, "中国台湾", "TWN")]
    [InlineData(AreaSchemes.Code, "SRB-XKX", "SRB-XKX")]
    public void A_publishers_text_leads_to_the_area_it_means(string scheme, string text, string code)
    {
        Areas.Resolve(scheme, text).Code.ShouldBe(code);
        Areas.Resolve(scheme, System.Text.Encoding.UTF8.GetBytes(text)).Code.ShouldBe(code);
    }

    [Theory]
    [InlineData(AreaSchemes.Iso3, "ROM")]
    [InlineData(AreaSchemes.Iso3, "afg")]
    [InlineData(AreaSchemes.UnName, "Turkiye (Republic)")]
    [InlineData(AreaSchemes.EurostatCode, "GR")]
    [InlineData(AreaSchemes.EurostatCode, "GB")]
    [InlineData("no-such-scheme", "AFG")]
    [InlineData(AreaSchemes.AnyName, "")]
    [InlineData(AreaSchemes.AnyName, "Micronesia")]
    public void What_nobody_has_defined_is_unknown_and_never_guessed(string scheme, string text) =>
        Areas.Resolve(scheme, text).ShouldBe(default);

    [Fact]
    public void The_former_Sudan_code_counts_only_in_its_time()
    {
        Areas.Resolve(AreaSchemes.M49, "736", Period.Year(2005)).Code.ShouldBe("SDN");
        Areas.Resolve(AreaSchemes.M49, "736", Period.Year(2015)).Kind.ShouldBe(AreaMatchKind.Unknown);
        Areas.SuccessorsOf("SDN").Single().To.ShouldBe("SSD");
        Areas.SuccessorsOf("SUN").Count().ShouldBe(15);
    }

    [Fact]
    public void A_code_whose_members_changed_is_not_mapped_but_its_name_is()
    {
        Areas.Resolve(AreaSchemes.WorldBankCode, "MEA").Kind.ShouldBe(AreaMatchKind.NotAnArea);
        Areas.Resolve([AreaSchemes.WorldBankCode, AreaSchemes.WorldBankName], "Middle East & North Africa").Code.ShouldBe("WB-MEA");
    }

    [Fact]
    public void Aggregates_are_no_leaves_and_residuals_are()
    {
        foreach (var code in (string[])["WORLD", "150", "LDC", "EU28", "WB-SSF", "MDR"])
        {
            Areas.IsLeaf(code).ShouldBeFalse(code);
        }

        foreach (var code in (string[])["DEU", "SUN", "XKX", "UNK", "XXA", "TIB", "CHI", "AB9"])
        {
            Areas.IsLeaf(code).ShouldBeTrue(code);
        }
    }

    [Fact]
    public void Members_of_a_region_are_its_countries_or_areas_and_the_five_continents_are_the_world()
    {
        Areas.Members("EU27_2020").Count.ShouldBe(27);
        Areas.Members("EU28").Count.ShouldBe(28);
        Areas.Members("039").ShouldContain("ITA");
        Areas.GroupsOf("DEU").ShouldContain("155");
        var continents = ((string[])["002", "019", "142", "150", "009"]).SelectMany(region => Areas.Members(region)).ToList();
        // Antarctica belongs to no continent of M49.
        continents.Count.ShouldBe(248);
        continents.Distinct().Count().ShouldBe(248);
        Areas.Members("MDR").Intersect(Areas.Members("LDR")).ShouldBeEmpty();
    }

    [Fact]
    public void Designations_follow_the_default_practice_of_the_United_Nations()
    {
        Areas.Get("TWN")!.Name.In("zh").ShouldBe("中国台湾");
        Areas.Get("TWN")!.Name.In("en").ShouldBe("Taiwan, Province of China");
        Areas.Get("HKG")!.Name.In("zh").ShouldBe("中国香港");
        Areas.Get("MAC")!.Name.In("zh").ShouldBe("中国澳门");
        Areas.Get("PSE")!.Name.In("en").ShouldBe("State of Palestine");
        Areas.Get("TIB")!.Kind.ShouldBe(AreaKind.Residual);
    }

    [Fact]
    public void Names_sort_by_the_readers_language()
    {
        var chinese = Areas.Sorted("zh", ((string[])["AFG", "DEU", "CHN", "USA"]).Select(code => Areas.Get(code)!));
        chinese.Select(area => area.Code).ShouldBe(["AFG", "DEU", "USA", "CHN"]); // 阿 à, 德 dé, 美 měi, 中 zhōng
        var english = Areas.Sorted("en", ((string[])["TUR", "ALA", "CIV", "HRV"]).Select(code => Areas.Get(code)!));
        english.Select(area => area.Code).ShouldBe(["ALA", "CIV", "HRV", "TUR"]); // Åland sorts with A, Côte before Croatia
    }

    [Fact]
    public void Looking_up_UTF8_bytes_allocates_nothing()
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes("Côte d’Ivoire");
        for (var i = 0; i < 1000; i++)
        {
            _ = Areas.Resolve(AreaSchemes.UnName, bytes);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            _ = Areas.Resolve(AreaSchemes.UnName, bytes);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }
}
