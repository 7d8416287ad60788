namespace Waymark.Rules.Language;

/// <summary>A condition as read, before names have meaning. <see cref="At"/> is the letter it starts at.</summary>
internal abstract record Syntax(int At);

internal sealed record NameSyntax(int At, string Text) : Syntax(At);

internal sealed record ParameterSyntax(int At, string Id) : Syntax(At);

/// <summary>A number, with the unit that follows it when it is a length of time.</summary>
internal sealed record NumberSyntax(int At, string Text, string? Unit) : Syntax(At);

internal sealed record MomentSyntax(int At, string Text) : Syntax(At);

internal sealed record ListSyntax(int At, IReadOnlyList<Syntax> Items) : Syntax(At);

internal sealed record KnownSyntax(int At, Syntax Fact) : Syntax(At);

internal sealed record NotSyntax(int At, Syntax Operand) : Syntax(At);

/// <summary>Two operands: and, or, = != &lt; &lt;= &gt; &gt;=, in, not in, has, + and -.</summary>
internal sealed record BinarySyntax(int At, string Operator, Syntax Left, Syntax Right) : Syntax(At);
