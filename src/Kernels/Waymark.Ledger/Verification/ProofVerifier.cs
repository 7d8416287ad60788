namespace Waymark.Ledger;

/// <summary>Checks a proof that travels alone (C2SP tlog-proof): signatures of its checkpoint, and its entry below the root.</summary>
public static class ProofVerifier
{
    public static LedgerVerdict Verify(IEd25519 ed25519, ReadOnlySpan<byte> proof, LedgerQuestion question)
    {
        var findings = new Findings();
        var read = InclusionNote.Parse(proof);
        if (!read.TryGet(out var inclusion))
        {
            findings.Add(read.Error!);
            return new(null, [], 0, 0, findings.Faults, findings.Notices);
        }

        var parsed = Checkpoint.Parse(inclusion.Note.Text);
        if (!parsed.TryGet(out var checkpoint))
        {
            findings.Add(parsed.Error!);
            return new(null, [], 0, 0, findings.Faults, findings.Notices);
        }

        var log = inclusion.Note.Statements(ed25519, question.Log);
        if (log is not { Count: > 0 })
        {
            findings.NotSigned("proof");
        }

        if (checkpoint.Origin != question.Log.Name)
        {
            findings.WrongOrigin("proof", checkpoint.Origin);
        }

        var witnesses = inclusion.Note.Statements(ed25519, question.Witnesses);
        var count = witnesses?.Select(statement => statement.Key.Id).Distinct().Count() ?? 0;
        if (witnesses is null || count < question.Quorum)
        {
            findings.NotWitnessed(count, question.Quorum);
        }

        if (inclusion.Extra is not { } entry
            || !Proof.IsIncluded(Merkle.Leaf(entry.Span), inclusion.Index, checkpoint.Size, checkpoint.Root, inclusion.Path))
        {
            findings.Entry(inclusion.Index);
        }
        else if (LedgerLeaf.Decode(entry.Span) is { } leaf && witnesses?.Min(statement => statement.Witnessed) is { } seen
            && leaf.Id.At - seen > LedgerVerifier.Tolerance)
        {
            findings.TimeAhead(inclusion.Index, leaf.Id.At, seen);
        }

        return new(checkpoint, [.. log ?? [], .. witnesses ?? []], 1, 0, findings.Faults, findings.Notices);
    }
}
