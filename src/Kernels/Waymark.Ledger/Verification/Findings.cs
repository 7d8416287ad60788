using System.Globalization;
using Waymark.Model;

namespace Waymark.Ledger;

/// <summary>Faults and notices of a verification, each with its stable code; at most 100 of each.</summary>
internal sealed class Findings
{
    private const int Most = 100;
    private readonly List<Error> _faults = [];
    private readonly List<Error> _notices = [];

    public IReadOnlyList<Error> Faults => _faults;

    public IReadOnlyList<Error> Notices => _notices;

    public bool IsFull => _faults.Count >= Most;

    public void Add(Error error) => Add(_faults, error);

    public void Missing(string path) => Add(Error.Faulty("ledger.missing", "A file of the ledger is missing or too short.",
        "账本的一个文件缺失或过短。", path));

    public void NotSigned(string where) => Add(Error.Faulty("ledger.not-signed", "The checkpoint has no valid signature of this log.",
        "检查点没有该日志的有效签名。", where));

    public void WrongOrigin(string where, string origin) => Add(Error.Faulty("ledger.wrong-origin",
        $"The checkpoint is of another ledger: “{origin}”.", $"检查点属于另一账本：“{origin}”。", where));

    public void NotWitnessed(int found, int needed) => Add(Error.Faulty("ledger.not-witnessed",
        $"{found} witnesses have cosigned the newest checkpoint; {needed} are needed.", $"最新检查点有 {found} 个见证签名，需要 {needed} 个。", "checkpoint"));

    public void Count(string path, int found, int expected) => Add(Error.Faulty("ledger.entries-missing",
        $"There are {found} entries, and the tree has {expected} here.", $"此处有 {found} 个条目，而树中有 {expected} 个。", path));

    public void Entry(long index) => Add(Error.Faulty("ledger.entry-altered", "This entry is not the one that was entered.",
        "该条目不是当初写入的条目。", Place(index)));

    public void AlteredTile(string path) => Add(Error.Faulty("ledger.tile-altered", "The hashes in this file do not follow from what is below them.",
        "该文件中的哈希与其下层内容不符。", path));

    public void Root() => Add(Error.Faulty("ledger.root-differs", "The tree is not the one that the signed checkpoint names.",
        "该树不是已签名检查点所指的树。", "checkpoint"));

    public void Forked(string where, long size) => Add(Error.Faulty("ledger.forked",
        $"An earlier checkpoint of {size} entries does not belong to this tree: the ledger was rewritten or forked.",
        $"较早的含 {size} 个条目的检查点不属于此树：账本已被改写或分叉。", where));

    public void RolledBack(string where, long earlier, long now) => Add(Error.Faulty("ledger.rolled-back",
        $"An earlier checkpoint has {earlier} entries, this one {now}: the ledger was rolled back.",
        $"较早的检查点有 {earlier} 个条目，现有 {now} 个：账本已被回退。", where));

    public void Unsigned(string where) => Add(Error.Faulty("ledger.evidence-not-signed",
        "The earlier checkpoint is signed by neither the log nor a witness, so it shows nothing.", "较早的检查点既无日志签名也无见证签名，因此不能证明任何事。", where));

    public void TimeMoved(long index, DateTimeOffset time, DateTimeOffset other) => Add(_notices, Error.Faulty("ledger.time-moved",
        $"This entry says {Utc(time)}; the ledger had reached {Utc(other)}.", $"该条目的时间为 {Utc(time)}，而账本当时已到 {Utc(other)}。", Place(index)));

    public void TimeAhead(long index, DateTimeOffset time, DateTimeOffset witnessed) => Add(_notices, Error.Faulty("ledger.time-ahead",
        $"This entry says {Utc(time)}; a witness saw it at {Utc(witnessed)} already.", $"该条目的时间为 {Utc(time)}，而见证在 {Utc(witnessed)} 已看到它。", Place(index)));

    private static void Add(List<Error> list, Error error)
    {
        if (list.Count < Most)
        {
            list.Add(error);
        }
    }

    private static string Place(long index) => string.Create(CultureInfo.InvariantCulture, $"entry {index}");

    private static string Utc(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
