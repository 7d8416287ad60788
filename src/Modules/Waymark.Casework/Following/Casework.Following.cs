using System.Security.Cryptography;
using System.Text;
using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Casework.Engine;
using Waymark.Casework.Registers;
using Waymark.Model;
using Waymark.Storage;

namespace Waymark.Casework.Features;

/// <summary>Codes by which a family follows its request, and the one word they open.</summary>
public sealed partial class Casework : IFollowing
{
    private const string FollowRegister = "casework.follow";

    private const int MostCodes = 10;

    private static readonly Dictionary<string, OutwardWord> s_words = new(StringComparer.Ordinal)
    {
        ["received"] = OutwardWord.Received, ["in work"] = OutwardWord.InWork, ["under review"] = OutwardWord.InWork, ["needs you"] = OutwardWord.NeedsYou, ["answered"] = OutwardWord.Answered, ["refused"] = OutwardWord.Answered, ["withdrawn"] = OutwardWord.Withdrawn,
    };

    public async Task<CaseAnswer<FollowCode>> GiveCodeAsync(CaseDesk desk, RecordAddress record, CancellationToken cancellationToken)
    {
        var loaded = await KnownAsync(desk, record, cancellationToken);
        if (!loaded.IsOk)
        {
            return loaded.Error;
        }

        var (plan, document, partition) = (loaded.Value.Plan, loaded.Value.Document, loaded.Value.Partition);
        if (plan.States.Any(state => Word(state) is null))
        {
            return Error.Refused("follow.register", "Records of this register are not followed from outside.", "此登记册的记录不能从外部跟进。");
        }

        var keys = await _store.KeysAsync(partition, cancellationToken);
        if (!keys.IsOk)
        {
            return keys.Error;
        }

        var head = new RecordHead("record", CaseStore.Handle(keys.Value, document.Id));
        var given = await _parts.Store.Records.ListAsync(new(FollowRegister, [head], Limit: MostCodes), cancellationToken);
        if (!given.IsOk || given.Value.Records.Count >= MostCodes)
        {
            return given.Error ?? Error.TooLarge("follow.too-many", $"At most {MostCodes} codes are given for one record.", $"每条记录至多发出 {MostCodes} 个查询码。");
        }

        var code = NewId();
        var request = await AskAsync(desk, plan, document.Id, document, CaseRights.Persons(plan, document), "update", "none", cancellationToken);
        var answer = await _parts.Gate.ActAsync(request, permit => new WriteSet
        {
            Actor = desk.Actor.Account, Reason = "case.follow",
            Records = [new(FollowRegister, FollowKey(code), 0, RecordJson.Bytes(new Use(partition, plan.Id, document.Id)), RecordJson.Bytes(new { did = "given", decision = permit.Decision }), [head])],
        }, cancellationToken);
        return new(answer.IsPermitted ? new FollowCode(string.Join('-', code.Chunk(4).Select(part => new string(part)))) : null, answer.Refusal, answer.Error)
        {
            Decision = answer.Permit?.Decision ?? answer.Refusal?.Decision, Duties = answer.Permit?.Duties ?? answer.Refusal?.Duties ?? [],
        };
    }

    public async Task<OutwardWord?> WordAsync(string code, CancellationToken cancellationToken)
    {
        return await FollowedAsync(code, cancellationToken) is { } use
            && await _store.ReadAsync(new(use.Register, use.Id, use.Partition), cancellationToken) is { IsOk: true } record && record.Value.Plan.State(record.Value.Document.State) is { } state ? Word(state) : null;
    }

    /// <summary>The record that a code leads to. As much work for a code that is none as for one that is: one hash, one look.</summary>
    private async Task<Use?> FollowedAsync(string code, CancellationToken cancellationToken) =>
        await _parts.Store.Records.GetAsync(FollowRegister, FollowKey(Plain(code) is { Length: CodeLength } plain ? plain : "none"), cancellationToken) is { } known ? RecordJson.Read<Use>(known.Document.Span) : null;

    /// <summary>A code as it is kept: people write it with blanks, dashes and capitals.</summary>
    private static string Plain(string code) => string.Concat(code.Where(char.IsAsciiHexDigit).Take(2 * CodeLength)).ToLowerInvariant();

    private static OutwardWord? Word(StatePlan state) => state.Outward is { } outward && s_words.TryGetValue(outward.In("en"), out var word) ? word : null;

    private static string FollowKey(string code) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("waymark.follow/1\n" + code)));
}
