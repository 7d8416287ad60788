using Waymark.Model;

namespace Waymark.Packs;

/// <summary>Walks the folders, reads schemas, then packs, then lays the operator's folders over the built-in one.</summary>
internal sealed class PackLoader(IReadOnlyList<IPackFiles> roots, CancellationToken cancellation)
{
    private readonly Dictionary<string, PackSchema> _schemas = new(StringComparer.Ordinal);
    private readonly List<PackReport> _reports = [];
    private readonly Dictionary<PackKey, Pack> _packs = [];

    public PackLoadOutcome Load()
    {
        for (var layer = 0; layer < roots.Count; layer++)
        {
            LoadRoot(roots[layer], isOverlay: layer > 0);
        }

        return new(new PackLibrary(_packs.Values, _schemas), _reports);
    }

    private void LoadRoot(IPackFiles root, bool isOverlay)
    {
        IReadOnlyList<string> paths;
        try
        {
            paths = root.List();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            _reports.Add(new(root.Name, null, null, [Error.NotFound("pack.folder-unreadable",
                "The folder of packs does not exist or cannot be read.", "包文件夹不存在或无法读取。", root.Name)]));
            return;
        }

        foreach (var path in paths.Where(path => path.StartsWith("schema/", StringComparison.Ordinal) && path.EndsWith(".schema.json", StringComparison.Ordinal)))
        {
            LoadSchema(root, path, isOverlay);
        }

        foreach (var path in paths.Where(IsPackFile))
        {
            cancellation.ThrowIfCancellationRequested();
            var (pack, report) = new PackFileReader(root, path, _schemas, isOverlay).Read();
            _reports.Add(pack is null ? report : Place(pack, report));
        }
    }

    /// <summary>A pack is <c>KIND/ID.yaml</c> or <c>KIND/ID/pack.yaml</c>; every YAML file in a kind's folder is one, none is overlooked.</summary>
    private static bool IsPackFile(string path) => path.EndsWith(".yaml", StringComparison.Ordinal)
        && path.Contains('/', StringComparison.Ordinal) && !path.StartsWith("schema/", StringComparison.Ordinal);

    private void LoadSchema(IPackFiles root, string path, bool isOverlay)
    {
        var kind = path["schema/".Length..^".schema.json".Length];
        var where = $"{root.Name}/{path}";
        if (_schemas.ContainsKey(kind))
        {
            _reports.Add(new(where, null, null, [Error.Refused("pack.schema-replaced",
                "An operator's folder cannot replace a built-in schema.", "运营者的文件夹不能替换内置模式。", where)]));
            return;
        }

        var read = PackSchemaReader.Read(where, root.Read(path, PackBytes.LargestYaml) ?? []);
        if (read.TryGet(out var schema))
        {
            _schemas[kind] = schema;
        }

        if (!read.IsOk || isOverlay)
        {
            _reports.Add(new(where, null, null, read.IsOk ? [] : [read.Error]));
        }
    }

    private PackReport Place(Pack pack, PackReport report)
    {
        if (!_packs.TryGetValue(pack.Key, out var present))
        {
            _packs[pack.Key] = pack;
            return report;
        }

        var errors = new PackErrors();
        if (!pack.IsOverlay)
        {
            errors.Add(Error.Conflict("pack.duplicate-id", $"The id {pack.Key} is already used by {present.File}.",
                $"标识 {pack.Key} 已被 {present.File} 使用。", $"{pack.File}:1:1"));
        }
        else if (!_schemas[pack.Key.Kind].IsExtensible)
        {
            errors.Add(Error.Refused("pack.replaced", $"{pack.Key} is a built-in pack and cannot be replaced.",
                $"{pack.Key} 是内置包，不能替换。", $"{pack.File}:1:1").WithHint(
                "Give your pack an id of its own.", "请为你的包另取标识。"));
        }
        else
        {
            PackOverlay.RefuseReplacements(present, pack, errors);
        }

        if (errors.Count > 0)
        {
            return report with { Errors = errors.All };
        }

        _packs[pack.Key] = present with { Extensions = [.. present.Extensions, pack] };
        return report;
    }
}
