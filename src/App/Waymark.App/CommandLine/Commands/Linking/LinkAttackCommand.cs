using System.CommandLine;
using System.Globalization;
using Waymark.App.Output;
using Waymark.Linkage;
using Waymark.Linkage.Private;
using Waymark.Matching;
using Waymark.Model;

namespace Waymark.App.CommandLine.Commands;

/// <summary><c>waymark link attack [FILE]</c>: the published attacks on every preset; exit 3 when one gains more than a preset may lose.</summary>
internal static class LinkAttackCommand
{
    private const int MostPeople = 2_000;
    private const int FewestEncoded = 50;

    public static Command Make(CommandMaker make)
    {
        var words = new LinkOptions(make);
        var preset = make.Option<string?>("--preset", "NAME", "one preset (else all)", "某一预设（否则全部）");
        var people = make.Option<int?>("--people", "N", "invented people, when no file is named (1000)", "未指定文件时虚构的人数（1000）");
        var seed = make.Option<int?>("--seed", "N", "seed of people, key and noise (1)", "人员、密钥与噪声的种子（1）");
        var command = make.Verb("attack", "attack the encodings, and print how many names fall", "攻击各编码预设，并列出被还原的姓名比例", [.. words.ReadingOne, preset, people, seed]);
        return make.Does(command, (context, cancellationToken) => Task.FromResult(
            Run(context, words, context.Get(preset), context.Get(people) ?? 1000, context.Get(seed) ?? 1, cancellationToken)));
    }

    private static int Run(CommandContext context, LinkOptions words, string? preset, int people, int seed, CancellationToken cancellationToken)
    {
        if (people is < 50 or > MostPeople)
        {
            return context.Fail(Error.Invalid("link.people", $"Between 50 and {MostPeople} people.", $"人数应在 50 至 {MostPeople} 之间。"));
        }

        var chosen = preset is null ? Result<IReadOnlyList<EncodingPreset>>.Ok(EncodingPreset.All) : EncodingPreset.Find(preset).Select(p => (IReadOnlyList<EncodingPreset>)[p]);
        var register = Register(context, words, people, seed, cancellationToken);
        if ((chosen.Error ?? register.Error) is { } wrong)
        {
            return context.Fail(wrong);
        }

        var (table, knowledge, map) = register.Value;
        var lines = new List<LinkAttackLine>();
        foreach (var one in chosen.Value)
        {
            var scene = AttackScene.Prepare(table, knowledge, map, one, seed);
            if (!scene.IsOk)
            {
                return context.Fail(scene.Error);
            }

            if (scene.Value.Set.Records.Count < FewestEncoded)
            {
                return context.Fail(Error.Invalid("link.attack-few", $"Fewer than {FewestEncoded} records know enough to be encoded: an attack on them would show nothing.",
                    $"可编码的记录少于 {FewestEncoded} 条：对其攻击不能说明任何问题。", one.Name));
            }

            lines.AddRange(AttackSuite.Run(scene.Value, cancellationToken).Select(r => new LinkAttackLine(
                r.Preset, r.Attack, Math.Round(r.Recovered, 4), Math.Round(r.Baseline, 4), Math.Round(r.ExcessPoints, 2), r.Stands)));
        }

        if (context.Json)
        {
            context.WriteJson("waymark.link-attack/1", new LinkAttackOutput(table.Rows, AttackSuite.MostPoints, lines));
        }
        else
        {
            Write(context, lines);
        }

        return lines.All(l => l.Stands) ? ExitCode.Done : ExitCode.Faults;
    }

    private static Result<(LinkageTable Table, LinkageKnowledge Knowledge, IReadOnlyDictionary<string, FieldRole>? Map)> Register(
        CommandContext context, LinkOptions words, int people, int seed, CancellationToken cancellationToken)
    {
        if (words.Refusal(context) is { } refused)
        {
            return refused;
        }

        if (words.Left(context) is not { } file)
        {
            return (AttackScene.Invent(people, seed), LinkageKnowledge.Empty, (IReadOnlyDictionary<string, FieldRole>?)new Dictionary<string, FieldRole>
            {
                ["given_name"] = FieldRole.GivenName, ["family_name"] = FieldRole.FamilyName, ["birth_date"] = FieldRole.BirthDate,
                ["sex"] = FieldRole.Ignored, ["place"] = FieldRole.Place, ["phone"] = FieldRole.Phone,
            });
        }

        var request = words.Request(context, file, words.Id(context));
        var pack = request.Then(r => LinkagePack.Read(r.PacksFolder));
        var read = pack.Then(_ => PrivateFiles.Open(request.Value, cancellationToken));
        return read.Then(r => r.Table.Rows > MostPeople
            ? Error.TooLarge("link.attack-rows", $"The attacks take at most {MostPeople} rows.", $"攻击测试最多 {MostPeople} 行。", file)
            : Result<(LinkageTable, LinkageKnowledge, IReadOnlyDictionary<string, FieldRole>?)>.Ok((r.Table, pack.Value.Knowledge, request.Value.Map)));
    }

    private static void Write(CommandContext context, IReadOnlyList<LinkAttackLine> lines)
    {
        var table = new TextTable(
            new(context.Say("preset", "预设")), new(context.Say("attack", "攻击")), new(context.Say("names recovered", "还原姓名"), true),
            new(context.Say("guessing the commonest", "猜最常见者"), true), new(context.Say("points more", "超出（百分点）"), true), new(context.Say("stands", "是否经受")));
        foreach (var line in lines)
        {
            table.Add(
                line.Preset, line.Attack, line.Recovered.ToString("0.0 %", CultureInfo.InvariantCulture), line.Commonest.ToString("0.0 %", CultureInfo.InvariantCulture),
                line.ExcessPoints.ToString("0.00", CultureInfo.InvariantCulture), line.Stands ? context.Say("yes", "是") : context.Say("no", "否"));
        }

        table.Write(context.Terminal.Output);
    }
}
