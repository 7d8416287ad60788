namespace Waymark.Linkage;

internal sealed partial class Estimator
{
    /// <summary>
    /// What is in the key, what goes along with names among different persons (sex, community), and where places are in the key also other
    /// places: there u is fitted per rule. Dates and numbers keep the u of random pairs, or a rule could explain its matches away.
    /// </summary>
    private static bool DependsOnKey(FieldRole role, BlockingRule rule)
    {
        if (GoesAlong(role) || rule.Atoms.Any(a => KeyAtoms.RoleOf(a) == role))
        {
            return true;
        }

        return role is FieldRole.Postcode or FieldRole.Address && rule.Atoms.Any(a => a is Atom.Place or Atom.Postcode or Atom.Address);
    }

    private static bool GoesAlong(FieldRole role) => role is FieldRole.Sex or FieldRole.Place or FieldRole.Region or FieldRole.Nationality;

    /// <summary>Random pairs that share one part of a field look like pairs of a rule with that part in the key; sharing two parts, or all letters, they hardly ever are.</summary>
    private static bool IsOnePart(FieldRole role, BlockingRule rule)
    {
        var own = rule.Atoms.Where(a => KeyAtoms.RoleOf(a) == role).ToArray();
        return own.Length == 1 && own[0] is not (Atom.PartPair or Atom.WholeName or Atom.Initials or Atom.SimilarPart or Atom.SimilarPair);
    }

    /// <summary>Adds pairs spread over the levels above "different" as random pairs are; how many of the rule's pairs differ is left as it was found.</summary>
    private static void Hold(double[] random, double[] counts, double pairs)
    {
        var (alike, found) = (random.Sum() - random[0] - random[1], counts.Sum() - counts[0]);
        if (pairs <= 0 || alike <= 0 || found <= 0)
        {
            return;
        }

        var differ = counts[1] / found;
        counts[1] += pairs * differ;
        for (var level = 2; level < counts.Length; level++)
        {
            counts[level] += pairs * (1 - differ) * random[level] / alike;
        }
    }

    private static void Blend(double[] p, double[] counts, double prior)
    {
        for (var level = 1; level < p.Length; level++)
        {
            p[level] = (prior * p[level]) + counts[level];
        }

        Priors.Normalise(p);
    }
}
