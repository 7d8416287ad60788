using System.Globalization;
using System.Text;
using Waymark.App.CommandLine;
using Waymark.Site.Tests.Support;

namespace Waymark.Site.Tests.CommandLine;

/// <summary>Two owners and a linkage unit that holds neither key nor attribute, by the verbs as they would use them; all persons are invented.</summary>
public sealed class PrivateLinkCommandTests
{
    private static readonly string[] GivenNames = ["Amina", "Bilal", "Chipo", "Dariusz", "Emine", "Farid", "Goran", "Halima", "Idris", "Jovana", "Khalid", "Leila", "Milan"];
    private static readonly string[] FamilyNames = ["Abara", "Bektas", "Cvetkov", "Dlamini", "Eriksen", "Farouk", "Gomez", "Haddad", "Ivanov", "Jafari", "Kone"];

    [Fact]
    public async Task Two_owners_find_whom_they_share_and_the_unit_sees_no_name()
    {
        using var call = new Called();
        call.Write("left.csv", Register("L", 0, 200, misspelt: false));
        call.Write("right.csv", Register("R", 100, 300, misspelt: true));
        (await call.RunAsync("link", "encode", "left.csv", "--id", "id", "--project", "shared.key", "--new-project", "--out", "left.enc")).Code.ShouldBe(ExitCode.Done, call.Error);
        (await call.RunAsync("link", "encode", "right.csv", "--id", "id", "--project", "shared.key", "--out", "right.enc")).Code.ShouldBe(ExitCode.Done, call.Error);
        var sets = await ReadAsync("left.enc") + await ReadAsync("right.enc");
        // Encodings are Base64, in which four letters come up by chance: what is looked for is what chance does not write.
        GivenNames.Concat(FamilyNames).Where(name => name.Length >= 7 && sets.Contains(name, StringComparison.Ordinal)).ShouldBeEmpty();
        sets.ShouldNotMatch("[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}|Place [0-9]|[LR][0-9]{4},");

        (await call.RunAsync("link", "match", "left.enc", "right.enc", "--out", "pairs.csv", "--json")).Code.ShouldBe(ExitCode.Done, call.Error);
        var left = await HandlesAsync("left.enc.handles.csv");
        var right = await HandlesAsync("right.enc.handles.csv");
        var pairs = (await ReadAsync("pairs.csv")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(','))
            // Invented records stand among the real ones and lead to nobody; a real one may come near one of them.
            .Where(fields => left.GetValueOrDefault(fields[0]) is { Length: > 0 } && right.GetValueOrDefault(fields[1]) is { Length: > 0 }).Select(fields => (Left: left[fields[0]], Right: right[fields[1]])).ToList();
        var found = pairs.Count(pair => pair.Left[1..] == pair.Right[1..]);
        found.ShouldBeGreaterThanOrEqualTo(90, "of 100 shared persons, each with one letter changed");
        (pairs.Count - found).ShouldBeLessThanOrEqualTo(10);

        async Task<string> ReadAsync(string name) => await File.ReadAllTextAsync(Path.Combine(call.Folder, name), TestContext.Current.CancellationToken);
        async Task<Dictionary<string, string>> HandlesAsync(string name) => (await ReadAsync(name)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1)
            .Select(line => line.Split(',')).ToDictionary(fields => fields[0], fields => fields[1], StringComparer.Ordinal);
    }

    [Fact]
    public async Task The_key_is_readable_by_its_owner_alone_and_a_plain_file_is_no_encoded_set()
    {
        using var call = new Called();
        call.Write("left.csv", Register("L", 0, 60, misspelt: false));
        (await call.RunAsync("link", "encode", "left.csv", "--id", "id", "--project", "shared.key", "--new-project", "--out", "left.enc")).Code.ShouldBe(ExitCode.Done, call.Error);
        File.GetUnixFileMode(Path.Combine(call.Folder, "shared.key")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        (await call.RunAsync("link", "match", "left.enc", "left.csv", "--out", "pairs.csv")).Code.ShouldNotBe(ExitCode.Done);
        call.Error.ShouldContain("left.csv:1");
        File.Exists(Path.Combine(call.Folder, "pairs.csv")).ShouldBeFalse();
    }

    private static string Register(string prefix, int from, int to, bool misspelt)
    {
        var text = new StringBuilder("id,given_name,family_name,birth_date,place\n");
        for (var person = from; person < to; person++)
        {
            var (given, family) = (GivenNames[person % 13] + (char)('a' + (person / 13 % 20)), FamilyNames[person % 11]);
            family = misspelt ? family[..^1] + "x" : family;
            text.Append(CultureInfo.InvariantCulture, $"{prefix}{person:D4},{given},{family},{1950 + (person * 7 % 55)}-{1 + (person % 12):D2}-{1 + (person % 28):D2},Place {person % 17}\n");
        }

        return text.ToString();
    }
}
