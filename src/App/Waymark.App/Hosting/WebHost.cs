using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Hosting.StaticWebAssets;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.ResponseCompression;
using Waymark.App.Casework;
using Waymark.App.Accounts;
using Waymark.App.Api;
using Waymark.App.Configuration;
using Waymark.App.Jobs;
using Waymark.App.Ledger;
using Waymark.App.Output;
using Waymark.App.Sdmx;

namespace Waymark.App.Hosting;

/// <summary>Builds the web server: limits first, then headers, errors, accounts, and every endpoint with its policy.</summary>
public static class WebHost
{
    private static readonly string[] s_compressed =
    [
        "image/svg+xml", "application/problem+json", "application/jsonl", "application/vnd.sdmx.data+json", "application/vnd.sdmx.data+csv",
        "application/vnd.sdmx.structure+json",
    ];

    public static WebApplication Build(Platform platform, bool verbose = false, Action<ILoggingBuilder>? logs = null)
    {
        var builder = Builder(platform.Settings, verbose, logs);
        builder.Services.AddSingleton(platform);
        builder.Services.AddSingleton(platform.Foundation);
        builder.Services.AddSingleton(platform.Time);
        builder.Services.AddSingleton(platform.Evidence);
        builder.Services.AddSingleton(platform.Store);
        builder.Services.AddProtection(platform);
        builder.Services.AddLinkage(platform);
        builder.Services.AddCasework(platform);
        builder.Services.AddPages(platform);
        builder.Services.AddHostedService<JobWorker>();
        builder.Services.AddHostedService<LinkageService>();
        builder.Services.AddHostedService<Telemetry>();
        builder.Services.AddHostedService<Ledger.LedgerService>();
        builder.Services.AddHostedService<Protection.ProtectionService>();
        builder.Services.AddHostedService<ReminderService>();
        return Finish(builder);
    }

    /// <summary>The same endpoints without any platform behind them, for the API document.</summary>
    public static WebApplication BuildForDocument(Settings settings)
    {
        var builder = Builder(settings, verbose: false, logs: null);
        builder.Services.AddSingleton<IServer, NoServer>();
        builder.Services.AddSingleton<Platform>(_ => throw new InvalidOperationException("No platform behind the document."));
        builder.Services.AddSingleton(provider => provider.GetRequiredService<Platform>().Foundation);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(provider => provider.GetRequiredService<Platform>().Evidence);
        builder.Services.AddSingleton(provider => provider.GetRequiredService<Platform>().Store);
        return Finish(builder);
    }

    /// <summary>The port a started server listens on (the one that was asked for, or the free one it took).</summary>
    public static int PortOf(WebApplication app) =>
        new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()
            .Replace("[::]", "localhost", StringComparison.Ordinal).Replace("0.0.0.0", "localhost", StringComparison.Ordinal)).Port;

    // Endpoints are gathered when the pipeline is built, which is when a server starts; this one opens no port.
    private sealed class NoServer : IServer
    {
        public IFeatureCollection Features { get; } = new FeatureCollection();

        public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken) where TContext : notnull => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public void Dispose()
        {
            // Nothing was opened.
        }
    }

    private static WebApplicationBuilder Builder(Settings settings, bool verbose, Action<ILoggingBuilder>? logs)
    {
        var builder = WebApplication.CreateEmptyBuilder(new()
        {
            ApplicationName = typeof(WebHost).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
            WebRootPath = "wwwroot",
            EnvironmentName = Environments.Production,
        });
        StaticWebAssetsLoader.UseStaticWebAssets(builder.Environment, builder.Configuration);

        // The files of a build do not change while it runs. Else they are packed anew for each request, without being made smaller, and never kept by a browser.
        builder.Configuration["ReloadStaticAssetsAtRuntime"] = "false";
        Listen(builder, settings);
        builder.Logging.AddWaymarkLogs(verbose);
        logs?.Invoke(builder.Logging);
        var services = builder.Services;
        services.AddSingleton(settings);
        services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(20));
        services.Configure<ForwardedHeadersOptions>(options => Forwarded(options, settings));
        services.Configure<FormOptions>(options =>
        {
            options.MultipartBodyLengthLimit = (long)settings.UploadMebibytes << 20;
            options.ValueCountLimit = 256;
            options.ValueLengthLimit = 64 * 1_024;
            options.KeyLengthLimit = 256;
            options.MultipartHeadersCountLimit = 8;
            options.MultipartHeadersLengthLimit = 4_096;
        });
        services.ConfigureHttpJsonOptions(options =>
        {
            foreach (var converter in JsonOutput.Options.Converters)
            {
                options.SerializerOptions.Converters.Add(converter);
            }

            options.SerializerOptions.DefaultIgnoreCondition = JsonOutput.Options.DefaultIgnoreCondition;
            options.SerializerOptions.Encoder = JsonOutput.Options.Encoder;
            options.SerializerOptions.MaxDepth = 32;
        });
        services.AddRouting(options => options.LowercaseUrls = true);
        services.AddAccounts(settings);
        services.AddAntiforgery(options => Antiforgery(options, settings));
        services.AddRateLimits(settings);
        services.AddOutputCache(options =>
        {
            options.SizeLimit = 64L << 20;
            options.MaximumBodySize = 8L << 20;
            options.AddPolicy(SequenceCache.Name, new SequenceCache());
        });
        services.AddResponseCompression(options =>
        {
            // Over TLS too: antiforgery tokens are masked anew in every answer, and cookies never travel with another site's request,
            // so that the length of a compressed page tells nothing of a secret in it.
            options.EnableForHttps = true;
            options.MimeTypes = [.. ResponseCompressionDefaults.MimeTypes, .. s_compressed];
        });
        services.Configure<BrotliCompressionProviderOptions>(options => options.Level = System.IO.Compression.CompressionLevel.Fastest);
        services.AddSingleton<JobSignal>();
        services.AddSingleton<ImportJobs>();
        services.AddScoped<Uploads>();
        services.AddScoped<Viewer>();
        services.AddWaymarkOpenApi();
        return builder;
    }

    private static WebApplication Finish(WebApplicationBuilder builder)
    {
        var app = builder.Build();
        app.UseForwardedHeaders();
        app.UseMiddleware<SecurityHeaders>();
        app.UseMiddleware<RequestLog>();
        app.UseResponseCompression();
        app.UseMiddleware<PageFailures>();
        app.UseMiddleware<ProblemMiddleware>();
        app.UseMiddleware<CrossSiteGuard>();
        app.UseRouting();
        app.UseMiddleware<AnswerGrid>();
        app.UseAuthentication();
        app.UseRateLimiter();
        app.UseMiddleware<KeyPurposeGuard>();
        app.UseAuthorization();
        app.Use(Casework.HeldInMemory.InvokeAsync);
        app.UseAntiforgery();
        app.UseOutputCache();
        app.MapStaticAssets().AllowAnonymous().DisableRateLimiting();
        app.MapHealth();
        app.MapAccounts();
        app.MapMyAccount();
        app.MapPurposes();
        app.MapAccessReview();
        app.MapProtectionForms();
        app.MapLedger();
        app.MapLinkageForms();
        app.MapCaseForms();
        app.MapCaseFiles();
        app.MapRegisterForms();
        app.MapForms();
        app.MapJobs();
        app.MapEvidenceApi();
        app.MapVerify();
        app.MapSdmx();
        app.MapSdmxStructure();
        app.MapApiDocument();
        app.MapPages();

        // Last in order and for reading only, so that a wrong method or media type is still told as such.
        app.MapMethods("/{**path}", [HttpMethods.Get, HttpMethods.Head], () => Results.StatusCode(StatusCodes.Status404NotFound))
            .WithOrder(int.MaxValue).AllowAnonymous().ExcludeFromDescription();
        return app;
    }

    private static void Listen(WebApplicationBuilder builder, Settings settings)
    {
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            var limits = options.Limits;
            limits.MaxRequestBodySize = 1 << 20;
            limits.MaxRequestLineSize = 8 * 1_024;
            limits.MaxRequestHeadersTotalSize = 16 * 1_024;
            limits.MaxRequestHeaderCount = 64;
            limits.MaxConcurrentConnections = 1_000;
            limits.MaxConcurrentUpgradedConnections = 0;
            limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
            limits.KeepAliveTimeout = TimeSpan.FromSeconds(75);
            limits.MinRequestBodyDataRate = new(bytesPerSecond: 500, gracePeriod: TimeSpan.FromSeconds(10));
            limits.MinResponseDataRate = new(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(10));
            limits.Http2.MaxStreamsPerConnection = 64;
            options.Listen(settings.Address, settings.Port, listen =>
            {
                if (settings.Tls)
                {
                    listen.UseHttps(X509Certificate2.CreateFromPemFile(settings.TlsCertificate!, settings.TlsKey));
                }
            });
        });
    }

    private static void Forwarded(ForwardedHeadersOptions options, Settings settings)
    {
        options.ForwardedHeaders = settings.Proxies.Count == 0 ? ForwardedHeaders.None
            : ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost;
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var network in settings.Proxies)
        {
            options.KnownIPNetworks.Add(network);
        }

        options.ForwardLimit = 2;
        if (settings.PublicAddress is { } address)
        {
            options.AllowedHosts.Add(address.Host);
        }
    }

    private static void Antiforgery(Microsoft.AspNetCore.Antiforgery.AntiforgeryOptions options, Settings settings)
    {
        options.Cookie.Name = settings.IsSecure ? "__Host-waymark-form" : "waymark-form" + settings.CookieEnd;
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Strict;
        options.Cookie.SecurePolicy = settings.IsSecure ? CookieSecurePolicy.Always : CookieSecurePolicy.None;
        options.Cookie.Path = "/";
        options.SuppressXFrameOptionsHeader = true;
    }
}
