namespace Waymark.Evidence.Tests.Oracles;

internal static partial class Facts
{
    private const string Missing = "iom/missing-migrants";
    private const string Visas = "passport-index/visa-requirements";
    private const string Wdi = "world-bank/wdi";

    private static IEnumerable<(string Id, Question Ask)> Others() =>
    [
        Of("E095", ask => ask.Rows("Worksheet")),
        Of("E096", ask => ask.Sum(Missing, "outcome=_T; period=2014", "year")),
        Of("E097", ask => ask.Sum(Missing, "outcome=_T; period=2016", "year")),
        Of("E098", ask => ask.Sum(Missing, "outcome=_T; period=2021", "year")),
        Of("E099", ask => ask.Sum(Missing, "outcome=_T", "year")),
        Of("E100", ask => ask.Sum(Missing, "outcome=_T; region=Mediterranean", "year")),
        Of("E101", ask => Ask.Show(ask.Column("Website Date", "Worksheet").Blanks)),
        Of("E102", ask => Ask.Show(ask.Column("Coordinates", "Worksheet").Blanks)),
        Of("E103", ask => ask.Rows("Sheet1")),
        Of("E104", ask => ask.Sum("idmc/displacement-stock", "cause=conflict; period=2017")),
        Of("E105", ask => ask.Sum("idmc/new-displacements", "cause=conflict; period=2017")),
        Of("E106", ask => ask.Sum("idmc/displacement-stock", "area=SYR; cause=conflict; period=2017")),
        Of("E107", ask => ask.Sum("idmc/displacement-stock", "area=AB9; cause=conflict; period=2015")),
        Of("E108", ask => ask.Sum("world-bank/bilateral-remittances", "sending=USA; receiving=MEX")),
        Of("E109", ask => ask.Sum("world-bank/bilateral-remittances", "sending=WORLD; receiving=WORLD")),
        Of("E110", ask => ask.Tokens("-", "Bilateral_Remittances_2017")),
        Of("E111", ask => ask.Sum("world-bank/bilateral-remittances", "sending.kind=leaf; receiving.kind=leaf")),
        Of("E112", ask => ask.Sum("world-bank/bilateral-migration", "origin=MEX; area=USA")),
        Of("E113", ask => ask.Sum("world-bank/bilateral-migration", "origin=_T; area=WORLD")),
        Of("E114", ask => ask.Rows()),
        Of("E115", ask => Ask.Show(ask.Sheet().ColumnReports.Where(column => column.Role == "measure").Sum(column => column.Numbers))),
        Of("E116", ask => ask.Tokens("..")),
        Of("E117", ask => ask.Count("world-bank/remittance-prices", "value<0")),
        Of("E118", ask => ask.Sum("world-bank/remittance-prices", "sending=USA; receiving=MEX; period=2020-Q3")),
        Of("E119", ask => ask.Rows()),
        Of("E120", ask => ask.Sum(Wdi, "area=WORLD; indicator=NY.GDP.PCAP.CD; period=2020")),
        Of("E121", ask => ask.Rows()),
        Of("E122", ask => ask.Sum(Wdi, "area=USA; indicator=BM.TRF.PWKR.CD.DT; period=2019")),
        Of("E123", ask => ask.Rows()),
        Of("E124", ask => ask.Sum(Wdi, "area=USA; indicator=SL.UEM.TOTL.NE.ZS; period=2020")),
        Of("E125", ask => ask.Sum(Wdi, "area=UKR; indicator=SM.POP.NETM; period=2022")),
        Of("E126", ask => ask.Rows("Data")),
        Of("E155", ask => ask.Rows()),
        Of("E156", ask => ask.Count(Visas, "value=visa-required")),
        Of("E157", ask => ask.Count(Visas, "value=e-visa")),
        Of("E158", ask => ask.Count(Visas, "value=eta")),
        Of("E159", ask => ask.Count(Visas, "passport=JPN; value=visa-free")),
        Of("E160", ask => ask.Code(Visas, "passport=USA; area=GBR")),
        Of("E161", ask => ask.Raw(Visas, "passport=JPN; area=JPN; value=own")),
        Of("E162", ask => ask.Count(Visas, "value=visa-required")),
        Of("E163", ask => ask.Count(Visas, "value=covid-ban")),
        Of("E164", ask => ask.Count(Visas, "value=evw")),
        Of("E174", ask => ask.Sum("abel-cohen/bilateral-flows", "origin=UGA; area=SSD; method=da_pb_closed")),
        Of("E175", ask => ask.Sum("abel-cohen/bilateral-flows", "method=da_pb_closed")),
    ];

    private static IEnumerable<(string Id, Question Ask)> Eurostat() =>
    [
        Of("E127", ask => ask.Rows()),
        Of("E128", ask => Ask.Show(ask.Column("Value").Tokens[":"])),
        Of("E129", ask => ask.Sum("eurostat/asylum-applicants", "area=DEU; citizen=SYR; period=2016; asyl-app=NASY_APP")),
        Of("E130", ask => Ask.Show(ask.Sheet().Flags["d"])),
        Of("E131", ask => ask.Count("eurostat/asylum-applicants", "citizen=STP")),
        Of("E132", ask => ask.Sum("eurostat/returned", "area=DEU; citizen=_T; period=2016")),
        Of("E133", ask => ask.Sum("eurostat/found-irregularly-present", "area=DEU; citizen=_T; period=2015")),
        Of("E134", ask => Ask.Show(ask.Sheet().Flags["b"])),
        Of("E135", ask => ask.Sum("eurostat/asylum-decisions", "area=DEU; citizen=_T; period=2015; decision=TOTAL_POS")),
        Of("E136", Rounding),
        Of("E137", ask => Ask.Show(ask.Sheet().Flags["bep"])),
        Of("E138", async ask => Ask.Show((await ask.List("eurostat/asylum-applicants", "")).Count(row => row["value"].Number % 5 is not (null or 0)))),
        Of("E139", ask => ask.Sum("eurostat/asylum-applicants", "area=DEU; citizen=_T; period=2015")),
        Of("E140", ask => ask.Rows()),
        Of("E141", ask => ask.Flags('b')),
        Of("E142", ask => Ask.Show(ask.Column("OBS_VALUE").Blanks)),
        Of("E143", ask => ask.Sum("eurostat/valid-permits", "area=DEU; period=2017")),
        Of("E144", async ask => string.Join("|", (await ask.List("eurostat/valid-permits", "")).Select(row => row["period"].Text!).Distinct().Order(StringComparer.Ordinal).TakeLast(2))),
    ];

    private static async Task<string> Rounding(Ask ask)
    {
        const string Germany = "area=DEU; citizen=_T; period=2015; decision=";
        var parts = await Task.WhenAll(new[] { "TOTAL_POS", "REJECTED", "_T" }.Select(decision => ask.Sum("eurostat/asylum-decisions", Germany + decision)));
        var figures = parts.Select(part => decimal.Parse(part, System.Globalization.CultureInfo.InvariantCulture)).ToList();
        return Ask.Show(figures[0] + figures[1] - figures[2]);
    }

    private static IEnumerable<(string Id, Question Ask)> Tidy() =>
    [
        Of("E180", ask => ask.Sum(Stock, "period=2024; origin.kind=leaf; area.kind=leaf")),
        Of("E181", ask => ask.Sum(Stock, "area=USA; origin=MEX; period=2024")),
        Of("E182", ask => ask.Sum(Stock, "period=2020; origin.kind=leaf; area.kind=leaf")),
        Of("E183", ask => ask.Sum(Stock, "period=2020; origin.kind=leaf; area.kind=leaf")),
        Of("E184", ask => ask.Sum(Stock, "area=TUR; origin=SYR; period=2020")),
        Of("E185", ask => ask.Sum(Population, "period=2022; population-group=REF; origin.kind=leaf")),
        Of("E186", async ask => Ask.Show((await ask.List(Population, "value<6; origin.kind=leaf")).Min(row => row["value"].Number!.Value))),
        Of("E187", ask => ask.Sum(Population, "period=2023; population-group=IDP; origin.kind=leaf")),
        Of("E188", ask => ask.Sum(Population, "origin=SYR; period=2024; population-group=REF; basis=mid")),
        Of("E189", ask => ask.Sum("frontex/detections", "period=2015")),
        Of("E190", ask => ask.Sum("frontex/detections", "period=2023")),
        Of("E191", ask => ask.Sum("us-cbp/encounters", "fiscal-year=2023")),
        Of("E192", ask => ask.Sum("us-cbp/encounters", "period=2023")),
        Of("E193", ask => ask.Rows()),
        Of("E194", ask => ask.Sum(Missing, "outcome=_T; period=2023", "year")),
        Of("E195", ask => ask.Count(Missing, "outcome=survivors; value<0")),
        Of("E196", ask => ask.Sum(Missing, "outcome=_T; period=2021", "year")),
        Of("E197", ask => ask.Sum("mexico-upm/irregular-situation", "table=nationality; period=2024")),
        Of("E198", ask => ask.Sum("mexico-upm/irregular-situation", "table=demography; period=2024")),
        Of("E199", ask => ask.Sum("panama-senafront/darien-transits", "table=nationality; period=2023")),
        Of("E200", ask => ask.Sum("idmc/displacement-stock", "cause=conflict; period=2024")),
        Of("E201", ask => ask.Sum("eurostat/first-time-applicants", "area=EU27_2020; period=2023")),
        Of("E202", ask => ask.Sum("world-bank/indicators", "area=IND; indicator=remin; period=2023")),
    ];
}
