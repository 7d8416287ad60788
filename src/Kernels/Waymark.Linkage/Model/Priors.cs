namespace Waymark.Linkage;

/// <summary>
/// Where estimation starts and what holds it when data are few: typical level probabilities among matches and the weights
/// that decide which pairs are worth keeping before the model is known. Not tuned to any file.
/// </summary>
internal static class Priors
{
    /// <summary>Level probabilities among matches; index 0 unused.</summary>
    public static double[] Match(PatternField field)
    {
        var m = new double[field.Levels];
        switch (field.Role)
        {
            case FieldRole.FullName:
                m[1] = field.Across ? 0.08 : 0.01;
                for (var bin = 0; bin < 7; bin++)
                {
                    double[] kinds = [0.62, 0.16, 0.1, 0.12];
                    double[] bins = [0.08, 0.1, 0.14, 0.18, 0.2, 0.16, 0.14];
                    for (var kind = 0; kind < 4; kind++)
                    {
                        m[2 + bin * 4 + kind] = kinds[kind] * bins[bin];
                    }
                }

                break;
            case FieldRole.BirthDate:
                double[] dates = [0, 0.04, 0.03, 0.02, 0.02, 0.07, 0.02, 0.07, 0.04, 0.67, 0.02];
                dates.CopyTo(m, 0);
                break;
            case FieldRole.Sex:
                m[1] = 0.03;
                m[2] = 0.97;
                break;
            default:
                double[] values = field.Role switch
                {
                    FieldRole.Phone or FieldRole.Document or FieldRole.Email => [0, 0.12, 0.02, 0.08, 0.01, 0.02, 0.05, 0.1, 0.6],
                    FieldRole.Nationality or FieldRole.Region => [0, 0.05, 0, 0, 0.95, 0, 0, 0, 0],
                    FieldRole.Occupation => [0, 0.3, 0.05, 0.05, 0.1, 0.2, 0.15, 0.1, 0.05],
                    _ => [0, 0.18, 0.04, 0.08, 0.1, 0.15, 0.15, 0.15, 0.15],
                };
                values.CopyTo(m, 0);
                break;
        }

        Normalise(m);
        return m;
    }

    /// <summary>Level probabilities among random pairs, before any is drawn.</summary>
    public static double[] NonMatch(PatternField field)
    {
        var u = new double[field.Levels];
        switch (field.Role)
        {
            case FieldRole.FullName:
                u[1] = 0.97;
                for (var bin = 0; bin < 7; bin++)
                {
                    double[] kinds = [0.12, 0.2, 0.2, 0.48];
                    double[] bits = [3.5, 6.5, 9.5, 12.5, 16, 20, 24];
                    for (var kind = 0; kind < 4; kind++)
                    {
                        u[2 + bin * 4 + kind] = kinds[kind] * Math.Pow(2, -bits[bin]) * 0.5;
                    }
                }

                break;
            case FieldRole.BirthDate:
                double[] dates = [0, 0.92, 0.03, 0.012, 0.003, 0.004, 0.0003, 0.003, 0.0003, 0.0001, 0.0003];
                dates.CopyTo(u, 0);
                break;
            case FieldRole.Sex:
                u[1] = u[2] = 0.5;
                break;
            default:
                double[] values = field.Role is FieldRole.Nationality or FieldRole.Region ? [0, 0.9, 0, 0, 0.1, 0, 0, 0, 0] : [0, 0.96, 0.02, 0.004, 0.02, 0.004, 0.001, 0.0002, 0.00003];
                values.CopyTo(u, 0);
                break;
        }

        Normalise(u);
        return u;
    }

    /// <summary>The largest share of matches that may contradict in a field: what a field is for sets it, not the data.</summary>
    public static double MostDiffer(PatternField field) => field.Role switch
    {
        FieldRole.FullName => field.Across ? 0.12 : 0.01,
        FieldRole.BirthDate => 0.06,
        FieldRole.Sex => 0.15,
        FieldRole.Document or FieldRole.Nationality => 0.3,
        _ => 0.75,
    };

    /// <summary>Limits what may contradict; the rest is spread over the other levels.</summary>
    public static void Cap(double[] p, PatternField field)
    {
        Limit(p, level => level == 1, MostDiffer(field));
        if (field.Role == FieldRole.FullName)
        {
            Limit(p, level => level > 1 && (level - 2) % 4 == 2, 0.12);
            Limit(p, level => level > 1 && (level - 2) % 4 == 3, 0.1);
        }
    }

    /// <summary>Limits the share of some levels; the rest is spread over the others.</summary>
    public static void Limit(double[] p, Func<int, bool> limited, double most)
    {
        var sum = 0.0;
        for (var level = 1; level < p.Length; level++)
        {
            sum += limited(level) ? p[level] : 0;
        }

        if (sum <= most || sum >= 1)
        {
            return;
        }

        for (var level = 1; level < p.Length; level++)
        {
            p[level] *= limited(level) ? most / sum : (1 - most) / (1 - sum);
        }
    }

    public static void Normalise(double[] p)
    {
        var sum = 0.0;
        for (var i = 1; i < p.Length; i++)
        {
            sum += p[i];
        }

        for (var i = 1; i < p.Length; i++)
        {
            p[i] = sum > 0 ? p[i] / sum : 0;
        }

        p[0] = 0;
    }
}
