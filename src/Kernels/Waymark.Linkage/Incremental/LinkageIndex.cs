using Waymark.Model;

namespace Waymark.Linkage;

/// <summary>What an index knows after records were added. Records are numbered in their order of arrival.</summary>
/// <param name="Pairs">All pairs with probability at least 0.01; those at or above the threshold are links, but for groups that the model is wrong about.</param>
/// <param name="Threshold">Lowest probability of a link, from the run the index was made with.</param>
/// <param name="Clusters">Cluster per record: the number of its smallest record.</param>
public sealed record IndexOutcome(IReadOnlyList<LinkedPair> Pairs, double Threshold, int[] Clusters)
{
    /// <summary>Pairs at or above the threshold per group of people with what is known of their calibration without a truth.</summary>
    public IReadOnlyList<GroupTrust> Trust { get; init; } = [];

    /// <summary>What other thresholds would give, among the pairs that are kept.</summary>
    public IReadOnlyList<CalibrationPoint> Calibration { get; init; } = [];

    internal Func<LinkedPair, GroupTrust?>? Doubts { get; init; }

    /// <summary>Whether a pair is a link; one above the threshold that is none is a candidate for a person to look at (M70).</summary>
    public bool IsLink(LinkedPair pair) => pair.Probability >= Threshold && DoubtOf(pair) is null;

    /// <summary>The group that makes a pair a candidate only; null when there is none.</summary>
    public GroupTrust? DoubtOf(LinkedPair pair) => Doubts?.Invoke(pair);
}

/// <summary>
/// A register that is linked once and then grows: new records are compared with those that are there, with the model that was fitted when it
/// was made. The law: the same records in the same order give the same pairs, scores and clusters, in however many pieces they come. Compared with a
/// run over everything at once, weights do not follow the new records; make the index anew when the register has changed much. It
/// holds the values of its columns, so a kept index is as sensitive as the register.
/// </summary>
public sealed class LinkageIndex
{
    private const double KeepFrom = 0.01;
    private readonly LinkageKnowledge _knowledge;
    private readonly FrozenModel _model;
    private readonly Frequencies _frequencies;
    private readonly IndexColumns _columns;
    private readonly List<LinkedPair> _pairs;
    private PreparedRecords? _records;

    internal LinkageIndex(LinkageKnowledge knowledge, FrozenModel model, Frequencies frequencies, IndexColumns columns, List<LinkedPair> pairs) =>
        (_knowledge, _model, _frequencies, _columns, _pairs) = (knowledge, model, frequencies, columns, pairs);

    public int Count => _columns.Rows;

    public LinkageModel Model => _model.Model;

    public double Threshold => _model.Threshold;

    public int Threads { get; init; } = Math.Max(1, Environment.ProcessorCount);

    /// <summary>The columns that are compared.</summary>
    public IReadOnlyList<ColumnRole> Columns => _columns.Roles;

    internal FrozenModel Frozen => _model;

    internal Frequencies Frequencies => _frequencies;

    internal IndexColumns Stored => _columns;

    internal IReadOnlyList<LinkedPair> RawPairs => _pairs;

    public string Id(int record) => _columns.Ids.Text(record + 1);

    /// <summary>The record with an id, or -1.</summary>
    public int Find(string id) => _columns.Ids.Find(System.Text.Encoding.UTF8.GetBytes(id)) - 1 is var at && at >= 0 ? at : -1;

    /// <summary>Fits a model on a register (or takes the request's), and makes an index that holds its records.</summary>
    public static Result<LinkageIndex> Create(LinkageRequest request, IProgress<LinkageProgress>? progress, CancellationToken cancel)
    {
        if (request.Right is not null)
        {
            return Error.Invalid("linkage.index-one-file", "An index is made of one register.", "索引由一个登记册建立。");
        }

        request = request with { ForgetTables = false };
        var linker = Linker.Open(request, progress, cancel);
        if (!linker.IsOk)
        {
            return linker.Error;
        }

        var fitted = linker.Value.Link(request.Constraints, progress, cancel);
        if (!fitted.IsOk)
        {
            return fitted.Error;
        }

        var roles = fitted.Value.LeftColumns.Where(c => c.Role != FieldRole.Ignored).ToArray();
        var index = new LinkageIndex(
            request.Knowledge, linker.Value.Freeze(fitted.Value), linker.Value.Frequencies(), new IndexColumns(roles), []) { Threads = Math.Clamp(request.Threads, 1, 64) };
        var added = index.Add(request.Left, request.Map, cancel);
        return added.IsOk ? index : added.Error;
    }

    /// <summary>The rows of a table whose ids the index does not hold. A record that it holds stays as it came first.</summary>
    public Result<LinkageTable> NewOf(LinkageTable table)
    {
        if (table.Ids is not { } all)
        {
            return IndexColumns.NoIds(table);
        }

        var rows = Enumerable.Range(0, table.Rows).Where(row => _columns.Ids.Find(all[row]) < 0).ToArray();
        var ids = new RecordIdsBuilder(rows.Length);
        foreach (var row in rows)
        {
            ids.Add(all[row]);
        }

        return LinkageTable.Create(table.Name, [.. table.Columns.Select(column => column.Codes.Length == 0 ? column : new LinkageColumn(column.Name, column.Values, [.. rows.Select(row => column.Codes[row])]))], ids.Build());
    }

    /// <summary>What adding these records would compare, as <see cref="Add"/> takes them; nothing of them is kept.</summary>
    public Result<BlockReport> Plan(LinkageTable table, IReadOnlyDictionary<string, FieldRole>? map, CancellationToken cancel)
    {
        var first = Count;
        if (_columns.Append(table, ColumnRecogniser.Recognise(table, map, _knowledge)) is { } error)
        {
            return error;
        }

        try
        {
            return Prepare(cancel).Select(records => Candidates(records, first, cancel).Report);
        }
        finally
        {
            _columns.CutTo(first);
        }
    }

    /// <summary>Adds records and compares them with all before them and with each other.</summary>
    /// <param name="table">New records; each needs an id that the index does not hold yet.</param>
    /// <param name="map">Role per column, where it is not recognised.</param>
    /// <param name="cancel">Stops before anything has changed.</param>
    /// <returns>The number of the first new record.</returns>
    public Result<int> Add(LinkageTable table, IReadOnlyDictionary<string, FieldRole>? map, CancellationToken cancel)
    {
        var first = Count;
        if (_columns.Append(table, ColumnRecogniser.Recognise(table, map, _knowledge)) is { } error)
        {
            return error;
        }

        try
        {
            var prepared = Prepare(cancel);
            if (!prepared.IsOk)
            {
                _columns.CutTo(first);
                return prepared.Error;
            }

            Compare(prepared.Value, first, cancel);
            _records = prepared.Value;
            return first;
        }
        catch (OperationCanceledException)
        {
            _columns.CutTo(first);
            throw;
        }
    }

    /// <summary>Pairs and clusters of all records under constraints; nothing of them is kept.</summary>
    public Result<IndexOutcome> Link(LinkageConstraints constraints, CancellationToken cancel)
    {
        if (constraints.Check(Count) is { } unfit)
        {
            return unfit;
        }

        var records = Records(cancel);
        if (!records.IsOk)
        {
            return records.Error;
        }

        var known = new KnownPairs(constraints);
        var pairs = new List<LinkedPair>(_pairs);
        if (!known.IsEmpty)
        {
            pairs.RemoveAll(p => known.AreTwo(p.Left, p.Right) || known.Said(p.Left, p.Right) is not null);
            pairs.AddRange(known.All.Where(k => k.One && !known.AreTwo(k.Left, k.Right)).Select(k => new LinkedPair(k.Left, k.Right, 1, LinkedPair.ReviewedWeight, LinkedPair.Reviewed)));
            pairs = known.SourceOf is { } sourceOf ? BestLinks.OnePerSource(pairs, sourceOf, records.Value.ContentHash) : pairs;
        }

        pairs.Sort((a, b) => a.Left != b.Left ? a.Left.CompareTo(b.Left) : a.Right.CompareTo(b.Right));
        var layout = new PatternLayout(records.Value, anyScript: true);
        PairComparer Comparer() => new(records.Value, layout, _knowledge);
        var groups = new PairGroups(records.Value);
        var trust = GroupCheck.Run(groups, layout, RandomPairs.Draw(records.Value, layout, Comparer, RandomPairs.MostKept, Threads), pairs, Threshold, Comparer, Threads);
        var doubts = GroupCheck.Doubts(trust, groups);
        var clusters = Clusterer.Run(Count, doubts is null ? pairs : pairs.FindAll(p => doubts(p) is null), Threshold, Linker.Cohesion, known, records.Value.ContentHash, cancel);
        ClusterSupport.Lift(pairs, clusters);
        return new IndexOutcome(pairs, Threshold, clusters) { Trust = [.. trust.Select(t => t.Group)], Doubts = doubts, Calibration = Calibration.Curve(pairs) };
    }

    /// <summary>Why a pair has its weight, field by field.</summary>
    public Result<PairExplanation> Explain(LinkedPair pair, CancellationToken cancel) => Explain([pair], cancel).Select(explained => explained[0]);

    /// <summary>Why each of these pairs has its weight.</summary>
    public Result<IReadOnlyList<PairExplanation>> Explain(IReadOnlyList<LinkedPair> pairs, CancellationToken cancel) => Records(cancel).Select(records =>
    {
        var layout = new PatternLayout(records, anyScript: true);
        var explainer = new PairExplainer(records, layout, _model.Aligned(layout), _knowledge);
        return (IReadOnlyList<PairExplanation>)[.. pairs.Select(explainer.Explain)];
    });

    /// <summary>Which pairs of a record from <paramref name="first"/> on a person should look at next.</summary>
    public Result<ReviewQueue> Queue(IndexOutcome outcome, int first, CancellationToken cancel) =>
        Records(cancel).Select(records => new ReviewQueue(outcome.Pairs.Where(pair => pair.Right >= first), [], records.ContentHash));

    /// <summary>Writes the index: its values, its model, its pairs.</summary>
    public void Save(Stream to) => LinkageIndexFormat.Write(this, to);

    /// <summary>Reads what <see cref="Save"/> wrote; anything else is an error.</summary>
    public static Result<LinkageIndex> Load(Stream from, LinkageKnowledge knowledge) => LinkageIndexFormat.Read(from, knowledge);

    private Result<PreparedRecords> Records(CancellationToken cancel)
    {
        if (_records is not null)
        {
            return _records;
        }

        var prepared = Prepare(cancel);
        _records = prepared.IsOk ? prepared.Value : null;
        return prepared;
    }

    private Result<PreparedRecords> Prepare(CancellationToken cancel)
    {
        var prepared = PreparedRecords.Build([(_columns.Table(), [.. _columns.Roles])], _knowledge, cancel);
        if (prepared.IsOk)
        {
            _frequencies.Apply(prepared.Value);
        }

        return prepared;
    }

    private CandidatePairs Candidates(PreparedRecords records, int first, CancellationToken cancel)
    {
        var across = records.Names is { } names ? AcrossScripts.Build(names.Tokens, _knowledge, Threads, id => _frequencies.Knows(names.Tokens.Bytes(id))) : null;
        return SequencePairs.Build(records, new KeyAtoms(records, across), _model.Rules, _model.Caps, first, Threads, cancel);
    }

    private void Compare(PreparedRecords records, int first, CancellationToken cancel)
    {
        var layout = new PatternLayout(records, anyScript: true);
        var candidates = Candidates(records, first, cancel);
        var scan = PairScan.Run(records, layout, candidates, () => new(records, layout, _knowledge), Threads, _ => { }, cancel);
        var (weight, posterior) = _model.Score(scan.Histogram, layout);
        foreach (var pair in scan.Pairs.SelectMany(chunk => chunk))
        {
            if (posterior[pair.Cell] >= KeepFrom)
            {
                _pairs.Add(new(pair.Left, pair.Right, (float)posterior[pair.Cell], (float)weight[pair.Cell], scan.Histogram.Rules[pair.Cell]));
            }
        }
    }
}
