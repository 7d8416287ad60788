using Shouldly;
using Waymark.Linkage.Bench;
using Xunit;

namespace Waymark.Linkage.Tests;

/// <summary>Defaults on people nobody tuned for: other names, sizes, shares of repeats and errors. The truth is used only to measure.</summary>
public sealed class UnseenDataTests
{
    [Theory]
    [InlineData(3000, 0.5, 0.02, 1, false, 0.97)]
    [InlineData(2500, 0.3, 0.15, 1, true, 0.97)]
    [InlineData(500, 0.9, 0.15, 6, true, 0.97)]
    [InlineData(2500, 0.4, 0.5, 1, true, 0.85)]
    [InlineData(150, 0.3, 0.2, 1, true, 0.85)]
    [InlineData(80, 0.3, 0.1, 1, true, 0.9)]
    [InlineData(10, 0.4, 0.1, 1, true, 0.7)]
    public void Links_are_found_and_the_automatic_threshold_is_near_the_best(int persons, double repeats, double errors, int mostRepeats, bool rich, double least)
    {
        var (table, entities) = People.Make(persons + mostRepeats, persons, repeats, errors, mostRepeats, rich);
        var quality = LinkageEngine.Evaluate(Tables.Run(table), entities).Value;
        quality.AtThreshold.F1.ShouldBeGreaterThan(least);
        (quality.Best.F1 - quality.AtThreshold.F1).ShouldBeLessThan(persons < 200 ? 0.12 : 0.02);
    }

    [Theory]
    [InlineData(4000, true)]
    [InlineData(4000, false)]
    [InlineData(40, true)]
    public void Where_nobody_stands_twice_hardly_anybody_is_linked(int persons, bool rich)
    {
        var (table, _) = People.Make(7, persons, 0, 0, 1, rich);
        var outcome = Tables.Run(table);
        outcome.Pairs.Count(p => p.Probability >= outcome.Threshold).ShouldBeLessThanOrEqualTo(2 + (persons / 150));
        outcome.Threshold.ShouldBeGreaterThanOrEqualTo(Linker.Cohesion, "nearly all links would be false");
    }

    [Fact]
    public void A_key_that_nearly_only_one_person_shares_does_not_make_its_least_alike_records_strangers()
    {
        // Where most pairs of a rule are of one person, what strangers look like must come from elsewhere: the few non-matches found inside were the rest of the matches.
        var (table, _, entities) = InventedPeople.Make(InventedKind.All.Single(k => k.Name == "only frequent names and date") with { Persons = 8000 }, 1);
        var quality = LinkageEngine.Evaluate(Tables.Run(table), entities).Value;
        (quality.Best.F1 - quality.AtThreshold.F1).ShouldBeLessThan(0.02);
    }

    [Fact]
    public void Blocks_that_are_narrowed_by_the_year_do_not_take_the_year_for_evidence()
    {
        // Few names are shared by nearly everybody: their blocks are cut by year, and whoever meets there was born in one year, as random pairs are not.
        var (table, _, entities) = InventedPeople.Make(InventedKind.All.Single(k => k.Name == "Vietnamese, years for many"), 1);
        var outcome = Tables.Run(table);
        outcome.Blocks.Rules.Sum(r => r.Narrowed).ShouldBeGreaterThan(0);
        var quality = LinkageEngine.Evaluate(outcome, entities).Value;
        (quality.Best.F1 - quality.AtThreshold.F1).ShouldBeLessThan(0.02);
        (quality.AtThreshold.Found - quality.AtThreshold.Right).ShouldBeInRange((long)(quality.ExpectedFalse / 2), (long)(quality.ExpectedFalse * 2));
    }

    [Theory]
    [InlineData("most without date", 0.955)]
    [InlineData("values missing and not typed", 0.9)]
    public void Whom_earlier_rules_left_because_nothing_could_be_compared_is_found(string kind, double least)
    {
        // Pairs that agree in the date went to an earlier rule: among those that are left the matches are the ones without a date. Before, F1 was 0.948 and 0.872.
        var (table, _, entities) = InventedPeople.Make(InventedKind.All.Single(k => k.Name == kind), 1);
        LinkageEngine.Evaluate(Tables.Run(table), entities).Value.AtThreshold.F1.ShouldBeGreaterThan(least);
    }

    [Fact]
    public void Matches_among_random_pairs_do_not_make_equal_dates_common_among_strangers()
    {
        var (table, _) = People.Make(5, 250, 0.9, 0.3, 6, rich: true);
        var records = PreparedRecords.Build([(table, ColumnRecogniser.Recognise(table, null, Tables.Knowledge))], Tables.Knowledge, TestContext.Current.CancellationToken).Value;
        var layout = new PatternLayout(records);
        var date = Enumerable.Range(0, layout.Fields.Count).Single(f => layout.Fields[f].Role == FieldRole.BirthDate);
        var drawn = RandomPairs.Draw(records, layout, () => new PairComparer(records, layout, Tables.Knowledge), 100_000, 2);
        var outcome = Tables.Run(table);
        var share = outcome.Pairs.Sum(p => (double)p.Probability) / records.PairCount;
        var dates = new double[DateLevels.Count];
        dates[DateLevels.Exact] = share / 4;
        var cleaned = drawn.WithoutMatches(layout, [.. outcome.Model.Fields.Select(f => f.Match)], share, dates);
        cleaned.NonMatch[date][DateLevels.Exact].ShouldBeLessThan(drawn.NonMatch[date][DateLevels.Exact] / 2);
        cleaned.NonMatch[date].Sum().ShouldBe(1, 1e-9);
    }

    [Theory]
    [InlineData("Наталья,Кузнецова", "Natalia,Kuznetsova")]
    [InlineData("فاطمة,حداد", "Fatima,Haddad")]
    [InlineData("محمد,الخطيب", "Mohammed,Al Khatib")]
    public void One_request_in_another_script_finds_its_record_in_a_register_of_Latin_names(string asked, string held)
    {
        // A part was weighed among the names of its own script only: one request alone carried a name that said nothing.
        var register = Tables.Rows("id,given_name,family_name,birth_date,place", [.. Tables.Persons(11, 600), $"held,{held},1987-03-05,lviv"]);
        var outcome = Tables.Run(Tables.Csv($"id,given_name,family_name,birth_date,place\nasked,{asked},1987-03-05,lviv\n"), register);
        var link = outcome.Pairs.Where(p => p.Probability >= outcome.Threshold).ShouldHaveSingleItem();
        register.Id(link.Right - 1).ShouldBe("held");
        link.Probability.ShouldBeGreaterThan(0.9f);
    }

    [Fact]
    public void What_is_left_where_each_record_has_one_link_is_surer_the_more_people_are_in_both_files()
    {
        var (left, right, _) = InventedPeople.Make(InventedKind.All.Single(k => k.Name == "two files") with { Persons = 1500 }, 3);
        var outcome = Tables.Run(left, right!);
        outcome.OneToOne.ShouldBeTrue();
        var doubtful = outcome.Pairs.Where(p => p.Weight is > -4 and < 6).ToList();
        doubtful.ShouldNotBeEmpty();
        doubtful.ShouldAllBe(p => p.Probability > 1.5 / (1.5 + Math.Pow(2, -p.Weight)));
    }

    [Fact]
    public void Exact_copies_in_two_files_are_all_linked_though_no_rule_holds_strangers()
    {
        var (left, _) = People.Make(3, 400, 0, 0, 1, rich: false);
        var (right, _) = People.Make(3, 200, 0, 0, 1, rich: false);
        var outcome = Tables.Run(left, right);
        outcome.Pairs.Count(p => p.Probability >= outcome.Threshold).ShouldBeInRange(196, 204);
    }

    [Fact]
    public void Two_files_give_the_same_links_whichever_comes_first()
    {
        var (left, _) = People.Make(3, 600, 0, 0, 1, rich: true);
        var (right, _) = People.Make(3, 300, 0, 0.2, 1, rich: true);
        var one = Tables.Run(left, right);
        var other = Tables.Run(right, left);
        HashSet<(string, string)> Links(LinkageOutcome outcome, LinkageTable first, LinkageTable second, bool turned) =>
            [.. outcome.Pairs.Where(p => p.Probability >= 0.5).Select(p => (first.Id(p.Left), second.Id(p.Right - first.Rows))).Select(p => turned ? (p.Item2, p.Item1) : p)];
        Links(other, right, left, turned: true).ShouldBe(Links(one, left, right, turned: false), ignoreOrder: true);
    }
}
