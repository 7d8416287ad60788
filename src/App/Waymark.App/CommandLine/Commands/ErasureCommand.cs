using System.CommandLine;
using Waymark.App.Casework;
using Waymark.App.Output;
using Waymark.Casework.Contracts;
using Waymark.Model;
using Waymark.Packs;
using Waymark.Protection.Contracts;
using Waymark.Protection.Features;

namespace Waymark.App.CommandLine.Commands;

/// <summary>
/// <c>waymark erasure preview|ask|withdraw|do</c>: what the pages do, by whoever runs the machine. The two persons decide in the browser, each with a trusted security key.
/// </summary>
public static class ErasureCommand
{
    private static readonly Actor s_machine = new("cli", "staff", []);

    public static Command Make(CommandMaker make)
    {
        var (previewed, asked, withdrawn, done) = (Person(make), Person(make), Person(make), Person(make));
        var unit = make.Option<string>("--unit", "UNIT", "the unit that handles the request", "办理请求的单位");
        var matter = make.Option<string>("--matter", "ID", "the person's request", "当事人的请求");
        var reason = make.Option<string>("--reason", "TEXT", "why, for those who decide", "供决定人审阅的理由");
        (unit.Required, matter.Required, reason.Required) = (true, true, true);
        return make.Verb("erasure", "erasing a person, decided by two others", "删除个人资料，由另外两人决定",
            make.Does(make.Verb("preview", "what would go, in numbers", "将删除的内容（仅数量）", previewed), (context, cancellationToken) => WithAsync(context, async (_, engine) =>
                Shown(context, "preview", await ((IErasing)engine).PreviewErasureAsync(context.Get(previewed)!, cancellationToken)), cancellationToken)),
            make.Does(make.Verb("ask", "lay it before two others", "提交另外两人决定", asked, unit, matter, reason), (context, cancellationToken) => WithAsync(context, async (reviews, engine) =>
            {
                var request = ReviewRequest.Erasing(context.Get(unit)!, context.Get(matter)!, context.Get(asked)!, "remedy", context.Get(reason)!);
                var review = await reviews.AskAsync(s_machine with { Units = [request.Unit] }, request, cancellationToken);
                return review.IsOk ? Shown(context, "asked", await ((IErasing)engine).PreviewErasureAsync(context.Get(asked)!, cancellationToken)) : context.Fail(review.Error);
            }, cancellationToken)),
            make.Does(make.Verb("withdraw", "take the question back", "撤回请求", withdrawn), (context, cancellationToken) => WithAsync(context, async (reviews, _) =>
            {
                var found = await reviews.FindAsync(s_machine, ReviewKind.Erasure, ReviewRequest.ErasureOf(context.Get(withdrawn)!), cancellationToken);
                var stopped = found is null ? Error.NotFound("review.unknown", "Nothing is asked for.", "没有待撤回的请求。") : (await reviews.StopAsync(s_machine, found.Id, "withdrawn by who asked", cancellationToken)).Error;
                return stopped is null ? Shown(context, "withdrawn", null) : context.Fail(stopped);
            }, cancellationToken)),
            make.Does(make.Verb("do", "carry out what two others approved", "执行已获两人批准的删除", done), (context, cancellationToken) => WithAsync(context, async (_, engine) =>
            {
                var preview = await ((IErasing)engine).PreviewErasureAsync(context.Get(done)!, cancellationToken);
                var erased = await engine.EraseAsync(s_machine, context.Get(done)!, cancellationToken);
                return erased.IsOk ? Shown(context, "done", preview) : context.Fail(erased.Error!);
            }, cancellationToken)));
    }

    internal static Task<int> WithAsync(CommandContext context, Func<IReviews, ICasework, Task<int>> work, CancellationToken cancellationToken) => context.WithStore(
        async platform =>
        {
            var packs = PackLibrary.Load(platform.Settings.PackFolders, cancellationToken);
            var book = packs.Errors.FirstOrDefault() is { } fault ? Result<RuleBook>.Fail(fault) : Api.ProtectionForms.OpenBook(platform, packs.Library, platform.Store);
            if (!book.IsOk)
            {
                return context.Fail(book.Error);
            }

            var consents = new Consents(platform.Store, platform.Keys, platform.Time);
            var exceptions = new Exceptions(book.Value.Rules, platform.Store, platform.Keys, platform.Time);
            var source = CaseworkSetup.Open(platform, packs.Library, new Gate(book.Value, platform.Store, platform.Keys, consents, exceptions, platform.Time), consents, exceptions);
            return source.Cases is { } engine ? await work(new Reviews(book.Value.Reviewers, platform.Store, platform.Keys, platform.Time), engine) : context.Fail(source.Faults[0]);
        },
        cancellationToken);

    private static int Shown(CommandContext context, string state, ErasurePreview? preview)
    {
        if (context.Json)
        {
            context.WriteJson("waymark.erasure/1", new ErasureOutput(state, preview?.Records, preview?.Files, preview?.Consents, preview?.Holds));
            return ExitCode.Done;
        }

        if (preview is { } told)
        {
            var table = new TextTable(new(context.Say("what", "内容")), new(context.Say("count", "数量"), Right: true));
            table.Add(context.Say("records", "记录"), Number(told.Records));
            table.Add(context.Say("files", "文件"), Number(told.Files));
            table.Add(context.Say("consents and refusals", "同意与拒绝"), Number(told.Consents));
            table.Add(context.Say("holds that keep it from happening", "阻止删除的保留"), Number(told.Holds));
            table.Write(context.Terminal.Output);
        }

        context.Remark(
            state switch
            {
                "preview" => "Nothing was changed. The ledger keeps its proofs; nothing in it can be tied to the person afterwards.",
                "asked" => "Two others decide on /protection/reviews; \"erasure withdraw\" takes it back, \"erasure do\" carries it out.",
                "withdrawn" => "Taken back.",
                _ => "Erased. The ledger keeps its proofs; nothing in it can be tied to the person.",
            },
            state switch
            {
                "preview" => "未作任何更改。账本保留其证明；此后其中内容无法再与该人关联。",
                "asked" => "由另外两人在 /protection/reviews 决定；可用 erasure withdraw 撤回，用 erasure do 执行。",
                "withdrawn" => "已撤回。",
                _ => "已删除。账本保留其证明；其中内容无法再与该人关联。",
            });
        return ExitCode.Done;
    }

    private static string Number(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static Argument<string> Person(CommandMaker make) => make.Argument<string>("PERSON", "id of a person", "个人标识");
}
