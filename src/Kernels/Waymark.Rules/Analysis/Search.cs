namespace Waymark.Rules.Analysis;

/// <summary>Looks for facts of a kind, one fact after the other, leaving a branch as soon as what is open cannot lead there.</summary>
internal sealed class Search(Vocabulary vocabulary, Domains domains, int mostSteps, CancellationToken cancellation)
{
    private readonly OpenFacts _open = new(new RequestFacts(vocabulary));
    private int _steps;

    /// <summary>True when the search ended before everything was looked at.</summary>
    public bool IsCutShort { get; private set; }

    public int Steps => _steps;

    /// <summary>Finds facts for which <paramref name="isThere"/> holds; <paramref name="mayBe"/> must be true whenever some completion of the open facts has it.</summary>
    public IReadOnlyList<RequestFacts> Find(Func<OpenFacts, bool> mayBe, Func<RequestFacts, bool> isThere, int most)
    {
        foreach (var fact in domains.Facts)
        {
            _open.Free(fact);
        }

        var found = new List<RequestFacts>();
        Branch([.. domains.Facts.OrderByDescending(fact => fact.IsScope)], 0, mayBe, isThere, most, found);
        return found;
    }

    private void Branch(Fact[] facts, int next, Func<OpenFacts, bool> mayBe, Func<RequestFacts, bool> isThere, int most, List<RequestFacts> found)
    {
        if (found.Count >= most || IsCutShort)
        {
            return;
        }

        if (++_steps > mostSteps || cancellation.IsCancellationRequested)
        {
            IsCutShort = true;
            return;
        }

        if (!mayBe(_open))
        {
            return;
        }

        if (next == facts.Length)
        {
            if (isThere(_open.Decided))
            {
                found.Add(_open.Decided.Copy());
            }

            return;
        }

        foreach (var value in domains.Of(facts[next]))
        {
            _open.Settle(facts[next], value);
            Branch(facts, next + 1, mayBe, isThere, most, found);
            if (found.Count >= most || IsCutShort)
            {
                break;
            }
        }

        _open.Free(facts[next]);
        _open.Decided.Remove(facts[next]);
    }
}
