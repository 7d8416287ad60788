using Waymark.Casework.Contracts;
using Waymark.Storage;
using static Waymark.Casework.Tests.Node;

namespace Waymark.Casework.Tests;

/// <summary>People are found out of an open case, in any script, within a budget.</summary>
public sealed class SearchTests
{
    /// <summary>Invented persons as written in a file, and as a family asks for them in another script or spelling.</summary>
    private static readonly (string Known, string[] Asked)[] s_labelled =
    [
        ("Amina Hassan", ["أمينة حسن", "Aminah Hasan", "Hassan Amina", "Амина Хасан"]),
        ("王小明", ["Wang Xiaoming", "wang xiao ming", "Xiaoming Wang"]),
        ("李娜", ["Li Na", "LI Na"]),
        ("Mohammed Ali", ["محمد علي", "Mohamed Aly", "Muhammad Ali", "Мохаммед Али"]),
        ("Олександр Шевченко", ["Oleksandr Shevchenko", "Alexander Shevchenko"]),
        ("Nguyễn Văn An", ["Nguyen Van An", "An Nguyen Van"]),
        ("สมชาย ใจดี", ["Somchai Jaidee", "Somchai Chaidi"]),
        ("အောင်မြင့်", ["Aung Myint"]),
        ("សុខ សុភា", ["Sok Sophea"]),
        ("김민수", ["Kim Minsu", "Kim Min-soo"]),
        ("Fatima Zahra Idrissi", ["فاطمة الزهراء الإدريسي", "Fatma Idrissi"]),
        ("Иван Петров", ["Ivan Petrov"]),
        ("Tekle Haile", ["Teklé Hailé", "Haile Tekle"]),
    ];

    [Fact]
    public async Task Names_asked_in_another_script_find_their_record()
    {
        await using var node = await OpenAsync();
        var (address, _, _) = await node.TracingAsync();
        var ids = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (known, _) in s_labelled)
        {
            ids[known] = (await node.PersonAsync(known)).Id;
        }

        var (found, all, missed) = (0, 0, new List<string>());
        foreach (var (known, asked) in s_labelled)
        {
            foreach (var name in asked)
            {
                all++;
                node.Clock.Advance(TimeSpan.FromMinutes(5));
                var matches = Ok(await node.Cases.SearchPersonsAsync(Desk(), address, new(name), default));
                if (matches.Candidates.Any(match => match.Address.Id == ids[known]))
                {
                    found++;
                }
                else
                {
                    missed.Add($"{known} ← {name}");
                }
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"recall {found} of {all}; missed: {string.Join("; ", missed)}");
        ((double)found / all).ShouldBeGreaterThanOrEqualTo(0.8, string.Join("; ", missed));
    }

    [Fact]
    public async Task A_partial_date_and_a_number_narrow_the_search()
    {
        await using var node = await OpenAsync();
        var (address, _, _) = await node.TracingAsync();
        var person = await node.PersonAsync("Maria Silva", "1999-05", RecordPartition.Missing, ("papers/p/number", "AB 123-456"));
        Ok(await node.Cases.SearchPersonsAsync(Desk(), address, new(null, null, "ab123456"), default)).Candidates.Single().Reasons.ShouldBe(["number"]);
        var match = Ok(await node.Cases.SearchPersonsAsync(Desk(), address, new("Silva Maria", "1999"), default)).Candidates.Single();
        match.Address.ShouldBe(person);
        match.Reasons.ShouldBe(["name", "birth-partly"]);
        (await node.Cases.SearchPersonsAsync(Desk(), address, new(null, "1999"), default)).Error!.Code.ShouldBe("search.empty");
    }

    [Fact]
    public async Task A_search_needs_an_open_case_and_stays_in_its_partition__M04_F7()
    {
        await using var node = await OpenAsync();
        var (address, _, _) = await node.TracingAsync();
        var suspect = await node.PersonAsync("Viktor Orlov", null, RecordPartition.Suspect);
        Ok(await node.Cases.SearchPersonsAsync(Desk(), address, new("Viktor Orlov"), default)).Candidates.ShouldBeEmpty();
        suspect.Partition.ShouldBe(RecordPartition.Suspect);
        (await node.Cases.SearchPersonsAsync(Desk(South), address, new("Amina Hassan"), default)).Error!.Code.ShouldBe("search.case");
        Ok(await node.Cases.StepAsync(Desk(), address, "withdraw", 1, null, default));
        (await node.Cases.SearchPersonsAsync(Desk(), address, new("Amina Hassan"), default)).Error!.Code.ShouldBe("search.case");
    }

    [Fact]
    public async Task A_list_of_names_stops_at_the_budget_and_an_honest_caseload_goes_on__M04()
    {
        await using var node = await OpenAsync();
        var (address, _, _) = await node.TracingAsync();
        var answers = new List<CaseAnswer<PersonMatches>>();
        for (var i = 0; i < 20; i++)
        {
            node.Clock.Advance(TimeSpan.FromSeconds(6));
            answers.Add(await node.Cases.SearchPersonsAsync(Desk(), address, new($"Person{(char)('a' + i)}kov Test{(char)('a' + i)}ski"), default));
        }

        answers.Count(answer => answer.IsOk).ShouldBeLessThan(12);
        answers[^1].Error!.Code.ShouldBe("search.held");
        (await node.Store.Queue.ListAsync("protection.alarm", 10, default)).Count.ShouldBe(1);
        for (var i = 0; i < 40; i++)
        {
            node.Clock.Advance(TimeSpan.FromMinutes(3));
            Ok(await node.Cases.SearchPersonsAsync(Desk(Colleague), address, new($"Honest{(char)('a' + (i % 26))}on Case{i}"), default));
        }

        var budget = 0;
        for (var i = 0; i < 40; i++)
        {
            node.Clock.Advance(TimeSpan.FromSeconds(80));
            budget += (await node.Cases.SearchPersonsAsync(Desk(Supervisor), address, new($"Other{(char)('a' + (i % 26))}an Name{(char)('a' + (i / 26))}"), default)).IsOk ? 1 : 0;
        }

        budget.ShouldBe(30);
    }
}
