using System.CommandLine;
using System.Globalization;
using System.Text;
using Waymark.App.Output;
using Waymark.Linkage;
using Waymark.Matching;
using Waymark.Model;

namespace Waymark.App.CommandLine.Commands;

/// <summary>The words that all verbs of <c>waymark link</c> on plain files share, and the request they make.</summary>
internal sealed class LinkOptions
{
    private static readonly Dictionary<string, FieldRole> s_roles = new(StringComparer.OrdinalIgnoreCase)
    {
        ["given_name"] = FieldRole.GivenName, ["family_name"] = FieldRole.FamilyName, ["name"] = FieldRole.FullName, ["full_name"] = FieldRole.FullName,
        ["birth_date"] = FieldRole.BirthDate, ["birth_date_precision"] = FieldRole.DatePrecision, ["sex"] = FieldRole.Sex, ["phone"] = FieldRole.Phone,
        ["email"] = FieldRole.Email, ["document"] = FieldRole.Document, ["place"] = FieldRole.Place, ["postcode"] = FieldRole.Postcode,
        ["address"] = FieldRole.Address, ["region"] = FieldRole.Region, ["nationality"] = FieldRole.Nationality, ["occupation"] = FieldRole.Occupation,
        ["ignore"] = FieldRole.Ignored,
    };

    private readonly Argument<string?> _left;
    private readonly Argument<string?> _right;
    private readonly Option<string?> _id;
    private readonly Option<string?> _rightId;
    private readonly Option<string[]> _map;
    private readonly Option<string?> _encoding;
    private readonly Option<string?> _delimiter;
    private readonly Option<string?> _model;
    private readonly Option<string?> _threshold;
    private readonly Option<int?> _threads;
    private readonly Option<string?> _effort;
    private readonly Option<string?> _progress;
    private readonly Option<string[]> _registerClass;

    public LinkOptions(CommandMaker make)
    {
        _left = make.Argument<string?>("A.csv", "a file of persons: CSV (any delimiter, also .gz), XLSX, XLS, ODS or a JSON table", "人员文件：CSV（任意分隔符，可为 .gz）、XLSX、XLS、ODS 或 JSON 表格");
        _left.Arity = ArgumentArity.ZeroOrOne;
        _right = make.Argument<string?>("B.csv", "a second file to link with; without it duplicates are sought in the first", "要链接的第二个文件；省略则在第一个文件内查重");
        _right.Arity = ArgumentArity.ZeroOrOne;
        _id = make.Option<string?>("--id", "COL", "column that names the records", "标识记录的列");
        _rightId = make.Option<string?>("--right-id", "COL", "the same for the second file, when it is called otherwise", "第二个文件的标识列（名称不同时）");
        _map = make.Option<string[]>("--map", "ROLE=COL,…", "what columns are; others are guessed from header and content. Roles: " + string.Join(", ", s_roles.Keys),
            "列的含义；其余按表头和内容识别。角色：" + string.Join("、", s_roles.Keys));
        _map.AllowMultipleArgumentsPerToken = false;
        _encoding = make.Option<string?>("--encoding", "NAME", "character encoding, when it is not UTF-8, UTF-16 or Windows-1252", "字符编码（非 UTF-8、UTF-16、Windows-1252 时）");
        _delimiter = make.Option<string?>("--delimiter", "CHAR", "field delimiter, when it is guessed wrong", "字段分隔符（识别有误时）");
        _model = make.Option<string?>("--model", "FILE|auto", "a model from `link train`; auto fits one on these files", "`link train` 产生的模型；auto 表示在这些文件上拟合");
        _threshold = make.Option<string?>("--threshold", "auto|P", "lowest probability of a link; auto takes the highest expected F1", "链接的最低概率；auto 取期望 F1 最高处");
        _threads = make.Option<int?>("--threads", "N", "threads (else all processors)", "线程数（否则为全部处理器）");
        _effort = make.Option<string?>("--effort", "WORD", "fast, default or thorough: how many candidates are compared", "fast、default 或 thorough：比较多少候选");
        _effort.AcceptOnlyFromAmong("fast", "default", "thorough");
        _progress = make.Option<string?>("--progress", "WORD", "auto, plain, json or none", "auto、plain、json 或 none");
        _progress.AcceptOnlyFromAmong("auto", "plain", "json", "none");
        _registerClass = RegisterClass(make);
    }

    /// <summary>The word by which somebody says that files are of registers; every verb that takes rows of persons, plain or encoded, knows it.</summary>
    public static Option<string[]> RegisterClass(CommandMaker make) =>
        make.Option<string[]>("--register-class", "CLASS", "the files are of registers of these classes: refused here, for registers are linked inside a linkage project",
            "文件属于这些类别的登记册：此处不予办理，登记册须在链接项目内链接");

    /// <summary>Refuses files that were said to be of registers, before any is opened (M03); null where nothing was said.</summary>
    public static Error? Refusal(string[]? classes, string? where) => classes is not { Length: > 0 } ? null
        : ForbiddenPairs.Check(classes.SelectMany(part => part.Split(',', StringSplitOptions.TrimEntries))).Error
            ?? Error.Refused("matching.register", "Registers are linked inside a linkage project only.", "登记册只能在链接项目内进行链接。", where)
                .WithHint("Propose a project at /admin/linkage.", "请在 /admin/linkage 提出项目。");

    /// <summary>The same for the files of this verb.</summary>
    public Error? Refusal(CommandContext context) => Refusal(context.Get(_registerClass), context.Get(_left));

    /// <summary>Arguments and options for reading files.</summary>
    public Symbol[] Reading => [_left, _right, _id, _rightId, _map, _encoding, _delimiter, _registerClass];

    /// <summary>The same for one file.</summary>
    public Symbol[] ReadingOne => [_left, _id, _map, _encoding, _delimiter, _registerClass];

    /// <summary>Options for comparing.</summary>
    public Symbol[] Comparing => [_model, _threshold, _threads, _effort, _progress];

    public ProgressLine Progress(CommandContext context) =>
        new(context.Terminal.Error, ProgressLine.Choose(context, context.Get(_progress)), context.Terminal.Time);

    public Result<LinkFilesRequest> Request(CommandContext context)
    {
        if (context.Get(_left) is not { } left)
        {
            return Error.Invalid("link.no-file", "Say which file to link.", "请指定要链接的文件。").WithHint("waymark link A.csv [B.csv] --id COL", "waymark link A.csv [B.csv] --id COL");
        }

        if (context.Get(_id) is not { Length: > 0 } id)
        {
            return Error.Invalid("link.no-id", "Say which column names the records.", "请指定标识记录的列。", left)
                .WithHint("waymark link A.csv --id COL; waymark link profile A.csv lists the columns.", "waymark link A.csv --id COL；waymark link profile A.csv 可列出各列。");
        }

        return Request(context, left, id);
    }

    /// <summary>The request without asking for ids: records are numbered when none are named.</summary>
    public Result<LinkFilesRequest> Request(CommandContext context, string left, string? id)
    {
        if (Refusal(context) is { } refused)
        {
            return refused;
        }

        var map = Map(context.Get(_map) ?? []);
        var threshold = Threshold(context.Get(_threshold));
        var encoding = EncodingOf(context.Get(_encoding));
        var delimiter = context.Get(_delimiter) switch { null => null, "tab" or "\\t" => "\t", var stated => stated };
        if ((map.Error ?? threshold.Error ?? encoding.Error) is { } wrong)
        {
            return wrong;
        }

        if (delimiter is { Length: not 1 } || delimiter?[0] is > '\x7e' or '"' or '\r' or '\n')
        {
            return Error.Invalid("link.delimiter", "A delimiter is one ASCII character, or the word tab.", "分隔符应为一个 ASCII 字符，或单词 tab。");
        }

        if (context.Get(_threads) is < 1 or > 256)
        {
            return Error.Invalid("link.threads", "Between 1 and 256 threads.", "线程数应在 1 至 256 之间。");
        }

        var model = Model(context);
        if (model.Error is { } unreadable)
        {
            return unreadable;
        }

        var settings = context.Settings();
        if (!settings.IsOk)
        {
            return settings.Error;
        }

        return new LinkFilesRequest(context.Terminal.FullPath(left), context.Get(_right) is { } right ? context.Terminal.FullPath(right) : null, id)
        {
            RightIdColumn = context.Get(_rightId),
            Map = map.Value,
            Model = model.Value,
            Threshold = threshold.Value,
            Threads = context.Get(_threads) ?? Environment.ProcessorCount,
            Effort = context.Get(_effort) switch { "fast" => LinkageEffort.Fast, "thorough" => LinkageEffort.Thorough, _ => LinkageEffort.Default },
            Delimiter = delimiter is null ? null : (byte)delimiter[0],
            Encoding = encoding.Value,
            PacksFolder = settings.Value.PackFolders[0],
        };
    }

    public string? Left(CommandContext context) => context.Get(_left);

    public string? Id(CommandContext context) => context.Get(_id);

    private Result<LinkageModel?> Model(CommandContext context)
    {
        if (context.Get(_model) is not { } file || file == "auto")
        {
            return Result<LinkageModel?>.Ok(null);
        }

        return ModelFile.Read(context.Terminal.FullPath(file)).Select(model => (LinkageModel?)model.Model);
    }

    private static Result<IReadOnlyDictionary<string, FieldRole>?> Map(string[] words)
    {
        var map = new Dictionary<string, FieldRole>(StringComparer.Ordinal);
        foreach (var part in words.SelectMany(w => w.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)))
        {
            var cut = part.IndexOf('=');
            var role = cut < 0 ? part : part[..cut].Trim();
            if (cut < 1 || !s_roles.TryGetValue(role, out var known))
            {
                var error = Error.Invalid("link.map", $"\"{part}\" is not ROLE=COLUMN with a known role.", $"“{part}”不是“角色=列”，或角色未知。");
                return NearWord.For(role, s_roles.Keys) is { } near
                    ? error.WithHint($"Did you mean \"{near}\"?", $"是否指“{near}”？")
                    : error.WithHint($"Roles: {string.Join(", ", s_roles.Keys)}", $"角色：{string.Join("、", s_roles.Keys)}");
            }

            map[part[(cut + 1)..].Trim()] = known;
        }

        return Result<IReadOnlyDictionary<string, FieldRole>?>.Ok(map.Count == 0 ? null : map);
    }

    private static Result<double?> Threshold(string? text) => text switch
    {
        null or "auto" => Result<double?>.Ok(null),
        _ when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value is >= 0 and <= 1 => Result<double?>.Ok(value),
        _ => Error.Invalid("link.threshold", "A threshold is auto or a number from 0 to 1.", "阈值应为 auto 或 0 至 1 之间的数。"),
    };

    private static Result<Encoding?> EncodingOf(string? name)
    {
        if (name is null)
        {
            return Result<Encoding?>.Ok(null);
        }

        try
        {
            return Result<Encoding?>.Ok(CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name));
        }
        catch (ArgumentException)
        {
            return Error.Invalid("link.encoding", $"There is no encoding \"{name}\".", $"没有编码“{name}”。")
                .WithHint("For example utf-8, gb18030, windows-1251, windows-1256, shift_jis.", "例如 utf-8、gb18030、windows-1251、windows-1256、shift_jis。");
        }
    }
}

/// <summary>Puts the steps of a run on the progress line, on the caller's thread.</summary>
internal sealed class LinkProgress(CommandContext context, ProgressLine line) : IProgress<LinkageProgress>
{
    public void Report(LinkageProgress value) => line.Say(context.Say("", ""), value.Done, value.Total, Word(value.Step));

    private string Word(string step) => step switch
    {
        "read" => context.Say("rows read", "行已读取"),
        "normalise" => context.Say("records normalised", "条记录已归一"),
        "block" => context.Say("candidate pairs at most", "个候选对（上限）"),
        "random pairs" => context.Say("random pairs compared", "个随机对已比较"),
        "compare" => context.Say("pairs compared", "对已比较"),
        "estimate" => context.Say("patterns, model fitted", "种模式，模型已拟合"),
        "calibrate" => context.Say("pairs worth keeping", "对保留"),
        "cluster" => context.Say("records clustered", "条记录已聚类"),
        _ => step,
    };
}
