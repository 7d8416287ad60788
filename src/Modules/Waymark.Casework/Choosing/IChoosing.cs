using Waymark.Casework.Documents;
using Waymark.Casework.Registers;
using Waymark.Model;

namespace Waymark.Casework.Contracts;

/// <summary>What a reference field may name, found by the reference that people say, by words of the record or by the name of a person in it.</summary>
public interface IChoosing
{
    /// <summary>
    /// Records for a field, newest first; none where there is none and where none may be known of (F8). <paramref name="record"/> is the open case out of which persons are searched, on the account's
    /// budget (M04); null while the record is not made yet: then nobody is searched for.
    /// </summary>
    Task<CaseAnswer<ReferenceChoices>> ChoicesAsync(CaseDesk desk, string register, RecordAddress? record, string path, string asked, CancellationToken cancellationToken);
}

/// <summary>The field, and what it may name.</summary>
public sealed record ReferenceChoices(string Path, IReadOnlyList<ReferenceChoice> Choices);

/// <summary>One record, with the columns of its list that the desk may read; <paramref name="Names"/> are those of a person.</summary>
public sealed record ReferenceChoice(RegisterPlan Plan, string Reference, LocalText? StateName, IReadOnlyList<(FieldPlan Field, FieldValue Value)> Says, IReadOnlyList<string> Names);
