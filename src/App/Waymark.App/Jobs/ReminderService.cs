using System.Globalization;
using System.Net.Mail;
using Waymark.App.Configuration;
using Waymark.App.Hosting;
using Waymark.Casework.Features;
using Waymark.Model;
using Waymark.Pages.Data;
using Waymark.Storage;

namespace Waymark.App.Jobs;

/// <summary>Sends reminders of clocks while a mail server is named in the settings; without one it does nothing and says nothing.</summary>
public sealed partial class ReminderService(Platform platform, CaseworkSource source, ILogger<ReminderService> log) : BackgroundService
{
    private static readonly TimeSpan s_round = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (platform.Settings.Mail is not { } settings || source.Parts is not { } parts || platform.Store.Info.ReadOnlyReason is not null)
        {
            return;
        }

        var reminders = new Reminders(parts, new SmtpReminderMail(settings, platform.Settings.PublicAddress));
        var worker = "reminder-" + Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await reminders.RunOnceAsync(worker, stoppingToken))
                {
                    // The next one that is due.
                }

                await Task.Delay(s_round, platform.Time, stoppingToken);
            }
            catch (StoreException problem)
            {
                Failed(log, problem.Error.Code);
                await Task.Delay(s_round, platform.Time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "reminders: {Code}")]
    private static partial void Failed(ILogger logger, string code);
}

/// <summary>
/// Mail over SMTP, with STARTTLS to every server but one on this machine. It says that a deadline is near and where to sign in: no record, no register, no person, so that a
/// mailbox somebody else reads tells nothing.
/// </summary>
public sealed class SmtpReminderMail(MailSettings settings, Uri? site) : IReminderMail
{
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(60);

    public async Task<Error?> SendAsync(string unit, CancellationToken cancellationToken)
    {
        if (!settings.Units.TryGetValue(unit, out var address))
        {
            return Error.NotFound("mail.no-address", "The unit has no address for reminders.", "该单位没有提醒邮箱。", unit);
        }

        using var client = new SmtpClient(settings.Host, settings.Port)
        {
            EnableSsl = !settings.IsLocal, UseDefaultCredentials = false, Credentials = settings.User is null ? null : new System.Net.NetworkCredential(settings.User, settings.Password),
        };
        using var message = new MailMessage(settings.From, address)
        {
            Subject = "Waymark: a deadline is near / 有期限临近", SubjectEncoding = System.Text.Encoding.UTF8, BodyEncoding = System.Text.Encoding.UTF8,
            Body = $"A deadline of your unit is near. Sign in to see which.\n贵单位有期限临近，请登录查看。\n{(site is null ? "" : new Uri(site, "/me"))}\n",
        };
        using var within = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        within.CancelAfter(s_longest);
        try
        {
            await client.SendMailAsync(message, within.Token);
            return null;
        }
        catch (SmtpException failure)
        {
            return failure.StatusCode == SmtpStatusCode.GeneralFailure
                ? Error.Unavailable("mail.unreachable", "The mail server cannot be reached.", "无法连接邮件服务器。", settings.Host)
                : Error.Unavailable("mail.refused", "The mail server did not take the reminder.", "邮件服务器未接受提醒。", failure.StatusCode.ToString());
        }
    }
}
