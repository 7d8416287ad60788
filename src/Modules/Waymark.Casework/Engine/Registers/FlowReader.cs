using System.Globalization;
using Waymark.Model;
using Waymark.Model.Rules;
using Waymark.Packs;
using Waymark.Rules;

namespace Waymark.Casework.Registers;

/// <summary>Reads states, transitions with their guards, clocks and the pack's own tests.</summary>
internal sealed class FlowReader(Seen seen, PackCursor pack, IReadOnlyList<FieldPlan> fields, List<PersonRole> roles)
{
    // No step of a register orders or prolongs detention, hides a rule or scores a person (F5, F12, M34).
    private static readonly HashSet<string> s_noStep = new(StringComparer.Ordinal) { "detain", "score", "infer", "suspend-rule", "reidentify", "derogate" };

    public List<StatePlan> States()
    {
        var states = new List<StatePlan>();
        foreach (var cursor in pack.List("states"))
        {
            var state = new StatePlan(states.Count, cursor.Text("id"), RegisterReader.Pair(cursor), cursor.OptionalBoolean("initial") ?? false,
                cursor.OptionalBoolean("terminal") ?? false, cursor.OptionalTexts("outward"), cursor.OptionalBoolean("standing") ?? false);
            if (states.Exists(known => known.Id == state.Id))
            {
                cursor.Fault("id", "register.duplicate", $"The state \"{state.Id}\" stands twice.", $"状态“{state.Id}”重复。");
            }

            states.Add(state);
        }

        if (states.Count(state => state.IsInitial) != 1)
        {
            pack.Fault("states", "register.initial", "Exactly one state is the first (initial: true).", "须有且仅有一个初始状态（initial: true）。");
            return [];
        }

        return states;
    }

    public List<TransitionPlan> Transitions(List<StatePlan> states, Vocabulary vocabulary)
    {
        var all = new List<TransitionPlan>();
        foreach (var cursor in pack.List("transitions"))
        {
            var id = cursor.Text("id");
            var action = seen.Word(cursor, "action", "action", "update");
            if (s_noStep.Contains(action))
            {
                cursor.Fault("action", "register.no-step", $"No step of a register may \"{action}\".", $"登记册的任何步骤都不得“{action}”。");
            }

            var justice = cursor.OptionalBoolean("justice") ?? false;
            var from = cursor.TextList("from").Select(word => State(cursor, "from", word, states)).Where(index => index >= 0).ToList();
            var to = State(cursor, "to", cursor.Text("to"), states);
            if (all.Exists(known => known.Id == id))
            {
                cursor.Fault("id", "register.duplicate", $"The step \"{id}\" stands twice.", $"步骤“{id}”重复。");
            }

            if (to < 0 || from.Count == 0)
            {
                continue;
            }

            foreach (var terminal in from.Where(index => states[index].IsTerminal && states[to].IsTerminal))
            {
                cursor.Fault("from", "register.terminal", $"\"{states[terminal].Id}\" is a last state; only a reopening step leaves it.", $"“{states[terminal].Id}”为终止状态；只能由重新打开的步骤离开。");
            }

            var guards = new List<GuardPlan>(cursor.List("guards").Select(guard => Guard(guard, vocabulary, justice)).OfType<GuardPlan>());
            all.Add(new(all.Count, id, RegisterReader.Pair(cursor), from, to, action, seen.Word(cursor, "recipient", "recipient-type", "none"), justice,
                ViewReader.Named(cursor, "requires", fields), guards));
        }

        foreach (var guard in all.SelectMany(step => step.Guards).Where(guard => guard.Step is not null && all.TrueForAll(step => step.Id != guard.Step)))
        {
            Seen.Unknown(pack, "transitions", guard.Step!, all.Select(step => step.Id));
        }

        return all;
    }

    private GuardPlan? Guard(PackCursor cursor, Vocabulary vocabulary, bool justice)
    {
        if (cursor.OptionalChoice<GuardKind>("kind") is not { } kind)
        {
            _ = cursor.Find("kind") is null ? cursor.Text("kind") : null;
            return null;
        }

        var text = RegisterReader.Pair(cursor);
        var guard = new GuardPlan(kind, text);
        switch (kind)
        {
            case GuardKind.Role:
                var words = cursor.TextList("roles");
                if (words.Count == 0)
                {
                    _ = cursor.Text("roles");
                }

                return guard with { Roles = words };
            case GuardKind.SecondPerson:
                return guard with { IsOtherUnit = cursor.OptionalBoolean("other-unit") ?? false };
            case GuardKind.Times:
                return guard with { Step = cursor.Text("step"), Most = cursor.OptionalWhole("most", 0, 100) ?? 0 };
            case GuardKind.Bench or GuardKind.CarriedOut:
                return guard;
            case GuardKind.Decision or GuardKind.Assessment or GuardKind.Uninvolved:
                var path = cursor.Text("field");
                var field = fields.FirstOrDefault(known => known.Path == path);
                if (field?.Type != FieldType.Reference)
                {
                    cursor.Fault("field", "register.guard-field", "This guard names a field of type reference.", "此条件须指明一个类型为 reference 的字段。");
                }

                return Decided(cursor, guard with { Field = field, Days = cursor.OptionalWhole("days", 1, 3_650) });
            case GuardKind.Consent:
                var of = cursor.OptionalText("of");
                if (of is not null && !roles.Exists(role => role.Id == of))
                {
                    Seen.Unknown(cursor, "of", of, roles.Select(role => role.Id));
                }

                return guard with { Purpose = seen.Word(cursor, "purpose", "purpose", ""), Recipient = seen.Word(cursor, "recipient", "recipient-type", "none"), Of = of };
            default:
                return Condition(cursor, guard, vocabulary, justice);
        }
    }

    /// <summary>What decides is of one register, and a decision names what it decides: whatever else stands decided nothing about this record.</summary>
    private static GuardPlan Decided(PackCursor cursor, GuardPlan guard)
    {
        if (guard.Kind == GuardKind.Uninvolved || guard.Field is not { } field)
        {
            return guard;
        }

        if (field.Target is null)
        {
            cursor.Fault("field", "register.guard-register", $"\"{field.Path}\" names no register (register: …), so that anything that stands would open this step.", $"“{field.Path}”未指明登记册（register: …），任何有效记录均可打开此步骤。");
        }

        // A decision at the return gates is typed, and names its person by itself.
        var isNamed = guard.Kind == GuardKind.Decision && field.Target is not null && field.Target != Guards.ReturnGates.Decisions;
        return guard with { Names = isNamed ? cursor.Text("names") : cursor.OptionalText("names"), States = cursor.TextList("states") };
    }

    private GuardPlan? Condition(PackCursor cursor, GuardPlan guard, Vocabulary vocabulary, bool justice)
    {
        if (cursor.Find("when") is not PackScalar written)
        {
            _ = cursor.Text("when");
            return null;
        }

        var (condition, faults) = CheckedCondition.Read(new SourceText(written.Text, cursor.File, new(written.At.Line, written.At.Column + (written.Quoted ? 1 : 0))), vocabulary);
        cursor.Errors.AddRange(faults);
        var asked = condition?.Facts.Select(fact => fields.FirstOrDefault(field => field.Path == fact.Id)).OfType<FieldPlan>().ToList() ?? [];
        if (!justice && asked.FirstOrDefault(field => field.IsCooperation) is { } cooperation)
        {
            cursor.Fault("when", "register.cooperation", $"No service hangs on \"{cooperation.Path}\": help does not depend on working with police or court.",
                $"任何服务都不得取决于“{cooperation.Path}”：帮助不以配合警方或法院为条件。");
        }

        if (asked.FirstOrDefault(field => ViewReader.IsProtected(field.Category)) is { } attribute)
        {
            cursor.Fault("when", "register.forbidden-facet", $"No step is opened or closed by \"{attribute.Path}\" ({attribute.Category}).", $"任何步骤都不得取决于“{attribute.Path}”（{attribute.Category}）。");
        }

        return guard with { Condition = condition };
    }

    public List<ClockPlan> Clocks(List<StatePlan> states)
    {
        var clocks = new List<ClockPlan>();
        foreach (var cursor in pack.List("clocks"))
        {
            var state = cursor.OptionalText("state");
            var codes = cursor.TextList("codes");
            FieldPlan? Named(string key) => cursor.OptionalText(key) is { } path ? fields.FirstOrDefault(known => known.Path == path) : null;
            var (field, done) = (Named("field"), Named("done"));
            if ((state is null) == (field is null) || (field is not null && (codes.Count == 0 ? field.Type != FieldType.Date : field.Type != FieldType.Code || codes.Any(code => field.Codes?.Find(code) is null)))
                || (done is null && cursor.OptionalText("done") is not null))
            {
                cursor.Fault("register.clock", "A clock begins with a state, with a date field or with codes of a code field, and may end with a field.", "时限须从某状态、某日期字段或某代码字段的代码开始，可因某字段而终止。");
            }

            var (hours, days) = (cursor.OptionalWhole("hours", 1, 10_000) ?? 0, cursor.OptionalWhole("days", 1, 3_650) ?? 0);
            if ((hours == 0) == (days == 0))
            {
                cursor.Fault("register.clock", "A clock runs for hours or for days.", "时限须以小时或天数计。");
            }

            clocks.Add(new(cursor.Text("id"), RegisterReader.Pair(cursor), state is null ? null : State(cursor, "state", state, states), field, hours, days,
                cursor.OptionalChoice<DayCount>("count") ?? DayCount.Calendar, [.. cursor.TextList("until").Select(word => State(cursor, "until", word, states))],
                cursor.OptionalWhole("remind", 0, 365) ?? 0) { Codes = codes, Done = done });
        }

        return clocks;
    }

    public List<RegisterTest> Tests(List<StatePlan> states, List<TransitionPlan> transitions)
    {
        var tests = new List<RegisterTest>();
        foreach (var cursor in pack.List("tests"))
        {
            var state = cursor.OptionalText("state") ?? states.First(known => known.IsInitial).Id;
            _ = State(cursor, "state", state, states);
            var step = cursor.Text("do");
            if (transitions.TrueForAll(known => known.Id != step))
            {
                Seen.Unknown(cursor, "do", step, transitions.Select(known => known.Id));
            }

            var values = cursor.OptionalMapping("values");
            var at = cursor.OptionalText("at");
            tests.Add(new(cursor.Text("id"), RegisterReader.Pair(cursor), $"{cursor.File}:{cursor.At}", state, step,
                values?.Node.Entries.Where(entry => entry.Value is PackScalar).ToDictionary(entry => entry.Key, entry => ((PackScalar)entry.Value).Text, StringComparer.Ordinal)
                    ?? new Dictionary<string, string>(StringComparer.Ordinal),
                cursor.OptionalText("role") ?? "case-worker", cursor.TextList("consents"), cursor.TextList("persons"), cursor.OptionalBoolean("second") ?? false,
                at is not null && DateTimeOffset.TryParse(at, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) ? moment : null,
                cursor.Text("expect") == "allowed", cursor.OptionalChoice<GuardKind>("by")) { Taken = cursor.TextList("taken") });
        }

        return tests;
    }

    private static int State(PackCursor cursor, string key, string word, List<StatePlan> states)
    {
        if (states.Find(known => known.Id == word) is { } state)
        {
            return state.Index;
        }

        if (word.Length > 0)
        {
            Seen.Unknown(cursor, key, word, states.Select(known => known.Id));
        }

        return -1;
    }
}
