using Waymark.Casework.Registers;

namespace Waymark.Casework.Tests;

/// <summary>A register is a pack: what is wrong is named with its place, and what would weaken protection does not load.</summary>
public sealed class RegisterPackTests
{
    [Fact]
    public void Every_register_of_the_repository_compiles_and_passes_its_own_tests()
    {
        var registers = RepositoryPacks.Registers();
        registers.Errors.Concat(RepositoryPacks.Errors).Select(error => error.ToString()).ShouldBeEmpty();
        registers.Find("tracing").ShouldNotBeNull();
        foreach (var result in registers.All.SelectMany(RegisterTests.Run))
        {
            result.Faults.Select(fault => fault.In("en")).ShouldBeEmpty($"{result.Plan.Id}: {result.Test.Id}");
        }

        registers.All.ShouldAllBe(plan => plan.Tests.Count >= 3);
    }

    [Fact]
    public void A_register_is_indexed_by_number()
    {
        var plan = RepositoryPacks.Tracing;
        plan.Fields.Select(field => field.Index).ShouldBe(Enumerable.Range(0, plan.Fields.Count));
        plan.From[plan.State("draft")!.Index].Select(step => step.Id).ShouldBe(["accept", "withdraw", "strike"]);
        plan.Field("last-seen/at")!.Group!.IsRepeated.ShouldBeTrue();
        plan.Field("last-seen/at")!.Purposes.ShouldBe(plan.PurposeBits);
    }

    [Theory]
    [InlineData("codes: cause, en: cause of", "codes: causes, en: cause of", "Did you mean \"cause\"?")]
    [InlineData("type: yes-no, en: publication", "type: yesno, en: publication", "Did you mean \"yes-no\"?")]
    [InlineData("when: identity-checked = yes", "when: identity-cheked = yes", "Did you mean \"identity-checked\"?")]
    [InlineData("when: identity-checked = yes", "when: identity-checked = ja", "is no code of \"yes-no\"")]
    [InlineData("from: [draft]\n    to: open", "from: [drafts]\n    to: open", "Did you mean \"draft\"?")]
    [InlineData("purposes: [family-tracing, missing-persons]", "purposes: [family-traceing]", "Did you mean \"family-tracing\"?")]
    [InlineData("class: tracing", "class: traces", "is not a value of \"class\"")]
    [InlineData("class: tracing\n", "", "The field \"class\" is missing")]
    [InlineData("zh: 中止, from: [open, active]", "from: [open, active]", "The field \"zh\" is missing")]
    public void A_mistake_is_named_with_line_column_and_the_nearest_word(string from, string to, string said)
    {
        var (plan, errors) = RepositoryPacks.Edited("tracing", (from, to));
        plan.ShouldBeNull();
        errors.ShouldContain(error => error.Contains(said, StringComparison.Ordinal), string.Join('\n', errors));
        errors.ShouldAllBe(error => error.StartsWith("packs/registers/edited.yaml:", StringComparison.Ordinal) && char.IsAsciiDigit(error["packs/registers/edited.yaml:".Length]));
    }

    [Theory]
    [InlineData("category: asylum-claim, sensitivity: severe", "category: asylum-claim, sensitivity: low")]
    [InlineData("category: asylum-claim, sensitivity: severe", "category: identity, sensitivity: severe")]
    [InlineData("{id: fields, type: codes, codes: masked, en: what, zh: 何内容, category: contact, mask: contact,", "{id: fields, type: codes, codes: masked, en: what, zh: 何内容, category: contact, mask: birth-date,")]
    [InlineData("category: age, mask: birth-date,", "category: age, mask: contact,")]
    public void A_pack_may_add_to_a_person_and_never_lower_what_keeps_people_safe(string from, string to)
    {
        var (plan, errors) = RepositoryPacks.Instead("person", from, to);
        plan.ShouldBeNull();
        errors.ShouldContain(error => error.Contains("register.person-core", StringComparison.Ordinal), string.Join('\n', errors));
        RepositoryPacks.Instead("person", "  - {id: languages,", "  - {id: nickname, type: text, en: nickname, zh: 昵称, category: identity}\n  - {id: languages,").Plan.ShouldNotBeNull("more is lawful");
    }

    [Theory]
    [InlineData("filters: [cause]", "filters: [nationality]", "register.forbidden-facet")]
    [InlineData("columns: [cause, ", "columns: [nationality, ", "register.forbidden-facet")]
    [InlineData("when: identity-checked = yes", "when: nationality = mother", "register.forbidden-facet")]
    public void No_list_and_no_step_knows_nationality__M01(string from, string to, string code)
    {
        var field = "  - {id: nationality, type: code, codes: relation, en: nationality, zh: 国籍, category: nationality}\nstates:";
        var (plan, errors) = RepositoryPacks.Edited("tracing", ("states:", field), (from, to));
        plan.ShouldBeNull();
        errors.ShouldContain(error => error.Contains(code, StringComparison.Ordinal), string.Join('\n', errors));
        RepositoryPacks.Edited("tracing", ("states:", field)).Plan.ShouldNotBeNull("the field itself is lawful");
    }

    [Fact]
    public void A_tracing_register_never_loads_on_an_authoritys_node__F2()
    {
        var (plan, errors) = RepositoryPacks.Edited("tracing", ("profiles: [humanitarian]", "profiles: [humanitarian, authority]"));
        plan.ShouldBeNull();
        errors.ShouldContain(error => error.Contains("register.profile", StringComparison.Ordinal));
        RepositoryPacks.Registers(NodeProfile.Authority).Find("tracing").ShouldBeNull();
    }

    [Theory]
    [InlineData("type: code, codes: cause, en: cause of separation, zh: 失散原因, category: narrative", "type: code, codes: cause, en: c, zh: c, category: biometric", "register.biometric")]
    [InlineData("partition: missing", "partition: general", "register.partition")]
    [InlineData("action: contact", "action: detain", "register.no-step")]
    public void What_the_floor_forbids_is_no_register__F6_F7_M34(string from, string to, string code)
    {
        var (plan, errors) = RepositoryPacks.Edited("tracing", (from, to));
        plan.ShouldBeNull();
        errors.ShouldContain(error => error.Contains(code, StringComparison.Ordinal), string.Join('\n', errors));
    }

    [Fact]
    public void A_situation_is_no_offence_code__M14()
    {
        var (plan, errors) = RepositoryPacks.Edited("tracing", ("{code: mother, en: mother, zh: 母亲}", "{code: irregular-stay, en: stay, zh: 停留}"),
            ("codes: relation, en: relation of the enquirer, zh: 寻亲人的关系, category: family", "codes: relation, en: offence, zh: 罪行, category: criminal"),
            ("values: {relation: sister", "values: {relation: father"));
        plan.ShouldBeNull();
        errors.ShouldContain(error => error.Contains("register.no-offence", StringComparison.Ordinal));
    }

    [Fact]
    public void No_service_hangs_on_cooperation__M29()
    {
        const string Field = "  - {id: cooperates, type: yes-no, en: works with police, zh: 配合警方, category: criminal, cooperation: true}\nstates:";
        var (plan, errors) = RepositoryPacks.Edited("tracing", ("states:", Field), ("when: identity-checked = yes", "when: identity-checked = yes and cooperates = yes"));
        plan.ShouldBeNull();
        errors.ShouldContain(error => error.Contains("register.cooperation", StringComparison.Ordinal));
    }
}
