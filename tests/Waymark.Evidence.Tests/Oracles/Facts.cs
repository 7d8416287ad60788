using System.Globalization;
using Waymark.Formats;

namespace Waymark.Evidence.Tests.Oracles;

/// <summary>How each fact of oracles.csv is asked: id, and the question to the report or to the evidence base.</summary>
internal static partial class Facts
{
    public delegate Task<string> Question(Ask ask);

    private const string Stock = "un-desa/migrant-stock";
    // The Channel Islands are one figure of two areas, hence a place.
    private const string Countries = "area.kind=country|place; origin=_T";

    public static IReadOnlyDictionary<string, Question> All { get; } = Undesa().Concat(Unhcr()).Concat(Others()).Concat(Eurostat()).Concat(Tidy())
        .ToDictionary(pair => pair.Id, pair => pair.Ask, StringComparer.Ordinal);

    private static (string Id, Question Ask) Of(string id, Func<Ask, Task<string>> ask) => (id, new(ask));

    private static (string Id, Question Ask) Of(string id, Func<Ask, string> ask) => (id, new(one => Task.FromResult(ask(one))));

    private static IEnumerable<(string Id, Question Ask)> Undesa() =>
    [
        Of("E001", ask => ask.Sum(Stock, "area=WORLD; origin=_T; sex=_T; period=1990")),
        Of("E002", ask => ask.Sum(Stock, "area=WORLD; origin=_T; sex=_T; period=2000")),
        Of("E003", ask => ask.Sum(Stock, "area=WORLD; origin=_T; sex=_T; period=2020")),
        Of("E004", ask => ask.Sum(Stock, "area=WORLD; origin=_T; sex=M; period=2020")),
        Of("E005", ask => ask.Sum(Stock, "area=WORLD; origin=_T; sex=F; period=2020")),
        Of("E006", ask => ask.Count(Stock, Countries + "; sex=_T; period=2020")),
        Of("E007", ask => ask.Rows("Table 1")),
        Of("E008", ask => ask.Sum(Stock, Countries + "; sex=_T; period=2020")),
        Of("E009", ask => ask.Sum(Stock, Countries + "; sex=M; period=2020")),
        Of("E010", NaiveSum),
        Of("E011", ask => ask.Count(Stock, Countries + "; status=missing")),
        Of("E012", ask => string.Join("|", ask.Report.DuplicateKeys.Select(duplicate => duplicate.Key["area"]).Distinct())),
        Of("E013", StarredNames),
        Of("E014", ask => ask.Count(Stock, Countries + "; sex=_T; period=2020; footnotes!=")),
        Of("E015", ask => ask.Sum(Stock, "area=DEU; origin=_T; sex=_T; period=2020")),
        Of("E016", ask => ask.Sum(Stock, "area=USA; origin=_T; sex=_T; period=2020")),
        Of("E017", ask => ask.Sum(Stock, "area=SAU; origin=_T; sex=_T; period=2020")),
        Of("E018", ask => ask.Raw(Stock, "area=SSD; origin=_T; sex=_T; period=2005; status=missing")),
        Of("E019", ask => ask.Sum(Stock, "area=SDN; origin=_T; sex=_T; period=1990; footnotes!=")),
        Of("E020", ask => ask.Count(Stock, Countries + "; sex=_T; period=2020; type-of-data=B")),
        Of("E021", ask => ask.Count(Stock, Countries + "; sex=_T; period=2020; type-of-data=B R")),
        Of("E022", ask => ask.Count(Stock, Countries + "; sex=_T; period=2020; type-of-data=C")),
        Of("E023", ask => ask.Count(Stock, Countries + "; sex=_T; period=2020; type-of-data=C B R")),
        Of("E024", ask => ask.Sum("un-desa/population", "area=WORLD; sex=_T; period=2020; unit=thousand-persons")),
        Of("E025", ask => ask.Sum("un-desa/migrant-share", "area=WORLD; sex=_T; period=2020")),
        Of("E026", ask => ask.Sum("un-desa/female-share", "area=WORLD; period=2020")),
        Of("E027", ask => ask.Sum("un-desa/refugee-stock", "area=WORLD; period=2020")),
        Of("E028", ask => ask.Sum(Stock, "area=WORLD; origin=_T; sex=_T; period=2017")),
        Of("E029", ask => ask.Count(Stock, Countries + "; sex=_T; period=2017")),
        Of("E030", ask => ask.Sum(Stock, Countries + "; sex=_T; period=2017")),
        Of("E031", ask => ask.Count(Stock, Countries + "; status=missing")),
        Of("E032", ask => ask.Sum(Stock, "area=WORLD; origin=_T; sex=_T; period=1990")),
        Of("E033", ask => ask.Count(Stock, Countries + "; sex=_T; period=2015")),
        Of("E034", ask => ask.Count(Stock, "area=WORLD; origin.kind=country|place; sex=_T; period=2015")),
        Of("E035", ask => ask.Sum(Stock, "area=WORLD; origin=_T; sex=_T; period=2015")),
        Of("E036", ask => ask.Sum(Stock, "area.kind=country|place; origin.kind=country|place; sex=_T; period=2015")),
        Of("E037", ask => ask.Count(Stock, "area.kind=country|place; origin.kind=country|place; status=not-collected")),
        Of("E038", ask => ask.Count(Stock, "area.kind=country|place; origin.kind=country|place; value=0")),
        Of("E039", ask => ask.Sum(Stock, "area=USA; origin=MEX; period=2015")),
        Of("E040", ask => ask.Sum(Stock, "area=IND; origin=BGD; period=2015")),
        Of("E041", ask => ask.Rows()),
        Of("E042", ask => ask.Sum(Stock, "area=USA; origin=MEX; period=2019")),
        Of("E043", ask => ask.Tokens("..")),
        Of("E044", ask => ask.Tokens("-")),
        Of("E045", ask => ask.Rows("Totals")),
        Of("E046", ask => Ask.Show(ask.Column("CntName", "Totals").DistinctValues)),
        Of("E047", ask => ask.Tokens("..", "Totals")),
        Of("E048", ask => ask.Sum("un-desa/migration-flows", "area=DEU; criterion=citizenship; direction=immigrants; coverage=foreigners; period=2013")),
        Of("E049", ask => ask.Sum("un-desa/migration-flows", "area=DEU; criterion=residence; direction=immigrants; coverage=_T; period=2013")),
        Of("E050", ask => ask.Sum("un-desa/net-migration", "area=SYR; variant=estimates; period=2010/2015; unit=thousand-persons")),
        Of("E051", ask => ask.Sum("un-desa/net-migration", "area=WORLD; variant=estimates", "period")),
        Of("E052", ask => ask.Sum("un-desa/net-migration-rate", "area=USA; variant=estimates; period=2010/2015")),
    ];

    /// <summary>What a naive import would say is what the rows add up to; what the evidence base answers is something else.</summary>
    private static async Task<string> NaiveSum(Ask ask)
    {
        // Two regions are printed twice (927 under the same code, Latin America and the Caribbean as 904 and 1830).
        var rows = await ask.List(Stock, "origin=_T; sex=_T; period=2020");
        var twice = rows.Where(row => row["area"].Text is "053" or "419").Sum(row => row["value"].Number ?? 0);
        var answered = await ask.Sum(Stock, "period=2020");
        var naive = Ask.Show(rows.Sum(row => row["value"].Number ?? 0) + twice);
        return answered == naive ? "the naive sum was answered" : naive;
    }

    private static async Task<string> StarredNames(Ask ask)
    {
        var sheet = TabularFile.Open(File.ReadAllBytes(Path.Combine(Support.Data!, "undesa", ask.Report.FileName)), ask.Report.FileName).Value.Sheets.Single(sheet => sheet.Name == "Table 1").Read().Value;
        var names = sheet.Rows.ToDictionary(row => row.Number, row => row.At(2).Text.Trim());
        var countries = await ask.List(Stock, Countries + "; sex=_T; period=2020");
        return Ask.Show(countries.Select(row => int.Parse(row["cell"].Text!.Split('!')[1].TrimStart("ABCDEFGHIJKLMNOPQRSTUVWXYZ".ToCharArray()), CultureInfo.InvariantCulture))
            .Count(line => names[line].EndsWith('*')));
    }
}
