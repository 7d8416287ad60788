using System.CommandLine;
using Waymark.App.Accounts;
using Waymark.App.Hosting;
using Waymark.App.Output;
using Waymark.Model;

namespace Waymark.App.CommandLine.Commands;

/// <summary><c>waymark key add|list|revoke</c>: keys for programs. The secret is printed once and kept as a hash.</summary>
public static class KeyCommand
{
    public static Command Make(CommandMaker make)
    {
        var owner = make.Argument<string>("NAME", "the account that answers for the key", "对密钥负责的账户");
        var label = make.Option<string>("--label", "TEXT", "what the key is for", "密钥用途说明");
        var purposes = make.Option<string[]>("--purpose", "WORD", "what it opens; may be repeated", "可用于的目的，可重复");
        var days = make.Option<int?>("--days", "N", "days until it ends (90 at most)", "有效天数（最多 90）");
        (label.Required, purposes.Required) = (true, true);
        purposes.AcceptOnlyFromAmong([.. ApiKey.KnownPurposes]);
        var id = make.Argument<string>("ID", "the first digits of a key's id, eight at least", "密钥标识的前几位，至少八位");
        return make.Verb("key", "keys for programs", "程序密钥",
            make.Does(make.Verb("add", "make a key; prints its secret once", "新建密钥，仅显示一次", owner, label, purposes, days), (context, cancellationToken) => context.WithStore(platform =>
                AccountTools.WithKeys(platform, async (store, keys) =>
                {
                    if (await store.FindByNameAsync(Account.Normalize(context.Get(owner)!), cancellationToken) is not { } account || !account.IsOpen(platform.Time.GetUtcNow()))
                    {
                        return context.Fail(Error.NotFound("account.unknown", "There is no such account.", "没有此账户。", context.Get(owner)));
                    }

                    var made = await keys.MakeAsync(account, context.Get(label)!, context.Get(purposes)!, TimeSpan.FromDays(Math.Clamp(context.Get(days) ?? 90, 1, 90)), "cli", cancellationToken);
                    if (!made.IsOk)
                    {
                        return context.Fail(made.Error);
                    }

                    if (context.Json)
                    {
                        context.WriteJson("waymark.key/1", new KeyOutput(made.Value));
                        return ExitCode.Done;
                    }

                    context.Terminal.Output.WriteLine(made.Value);
                    context.Remark("Shown once; keep it where secrets are kept.", "仅显示一次；请妥善保存。");
                    return ExitCode.Done;
                }), cancellationToken)),
            make.Does(make.Verb("list", "all keys", "全部密钥"), (context, cancellationToken) => context.WithStore(platform =>
                AccountTools.WithKeys(platform, async (store, keys) =>
                {
                    var names = (await store.ListAsync(cancellationToken)).ToDictionary(account => account.Id, account => account.Name, StringComparer.Ordinal);
                    var keyLines = (await keys.ListAsync(null, cancellationToken)).Select(known => new KeyLine(
                        known.Id[..12], names.GetValueOrDefault(known.Key.Account), known.Key.Label, known.Key.Purposes, known.Key.Ends, known.Key.LastUse)).ToList();
                    if (context.Json)
                    {
                        context.WriteJson("waymark.keys/1", new KeysOutput(keyLines));
                        return ExitCode.Done;
                    }

                    var table = new TextTable(new("id"), new(context.Say("owner", "所有者")), new(context.Say("label", "名称")), new(context.Say("purposes", "目的")),
                        new(context.Say("ends", "到期")), new(context.Say("last use", "最近使用")));
                    foreach (var key in keyLines)
                    {
                        table.Add(key.Id, key.Owner, key.Label, string.Join(", ", key.Purposes), Moment.Text(key.Ends), key.LastUse is { } last ? Moment.Text(last) : "");
                    }

                    table.Write(context.Terminal.Output);
                    return ExitCode.Done;
                }), cancellationToken)),
            make.Does(make.Verb("revoke", "end a key now", "立即终止密钥", id), (context, cancellationToken) => context.WithStore(platform =>
                AccountTools.WithKeys(platform, async (_, keys) =>
                {
                    var asked = context.Get(id)!;
                    var found = asked.Length < 8 ? [] : (await keys.ListAsync(null, cancellationToken)).Where(known => known.Id.StartsWith(asked, StringComparison.Ordinal)).ToList();
                    if (found is not [var only] || !await keys.EndAsync(null, only.Id, "cli", cancellationToken))
                    {
                        return context.Fail(Error.NotFound("key.unknown", "There is no such key, or more than one.", "没有此密钥，或不止一个。", asked));
                    }

                    context.Remark("The key has ended.", "密钥已终止。");
                    return ExitCode.Done;
                }), cancellationToken)));
    }
}
