using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Casework.Engine;
using Waymark.Casework.Incidents;
using Waymark.Casework.Search;
using Waymark.Casework.Tracing;

namespace Waymark.Casework.Features;

/// <summary>How many people an incident took, without counting anybody twice.</summary>
public sealed partial class Casework : IIncidents
{
    private const string InError = "entered-in-error";

    public async Task<CaseAnswer<IncidentCount>> IncidentCountAsync(CaseDesk desk, RecordAddress incident, CancellationToken cancellationToken)
    {
        var loaded = await KnownAsync(desk, incident, cancellationToken);
        if (!loaded.IsOk || loaded.Value.Plan.Id != IIncidents.Register)
        {
            return CaseStore.Nothing();
        }

        var question = await AskAsync(desk, loaded.Value.Plan, incident.Id, loaded.Value.Document, [], "read", "none", cancellationToken);
        var answer = await _parts.Gate.OpenAsync(question, async token =>
        {
            var traces = new List<IncidentTrace>();
            foreach (var record in await ByKeyAsync(desk, loaded.Value.Partition, KeyKind.Linked, incident.Id, static _ => true, token))
            {
                if (record.Document.Links.Any(link => link.Type == IIncidents.Link && link.Record == incident.Id && Sees(desk, link, loaded.Value, record))
                    && Fate(record) is { } fate)
                {
                    traces.Add(new(fate, await TiesAsync(record, fate, token)));
                }
            }

            return IncidentCount.Of(traces);
        }, cancellationToken);
        return Answer(answer, count => count);
    }

    /// <summary>What a record says of its person; null for what counts nobody: entered in error, withdrawn, or a report that nobody checked.</summary>
    private static IncidentFate? Fate(Loaded record)
    {
        var (document, outcome) = (record.Document, Code(record.Document, "outcome"));
        return document.State is InError or "withdrawn" ? null : record.Plan.Id switch
        {
            MatchReview.Deceased => MatchReview.IsIdentified(document.State) ? IncidentFate.Identified : IncidentFate.Unnamed,
            MatchReview.Found => IncidentFate.Alive,
            MatchReview.Requests or MatchReview.Missing when record.Plan.Initial.Id == document.State || outcome == "never-missing" => null,
            MatchReview.Requests or MatchReview.Missing => outcome is "located-alive" or "alive" ? IncidentFate.Alive : IncidentFate.Missing,
            _ => null,
        };
    }

    /// <summary>By which a record is known to be about the same person as another: the person it names, and what a match brought together. A match with the dead ties once it is an identification.</summary>
    private async Task<IReadOnlyList<string>> TiesAsync(Loaded record, IncidentFate fate, CancellationToken cancellationToken)
    {
        var ties = new List<string> { $"{record.Plan.Id}/{record.Document.Id}" };
        ties.AddRange(record.Document.Persons.Where(person => record.Plan.Role(person.Role) is { IsPrincipal: true }).Select(person => "person/" + person.Person));
        if (fate == IncidentFate.Unnamed)
        {
            return ties;
        }

        foreach (var field in new[] { "missing-record", "tracing-request" })
        {
            if (record.Document.One(field)?.Value is { } other)
            {
                ties.Add($"{other.Member("register")}/{other.Member("id")}");
            }
        }

        if (record.Document.One("match-decision")?.Value is { } decided && await ReadAsync(decided, cancellationToken) is { IsOk: true } review && review.Value.Document.One("request")?.Value is { } request)
        {
            ties.Add($"{request.Member("register")}/{request.Member("id")}");
        }

        return ties;
    }
}
