using System.Reflection;
using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Casework.People;
using Waymark.Casework.Requests;
using Waymark.Casework.Tests;
using Waymark.Protection.Contracts;
using Waymark.Rules;
using Waymark.Storage;
using static Waymark.Casework.Tests.Node;

namespace Waymark.Misuse.Tests;

/// <summary>
/// Nothing about a person goes to a party barred for that person, by any output (F10, M22, M28). What writes for somebody outside is found by reflection over the contracts of case work and by the
/// steps of all registers, so that a new writer without a test fails here. Everybody is invented.
/// </summary>
[Missing("M22", "what another node and its attachments hold comes with exchange (part 6)")]
[Missing("M28", "drawings, calendars and codes to scan come with publication (part 7); a step of return that asks a consulate is stopped by its decisions, not by a bar")]
public sealed class G04OutputTests
{
    private const string Organisation = "Harbour Network";

    private const string Area = "TUN";

    /// <summary>What hands something to a reader outside, with the attempt: whether it was refused, and whether it has to be.</summary>
    private static readonly Dictionary<string, Func<World, Task<IReadOnlyList<(bool IsRefused, bool IsBarred)>>>> s_writers = new(StringComparer.Ordinal)
    {
        ["ICasework.PrintAsync"] = async world =>
        {
            var seen = new List<(bool, bool)>();
            foreach (var record in (RecordAddress[])[world.Request, world.Sought])
            {
                var elsewhere = Ok(await world.Node.Cases.PrintAsync(Desk(), record, new(null, "Somebody Else", "CHE") { Kind = "humanitarian-organisation" }, default));
                var printed = await world.Node.Cases.PrintAsync(Desk(), record, world.Reader, default);
                seen.Add((printed.Error?.Code == "output.barred", world.Bars(elsewhere.Lines.Select(line => line.Field.Mask))));
            }

            return seen;
        },
        ["IBulkActions.ExportAsync"] = async world =>
        {
            var export = Ok(await world.Node.Cases.ExportAsync(Desk(), new("tracing", [world.Request.Id], world.Receiver.Id, "asked"), default));
            return [(export.Rows.Count == 0, world.Kind != "person" && world.Bars(export.Plan.View.Columns.Select(column => column.Mask)))];
        },
        ["IHtcds.ExportAsync"] = async world =>
        {
            var desk = Desk(purpose: "victim-support");
            var person = Ok(await world.Node.Cases.CreateAsync(desk, new("person", null, world.Values(("names/a/name", "Mariam Invented"), ("birth", "1990")), [], RecordPartition.Victim), default)).Address;
            (await world.Node.Consents.RecordAsync(new(person.Id, "victim-support", "humanitarian-organisation", ConsentChoice.Given, world.Node.Clock.GetUtcNow(), null, "1", "ar", "oral-recorded", true, true, "interpreter-1", null, null, "worker-1"), default)).IsOk.ShouldBeTrue();
            var record = Ok(await world.Node.Cases.CreateAsync(desk, new("trafficking-victim", null, new Dictionary<string, string>(StringComparer.Ordinal) { ["age-group"] = "adult" }, [("survivor", person.Id)]), default)).Address;
            var rows = await ((IHtcds)world.Node.Cases).ExportAsync(desk, new("trafficking-victim", [record.Id], world.Receiver.Id, "asked"), default);
            var htcds = Waymark.Casework.Htcds.HtcdsRegister.Open(world.Node.Cases.Registers)!;
            return [((rows.Value?.Cases.Count ?? 0) == 0, world.Kind != "person" && world.Bars(htcds.Places.Values.Select(path => htcds.Plan.Field(path)!.Mask)))];
        },
        ["IMessages.WriteAsync"] = async world =>
        {
            // Free words may hold anything: any bar stops them.
            var said = await world.Node.Cases.WriteAsync(Desk(), world.Request, new(MessageKind.Sent, "We look for her. (invented)", world.Enquirer.Id, 0), default);
            return [(said.Error?.Code == "output.barred", world.Kind == "person" && world.Fields is not null)];
        },
        ["ITracing.DisclosureAsync"] = static _ => Task.FromResult<IReadOnlyList<(bool, bool)>>([]),
    };

    /// <summary>What speaks of channels or bytes and hands nothing to anybody but who works on the record, with the reason.</summary>
    private static readonly Dictionary<string, string> s_inside = new(StringComparer.Ordinal)
    {
        ["IMessages.ThreadAsync"] = "shows who may be written to, to whoever works on the case",
        ["IAccessAnswers.KeptAsync"] = "is for the person alone (M31), and stops where somebody in the request is barred",
        ["ICaseFiles.ReadFileAsync"] = "shows a file to whoever works on the record",
        ["IHtcds.WriteAsync"] = "writes the rows that the export let out",
    };

    [Fact]
    [Proves(Parts.All, Door.Module, Door.Print, Door.Export, Door.PackFolder)]
    public async Task M28_no_writer_gives_a_barred_party_what_is_barred_for_it_and_others_get_it()
    {
        using var trial = new Trial();
        await trial.RefusedAsync(Door.Module, () =>
        {
            var found = Writers().ToHashSet(StringComparer.Ordinal);
            var untried = found.Except(s_writers.Keys.Concat(s_inside.Keys), StringComparer.Ordinal).Concat(s_writers.Keys.Concat(s_inside.Keys).Except(found, StringComparer.Ordinal)).ToList();
            return Task.FromResult(new Seen(untried.Count > 0, "every.writer", string.Join(' ', untried)));
        }, "every.writer");
        var refused = 0;
        foreach (var kind in new[] { "organisation", "area", "person" })
        {
            await using var node = await OpenAsync();
            var receiver = await node.ReceiverAsync(Organisation, Area);
            foreach (var fields in (string?[])[null, "", "name", "photo"])
            {
                var world = await World.MakeAsync(node, receiver, kind, fields);
                foreach (var (name, write) in s_writers)
                {
                    foreach (var (isRefused, isBarred) in await write(world))
                    {
                        refused += isRefused ? 1 : 0;
                        if (isBarred)
                        {
                            await trial.RefusedAsync(name switch { "ICasework.PrintAsync" => Door.Print, "IBulkActions.ExportAsync" or "IHtcds.ExportAsync" => Door.Export, _ => Door.Module }, () => Task.FromResult(new Seen(!isRefused, "output.barred", $"{name}: {kind} {fields}")));
                        }
                        else
                        {
                            await trial.PassesAsync(() => Task.FromResult(!isRefused), $"{name}: {kind} {fields ?? "no bar"}");
                        }
                    }
                }
            }
        }

        refused.ShouldBeGreaterThan(8);

        // Every step of every register that goes to somebody outside: where the receiver is barred, or nobody knows whether, the floor says no.
        foreach (var (action, recipient) in Steps())
        {
            await trial.RefusedAsync(Door.PackFolder, () => Task.FromResult(Barred(Shipped.Rules, action, recipient, true)), "FLOOR-10");
            await trial.RefusedAsync(Door.PackFolder, () => Task.FromResult(Barred(Shipped.Rules, action, recipient, null)), "FLOOR-10");
            await trial.PassesAsync(() => Task.FromResult(Barred(Shipped.Rules, action, recipient, false).Harm), $"{action} to {recipient}");
        }

        await trial.HarmsWithoutAsync("F10, in a step", () => Task.FromResult(Barred(Shipped.Without("floor", "FLOOR-10"), "transfer", "law-enforcement", true)));
        await using var open = await WithoutAsync("FLOOR-10");
        await trial.HarmsWithoutAsync("F10, in a list", async () =>
        {
            var world = await World.MakeAsync(open, await open.ReceiverAsync(Organisation, Area), "organisation", "");
            return new(Ok(await open.Cases.ExportAsync(Desk(), new("tracing", [world.Request.Id], world.Receiver.Id, "asked"), default)).Rows.Count > 0, null);
        });
    }

    [Fact]
    [Proves(Parts.All, Door.Module, Door.Print, Door.Export)]
    public async Task M22_no_output_of_any_register_reaches_the_State_of_feared_harm_about_anybody_named_in_it()
    {
        using var trial = new Trial();
        async Task<Seen> ExportAsync(Node node, Receiver receiver)
        {
            var world = await World.MakeAsync(node, receiver, "feared", null);
            var list = await node.Cases.ExportAsync(Desk(), new("tracing", [world.Request.Id], world.Receiver.Id, "asked"), default);
            return new(list.Value?.Rows.Count > 0, list.Error?.Code ?? list.Refusal?.Code ?? "withheld");
        }

        await using (var node = await OpenAsync())
        {
            var receiver = await node.ReceiverAsync(Organisation, Area);
            await trial.RefusedAsync(Door.Export, () => ExportAsync(node, receiver));
            var world = await World.MakeAsync(node, receiver, "feared", null);
            foreach (var record in (RecordAddress[])[world.Request, world.Sought])
            {
                await trial.RefusedAsync(Door.Print, async () => await node.Cases.PrintAsync(Desk(), record, world.Reader, default) is var sheet ? new(sheet.IsOk, sheet.Error?.Code ?? sheet.Refusal?.Code) : null!, "output.barred");
            }

            await trial.PassesAsync(async () => (await node.Cases.PrintAsync(Desk(), world.Request, new(null, "Somebody Else", "CHE") { Kind = "humanitarian-organisation" }, default)).IsOk, "a reader elsewhere");

            // What two offices agreed says where the receiver lies, whatever it is called: Switzerland here.
            var review = await Activities.TransferReviewedAsync(node, "humanitarian-organisation");
            await trial.RefusedAsync(Door.Module, async () => Told(await ReferredAsync(node, [("feared-areas", "CHE")], "House", review)));
            await trial.RefusedAsync(Door.Module, async () => Told(await ReferredAsync(node, [("barred/1/party", """{"system":"organisation","value":"harbour house"}""")], "House", review)));
            foreach (var to in (string[])[Organisation, "Harbour Network (invented), " + Area, "Tunis; HARBOUR NETWORK; " + Area])
            {
                await trial.RefusedAsync(Door.Module, async () => Told(await ReferredAsync(node, [("barred/1/party", """{"system":"organisation","value":" harbour network"}""")], to)));
            }

            await trial.PassesAsync(async () => (await ReferredAsync(node, [("feared-areas", "ERI")], "House", review)).Value?.State == "requested", "an area that is not feared");
        }

        // Not of one register alone: whoever a review or the file itself names is looked at in each, and where nobody is named it stays unknown.
        foreach (var plan in RepositoryPacks.Registers().All.Where(plan => plan.Transitions.Any(step => step.Action is "transfer" or "refer")))
        {
            var feared = Document("person", ("feared-areas", """{"codes":["TUN"]}"""));
            await trial.RefusedAsync(Door.Module, () => Task.FromResult(Said(Document(plan.Id, ("direction", """{"code":"outgoing"}"""), ("requested-area", """{"code":"TUN"}""")), Document("transfer-review", ("recipient-area", """{"code":"TUN"}""")), feared)), "true");
            await trial.RefusedAsync(Door.Module, () => Task.FromResult(Said(Document(plan.Id, ("requesting-authority", "\"TUN\""), ("requesting-area", """{"code":"TUN"}""")), plan.Id == "assistance-request" ? null : Document("transfer-review", ("recipient-name", "\"Office, TUN\"")), feared)), "true");
            await trial.PassesAsync(() => Task.FromResult(Said(Document(plan.Id, ("direction", """{"code":"outgoing"}"""), ("requested-area", """{"code":"CHE"}""")), Document("transfer-review", ("recipient-area", """{"code":"CHE"}""")), feared).Harm), plan.Id);
            if (plan.Id != "assistance-request")
            {
                await trial.RefusedAsync(Door.Module, () => Task.FromResult(Said(Document(plan.Id), null, feared)), "unknown");
            }
        }

        await using var open = await WithoutAsync("FLOOR-10");
        await trial.HarmsWithoutAsync("F10", async () => await ExportAsync(open, await open.ReceiverAsync(Organisation, Area)));

        static Seen Told(CaseAnswer<Changed> answer) => new(answer.IsOk, answer.Error?.Code ?? answer.Refusal?.Code);

        static Seen Said(RecordDocument record, RecordDocument? review, RecordDocument person)
        {
            var facts = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal) { ["recipient.barred"] = ["false"] };
            ReceiverChecks.State(facts, "transfer", record, review, [person]);
            var said = facts.GetValueOrDefault("recipient.barred")?[0] ?? "unknown";
            return new(said == "false", said);
        }
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("contact", true)]
    [InlineData("photo", false)]
    [InlineData(null, false)]
    public async Task M28_whoever_bars_the_one_who_asks_after_agreeing_is_not_told_on_and_the_answer_is_that_of_nothing(string? fields, bool isBarred)
    {
        await using var node = await OpenAsync();
        var (request, person) = await Traced.AgreedAsync(node);
        var enquirer = Ok(await node.Cases.OpenAsync(Desk(), request, default)).Document.Persons.Single(one => one.Role == "enquirer").Person;

        // The lawful neighbour: the same rule about somebody else.
        var who = fields is null ? new string('f', 32) : enquirer;
        var entries = new List<FieldEntry> { new("barred/1/party", 0, $$"""{"system":"person","value":"{{who}}"}""") };
        entries.AddRange(fields is { Length: > 0 } ? [new FieldEntry("barred/1/fields", 0, fields)] : []);
        Ok(await node.Cases.ChangeAsync(Desk(South), person, new(entries), default));
        var seen = Ok(await node.Cases.OpenAsync(Desk(), request, default)).Document.StateVersion;
        var told = await node.Cases.DisclosureAsync(Desk(), request, default);
        (told.Error?.Code == "tracing.nothing-to-tell").ShouldBe(isBarred, told.Error?.Code);
        var step = await node.Cases.StepAsync(Desk(Colleague), request, "tell", seen, null, default);
        (step.Error?.Code == "tracing.nothing-to-tell").ShouldBe(isBarred, step.Error?.Code);
    }

    /// <summary>Methods of case work that name a reader outside, or answer with a receiver, a channel to somebody or bytes.</summary>
    private static IEnumerable<string> Writers() =>
        from contract in typeof(ICasework).Assembly.GetExportedTypes().Where(type => type.IsInterface && type.IsAssignableFrom(typeof(Waymark.Casework.Features.Casework)))
        from method in contract.GetMethods()
        where method.GetParameters().Any(parameter => NamesReader(parameter.ParameterType)) || Holds(method.ReturnType, [])
        select $"{contract.Name}.{method.Name}";

    private static bool NamesReader(Type type) => type == typeof(OutputParty) || (type.Namespace == typeof(ICasework).Namespace && type.IsClass
        && (type.GetProperty("Receiver") is not null || (type.GetProperty("Person") is not null && type.GetProperty("Channel") is not null)));

    private static bool Holds(Type type, HashSet<Type> seen)
    {
        if (type == typeof(Receiver) || type == typeof(SafeChannel) || type == typeof(byte[]))
        {
            return true;
        }

        var inner = (type.IsGenericType ? type.GetGenericArguments() : []).Concat(type.HasElementType ? [type.GetElementType()!] : []);
        var own = type.Namespace == typeof(ICasework).Namespace ? type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(property => property.PropertyType) : [];
        return seen.Add(type) && inner.Concat(own).Any(part => Holds(part, seen));
    }

    /// <summary>What goes to somebody outside by a step, over all registers; steps of return and refusals carry nothing of the file.</summary>
    private static IEnumerable<(string Action, string Recipient)> Steps() => RepositoryPacks.Registers().All.SelectMany(plan => plan.Transitions)
        .Where(step => step.Recipient != "none" && step.Action is not ("return-step" or "refuse-request")).Select(step => (step.Action, step.Recipient)).Distinct();

    private static Seen Barred(RuleLibrary rules, string action, string recipient, bool? barred)
    {
        var (pack, asked) = Shipped.Scenario("FLOOR-10-DENIES");
        var (facts, fact) = (ScenarioRunner.Facts(rules.Vocabulary!, asked), rules.Vocabulary!.Find("recipient.barred")!);
        facts.Remove(fact);
        foreach (var (id, value) in new[] { ("action", action), ("recipient.type", recipient) }.Concat(barred is { } known ? [("recipient.barred", known ? "true" : "false")] : []))
        {
            facts.Set(id, [value]).ShouldBeNull(id);
        }

        var set = RulePackSet.Compile(rules.Vocabulary!, ScenarioRunner.PacksOf(rules, rules.Find(pack.Id)!, asked)).Value;
        return new(!set.Explain(facts).Packs.Single(one => one.Pack.IsFloor).Rules.Any(rule => rule.Rule.Id == "FLOOR-10" && rule.Role is RuleRole.Forbids or RuleRole.MayForbid), "FLOOR-10");
    }

    private static RecordDocument Document(string register, params (string Path, string Json)[] fields) => new()
    {
        Register = register, Id = new('a', 32), PackVersion = "1", PackHash = "h", State = "open", Control = new("u", 1), OpenedBy = "w",
        Fields = fields.ToDictionary(field => field.Path, field => new FieldState(1, [new("c", new(field.Json), "w", default)]), StringComparer.Ordinal),
    };

    private static async Task<CaseAnswer<Changed>> ReferredAsync(Node node, IReadOnlyList<(string Path, string Value)> rules, string to, RecordAddress? review = null)
    {
        var desk = Desk(purpose: "protection");
        var person = Ok(await node.Cases.CreateAsync(desk, new("person", null, rules.Append(("names/a/name", "Mariam Invented")).Append(("birth", "1990")).Append(("contacts/a/contact", """{"channel":"phone","value":"+000 invented","safe":"yes"}"""))
            .ToDictionary(value => value.Item1, value => value.Item2, StringComparer.Ordinal), [], RecordPartition.General), default)).Address;
        (await node.Consents.RecordAsync(new(person.Id, "protection", "humanitarian-organisation", ConsentChoice.Given, node.Clock.GetUtcNow(), null, "1", "ar", "oral-recorded", true, true, "interpreter-1", null, null, "worker-1"), default)).IsOk.ShouldBeTrue();
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["direction"] = "outgoing", ["service"] = "shelter", ["reason"] = "AdditionalServicesRequired", ["urgency"] = "ordinary", ["age"] = "adult", ["to-organisation"] = to, ["data-sent"] = "name",
        };
        if (review is not null)
        {
            values["transfer"] = Activities.Reference(review);
        }

        var referral = Ok(await node.Cases.CreateAsync(desk, new("referral", null, values, [("referred", person.Id)]), default)).Address;
        Ok(await node.Cases.StepAsync(desk, referral, "check-adult", Ok(await node.Cases.OpenAsync(desk, referral, default)).Document.StateVersion, null, default));
        return await node.Cases.StepAsync(desk, referral, "send-to-organisation", Ok(await node.Cases.OpenAsync(desk, referral, default)).Document.StateVersion, null, default);
    }

    /// <summary>A request for a sister who barred somebody from some fields (none: from everything; null: nobody), or who fears harm in an area.</summary>
    private sealed record World(Node Node, Receiver Receiver, string Kind, string? Fields, RecordAddress Request, RecordAddress Sought, RecordAddress Enquirer, OutputParty Reader, IReadOnlyList<(string Path, string Value)> Rules)
    {
        public static async Task<World> MakeAsync(Node node, Receiver receiver, string kind, string? fields)
        {
            // Copies of one day count together, and what was refused is not asked again with other facts within a day.
            node.Clock.Advance(TimeSpan.FromHours(25));
            var enquirer = await node.PersonAsync("Yusuf Hassan", "1990-03-04", RecordPartition.Missing, ("contacts/a/contact", """{"channel":"phone","value":"+000 invented","safe":"yes"}"""));
            var reader = new OutputParty(kind == "person" ? enquirer.Id : null, Organisation, Area) { Kind = "humanitarian-organisation" };

            // People write a name as they write it.
            var party = kind switch { "organisation" => " harbour network", "area" => Area, _ => enquirer.Id };
            var rules = kind == "feared" ? [("feared-areas", Area)] : fields is null ? [] : new List<(string, string)> { ("barred/1/party", $$"""{"system":"{{kind}}","value":"{{party}}"}""") };
            rules.AddRange(fields is { Length: > 0 } ? [("barred/1/fields", fields)] : []);
            var sought = await node.PersonAsync("Amina Hassan", "1992", RecordPartition.Missing, [.. rules]);
            var request = Ok(await node.Cases.CreateAsync(Desk(), new("tracing", null, new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["relation"] = "brother", ["identity-checked"] = "yes", ["cause"] = "shipwreck", ["separated-on"] = "2026-02~", ["last-seen/x/at"] = "Zuwara",
            }, [("sought", sought.Id), ("enquirer", enquirer.Id)]), default)).Address;

            // Both agreed to whoever reads: what stops an output here is the bar alone.
            foreach (var (person, recipient) in ((RecordAddress, string)[])[(sought, "humanitarian-organisation"), (enquirer, "humanitarian-organisation"), (sought, "data-subject"), (enquirer, "data-subject")])
            {
                (await node.Consents.RecordAsync(new(person.Id, "family-tracing", recipient, ConsentChoice.Given, node.Clock.GetUtcNow(), null, "1", "ar", "oral-recorded", true, true, "interpreter-1", null, null, "worker-1"), default)).IsOk.ShouldBeTrue();
            }

            return new(node, receiver, kind, fields, request, sought, enquirer, reader, rules);
        }

        public bool Bars(IEnumerable<string?> masks) => Fields is not null && (Fields.Length == 0 || masks.Contains(Fields));

        public Dictionary<string, string> Values(params (string Path, string Value)[] more) => Rules.Concat(more).ToDictionary(value => value.Path, value => value.Value, StringComparer.Ordinal);
    }
}
