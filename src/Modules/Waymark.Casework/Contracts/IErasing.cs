namespace Waymark.Casework.Contracts;

/// <summary>Erasing a person: what would go and what stays, before it is asked, and again before it is done.</summary>
public interface IErasing
{
    /// <summary>
    /// What the request of a person to be erased would take away, read under the gate. Without a person in it when the record asks for no erasing, or is not as far. Error
    /// <c>case.nothing</c>.
    /// </summary>
    Task<CaseAnswer<ErasureView>> ErasureAsync(CaseDesk desk, RecordAddress record, CancellationToken cancellationToken);

    /// <summary>The same in numbers, for whoever runs the machine; it shows nothing of what is counted.</summary>
    Task<ErasurePreview> PreviewErasureAsync(string person, CancellationToken cancellationToken);

    /// <summary>Goes on with what was begun and cut off; answers how many came to their end.</summary>
    Task<int> FinishErasuresAsync(CancellationToken cancellationToken);
}

/// <summary>
/// What erasing a person takes away: the records they are in (their own one too; in those of others only what is about them), files about them, choices of theirs. While a
/// hold stands nothing is erased.
/// </summary>
public sealed record ErasurePreview(int Records, int Files, int Consents, int Holds);

/// <summary>A request to be erased: of whom, and what would go; both null when there is nothing to ask for here.</summary>
public sealed record ErasureView(string? Person, ErasurePreview? Preview) : Waymark.Protection.Contracts.IPersonal<ErasureView>
{
    /// <summary>Numbers hide no field.</summary>
    public ErasureView Without(IReadOnlySet<string> fields) => this;
}
