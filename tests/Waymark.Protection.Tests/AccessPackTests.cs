using Waymark.Packs;
using Waymark.Protection.Features;

namespace Waymark.Protection.Tests;

/// <summary>Purposes that follow from a role, as the packs ship, by the node's profile.</summary>
public sealed class AccessPackTests
{
    private static readonly Lazy<PackLibrary> s_library = new(() => PackLibrary.Load([Path.Combine(WorkingCopy.Root, "packs")]).Library);
    private static readonly string[] s_enforcing = ["law-enforcement", "prosecution", "counter-smuggling", "counter-trafficking", "forced-return", "readmission", "voluntary-return"];
    private static readonly string[] s_serving = ["assistance", "protection", "victim-support", "family-tracing", "missing-persons", "services"];

    [Theory]
    [InlineData("assistance-request", "authority", "case-worker", "supervisor", "liaison-officer", "legal-officer")]
    [InlineData("return", "authority", "case-worker", "supervisor", "liaison-officer")]
    [InlineData("person", "authority", "alarm-keeper", "complaint-door", "case-worker", "supervisor", "liaison-officer", "legal-officer", "data-protection-officer")]
    [InlineData("processing-activity", "authority", "alarm-keeper", "data-protection-officer", "legal-officer")]
    [InlineData("tracing", "humanitarian", "case-worker", "supervisor", "liaison-officer", "public-door")]
    public void On_each_profile_somebody_has_the_purposes_of_its_registers(string register, string profile, params string[] roles)
    {
        var pack = s_library.Value.Find("registers", register).ShouldNotBeNull();
        var served = pack.Cursor(new PackErrors()).TextList("purposes");
        Read(profile).Where(role => role.Value.Overlaps(served)).Select(role => role.Key).ShouldBe(roles, ignoreOrder: true);
    }

    [Fact]
    public void M01_nobody_serves_people_and_pursues_them_in_one_role_on_any_profile()
    {
        foreach (var profile in new[] { "humanitarian", "authority", "statistics", "public", null })
        {
            foreach (var (role, purposes) in Read(profile))
            {
                (purposes.Overlaps(s_enforcing) && purposes.Overlaps(s_serving)).ShouldBeFalse($"{role} on {profile}");
                (profile != "authority" && purposes.Overlaps(s_enforcing)).ShouldBeFalse($"{role} on {profile}");
            }
        }

        Read("authority").Keys.ShouldNotContain("oversight");

        // What families send without an account comes in on a node that serves them, and for nothing but tracing.
        Read("humanitarian")["public-door"].ShouldBe(["family-tracing"]);
        Read("authority").Keys.Append("public-door").ShouldBe(Read("humanitarian").Keys, ignoreOrder: true, "a profile gives no role purposes that has none elsewhere");
    }

    private static IReadOnlyDictionary<string, IReadOnlySet<string>> Read(string? profile)
    {
        var read = AccessPack.Read(s_library.Value, profile);
        read.IsOk.ShouldBeTrue(read.Error?.ToString());
        return read.Value;
    }
}
