using System.Net;
using System.Net.Sockets;
using System.Text;
using Waymark.App.Configuration;
using Waymark.App.Jobs;

namespace Waymark.Site.Tests.Casework;

/// <summary>A reminder over SMTP, against a server that speaks the protocol: what leaves, and what does not when the server refuses, will not encrypt or does not know us.</summary>
public sealed class ReminderMailTests
{
    private static readonly Dictionary<string, string> s_units = new(StringComparer.Ordinal) { ["protection/north"] = "north@example.org" };

    [Fact]
    public async Task A_reminder_leaves_without_any_content_of_a_case()
    {
        using var server = new SmallServer();
        (await Mail(server, "127.0.0.1").SendAsync("protection/north", TestContext.Current.CancellationToken)).ShouldBeNull();
        server.Said.ShouldContain("RCPT TO:<north@example.org>");
        var text = server.Text;
        text.ShouldContain("From: waymark@example.org");
        var body = Encoding.UTF8.GetString(Convert.FromBase64String(string.Concat(text[text.IndexOf("\r\n\r\n", StringComparison.Ordinal)..].Split("\r\n").Where(line => line.Length > 0))));
        body.ShouldContain("A deadline of your unit is near");
        body.ShouldContain("贵单位有期限临近");
        body.ShouldContain("https://node.example.org/me");
        (text + body).ShouldNotContain("protection/north");
    }

    [Fact]
    public async Task A_unit_without_an_address_is_told_apart_from_a_server_that_refuses_or_is_gone()
    {
        using var server = new SmallServer { OnRecipient = "550 no such mailbox" };
        (await Mail(server, "127.0.0.1").SendAsync("protection/south", TestContext.Current.CancellationToken))!.Code.ShouldBe("mail.no-address");
        server.Said.ShouldBeEmpty();
        (await Mail(server, "127.0.0.1").SendAsync("protection/north", TestContext.Current.CancellationToken))!.Code.ShouldBe("mail.refused");
        server.Text.ShouldBeEmpty();
        server.Dispose();
        (await Mail(server, "127.0.0.1").SendAsync("protection/north", TestContext.Current.CancellationToken))!.Code.ShouldBe("mail.unreachable");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nothing_goes_in_the_clear_to_another_machine(bool offers)
    {
        // Not one of the names of this machine: the mail asks for STARTTLS, and goes nowhere when it is not offered or refused.
        using var server = new SmallServer { OffersTls = offers };
        (await Mail(server, "127.0.0.2", "user", "password").SendAsync("protection/north", TestContext.Current.CancellationToken)).ShouldNotBeNull().Code.ShouldStartWith("mail.");
        server.Said.Contains("STARTTLS").ShouldBe(offers);
        server.Said.ShouldNotContain(line => line.StartsWith("MAIL", StringComparison.OrdinalIgnoreCase) || line.StartsWith("AUTH", StringComparison.OrdinalIgnoreCase));
        server.Text.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_login_that_fails_sends_nothing_and_is_tried_again_later()
    {
        using var server = new SmallServer { Login = "535 5.7.8 not you" };
        (await Mail(server, "127.0.0.1", "user", "wrong").SendAsync("protection/north", TestContext.Current.CancellationToken))!.Code.ShouldBe("mail.refused");
        server.Said.ShouldContain(line => line.StartsWith("AUTH", StringComparison.OrdinalIgnoreCase));
        server.Text.ShouldBeEmpty();
    }

    private static SmtpReminderMail Mail(SmallServer server, string host, string? user = null, string? password = null) =>
        new(new(host, server.Port, "waymark@example.org", s_units, user, password), new Uri("https://node.example.org"));

    /// <summary>As much of RFC 5321 as a sender needs.</summary>
    private sealed class SmallServer : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Any, 0);
        private readonly List<string> _said = [];
        private readonly StringBuilder _text = new();

        public SmallServer()
        {
            _listener.Start();
            Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
            _ = AcceptAsync();
        }

        public int Port { get; }

        public string OnRecipient { get; init; } = "250 ok";

        public bool OffersTls { get; init; }

        public string? Login { get; init; }

        public IReadOnlyList<string> Said
        {
            get
            {
                lock (_said)
                {
                    return [.. _said];
                }
            }
        }

        public string Text => _text.ToString();

        public void Dispose() => _listener.Dispose();

        private async Task AcceptAsync()
        {
            try
            {
                while (true)
                {
                    using var client = await _listener.AcceptTcpClientAsync();
                    await TalkAsync(client);
                }
            }
            catch (Exception ended) when (ended is SocketException or ObjectDisposedException or IOException)
            {
                // The test is over.
            }
        }

        private async Task TalkAsync(TcpClient client)
        {
            using var reader = new StreamReader(client.GetStream(), Encoding.ASCII, leaveOpen: true);
            await using var writer = new StreamWriter(client.GetStream(), Encoding.ASCII) { NewLine = "\r\n", AutoFlush = true };
            await writer.WriteLineAsync("220 small");
            while (await reader.ReadLineAsync() is { } line)
            {
                lock (_said)
                {
                    _said.Add(line);
                }

                var word = line.Split(' ', ':')[0].ToUpperInvariant();
                await writer.WriteLineAsync(word switch
                {
                    "EHLO" => "250-small\r\n" + (OffersTls ? "250-STARTTLS\r\n" : "") + (Login is null ? "" : "250-AUTH LOGIN\r\n") + "250 HELP",
                    "STARTTLS" => "454 not now",
                    "AUTH" => line.Split(' ').Length > 2 ? "334 UGFzc3dvcmQ6" : "334 VXNlcm5hbWU6",
                    "MAIL" => Login is null ? "250 ok" : "530 5.7.0 sign in first",
                    "RCPT" => OnRecipient,
                    "DATA" => "354 go on",
                    "QUIT" => "221 bye",
                    "RSET" => "250 ok",
                    _ => Login ?? "500 what",
                });
                if (word == "DATA")
                {
                    while (await reader.ReadLineAsync() is { } part && part != ".")
                    {
                        _text.Append(part).Append("\r\n");
                    }

                    await writer.WriteLineAsync("250 taken");
                }
                else if (word == "QUIT")
                {
                    return;
                }
            }
        }
    }
}
