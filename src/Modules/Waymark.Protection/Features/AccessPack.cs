using Waymark.Model;
using Waymark.Packs;
using Waymark.Protection.Contracts;

namespace Waymark.Protection.Features;

/// <summary>Reads packs of kind <c>access</c>: the purposes that follow from a role. A role that is not there has none.</summary>
public static class AccessPack
{
    public const string Kind = "access";

    /// <param name="library">The packs.</param>
    /// <param name="profile">
    /// The node's profile. A line that names profiles counts on those only, and there in place of the role's general line: what serves people and what serves
    /// authorities never adds up in one role. Null: general lines only.
    /// </param>
    public static Result<IReadOnlyDictionary<string, IReadOnlySet<string>>> Read(PackLibrary library, string? profile = null)
    {
        var errors = new PackErrors();
        var (general, own) = (new Dictionary<string, IReadOnlySet<string>>(StringComparer.Ordinal), new Dictionary<string, IReadOnlySet<string>>(StringComparer.Ordinal));
        foreach (var entry in library.OfKind(Kind).SelectMany(pack => pack.Cursor(errors).List("roles")))
        {
            var profiles = entry.TextList("profiles");
            if (profiles.Count == 0)
            {
                general[entry.Text("role")] = entry.TextList("purposes").ToHashSet(StringComparer.Ordinal);
            }
            else if (profile is not null && profiles.Contains(profile, StringComparer.OrdinalIgnoreCase))
            {
                own[entry.Text("role")] = entry.TextList("purposes").ToHashSet(StringComparer.Ordinal);
            }
        }

        foreach (var (role, purposes) in own)
        {
            general[role] = purposes;
        }

        return errors.All is [var fault, ..] ? fault : general;
    }

    /// <summary>Up to which level of confidentiality (0 to 3) a role is cleared, of the same lines as its purposes. A role that is not there is not cleared.</summary>
    public static Result<IReadOnlyDictionary<string, int>> ReadClearances(PackLibrary library, string? profile = null)
    {
        var errors = new PackErrors();
        var all = new Dictionary<string, int>(StringComparer.Ordinal);
        // The node's own lines after the general ones, which they replace.
        foreach (var entry in library.OfKind(Kind).SelectMany(pack => pack.Cursor(errors).List("roles")).OrderBy(entry => entry.TextList("profiles").Count > 0))
        {
            var profiles = entry.TextList("profiles");
            if (profiles.Count > 0 && (profile is null || !profiles.Contains(profile, StringComparer.OrdinalIgnoreCase)))
            {
                continue;
            }

            all.Remove(entry.Text("role"));
            if (entry.OptionalWhole("clearance") is { } level)
            {
                all[entry.Text("role")] = (int)level;
            }
        }

        return errors.All is [var fault, ..] ? fault : all;
    }

    /// <summary>Which roles decide which kind of review. A kind that is not there is decided by nobody.</summary>
    public static Result<IReadOnlyDictionary<ReviewKind, IReadOnlySet<string>>> ReadReviews(PackLibrary library)
    {
        var errors = new PackErrors();
        var all = new Dictionary<ReviewKind, IReadOnlySet<string>>();
        foreach (var entry in library.OfKind(Kind).SelectMany(pack => pack.Cursor(errors).List("reviews")))
        {
            if (Enum.TryParse<ReviewKind>(entry.Text("kind"), ignoreCase: true, out var kind))
            {
                all[kind] = entry.TextList("roles").ToHashSet(StringComparer.Ordinal);
            }
        }

        return errors.All is [var fault, ..] ? fault : all;
    }

    /// <summary>Where duties go, by their ids.</summary>
    public static Result<IReadOnlyDictionary<string, DutyKind>> ReadDuties(PackLibrary library)
    {
        var errors = new PackErrors();
        var all = new Dictionary<string, DutyKind>(StringComparer.Ordinal);
        foreach (var entry in library.OfKind(Kind).SelectMany(pack => pack.Cursor(errors).List("duties")))
        {
            if (Enum.TryParse<DutyEffect>(entry.Text("effect"), ignoreCase: true, out var effect))
            {
                all[entry.Text("duty")] = new(entry.Text("duty"), effect, entry.OptionalText("register"), entry.OptionalText("place"), new(entry.Text("en"), entry.Text("zh")));
            }
        }

        return errors.All is [var fault, ..] ? fault : all;
    }

    /// <summary>What kinds of alarms set going, by their ids.</summary>
    public static Result<IReadOnlyDictionary<string, AlarmKind>> ReadAlarms(PackLibrary library)
    {
        var errors = new PackErrors();
        var all = new Dictionary<string, AlarmKind>(StringComparer.Ordinal);
        foreach (var entry in library.OfKind(Kind).SelectMany(pack => pack.Cursor(errors).List("alarms")))
        {
            all[entry.Text("alarm")] = new(entry.Text("alarm"), entry.OptionalBoolean("breach") ?? true, entry.Text("cause"), new(entry.Text("en"), entry.Text("zh")));
        }

        return errors.All is [var fault, ..] ? fault : all;
    }
}
