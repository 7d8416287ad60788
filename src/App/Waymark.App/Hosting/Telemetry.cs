using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Waymark.App.CommandLine;
using Waymark.App.Configuration;

namespace Waymark.App.Hosting;

/// <summary>
/// Traces and metrics by OTLP, only when an endpoint is configured. Attributes that can hold what a person asked for are
/// dropped before anything leaves.
/// </summary>
public sealed class Telemetry(Settings settings) : IHostedService
{
    private TracerProvider? _traces;
    private MeterProvider? _metrics;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (settings.Telemetry is { } endpoint)
        {
            var resource = ResourceBuilder.CreateEmpty().AddService("waymark", serviceVersion: WaymarkCommandLine.Version);
            _traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource)
                .AddSource("Microsoft.AspNetCore", "Npgsql", "Waymark").AddProcessor(new WithoutQuestions())
                .AddOtlpExporter(options => Export(options, endpoint, "v1/traces")).Build();
            _metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource)
                .AddMeter("Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Npgsql", "System.Runtime", "Waymark")
                .AddOtlpExporter(options => Export(options, endpoint, "v1/metrics")).Build();
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Interlocked.Exchange(ref _traces, null)?.Dispose();
        Interlocked.Exchange(ref _metrics, null)?.Dispose();
        return Task.CompletedTask;
    }

    private static void Export(OtlpExporterOptions options, Uri endpoint, string path)
    {
        options.Protocol = OtlpExportProtocol.HttpProtobuf;
        options.Endpoint = new(endpoint.AbsoluteUri.TrimEnd('/') + "/" + path);
    }

    private sealed class WithoutQuestions : BaseProcessor<System.Diagnostics.Activity>
    {
        private static readonly string[] s_dropped =
        [
            "url.query", "url.path", "url.full", "http.url", "http.target", "client.address", "client.port", "network.peer.address",
            "network.peer.port", "user_agent.original", "db.statement", "db.query.text",
        ];

        public override void OnEnd(System.Diagnostics.Activity data)
        {
            foreach (var name in s_dropped)
            {
                data.SetTag(name, null);
            }
        }
    }
}
