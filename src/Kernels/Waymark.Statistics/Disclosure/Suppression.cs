namespace Waymark.Statistics.Disclosure;

/// <summary>
/// Which cells of a table of counts may be told. A count from one to below the threshold is withheld, and with it as many others as it takes that nobody can work it out from what is told: of
/// every withheld cell as many values as the threshold remain possible. The method is that of protecting patterns (the hypercube method of Repsilber, 1994, and Giessing and Repsilber, 2002; in
/// Hundepool and others, "Statistical Disclosure Control", 2012, section 4.4): a cell is protected when another table of the same told cells holds another value there. Each withheld cell is
/// given two such tables, made of moves of single persons, so that the proof is in whole persons and holds for tables that are linked; the patterns are not hypercubes alone.
/// </summary>
public sealed class Suppression
{
    private readonly CountTable _table;
    private readonly int _threshold;
    private readonly bool[] _withheld;
    private readonly int[] _values;
    private readonly Cells[] _cells;
    private readonly int[] _steps;

    private Suppression(CountTable table, int threshold)
    {
        (_table, _threshold) = (table, threshold);
        _values = [.. Enumerable.Range(0, table.CellCount).Select(table.Value)];
        _steps = [.. table.Sizes.Select((_, at) => table.Sizes.Take(at).Aggregate(1, (step, size) => step * size))];
        _cells = [.. Enumerable.Range(0, table.Sizes.Aggregate(1, (all, size) => all * size)).Select(id => Enumerable.Range(0, table.CellCount).Where(cell => table.IsIn(id, cell)).Aggregate(default(Cells), (cells, cell) => cells.With(cell)))];
        _withheld = [.. _values.Select((value, cell) => value > 0 && value < threshold && !table.IsFixed(cell))];
    }

    /// <summary>
    /// What is told of each cell, in their order; null where it is withheld. A table of fewer persons than the threshold is for the caller to withhold as a whole: a fixed cell is told here
    /// whatever it holds.
    /// </summary>
    public static IReadOnlyList<int?> Protect(CountTable table, int threshold)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threshold, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(table.CellCount, Cells.Most);
        if (table.Total < threshold)
        {
            return [.. Enumerable.Range(0, table.CellCount).Select(_ => (int?)null)];
        }

        var work = new Suppression(table, threshold);
        // What protects one cell may withhold others, which are protected in their turn; withheld cells never come back, so that it ends.
        for (var cell = 0; cell < work._withheld.Length;)
        {
            cell = work._withheld[cell] && work.ProtectCell(cell) ? 0 : cell + 1;
        }

        return [.. work._values.Select((value, cell) => work._withheld[cell] ? (int?)null : value)];
    }

    /// <summary>
    /// Categories that are told by name, largest first, and what the others come to together. Rare ones are not even named: that there is one of them would tell about one person.
    /// </summary>
    public static (IReadOnlyList<(string Code, int Count)> Named, int Others) Merge(IReadOnlyDictionary<string, int> counts, int threshold)
    {
        var (named, others) = (counts.Where(one => one.Value > 0).OrderByDescending(one => one.Value).ThenBy(one => one.Key, StringComparer.Ordinal).Select(one => (one.Key, one.Value)).ToList(), 0);
        while (named.Count > 0 && (named[^1].Value < threshold || (others > 0 && others < threshold)))
        {
            others += named[^1].Value;
            named.RemoveAt(named.Count - 1);
        }

        return (named, others);
    }

    /// <summary>Finds the two tables of a withheld cell; true when it had to withhold more.</summary>
    private bool ProtectCell(int cell)
    {
        var (high, low, hasMore) = (Counts(), Counts(), false);
        var (raise, lower) = (Best(cell, high, 1), Best(cell, low, -1));
        for (var width = 0; width < _threshold - 1;)
        {
            var isUp = lower is null || (raise is not null && raise.Cost <= lower.Cost);
            var (move, into) = isUp ? (raise, high) : (lower, low);
            if (move is null)
            {
                throw new InvalidOperationException("No other table is possible; the threshold was not met by the whole.");
            }

            // As far as it goes at once: what it changes is withheld from here on.
            for (; width < _threshold - 1 && move.Less.All(id => into[id] >= move.Less.Count(one => one == id)); width++)
            {
                move.Do(into);
            }

            foreach (var changed in move.Changed.All().Where(changed => !_withheld[changed]))
            {
                _withheld[changed] = hasMore = true;
            }

            if (width < _threshold - 1)
            {
                (raise, lower) = (Best(cell, high, 1), Best(cell, low, -1));
            }
        }

        return hasMore;

        int[] Counts()
        {
            var counts = new int[_cells.Length];
            foreach (var (id, count) in _table.Counts)
            {
                counts[id] = count;
            }

            return counts;
        }
    }

    /// <summary>The move of persons that changes the cell by one, at the least loss: cells that are told and would have to be withheld, the smaller the better.</summary>
    private Move? Best(int cell, int[] table, int way)
    {
        Move? best = null;
        var (here, sizes, inside) = (Enumerable.Range(0, table.Length).Where(id => table[id] > 0).ToArray(), _table.Sizes, Array.ConvertAll(_cells, cells => cells.Has(cell) ? 1 : 0));
        foreach (var id in here)
        {
            // One person in another class: as little else as can be, with one property changed, or as somebody else is.
            One(id, _table.Into(id, cell));
            for (var at = 0; at < sizes.Count; at++)
            {
                for (var code = 0; code < sizes[at]; code++)
                {
                    One(id, With(id, at, code));
                }
            }

            for (var next = 0; next < here.Length && best?.Cost != 0; next++)
            {
                One(id, here[next]);
                if (here[next] > id)
                {
                    Exchange(id, here[next]);
                }
            }

            if (best?.Cost == 0)
            {
                break;
            }
        }

        return best;

        void One(int from, int to)
        {
            if (inside[to] - inside[from] == way)
            {
                Keep([from], [to]);
            }
        }

        // Two persons who exchange properties: fewer margins notice. The rest of the properties exchanged comes to the same.
        void Exchange(int left, int right)
        {
            for (var subset = 1; subset < 1 << (sizes.Count - 1); subset++)
            {
                var (newLeft, newRight) = (left, right);
                for (var at = 0; at < sizes.Count; at++)
                {
                    if (((subset >> at) & 1) == 1)
                    {
                        (newLeft, newRight) = (With(newLeft, at, Code(right, at)), With(newRight, at, Code(left, at)));
                    }
                }

                var gain = inside[newLeft] + inside[newRight] - inside[left] - inside[right];
                if (gain == way)
                {
                    Keep([left, right], [newLeft, newRight]);
                }

                // And two others who exchange them back: what is told by two properties at a time does not notice at all.
                for (var at = 0; at < sizes.Count; at++)
                {
                    for (var code = 0; Code(left, at) == Code(right, at) && code < sizes[at]; code++)
                    {
                        var (third, fourth) = (With(newLeft, at, code), With(newRight, at, code));
                        if (code != Code(left, at) && third != fourth && table[third] > 0 && table[fourth] > 0
                            && (With(left, at, code), With(right, at, code)) is var (back, forth) && gain + inside[back] + inside[forth] - inside[third] - inside[fourth] == way)
                        {
                            Keep([left, right, third, fourth], [newLeft, newRight, back, forth]);
                        }
                    }
                }
            }
        }

        void Keep(int[] less, int[] more)
        {
            var (changed, cost) = (Changed(less, more), 0.0);
            foreach (var one in changed.All())
            {
                cost += _withheld[one] ? 0 : _table.IsFixed(one) ? double.PositiveInfinity : 1 + Math.Log2(1 + _values[one]);
            }

            if (cost < (best?.Cost ?? double.PositiveInfinity))
            {
                best = new(less, more, changed, cost);
            }
        }
    }

    /// <summary>The cells in which not as many come as go; at most seven of each are told apart.</summary>
    private Cells Changed(int[] less, int[] more)
    {
        var (gone, come) = (Sum(less), Sum(more));
        return (gone.Ones ^ come.Ones) | (gone.Twos ^ come.Twos) | (gone.Fours ^ come.Fours);
    }

    private (Cells Ones, Cells Twos, Cells Fours) Sum(int[] ids)
    {
        var (ones, twos, fours) = (default(Cells), default(Cells), default(Cells));
        foreach (var id in ids)
        {
            var carry = ones & _cells[id];
            (ones, fours, twos) = (ones ^ _cells[id], fours | (twos & carry), twos ^ carry);
        }

        return (ones, twos, fours);
    }

    private int Code(int id, int at) => id / _steps[at] % _table.Sizes[at];

    private int With(int id, int at, int code) => id + ((code - Code(id, at)) * _steps[at]);

    private sealed record Move(int[] Less, int[] More, Cells Changed, double Cost)
    {
        public void Do(int[] table)
        {
            foreach (var id in Less)
            {
                table[id]--;
            }

            foreach (var id in More)
            {
                table[id]++;
            }
        }
    }

    /// <summary>A set of cells.</summary>
    private readonly record struct Cells(ulong First, ulong Second, ulong Third, ulong Fourth)
    {
        public const int Most = 256;

        public bool Has(int cell) => (((cell >> 6) switch { 0 => First, 1 => Second, 2 => Third, _ => Fourth } >> (cell & 63)) & 1) == 1;

        public Cells With(int cell)
        {
            var bit = 1UL << (cell & 63);
            return (cell >> 6) switch { 0 => this with { First = First | bit }, 1 => this with { Second = Second | bit }, 2 => this with { Third = Third | bit }, _ => this with { Fourth = Fourth | bit } };
        }

        public static Cells operator &(Cells left, Cells right) => new(left.First & right.First, left.Second & right.Second, left.Third & right.Third, left.Fourth & right.Fourth);

        public static Cells operator |(Cells left, Cells right) => new(left.First | right.First, left.Second | right.Second, left.Third | right.Third, left.Fourth | right.Fourth);

        public static Cells operator ^(Cells left, Cells right) => new(left.First ^ right.First, left.Second ^ right.Second, left.Third ^ right.Third, left.Fourth ^ right.Fourth);

        public IEnumerable<int> All()
        {
            for (var part = 0; part < 4; part++)
            {
                for (var left = part switch { 0 => First, 1 => Second, 2 => Third, _ => Fourth }; left != 0; left &= left - 1)
                {
                    yield return (part << 6) + System.Numerics.BitOperations.TrailingZeroCount(left);
                }
            }
        }
    }
}
