using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Casework.Engine;
using Waymark.Casework.Registers;
using Waymark.Packs;
using static Waymark.Casework.Tests.Node;

namespace Waymark.Casework.Tests;

/// <summary>From one edition of a pack to the next and back, on both stores, with persons erased, people at work and a cut in the middle.</summary>
public sealed class MigrationTests
{
    private const string Head = """
        id: edited
        kind: registers
        version: VERSION
        title: {en: Letters, zh: 信件}
        one: {en: letter, zh: 信件}
        source: a test
        licence: CC0-1.0
        module: casework
        reference: LT
        profiles: [humanitarian]
        partition: missing
        class: tracing
        system: tracing
        purposes: [family-tracing, missing-persons]
        sensitivity: high
        facts: {recipient.type: none, data.form: case-file, data.source: person, data.identifiable: "true"}
        retention: {months: 12, then: review, en: test, zh: 测试}
        persons:
          - {role: sought, en: sought, zh: 被寻者, category: missing-person, least: 0, most: 2, principal: true}
          - {role: writer, en: writer, zh: 写信人, category: family-member, least: 0, most: 2}

        """;

    private const string First = Head + """
        codelists:
          outcome:
            version: 1.0.0
            codes:
              - {code: alive-contact, en: alive and writes, zh: 健在并通信}
              - {code: dead, en: died, zh: 身故}
              - {code: unclear, en: unclear, zh: 不明}
        fields:
          - {id: cause, type: text, en: cause, zh: 原因, category: narrative, claim: true}
          - {id: note, type: text, long: true, en: note of the writer, zh: 写信人备注, category: narrative, about: writer}
          - {id: outcome, type: code, codes: outcome, en: outcome, zh: 结果, category: none}
          - {id: safe, type: yes-no, en: safe, zh: 安全, category: none}
          - id: seen
            type: group
            repeated: true
            en: seen
            zh: 所见
            fields:
              - {id: at, type: place, en: place, zh: 地点}
        states:
          - {id: waiting, en: waiting, zh: 等待, initial: true}
          - {id: done, en: done, zh: 完成, terminal: true}
        transitions:
          - {id: finish, en: finish, zh: 完成, from: [waiting], to: done}
        view: {columns: [outcome], filters: [outcome], print: [cause]}

        """;

    private const string Second = Head + """
        codelists:
          result:
            version: 1.0.0
            codes:
              - {code: alive, en: alive, zh: 健在}
              - {code: dead, en: died, zh: 身故}
          safety:
            version: 1.0.0
            codes:
              - {code: "yes", en: safe, zh: 安全}
              - {code: "no", en: not safe, zh: 不安全}
          urgency:
            version: 1.0.0
            codes:
              - {code: normal, en: normal, zh: 一般}
              - {code: urgent, en: urgent, zh: 紧急}
        fields:
          - {id: reason, type: text, en: reason, zh: 缘由, category: narrative, claim: true}
          - {id: result, type: code, codes: result, en: result, zh: 结果, category: none}
          - {id: contact, type: yes-no, en: in contact, zh: 有联系, category: none}
          - {id: safety, type: code, codes: safety, en: safety, zh: 安全状况, category: none}
          - {id: urgency, type: code, codes: urgency, en: urgency, zh: 紧急程度, category: none}
          - {id: wish, type: text, en: wish, zh: 意愿, category: narrative}
          - id: sightings
            type: group
            repeated: true
            en: sightings
            zh: 目击
            fields:
              - {id: where, type: place, en: place, zh: 地点}
        states:
          - {id: open, en: open, zh: 受理, initial: true}
          - {id: done, en: done, zh: 完成, terminal: true}
        transitions:
          - {id: finish, en: finish, zh: 完成, from: [open], to: done, requires: [wish]}
        view: {columns: [result], filters: [result], print: [reason]}
        migrations:
          - from: 1.0.0
            states: {waiting: open}
            fields:
              - {do: rename, field: cause, to: reason}
              - {do: rename, field: seen/at, to: sightings/where}
              - {do: convert, field: safe, to: safety, by: yes-no-to-code}
              - {do: archive, field: note}
              - do: split
                field: outcome
                codes:
                  alive-contact: {result: alive, contact: "yes"}
                  dead: {result: dead}
              - {do: add, field: urgency, value: normal}
              - {do: add, field: wish, ask: true}

        """;

    [Theory]
    [MemberData(nameof(StoreMatrix.Kinds), MemberType = typeof(StoreMatrix))]
    public async Task Records_keep_their_edition_until_somebody_migrates_them_and_come_back(string kind)
    {
        await using var node = await OpenAsync(First.Replace("VERSION", "1.0.0", StringComparison.Ordinal), await StoreMatrix.OpenerAsync(kind));
        var (sought, writer) = (await node.PersonAsync("Amina Hassan"), await node.PersonAsync("Yusuf Hassan"));
        var full = await MadeAsync(node, [("sought", sought.Id), ("writer", writer.Id)],
            ("cause", "storm"), ("note", "asks for discretion"), ("outcome", "alive-contact"), ("safe", "yes"), ("seen/x/at", "Zuwara"), ("seen/y/at", "Sabha"));
        var odd = await MadeAsync(node, [("sought", sought.Id)], ("outcome", "unclear"), ("safe", "unknown"));
        var before = Ok(await node.Cases.OpenAsync(Desk(), full, default)).Document;

        var (cases, moving) = Later(node, Second);
        var kept = Ok(await cases.OpenAsync(Desk(), full, default));
        (kept.Plan.Version, kept.Document.State, kept.Document.One("cause")!.Value.Text).ShouldBe(("1.0.0", "waiting", "storm"));
        Ok(await cases.ChangeAsync(Desk(), odd, new([new("cause", 0, "flood")]), default));
        Ok(await cases.ListAsync(Desk(), new("edited"), default)).Rows.Select(row => row.StateName.In("en")).ShouldBe(["waiting", "waiting"]);
        var newer = await MadeAsync(node, [], cases, ("reason", "new"));

        var preview = (await moving.PreviewAsync("edited", default)).Value;
        preview.Faults.ShouldBeEmpty();
        preview.Records.ShouldBe(2);
        preview.Versions.Select(version => (version.Version, version.Records, version.HasWay)).ShouldBe([("1.0.0", 2, true), ("2.0.0", 1, false)]);
        preview.Effects.Select(effect => (effect.Path, effect.Values, effect.Kept)).ShouldBe(
            [("cause", 2, 0), ("note", 0, 1), ("outcome", 1, 1), ("safe", 1, 1), ("seen/at", 2, 0), ("urgency", 2, 0), ("wish", 2, 0)]);
        preview.Effects.Single(effect => effect.Path == "outcome").KeptCodes.ShouldBe(["unclear"]);
        Ok(await cases.OpenAsync(Desk(), full, default)).Document.PackVersion.ShouldBe("1.0.0", "a preview changes nothing");

        var run = (await moving.ApplyAsync("admin-1", "edited", default)).Value;
        (run.Records, run.Kept, run.Asked, run.IsFinished).ShouldBe((2, 3, 2, true));
        var now = Ok(await cases.OpenAsync(Desk(), full, default));
        (now.Plan.Version, now.Document.State, now.Document.PackHash).ShouldBe(("2.0.0", "open", now.Plan.Hash));
        now.Document.Fields.ToDictionary(field => field.Key, field => field.Value.Claims.Single().Value.Member("code") ?? field.Value.Claims.Single().Value.Member("text") ?? field.Value.Claims.Single().Value.Text)
            .ShouldBe(new Dictionary<string, string>
            {
                ["contact"] = "yes", ["reason"] = "storm", ["result"] = "alive", ["safety"] = "yes", ["sightings/x/where"] = "Zuwara", ["sightings/y/where"] = "Sabha", ["urgency"] = "normal",
            }, ignoreOrder: true);
        now.Document.One("reason")!.ShouldBe(before.One("cause"));
        now.Document.Asked.ShouldBe(["wish"]);
        now.Document.StateSince.ShouldBe(before.StateSince);
        Ok(await cases.OpenAsync(Desk(), newer, default)).Document.Version.ShouldBe(1);
        var history = Ok(await cases.HistoryAsync(Desk(), full, default));
        var line = history.Lines[^1];
        (line.Operation.Kind, line.Operation.By, line.Operation.Group).ShouldBe((OperationKind.Migrate, "admin-1", run.Id));
        line.Operation.Changes.Single(change => change.Path == "note").Before!.Claims.Single().Value.Text.ShouldBe("asks for discretion", "kept in the history");
        line.Field("note")!.Name.In("en").ShouldBe("note of the writer");
        RecordJson.Bytes(RecordMachine.Replay(history.Lines.Select(known => known.Operation)).Value).ShouldBe(RecordJson.Bytes(now.Document));
        (await moving.ApplyAsync("admin-1", "edited", default)).Error!.Code.ShouldBe("migration.none");
        (await cases.UndoAsync(Desk(), full, line.Version, "no", default)).Error!.Code.ShouldBe("undo.migration");

        // Work goes on: a renamed value is corrected, the question answered.
        Ok(await cases.ChangeAsync(Desk(), full, new([new("reason", now.Document.Fields["reason"].Version, "sandstorm"), new("wish", 0, "a call")]), default));
        Ok(await cases.OpenAsync(Desk(), full, default)).Document.Asked.ShouldBeEmpty();
        var back = (await moving.UndoAsync("admin-1", "edited", default)).Value;
        (back.Records, back.Stayed).ShouldBe((2, 0));
        var returned = Ok(await cases.OpenAsync(Desk(), full, default)).Document;
        (returned.PackVersion, returned.State).ShouldBe(("1.0.0", "waiting"));
        returned.Fields.Keys.ShouldBe(before.Fields.Keys);
        returned.One("cause")!.Value.Text.ShouldBe("sandstorm", "what was entered since goes back under the old name");
        returned.One("note").ShouldBe(before.One("note"));
        returned.One("outcome").ShouldBe(before.One("outcome"));
        var all = Ok(await cases.HistoryAsync(Desk(), full, default));
        RecordJson.Bytes(RecordMachine.Replay(all.Lines.Select(known => known.Operation)).Value).ShouldBe(RecordJson.Bytes(returned));
        all.Lines[^1].Operation.Changes.Single(change => change.Path == "wish").Before!.Claims.Single().Value.Text.ShouldBe("a call", "nothing entered is lost");
        (await moving.UndoAsync("admin-1", "edited", default)).Error!.Code.ShouldBe("migration.none");
        (await moving.ApplyAsync("admin-1", "edited", default)).Value.Records.ShouldBe(2, "it may be done again");
    }

    [Fact]
    public async Task What_a_migration_kept_aside_goes_with_the_person_it_is_about()
    {
        await using var node = await OpenAsync(First.Replace("VERSION", "1.0.0", StringComparison.Ordinal));
        var (sought, writer) = (await node.PersonAsync("Amina Hassan"), await node.PersonAsync("Yusuf Hassan"));
        var record = await MadeAsync(node, [("sought", sought.Id), ("writer", writer.Id)], ("cause", "storm"), ("note", "asks for discretion"));
        var (cases, moving) = Later(node, Second);
        (await moving.ApplyAsync("admin-1", "edited", default)).IsOk.ShouldBeTrue();
        Ok(await cases.HistoryAsync(Desk(), record, default)).Lines[^1].Operation.Changes.ShouldContain(change => change.Path == "note");
        var vault = new RecordVault(node.Keys);
        await vault.EraseAsync(writer.Id, default);
        var stored = new List<Waymark.Storage.StoredOperation>();
        await foreach (var one in node.Store.Records.HistoryAsync(Waymark.Storage.RecordPartition.Missing, "edited", record.Id, default))
        {
            stored.Add(one);
        }

        var envelope = RecordJson.Read<Envelope>(stored[^1].Operation.Span);
        var paths = Sealing.OpenOperation(record.Id, envelope, envelope.Of((await vault.RingAsync(Waymark.Storage.RecordPartition.Missing, envelope.Persons, create: false, default, "edited/" + record.Id)).Value)!).Changes.Select(change => change.Path).ToList();
        paths.ShouldNotContain("note");
        paths.ShouldContain("reason");
    }

    [Fact]
    public async Task A_migration_that_was_cut_off_goes_on_as_the_same_one()
    {
        await using var node = await OpenAsync(First.Replace("VERSION", "1.0.0", StringComparison.Ordinal));
        for (var at = 0; at < 5; at++)
        {
            await MadeAsync(node, [], ("cause", "storm " + at));
        }

        var (_, moving) = Later(node, Second);
        using var cut = new CancellationTokenSource();
        var store = new CuttingStore(node.Store, 4, cut);
        var broken = new Migrations(node.Parts with { Registers = LibraryOf(Second, "2.0.0"), Store = store });
        await Should.ThrowAsync<OperationCanceledException>(() => broken.ApplyAsync("admin-1", "edited", cut.Token));
        var half = (await moving.PreviewAsync("edited", default)).Value;
        half.Records.ShouldBeInRange(1, 4);
        half.Last!.IsFinished.ShouldBeFalse();
        (await moving.ApplyAsync("admin-2", "edited", default)).Value.Id.ShouldBe(half.Last.Id);
        (await moving.PreviewAsync("edited", default)).Value.Records.ShouldBe(0);
        (await moving.UndoAsync("admin-1", "edited", default)).Value.Records.ShouldBe(5, "the whole comes back, both halves");
    }

    [Theory]
    [InlineData("      - {do: archive, field: note}\n", "", "the field is gone")]
    [InlineData("states: {waiting: open}", "states: {}", "the state is gone")]
    [InlineData("{id: reason, type: text,", "{id: reason, type: date,", "of another type")]
    [InlineData("{id: reason, type: text,", "{id: reason, type: text, sensitivity: low,", "milder rules")]
    [InlineData("by: yes-no-to-code", "by: code-to-codes", "does not fit")]
    [InlineData("zh: 缘由, category: narrative,", "zh: 缘由, category: narrative, about: writer,", "as somebody else's")]
    [InlineData("purposes: [family-tracing, missing-persons]", "purposes: [family-tracing, missing-persons, protection]", "more purposes")]
    [InlineData("{role: writer, en: writer, zh: 写信人, category: family-member, least: 0, most: 2}", "{role: author, en: writer, zh: 写信人, category: family-member, least: 0, most: 2}", "cannot end")]
    public async Task A_way_that_would_lose_or_loosen_anything_is_refused_as_a_whole__M13(string from, string to, string says)
    {
        await using var node = await OpenAsync(First.Replace("VERSION", "1.0.0", StringComparison.Ordinal));
        await MadeAsync(node, [], ("cause", "storm"));
        Second.ShouldContain(from);
        var (_, moving) = Later(node, Second.Replace(from, to, StringComparison.Ordinal));
        (await moving.PreviewAsync("edited", default)).Value.Faults.ShouldContain(fault => fault.Message.In("en").Contains(says, StringComparison.Ordinal));
        (await moving.ApplyAsync("admin-1", "edited", default)).Error!.Code.ShouldBe("register.migration");
    }

    [Theory]
    [InlineData("to: reason}", "to: raeson}", "pack.unknown-word")]
    [InlineData("value: normal}", "value: nromal}", "value.unknown-code")]
    [InlineData("field: cause,", "field: reason,", "register.migration")]
    [InlineData("states: {waiting: open}", "states: {waiting: opne}", "pack.unknown-word")]
    [InlineData("{result: dead}", "{result: deda}", "register.migration")]
    [InlineData("from: 1.0.0", "from: 2.0.0", "register.migration")]
    [InlineData("wish, ask: true}", "wish}", "register.migration")]
    public void A_faulty_declaration_is_named_with_its_line(string from, string to, string code)
    {
        var text = Second.Replace("VERSION", "2.0.0", StringComparison.Ordinal);
        text.ShouldContain(from);
        var (plan, errors) = RepositoryPacks.Written(text.Replace(from, to, StringComparison.Ordinal));
        plan.ShouldBeNull();
        errors.ShouldContain(error => error.Contains(code, StringComparison.Ordinal) && error.Contains("edited.yaml:", StringComparison.Ordinal), string.Join('\n', errors));
    }

    private static RegisterLibrary LibraryOf(string text, string version)
    {
        var outcome = PackLibrary.Load([RepositoryPacks.Node("", text.Replace("VERSION", version, StringComparison.Ordinal))]);
        outcome.Errors.Select(error => error.ToString()).ShouldBeEmpty();
        var registers = RegisterLibrary.Read(outcome.Library, null);
        registers.Errors.Select(error => error.ToString()).ShouldBeEmpty();
        return registers;
    }

    private static (Waymark.Casework.Features.Casework Cases, Migrations Moving) Later(Node node, string text)
    {
        var registers = LibraryOf(text, "2.0.0");
        var parts = node.Parts with { Registers = registers };
        return (new(parts), new(parts));
    }

    private static Task<RecordAddress> MadeAsync(Node node, IReadOnlyList<(string, string)> persons, params (string Path, string Value)[] values) => MadeAsync(node, persons, node.Cases, values);

    private static async Task<RecordAddress> MadeAsync(Node node, IReadOnlyList<(string, string)> persons, Waymark.Casework.Features.Casework cases, params (string Path, string Value)[] values)
    {
        node.Clock.Advance(TimeSpan.FromSeconds(1));
        return Ok(await cases.CreateAsync(Desk(), new("edited", null, values.ToDictionary(value => value.Path, value => value.Value, StringComparer.Ordinal), persons), default)).Address;
    }
}
