using Waymark.Model;

namespace Waymark.Casework.Tracing;

/// <summary>How fast and how uniformly one person answers (M68): kept per account under a blinded name.</summary>
internal sealed record ReviewPace(DateTimeOffset? Last, int AllSame)
{
    public const string Register = "casework.review-pace";

    /// <summary>A pair is looked at for at least this long.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromSeconds(3);

    /// <summary>So many times "the same" in a row sets off an alarm for oversight.</summary>
    public const int Alarm = 50;

    public (ReviewPace Next, Error? Stop) Answered(bool isSame, DateTimeOffset now) => Last is { } last && now - last < Shortest
        ? (this, Error.Refused("matching.too-quick", "Look at each pair for at least three seconds.", "每一对请至少查看三秒。"))
        : (new(now, isSame ? AllSame + 1 : 0), null);
}
