using Waymark.Casework.Documents;
using Waymark.Casework.Registers;

namespace Waymark.Casework.Tests.Registers;

/// <summary>What the packs hold, where they load, and that the case data standard is in them whole.</summary>
public sealed class ContentTests
{
    private static RegisterLibrary All { get; } = RepositoryPacks.Registers();

    private static RegisterPlan Plan(string id) => All.Find(id) ?? throw new InvalidOperationException(id);

    [Theory]
    [InlineData("referral", NodeProfile.Humanitarian)]
    [InlineData("trafficking-victim", NodeProfile.Humanitarian)]
    [InlineData("tracing", NodeProfile.Humanitarian)]
    [InlineData("missing-person", NodeProfile.Humanitarian)]
    [InlineData("unidentified-deceased", NodeProfile.Humanitarian)]
    [InlineData("found-person", NodeProfile.Humanitarian)]
    [InlineData("incident", NodeProfile.Humanitarian)]
    [InlineData("reintegration", NodeProfile.Humanitarian)]
    [InlineData("assistance-request", NodeProfile.Authority)]
    [InlineData("return", NodeProfile.Authority)]
    public void A_register_loads_on_its_own_kind_of_node_and_nowhere_else__F2_F7(string id, NodeProfile home)
    {
        foreach (var profile in Enum.GetValues<NodeProfile>())
        {
            var registers = RepositoryPacks.Registers(profile);
            (registers.Find(id) is not null).ShouldBe(profile == home, $"{id} on {profile}");
            registers.LeftOut.Any(plan => plan.Id == id).ShouldBe(profile != home);
        }
    }

    [Fact]
    public void What_serves_people_and_what_enforces_never_stand_on_one_node__F7()
    {
        foreach (var profile in Enum.GetValues<NodeProfile>())
        {
            var classes = RepositoryPacks.Registers(profile).All.Select(plan => plan.Class).ToHashSet();
            (classes.Overlaps(["victim", "service", "child", "asylum", "tracing"]) && classes.Overlaps(["suspect", "enforcement"])).ShouldBeFalse($"{profile}");
        }

        Plan("trafficking-victim").Partition.ToString().ShouldBe("Victim");
        All.All.Where(plan => plan.Class == "tracing").ShouldAllBe(plan => plan.Partition.ToString() == "Missing");
        Plan("trafficking-victim").Persons.ShouldAllBe(role => role.Category != "suspect");
    }

    [Fact]
    public void All_84_fields_of_the_case_data_standard_have_a_place_and_their_values()
    {
        var plan = Plan("trafficking-victim");
        var standard = RepositoryPacks.Library.Find("codelists", "htcds")!;
        var map = RepositoryPacks.Library.Find("registers", "trafficking-victim")!.Rows("htcds.csv").ToDictionary(row => row["field"], row => row["path"]);
        var fields = standard.Rows("fields.csv").ToList();
        (fields.Count, map.Count, map.Values.Distinct().Count()).ShouldBe((84, 84, 84));
        foreach (var field in fields)
        {
            var place = plan.Field(map[field["code"]]).ShouldNotBeNull(field["code"]);
            place.Name.In("en").ShouldBe(Lower(field["en"]), field["code"]);
            place.Name.In("zh").ShouldBe(field["zh"]);
            if (field.Optional("list") is { } list)
            {
                place.Codes!.Codes.Select(code => code.Id).ShouldBe(standard.Rows("codes.csv").Where(row => row["list"] == list).Select(row => row["code"]), field["code"]);
                place.Type.ShouldBe(field["multiple"] == "true" ? FieldType.Codes : FieldType.Code);
                place.Codes.Codes.ShouldAllBe(code => ValueReader.Read(place, code.Id).IsOk);
                ValueReader.Read(place, "NotInTheList").Error!.Code.ShouldBe("value.unknown-code");
            }
        }

        plan.CodeLists["languages"].Codes.Select(code => code.Id).ShouldBe(standard.Rows("languages.csv").Select(row => row["tag"]));
    }

    [Fact]
    public void Every_state_has_a_word_for_the_outside_and_closing_is_not_shown__M26()
    {
        // Persons have a register of their own that nobody outside sees.
        foreach (var plan in All.All.Where(plan => plan.Id != "person"))
        {
            plan.States.ShouldAllBe(state => state.Outward != null, plan.Id);
        }

        Plan("found-person").States.Select(state => state.Outward!.In("en")).Distinct().ShouldHaveSingleItem();
        Plan("trafficking-victim").States.Select(state => state.Outward!.In("en")).Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public void Samples_are_invented_say_so_and_fit_their_register()
    {
        var samples = 0;
        foreach (var plan in All.All)
        {
            foreach (var sample in RepositoryPacks.Library.Find("registers", plan.Id)!.Rows("samples.csv").GroupBy(row => row["sample"]))
            {
                samples++;
                sample.Key.ShouldStartWith("INVENTED-" + plan.Reference);
                sample.Count(row => row["kind"] == "state").ShouldBe(1, sample.Key);
                foreach (var row in sample)
                {
                    switch (row["kind"])
                    {
                        case "state":
                            plan.State(row["value"]).ShouldNotBeNull(row.Where("value"));
                            break;
                        case "person":
                            plan.Role(row["key"]).ShouldNotBeNull(row.Where("key"));
                            row["value"].ShouldEndWith("(invented)");
                            break;
                        default:
                            row["kind"].ShouldBe("field", row.Where("kind"));
                            ValueReader.Read(plan.Field(row["key"]).ShouldNotBeNull(row.Where("key")), row["value"]).Error?.ToString().ShouldBeNull(row.Where("value"));
                            break;
                    }
                }
            }
        }

        samples.ShouldBeGreaterThan(10);
    }

    private static string Lower(string label) => label.Trim() is var text ? char.ToLowerInvariant(text[0]) + text[1..] : label;
}
