using System.Collections.Concurrent;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Waymark.App.Accounts;
using Waymark.App.Configuration;
using Waymark.App.Hosting;

namespace Waymark.Site.Tests.Support;

/// <summary>A running server on a free port: real Kestrel, real store, evidence in memory.</summary>
internal sealed partial class Running : IAsyncDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "waymark-site-" + Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(8)));
    private readonly CapturedLogs _logs = new();

    private Running()
    {
    }

    public required WebApplication App { get; init; }

    public required Platform Platform { get; init; }

    public required HttpClient Client { get; init; }

    public FakeEvidence Evidence => (FakeEvidence)Platform.Evidence;

    public IEnumerable<string> LogLines => _logs.Lines;

    public string Folder => _folder;

    public Uri Address => Client.BaseAddress!;

    /// <param name="settings">Settings beside those every test server has.</param>
    /// <param name="time">The clock of accounts and records.</param>
    /// <param name="folder">The folder of an earlier server that stopped.</param>
    /// <param name="opener">What the server stands on; evidence in memory unless told.</param>
    /// <param name="compose">Changes services, to take a guard out as a test composes it: there is no switch for it in the product.</param>
    public static async Task<Running> StartAsync(
        IReadOnlyDictionary<string, string>? settings = null, TimeProvider? time = null, string? folder = null, IPlatformOpener? opener = null, Action<IServiceCollection>? compose = null)
    {
        var shell = new Running { App = null!, Platform = null!, Client = null! };
        var place = folder ?? shell._folder;
        var flags = new Dictionary<string, string>(settings ?? new Dictionary<string, string>(), StringComparer.Ordinal)
        {
            ["data"] = Path.Combine(place, "data"),
            ["server.port"] = "0",
        };
        Directory.CreateDirectory(place);
        flags.TryAdd("limits.requests-per-minute", "1000000");
        flags.TryAdd("limits.sign-ins-per-minute", "1000");
        var read = SettingsReader.Read(new(flags, new Dictionary<string, string>(StringComparer.Ordinal) { ["WAYMARK_PACKS_ROOT"] = Places.Packs }, place, null));
        read.IsOk.ShouldBeTrue(read.Error?.ToString());
        var platform = await Platform.OpenAsync(opener ?? new TestOpener(withPages: true), read.Value, time ?? TimeProvider.System, TestContext.Current.CancellationToken);
        platform.IsOk.ShouldBeTrue(platform.Error?.ToString());
        var logs = shell._logs;
        var app = WebHost.Build(platform.Value, verbose: true, logging =>
        {
            logging.ClearProviders().AddProvider(logs);
            compose?.Invoke(logging.Services);
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        var client = NewClient(new Uri($"http://127.0.0.1:{WebHost.PortOf(app)}"));
        return new Running(shell, place) { App = app, Platform = platform.Value, Client = client };
    }

    private Running(Running shell, string place) => (_logs, _folder) = (shell._logs, place);

    /// <summary>A browser of its own: own cookies, no following of redirects.</summary>
    public static HttpClient NewClient(Uri address) =>
        new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = true, CookieContainer = new CookieContainer() }) { BaseAddress = address };

    public HttpClient NewClient() => NewClient(Address);

    /// <summary>Makes an account with this role and signs a browser in.</summary>
    public async Task<HttpClient> SignedInAsync(string role, string name = "Ann Example", string password = "correct horse battery")
    {
        await MakeAccountAsync(role, name, password);
        var client = NewClient();
        (await SignInAsync(client, name, password)).Headers.Location!.ToString().ShouldBe("/");
        return client;
    }

    public async Task MakeAccountAsync(string role, string name, string password, bool sample = false)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await AccountTools.WithAccounts(Platform.Foundation, async accounts =>
        {
            var token = await accounts.InviteAsync(name, role, sample, "test", cancellationToken);
            token.IsOk.ShouldBeTrue(token.Error?.ToString());
            var set = await accounts.WelcomeAsync(token.Value, name, password, null, cancellationToken);
            set.IsOk.ShouldBeTrue(set.Error?.ToString());
            return true;
        });
    }

    public async Task<HttpResponseMessage> SignInAsync(HttpClient client, string name, string password) =>
        await PostFormAsync(client, "/sign-in", new() { ["name"] = name, ["password"] = password });

    /// <summary>Posts a form as a browser does: with the antiforgery pair that a page of this server hands out.</summary>
    public async Task<HttpResponseMessage> PostFormAsync(HttpClient client, string path, Dictionary<string, string> fields)
    {
        var token = await TokenAsync(client);
        fields["__RequestVerificationToken"] = token;
        return await client.PostAsync(new Uri(path, UriKind.Relative), new FormUrlEncodedContent(fields), TestContext.Current.CancellationToken);
    }

    /// <summary>A fresh antiforgery token for this browser, as pages of this server hand out.</summary>
    public async Task<string> TokenAsync(HttpClient client)
    {
        var response = await client.GetAsync(new Uri("/api/account/form-token", UriKind.Relative), TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        return Token().Match(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Groups[1].Value;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await App.StopAsync(CancellationToken.None);
        await App.DisposeAsync();
        await Platform.DisposeAsync();
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    /// <summary>Stops as a machine does that goes down in order, and keeps the folder for the next start.</summary>
    public async Task StopAsync()
    {
        Client.Dispose();
        await App.StopAsync(CancellationToken.None);
        await App.DisposeAsync();
        await Platform.DisposeAsync();
    }

    [GeneratedRegex("\"token\":\"([^\"]+)\"")]
    private static partial Regex Token();

    private sealed class CapturedLogs : ILoggerProvider
    {
        private readonly ConcurrentQueue<string> _lines = new();

        public IEnumerable<string> Lines => _lines;

        public ILogger CreateLogger(string categoryName) => new Writer(this, categoryName);

        public void Dispose()
        {
            // Lines stay for the test to read.
        }

        private sealed class Writer(CapturedLogs logs, string category) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
                logs._lines.Enqueue($"{logLevel} {category} {formatter(state, exception)} {exception}");
        }
    }
}
