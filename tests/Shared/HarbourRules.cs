namespace Waymark.Testing;

/// <summary>The rules of Harbour Relief, an agency that nobody has: what the floor leaves open is permitted for the purpose that the data were collected for.</summary>
internal static class HarbourRules
{
    /// <summary>The head of its pack, for tests that write rules of their own below it.</summary>
    public const string Head = """
        id: harbour
        kind: rules
        version: 1.0.0
        title: {en: Harbour Relief, zh: 港湾救助}
        source: a test
        licence: CC0-1.0
        instrument: {id: HARBOUR, en: Harbour Relief policy, zh: 港湾救助政策}

        """;

    /// <summary>A pack that permits these actions, separated by commas.</summary>
    public static string Permitting(string actions) => Head + $$"""
        rules:
          - id: HR-01
            modality: permit
            scope: {action: [{{actions}}]}
            when: purpose = purpose.declared
            cites: [{article: "1", status: unverified, basis: general}]
            topic: purpose
            en: Use for the declared purpose.
            zh: 用于声明的目的。
        """;
}
