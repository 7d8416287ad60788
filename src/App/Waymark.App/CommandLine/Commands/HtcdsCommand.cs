using System.CommandLine;
using Waymark.App.Output;
using Waymark.Casework.Htcds;
using Waymark.Formats;
using Waymark.Formats.Htcds;
using Waymark.Model;
using Waymark.Packs;

namespace Waymark.App.CommandLine.Commands;

/// <summary>What a spreadsheet of cases holds, in numbers and places and without a value of anybody.</summary>
public sealed record HtcdsCheckOutput(int Cases, IReadOnlyList<string> Fields, IReadOnlyList<HtcdsAsideLine> Aside, int NumberedOnly, int Unplaced, int FaultCount, IReadOnlyList<Error> Faults);

public sealed record HtcdsAsideLine(int Row, Error Why);

/// <summary>
/// <c>waymark htcds check|template</c>: what somebody does with a spreadsheet of the case data standard before it comes in and after it left, without any store. Records come in and go out in the
/// browser, where somebody is signed in for a purpose and the gate is asked.
/// </summary>
public static class HtcdsCommand
{
    public static Command Make(CommandMaker make) =>
        make.Verb("htcds", "spreadsheets of the case data standard", "个案数据标准电子表格", Check(make), Template(make));

    private static Command Check(CommandMaker make)
    {
        var file = make.Argument<string>("FILE", "a workbook or text with the standard's field codes", "载有标准字段代码的工作簿或文本");
        var trust = make.Option<string?>("--trust", "WORD", "where code and label of a column differ: code, label or neither", "列的代码与标签不一致时以何者为准：code、label 或 neither");
        trust.AcceptOnlyFromAmong([.. Enum.GetValues<HtcdsTrust>().Select(Words.Of)]);
        var output = make.Option<string?>("--output", "FILE", "write the cases again, all 84 fields, byte for byte", "将个案重新写出，含全部 84 个字段，逐字节一致", "-o");
        return make.Does(make.Verb("check", "say what a spreadsheet holds and what is not understood, and where", "说明电子表格内容及未能理解之处的位置", file, trust, output), async (context, cancellationToken) =>
        {
            var standard = Standard(context, cancellationToken);
            var read = standard.Then(known => Read(context, context.Get(file)!, known, Words.TryParse<HtcdsTrust>(context.Get(trust) ?? "", out var word) ? word : HtcdsTrust.Neither, cancellationToken));
            if (!read.TryGet(out var found))
            {
                return context.Fail(read.Error!);
            }

            Write(context, found);
            if (context.Get(output) is { } to)
            {
                var cases = found.Cases.Select(one => (IReadOnlyDictionary<string, string>)one.Values.ToDictionary(cell => cell.Key, cell => cell.Value.Text, StringComparer.Ordinal)).ToList();
                var written = await WriteAsync(context, to, standard.Value, cases, cancellationToken);
                if (!written.IsOk)
                {
                    return context.Fail(written.Error);
                }
            }

            return found.FaultCount + found.Aside.Count > 0 ? ExitCode.Faults : ExitCode.Done;
        });
    }

    private static Command Template(CommandMaker make)
    {
        var output = make.Option<string>("--output", "FILE", "the new workbook", "新建的工作簿", "-o");
        output.Required = true;
        return make.Does(make.Verb("template", "write an empty workbook with the allowed values in its cells", "写出空白工作簿，单元格内附可选值", output), async (context, cancellationToken) =>
        {
            var standard = Standard(context, cancellationToken);
            var written = standard.IsOk ? await WriteAsync(context, context.Get(output)!, standard.Value, [], cancellationToken) : standard.Error;
            return written.IsOk ? ExitCode.Done : context.Fail(written.Error);
        });
    }

    private static Result<HtcdsStandard> Standard(CommandContext context, CancellationToken cancellationToken) => RuleSources.Roots(context, null).Then(roots =>
        HtcdsPack.Find(PackLibrary.Load(roots, cancellationToken).Library) is { } standard ? standard
        : Result<HtcdsStandard>.Fail(Error.NotFound("htcds.no-pack", "The packs hold no case data standard.", "内容包中没有个案数据标准。")));

    private static Result<HtcdsFile> Read(CommandContext context, string file, HtcdsStandard standard, HtcdsTrust trust, CancellationToken cancellationToken)
    {
        var path = context.Terminal.FullPath(file);
        if (!File.Exists(path))
        {
            return Error.NotFound("input.not-found", "There is no such file or folder.", "没有这个文件或文件夹。", file);
        }

        using var stream = File.OpenRead(path);
        return TabularFile.Open(stream, Path.GetFileName(path), cancellation: cancellationToken).Then(opened => HtcdsReader.Read(opened, standard, new(trust), cancellationToken));
    }

    private static Task<Result<bool>> WriteAsync(CommandContext context, string to, HtcdsStandard standard, IReadOnlyList<IReadOnlyDictionary<string, string>> cases, CancellationToken cancellationToken) =>
        ResultFile.WriteAsync(context, to, async stream => (await HtcdsWriter.WriteAsync(cases, stream, standard, cancellation: cancellationToken)).Then(_ => Result<bool>.Ok(true)), cancellationToken);

    private static void Write(CommandContext context, HtcdsFile found)
    {
        var unplaced = found.Cases.Sum(one => one.Unplaced.Count);
        if (context.Json)
        {
            context.WriteJson("waymark.htcds-check/1", new HtcdsCheckOutput(
                found.Cases.Count, found.Fields, [.. found.Aside.Select(row => new HtcdsAsideLine(row.Row, row.Why))], found.NumberedOnly, unplaced, found.FaultCount, found.Faults));
            return;
        }

        // Faults carry their cell and no value: a terminal keeps what it showed. Where the cases themselves go to the terminal, this goes beside them.
        foreach (var fault in found.Faults.Concat(found.Aside.Select(row => row.Why)))
        {
            context.Terminal.Error.WriteLine(fault.In(context.Language.Tag));
        }

        context.Remark(
            $"{found.Cases.Count} cases in {found.Fields.Count} fields; {found.Aside.Count} rows aside, {found.FaultCount} places not understood, {unplaced} cells under no field.",
            $"{found.Cases.Count} 个个案，{found.Fields.Count} 个字段；{found.Aside.Count} 行留置，{found.FaultCount} 处未能理解，{unplaced} 个单元格不属于任何字段。");
    }
}
