using System.CommandLine;
using Waymark.App.Accounts;
using Waymark.App.Output;
using Waymark.Model;

namespace Waymark.App.CommandLine.Commands;

/// <summary><c>waymark user add|reset|lock|renew|leave|list</c>. No password passes through a flag: the owner sets it by a one-time link.</summary>
public static class UserCommand
{
    public static Command Make(CommandMaker make)
    {
        var role = make.Option<string>("--role", "ROLE", "what the account may do", "账户权限");
        role.Required = true;
        role.AcceptOnlyFromAmong([.. Roles.All]);
        var sample = make.Flag("--sample", "for trying out: signs in from this machine only", "试用账户：只能在本机登录");
        var units = make.Option<string[]>("--unit", "UNIT", "unit whose work the account takes part in; may be repeated", "所属单位，可重复");
        var outside = make.Option<string?>("--outside", "SUBJECT", "the subject at the outside login provider", "外部登录提供方的主体标识");
        var days = make.Option<int?>("--days", "N", "days until the role ends (90 at most)", "角色有效天数（最多 90）");
        var renewed = Name(make);
        var left = Name(make);
        var added = Name(make);
        var reset = Name(make);
        var locked = Name(make);
        return make.Verb("user", "accounts of those who may import", "可导入数据者的账户",
            make.Does(make.Verb("add", "add an account; prints a one-time link", "新建账户，并输出一次性链接", added, role, units, outside, sample), (context, cancellationToken) =>
                Link(context, accounts => accounts.InviteAsync(
                    context.Get(added)!, context.Get(role)!, context.Get(units) ?? [], context.Get(outside), context.Get(sample), "cli", cancellationToken), cancellationToken)),
            make.Does(make.Verb("reset", "end all sessions; prints a link for a new password", "结束全部会话，并输出重设密码链接", reset), (context, cancellationToken) =>
                Link(context, accounts => accounts.ResetAsync(context.Get(reset)!, "cli", cancellationToken), cancellationToken)),
            make.Does(make.Verb("lock", "shut an account and end its sessions", "停用账户并结束其会话", locked), (context, cancellationToken) =>
                Change(context, accounts => accounts.LockAsync(context.Get(locked)!, "cli"), new("The account is locked; its sessions have ended.", "账户已停用，其会话已结束。"), cancellationToken)),
            make.Does(make.Verb("renew", "let a role run for another term", "为角色续期", renewed, days), (context, cancellationToken) =>
                Change(context, accounts => accounts.RenewAsync(context.Get(renewed)!, TimeSpan.FromDays(Math.Clamp(context.Get(days) ?? 90, 1, 90)), "cli"),
                    new("The role runs for another term.", "角色已续期。"), cancellationToken)),
            make.Does(make.Verb("leave", "end an account for good: sessions, keys, passkeys", "永久终止账户：会话、密钥、通行密钥", left), (context, cancellationToken) =>
                Change(context, accounts => accounts.LeaveAsync(context.Get(left)!, "cli", cancellationToken), new("The account has ended and never opens again; its name stays for the log.", "账户已终止，不会重新开放；名称保留供日志使用。"), cancellationToken)),
            make.Does(make.Verb("list", "all accounts", "全部账户"), (context, cancellationToken) =>
                context.WithStore(platform => List(context, platform, cancellationToken), cancellationToken)));
    }

    private static Task<int> Change<T>(CommandContext context, Func<AccountService, Task<Result<T>>> work, LocalText done, CancellationToken cancellationToken) =>
        context.WithStore(
            async platform =>
            {
                var changed = await AccountTools.WithAccounts(platform, work);
                if (!changed.IsOk)
                {
                    return context.Fail(changed.Error);
                }

                context.Remark(done.In("en"), done.In("zh"));
                return ExitCode.Done;
            },
            cancellationToken);

    private static Argument<string> Name(CommandMaker make) => make.Argument<string>("NAME", "name of the account", "账户名称");

    private static Task<int> Link(CommandContext context, Func<AccountService, Task<Result<string>>> work, CancellationToken cancellationToken) =>
        context.WithStore(
            async platform =>
            {
                var token = await AccountTools.WithAccounts(platform, work);
                if (!token.IsOk)
                {
                    return context.Fail(token.Error);
                }

                var link = Hosting.ServerAddress.Of(platform.Settings) + "/setup?token=" + token.Value;
                if (context.Json)
                {
                    context.WriteJson("waymark.user/1", new UserOutput(link, (int)OneTimeLinks.PasswordLasts.TotalHours));
                }
                else
                {
                    context.Terminal.Output.WriteLine(link);
                    context.Remark("Give this link to the owner of the account by a safe way. It works once, for 24 hours.", "请以安全方式把链接交给账户本人。24 小时内有效，仅可使用一次。");
                }

                return ExitCode.Done;
            },
            cancellationToken);

    private static async Task<int> List(CommandContext context, Hosting.StorePlatform platform, CancellationToken cancellationToken)
    {
        var accounts = await AccountTools.WithAccounts(platform, service => service.ListAsync(cancellationToken));
        if (context.Json)
        {
            context.WriteJson("waymark.users/1", new UsersOutput([.. accounts.Select(account =>
                new UserLine(account.Name, account.Role, account.Locked, account.Sample, account.PasswordHash is not null, account.CreatedAt,
                    account.Units, account.RoleEnds, account.LastSignIn, account.TwoFactor, account.Passkeys.Count, account.LeftAt))]));
            return ExitCode.Done;
        }

        var table = new TextTable(new(context.Say("name", "名称")), new(context.Say("role", "角色")), new(context.Say("state", "状态")), new(context.Say("since", "创建于")), new(context.Say("ends", "到期")), new(context.Say("last sign-in", "最近登录")));
        foreach (var account in accounts)
        {
            var state = account.LeftAt is not null ? context.Say("left", "已离任") : account.Locked ? context.Say("locked", "已停用")
                : account.PasswordHash is null ? context.Say("invited", "已邀请") : context.Say("active", "可用");
            table.Add(account.Name, account.Role, state + (account.Sample ? context.Say(", sample", "，试用") : ""), Moment.Text(account.CreatedAt),
                account.RoleEnds is { } end ? Moment.Text(end) : "", account.LastSignIn is { } last ? Moment.Text(last) : "");
        }

        table.Write(context.Terminal.Output);
        return ExitCode.Done;
    }
}
