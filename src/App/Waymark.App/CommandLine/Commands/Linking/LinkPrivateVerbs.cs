using System.CommandLine;
using System.Globalization;
using Waymark.App.Output;
using Waymark.Linkage.Private;
using Waymark.Matching;
using Waymark.Model;

namespace Waymark.App.CommandLine.Commands;

/// <summary><c>waymark link encode</c> and <c>waymark link match</c>: private linking in three roles, over files.</summary>
internal static class LinkPrivateVerbs
{
    public static Command Encode(CommandMaker make)
    {
        var words = new LinkOptions(make);
        var project = make.Option<string?>("--project", "KEYFILE", "key, preset and budgets that the owners share; never for the linkage unit", "数据持有方共用的密钥、预设与配额；切勿交给链接单位");
        project.Required = true;
        var create = make.Flag("--new-project", "make KEYFILE, with budgets from this file", "以此文件的配额新建 KEYFILE");
        var preset = make.Option<string?>("--preset", "NAME", "how records are encoded: " + string.Join(", ", EncodingPreset.All.Select(p => p.Name)), "编码方式：" + string.Join("、", EncodingPreset.All.Select(p => p.Name)));
        var output = make.Option<string?>("--out", "FILE", "the encoded set, for the linkage unit", "编码数据集，交给链接单位", "-o");
        output.Required = true;
        var handles = make.Option<string?>("--handles", "FILE", "which record a handle stands for; stays with you (else FILE.handles.csv)", "句柄与记录的对应关系；自行保存（默认 FILE.handles.csv）");
        var command = make.Verb("encode", "encode a file for private linking", "为隐私链接编码文件", [.. words.ReadingOne, project, create, preset, output, handles]);
        return make.Does(command, (context, cancellationToken) => EncodedAsync(
            context, words, context.Get(project)!, context.Get(create), context.Get(preset), context.Get(output)!, context.Get(handles), cancellationToken));
    }

    public static Command Match(CommandMaker make)
    {
        var left = make.Argument<string>("A.enc", "an encoded set", "编码数据集");
        var right = make.Argument<string>("B.enc", "the other owner's set", "另一持有方的数据集");
        var threshold = make.Option<string?>("--threshold", "auto|D", "lowest Dice coefficient; auto asks the scores of strangers", "最低 Dice 系数；auto 依据陌生人得分确定");
        var threads = make.Option<int?>("--threads", "N", "threads (else all processors)", "线程数（否则为全部处理器）");
        var output = make.Option<string?>("--out", "FILE", "pairs of handles as CSV (else stdout)", "句柄对 CSV（否则 stdout）", "-o");
        var classes = LinkOptions.RegisterClass(make);
        var command = make.Verb("match", "compare two encoded sets, without key and without attributes", "比较两个编码数据集，无需密钥与属性", left, right, threshold, threads, output, classes);
        return make.Does(command, (context, cancellationToken) => LinkOptions.Refusal(context.Get(classes), context.Get(left)) is { } refused
            ? Task.FromResult(context.Fail(refused))
            : MatchedAsync(context, (context.Get(left)!, context.Get(right)!), context.Get(threshold), context.Get(threads), context.Get(output), cancellationToken));
    }

    private static async Task<int> EncodedAsync(
        CommandContext context, LinkOptions words, string projectFile, bool create, string? preset, string output, string? handles, CancellationToken cancellationToken)
    {
        if (words.Refusal(context) is { } refused)
        {
            return context.Fail(refused);
        }

        var path = context.Terminal.FullPath(projectFile);
        if (create && File.Exists(path))
        {
            return context.Fail(Error.Conflict("link.project-exists", "The project file exists already.", "项目文件已存在。", projectFile));
        }

        if (output == "-")
        {
            return context.Fail(Error.Invalid("link.out-file", "The encoded set needs a file.", "编码数据集须写入文件。"));
        }

        var chosen = EncodingPreset.Find(preset ?? EncodingPreset.Hardened.Name);
        var project = create ? Result<ProjectFile?>.Ok(null) : PrivateFiles.ReadProject(path).Select(p => (ProjectFile?)p);
        var request = words.Request(context);
        if ((chosen.Error ?? project.Error ?? request.Error) is { } wrong)
        {
            return context.Fail(wrong);
        }

        if (preset is not null && project.Value is { } known && known.Schema.Preset != chosen.Value)
        {
            return context.Fail(Error.Conflict("link.preset-differs", $"The project uses preset {known.Schema.Preset.Name}.", $"该项目使用预设 {known.Schema.Preset.Name}。", projectFile));
        }

        var encoded = PrivateFiles.Encode(request.Value, project.Value, chosen.Value, cancellationToken);
        if (!encoded.IsOk)
        {
            return context.Fail(encoded.Error);
        }

        var (file, owner, used) = encoded.Value;
        var names = handles ?? output + ".handles.csv";
        var written = await ResultFile.WriteAsync(context, output, stream => Task.FromResult(PrivateFiles.WriteSet(stream, owner.Set)), cancellationToken);
        written = written.IsOk ? await ResultFile.WriteSecretAsync(context, names, stream => PrivateFiles.WriteHandles(stream, encoded.Value), cancellationToken) : written;
        written = written.IsOk && create ? await ResultFile.WriteSecretAsync(context, projectFile, stream => Text(stream, used.Write()), cancellationToken) : written;
        if (!written.IsOk)
        {
            return context.Fail(written.Error);
        }

        var invented = owner.Handles.Count(h => h.IsInvented);
        var result = new LinkEncodeOutput(
            owner.Set.Project, owner.Set.Preset, create, file.RowsRead, file.AsideCount, owner.Handles.Count - invented, invented, owner.LeftOut.Count, output, names);
        if (context.Json)
        {
            context.WriteJson("waymark.link-encode/1", result, file.Warnings);
        }
        else
        {
            context.Remark(
                $"{result.Encoded} records encoded, {invented} invented, {result.LeftOut} left out for knowing too little or the same as too many others. Keep {projectFile} and {names}; only {output} leaves.",
                $"已编码 {result.Encoded} 条，虚构 {invented} 条，因信息过少或与过多记录相同而略去 {result.LeftOut} 条。请保管 {projectFile} 与 {names}；只有 {output} 可以交出。");
        }

        return file.AsideCount + result.LeftOut > 0 ? ExitCode.Faults : ExitCode.Done;
    }

    private static async Task<int> MatchedAsync(
        CommandContext context, (string Left, string Right) files, string? threshold, int? threads, string? output, CancellationToken cancellationToken)
    {
        double? lowest = null;
        if (threshold is not (null or "auto"))
        {
            if (!double.TryParse(threshold, NumberStyles.Float, CultureInfo.InvariantCulture, out var stated) || stated is not (> 0 and <= 1))
            {
                return context.Fail(Error.Invalid("link.threshold", "A threshold is auto or a number above 0, to 1.", "阈值应为 auto 或大于 0、不超过 1 的数。"));
            }

            lowest = stated;
        }

        if (threads is < 1 or > 256)
        {
            return context.Fail(Error.Invalid("link.threads", "Between 1 and 256 threads.", "线程数应在 1 至 256 之间。"));
        }

        if (context.Json && output is null or "-")
        {
            return context.Fail(Error.Invalid("link.json-out", "--json needs --out FILE for the links.", "使用 --json 时须用 --out FILE 存放链接。"));
        }

        var left = PrivateFiles.ReadSet(context.Terminal.FullPath(files.Left));
        var right = left.Then(_ => PrivateFiles.ReadSet(context.Terminal.FullPath(files.Right)));
        if (!right.IsOk)
        {
            return context.Fail(right.Error);
        }

        var found = PrivateMatcher.Match(
            left.Value, right.Value, new() { Threshold = lowest, Threads = threads ?? Environment.ProcessorCount }, cancellationToken);
        if (!found.IsOk)
        {
            return context.Fail(found.Error);
        }

        var written = await ResultFile.WriteAsync(context, output, stream => Task.FromResult(PrivateFiles.WriteLinks(stream, found.Value)), cancellationToken);
        if (!written.IsOk)
        {
            return context.Fail(written.Error);
        }

        var result = new LinkMatchOutput(
            left.Value.Project, left.Value.Preset, left.Value.Handles.Count, right.Value.Handles.Count, found.Value.Links.Count, Math.Round(found.Value.Threshold, 4),
            Math.Round(found.Value.ExpectedFalse, 2), found.Value.OneToOne, found.Value.Compared, found.Value.Path.ToString());
        if (context.Json)
        {
            context.WriteJson("waymark.link-match/1", result);
        }
        else
        {
            context.Remark(
                string.Create(CultureInfo.InvariantCulture, $"{result.Compared:N0} comparisons ({result.Path}); threshold {result.Threshold:0.000}; {result.Links:N0} pairs, about {result.ExpectedFalse:0} of them false, invented records included. That number is rough, it was 142 where none was false and 651 where 747 were: look at the pairs before anything follows from them."),
                string.Create(CultureInfo.InvariantCulture, $"比较 {result.Compared:N0} 次（{result.Path}）；阈值 {result.Threshold:0.000}；{result.Links:N0} 对，约 {result.ExpectedFalse:0} 对有误（含虚构记录）。该数只是粗略估计：曾在无一有误时给出 142，在 747 对有误时给出 651；请先逐对核对，再据以行事。"));
        }

        return ExitCode.Done;
    }

    private static Result<bool> Text(Stream stream, string text)
    {
        stream.Write(System.Text.Encoding.UTF8.GetBytes(text));
        return true;
    }
}
