using Waymark.Model;

namespace Waymark.App.Accounts;

/// <summary>
/// What an account may do. One account has one role; who wears two hats has two accounts, so that a purpose follows from
/// the role and cannot be changed inside a case (M02). No role may switch a rule off.
/// </summary>
public static class Roles
{
    public const string Administrator = "administrator";

    /// <summary>Imports, waives findings, stops and retries jobs.</summary>
    public const string Steward = "steward";

    public const string Reader = "reader";

    /// <summary>Works on cases of the own units.</summary>
    public const string CaseWorker = "case-worker";

    /// <summary>Leads case workers of the own units and is the second person of their reviews.</summary>
    public const string Supervisor = "supervisor";

    /// <summary>Answers for exchanges with other nodes.</summary>
    public const string LiaisonOfficer = "liaison-officer";

    /// <summary>Sees decisions, derogations and second purposes; adopts nothing.</summary>
    public const string DataProtectionOfficer = "data-protection-officer";

    /// <summary>Adopts rule packs together with a second person; reviews transfers.</summary>
    public const string LegalOfficer = "legal-officer";

    /// <summary>Reads the log under a review or complaint number.</summary>
    public const string Oversight = "oversight";

    public static IReadOnlyList<string> All { get; } =
        [Administrator, Steward, Reader, CaseWorker, Supervisor, LiaisonOfficer, DataProtectionOfficer, LegalOfficer, Oversight];

    /// <summary>Those who may be asked for a purpose and then see persons; administrators, stewards and readers never do.</summary>
    public static IReadOnlyList<string> Casework { get; } = [CaseWorker, Supervisor, LiaisonOfficer];

    /// <summary>Those who watch over the others.</summary>
    public static IReadOnlyList<string> Watch { get; } = [DataProtectionOfficer, LegalOfficer, Oversight];

    public static LocalText Name(string role) => role switch
    {
        Administrator => new("administrator", "管理员"),
        Steward => new("data steward", "数据管理员"),
        Reader => new("reader", "读者"),
        CaseWorker => new("case worker", "个案工作者"),
        Supervisor => new("supervisor", "督导"),
        LiaisonOfficer => new("liaison officer", "联络官"),
        DataProtectionOfficer => new("data-protection officer", "数据保护官"),
        LegalOfficer => new("legal officer", "法务官"),
        Oversight => new("oversight", "监督人员"),
        _ => LocalText.In("en", role),
    };
}
