namespace Waymark.Evidence.Contracts;

/// <summary>
/// A note of the publisher that came in a file of its own. <paramref name="Of"/>: dimension to the codes it speaks of; a
/// dimension that is not named is left open. <paramref name="Periods"/>: what is covered; none is every period.
/// <paramref name="Cell"/>: where the text stands in its file. The text is the publisher's, in the publisher's language.
/// </summary>
public sealed record PublisherNote(string Text, IReadOnlyDictionary<string, IReadOnlyList<string>> Of, IReadOnlyList<string> Periods, string Cell);

/// <summary>
/// What an import did with a file of notes. <paramref name="Matched"/>: notes on figures that are here; null where the figures
/// come with the same file, and <c>check</c> tells. <paramref name="Unmatched"/>: the others, at most 1,000; they are kept and
/// join the figures when these come.
/// </summary>
public sealed record NotesImport(string Profile, IReadOnlyList<string> Series, string Vintage, int Notes, int? Matched, IReadOnlyList<PublisherNote> Unmatched);

/// <summary>A note beside a figure, with the file that it came in.</summary>
public sealed record ExplainedNote(string Text, string Release, string FileName, string Sha256, string Cell);
