using Waymark.Packs;

namespace Waymark.Casework.Registers;

/// <summary>Columns, filters, tabs and print of a register. No list is filtered, sorted or counted by what people are (M01).</summary>
internal sealed class ViewReader(PackCursor pack, IReadOnlyList<FieldPlan> fields)
{
    private static readonly HashSet<string> s_protected = new(StringComparer.Ordinal)
    {
        "nationality", "ethnicity", "religion", "migration-status", "political", "union", "sex-life", "refused-protection", "asylum-claim", "affiliation", "biometric", "genetic",
    };

    public static bool IsProtected(string category) => s_protected.Contains(category);

    public ViewPlan Read()
    {
        if (pack.Mapping("view") is not { } view)
        {
            return new([], [], [], []);
        }

        var columns = Named(view, "columns");
        var filters = Named(view, "filters");
        foreach (var field in filters.Where(field => IsProtected(field.Category)))
        {
            view.Fault("filters", "register.forbidden-facet", $"No list of persons is filtered by \"{field.Path}\" ({field.Category}).", $"人员列表不得按“{field.Path}”（{field.Category}）筛选。");
        }

        foreach (var field in columns.Where(field => IsProtected(field.Category)))
        {
            view.Fault("columns", "register.forbidden-facet", $"No list of persons shows \"{field.Path}\" ({field.Category}).", $"人员列表不得显示“{field.Path}”（{field.Category}）。");
        }

        foreach (var field in filters.Where(field => field.Type is not (FieldType.Code or FieldType.YesNo)))
        {
            view.Fault("filters", "register.filter-kind", $"Lists are filtered by codes and yes-no fields; \"{field.Path}\" is neither.", $"列表只能按代码与是否字段筛选；“{field.Path}”两者皆非。");
        }

        return new(columns, filters, [.. view.List("tabs").Select(tab => new TabPlan(tab.Text("id"), RegisterReader.Pair(tab), Named(tab, "fields")))], Named(view, "print"));
    }

    private List<FieldPlan> Named(PackCursor cursor, string key) => Named(cursor, key, fields);

    internal static List<FieldPlan> Named(PackCursor cursor, string key, IReadOnlyList<FieldPlan> fields)
    {
        var named = new List<FieldPlan>();
        foreach (var path in cursor.TextList(key))
        {
            if (fields.FirstOrDefault(field => field.Path == path) is { } field)
            {
                named.Add(field);
            }
            else
            {
                Seen.Unknown(cursor, key, path, fields.Select(known => known.Path));
            }
        }

        return named;
    }
}
