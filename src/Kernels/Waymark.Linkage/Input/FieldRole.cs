namespace Waymark.Linkage;

/// <summary>What a column says about a person. Columns without a role are not compared.</summary>
public enum FieldRole
{
    Ignored,
    GivenName,
    FamilyName,
    FullName,
    BirthDate,
    DatePrecision,
    Sex,
    Phone,
    Email,
    Document,
    Place,
    Postcode,
    Address,
    Region,
    Nationality,
    Occupation,
}

/// <summary>A column and what it is taken for, and why: named by the caller, by its header, or by its content.</summary>
public sealed record ColumnRole(string Column, FieldRole Role, RoleReason Reason);

/// <summary>Why a column has its role.</summary>
public enum RoleReason
{
    Asked,
    Header,
    Content,
    NotRecognised,
}
