using System.Diagnostics;
using System.Globalization;
using Waymark.Casework.Contracts;
using Waymark.Casework.Tests;
using Waymark.Protection.Contracts;
using Waymark.Storage;

namespace Waymark.Bench.Casework;

/// <summary>
/// The same work through the module: every call is decided by the gate on adopted packs, sealed with the person's key, indexed with the keys of the normaliser, and
/// committed with its operation and its leaf. Persons have twelve claims; names are drawn by Zipf's law.
/// </summary>
internal sealed class GatedLoad(Node node, Persons persons, int count)
{
    private static readonly string[] s_onsets = ["b", "d", "f", "g", "h", "j", "k", "l", "m", "n", "r", "s", "t", "w", "y", "z", "sh", "kh"];
    private static readonly string[] s_vowels = ["a", "e", "i", "o", "u", "aa", "ai"];

    private static readonly Dictionary<string, IReadOnlyList<string>> s_told = new(StringComparer.Ordinal) { ["notice.given"] = ["true"] };

    private readonly RecordAddress[] _people = new RecordAddress[count];
    private readonly RecordAddress[] _cases = new RecordAddress[Math.Max(Persons.Units, count / 4)];
    private int _asker;

    /// <summary>Persons by the hand of a worker of their unit, and a tracing case for every fourth.</summary>
    public async Task FillAsync()
    {
        var begun = Stopwatch.GetTimestamp();
        var done = 0;
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (number, stop) =>
        {
            _people[number] = Must(await node.Cases.CreateAsync(Desk(number % Persons.Units, "filler"), new("person", null, Claims(persons.Of(number)), [], RecordPartition.Missing), stop)).Address;
            if (Interlocked.Increment(ref done) % 20_000 == 0)
            {
                Console.Error.WriteLine(FormattableString.Invariant($"  {done} of {count} persons after {Stopwatch.GetElapsedTime(begun).TotalSeconds:0} s"));
            }
        });
        await Parallel.ForAsync(0, _cases.Length, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (number, stop) =>
            _cases[number] = Must(await node.Cases.CreateAsync(Desk(number % Persons.Units, "filler"), new("tracing", null, new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["relation"] = "brother", ["identity-checked"] = "yes", ["cause"] = "shipwreck", ["separated-on"] = "2026-02~", ["scope"] = "own, network",
            }, [("sought", _people[number].Id), ("enquirer", _people[(number + Persons.Units) % count].Id)]), stop)).Address);
        Console.Out.WriteLine(FormattableString.Invariant($"  filled {count} persons and {_cases.Length} cases in {Stopwatch.GetElapsedTime(begun).TotalSeconds:0} s"));
    }

    /// <summary>A worker looks for a person by name and year out of an open case. Every tenth question is another worker's: the budget of names stays as it ships.</summary>
    public async Task SearchAsync(Random random)
    {
        var sought = persons.Of(random.NextInt64(count));
        var asker = Interlocked.Increment(ref _asker);
        var at = asker / 10 % _cases.Length;
        Must(await node.Cases.SearchPersonsAsync(Desk(at % Persons.Units, $"asker-{asker / 10}"), _cases[at], new(Name(sought), sought.Year.ToString(CultureInfo.InvariantCulture)), default));
    }

    public async Task ListAsync(Random random)
    {
        var desk = Desk(random.Next(Persons.Units), "lister");
        var first = Must(await node.Cases.ListAsync(desk, new("tracing") { ByChange = random.Next(2) == 0 }, default));
        if (first.Next is { } next)
        {
            Must(await node.Cases.ListAsync(desk, new("tracing") { After = next }, default));
        }
    }

    /// <summary>One field of a person is read and changed.</summary>
    public async Task WriteAsync(Random random)
    {
        var number = random.Next(count);
        var desk = Desk(number % Persons.Units, $"writer-{random.Next(40)}");
        var view = Must(await node.Cases.OpenAsync(desk, _people[number], default));
        var seen = view.Document.Fields.GetValueOrDefault("languages")?.Version ?? 0;
        Must(await node.Cases.ChangeAsync(desk, _people[number], new([new("languages", seen, $"invented {random.Next()}")]), default));
    }

    private static CaseDesk Desk(int unit, string worker) => new(new Actor($"{worker}-{unit}", "case-worker", [$"protection/unit-{unit:00}"]), $"protection/unit-{unit:00}", "family-tracing") { Facts = s_told };

    private static Dictionary<string, string> Claims(Person person) => new(StringComparer.Ordinal)
    {
        ["names/a/name"] = Name(person), ["names/b/name"] = $"{Word(person.Second, 2)} {Word(person.Family, 3)}", ["birth"] = person.Year.ToString(CultureInfo.InvariantCulture),
        ["gender"] = person.Number % 2 == 0 ? "Feminine" : "Masculine", ["vital"] = "missing", ["languages"] = "invented", ["papers/a/number"] = $$"""{"system":"invented","value":"N{{person.Number}}"}""",
        ["papers/a/seen"] = "no", ["contacts/a/contact"] = """{"channel":"phone","value":"+000 invented","safe":"no"}""", ["birth-place"] = Word(person.Place, 3),
        ["citizenship"] = "SOM", ["feared-areas"] = "SOM",
    };

    private static string Name(Person person) => $"{Word(person.First, 2)} {Word(person.Family, 3)}";

    /// <summary>A word of syllables that says the number, so that every number has its own.</summary>
    private static string Word(int number, int syllables)
    {
        var word = "";
        for (var i = 0; i < syllables || number > 0; i++)
        {
            word += s_onsets[number % s_onsets.Length];
            number /= s_onsets.Length;
            word += s_vowels[number % s_vowels.Length];
            number /= s_vowels.Length;
        }

        return char.ToUpperInvariant(word[0]) + word[1..];
    }

    private static T Must<T>(CaseAnswer<T> answer) where T : class => answer.Value
        ?? throw new InvalidOperationException($"{answer.Error} {string.Join(" | ", answer.Refusal?.Reasons.Select(reason => reason.In("en")) ?? [])}");
}
