using Waymark.Evidence.Contracts;
using Waymark.Model;
using Waymark.Statistics.Cube;
using Waymark.Statistics.Cube.Queries;

namespace Waymark.Evidence.Querying;

/// <summary>A note with the file it came in and since when, and until when, it counts.</summary>
public sealed record KnownNote(PublisherNote Note, IReadOnlyList<Period> Periods, string Import, string Release, string FileName, string Sha256, DateTimeOffset From, DateTimeOffset To)
{
    /// <summary>What it is about, as one text: a newer file that speaks of the same takes its place.</summary>
    internal string About { get; } = string.Join(';', Note.Of.Select(pair => $"{pair.Key}={string.Join(',', pair.Value)}")) + "@" + string.Join(',', Note.Periods);

    internal bool Covers(Period period) => Periods.Count == 0 || Periods.Any(one => one.FirstDay <= period.FirstDay && period.LastDay <= one.LastDay);

    internal ExplainedNote Explained => new(Note.Text, Release, FileName, Sha256, Note.Cell);
}

/// <summary>
/// The notes of files of their own that may speak of figures of one series, found by what a figure is about. It makes no
/// difference whether the notes or the figures came first.
/// </summary>
public sealed class SeriesNotes
{
    private readonly Dictionary<(string Dimension, string Code), List<KnownNote>> _byCode = [];
    private readonly List<KnownNote> _open = [];
    private readonly string[] _dimensions;

    /// <param name="notes">In the order in which their files became visible.</param>
    /// <param name="dimensions">Of the series; notes on other dimensions are not about it.</param>
    /// <param name="sequence">Of the newest file.</param>
    public SeriesNotes(IReadOnlyList<KnownNote> notes, IEnumerable<string> dimensions, long sequence)
    {
        (_dimensions, Sequence) = ([.. dimensions], sequence);
        All = [.. notes.Where(note => note.Note.Of.Keys.All(_dimensions.Contains))];
        foreach (var note in All)
        {
            if (note.Note.Of.Count == 0)
            {
                _open.Add(note);
                continue;
            }

            var (dimension, codes) = note.Note.Of.First();
            foreach (var code in codes)
            {
                (_byCode.TryGetValue((dimension, code), out var known) ? known : _byCode[(dimension, code)] = []).Add(note);
            }
        }
    }

    public static SeriesNotes None { get; } = new([], [], 0);

    public IReadOnlyList<KnownNote> All { get; }

    public long Sequence { get; }

    /// <summary>Distinct notes on one figure as they were known at a moment.</summary>
    public IReadOnlyList<KnownNote> On(ObservationView observation, DateTimeOffset asOf)
    {
        if (All.Count == 0)
        {
            return [];
        }

        var found = new List<KnownNote>();
        Collect(_open, observation, asOf, found);
        for (var at = 0; at < _dimensions.Length; at++)
        {
            if (_byCode.TryGetValue((_dimensions[at], observation.Code(at)), out var candidates))
            {
                Collect(candidates, observation, asOf, found);
            }
        }

        return found;
    }

    private void Collect(List<KnownNote> candidates, ObservationView observation, DateTimeOffset asOf, List<KnownNote> found)
    {
        foreach (var note in candidates)
        {
            if (note.From <= asOf && asOf < note.To && note.Covers(observation.Period) && Meets(note.Note.Of, observation) && !found.Exists(other => other.Note.Text == note.Note.Text))
            {
                found.Add(note);
            }
        }
    }

    private bool Meets(IReadOnlyDictionary<string, IReadOnlyList<string>> about, ObservationView observation)
    {
        foreach (var (dimension, codes) in about)
        {
            if (!codes.Contains(observation.Code(Array.IndexOf(_dimensions, dimension)), StringComparer.Ordinal))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Notes that count now and speak of no figure of this series.</summary>
    public IReadOnlyList<KnownNote> WithoutFigures(CubeSnapshot cube, DateTimeOffset now)
    {
        var left = All.Where(note => note.From <= now && now < note.To).ToHashSet();
        if (left.Count > 0 && cube.Select(CubeFilter.Everything) is { IsOk: true, Value.Observations: var observations })
        {
            foreach (var observation in observations)
            {
                left.ExceptWith(On(observation, now));
            }
        }

        return [.. All.Where(left.Contains)];
    }
}
