using System.CommandLine;
using Waymark.App.Ledger;
using Waymark.App.Output;
using Waymark.Audit.Contracts;
using Waymark.Audit.Protective;
using Waymark.Model;
using Waymark.Protection.Contracts;
using Waymark.Protection.Features;
using Waymark.Sodium;
using Waymark.Storage;

namespace Waymark.App.CommandLine.Commands;

/// <summary><c>waymark protect</c>, <c>waymark log show</c>, <c>waymark hold list</c>.</summary>
public static class ProtectionCommands
{
    /// <summary>An act that only protects; goes on although the store cannot even be opened (M88).</summary>
    public static Command Protect(CommandMaker make)
    {
        var act = make.Argument<string>("ACT", "what protects: record-danger, refer-to-emergency, restrict-record, recall-message, withdraw-consent, stop-return",
            "保护性行为：record-danger、refer-to-emergency、restrict-record、recall-message、withdraw-consent、stop-return");
        var persons = make.Option<string[]>("--person", "ID", "whom it protects; may be repeated", "所保护的人，可重复");
        var matter = make.Option<string>("--matter", "ID", "the case", "事项");
        var unit = make.Option<string>("--unit", "UNIT", "the unit whose case it is", "所属单位");
        var note = make.Option<string>("--note", "TEXT", "what is to be done", "应做之事");
        (persons.Required, matter.Required, unit.Required, note.Required) = (true, true, true, true);
        return make.Does(make.Verb("protect", "an act that only protects, also while the store is out of reach", "保护性行为，数据存储不可用时亦可进行", act, persons, matter, unit, note), async (context, cancellationToken) =>
        {
            var settings = context.Settings();
            if (!settings.IsOk)
            {
                return context.Fail(settings.Error);
            }

            var keyStore = FileKeyStore.Open(settings.Value.KeyFolder);
            var keys = keyStore.IsOk ? await LedgerKeys.OpenAsync(keyStore.Value, SodiumEd25519.Instance, cancellationToken) : keyStore.Error;
            if (!keys.IsOk)
            {
                return context.Fail(keys.Error);
            }

            var opened = await context.Opener.OpenStoreAsync(settings.Value, context.Terminal.Time, cancellationToken);
            await using var platform = opened.IsOk ? opened.Value : null;
            var store = platform?.Store is { Info.ReadOnlyReason: null } writable ? writable : null;
            using var ledger = store is null ? null : LedgerParts.Open(store, keyStore.Value, settings.Value.DataFolder, settings.Value.KeyFolder, context.Terminal.Time);
            using var alone = new LocalLedger(settings.Value.DataFolder, store, keys.Value, context.Terminal.Time);
            var gate = new ProtectiveGate(store, keyStore.Value, ledger?.Reach, alone, store is null ? null : new Consents(store, keyStore.Value, context.Terminal.Time), context.Terminal.Time);
            var actor = new Actor("cli", "staff", [context.Get(unit)!]);
            var done = await gate.ProtectAsync(new(actor, context.Get(unit)!, context.Get(matter)!, context.Get(persons)!, "protect." + context.Get(act), context.Get(note)!), null, cancellationToken);
            if (!done.IsOk)
            {
                return context.Fail(done.Error);
            }

            if (context.Json)
            {
                context.WriteJson("waymark.protect/1", done.Value);
                return ExitCode.Done;
            }

            context.Terminal.Output.WriteLine(done.Value.Leaf);
            context.Remark(done.Value.IsLocal ? "Noted on this machine; entered and carried out as soon as the ledger answers." : "Entered; it stands among the open duties of data protection.",
                done.Value.IsLocal ? "已在本机记录；账本恢复后即入账并执行。" : "已入账；列于数据保护页的待办职责。");
            return ExitCode.Done;
        });
    }

    /// <summary>What acts and decisions there were, without names: for whoever runs the machine, who has the store anyway. Reading is entered like any other.</summary>
    public static Command Log(CommandMaker make)
    {
        var inquiry = make.Option<string>("--inquiry", "NUMBER", "number of the review or complaint under which it is read", "据以查阅的审查或申诉编号");
        var limit = make.Option<int?>("--limit", "N", "how many of the newest (100)", "最近多少条（100）");
        inquiry.Required = true;
        return make.Verb("log", "the log of decisions about persons", "关于个人的决定日志",
            make.Does(make.Verb("show", "the newest decisions, under the number of an open inquiry", "凭未结审查编号查看最近的决定", inquiry, limit), (context, cancellationToken) => context.WithStore(
                async platform =>
                {
                    var lines = await new Log(platform.Store, platform.Keys, platform.Time).ReadAsync(
                        new("cli", "oversight", []), context.Get(inquiry)!, null, Math.Clamp(context.Get(limit) ?? 100, 1, 1_000), cancellationToken);
                    if (!lines.IsOk)
                    {
                        return context.Fail(lines.Error);
                    }

                    if (context.Json)
                    {
                        context.WriteJson("waymark.log/1", new LogOutput(lines.Value));
                        return ExitCode.Done;
                    }

                    var table = new TextTable(new(context.Say("at", "时间")), new(context.Say("role", "角色")), new(context.Say("unit", "单位")), new(context.Say("action", "操作")),
                        new(context.Say("purpose", "目的")), new(context.Say("outcome", "结果")), new(context.Say("decision", "决定")));
                    foreach (var line in lines.Value)
                    {
                        table.Add(Moment.Text(line.At), line.Role, line.Unit, line.Action, line.Purpose, line.IsPermit ? context.Say("permitted", "准予") : context.Say("denied", "不准"), line.Decision);
                    }

                    table.Write(context.Terminal.Output);
                    return ExitCode.Done;
                },
                cancellationToken)));
    }

    /// <summary>The legal holds of one person. A hold only keeps; lifting one is for the data-protection or legal officer, never for the machine.</summary>
    public static Command Hold(CommandMaker make)
    {
        var person = Person(make);
        var held = Person(make);
        var ground = make.Option<string>("--ground", "TEXT", "why nothing may be erased", "不得删除的依据");
        var days = make.Option<int?>("--days", "N", "days until it ends (180 at most; 90)", "有效天数（最多 180，默认 90）");
        ground.Required = true;
        return make.Verb("hold", "legal holds", "法律保留",
            make.Does(make.Verb("place", "keep everything about a person from being erased", "暂停删除某人的一切资料", held, ground, days), (context, cancellationToken) => RulesAdoptionCommands.WithBook(context, async (platform, book) =>
            {
                var until = platform.Time.GetUtcNow().AddDays(Math.Clamp(context.Get(days) ?? 90, 1, 180));
                var placed = await new Exceptions(book.Rules, platform.Store, platform.Keys, platform.Time).HoldAsync(new("cli", "staff", []), context.Get(held)!, context.Get(ground)!, until, cancellationToken);
                if (!placed.IsOk)
                {
                    return context.Fail(placed.Error);
                }

                if (context.Json)
                {
                    context.WriteJson("waymark.holds/1", new HoldsOutput([new(placed.Value.Id, placed.Value.Ground, placed.Value.From, placed.Value.Until)]));
                    return ExitCode.Done;
                }

                context.Terminal.Output.WriteLine(placed.Value.Id);
                return ExitCode.Done;
            }, cancellationToken)),
            make.Does(make.Verb("list", "holds of one person that have not ended", "某人未结束的法律保留", person), (context, cancellationToken) => RulesAdoptionCommands.WithBook(context, async (platform, book) =>
            {
                var holds = (await new Exceptions(book.Rules, platform.Store, platform.Keys, platform.Time).HoldsAsync(context.Get(person)!, cancellationToken))
                    .Select(hold => new HoldLine(hold.Id, hold.Ground, hold.From, hold.Until)).ToList();
                if (context.Json)
                {
                    context.WriteJson("waymark.holds/1", new HoldsOutput(holds));
                    return ExitCode.Done;
                }

                var table = new TextTable(new("id"), new(context.Say("ground", "依据")), new(context.Say("from", "自")), new(context.Say("until", "至")));
                foreach (var hold in holds)
                {
                    table.Add(hold.Id, hold.Ground, Moment.Text(hold.From), Moment.Text(hold.Until));
                }

                table.Write(context.Terminal.Output);
                return ExitCode.Done;
            }, cancellationToken)));
    }

    private static Argument<string> Person(CommandMaker make) => make.Argument<string>("PERSON", "id of a person", "个人标识");
}
