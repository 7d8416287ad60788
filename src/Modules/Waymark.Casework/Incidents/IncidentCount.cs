using Waymark.Protection.Contracts;

namespace Waymark.Casework.Incidents;

/// <summary>How somebody of an incident stands in one record: reported missing, found alive, or dead and with or without a name.</summary>
public enum IncidentFate { Missing, Alive, Unnamed, Identified }

/// <summary>One record of an incident, with everything by which it is known to be about the same person as another one.</summary>
public sealed record IncidentTrace(IncidentFate Fate, IReadOnlyList<string> Ties);

/// <summary>
/// People of an incident, each once. Somebody reported missing may be one of the dead without a name, so that how many died or are missing lies between two numbers; an identification brings
/// them together, and nobody is subtracted by hand.
/// </summary>
/// <param name="Missing">Reported missing, and neither found nor identified.</param>
/// <param name="Alive">Found alive.</param>
/// <param name="Unnamed">Dead without a name.</param>
/// <param name="Identified">Dead who were identified.</param>
/// <param name="Records">Records that were counted.</param>
public sealed record IncidentCount(int Missing, int Alive, int Unnamed, int Identified, int Records) : IPersonal<IncidentCount>
{
    public int Dead => Unnamed + Identified;

    /// <summary>Fewest people who died or are missing: every one of the dead without a name is among those reported missing, as far as they go.</summary>
    public int Least => Identified + Math.Max(Missing, Unnamed);

    /// <summary>Most people who died or are missing: nobody reported missing is among the dead without a name.</summary>
    public int Most => Identified + Missing + Unnamed;

    /// <summary>Brings together what has a tie in common, over any number of records, and counts what is left. Of one person the strongest word holds: dead with a name, dead, alive, missing.</summary>
    public static IncidentCount Of(IReadOnlyList<IncidentTrace> traces)
    {
        var (head, first) = (Enumerable.Range(0, traces.Count).ToArray(), new Dictionary<string, int>(StringComparer.Ordinal));
        int Head(int at) => head[at] == at ? at : head[at] = Head(head[at]);
        foreach (var (at, trace) in traces.Index())
        {
            foreach (var tie in trace.Ties)
            {
                if (!first.TryAdd(tie, at))
                {
                    head[Head(at)] = Head(first[tie]);
                }
            }
        }

        var people = traces.Index().GroupBy(one => Head(one.Index), one => one.Item.Fate).Select(Strongest).ToList();
        int Count(IncidentFate fate) => people.Count(one => one == fate);
        return new(Count(IncidentFate.Missing), Count(IncidentFate.Alive), Count(IncidentFate.Unnamed), Count(IncidentFate.Identified), traces.Count);
    }

    /// <summary>Numbers name no field that could be masked.</summary>
    public IncidentCount Without(IReadOnlySet<string> fields) => this;

    private static IncidentFate Strongest(IEnumerable<IncidentFate> fates)
    {
        var all = fates.ToHashSet();
        return all.Contains(IncidentFate.Identified) ? IncidentFate.Identified : all.Contains(IncidentFate.Unnamed) ? IncidentFate.Unnamed : all.Contains(IncidentFate.Alive) ? IncidentFate.Alive : IncidentFate.Missing;
    }
}
