using Waymark.Model;

namespace Waymark.Ledger;

/// <summary>What can be wrong with notes, keys and proofs that come from elsewhere.</summary>
internal static class LedgerErrors
{
    public static Error Key(string where) =>
        Error.Invalid("ledger.bad-key", "This is not a verifier key: NAME+HASH+BASE64 is expected.",
            "这不是验证密钥：应为 名称+哈希+BASE64。", where);

    public static Error KeyId(string where) =>
        Error.Invalid("ledger.bad-key", "The hash in this verifier key is not the hash of its name and key.",
            "该验证密钥中的哈希与其名称和密钥不符。", where);

    public static Error Note(string what) =>
        Error.Faulty("ledger.bad-note", $"This is not a signed note: {what}.", $"这不是签名注记：{what}。");

    public static Error Checkpoint(string what) =>
        Error.Faulty("ledger.bad-checkpoint", $"This is not a checkpoint: {what}.", $"这不是检查点：{what}。");

    public static Error Proof(string what) =>
        Error.Faulty("ledger.bad-proof", $"This is not a proof: {what}.", $"这不是证明：{what}。");
}
