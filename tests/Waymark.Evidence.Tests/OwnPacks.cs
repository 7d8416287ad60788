using Waymark.Packs;

namespace Waymark.Evidence.Tests;

/// <summary>The built-in packs with a publisher of the test's own beside them, as an operator would add one.</summary>
internal sealed class OwnPacks : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("waymark-packs-").FullName;

    public OwnPacks(string profile, string series)
    {
        Write("sources/own/table.yaml", $$"""
            id: own/table
            kind: sources
            version: 1.0.0
            title: {en: Own table, zh: 自有表格}
            source: a test
            licence: CC0-1.0
            publisher: own
            {{profile}}
            """);
        Write("series/own.yaml", $$"""
            id: own
            kind: series
            version: 1.0.0
            title: {en: Own series, zh: 自有数列}
            source: a test
            licence: CC0-1.0
            publisher: own
            {{series}}
            """);
        var outcome = PackLibrary.Load([Path.Combine(Support.Root, "packs"), _folder]);
        Library = outcome.Library;
        var errors = outcome.Errors.Where(error => error.Where?.Contains(Path.GetFileName(_folder), StringComparison.Ordinal) == true).ToList();
        if (Library.Find("sources", "own/table") is null || Library.Find("series", "own") is null)
        {
            throw new InvalidOperationException(string.Join('\n', outcome.Errors.Where(error => errors.Count == 0 || errors.Contains(error)).Take(10)));
        }
    }

    public PackLibrary Library { get; }

    public string Folder => _folder;

    /// <summary>A flat table: edition in the first line, then area, sex, year, persons, flag.</summary>
    public static OwnPacks Flat(string coverage = "partial") => new($$"""
        coverage: {{coverage}}
        recognise:
          all:
            - columns: [Country, Sex, Year, Persons]
        release:
          - text: '^Edition (?<release>\d{4})$'
        dimensions:
          area: {schemes: [iso3, un-name, any-name]}
        values:
          thousands: ','
          blank: missing
          tokens:
            '..': missing
            '*': {status: suppressed, from: 1, to: 4}
        flags:
          map: {b: break, e: estimated, p: provisional}
        tables:
          - id: flat
            header: {labels: [Country, Sex, Year, Persons]}
            rows: {end: ['^Notes?:']}
            series: own/persons
            columns:
              - {labels: [Country], role: dimension, dimension: area}
              - {labels: [Sex], role: dimension, dimension: sex}
              - {labels: [Year], role: period}
              - {labels: [Persons], role: measure}
              - {labels: [Flag], role: flag}
              - {labels: [Unit], role: unit}
              - {labels: [Source], role: attribute, id: source}
        """, """
        series:
          own/persons:
            name: {en: Persons, zh: 人数}
            unit: person
            licence: CC0-1.0
            citation: {en: Own office. Persons., zh: 自有机构：人数。}
            dimensions:
              area: {total: WORLD}
              sex: {}
        """);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Write(string path, string text)
    {
        var full = Path.Combine(_folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text + "\n");
    }
}
