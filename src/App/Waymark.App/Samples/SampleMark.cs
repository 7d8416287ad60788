using System.Text.Json;
using Waymark.App.Configuration;
using Waymark.App.Output;
using Waymark.Model;
using Waymark.Storage;

namespace Waymark.App.Samples;

/// <summary>
/// The mark that a store holds invented cases. It lies in the store and travels with its backups: whatever opens a store looks for it, so that a sample never
/// becomes a node in use, and a node in use never a sample (M105).
/// </summary>
public sealed record SampleMark(string Sample, string Version, DateTimeOffset At, bool IsPlayed)
{
    public const string Register = "app.sample";

    private const string Id = "mark";

    public static async Task<(SampleMark? Mark, long Version)> FindAsync(IStore store, CancellationToken cancellationToken) =>
        await store.Records.GetAsync(Register, Id, cancellationToken) is { } record ? (JsonSerializer.Deserialize<SampleMark>(record.Document.Span, JsonOutput.Options), record.Version) : (null, 0);

    public static async Task<Error?> WriteAsync(IStore store, SampleMark mark, CancellationToken cancellationToken)
    {
        var (_, version) = await FindAsync(store, cancellationToken);
        var written = await store.CommitAsync(
            new()
            {
                Actor = "cli", Reason = mark.IsPlayed ? "sample.played" : "sample.begun",
                Records = [new(Register, Id, version, JsonSerializer.SerializeToUtf8Bytes(mark, JsonOutput.Options), JsonSerializer.SerializeToUtf8Bytes(new { did = "marked" }, JsonOutput.Options), [])],
            },
            cancellationToken);
        return written.Error;
    }

    /// <summary>Whether these settings may open this store; null when they may. Errors: <c>sample.store</c>, <c>sample.not-one</c>, <c>sample.another</c>.</summary>
    public static async Task<Error?> CheckAsync(IStore store, Settings settings, CancellationToken cancellationToken)
    {
        var (mark, _) = await FindAsync(store, cancellationToken);
        return (mark, settings.Sample) switch
        {
            (null, null) => null,
            ({ } found, null) => Error.Refused("sample.store", "This store holds an invented sample and is opened as a sample only.", "此存储保存的是虚构样例，只能作为样例打开。", found.Sample)
                .WithHint("Start it with ./run --sample, or choose another --data.", "请用 ./run --sample 启动，或另选 --data。"),
            (null, _) => Error.Refused("sample.not-one", "This store is not a sample; nothing invented is written into it.", "此存储并非样例；不得写入虚构内容。", settings.DataFolder),
            var (found, asked) when found.Sample != asked => Error.Refused("sample.another", "This store holds another sample.", "此存储保存的是另一个样例。", found.Sample),
            _ => null,
        };
    }
}
