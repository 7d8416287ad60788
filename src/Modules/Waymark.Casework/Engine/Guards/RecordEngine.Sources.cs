using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Casework.Guards;
using Waymark.Casework.Registers;
using Waymark.Protection.Contracts;

namespace Waymark.Casework.Engine;

/// <summary>
/// Lists of registers whose records say where their data come from. The rules ask for the source, and a list has none: the gate is asked once for each source that stands in it, and what may
/// not be used for the purpose is left out without a trace.
/// </summary>
public abstract partial class RecordEngine
{
    /// <summary>The question for a list as a whole. The first source of the register's own list stands for one that is empty, so that no answer tells whether there are rows.</summary>
    private protected Task<GateRequest> AskListAsync(CaseDesk desk, RegisterPlan plan, string matter, CancellationToken cancellationToken) =>
        AskAsync(desk, plan, matter, null, [], "read", "none", Firewall.Stated(Firewall.Source(plan)?.Codes!.Codes[0].Id), cancellationToken);

    /// <summary>Whose rows a list may show: nothing to ask where the register says the source for all.</summary>
    private protected ListedSources Sources(CaseDesk desk, RegisterPlan plan, string matter) => new(this, desk, plan, matter);

    /// <summary>For one list: which sources may be used for the desk's purpose, each asked of the gate once.</summary>
    private protected sealed class ListedSources(RecordEngine engine, CaseDesk desk, RegisterPlan plan, string matter)
    {
        private readonly Dictionary<string, bool> _asked = new(StringComparer.Ordinal);

        /// <summary>What the review committee froze among the rows.</summary>
        public StoppedRows Stopped { get; } = new(engine, desk, "read");

        public async Task<bool> MayAsync(RecordDocument record, CancellationToken cancellationToken)
        {
            if (Firewall.Source(plan) is not { Codes: { } codes } || Firewall.Of(plan, record) is not { } source || source == codes.Codes[0].Id)
            {
                return true;
            }

            if (!_asked.TryGetValue(source, out var may))
            {
                // A matter of its own for each source: none of them is the same question with other facts (M77).
                var request = await engine.AskAsync(desk, plan, $"{matter} {source}".TrimEnd(), null, [], "read", "none", Firewall.Stated(source.Length == 0 ? null : source), cancellationToken);
                _asked[source] = may = (await engine._parts.Gate.OpenAsync(request, _ => Task.FromResult(new Nothing()), cancellationToken)).IsPermitted;
            }

            return may;
        }
    }

    private sealed record Nothing : IPersonal<Nothing>
    {
        public Nothing Without(IReadOnlySet<string> fields) => this;
    }
}
