using Waymark.Casework.Documents;
using Waymark.Casework.Registers;

namespace Waymark.Casework.Contracts;

/// <summary>Typed links between records by the references that people say; <see cref="RecordView.Links"/> shows them from either end.</summary>
public interface ILinks
{
    /// <summary>Links to a record by the reference that people say. Errors: those of <see cref="ICasework.LinkAsync"/>; a reference that may not be known of is <c>case.link-reference</c>.</summary>
    Task<CaseAnswer<Changed>> LinkAsync(CaseDesk desk, RecordAddress record, string type, string reference, string visibility, CancellationToken cancellationToken);
}

/// <summary>Who sees a link beside whoever made it.</summary>
public static class LinkVisibility
{
    /// <summary>Whoever may read both records.</summary>
    public const string Open = "open";

    /// <summary>Those who work in the units of both.</summary>
    public const string Unit = "unit";

    /// <summary>Those on the need-to-know lists of both.</summary>
    public const string Named = "named";

    public static readonly IReadOnlyList<string> All = [Open, Unit, Named];
}

/// <summary>A link as those see it who may know of both ends and are meant by its visibility; for everybody else there is none (F8). From one record: what the other one is, and whether it was made here, where it can be taken away.</summary>
public sealed record SeenLink(RecordLink Link, Model.LocalText Type, RegisterPlan Plan, RecordAddress Other, Model.LocalText StateName, bool IsHere)
{
    public string Reference => References.Of(Plan, Other.Id);
}
