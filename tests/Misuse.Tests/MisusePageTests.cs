using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using Waymark.Site.Tests.Support;

namespace Waymark.Misuse.Tests;

/// <summary>The page that says which misuse case is proved by which test, through which doors, and what is missing: written from the tests themselves.</summary>
public sealed partial class MisusePageTests
{
    /// <summary>The rows that have a door so far, and those of the same groups that wait for one.</summary>
    private static readonly string[] s_rows =
    [
        "M01", "M02", "M03", "M04", "M05", "M06", "M07", "M08", "M09", "M10", "M11", "M12", "M13", "M14", "M15", "M16", "M17", "M18", "M19", "M20", "M21", "M22", "M23", "M24", "M25",
        "M26", "M27", "M28", "M29", "M30", "M31", "M32", "M33", "M34", "M35", "M36", "M37", "M40", "M41", "M42", "M43", "M44", "M63", "M64", "M65", "M66", "M67", "M68", "M69", "M70", "M71", "M52", "M53", "M54", "M55", "M56", "M57", "M58",
        "M72", "M73", "M74", "M75", "M76", "M77", "M78", "M79", "M80", "M81", "M82", "M88",
    ];

    [Fact]
    public void The_page_of_misuse_cases_says_what_the_tests_prove()
    {
        var proofs = typeof(MisusePageTests).Assembly.GetTypes().SelectMany(type => type.GetMethods())
            .Select(method => (Method: method, Row: Row().Match(method.Name).Value, Proves: method.GetCustomAttribute<ProvesAttribute>())).Where(proof => proof.Row.Length > 0).ToList();
        var missing = typeof(MisusePageTests).Assembly.GetTypes().SelectMany(type => type.GetCustomAttributes<MissingAttribute>()).ToList();
        var elsewhere = Directory.EnumerateFiles(Path.Combine(Places.Root, "tests"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal) && !file.Contains("Misuse.Tests", StringComparison.Ordinal))
            .SelectMany(file => Test().Matches(File.ReadAllText(file)).SelectMany(match => Ids(match.Groups["name"].Value).Select(id =>
                (Row: id, Name: match.Groups["name"].Value, Project: Path.GetRelativePath(Path.Combine(Places.Root, "tests"), file).Split('/')[0])))).Distinct().ToList();
        var text = new StringBuilder("# Misuse cases and what proves them\n\nWritten from the tests by `MisusePageTests`; it changes when they do (`ACCEPT_GOLDEN=1`). The three parts of a proof: the attempt **fails** through every door there is, "
            + "its lawful **neighbour** passes, and with the guard taken out by the test (by composing the product without it; there is no switch) the **harm** is observed.\n\n"
            + $"Doors: {string.Join(", ", Enum.GetValues<Door>().Where(door => door < Door.ExchangeMessage).Select(Name))}. Not built yet: {string.Join(", ", Enum.GetValues<Door>().Where(door => door >= Door.ExchangeMessage).Select(Name))}.\n\n"
            + "| row | parts | doors | tests | missing |\n| --- | --- | --- | --- | --- |\n");
        foreach (var row in s_rows.Concat(proofs.Select(proof => proof.Row)).Distinct(StringComparer.Ordinal).OrderBy(row => int.Parse(row[1..], System.Globalization.CultureInfo.InvariantCulture)))
        {
            var own = proofs.Where(proof => proof.Row == row).OrderBy(proof => proof.Method.Name, StringComparer.Ordinal).ToList();
            var parts = own.Aggregate(Parts.None, (all, proof) => all | (proof.Proves?.Parts ?? Parts.None));
            var doors = own.SelectMany(proof => proof.Proves?.Doors ?? []).Distinct().Order().Select(Name);
            var tests = own.Select(proof => Words(proof.Method.Name)).Distinct().Concat(elsewhere.Where(test => test.Row == row).OrderBy(test => test.Name, StringComparer.Ordinal).Select(test => $"{Words(test.Name)} ({test.Project})"));
            var gaps = missing.Where(gap => gap.Row == row).Select(gap => gap.What).ToList();
            if (parts != Parts.All && s_rows.Contains(row) && !gaps.Exists(gap => gap.StartsWith("no door", StringComparison.Ordinal)))
            {
                gaps.Add("without: " + string.Join(", ", Enum.GetValues<Parts>().Where(part => part is not Parts.All and not Parts.None && (parts & part) == Parts.None).Select(part => part switch { Parts.Attempt => "fails", Parts.Neighbour => "neighbour", _ => "harm" })));
            }

            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"| {row} | {string.Join(", ", new[] { (Parts.Attempt, "fails"), (Parts.Neighbour, "neighbour"), (Parts.Guard, "harm") }.Where(part => (parts & part.Item1) != Parts.None).Select(part => part.Item2))} | {string.Join(", ", doors)} | {string.Join("; ", tests)} | {string.Join("; ", gaps)} |\n");
        }

        Golden.ShouldMatch(text.ToString(), Path.Combine(Places.Root, "docs", "operations", "misuse.md"));
    }

    [Fact]
    public void No_row_leaves_out_a_part_without_saying_so()
    {
        var rows = typeof(MisusePageTests).Assembly.GetTypes().SelectMany(type => type.GetMethods()).Where(method => method.GetCustomAttribute<ProvesAttribute>() is not null)
            .GroupBy(method => Row().Match(method.Name).Value, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Aggregate(Parts.None, (all, method) => all | method.GetCustomAttribute<ProvesAttribute>()!.Parts), StringComparer.Ordinal);
        var missing = typeof(MisusePageTests).Assembly.GetTypes().SelectMany(type => type.GetCustomAttributes<MissingAttribute>()).Select(gap => gap.Row).ToHashSet(StringComparer.Ordinal);
        s_rows.Where(row => !missing.Contains(row) && (!rows.TryGetValue(row, out var parts) || parts != Parts.All)).ShouldBeEmpty();
    }

    private static string Name(Door door) => string.Concat(door.ToString().Select((letter, at) => char.IsUpper(letter) ? (at > 0 ? " " : "") + char.ToLowerInvariant(letter) : letter.ToString()));

    /// <summary>The name as a sentence, without the ids before it or behind it.</summary>
    private static string Words(string name) => string.Join(' ', name.Split("__")[0].Split('_').SkipWhile(part => Id().IsMatch(part)));

    private static IEnumerable<string> Ids(string name) => name.Split('_').Where(part => Id().IsMatch(part));

    [GeneratedRegex("^M[0-9]{2,3}(?=_)")]
    private static partial Regex Row();

    [GeneratedRegex("^M[0-9]{2,3}$")]
    private static partial Regex Id();

    [GeneratedRegex(@"public (async Task|Task|void) (?<name>[A-Za-z_0-9]+)\(", RegexOptions.ExplicitCapture)]
    private static partial Regex Test();
}
