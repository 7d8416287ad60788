using System.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Waymark.Packs.Yaml;

/// <summary>Turns parser events into nodes and applies the laws of the subset as it goes.</summary>
internal sealed class TreeBuilder(string file, IParser parser, PackErrors errors)
{
    private bool _stopped;

    /// <summary>How far the file has been read.</summary>
    public PackPosition Reached { get; private set; } = new(1, 1);

    public PackNode? Document()
    {
        Next();
        if (parser.Current is not StreamStart || !Next())
        {
            return null;
        }

        if (parser.Current is StreamEnd)
        {
            errors.Add(file, new(1, 1), "pack.empty-file", "The file is empty.", "文件为空。");
            return null;
        }

        if (parser.Current is DocumentStart start && (start.Version is not null || start.Tags?.Count > 0 && !start.IsImplicit && HasOwnTags(start)))
        {
            Refuse(start.Start, "pack.directive", "Directives (%YAML, %TAG) are not allowed.", "不允许使用 %YAML、%TAG 指令。");
        }

        Next();
        var root = Node(1);
        if (root is null || _stopped)
        {
            return null;
        }

        if (parser.Current is DocumentEnd && Next() && parser.Current is not StreamEnd)
        {
            Refuse(parser.Current!.Start, "pack.many-documents", "A pack file holds one document; remove what follows \"---\".",
                "一个包文件只含一个文档；请删去“---”之后的内容。");
            return null;
        }

        return root;
    }

    private static bool HasOwnTags(DocumentStart start) =>
        start.Tags!.Any(tag => tag.Handle is not ("!" or "!!"));

    private PackNode? Node(int depth)
    {
        var current = parser.Current!;
        if (depth > PackYaml.DeepestNesting)
        {
            Refuse(current.Start, "pack.too-deep", $"Nested deeper than {PackYaml.DeepestNesting} levels.",
                $"嵌套超过 {PackYaml.DeepestNesting} 层。");
            _stopped = true;
            return null;
        }

        if (current is AnchorAlias or NodeEvent { Anchor.IsEmpty: false })
        {
            Refuse(current.Start, "pack.anchor", "Anchors and aliases (& and *) are not allowed. Write the value out, or quote the text.",
                "不允许使用锚点和别名（& 与 *）。请写出值，或给文字加引号。");
        }

        if (current is NodeEvent { Tag.IsEmpty: false })
        {
            Refuse(current.Start, "pack.tag", "Tags (!) are not allowed.", "不允许使用标签（!）。");
        }

        return current switch
        {
            Scalar scalar => Value(scalar),
            SequenceStart start => Sequence(start, depth),
            MappingStart start => Mapping(start, depth),
            _ => Skip(),
        };
    }

    private PackScalar? Skip()
    {
        var at = PackYaml.Position(parser.Current!.Start);
        return Next() ? new PackScalar(at, "", quoted: true) : null;
    }

    private PackScalar Value(Scalar scalar)
    {
        Check(scalar, isKey: false);
        var node = new PackScalar(PackYaml.Position(scalar.Start), scalar.Value, scalar.Style != ScalarStyle.Plain);
        Next();
        return node;
    }

    private PackSequence? Sequence(SequenceStart start, int depth)
    {
        var items = new List<PackNode>();
        Next();
        while (parser.Current is not SequenceEnd)
        {
            var item = Node(depth + 1);
            if (_stopped || item is null)
            {
                return null;
            }

            items.Add(item);
        }

        Next();
        return new(PackYaml.Position(start.Start), items);
    }

    private PackMapping? Mapping(MappingStart start, int depth)
    {
        var entries = new List<PackEntry>();
        var places = new Dictionary<string, PackPosition>(StringComparer.Ordinal);
        Next();
        while (parser.Current is not MappingEnd)
        {
            if (parser.Current is not Scalar key)
            {
                Refuse(parser.Current!.Start, "pack.key-not-text", "A key must be plain text.", "键必须是文字。");
                _stopped = true;
                return null;
            }

            var at = PackYaml.Position(key.Start);
            var name = key.Value.IsNormalized() ? key.Value : key.Value.Normalize(NormalizationForm.FormC);
            CheckKey(key, name, at, places);
            Next();
            var value = Node(depth + 1);
            if (_stopped || value is null)
            {
                return null;
            }

            entries.Add(new(name, at, value));
        }

        Next();
        return new(PackYaml.Position(start.Start), entries);
    }

    private void CheckKey(Scalar key, string name, PackPosition at, Dictionary<string, PackPosition> places)
    {
        if (!key.Anchor.IsEmpty || !key.Tag.IsEmpty)
        {
            Refuse(key.Start, "pack.anchor", "Anchors and tags are not allowed.", "不允许使用锚点和标签。");
        }

        Check(key, isKey: true);
        if (Identifiers.MixesLookAlikes(name))
        {
            Refuse(key.Start, "pack.look-alike", $"The key \"{name}\" mixes letters of two scripts that look alike.",
                $"键“{name}”混用了两种文字中外形相似的字母。");
        }

        if (!places.TryAdd(name, at))
        {
            Refuse(key.Start, "pack.duplicate-key", $"The key \"{name}\" stands twice; the first is at {places[name]}.",
                $"键“{name}”重复；第一次出现在 {places[name]}。");
        }
    }

    private void Check(Scalar scalar, bool isKey)
    {
        foreach (var letter in scalar.Value)
        {
            if (letter < ' ' && letter is not ('\n' or '\t') || char.IsSurrogate(letter) && !IsWellFormed(scalar.Value))
            {
                Refuse(scalar.Start, "pack.hidden-character", "The text holds a control character by escape.", "文字中含有转义的控制字符。");
                return;
            }
        }

        if (scalar.Style == ScalarStyle.Plain && PlainScalars.Refusal(scalar.Value, isKey) is { } refusal)
        {
            Refuse(scalar.Start, refusal.Code, refusal.En, refusal.Zh);
        }
    }

    private static bool IsWellFormed(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]))
            {
                return false;
            }
        }

        return true;
    }

    private bool Next()
    {
        var moved = parser.MoveNext();
        Reached = parser.Current is { } current ? PackYaml.Position(current.End) : Reached;
        _stopped |= !moved && parser.Current is not StreamEnd || errors.IsFull;
        return moved;
    }

    private void Refuse(Mark at, string code, string en, string zh) => errors.Add(file, PackYaml.Position(at), code, en, zh);
}
