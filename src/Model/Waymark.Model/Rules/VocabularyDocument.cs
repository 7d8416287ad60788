namespace Waymark.Model.Rules;

/// <summary>A vocabulary as written: the facts a request may carry and the code lists of their values. Not yet checked.</summary>
public sealed record VocabularyDocument(
    string Id, string Version, string Hash, string File, IReadOnlyList<CodeListDocument> CodeLists, IReadOnlyList<FactDocument> Facts);

/// <summary>A code list as written; <paramref name="Ordered"/> lists may be compared by rank.</summary>
public sealed record CodeListDocument(SourceText Id, bool Ordered, IReadOnlyList<CodeDocument> Codes);

/// <summary>A code with its names and, where there is one, its identifier in the Data Privacy Vocabulary and in ODRL.</summary>
public sealed record CodeDocument(SourceText Code, LocalText Name, string? Dpv = null, string? Odrl = null);

/// <summary>A fact as written.</summary>
/// <param name="Id">Dotted path, entity and attribute.</param>
/// <param name="Type">code, codes, boolean, integer, decimal, text-id, date, instant, duration or country.</param>
/// <param name="CodeList">Code list of a fact of type code or codes.</param>
/// <param name="Scope">True for the facts that every request must carry.</param>
/// <param name="Floor">True when the fact is never named in a nearest permit.</param>
/// <param name="Choice">True when the person concerned decides it alone.</param>
/// <param name="Name">Its name for readers.</param>
/// <param name="Evidence">What proves it.</param>
/// <param name="AttestedBy">The other person who attests it.</param>
/// <param name="Unit">Unit of a number.</param>
public sealed record FactDocument(
    SourceText Id, SourceText Type, SourceText? CodeList, bool Scope, bool Floor, bool Choice, LocalText Name,
    LocalText? Evidence = null, LocalText? AttestedBy = null, string? Unit = null);
