using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Casework.Guards;
using Waymark.Casework.Registers;
using Waymark.Model;
using Waymark.Protection.Contracts;
using Waymark.Storage;

namespace Waymark.Casework.Engine;

/// <summary>
/// What a list, a search or a count may show of each record. The gate decides the whole once; what differs from record to record (what it states itself, what its persons chose, what the review
/// committee froze) decides whether a row is shown, stopped or left out, as opening the record would.
/// </summary>
public abstract partial class RecordEngine
{
    private const string Informed = "notice.given";

    private static readonly LocalText s_stopped = new(
        "The rules do not let this be read now for this purpose; opening it says why.", "依规则，目前不得为此目的查阅此记录；打开记录可见原因。");

    /// <summary>
    /// The question for a list as a whole. The first source of the register's own list, and people who were informed, stand for one that is empty, so that no answer tells whether there are rows.
    /// </summary>
    private protected Task<GateRequest> AskListAsync(CaseDesk desk, RegisterPlan plan, string matter, CancellationToken cancellationToken)
    {
        var facts = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        if (Firewall.Source(plan) is { } source)
        {
            facts[source.Fact!] = [source.Codes!.Codes[0].Id];
        }

        if (plan.Fields.Any(field => field.Fact == Informed))
        {
            facts[Informed] = ["true"];
        }

        return AskAsync(desk, plan, matter, null, [], "read", "none", facts, cancellationToken);
    }

    /// <summary>The rows of one question about records of a register.</summary>
    private protected RowGate Rows(CaseDesk desk, RegisterPlan plan, GateRequest whole, bool areOnlyCounted = false) => new(this, desk, plan, whole, areOnlyCounted);

    /// <summary>What a row may show: everything but what is masked, or that it is there and nothing else. One that is left out has none.</summary>
    private protected sealed record RowLeave(LocalText? Stopped, IReadOnlySet<string> Masked);

    private protected sealed class RowGate(RecordEngine engine, CaseDesk desk, RegisterPlan plan, GateRequest whole, bool areOnlyCounted)
    {
        private readonly IReadOnlyCollection<string> _rowFacts = [.. plan.Fields.Select(field => field.Fact).OfType<string>().Concat(plan.Fields.SelectMany(field => field.States.Keys)).Distinct(StringComparer.Ordinal)];
        private IRowRules? _rules;
        private bool? _anyFrozen;

        public async Task<RowLeave?> OfAsync(RecordDocument document, CancellationToken cancellationToken) => (await OfAsync([document], cancellationToken))[0];

        /// <summary>One answer for each record, in their order; null leaves it out without a trace.</summary>
        public async Task<IReadOnlyList<RowLeave?>> OfAsync(IReadOnlyList<RecordDocument> documents, CancellationToken cancellationToken)
        {
            _rules ??= await engine._parts.Gate.RowsAsync(whole, _rowFacts, cancellationToken);
            var asked = new List<AskedRow>();
            foreach (var document in documents)
            {
                asked.Add(new(document.Id, CaseRights.Persons(plan, document), await StatedAsync(document, cancellationToken), areOnlyCounted));
            }

            var (ruled, leaves) = (await _rules.AskAsync(asked, cancellationToken), new List<RowLeave?>());
            foreach (var (row, rule) in asked.Zip(ruled))
            {
                leaves.Add(rule.Answer == RowAnswer.Out ? null : new(await FrozenAsync(row, cancellationToken) ?? (rule.Answer == RowAnswer.Stopped ? s_stopped : null), rule.Masked));
            }

            return leaves;
        }

        /// <summary>What the record states of the facts that some rule hears, as the question about it alone would.</summary>
        private async Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> StatedAsync(RecordDocument document, CancellationToken cancellationToken)
        {
            if (!_rowFacts.Any(_rules!.Heard.Contains))
            {
                return new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
            }

            var named = plan.Fields.Any(field => field.States.Keys.Any(_rules.Heard.Contains))
                ? await engine._standing.WithNamedAsync(null, plan, document, "none", cancellationToken) : null;
            return CaseRights.Ask(engine._standing.WithoutClaims(desk, plan), plan, document.Id, document, [], whole.Action, "none", named, null).Facts;
        }

        /// <summary>What the review committee stopped, asked row by row only while it froze anything at all.</summary>
        private async Task<LocalText?> FrozenAsync(AskedRow row, CancellationToken cancellationToken)
        {
            _anyFrozen ??= Freezes.Stops(desk.Purpose, whole.Action) && (await HasAsync(Freezes.Register, cancellationToken) || await HasAsync(Objections.Register, cancellationToken));
            return _anyFrozen.Value ? await engine.FrozenAsync(desk.Purpose, whole.Action, [row.Matter, .. row.Persons], cancellationToken) : null;
        }

        private async Task<bool> HasAsync(string register, CancellationToken cancellationToken)
        {
            var page = await engine._parts.Store.Records.ListAsync(new(register, [Freezes.Any], Limit: 1), cancellationToken);
            return page.IsOk ? page.Value.Records.Count > 0 : throw new StoreException(page.Error);
        }
    }
}
