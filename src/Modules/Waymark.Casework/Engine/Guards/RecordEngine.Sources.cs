using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Casework.Guards;
using Waymark.Casework.Registers;
using Waymark.Protection.Contracts;

namespace Waymark.Casework.Engine;

/// <summary>
/// Lists of registers whose records say where their data come from and whether the person was informed. The rules ask for both, and a list has neither: the gate is asked once for each of them
/// that stands in it, and what may not be used for the purpose is left out without a trace.
/// </summary>
public abstract partial class RecordEngine
{
    private const string Informed = "notice.given";

    /// <summary>
    /// The question for a list as a whole. The first source of the register's own list, and people who were informed, stand for one that is empty, so that no answer tells whether there are rows.
    /// </summary>
    private protected Task<GateRequest> AskListAsync(CaseDesk desk, RegisterPlan plan, string matter, CancellationToken cancellationToken) =>
        AskListAsync(desk, plan, matter, Firewall.Source(plan)?.Codes!.Codes[0].Id, "true", cancellationToken);

    private Task<GateRequest> AskListAsync(CaseDesk desk, RegisterPlan plan, string matter, string? source, string informed, CancellationToken cancellationToken)
    {
        var facts = new Dictionary<string, IReadOnlyList<string>>(Firewall.Stated(source) ?? new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal), StringComparer.Ordinal);
        if (informed.Length > 0 && plan.Fields.Any(field => field.Fact == Informed))
        {
            facts[Informed] = [informed];
        }

        return AskAsync(desk, plan, matter, null, [], "read", "none", facts, cancellationToken);
    }

    /// <summary>Whose rows a list may show: nothing to ask where the register says the source for all.</summary>
    private protected ListedSources Sources(CaseDesk desk, RegisterPlan plan, string matter) => new(this, desk, plan, matter);

    /// <summary>For one list: which sources may be used for the desk's purpose, of people informed or not, each asked of the gate once.</summary>
    private protected sealed class ListedSources(RecordEngine engine, CaseDesk desk, RegisterPlan plan, string matter)
    {
        private readonly Dictionary<string, bool> _asked = new(StringComparer.Ordinal);

        /// <summary>What the review committee froze among the rows.</summary>
        public StoppedRows Stopped { get; } = new(engine, desk, "read");

        public async Task<bool> MayAsync(RecordDocument record, CancellationToken cancellationToken)
        {
            var first = Firewall.Source(plan)?.Codes?.Codes[0].Id ?? "";
            var source = first.Length == 0 ? "" : Firewall.Of(plan, record);
            var kept = plan.Fields.FirstOrDefault(field => field.Fact == Informed);
            var informed = kept is null ? "true" : record.One(kept.Path) is { } claim && CaseRights.Said(kept, claim.Value) is [var word] ? word : "";
            if (source == first && informed == "true")
            {
                return true;
            }

            // A matter of its own for each of them: none is the same question with other facts (M77).
            var asked = string.Join(' ', new[] { matter, source, informed switch { "true" => "", "false" => "not-informed", _ => "not-said" } }.Where(part => part.Length > 0));
            if (!_asked.TryGetValue(asked, out var may))
            {
                var request = await engine.AskListAsync(desk, plan, asked, source.Length == 0 ? null : source, informed, cancellationToken);
                _asked[asked] = may = (await engine._parts.Gate.OpenAsync(request, _ => Task.FromResult(new Nothing()), cancellationToken)).IsPermitted;
            }

            return may;
        }
    }

    private sealed record Nothing : IPersonal<Nothing>
    {
        public Nothing Without(IReadOnlySet<string> fields) => this;
    }
}
