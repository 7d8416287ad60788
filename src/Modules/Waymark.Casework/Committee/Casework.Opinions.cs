using System.Text;
using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Casework.Engine;
using Waymark.Casework.Guards;
using Waymark.Casework.People;
using Waymark.Casework.Registers;
using Waymark.Casework.Search;
using Waymark.Model;

namespace Waymark.Casework.Features;

/// <summary>What the review committee publishes.</summary>
public sealed partial class Casework : ICommittee
{
    private const int OpinionPage = 500;
    private static readonly TimeSpan s_opinionsHold = TimeSpan.FromMinutes(1);
    private static readonly HashSet<string> s_decided = new(StringComparer.Ordinal) { "decided", "agreed", "remedied", "closed" };

    // The page is open to everybody: whoever asks often reads what was read a moment ago.
    private volatile Tuple<DateTimeOffset, CommitteeWork>? _work;

    public async Task<CommitteeWork> WorkAsync(CancellationToken cancellationToken)
    {
        var now = _parts.Time.GetUtcNow();
        if (_work is { } known && now - known.Item1 < s_opinionsHold)
        {
            return known.Item2;
        }

        var work = await ReadWorkAsync(cancellationToken);
        _work = new(now, work);
        return work;
    }

    private async Task<CommitteeWork> ReadWorkAsync(CancellationToken cancellationToken)
    {
        var (cases, opinions, withheld) = (new List<(RegisterPlan Plan, RecordDocument Document)>(), new List<Opinion>(), 0);
        if (Registers.Find(Freezes.Register) is not { } plan || await _store.KeysAsync(plan.Partition, cancellationToken) is not { IsOk: true } keys)
        {
            return new([], 0, []);
        }

        for (string? after = null; ;)
        {
            var page = await _parts.Store.Records.ScanAsync(plan.Partition, plan.Id, after, OpinionPage, cancellationToken);
            foreach (var stored in page)
            {
                if (await _store.OpenAsync(plan, plan.Partition, stored, cancellationToken) is not { IsOk: true } opened)
                {
                    withheld++;
                    continue;
                }

                var document = opened.Value.Document;
                cases.Add((opened.Value.Plan, document));
                if (s_decided.Contains(document.State))
                {
                    var opinion = await OpinionAsync(opened.Value, keys.Value, cancellationToken);
                    opinions.AddRange(opinion is null ? [] : [opinion]);
                    withheld += opinion is null ? 1 : 0;
                }
            }

            if (page.Count < OpinionPage)
            {
                break;
            }

            after = page[^1].Id;
        }

        return new(
            [.. opinions.OrderByDescending(opinion => opinion.Year).ThenBy(opinion => opinion.Text.In("en"), StringComparer.Ordinal)], withheld,
            [.. cases.GroupBy(one => one.Document.OpenedAt.Year).OrderByDescending(year => year.Key).Select(year => Year(year.Key, plan, [.. year.Select(one => one.Document)]))]);
    }

    /// <summary>The opinion of a decided case; null when it says nothing, or names anybody.</summary>
    private async Task<Opinion?> OpinionAsync(Loaded decided, KeyMaker keys, CancellationToken cancellationToken)
    {
        var (plan, document) = (decided.Plan, decided.Document);
        if (document.One("opinion")?.Value is not { } text || (text.Member("en") ?? text.Member("zh")) is not { } any || document.One("finding")?.Value.Member("code") is not { } finding)
        {
            return null;
        }

        var names = document.Fields.Where(field => RecordDocument.PlanPath(field.Key) == "bench/member").SelectMany(field => field.Value.Claims).Select(claim => claim.Value.Text).ToList();
        foreach (var id in document.Joined.Concat(document.Persons.Select(person => person.Person)).Distinct(StringComparer.Ordinal))
        {
            if (await _store.ReadAsync(new(PersonCore.Register, id, decided.Partition), cancellationToken) is { IsOk: true } person)
            {
                names.AddRange(PersonCore.Names(person.Value.Document));
                names.AddRange(PersonCore.Many(person.Value.Document, "names", "name").Select(name => name.Value.Member("nickname")).OfType<string>());
            }
        }

        var said = new LocalText(text.Member("en") ?? any, text.Member("zh") ?? any);
        return Nameless.Is(said.In("en"), names, keys) && Nameless.Is(said.In("zh"), names, keys)
            ? new(document.OpenedAt.Year, Name("finding", finding), [.. (document.One("remedy") is { } remedy ? Steps.Words(plan.Field("remedy")!, remedy.Value) : []).Select(code => Name("remedy", code))], said) : null;

        LocalText Name(string list, string code) => plan.CodeLists.GetValueOrDefault(list)?.Codes.FirstOrDefault(known => known.Id == code)?.Name ?? new(code, code);
    }

    private static CommitteeYear Year(int year, RegisterPlan plan, List<RecordDocument> cases)
    {
        SmallNumber In(params string[] states) => SmallNumber.Of(cases.Count(document => states.Contains(document.State, StringComparer.Ordinal)));
        return new(
            year, SmallNumber.Of(cases.Count), In("not-admitted"), In("withdrawn"), In("filed", "admitted", "frozen", "heard"), SmallNumber.Of(cases.Count(document => document.One("freeze")?.Value.Text == "yes")),
            [.. plan.CodeLists["finding"].Codes.Select(code => (code.Name, SmallNumber.Of(cases.Count(document => s_decided.Contains(document.State) && document.One("finding")?.Value.Member("code") == code.Id))))]);
    }

    /// <summary>Whether a text names nobody: no part of a name in any script, no reference of a record, no number that could be a person's, no address.</summary>
    private static class Nameless
    {
        public static bool Is(string text, IReadOnlyList<string> names, KeyMaker keys)
        {
            var (words, sounds) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<ulong>());
            foreach (var word in Words(text))
            {
                if (word.Count(char.IsAsciiDigit) >= 5)
                {
                    return false;
                }

                foreach (var part in keys.Parts(word))
                {
                    words.UnionWith([part.Folded, part.Latin]);
                    sounds.Add(part.Skeleton);
                }
            }

            return !text.Contains('@', StringComparison.Ordinal) && !IsReference(text) && names.All(name =>
                !text.Contains(name, StringComparison.OrdinalIgnoreCase) && !keys.Parts(name).Any(part => words.Contains(part.Folded) || words.Contains(part.Latin)
                    // Written in another script a name has other vowels, or none; in Chinese it stands among other characters without a space.
                    || (part.Folded != part.Latin && part.Skeleton != 0 && sounds.Contains(part.Skeleton)) || (part.Folded is [>= '\u3400', _, ..] && text.Contains(part.Folded, StringComparison.Ordinal))));
        }

        // Two letters and twice four, as references of records are written.
        private static bool IsReference(string text) => text.Split([' ', '.', ',', ';', '(', ')', '。', '，', '（', '）'], StringSplitOptions.RemoveEmptyEntries)
            .Any(word => word.Split('-') is [{ Length: 2 }, { Length: 4 } left, { Length: 4 } right] && (left + right).All(char.IsAsciiHexDigit));

        private static IEnumerable<string> Words(string text)
        {
            var word = new StringBuilder();
            foreach (var letter in text.Append(' '))
            {
                if (char.IsLetterOrDigit(letter) || char.GetUnicodeCategory(letter) is System.Globalization.UnicodeCategory.NonSpacingMark)
                {
                    word.Append(letter);
                }
                else if (word.Length > 0)
                {
                    yield return word.ToString();
                    word.Clear();
                }
            }
        }
    }
}
