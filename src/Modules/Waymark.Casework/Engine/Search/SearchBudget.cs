using Waymark.Model;

namespace Waymark.Casework.Search;

/// <summary>
/// How many different names an account may ask in an hour, and what a list looks like: many names at even, short steps. Kept as blinded handles with times, for an hour.
/// </summary>
internal sealed record SearchBudget(IReadOnlyList<AskedName> Names, DateTimeOffset? HeldUntil)
{
    public const string Register = "casework.search-budget";

    public const int NamesPerHour = 30;

    /// <summary>This many new names within <see cref="ListSpan"/> read like a list.</summary>
    public const int ListLength = 12;

    public static readonly TimeSpan ListSpan = TimeSpan.FromMinutes(3);

    public static readonly TimeSpan Hold = TimeSpan.FromHours(1);

    public static SearchBudget Empty { get; } = new([], null);

    /// <summary>True for the question that ran into the stop; those after it add no further alarm.</summary>
    public bool IsFirstStop { get; init; }

    public (SearchBudget Next, Error? Stop) Spend(string asked, DateTimeOffset now)
    {
        var names = Names.Where(name => now - name.At < TimeSpan.FromHours(1)).ToList();
        if (HeldUntil is { } until && until > now)
        {
            return (new(names, HeldUntil), Held());
        }

        if (names.Exists(name => name.Handle == asked))
        {
            return (new(names, null), null);
        }

        names.Add(new(asked, now));
        if (names.Count(name => now - name.At < ListSpan) >= ListLength)
        {
            return (new(names, now + Hold) { IsFirstStop = true }, Held());
        }

        return names.Count > NamesPerHour
            ? (new(names.Take(NamesPerHour).ToList(), null) { IsFirstStop = Names.Count <= NamesPerHour },
                Error.Refused("search.budget", $"More than {NamesPerHour} names in an hour; the supervisor is asked.", $"一小时内检索超过 {NamesPerHour} 个姓名；已请主管处理。"))
            : (new(names, null), null);
    }

    private static Error Held() => Error.Refused("search.held", "Held: these questions read like a list. Somebody else looks first.", "已暂缓：这些检索像是名单，须由他人先行查看。");
}

internal sealed record AskedName(string Handle, DateTimeOffset At);
