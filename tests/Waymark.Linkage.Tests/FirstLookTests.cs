using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Waymark.Linkage.Tests;

/// <summary>What is said of two values without reading them is what reading them says: a first look leaves out work, never a likeness.</summary>
public sealed class FirstLookTests
{
    private static readonly Gen<byte[]> s_word =
        from length in Gen.Frequency((9, Gen.Choose(0, 12)), (1, Gen.Choose(13, 80)))
        from letters in Gen.Frequency((4, Gen.Elements("abehr"u8.ToArray())), (1, Gen.Elements("mpxz 019\u00C3"u8.ToArray()))).ArrayOf(length)
        select letters;

    private static readonly Gen<(byte[] A, byte[] B)> s_words =
        from a in s_word
        from other in s_word
        from at in Gen.Choose(0, a.Length)
        from kind in Gen.Choose(0, 3)
        select (a, kind switch { 0 => other, 1 => [.. a[..at], .. other.Take(2), .. a[at..]], 2 => [.. a[..at], .. other.Take(1), .. a[Math.Min(a.Length, at + 1)..]], _ => [.. a[at..], .. a[..at]] });

    [Fact]
    public void Counts_of_letters_are_never_further_apart_than_edits_are_many() => Prop.ForAll(s_words.ToArbitrary(), x =>
    {
        var (more, fewer) = LetterCounts.Apart(LetterCounts.Of(x.A), LetterCounts.Of(x.B));
        return LetterCounts.Apart(LetterCounts.Of(x.B), LetterCounts.Of(x.A)) == (fewer, more) && (StringSimilarity.Edits(x.A, x.B, 40) is var edits && (edits > 40 || Math.Max(more, fewer) <= edits));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void What_the_counts_call_unlike_is_more_than_two_edits_away_and_below_the_bound() =>
        Prop.ForAll(s_words.ToArbitrary(), x => IsRight(new(x.A), new(x.B), out _)).QuickCheckThrowOnFailure();

    [Fact]
    public void So_it_is_for_all_words_of_three_letters_up_to_six_long()
    {
        List<byte[]> words = [[]];
        for (var from = 0; words[from].Length < 6; from++)
        {
            words.AddRange("abc"u8.ToArray().Select(letter => (byte[])[.. words[from], letter]));
        }

        var looks = words.FindAll(w => w.Length > 3).ConvertAll(w => new Looked(w));
        var told = 0;
        foreach (var x in looks)
        {
            foreach (var y in looks)
            {
                IsRight(x, y, out var isTold).ShouldBeTrue();
                told += isTold ? 1 : 0;
            }
        }

        told.ShouldBeGreaterThan(looks.Count * looks.Count / 10);
    }

    [Fact]
    public void Counts_tell_most_names_apart_that_have_nothing_to_do_with_each_other()
    {
        static bool Told(string a, string b) => Looked.Told(new(Encoding.ASCII.GetBytes(a)), new(Encoding.ASCII.GetBytes(b)), LetterCounts.Below84);
        Told("przybylski", "kowalczyk").ShouldBeTrue();
        Told("thompson", "garcia").ShouldBeTrue();
        Told("martin", "moreira").ShouldBeTrue();
        Told("thompson", "tomson").ShouldBeFalse();
        LetterCounts.Apart(LetterCounts.Of("0712345678"u8), LetterCounts.Of("0712345679"u8)).ShouldBe((1, 1));
    }

    /// <summary>Whether what the first look says of two values is so; <paramref name="isTold"/> says that it tells them apart at all.</summary>
    private static bool IsRight(Looked x, Looked y, out bool isTold)
    {
        isTold = Looked.Told(x, y, LetterCounts.Below84);
        return (!isTold || (StringSimilarity.Edits(x.Value, y.Value, 2) > 2 && StringSimilarity.JaroWinkler(x.Value, y.Value) < 0.84))
            && (!Looked.Told(x, y, LetterCounts.Below83) || StringSimilarity.JaroWinkler(x.Value, y.Value) < 0.83);
    }

    private sealed class Looked(byte[] value)
    {
        private readonly ulong _counts = LetterCounts.Of(value);
        private readonly uint _start = LetterCounts.StartOf(value);

        public byte[] Value => value;

        public static bool Told(Looked x, Looked y, ReadOnlySpan<ushort> shares) => LetterCounts.CannotBeAlike(x._counts, y._counts, x._start, y._start, shares);
    }

    [Fact]
    public void Words_that_two_values_share_are_those_that_cutting_them_up_finds() => Prop.ForAll(Gen.Elements("west devon", "devon", "north devonshire", "york west", "new york", "a bc", "abcd", "abcd e").ArrayOf(6).ToArbitrary(), values =>
    {
        var heap = new Utf8Heap();
        var codes = Array.ConvertAll(values, v => heap.Add(Encoding.UTF8.GetBytes(v)));
        var words = ValueWords.Of(heap);
        return values.Index().All(a => values.Index().Where(b => a.Item != b.Item).All(b =>
            (words?.Shared(codes[a.Index], codes[b.Index]) ?? false) == a.Item.Split(' ').Intersect(b.Item.Split(' ')).Any(word => word.Length >= 4)));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_hash_read_in_words_is_that_of_the_bytes_one_by_one() => Prop.ForAll(s_word.ToArbitrary(), bytes =>
    {
        var hash = (ulong)bytes.Length * 0x9E3779B97F4A7C15UL;
        var rest = bytes.AsSpan();
        for (; rest.Length >= 8; rest = rest[8..])
        {
            hash = (hash ^ BitConverter.ToUInt64(rest)) * 0xD6E8FEB86659FD93UL;
            hash ^= hash >> 29;
        }

        ulong tail = 0;
        for (var i = 0; i < rest.Length; i++)
        {
            tail |= (ulong)rest[i] << (8 * i);
        }

        return Hashing.Bytes(bytes) == Hashing.Mix(hash ^ tail);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Random_pairs_are_the_same_in_any_order_of_rows_when_names_of_one_content_stand_in_two_orders()
    {
        var rows = Tables.Persons(3, 150).Where(row => !row.Contains("d,", StringComparison.Ordinal)).ToList();
        rows.AddRange(rows.Select(row => row.Split(',')).Select(cells => $"t{cells[0]},{cells[2]},{cells[1]},{cells[3]},{cells[4]}").ToList());
        Drawn(rows).ShouldBe(Drawn(rows.AsEnumerable().Reverse()));
        Drawn(rows).ShouldBe(Drawn(rows.OrderBy(row => row.Split(',')[3], StringComparer.Ordinal)));

        static double[] Drawn(IEnumerable<string> rows)
        {
            var table = Tables.Rows("id,given_name,family_name,birth_date,place", rows);
            var records = PreparedRecords.Build([(table, ColumnRecogniser.Recognise(table, null, Tables.Knowledge))], Tables.Knowledge, TestContext.Current.CancellationToken).Value;
            var layout = new PatternLayout(records);
            return [.. RandomPairs.Draw(records, layout, () => new PairComparer(records, layout, Tables.Knowledge), 3_000, 2).NonMatch.SelectMany(levels => levels)];
        }
    }

    [Fact]
    public void Contents_hashed_together_are_those_hashed_one_by_one()
    {
        var table = Tables.Rows("id,given_name,family_name,birth_date,place", Tables.Persons(7, 200));
        var records = PreparedRecords.Build([(table, ColumnRecogniser.Recognise(table, null, Tables.Knowledge))], Tables.Knowledge, TestContext.Current.CancellationToken).Value;
        records.ContentHashes(3, records.Count).ShouldBe(Enumerable.Range(3, records.Count - 3).Select(records.ContentHash));
    }
}
