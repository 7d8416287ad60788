using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Casework.Registers;
using Waymark.Protection.Contracts;
using Waymark.Storage;
using static Waymark.Casework.Tests.Node;

namespace Waymark.Casework.Tests;

/// <summary>Nothing about a person goes to a party barred for that person, by any output (F10, M28): one property over whatever writes for somebody outside. Everybody is invented.</summary>
public sealed class OutputTests
{
    private const string Organisation = "Harbour Network";

    private const string Area = "TUN";

    [Theory]
    [InlineData("organisation")]
    [InlineData("area")]
    [InlineData("person")]
    public async Task No_writer_gives_a_barred_party_what_is_barred_for_it_and_others_get_it__M28(string kind)
    {
        await using var node = await OpenAsync();
        var receiver = await node.ReceiverAsync(Organisation, Area);
        var refused = 0;
        foreach (var fields in (string?[])[null, "", "name", "contact", "photo"])
        {
            // Copies of one day count together, and what was refused is not asked again with other facts within a day.
            node.Clock.Advance(TimeSpan.FromHours(25));
            var enquirer = await node.PersonAsync("Yusuf Hassan", "1990-03-04", RecordPartition.Missing, ("contacts/a/contact", """{"channel":"phone","value":"+000 invented","safe":"yes"}"""));
            var reader = new OutputParty(kind == "person" ? enquirer.Id : null, Organisation, Area) { Kind = "humanitarian-organisation" };
            // People write a name as they write it.
            var party = kind switch { "organisation" => " harbour network", "area" => Area, _ => enquirer.Id };
            var rules = fields is null ? [] : new List<(string, string)> { ("barred/1/party", $$"""{"system":"{{kind}}","value":"{{party}}"}""") };
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

            foreach (var record in (RecordAddress[])[request, sought])
            {
                var elsewhere = Ok(await node.Cases.PrintAsync(Desk(), record, new(null, "Somebody Else", "CHE") { Kind = "humanitarian-organisation" }, default));
                var printed = await node.Cases.PrintAsync(Desk(), record, reader, default);
                Is(printed.Error?.Code == "output.barred", Bars(elsewhere.Lines.Select(line => line.Field.Mask)), $"print of {record.Register}, {fields}");
            }

            var export = Ok(await node.Cases.ExportAsync(Desk(), new("tracing", [request.Id], receiver.Id, "asked"), default));
            Is(export.Rows.Count == 0, kind != "person" && Bars(export.Plan.View.Columns.Select(column => column.Mask)), $"export, {fields}");

            // Free words may hold anything: any bar stops them.
            var said = await node.Cases.WriteAsync(Desk(), request, new(MessageKind.Sent, "We look for her. (invented)", enquirer.Id, 0), default);
            Is(said.Error?.Code == "output.barred", kind == "person" && fields is not null, $"message, {fields}");
            if (kind != "person")
            {
                foreach (var to in (string[])[Organisation, "Harbour Network (invented), " + Area, "Tunis; HARBOUR NETWORK; " + Area])
                {
                    var sent = await ReferredAsync(node, rules, to);
                    Is(!sent.IsOk, fields is not null && (kind == "organisation" || to != Organisation), $"referral to {to}, {fields}: {sent.Refusal?.Text.In("en")} {sent.Error?.Code}");
                }
            }

            void Is(bool isRefused, bool isBarred, string what)
            {
                isRefused.ShouldBe(isBarred, $"{kind}: {what}");
                refused += isRefused ? 1 : 0;
            }

            bool Bars(IEnumerable<string?> masks) => fields is not null && (fields.Length == 0 || masks.Contains(fields));
        }

        refused.ShouldBeGreaterThan(5);
    }

    [Fact]
    public async Task A_referral_goes_nowhere_into_an_area_where_the_person_fears_harm_whatever_the_receiver_is_called__F1_M22()
    {
        await using var node = await OpenAsync();
        // What two offices agreed says where the receiver lies: Switzerland here.
        var review = await Activities.TransferReviewedAsync(node, "humanitarian-organisation");
        (await ReferredAsync(node, [("feared-areas", "CHE")], "House", review)).Refusal.ShouldNotBeNull("the receiver lies there");
        (await ReferredAsync(node, [("barred/1/party", """{"system":"organisation","value":"harbour house"}""")], "House", review)).Refusal.ShouldNotBeNull("the review says who receives");
        Ok(await ReferredAsync(node, [("feared-areas", "ERI")], "House", review)).State.ShouldBe("requested");
    }

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
}
