namespace Waymark.Evidence.Tests.Oracles;

internal static partial class Facts
{
    private const string Population = "unhcr/population";
    private const string Decisions = "unhcr/asylum-decisions";

    private static IEnumerable<(string Id, Question Ask)> Unhcr() =>
    [
        Of("E053", ask => ask.Rows()),
        Of("E054", ask => Ask.Show(ask.Column("Refugees").Tokens["*"])),
        Of("E055", ask => Ask.Show(ask.Column("Asylum-seekers (pending cases)").Tokens["*"])),
        Of("E056", ask => Ask.Show(ask.Column("Refugees").Blanks)),
        Of("E057", ask => ask.Sum(Population, "period=1951; population-group=REF; status=normal")),
        Of("E058", ask => ask.Sum(Population, "period=1990; population-group=REF; status=normal")),
        Of("E059", ask => ask.Sum(Population, "period=2014; population-group=REF; status=normal")),
        Of("E060", ask => ask.Sum(Population, "period=2014; origin=SYR; population-group=REF; status=normal")),
        Of("E061", ask => ask.Count(Population, "period=2014; origin=SYR; population-group=REF; status=suppressed")),
        Of("E062", ask => Ask.Show(ask.Report.DuplicateKeyCount)),
        Of("E063", ask => ask.Rows()),
        Of("E064", ask => ask.Sum(Population, "period=2019; population-group=REF")),
        Of("E065", ask => Ask.Show(ask.Report.Encodings["windows-1252"])),
        Of("E066", ask => ask.Rows()),
        Of("E067", ask => Ask.Show(ask.Sheet().RowClasses["repaired"])),
        Of("E068", ask => ask.Sum(Population, "period=2022; population-group=REF")),
        Of("E069", ask => ask.Sum(Population, "period=2023; population-group=REF")),
        Of("E070", ask => ask.Sum(Population, "period=2022; origin=SYR; population-group=REF")),
        Of("E071", ask => ask.Sum(Population, "period=2022; origin=SYR; area=TUR; population-group=REF")),
        Of("E072", ask => ask.Sum(Population, "period=2022; origin=SYR; area=DEU; population-group=REF")),
        Of("E073", ask => ask.Sum(Population, "period=2022; origin=UKR; population-group=REF")),
        Of("E074", ask => ask.Sum(Population, "period=2023; population-group=ASY")),
        Of("E075", OtherCodes),
        Of("E076", ask => Ask.Show(ask.Sheet().HeaderRow)),
        Of("E077", ask => ask.Rows()),
        Of("E078", ask => ask.Sum("unhcr/solutions", "period=2023; solution=RST")),
        Of("E079", ask => ask.Sum("unhcr/solutions", "period=2022; solution=RDP")),
        Of("E080", ask => Ask.Show(ask.Column("Naturalisation").Tokens["-"])),
        Of("E081", ask => ask.Sum(Decisions, "period=2023; decision=_T")),
        Of("E082", Unbalanced),
        Of("E083", ask => ask.Rows()),
        Of("E084", ask => ask.Sum(Decisions, "period=2022; area=USA; decision=recognised")),
        Of("E085", ask => ask.Rows()),
        Of("E086", ask => ask.Tokens("*")),
        Of("E087", ask => ask.Sum("unhcr/solutions", "period=2014; solution=RST; status=normal")),
        Of("E088", ask => Ask.Show(ask.Column("Value").Tokens["*"])),
        Of("E089", ask => Ask.Show(ask.Report.Sheets.Count)),
        Of("E090", ask => ask.Sum(Population, "area=WORLD; origin=_T; population-group=REF; period=2015")),
        Of("E091", ask => ask.Sum(Population, "area=WORLD; origin=_T; population-group=_T; period=2015")),
        Of("E092", ask => ask.Tokens("*", "Tab12")),
        Of("E093", ask => ask.Sum(Population, "area=SWE; origin=_T; population-group=REF; period=2024")),
        Of("E094", ask => ask.Rows()),
    ];

    /// <summary>Codes of the ISO columns that are no ISO codes, as printed: found by what their cells became.</summary>
    private static async Task<string> OtherCodes(Ask ask)
    {
        var rows = (await ask.List(Population, "period=2022; population-group=REF")).Where(row => OracleWorld.Catalogue.Areas.Get(row["origin"].Text!)?.Iso2 is null).ToList();
        var lines = File.ReadAllLines(Path.Combine(Support.Data!, "unhcr", "population.csv"));
        var printed = rows.Select(row => lines[int.Parse(row["cell"].Text!.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture) - 1].Split(',')[2]).ToHashSet(StringComparer.Ordinal);
        return string.Join("|", new[] { "XXA", "TIB", "UNK" }.Where(printed.Remove).Concat(printed));
    }

    /// <summary>Rows whose four outcomes do not add up to the printed total, persons and cases.</summary>
    private static async Task<string> Unbalanced(Ask ask)
    {
        var wrong = 0;
        foreach (var series in new[] { Decisions, Decisions + "-cases" })
        {
            wrong += (await ask.List(series, "")).GroupBy(row => (row["area"].Text, row["origin"].Text, row["authority"].Text, row["procedure"].Text, row["period"].Text))
                .Count(rows => rows.Where(row => row["decision"].Text != "_T").Sum(row => row["value"].Number) != rows.Where(row => row["decision"].Text == "_T").Sum(row => row["value"].Number));
        }

        return Ask.Show(wrong);
    }
}
