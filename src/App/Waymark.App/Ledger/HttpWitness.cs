using System.Net.Http.Headers;
using Waymark.Audit.Sequencing;
using Waymark.Ledger;
using Waymark.Model;

namespace Waymark.App.Ledger;

/// <summary>
/// A witness on the network (C2SP tlog-witness): <c>POST PREFIX/add-checkpoint</c>. Which witnesses there are stands in a file of the key
/// folder, <c>ledger.witnesses</c>: one line each, verifier key and submission prefix, separated by a space.
/// </summary>
public sealed class HttpWitness(NoteKey key, Uri prefix, HttpMessageHandler? handler = null) : IWitnessDoor, IDisposable
{
    public const string FileName = "ledger.witnesses";
    private const int LongestAnswer = 16 * 1024;

    private readonly HttpClient _client = new(handler ?? new SocketsHttpHandler { AllowAutoRedirect = false }, disposeHandler: true)
    {
        Timeout = TimeSpan.FromSeconds(10),
        MaxResponseContentBufferSize = LongestAnswer,
    };

    public NoteKey Key => key;

    public void Dispose() => _client.Dispose();

    /// <summary>The witnesses of a file; none when it is not there. Error <c>ledger.bad-key</c> with the line.</summary>
    public static Result<IReadOnlyList<IWitnessDoor>> Read(string file)
    {
        var doors = new List<IWitnessDoor>();
        if (!File.Exists(file))
        {
            return doors;
        }

        var lines = File.ReadAllLines(file);
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].Trim() is not { Length: > 0 } line || line.StartsWith('#'))
            {
                continue;
            }

            var parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var read = NoteKey.Parse(parts[0]);
            if (parts.Length != 2 || !read.IsOk || read.Value.Type != NoteKeyType.Cosignature
                || !Uri.TryCreate(parts[1].TrimEnd('/') + "/", UriKind.Absolute, out var prefix) || prefix.Scheme is not ("https" or "http"))
            {
                return Error.Invalid("ledger.bad-witness", "A witness is its verifier key and its address on one line.", "每行一个见证：验证密钥与地址。",
                    $"{FileName}:{i + 1}");
            }

            doors.Add(new HttpWitness(read.Value, prefix));
        }

        return doors;
    }

    public async Task<(int Status, byte[] Body)> AddCheckpointAsync(byte[] request, CancellationToken cancellationToken)
    {
        try
        {
            using var body = new ByteArrayContent(request);
            body.Headers.ContentType = new MediaTypeHeaderValue("text/plain");
            using var answer = await _client.PostAsync(new Uri(prefix, "add-checkpoint"), body, cancellationToken);
            return ((int)answer.StatusCode, await answer.Content.ReadAsByteArrayAsync(cancellationToken));
        }
        catch (Exception problem) when (problem is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return (0, []);
        }
    }
}
