using System.Text;
using Waymark.Casework.Contracts;
using Waymark.Casework.Features;
using Waymark.Casework.Htcds;
using Waymark.Formats.Htcds;
using Waymark.Matching;
using Waymark.Model;
using Waymark.Protection.Contracts;
using Waymark.Storage;
using static Waymark.Casework.Tests.Node;

namespace Waymark.Casework.Tests;

/// <summary>Rows of the case data standard become records and rows again; the people in them are invented.</summary>
public sealed class HtcdsTests
{
    private static readonly string[] s_odd = ["1e5", "007", "TRUE", "-0", "0.10", " edges ", "\"quoted\"", "e\u0301", "小\n明", "{\"value\":1}", "Unaquainted", "=1+1", "2024-02-30", "a;b", "Poverty"];

    [Fact]
    public async Task All_84_fields_go_through_records_and_come_back_with_equal_bytes()
    {
        await using var node = await OpenAsync();
        var standard = Standard(node);
        var cases = Enumerable.Range(0, 22).Select(turn => (IReadOnlyDictionary<string, string>)standard.Fields.ToDictionary(field => field.Code, field => Allowed(standard, field, turn))).ToList();
        var imported = Ok(await node.Cases.ImportAsync(Victims(), "cases.xlsx", await WrittenAsync(standard, cases), HtcdsTrust.Neither, default));
        imported.File.Faults.ShouldBeEmpty();
        imported.Rows.ShouldAllBe(row => row.IsNew && row.Error == null);
        var back = await BackAsync(node, imported);
        standard.Fields.Count(field => cases.Index().All(one => Bytes(one.Item, field.Code).SequenceEqual(Bytes(back[one.Index], field.Code)))).ShouldBe(84);

        // What was read into the register is there as the register says it, and the person with it.
        var record = Ok(await node.Cases.OpenAsync(Victims(), imported.Rows[0].Address!, default));
        record.Document.State.ShouldBe("draft", "an import begins in the first state, too");
        record.Document.One("identity/gender")!.Value.Member("code").ShouldBe("Feminine");
        var person = Ok(await node.Cases.OpenAsync(Victims(), new("person", record.Document.Persons.Single().Person, RecordPartition.Victim), default)).Document;
        person.One("names/1/name")!.Value.Member("given").ShouldBe(cases[0]["prs_FirstName"].Trim());
    }

    [Fact]
    public async Task Whatever_cells_hold_comes_back_and_no_code_is_guessed()
    {
        await using var node = await OpenAsync();
        var standard = Standard(node);
        var cases = s_odd.Select((_, row) => (IReadOnlyDictionary<string, string>)standard.Fields.Select((field, at) => (field.Code, Text: s_odd[(row + at) % s_odd.Length])).ToDictionary()).ToList();
        var imported = Ok(await node.Cases.ImportAsync(Victims(), "cases.xlsx", await WrittenAsync(standard, cases), HtcdsTrust.Neither, default));
        imported.File.Faults.ShouldContain(fault => fault.Code == "htcds.unknown-code" && fault.Where!.Length > 1);
        var back = await BackAsync(node, imported);
        back.Select(one => one.OrderBy(cell => cell.Key)).ShouldBe(cases.Select(one => one.OrderBy(cell => cell.Key)));
        for (var at = 0; at < cases.Count; at++)
        {
            var document = Ok(await node.Cases.OpenAsync(Victims(), imported.Rows[at].Address!, default)).Document;
            foreach (var field in standard.Fields.Where(field => field.List is not null && standard.Code(field.List, cases[at][field.Code]) is null && !cases[at][field.Code].Contains(';')))
            {
                document.Fields.Keys.ShouldNotContain(path => !path.StartsWith("received/") && Documents.RecordDocument.PlanPath(path) == HtcdsRegister.Open(node.Parts.Registers)!.Places[field.Code], field.Code);
            }
        }
    }

    [Fact]
    public async Task The_same_file_makes_nothing_twice_and_a_changed_entry_goes_out_as_it_is_now()
    {
        await using var node = await OpenAsync();
        var standard = Standard(node);
        var file = await WrittenAsync(standard, [new Dictionary<string, string> { ["prs_FirstName"] = "Ama ", ["prs_Gender"] = "Feminine ", ["prs_MailingCountry"] = "TH", ["vic_TypeOfExploitation"] = "Somewhere else" }]);
        var first = Ok(await node.Cases.ImportAsync(Victims(), "cases.xlsx", file, HtcdsTrust.Neither, default));
        first.Rows.Single().AsReceived.ShouldBe(4);
        var again = Ok(await node.Cases.ImportAsync(Victims(), "cases.xlsx", file, HtcdsTrust.Neither, default)).Rows.Single();
        (again.IsNew, again.Address!.Id).ShouldBe((false, first.Rows[0].Address!.Id));
        var view = Ok(await node.Cases.OpenAsync(Victims(), again.Address, default));
        Ok(await node.Cases.ChangeAsync(Victims(), again.Address, new(
            [new("identity/gender", view.Document.Fields["identity/gender"].Version, "NonConforming"), new("exploitation/type-of-exploitation", 0, "ForcedLabour, Servitude")]), default));
        var back = (await BackAsync(node, first)).Single();
        (back["prs_FirstName"], back["prs_MailingCountry"]).ShouldBe(("Ama ", "TH"), "word for word as long as nobody changed it");
        (back["prs_Gender"], back["vic_TypeOfExploitation"]).ShouldBe(("NonConforming", "ForcedLabour;Servitude"));
        (await node.Cases.ImportAsync(Desk(), "cases.xlsx", file, HtcdsTrust.Neither, default)).Error!.Code.ShouldBe("case.nothing", "not for this purpose");
        (await node.Cases.ImportAsync(Victims(), "cases.txt", "no heading"u8.ToArray(), HtcdsTrust.Neither, default)).Error.ShouldNotBeNull();
    }

    [Fact]
    public async Task What_a_row_has_no_room_for_is_said_and_more_than_25_persons_wait__M53()
    {
        await using var node = await OpenAsync();
        var standard = Standard(node);
        var imported = Ok(await node.Cases.ImportAsync(
            Victims(), "cases.xlsx", await WrittenAsync(standard, [.. Enumerable.Range(0, 26).Select(at => new Dictionary<string, string> { ["prs_FirstName"] = $"Ama {at}", ["hte_City"] = "Zuwara" })]), HtcdsTrust.Neither, default));
        var one = imported.Rows[0].Address!;
        Ok(await node.Cases.ChangeAsync(Victims(), one, new([new("events/2/city", 0, "Sabha")]), default));
        var receiver = await node.ReceiverAsync();
        var exported = Ok(await ((IHtcds)node.Cases).ExportAsync(Victims(), Output(receiver, one.Id), default));
        exported.Receiver.Id.ShouldBe(receiver.Id);
        exported.LeftOut.Single().Code.ShouldBe("htcds.one-item");
        exported.Cases.Single()["hte_City"].ShouldBe("Zuwara");
        (await ((IHtcds)node.Cases).ExportAsync(Victims(), Output(receiver, [.. imported.Rows.Select(row => row.Address!.Id)]), default)).Refusal.ShouldNotBeNull();
        (await ((IHtcds)node.Cases).ExportAsync(Victims(), Output(receiver, one.Id) with { Receiver = "nobody" }, default)).Error!.Code.ShouldBe("export.receiver");
    }

    [Fact]
    public async Task A_row_is_a_transfer_of_its_record_and_stays_here_where_the_survivor_did_not_agree_to_this_receiver__F3()
    {
        await using var node = await OpenAsync();
        var imported = Ok(await node.Cases.ImportAsync(
            Victims(), "cases.xlsx", await WrittenAsync(Standard(node), [new Dictionary<string, string> { ["prs_FirstName"] = "Ama" }, new Dictionary<string, string> { ["prs_FirstName"] = "Esi", ["con_Consent"] = "TRUE" }]), HtcdsTrust.Neither, default));
        var (agreed, silent) = (imported.Rows[0].Address!, imported.Rows[1].Address!);
        foreach (var address in new[] { agreed, silent })
        {
            // Whether somebody fears to return is asked before any authority hears of them (F1).
            Ok(await node.Cases.ChangeAsync(Victims(), address, new([new("fears-return", 0, "no")]), default));
        }

        var survivor = Ok(await node.Cases.OpenAsync(Victims(), agreed, default)).Document.Persons.Single().Person;
        (await node.Consents.RecordAsync(new(survivor, "victim-support", "law-enforcement", ConsentChoice.Given, node.Clock.GetUtcNow(), null, "1", "bm", "oral-recorded", true, true, "interpreter-1", null, null, "worker-1"), default))
            .IsOk.ShouldBeTrue();
        var exported = Ok(await ((IHtcds)node.Cases).ExportAsync(Victims(), Output(await node.ReceiverAsync("Harbour Police (invented)", type: "law-enforcement"), agreed.Id, silent.Id), default));
        exported.Cases.Single()["prs_FirstName"].ShouldBe("Ama");
        var withheld = exported.Withheld.Single();
        withheld.Address.ShouldBe(silent, "the consent that a file states opens nothing");
        withheld.Refusal!.In("en").ShouldContain("FLOOR-03");
        (await node.Cases.CopyAsync(exported.Mark, default))!.Records.ShouldBe(1);

        // The workbook as it leaves is no input for linking (M03).
        using var workbook = new MemoryStream();
        (await ((IHtcds)node.Cases).WriteAsync(exported, [], workbook, default)).IsOk.ShouldBeTrue();
        workbook.Position = 0;
        RegisterReader.Read(workbook, "HT.xlsx", new(), default).Error!.Code.ShouldBe("matching.marked-export");
    }

    [Fact]
    public async Task Of_a_masked_field_no_cell_goes_out_nor_what_was_received_for_it_nor_a_word_that_there_is_more()
    {
        await using var node = await OpenAsync();
        var htcds = HtcdsRegister.Open(node.Parts.Registers).ShouldNotBeNull();
        var imported = Ok(await node.Cases.ImportAsync(
            Victims(), "cases.xlsx", await WrittenAsync(htcds.Standard, [new Dictionary<string, string> { ["prs_FirstName"] = "Ama ", ["prs_Gender"] = "Feminine ", ["hte_City"] = "Zuwara" }]), HtcdsTrust.Neither, default));
        Ok(await node.Cases.ChangeAsync(Victims(), imported.Rows[0].Address!, new([new("events/2/city", 0, "Sabha")]), default));
        var document = Ok(await node.Cases.OpenAsync(Victims(), imported.Rows[0].Address!, default)).Document;
        var leftOut = new List<Error>();
        htcds.Cells(document, "HT-1", _ => false, leftOut).Keys.ShouldBe(["prs_FirstName", "prs_Gender", "hte_City"], ignoreOrder: true);
        leftOut.Single().Code.ShouldBe("htcds.one-item");
        leftOut.Clear();
        htcds.Cells(document, "HT-1", field => field.Mask == "name" || field.Group?.Path == "events", leftOut).ShouldBe(new Dictionary<string, string> { ["prs_Gender"] = "Feminine " });
        leftOut.ShouldBeEmpty();
    }

    /// <summary>The headings are those of the published spreadsheet (Waymark.Formats.Tests holds them against it): 38 columns, four of which contradict themselves, one without a code.</summary>
    [Theory]
    [InlineData(HtcdsTrust.Neither, 34)]
    [InlineData(HtcdsTrust.Code, 38)]
    [InlineData(HtcdsTrust.Label, 38)]
    public async Task A_row_of_the_published_spreadsheet_comes_in_and_four_columns_wait_for_somebody_who_says_which_heading_is_right(HtcdsTrust trust, int fields)
    {
        await using var node = await OpenAsync();
        var columns = Standard(node).Template;
        var cells = columns.Select(column => column.Code.StartsWith("prs_Mailing", StringComparison.Ordinal) ? $"cell {column.Column}" : Allowed(Standard(node), Standard(node).Find(column.Field)!, 0).Split(',')[0]).ToList();
        string Line(IEnumerable<string> texts) => "," + string.Join(',', texts) + "\n";
        var sheet = Line(columns.Select(column => column.Code)) + Line(columns.Select(column => column.Label)) + "1" + Line(cells) + "2" + Line(columns.Select(_ => "")) + "3,too short\n";
        var imported = Ok(await node.Cases.ImportAsync(Victims(), "cases.csv", Encoding.UTF8.GetBytes(sheet), trust, default));
        (imported.File.Fields.Count, imported.File.Cases.Count, imported.File.Aside.Count, imported.Rows.Count).ShouldBe((fields, 1, 1, 1), "a row with fewer cells stands aside");
        imported.File.Faults.Where(fault => fault.Code == "htcds.heading-contradicts").Select(fault => fault.Where).ShouldBe(["N1", "O1", "Q1", "R1"]);
        var exported = Ok(await ((IHtcds)node.Cases).ExportAsync(Victims(), Output(await node.ReceiverAsync(), imported.Rows[0].Address!.Id), default));
        for (var at = 0; at < columns.Count; at++)
        {
            var column = columns[at];
            var isDisputed = column.Column is "N" or "O" or "Q" or "R";
            var field = isDisputed && trust == HtcdsTrust.Code ? column.Code : column.Field;
            exported.Cases[0].GetValueOrDefault(field, "").ShouldBe(isDisputed && trust == HtcdsTrust.Neither ? "" : cells[at], column.Column);
        }

        exported.LeftOut.Select(left => left.Code).ShouldBe(trust == HtcdsTrust.Neither ? ["htcds.unplaced"] : []);
        var kept = Ok(await node.Cases.OpenAsync(Victims(), imported.Rows[0].Address!, default)).Document.Fields.Where(field => field.Key.StartsWith("received/", StringComparison.Ordinal));
        kept.Count(field => field.Key.EndsWith("/text", StringComparison.Ordinal) && field.Value.Claims[0].Value.Text.StartsWith("cell ", StringComparison.Ordinal)).ShouldBe(trust == HtcdsTrust.Neither ? 4 : 1, "word for word in the record");
    }

    private static CaseDesk Victims() => Desk(purpose: "victim-support");

    private static ExportRequest Output(Receiver receiver, params string[] records) => new("trafficking-victim", records, receiver.Id, "hand over to the shelter");

    private static HtcdsStandard Standard(Node node) => HtcdsRegister.Open(node.Parts.Registers).ShouldNotBeNull().Standard;

    private static byte[] Bytes(IReadOnlyDictionary<string, string> cells, string field) => Encoding.UTF8.GetBytes(cells.GetValueOrDefault(field, "absent"));

    private static async Task<byte[]> WrittenAsync(HtcdsStandard standard, IReadOnlyList<IReadOnlyDictionary<string, string>> cases)
    {
        using var memory = new MemoryStream();
        (await HtcdsWriter.WriteAsync(cases, memory, standard, new(EmptyRows: 0))).IsOk.ShouldBeTrue();
        return memory.ToArray();
    }

    /// <summary>Out of the records into a workbook and read from there, in the order of the rows that came in.</summary>
    private static async Task<IReadOnlyList<IReadOnlyDictionary<string, string>>> BackAsync(Node node, HtcdsImported imported)
    {
        // One output of all; its rows stand in the order of their records.
        var ids = imported.Rows.Select(row => row.Address!.Id).ToArray();
        var exported = Ok(await ((IHtcds)node.Cases).ExportAsync(Victims(), Output(await node.ReceiverAsync(), ids), default));
        exported.LeftOut.ShouldBeEmpty();
        using var memory = new MemoryStream();
        (await node.Cases.WriteAsync(exported, [], memory, default)).Value.ShouldBe(ids.Length);
        var read = node.Cases.Read("back.xlsx", memory.ToArray(), HtcdsTrust.Neither, default).Value.Cases;
        var rows = ids.Order(StringComparer.Ordinal).Zip(read).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);
        return [.. ids.Select(id => rows[id].Values.ToDictionary(cell => cell.Key, cell => cell.Value.Text))];
    }

    /// <summary>A value that the field allows, in another wording at every turn.</summary>
    private static string Allowed(HtcdsStandard standard, HtcdsField field, int turn) => field.Kind switch
    {
        HtcdsKind.Choice when field.IsMultiple && turn % 2 == 1 => Pick(standard, field, turn) + ";" + Pick(standard, field, turn + 1),
        HtcdsKind.Choice => Pick(standard, field, turn),
        HtcdsKind.Country => new[] { "TH", "MMR", "Lao People's Democratic Republic" }[turn % 3],
        HtcdsKind.Language => new[] { "bam", "km", "chi", "zho" }[turn % 4],
        HtcdsKind.Date => new[] { "1998", "2024-02", "2024-02-29", "1899-12-31" }[turn % 4],
        HtcdsKind.Checkbox => turn % 2 == 0 ? "TRUE" : "FALSE",
        HtcdsKind.Number => turn.ToString(System.Globalization.CultureInfo.InvariantCulture),
        HtcdsKind.Degrees => new[] { "13.7500", "-0.5", "0", "89.123456789012345" }[turn % 4],
        _ => $"{field.Label.In("zh")} {turn}, \"=1+1\"\n第二行 ",
    };

    private static string Pick(HtcdsStandard standard, HtcdsField field, int turn)
    {
        var codes = standard.Codes[field.List!];
        var code = codes[turn % codes.Count];
        return (turn / codes.Count % 3) switch { 0 => code.Code, 1 => code.Label.In("en"), _ => code.Template.Length > 0 ? code.Template : code.Code };
    }
}
