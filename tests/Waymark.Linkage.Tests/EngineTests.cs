using Shouldly;
using Xunit;

namespace Waymark.Linkage.Tests;

public sealed class EngineTests
{
    private const string Header = "id,given_name,family_name,birth_date,place";

    [Fact]
    public void The_number_of_threads_changes_nothing()
    {
        var table = Tables.Rows(Header, Tables.Persons(11, 1500));
        var one = Tables.Run(table, threads: 1);
        var three = Tables.Run(table, threads: 3);
        three.Pairs.ShouldBe(one.Pairs);
        three.Clusters.ShouldBe(one.Clusters);
        three.Threshold.ShouldBe(one.Threshold);
    }

    [Fact]
    public void The_order_of_rows_and_of_columns_changes_nothing()
    {
        var rows = Tables.Persons(13, 1200);
        var table = Tables.Rows(Header, rows);
        var shuffled = rows.ToArray();
        new Random(3).Shuffle(shuffled);
        var turned = shuffled.Select(r => r.Split(',')).Select(c => $"{c[4]},{c[3]},{c[0]},{c[2]},{c[1]}");
        var other = Tables.Rows("place,birth_date,id,family_name,given_name", turned);
        Tables.Links(Tables.Run(other), other).ShouldBe(Tables.Links(Tables.Run(table), table), ignoreOrder: true);
    }

    [Fact]
    public void The_order_of_rows_decides_no_pair_where_addresses_stand_in_several_columns()
    {
        var random = new Random(29);
        string[] streets = ["mill road", "high street", "church lane", "station road", "park avenue", "green lane"];
        var rows = Tables.Persons(31, 400).ConvertAll(row => $"{row},{1 + random.Next(40)},{streets[random.Next(streets.Length)]}");
        var header = $"{Header},address_1,address_2";
        var table = Tables.Rows(header, rows);
        var shuffled = rows.ToArray();
        random.Shuffle(shuffled);
        var other = Tables.Rows(header, shuffled);
        var (one, two) = (Tables.Run(table), Tables.Run(other));
        one.LeftColumns.Count(c => c.Role == FieldRole.Address).ShouldBe(2);
        two.Compared.ShouldBe(one.Compared);
        Tables.Links(two, other).ShouldBe(Tables.Links(one, table), ignoreOrder: true);
    }

    [Theory]
    [InlineData(true, "name across scripts")]
    [InlineData(false, "name")]
    public void An_explanation_speaks_of_the_names_that_are_there(bool across, string said)
    {
        var rows = Tables.Persons(37, 300);
        string Written(string row) => across ? Cyrillic(row) : row;
        var (left, right) = (Tables.Rows(Header, rows), Tables.Rows(Header, rows.Select(Written)));
        var outcome = Tables.Run(left, right);
        outcome.Pairs.Count.ShouldBeGreaterThan(200);
        foreach (var pair in outcome.Pairs)
        {
            outcome.Explain(pair).Steps.Select(s => s.Field).Where(f => f.StartsWith("name", StringComparison.Ordinal)).ShouldBe([said]);
        }
    }

    [Fact]
    public void Years_of_the_Persian_calendar_meet_dates_of_the_common_era()
    {
        var rows = Tables.Persons(41, 600).Where(r => !r.Split(',')[0].EndsWith('d')).ToList();
        var persian = new System.Globalization.PersianCalendar();
        string Year(string row)
        {
            var cells = row.Split(',');
            cells[3] = persian.GetYear(DateTime.Parse(cells[3], System.Globalization.CultureInfo.InvariantCulture)).ToString(System.Globalization.CultureInfo.InvariantCulture);
            return string.Join(',', cells);
        }

        var (left, right) = (Tables.Rows(Header, rows), Tables.Rows(Header, rows.Select(Year)));
        var outcome = Tables.Run(left, right);
        outcome.Pairs.Count(p => outcome.IsLink(p) && p.Right - left.Rows == p.Left).ShouldBeGreaterThan((int)(rows.Count * 0.95));
        outcome.Explain(outcome.Pairs[0]).Steps.Single(s => s.Field == "birth date").Finding.In("en").ShouldStartWith("same year");
    }

    [Fact]
    public void M71_a_hundred_thousand_placeholders_neither_explode_nor_make_one_person()
    {
        var rows = Tables.Persons(17, 500);
        rows.AddRange(Enumerable.Range(0, 100_000).Select(i => $"u{i},UNKNOWN,UNKNOWN,1970-01-01,"));
        var outcome = Tables.Run(Tables.Rows(Header, rows));
        outcome.Compared.ShouldBeLessThan(1_000_000);
        outcome.Clusters.Skip(rows.Count - 100_000).GroupBy(c => c).Max(g => g.Count()).ShouldBe(1);
    }

    [Fact]
    public void M71_a_hundred_thousand_equal_common_names_stay_within_the_pair_budget()
    {
        var rows = Tables.Persons(19, 500);
        rows.AddRange(Enumerable.Range(0, 100_000).Select(i => $"m{i},maria,garcia,1980-01-01,lima"));
        var outcome = Tables.Run(Tables.Rows(Header, rows));
        outcome.Compared.ShouldBeLessThan(outcome.Blocks.Budget * 2);
        outcome.Clusters.GroupBy(c => c).Max(g => g.Count()).ShouldBeLessThan(1000);
    }

    [Fact]
    public void Links_found_are_mostly_the_planted_ones()
    {
        var rows = Tables.Persons(23, 3000);
        var table = Tables.Rows(Header, rows);
        var outcome = Tables.Run(table);
        var quality = LinkageEngine.Evaluate(outcome, [.. rows.Select(r => r.Split(',')[0].TrimEnd('d'))]).Value;
        quality.AtThreshold.F1.ShouldBeGreaterThan(0.9);
        (quality.Best.F1 - quality.AtThreshold.F1).ShouldBeLessThan(0.03);
    }

    [Fact]
    public void An_explanation_adds_up_to_the_weight_and_speaks_both_languages()
    {
        var table = Tables.Rows(Header, Tables.Persons(29, 800));
        var outcome = Tables.Run(table);
        foreach (var pair in outcome.Pairs.Take(200))
        {
            var why = outcome.Explain(pair);
            (why.StartBits + why.Steps.Sum(s => s.Bits)).ShouldBe(pair.Weight, 0.05);
            why.Steps.ShouldAllBe(s => s.Finding.In("en").Length > 0 && s.Finding.In("zh").Length > 0);
        }
    }

    [Fact]
    public void A_kept_model_scores_the_same_file_as_when_it_was_fitted()
    {
        var table = Tables.Rows(Header, Tables.Persons(31, 1500));
        var request = new LinkageRequest(table, null, Tables.Knowledge);
        var model = LinkageEngine.Train(request, null, TestContext.Current.CancellationToken).Value;
        var again = LinkageEngine.Run(request with { Model = model }, null, TestContext.Current.CancellationToken).Value;
        var fitted = Tables.Run(table);
        again.Pairs.Count.ShouldBeInRange((int)(fitted.Pairs.Count * 0.98), (int)(fitted.Pairs.Count * 1.02) + 1);
    }

    [Fact]
    public void A_profile_says_what_the_columns_are_and_shows_no_value()
    {
        var profile = LinkageEngine.Profile(
            new LinkageRequest(Tables.Csv("id,Vorname,Nachname,DOB,mystery\n1,Anna,Kowalska,1990-02-03,q\n2,王,伟,1991-02-03,q\n3,Ola,Nowak,,q\n"), null, Tables.Knowledge),
            TestContext.Current.CancellationToken).Value;
        profile.Columns.Select(c => c.Role).ShouldBe([FieldRole.Ignored, FieldRole.GivenName, FieldRole.FamilyName, FieldRole.BirthDate, FieldRole.Ignored]);
        profile.NameScripts[Script.Han].ShouldBe(1);
        profile.Columns[4].MostFrequent.ShouldBe(3);
    }

    [Fact]
    public void Columns_under_each_others_headers_are_taken_for_what_they_hold()
    {
        var rows = string.Concat(Enumerable.Range(0, 40).Select(i => $"{i},Anna{(char)('a' + (i % 26))}{i / 26},Berg,19{50 + i}-03-1{i % 9}\n"));
        var swapped = LinkageEngine.Recognise(Tables.Csv("id,birth_date,given_name,family_name\n" + rows), null, Tables.Knowledge);
        swapped.Select(c => c.Role).ShouldBe([FieldRole.Ignored, FieldRole.Ignored, FieldRole.GivenName, FieldRole.BirthDate]);
        LinkageEngine.Recognise(Tables.Csv("id,birth_date,given_name,family_name\n" + rows), new Dictionary<string, FieldRole> { ["birth_date"] = FieldRole.GivenName }, Tables.Knowledge)[1].Role
            .ShouldBe(FieldRole.GivenName, "what the caller says counts");
        LinkageEngine.Recognise(Tables.Csv("id,birth_date,given_name\n1,unknown,1990-01-01\n2,unknown,Ola\n"), null, Tables.Knowledge).Select(c => c.Role)
            .ShouldBe([FieldRole.Ignored, FieldRole.BirthDate, FieldRole.GivenName], "a few values say nothing");
    }

    [Fact]
    public void Faulty_input_is_an_error_in_words()
    {
        var knowledge = Tables.Knowledge;
        LinkageTable.Create("x", [], "id").Error!.Code.ShouldBe("linkage.no-id-column");
        var twice = new LinkageColumnBuilder("id");
        twice.Add("1"u8);
        twice.Add("1"u8);
        LinkageTable.Create("x", [twice.Build()], "id").Error!.Code.ShouldBe("linkage.id-twice");
        var nothing = Tables.Csv("id,zzz\n1,a\n2,b\n");
        LinkageEngine.Run(new LinkageRequest(nothing, null, knowledge), null, TestContext.Current.CancellationToken).Error!.Code.ShouldBe("linkage.nothing-to-compare");
        var table = Tables.Csv("id,name\n1,a\n");
        LinkageEngine.Run(new LinkageRequest(table, null, knowledge) { Map = new Dictionary<string, FieldRole> { ["no"] = FieldRole.Sex } }, null, TestContext.Current.CancellationToken)
            .Error!.Code.ShouldBe("linkage.no-mapped-column");
        LinkageEngine.Run(new LinkageRequest(table, null, knowledge) { Threshold = 2 }, null, TestContext.Current.CancellationToken).Error!.Code.ShouldBe("linkage.threshold");
    }

    [Theory]
    [InlineData("id,name,birth_date\n")]
    [InlineData("id,name,birth_date\n1,Anna Kowalska,1990-01-02\n")]
    [InlineData("id,name,birth_date\n1,,\n2,,\n")]
    public void Files_with_hardly_anything_give_no_links_and_no_failure(string csv) =>
        LinkageEngine.Run(new LinkageRequest(Tables.Csv(csv), null, Tables.Knowledge), null, TestContext.Current.CancellationToken).Value.Pairs.ShouldBeEmpty();

    /// <summary>A row with its names in Cyrillic letters; the syllables of these persons are of one consonant and one vowel.</summary>
    internal static string Cyrillic(string row)
    {
        const string latin = "abdefghiklmnopstuwyz", other = "абдефгхиклмнопстувйз";
        var cells = row.Split(',');
        for (var i = 1; i <= 2; i++)
        {
            cells[i] = string.Concat(cells[i].Select(c => latin.IndexOf(c, StringComparison.Ordinal) is >= 0 and var at ? other[at] : c));
        }

        return string.Join(',', cells);
    }
}
