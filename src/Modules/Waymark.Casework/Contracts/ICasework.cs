using Waymark.Casework.Documents;
using Waymark.Casework.Registers;
using Waymark.Model;
using Waymark.Protection.Contracts;

namespace Waymark.Casework.Contracts;

/// <summary>
/// Case work for pages, jobs and the command line: every call names who acts at which desk, passes the gate, and answers with a value, a refusal with its
/// reasons, or an error. What comes out is masked already.
/// </summary>
public interface ICasework
{
    /// <summary>The registers of this node, compiled; forms are drawn from them.</summary>
    RegisterLibrary Registers { get; }

    /// <summary>
    /// A page of a register as the desk may see it: rows of its units and purposes, records with a need-to-know list only for those on it. A filter is a field that
    /// the register's view names. Errors: <c>case.filter</c>, those of the store.
    /// </summary>
    Task<CaseAnswer<CaseList>> ListAsync(CaseDesk desk, ListQuestion question, CancellationToken cancellationToken);

    /// <summary>One record. Nobody who may not know of it can tell "not there" from "not yours" (F8): both are <c>case.nothing</c>.</summary>
    Task<CaseAnswer<RecordView>> OpenAsync(CaseDesk desk, RecordAddress record, CancellationToken cancellationToken);

    /// <summary>Makes a record in its first state; an import too. Errors: <c>value.*</c>, <c>case.unknown-field</c>, <c>case.person</c>.</summary>
    Task<CaseAnswer<Changed>> CreateAsync(CaseDesk desk, NewRecord record, CancellationToken cancellationToken);

    /// <summary>
    /// Changes fields. Each change names the version of the field that was seen; changed meanwhile, both values stay and <see cref="Changed.Conflicts"/> names the field.
    /// </summary>
    Task<CaseAnswer<Changed>> ChangeAsync(CaseDesk desk, RecordAddress record, ChangeRequest request, CancellationToken cancellationToken);

    /// <summary>Keeps the chosen claims of a field in conflict or dispute.</summary>
    Task<CaseAnswer<Changed>> ResolveAsync(CaseDesk desk, RecordAddress record, string path, long seen, IReadOnlyList<string> keep, string why, CancellationToken cancellationToken);

    /// <summary>Takes a step of the register. Errors: <c>step.*</c> with the guard's words; <c>record.state-moved</c>.</summary>
    Task<CaseAnswer<Changed>> StepAsync(CaseDesk desk, RecordAddress record, string step, long seenState, string? why, CancellationToken cancellationToken);

    /// <summary>
    /// Takes back what a version did, and what it did elsewhere with it: a merge comes apart in both records. Errors: <c>undo.*</c>, each with the reason why not.
    /// </summary>
    Task<CaseAnswer<Changed>> UndoAsync(CaseDesk desk, RecordAddress record, long version, string why, CancellationToken cancellationToken);

    /// <summary>Who did what, when, why, on which decision; oldest first.</summary>
    Task<CaseAnswer<RecordHistory>> HistoryAsync(CaseDesk desk, RecordAddress record, CancellationToken cancellationToken);

    Task<CaseAnswer<Changed>> AssignAsync(CaseDesk desk, RecordAddress record, string? owner, CancellationToken cancellationToken);

    /// <summary>Sets the need-to-know list; empty lifts it. Whoever sets it stays on it.</summary>
    Task<CaseAnswer<Changed>> RestrictAsync(CaseDesk desk, RecordAddress record, IReadOnlyList<string> accounts, CancellationToken cancellationToken);

    /// <summary>Adds a person to a role, or takes them out.</summary>
    Task<CaseAnswer<Changed>> PersonAsync(CaseDesk desk, RecordAddress record, string role, string person, bool add, CancellationToken cancellationToken);

    /// <summary>Links two records by a kind that the register names; never across partitions (<c>case.partition</c>). Error <c>case.link</c>.</summary>
    Task<CaseAnswer<Changed>> LinkAsync(CaseDesk desk, RecordAddress record, string type, RecordAddress other, string visibility, CancellationToken cancellationToken);

    Task<CaseAnswer<Changed>> UnlinkAsync(CaseDesk desk, RecordAddress record, string link, CancellationToken cancellationToken);

    /// <summary>Moves control in three acts; exactly one unit controls the record at all times. <paramref name="to"/> is needed for the offer only.</summary>
    Task<CaseAnswer<Changed>> HandOverAsync(CaseDesk desk, RecordAddress record, HandOverAct act, string? to, CancellationToken cancellationToken);

    /// <summary>
    /// Looks in a register for what a reference, number, date or words name, each of them, among what the desk may see; within the same budget. Errors: <c>search.no-words</c>, <c>search.budget</c>,
    /// <c>search.held</c>.
    /// </summary>
    Task<CaseAnswer<FoundRecords>> FindRecordsAsync(CaseDesk desk, string register, string text, CancellationToken cancellationToken);

    /// <summary>
    /// Looks for a person out of an open case, within the budget of names per hour. Errors: <c>search.case</c>, <c>search.budget</c>, <c>search.held</c>, <c>search.empty</c>.
    /// </summary>
    Task<CaseAnswer<PersonMatches>> SearchPersonsAsync(CaseDesk desk, RecordAddress openCase, PersonQuestion question, CancellationToken cancellationToken);

    /// <summary>
    /// The sheet that is printed for somebody: checked against the rules of everybody on it (F10), and asked for as what it is: a look when it stays in the house, a transfer to this kind of reader
    /// otherwise. Errors: <c>output.barred</c>, <c>print.kind</c>.
    /// </summary>
    Task<CaseAnswer<PrintSheet>> PrintAsync(CaseDesk desk, RecordAddress record, OutputParty reader, CancellationToken cancellationToken);

    /// <summary>
    /// By two persons: ends what can be read about a person and removes their record, index rows and sections from every record of every partition. Errors: those of
    /// <c>IExceptions.BeginErasureAsync</c>; a hold of the node's register holds as well.
    /// </summary>
    Task<CaseAnswer<Erased>> EraseAsync(CaseDesk first, Actor second, RecordAddress person, CancellationToken cancellationToken);

    /// <summary>The same after a review of kind erasure that this account asked for and two others approved; it is used up.</summary>
    Task<CaseAnswer<Erased>> EraseAsync(Actor requester, string person, CancellationToken cancellationToken);
}

/// <summary>
/// Where somebody works: who, for which unit, for which purpose; with what they state about the matter beyond the record (facts of the gate's vocabulary, such as
/// <c>basis</c> or <c>notice.given</c>).
/// </summary>
public sealed record CaseDesk(Actor Actor, string Unit, string Purpose)
{
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Facts { get; init; } = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);

    /// <summary>The name that what is done here carries in every record, when many are done at once.</summary>
    internal string? Group { get; init; }
}

/// <summary>A record by register and id. Persons lie in the partition of the case that speaks of them; others in that of their register.</summary>
public sealed record RecordAddress(string Register, string Id, Storage.RecordPartition? Partition = null);

/// <summary>A value, or why there is none. A refusal is the gate's; an error is about the request, the record or the store.</summary>
public sealed record CaseAnswer<T>(T? Value, Refusal? Refusal, Error? Error) where T : class
{
    /// <summary>Id of the gate's decision, when one was made.</summary>
    public string? Decision { get; init; }

    /// <summary>Tasks that go with it; they are in the queue already.</summary>
    public IReadOnlyList<GateDuty> Duties { get; init; } = [];

    public bool IsOk => Value is not null;

    public static implicit operator CaseAnswer<T>(Error error) => new(null, null, error);
}

/// <summary>A question for a list; filters are fields of the view with a code or yes, no, unknown. No other filter exists (M01).</summary>
public sealed record ListQuestion(string Register)
{
    public IReadOnlyList<string> States { get; init; } = [];

    public IReadOnlyDictionary<string, string> Filters { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Only what this account works on.</summary>
    public string? Owner { get; init; }

    public DateTimeOffset? DueBefore { get; init; }

    /// <summary>Due first, or newest change first.</summary>
    public bool ByChange { get; init; }

    public int Limit { get; init; } = 50;

    public string? After { get; init; }
}

/// <summary>One row: values of the view's columns in its order, masked ones null.</summary>
public sealed record CaseRow(LocalText StateName, RecordAddress Address, string Reference, string State, string? Owner, DateTimeOffset? Due, DateTimeOffset ChangedAt, bool HasConflict, IReadOnlyList<FieldValue?> Columns)
{
    /// <summary>True while another unit offers it to one of the desk's units.</summary>
    public bool IsOffered { get; init; }

    /// <summary>Why the review committee stopped its processing: the row says that it is there and when it is due, and nothing of what stands in it.</summary>
    public LocalText? Stopped { get; init; }
}

public sealed record CaseList(RegisterPlan Plan, IReadOnlyList<CaseRow> Rows, string? Next) : IPersonal<CaseList>
{
    public CaseList Without(IReadOnlySet<string> fields) => this with
    {
        Rows = [.. Rows.Select(row => row with { Columns = [.. row.Columns.Select((value, at) => Plan.View.Columns[at].Mask is { } mask && fields.Contains(mask) ? null : value)] })],
    };
}

/// <summary>A row that was found; <paramref name="By"/> has per term the masks of the fields that say it, the empty one for what no gate hides.</summary>
public sealed record FoundRecord(CaseRow Row, IReadOnlyList<IReadOnlySet<string>> By);

/// <summary>Rows newest first; <paramref name="IsMore"/> when a key is carried by more than 1,000 records, or more were found than are shown.</summary>
public sealed record FoundRecords(RegisterPlan Plan, IReadOnlyList<FoundRecord> Rows, bool IsMore) : IPersonal<FoundRecords>
{
    /// <summary>The rows as a list of one page.</summary>
    public CaseList List => new(Plan, [.. Rows.Select(row => row.Row)], null);

    // A row that is found by what the gate hides would tell it.
    public FoundRecords Without(IReadOnlySet<string> fields)
    {
        var rows = Rows.Where(row => row.By.All(by => by.Any(mask => !fields.Contains(mask)))).ToList();
        return this with { Rows = [.. rows.Zip(new CaseList(Plan, [.. rows.Select(row => row.Row)], null).Without(fields).Rows, (row, masked) => row with { Row = masked })] };
    }
}

/// <summary>A record as the desk may see it. <paramref name="Masked"/> are paths of fields that are "not for this purpose".</summary>
public sealed record RecordView(RegisterPlan Plan, RecordDocument Document, Storage.RecordPartition Partition, IReadOnlyList<string> Masked, bool IsErasedInPart, IReadOnlyList<OpenStep> Steps, DateTimeOffset? Due)
    : IPersonal<RecordView>
{
    public string Reference => References.Of(Plan, Document.Id);

    /// <summary>Links that the desk may see; the document shows none.</summary>
    public IReadOnlyList<SeenLink> Links { get; init; } = [];

    /// <summary>How often steps were taken whose number a guard limits.</summary>
    public IReadOnlyList<(TransitionPlan Step, int Count, int Most)> Counted { get; init; } = [];

    public RecordView Without(IReadOnlySet<string> fields) => Without(field => field.Mask is { } mask && fields.Contains(mask));

    internal RecordView Without(Func<FieldPlan, bool> hidden)
    {
        var gone = Document.Fields.Keys.Where(path => Plan.Field(RecordDocument.PlanPath(path)) is not { } field || hidden(field)).ToList();
        return gone.Count == 0 ? this : this with
        {
            Document = Document with { Fields = Document.Fields.Where(field => !gone.Contains(field.Key)).ToDictionary(field => field.Key, field => field.Value, StringComparer.Ordinal) },
            Masked = [.. Masked.Union(gone, StringComparer.Ordinal).Order(StringComparer.Ordinal)],
        };
    }
}

/// <summary>A step that starts from the record's state, and what stands in its way for this actor now.</summary>
public sealed record OpenStep(TransitionPlan Step, StepRefusal? Refusal);

/// <summary>References as people say them: the register's letters and the first eight of the id, which carry no time.</summary>
public static class References
{
    public static string Of(RegisterPlan plan, string id) => $"{plan.Reference}-{id[..4].ToUpperInvariant()}-{id[4..8].ToUpperInvariant()}";
}

/// <summary>A new record: plain values by path (items of repeated groups as <c>group/n/field</c>), persons by role. <paramref name="Id"/> makes a retry harmless.</summary>
public sealed record NewRecord(string Register, string? Id, IReadOnlyDictionary<string, string> Values, IReadOnlyList<(string Role, string Person)> Persons, Storage.RecordPartition? Partition = null);

/// <summary>What is entered in one field; an empty <paramref name="Value"/> clears it.</summary>
public sealed record FieldEntry(string Path, long Seen, string Value)
{
    /// <summary>Beside what stands there: another source says otherwise.</summary>
    public bool IsDispute { get; init; }

    public string? Source { get; init; }

    public char? SourceGrade { get; init; }

    public char? InformationGrade { get; init; }

    public string? Handling { get; init; }

    public string? Authority { get; init; }
}

public sealed record ChangeRequest(IReadOnlyList<FieldEntry> Entries, string? Why = null);

/// <summary>What a change led to.</summary>
public sealed record Changed(RecordAddress Address, long Version, string State, IReadOnlyList<string> Conflicts)
{
    /// <summary>True when what was done is this version of the record; false when it stands beside the record, as a person's consent does, and undoing the version would undo something else.</summary>
    public bool IsVersion { get; init; } = true;
}

public enum HandOverAct { Offer, Accept, Commit, Cancel }

/// <summary>One operation for readers; values are those the desk may see.</summary>
public sealed record HistoryLine(long Version, Operation Operation)
{
    /// <summary>The edition of the register that the record was of after the operation.</summary>
    public required RegisterPlan Plan { get; init; }

    /// <summary>The edition before a migration; its fields stand in the operation too.</summary>
    public RegisterPlan? Before { get; init; }

    /// <summary>Why it cannot be taken back as the record stands now; null when it can.</summary>
    public LocalText? NotUndone { get; init; }

    public FieldPlan? Field(string path) => Plan.Field(RecordDocument.PlanPath(path)) ?? Before?.Field(RecordDocument.PlanPath(path));
}

public sealed record RecordHistory(RegisterPlan Plan, IReadOnlyList<HistoryLine> Lines) : IPersonal<RecordHistory>
{
    public RecordHistory Without(IReadOnlySet<string> fields) => Without(field => field.Mask is { } mask && fields.Contains(mask));

    internal RecordHistory Without(Func<FieldPlan, bool> hidden) => this with
    {
        Lines = [.. Lines.Select(line => line with
        {
            Operation = line.Operation with
            {
                Changes = [.. line.Operation.Changes.Select(change => line.Field(change.Path) is not { } field || hidden(field) ? change with { Claims = [], Before = null } : change)],
            },
        })],
    };
}

/// <summary>What is known about a person: a name in any script, a birth date as far as known, a number.</summary>
public sealed record PersonQuestion(string? Name, string? Birth = null, string? Identifier = null);

/// <summary>A candidate: never a match by itself. <paramref name="Reasons"/> say what agrees, per kind, before any order.</summary>
public sealed record PersonMatch(RecordAddress Address, IReadOnlyList<string> Names, string? Birth, IReadOnlyList<string> Reasons, double Weight);

/// <summary>Candidates; <paramref name="IsMore"/> when a key is carried by more than 1,000 records.</summary>
public sealed record PersonMatches(IReadOnlyList<PersonMatch> Candidates, bool IsMore) : IPersonal<PersonMatches>
{
    public PersonMatches Without(IReadOnlySet<string> fields) => this with
    {
        Candidates = [.. Candidates.Select(match => match with { Names = fields.Contains("name") ? [] : match.Names, Birth = fields.Contains("birth-date") ? null : match.Birth })],
    };
}

/// <summary>Who gets an output: a person, an organisation or unit, the country or area it belongs to.</summary>
public sealed record OutputParty(string? Person, string? Organisation, string? Area)
{
    /// <summary>What the rules know the reader as: a code of the vocabulary's list of recipients; <see cref="Inside"/> when it stays in the house.</summary>
    public string? Kind { get; init; }

    public const string Inside = "none";
}

/// <summary>What is printed: titles and values per tab, nothing of other persons than those named.</summary>
public sealed record PrintSheet(RegisterPlan Plan, string Reference, IReadOnlyList<(FieldPlan Field, string Path, IReadOnlyList<Claim> Claims)> Lines, IReadOnlyList<FieldPlan> LeftOut, DateTimeOffset At, string Mark) : IPersonal<PrintSheet>
{
    public PrintSheet Without(IReadOnlySet<string> fields) => this with { Lines = [.. Lines.Where(line => line.Field.Mask is not { } mask || !fields.Contains(mask))] };
}

/// <summary>How many records were rewritten without the person.</summary>
public sealed record Erased(int Records);
