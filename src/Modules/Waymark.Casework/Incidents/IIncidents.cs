using Waymark.Casework.Incidents;

namespace Waymark.Casework.Contracts;

/// <summary>People of an incident on a migration route (S009, S010), counted from the records that are linked to it.</summary>
public interface IIncidents
{
    /// <summary>The register whose records they are.</summary>
    const string Register = "incident";

    /// <summary>Kind of the link by which a record of a person belongs to an incident.</summary>
    const string Link = "in-incident";

    /// <summary>
    /// Counts each person once, of the records that the desk may know of and that were not entered in error. A report that nobody checked yet is not counted. Errors: <c>case.nothing</c>.
    /// </summary>
    Task<CaseAnswer<IncidentCount>> IncidentCountAsync(CaseDesk desk, RecordAddress incident, CancellationToken cancellationToken);
}
