using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Waymark.App.Accounts;
using Waymark.Casework.Contracts;
using Waymark.Casework.Engine;
using Waymark.Ledger;
using Waymark.Model;
using Waymark.Pages.Data;
using Waymark.Protection.Contracts;
using Waymark.Site.Tests.Support;
using Waymark.Site.Tests.Web;
using Waymark.Sodium;

namespace Waymark.Misuse.Tests;

/// <summary>M53: carrying the list away.</summary>
[Missing("M53", "a printed sheet is marked and counted, not encrypted; reports of persons come with publication (part 7)")]
public sealed class G08ExportTests
{
    private static readonly byte[] s_thief = [.. Enumerable.Repeat((byte)9, 32)];
    private static readonly ReceiverKey s_theirs = new("buyer.example", SodiumSealedBox.Instance.PublicKey(s_thief));
    private static readonly Actor s_legal = new("legal-1", "legal-officer", ["legal"], true, "key-legal");
    private static readonly Actor s_second = new("oversight-1", "oversight", ["oversight/south"], true, "key-oversight");

    [Fact]
    [Proves(Parts.All, Door.Module, Door.Page, Door.Fragment, Door.Api, Door.Print, Door.Key, Door.Export, Door.CommandLine, Door.Store)]
    public async Task M53_a_list_leaves_only_sealed_to_a_key_that_two_persons_entered()
    {
        using var trial = new Trial();
        using var receiver = new Installation();
        await using var node = await ClosedNode.StartAsync("humanitarian");
        var (client, form) = await WorkerAsync(node);
        using var worker = client;
        var reference = References.Of(node.Cases.Registers.Find("tracing")!, node.Case);
        var receivers = node.Site.App.Services.GetRequiredService<IReceivers>();

        // The buyer's key was laid down by one person: it is nobody's yet.
        var proposed = (await receivers.ProposeAsync(s_legal, new("Buyer", "humanitarian-organisation", "TUN", s_theirs.ToString(), 30), default)).Value;
        var program = await Web.KeyAsync(node.Site, "Example " + Roles.CaseWorker);
        foreach (var to in new[] { "", proposed.Id, s_theirs.ToString() })
        {
            form["to"] = to;
            foreach (var (door, attempt) in Web.Doors(node.Site, worker, program, "/cases/tracing/export", form, (_, text) => Left(text, reference)))
            {
                await trial.RefusedAsync(door, attempt);
            }

            await trial.RefusedAsync(Door.Module, async () => await ((IBulkActions)node.Cases).ExportAsync(Desk(), new("tracing", [node.Case], to, "asked"), default) is var done ? new(done.IsOk, done.Error?.Code) : null!, "export.receiver");
        }

        // The neighbour: a partner's key that two persons entered. What leaves opens for the partner alone, and plain it is nowhere.
        var made = await receiver.RunAsync("export", "key", "network.example", "-o", "own.key");
        made.Code.ShouldBe(0, made.Error);
        var key = ReceiverKey.Parse(made.Output.Split('\n')[0]).Value;
        var partner = (await receivers.ProposeAsync(s_legal, new("Harbour Network", "humanitarian-organisation", "TUN", key.ToString(), 30), default)).Value;
        node.Clock.Advance(TimeSpan.FromMinutes(3));
        (await receivers.ConfirmAsync(s_second, partner.Id, made.Output.Split('\n')[1], default)).Error.ShouldBeNull();
        form["to"] = partner.Id;
        var bytes = await SentAsync(node, worker, form);
        await File.WriteAllBytesAsync(Path.Combine(receiver.Folder, "list.sealed"), bytes);
        var opened = await receiver.RunAsync("export", "open", "list.sealed", "--key", "own.key");
        await trial.PassesAsync(() => Task.FromResult(opened.Code == 0 && opened.Output.Contains(reference, StringComparison.Ordinal)), "the receiver reads it");
        await trial.MaskedAsync(Door.Export, reference, () => Task.FromResult(new Seen(false, null, Encoding.ASCII.GetString(bytes))));
        var row = opened.Output.Split('\n')[1].Split(',')[0] + "," + reference;
        await trial.MaskedAsync(Door.Store, row, async () => await Seeds.FindAsync(node.Site.Folder, row) is var found ? new(found.Count > 0, null, string.Join(' ', found)) : null!);

        // Whoever gets hold of the file has another key.
        (await receiver.RunAsync("export", "key", "buyer.example", "-o", "other.key")).Code.ShouldBe(0);
        await trial.RefusedAsync(Door.CommandLine, async () =>
        {
            var (code, output, error) = await receiver.RunAsync("export", "open", "list.sealed", "--key", "other.key", "--json");
            return new(code == 0 || output.Contains(reference, StringComparison.Ordinal), error.Contains("sealed.other-key", StringComparison.Ordinal) && error.Contains("list.sealed:2", StringComparison.Ordinal) ? "sealed.other-key" : error);
        }, "sealed.other-key");

        // The guards: a register that knows whom two persons entered, and the box.
        var parts = (CaseworkParts)node.Site.App.Services.GetRequiredService<CaseworkSource>().Parts!;
        var open = new Waymark.Casework.Features.Casework(parts with { Receivers = new Anybody() });
        await trial.HarmsWithoutAsync("a register of receivers", async () =>
        {
            var export = (await open.ExportAsync(Desk(), new("tracing", [node.Case], proposed.Id, "asked"), default)).Value.ShouldNotBeNull();
            var sent = new SealedFile("list.csv", Encoding.UTF8.GetBytes(string.Join(',', export.Rows.Select(list => list.Reference)))).Seal(SodiumSealedBox.Instance, export.Receiver.Key).Value;
            var stolen = SealedFile.Open(SodiumSealedBox.Instance, s_theirs, s_thief, sent);
            return new(stolen.IsOk && Encoding.UTF8.GetString(stolen.Value.Content) == reference, stolen.Error?.Code);
        });
        await trial.HarmsWithoutAsync("the box", () => Task.FromResult(new Seen(Read(new SealedFile("list.csv", Encoding.UTF8.GetBytes(reference)).Seal(new NoBox(), key).Value).Contains(reference, StringComparison.Ordinal), null)));
        Read(bytes).ShouldNotContain(reference);
    }

    private static bool Left(string text, string reference) => text.StartsWith("waymark.sealed", StringComparison.Ordinal) || text.Contains("," + reference + ",", StringComparison.Ordinal);

    /// <summary>What anybody reads of a sealed file without a key.</summary>
    private static string Read(byte[] file) => Encoding.UTF8.GetString(Convert.FromBase64String(Encoding.ASCII.GetString(file).Split('\n', 3)[2]));

    private static CaseDesk Desk() => new(new("prepared", Roles.CaseWorker, [ClosedNode.Unit], true, "key-prepared"), ClosedNode.Unit, "family-tracing");

    private static async Task<(HttpClient Client, Dictionary<string, string> Form)> WorkerAsync(ClosedNode node)
    {
        var client = await node.SignInByKeyAsync(Roles.CaseWorker);
        (await node.StateAsync(client, "family-tracing")).ShouldBeTrue();
        return (client, new(StringComparer.Ordinal) { ["record"] = node.Case, ["why"] = "asked", ["unit"] = ClosedNode.Unit, ["purpose"] = "family-tracing" });
    }

    private static async Task<byte[]> SentAsync(ClosedNode node, HttpClient client, Dictionary<string, string> form)
    {
        using var sent = await node.Site.PostFormAsync(client, "/cases/tracing/export", new(form, StringComparer.Ordinal));
        sent.StatusCode.ShouldBe(HttpStatusCode.OK, sent.Headers.Location?.ToString());
        return await sent.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>A register that takes everybody for a receiver.</summary>
    private sealed class Anybody : IReceivers
    {
        private static readonly Receiver s_anybody = new(new string('0', 32), "Buyer", "humanitarian-organisation", "TUN", s_theirs, default, DateTimeOffset.MaxValue, ReceiverState.InForce);

        public Task<Result<Receiver>> ProposeAsync(Actor actor, NewReceiver receiver, CancellationToken cancellationToken) => Task.FromResult<Result<Receiver>>(s_anybody);

        public Task<Result<Receiver>> ConfirmAsync(Actor actor, string id, string? fingerprint, CancellationToken cancellationToken) => Task.FromResult<Result<Receiver>>(s_anybody);

        public Task<Result<Receiver>> WithdrawAsync(Actor actor, string id, string reason, CancellationToken cancellationToken) => Task.FromResult<Result<Receiver>>(s_anybody);

        public Task<Receiver?> FindAsync(string? id, CancellationToken cancellationToken) => Task.FromResult<Receiver?>(s_anybody);

        public Task<IReadOnlyList<Receiver>> ListAsync(Actor? actor, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Receiver>>([s_anybody]);
    }

    private sealed class NoBox : ISealedBox
    {
        public byte[] PublicKey(ReadOnlySpan<byte> privateKey) => privateKey.ToArray();

        public byte[]? Seal(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> content) => content.ToArray();

        public byte[]? Open(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> box) => box.ToArray();
    }
}
