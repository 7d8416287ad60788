using Waymark.Evidence.Catalogue;
using Waymark.Evidence.Contracts;
using Waymark.Evidence.Importing;
using Waymark.Model;
using Waymark.Storage;

namespace Waymark.Evidence.Querying;

/// <summary>
/// Files of notes in the store. Each is a vintage of a shelf ("notes:" and the id of its profile) whose one segment holds the
/// notes: it becomes visible with its import like figures do, and every cache sees by the newest sequence that something came.
/// </summary>
internal sealed class NoteShelf(IStore store, EvidenceCatalogue catalogue, Func<string, CancellationToken, Task<ImportRecord?>> import)
{
    private const string Prefix = "notes:";

    public static string Of(string profile) => Prefix + profile;

    public static bool IsShelf(string series) => series.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>All notes that may speak of the series, with the span of system time in which each counts.</summary>
    public async Task<SeriesNotes> OfAsync(SeriesDefinition series, CancellationToken cancellationToken)
    {
        var (notes, sequence) = (new List<KnownNote>(), 0L);
        foreach (var profile in catalogue.Profiles.Where(profile => profile.Notes?.Series.Contains(series.Id, StringComparer.Ordinal) == true))
        {
            var shelf = new List<(KnownNote Note, long Order)>();
            foreach (var vintage in (await store.Series.VintagesAsync(Of(profile.Id), cancellationToken)).Where(vintage => vintage.State == VintageState.Visible))
            {
                sequence = Math.Max(sequence, vintage.Sequence);
                Add(shelf, await ReadAsync(vintage, cancellationToken), vintage.ReleaseOrder);
            }

            notes.AddRange(shelf.Select(item => item.Note));
        }

        return notes.Count == 0 ? SeriesNotes.None : new(notes, series.Dimensions.Select(dimension => dimension.Id), sequence);
    }

    /// <summary>A file that is not older takes the place of what earlier ones say of the same figures; an older one that comes late adds only what no other says.</summary>
    private static void Add(List<(KnownNote Note, long Order)> shelf, List<KnownNote> coming, long order)
    {
        var known = shelf.Count;
        foreach (var group in coming.GroupBy(note => note.About, StringComparer.Ordinal))
        {
            var standing = Enumerable.Range(0, known).Where(at => shelf[at].Note.To == DateTimeOffset.MaxValue && shelf[at].Note.About == group.Key).ToList();
            if (standing.Exists(at => shelf[at].Order > order))
            {
                continue;
            }

            foreach (var at in standing)
            {
                shelf[at] = (shelf[at].Note with { To = group.First().From }, shelf[at].Order);
            }

            shelf.AddRange(group.Select(note => (note, order)));
        }
    }

    private async Task<List<KnownNote>> ReadAsync(StoredVintage vintage, CancellationToken cancellationToken)
    {
        var notes = new List<KnownNote>();
        if (await import(vintage.Import, cancellationToken) is not { } record)
        {
            return notes;
        }

        foreach (var segment in await store.Series.SegmentsAsync(vintage.Id, cancellationToken))
        {
            if (await store.Blobs.ReadAsync(segment.Blob, cancellationToken) is { } bytes)
            {
                notes.AddRange(Read(bytes).Select(note => new KnownNote(note, [.. note.Periods.Select(Period.Parse)], record.Id, vintage.Release, record.FileName, record.Sha256,
                    vintage.VisibleFrom ?? default, DateTimeOffset.MaxValue)));
            }
        }

        return notes;
    }

    /// <summary>A note that is not on a shelf yet.</summary>
    public static KnownNote New(PublisherNote note) => new(note, [.. note.Periods.Select(Period.Parse)], "", "", "", "", DateTimeOffset.MinValue, DateTimeOffset.MaxValue);

    public static byte[] Write(IReadOnlyList<PublisherNote> notes) => EvidenceJson.Write(notes);

    private static IReadOnlyList<PublisherNote> Read(ReadOnlyMemory<byte> bytes) => EvidenceJson.Read<IReadOnlyList<PublisherNote>>(bytes.Span) ?? [];
}
