using Waymark.Model;
using Waymark.Rules;

namespace Waymark.Casework.Registers;

/// <summary>The closed set of guards.</summary>
public enum GuardKind
{
    /// <summary>The actor has one of these roles.</summary>
    Role,

    /// <summary>Another person than the one who did the step before decides, of another unit when asked for.</summary>
    SecondPerson,

    /// <summary>A reference field names a decision that stands and has not lapsed.</summary>
    Decision,

    /// <summary>A reference field names an assessment that is done.</summary>
    Assessment,

    /// <summary>The person in a role agreed to this purpose and recipient.</summary>
    Consent,

    /// <summary>A condition of the rule language over the record's fields holds; unknown does not.</summary>
    Condition,

    /// <summary>A lawful bench sits: see <see cref="Guards.Bench"/>.</summary>
    Bench,

    /// <summary>Whoever takes the step had no part in the record that a reference field names.</summary>
    Uninvolved,

    /// <summary>What the committee decided was carried out wherever the data went: see <see cref="Guards.Remedies"/>.</summary>
    CarriedOut,

    /// <summary>A step was taken no more often than so, as the record's own operations count it (M86).</summary>
    Times,
}

/// <summary>A guard of a transition; which members count depends on its kind.</summary>
public sealed record GuardPlan(GuardKind Kind, LocalText Text)
{
    public IReadOnlyList<string> Roles { get; init; } = [];

    public bool IsOtherUnit { get; init; }

    public FieldPlan? Field { get; init; }

    /// <summary>The field in which the decision names the record it is about; one about another record opens nothing here.</summary>
    public string? Names { get; init; }

    /// <summary>The standing states in which it says what this step needs; none named: any standing one.</summary>
    public IReadOnlyList<string> States { get; init; } = [];

    /// <summary>How long a decision holds.</summary>
    public int? Days { get; init; }

    public string? Purpose { get; init; }

    public string? Recipient { get; init; }

    /// <summary>Role of the person who agrees.</summary>
    public string? Of { get; init; }

    public CheckedCondition? Condition { get; init; }

    /// <summary>The step that is counted, and how often it may have been taken.</summary>
    public string? Step { get; init; }

    public int Most { get; init; }
}

/// <summary>What counts days: all of them, or those on which the unit works.</summary>
public enum DayCount { Calendar, Working }

/// <summary>A clock: begins with a state, a date field or a code that is entered, ends when one of the states is reached, reminds without content.</summary>
public sealed record ClockPlan(
    string Id, LocalText Name, int? FromState, FieldPlan? FromField, int Hours, int Days, DayCount Count, IReadOnlyList<int> Until, int RemindDays)
{
    /// <summary>Of a code field: the codes with which it begins, at the moment they were entered.</summary>
    public IReadOnlyList<string> Codes { get; init; } = [];

    /// <summary>It ends when this field says something other than no.</summary>
    public FieldPlan? Done { get; init; }
}

/// <summary>A test inside the pack: from a state with values, doing a step, is it allowed, and by what is it stopped.</summary>
public sealed record RegisterTest(
    string Id, LocalText Text, string Where, string State, string Do, IReadOnlyDictionary<string, string> Values, string Role, IReadOnlyList<string> Consents,
    IReadOnlyList<string> Persons, bool IsSecond, DateTimeOffset? At, bool IsAllowed, GuardKind? By)
{
    /// <summary>Steps that were taken before, as often as they are named.</summary>
    public IReadOnlyList<string> Taken { get; init; } = [];
}
