using System.Text.RegularExpressions;
using Waymark.Model;
using Waymark.Packs.Yaml;

namespace Waymark.Packs;

/// <summary>Reads one pack: YAML, header, schema, listed files, hash. A pack with any error does not load; its report carries them all.</summary>
internal sealed partial class PackFileReader(IPackFiles root, string path, IReadOnlyDictionary<string, PackSchema> schemas, bool isOverlay)
{
    private const string FolderFile = "/pack.yaml";

    private readonly string _file = $"{root.Name}/{path}";
    private readonly PackErrors _errors = new();
    private readonly Dictionary<string, ReadOnlyMemory<byte>> _bytes = new(StringComparer.Ordinal);
    private readonly List<PackTable> _tables = [];

    private static PackPosition Start => new(1, 1);

    public (Pack? Pack, PackReport Report) Read()
    {
        var key = KeyOf(path);
        var pack = Read(key);
        return (_errors.Count == 0 ? pack : null, new(_file, key, _errors.Count == 0 ? pack?.Hash : null, _errors.All));
    }

    private static PackKey KeyOf(string path)
    {
        var kind = path[..path.IndexOf('/', StringComparison.Ordinal)];
        var rest = path[(kind.Length + 1)..];
        return new(kind, rest.EndsWith(FolderFile, StringComparison.Ordinal) ? rest[..^FolderFile.Length] : rest[..^".yaml".Length]);
    }

    private Pack? Read(PackKey key)
    {
        var bytes = root.Read(path, PackBytes.LargestYaml);
        if (bytes is null)
        {
            _errors.Add(Error.TooLarge("pack.too-large", $"The file cannot be read, or is larger than {PackBytes.LargestYaml} bytes.",
                $"文件无法读取，或超过 {PackBytes.LargestYaml} 字节。", $"{_file}:1:1"));
            return null;
        }

        _bytes[Path.GetFileName(path)] = bytes;
        var node = PackYaml.Parse(_file, bytes, _errors);
        if (node is null)
        {
            return null;
        }

        if (node is not PackMapping mapping)
        {
            _errors.Add(_file, node.At, "pack.wrong-shape", "A pack must be a mapping.", "包必须是映射。");
            return null;
        }

        if (!schemas.TryGetValue(key.Kind, out var schema))
        {
            var nearest = Suggestion.For(key.Kind, schemas.Keys);
            _errors.Add(_file, Start, "pack.unknown-kind", $"There is no kind of pack \"{key.Kind}\".", $"没有“{key.Kind}”这一类包。",
                nearest is null ? "The kind is the folder's name." : $"Did you mean \"{nearest}\"?",
                nearest is null ? "包的类别即文件夹名称。" : $"是否指“{nearest}”？");
            return null;
        }

        schema.Validate(mapping, _file, _errors, key.Kind);
        return Header(key, mapping);
    }

    private Pack Header(PackKey key, PackMapping mapping)
    {
        var cursor = new PackCursor(_file, mapping, new PackErrors());
        Require(mapping, "id", text => text == key.Id && Identifiers.IsId(text), $"must be \"{key.Id}\", the place of the file, in small letters, digits, - and .",
            $"须为“{key.Id}”，即文件所在位置，只用小写字母、数字、- 与 .");
        Require(mapping, "kind", text => text == key.Kind, $"must be \"{key.Kind}\", the folder's name", $"须为文件夹名“{key.Kind}”");
        Require(mapping, "version", text => Version().IsMatch(text), "must be three numbers such as 1.0.0", "须为三段数字，如 1.0.0");
        Require(mapping, "source", text => text.Length > 0, "must name the source", "须写明来源");
        Require(mapping, "licence", text => text.Length > 0, "must name the licence", "须写明许可");
        RequireTitle(mapping);
        foreach (var file in cursor.List("files"))
        {
            ReadFile(file);
        }

        return new(key, cursor.Text("version"), cursor.Texts("title"), cursor.Text("source"), cursor.Text("licence"), cursor.OptionalText("module"),
            _file, mapping, _tables, _bytes, PackHash.Of(_bytes), isOverlay, []);
    }

    private void Require(PackMapping mapping, string key, Func<string, bool> isGood, string en, string zh)
    {
        var found = mapping.Find(key);
        if (found?.Value is PackScalar scalar && isGood(scalar.Text))
        {
            return;
        }

        var foreign = found?.Value is PackScalar text ? Identifiers.FirstForeignLetter(text.Text) : null;
        _errors.Add(_file, found?.Value.At ?? mapping.At, "pack.header",
            $"\"{key}\" {en}.{(foreign is null ? "" : $" It holds the letter {foreign}.")}",
            $"“{key}”{zh}。{(foreign is null ? "" : $"其中含有字符 {foreign}。")}");
    }

    private void RequireTitle(PackMapping mapping)
    {
        var title = mapping.Find("title");
        if (title?.Value is not PackMapping texts || texts.Find("en") is null || texts.Find("zh") is null)
        {
            _errors.Add(_file, title?.Value.At ?? mapping.At, "pack.header", "\"title\" must be given in en and zh.", "“title”须有 en 与 zh 两种文字。");
        }
    }

    private void ReadFile(PackCursor file)
    {
        var name = file.OptionalText("path") ?? "";
        var at = file.Node.Find("path")?.Value.At ?? file.At;
        if (!PackPaths.IsSafe(name) || _bytes.ContainsKey(name))
        {
            _errors.Add(_file, at, "pack.file-path", "A listed file must stand in the pack's own folder, once, under a plain relative name.",
                "所列文件须在包自己的文件夹内，只列一次，并用普通的相对名称。");
            return;
        }

        var folder = path[..(path.LastIndexOf('/') + 1)];
        var bytes = root.Read(folder + name, PackBytes.LargestFile);
        if (bytes is null)
        {
            _errors.Add(_file, at, "pack.file-missing", $"The file \"{name}\" is missing, too large, or a link.", $"文件“{name}”缺失、过大，或是链接。");
            return;
        }

        _bytes[name] = bytes;
        if (name.EndsWith(".csv", StringComparison.Ordinal))
        {
            ReadTable(file, name, $"{root.Name}/{folder}{name}", bytes);
        }
    }

    private void ReadTable(PackCursor listed, string name, string file, byte[] bytes)
    {
        var table = PackCsv.Read(name, file, bytes, _errors);
        if (table is null)
        {
            return;
        }

        var columns = listed.TextList("columns");
        if (!columns.SequenceEqual(table.Columns, StringComparer.Ordinal))
        {
            _errors.Add(file, Start, "pack.csv-header", $"The header is \"{string.Join(',', table.Columns)}\"; the pack says \"{string.Join(',', columns)}\".",
                $"表头为“{string.Join(',', table.Columns)}”，而包中写的是“{string.Join(',', columns)}”。");
            return;
        }

        var key = listed.TextList("key");
        foreach (var unknown in key.Where(column => table.IndexOf(column) < 0))
        {
            _errors.Add(_file, listed.At, "pack.csv-key", $"The key column \"{unknown}\" is not in the header.", $"键列“{unknown}”不在表头中。");
            return;
        }

        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var row in table.Rows.Where(_ => key.Count > 0))
        {
            if (!lines.TryAdd(KeyOf(row, key), row.Line))
            {
                _errors.Add(file, new(row.Line, 1), "pack.csv-duplicate", $"\"{KeyOf(row, key)}\" stands twice; the first is in line {lines[KeyOf(row, key)]}.",
                    $"“{KeyOf(row, key)}”重复；第一次在第 {lines[KeyOf(row, key)]} 行。");
            }
        }

        _tables.Add(table);
    }

    internal static string KeyOf(PackRow row, IReadOnlyList<string> key) => string.Join('|', key.Select(column => row[column]));

    internal static IReadOnlyList<string> KeyColumns(PackMapping pack, string path) =>
        new PackCursor("", pack, new PackErrors()).List("files").FirstOrDefault(file => file.OptionalText("path") == path)?.TextList("key") ?? [];

    [GeneratedRegex(@"^(?:0|[1-9]\d{0,5})\.(?:0|[1-9]\d{0,5})\.(?:0|[1-9]\d{0,5})$", RegexOptions.NonBacktracking)]
    private static partial Regex Version();
}
