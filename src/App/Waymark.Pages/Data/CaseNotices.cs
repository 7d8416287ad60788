using System.Collections.Concurrent;
using System.Security.Cryptography;
using Waymark.Casework.Contracts;
using Waymark.Model;
using Waymark.Protection.Contracts;

namespace Waymark.Pages.Data;

/// <summary>Case work of this node, or nothing when its packs could not be read.</summary>
public sealed record CaseworkSource(ICasework? Cases, IReadOnlyList<Error> Faults)
{
    public IMigrations? Migrations { get; init; }

    /// <summary>What its records stand on, built once; reminders run over the same.</summary>
    public Waymark.Casework.Engine.RecordParts? Parts { get; init; }
}

/// <summary>What came of a form: errors, a refusal with its reasons, what had been entered so that nothing is lost, or found candidates.</summary>
public sealed record CaseNotice
{
    public IReadOnlyList<Error> Errors { get; init; } = [];

    public Refusal? Refusal { get; init; }

    public IReadOnlyDictionary<string, string> Entered { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Id of the text that says what was done.</summary>
    public string? Done { get; init; }

    public PersonMatches? Found { get; init; }

    /// <summary>What was looked for in a register.</summary>
    public FoundRecords? Records { get; init; }

    /// <summary>What a reference field may name, where what was entered named nothing.</summary>
    public ReferenceChoices? Choices { get; init; }

    /// <summary>A code that is shown once: the notice is gone when it was read.</summary>
    public string? Code { get; init; }

    /// <summary>For whom a sheet is printed.</summary>
    public OutputParty? Reader { get; init; }

    /// <summary>The version of the record that was made, so that it can be taken back at once.</summary>
    public long? Made { get; init; }

    /// <summary>What an act would do to the records that were chosen.</summary>
    public BulkPreview? Bulk { get; init; }

    /// <summary>What an act did to them.</summary>
    public BulkDone? BulkDone { get; init; }

    /// <summary>An export of which something stayed here.</summary>
    public ExportPart? Export { get; init; }

    /// <summary>What a spreadsheet of cases held, or led to.</summary>
    public HtcdsSeen? Sheet { get; init; }

    /// <summary>A kept filter that was taken out, so that it can be kept again.</summary>
    public SavedFilter? Removed { get; init; }
}

/// <summary>A spreadsheet in numbers and places, without a value of anybody: what was not understood and where, which rows stand aside, which records its rows became.</summary>
public sealed record HtcdsSeen(int Cases, int Fields, int NumberedOnly, IReadOnlyList<(int Row, Error Why)> Aside, IReadOnlyList<Error> Faults, int FaultCount, IReadOnlyList<HtcdsRow>? Rows)
{
    public static HtcdsSeen Of(Waymark.Formats.Htcds.HtcdsFile file, IReadOnlyList<HtcdsRow>? rows) =>
        new(file.Cases.Count, file.Fields.Count, file.NumberedOnly, [.. file.Aside.Select(row => (row.Row, row.Why))], [.. file.Faults.Take(200)], file.FaultCount, rows);
}

/// <summary>
/// Outcomes of forms under random handles, so that no address holds what was typed about a person. In memory only, for a quarter of an
/// hour, for the account that sent the form.
/// </summary>
public sealed class CaseNotices(TimeProvider time)
{
    private const int Most = 2_000;

    private static readonly TimeSpan s_kept = TimeSpan.FromMinutes(15);

    private readonly ConcurrentDictionary<string, (string Account, CaseNotice Notice, DateTimeOffset Until)> _notices = new(StringComparer.Ordinal);

    public string Keep(string account, CaseNotice notice)
    {
        var now = time.GetUtcNow();
        foreach (var old in _notices.Where(pair => pair.Value.Until <= now).Select(pair => pair.Key).ToList())
        {
            _notices.TryRemove(old, out _);
        }

        if (_notices.Count >= Most)
        {
            _notices.TryRemove(_notices.MinBy(pair => pair.Value.Until).Key, out _);
        }

        var handle = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        _notices[handle] = (account, notice, now + s_kept);
        return handle;
    }

    public CaseNotice? Find(string account, string? handle)
    {
        if (handle is not { Length: 32 } || !_notices.TryGetValue(handle, out var kept) || kept.Account != account || kept.Until <= time.GetUtcNow())
        {
            return null;
        }

        return kept.Notice.Code is null || _notices.TryRemove(handle, out _) ? kept.Notice : null;
    }
}
