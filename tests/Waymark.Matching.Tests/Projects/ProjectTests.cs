using System.Text;
using Shouldly;
using Waymark.Matching.Contracts;
using Waymark.Packs;
using Waymark.Packs.Content;
using Waymark.Rules;
using Waymark.Storage;
using Xunit;

namespace Waymark.Matching.Tests.Projects;

/// <summary>Registers are linked inside a project of two persons, and some never.</summary>
public sealed class ProjectTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string> AllClasses() => [.. Office.Classes.Select(known => known.Code)];

    [Theory]
    [MemberData(nameof(AllClasses))]
    public async Task M03_a_forbidden_pair_is_refused_at_every_door_before_a_row_is_read(string first)
    {
        await using var office = await Office.OpenAsync();
        foreach (var second in Office.Classes)
        {
            await TryAsync(office, first, second.Code);
        }
    }

    private static async Task TryAsync(Office office, string first, string second)
    {
        var isForbidden = IsForbidden(first, second);
        var proposed = await office.Projects.ProposeAsync(office.Steward, office.Proposal(first, second), Cancel);
        (proposed.Error?.Code).ShouldBe(isForbidden ? "matching.forbidden-pair" : null);

        // A document that got there by another way: neither input nor plan nor worker reads.
        var project = await office.ProjectAsync(first);
        (await office.AddAsync(project.Id, "one", first, "id,name\n1,a\n")).IsOk.ShouldBeTrue();
        var planted = (await office.Projects.FindAsync(project.Id, Cancel))!;
        planted = planted with { Classes = [first, second], Inputs = [.. planted.Inputs, planted.Inputs[0] with { Name = "two", Class = second }] };
        (await office.Spy.CommitAsync(new() { Actor = "test", Reason = "planted", Records = [LinkageProjects.Next(planted, "planted")] }, Cancel)).IsOk.ShouldBeTrue();
        var before = office.Spy.Reads;
        var opened = 0;
        var added = await office.Projects.AddInputAsync(office.Steward, project.Id, "three", second, "id", _ =>
        {
            opened++;
            return Task.FromResult<Stream>(new MemoryStream("id,name\n1,a\n"u8.ToArray()));
        }, Cancel);
        var planned = await office.Runs.PlanAsync(office.Steward, project.Id, "one", "two", Linkage.LinkageEffort.Default, null, Cancel);
        if (isForbidden)
        {
            (added.Error!.Code, planned.Error!.Code, opened).ShouldBe(("matching.forbidden-pair", "matching.forbidden-pair", 0));
            var run = new LinkageRun(LinkageRegisters.NewId(), project.Id, "one", "two", default, null, "x", office.Clock.Now);
            (await office.Spy.CommitAsync(new() { Actor = "test", Reason = "planted", Records = [LinkageRuns.Next(run, "planted")], Tasks = [LinkageRuns.Job(run, new("plan", run.Id))] }, Cancel)).IsOk.ShouldBeTrue();
            (await office.NewWorker().RunOneAsync("w", Cancel))!.Value.Outcome.ShouldBe("matching.forbidden-pair");
            office.Spy.Reads.ShouldBe(before, "rows were read");
            (await office.Runs.FindAsync(run.Id, Cancel))!.Run.State.ShouldBe(RunState.Failed);
        }
        else
        {
            (added.IsOk, planned.IsOk, opened).ShouldBe((true, true, 1));
            (await office.Runs.StopAsync(office.Steward, planned.Value.Id, Cancel)).Value.ShouldBeTrue();
        }
    }

    [Fact]
    public void F7_the_pairs_in_code_are_those_of_the_floor_of_the_rule_packs()
    {
        var library = PackLibrary.Load([Place.Packs], Cancel).Library;
        var documents = RuleDocuments.Of(library, new PackErrors());
        var read = RuleLibrary.Read(documents.Vocabulary!, documents.Packs);
        var floor = RulePackSet.Compile(read.Vocabulary!, [.. read.Packs.Where(pack => pack.IsFloor)]).Value;
        var classes = read.Vocabulary!.Facts.Single(fact => fact.Id == "link.classes").Codes!.Codes.Select(code => code.Id).ToList();
        classes.ShouldBe(Office.Classes.Select(known => known.Code), ignoreOrder: true);
        foreach (var first in classes)
        {
            foreach (var second in classes)
            {
                var request = floor.NewRequest();
                foreach (var (fact, value) in new[] { ("action", "link"), ("system", "protection"), ("controller.organisation", "iom"), ("recipient.type", "none"), ("subject.category", "migrant-regular") })
                {
                    request.Set(fact, value).ShouldBeNull();
                }

                request.Set("link.classes", first == second ? [first] : [first, second]).ShouldBeNull();
                var lines = string.Join('\n', ExplanationText.Lines(floor.Explain(request, new()), "en"));
                lines.Contains("Never merged or linked", StringComparison.Ordinal).ShouldBe(ForbiddenPairs.Check([first, second]).Error is not null, $"{first} × {second}\n{lines}");
            }
        }
    }

    [Fact]
    public async Task Two_persons_make_a_project_and_one_alone_or_of_one_unit_or_key_does_not()
    {
        await using var office = await Office.OpenAsync();
        var proposed = (await office.Projects.ProposeAsync(office.Steward, office.Proposal("tracing"), Cancel)).Value;
        (await office.AddAsync(proposed.Id, "x", "tracing", "id,name\n1,a\n")).Error!.Code.ShouldBe("matching.not-open");
        (await office.Projects.ApproveAsync(office.Officer, proposed.Id, Cancel)).Error!.Code.ShouldBe("two.too-quick");
        office.Clock.Now += TimeSpan.FromMinutes(3);
        (await office.Projects.ApproveAsync(office.Steward, proposed.Id, Cancel)).Error!.Code.ShouldBe("matching.role");
        (await office.Projects.ApproveAsync(office.Officer with { Account = office.Steward.Account }, proposed.Id, Cancel)).Error!.Code.ShouldBe("two.same-account");
        (await office.Projects.ApproveAsync(office.Officer with { Units = ["registry"] }, proposed.Id, Cancel)).Error!.Code.ShouldBe("two.same-unit");
        (await office.Projects.ApproveAsync(office.Officer with { Credential = "key-1" }, proposed.Id, Cancel)).Error!.Code.ShouldBe("two.same-device");
        (await office.Projects.ApproveAsync(office.Officer with { IsHardware = false }, proposed.Id, Cancel)).Error!.Code.ShouldBe("two.credential");
        (await office.Projects.ProposeAsync(office.Steward with { IsHardware = false }, office.Proposal("tracing"), Cancel)).Error!.Code.ShouldBe("two.credential");
        (await office.Projects.ProposeAsync(office.Worker with { IsHardware = true }, office.Proposal("tracing"), Cancel)).Error!.Code.ShouldBe("matching.role");
        (await office.Projects.ApproveAsync(office.Officer, proposed.Id, Cancel)).Value.State.ShouldBe(ProjectState.Open);
        (await office.Projects.ApproveAsync(office.Officer, proposed.Id, Cancel)).Error!.Code.ShouldBe("matching.no-project");
    }

    [Fact]
    public async Task A_project_says_purpose_assessment_end_and_budget_and_knows_its_classes()
    {
        await using var office = await Office.OpenAsync();
        var good = office.Proposal("tracing");
        foreach (var (proposal, field) in new[]
        {
            (good with { Name = " " }, "name"), (good with { Purpose = "to link" }, "purpose"), (good with { Dpia = "" }, "dpia"), (good with { RunBudget = 0 }, "runs"),
            (good with { PairBudget = 0 }, "pairs"), (good with { Expires = office.Clock.Now }, "expires"), (good with { Expires = office.Clock.Now.AddDays(181) }, "expires"),
        })
        {
            var refused = await office.Projects.ProposeAsync(office.Steward, proposal, Cancel);
            (refused.Error!.Code, refused.Error.Where).ShouldBe(("matching.project-invalid", field));
        }

        (await office.Projects.ProposeAsync(office.Steward, good with { Classes = [] }, Cancel)).Error!.Code.ShouldBe("matching.unknown-class");
        (await office.Projects.ProposeAsync(office.Steward, good with { Classes = ["school"] }, Cancel)).Error!.Code.ShouldBe("matching.unknown-class");
    }

    [Theory]
    [InlineData("# waymark-export purpose=services\nid,name\n1,a\n")]
    [InlineData("\uFEFF# Waymark-Export\nid,name\n1,a\n")]
    [InlineData("\n \"# waymark-export\"\nid,name\n1,a\n")]
    [InlineData("id,name,copy\n1,a,waymark-export 0123456789ab\n")]
    [InlineData("[{\"id\": 1, \"name\": \"a\"}, {\"id\": 2, \"name\": \"waymark-export 0123456789ab\"}]")]
    public async Task M03_a_marked_export_is_no_input(string text)
    {
        await using var office = await Office.OpenAsync();
        var project = await office.ProjectAsync("tracing");
        (await office.AddAsync(project.Id, "x", "tracing", text)).Error!.Code.ShouldBe("matching.marked-export");
        using var place = new Place();
        RegisterReader.Read(place.Write("x.csv", text), new(), Cancel).Error!.Code.ShouldBe("matching.marked-export");
        using var packed = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        RegisterReader.Read(place.Write("x.bin", packed.ToArray()), new(), Cancel).Error!.Code.ShouldBe("matching.marked-export");
        RegisterReader.Read(place.Write("y.csv", text, Encoding.Unicode), new(), Cancel).Error!.Code.ShouldBe("matching.marked-export");
    }

    [Fact]
    public async Task Input_of_another_class_a_second_of_one_name_and_unreadable_files_are_refused()
    {
        await using var office = await Office.OpenAsync();
        var project = await office.ProjectAsync("tracing");
        (await office.AddAsync(project.Id, "x", "labour", "id,name\n1,a\n")).Error!.Code.ShouldBe("matching.class-not-allowed");
        (await office.AddAsync(project.Id, "x", "school", "id,name\n1,a\n")).Error!.Code.ShouldBe("matching.unknown-class");
        (await office.AddAsync(project.Id, "x", "tracing", "key,name\n1,a\n")).Error!.Code.ShouldBe("matching.no-id-column");
        (await office.AddAsync(project.Id, "x", "tracing", "")).Error!.Code.ShouldBe("matching.no-header");
        (await office.AddAsync(project.Id, "x", "tracing", "id,name\n1,a\n")).IsOk.ShouldBeTrue();
        (await office.AddAsync(project.Id, "x", "tracing", "id,name\n1,a\n")).Error!.Code.ShouldBe("matching.input-exists");
    }

    [Fact]
    public async Task Every_change_enters_the_ledger_with_its_effect_and_rows_lie_sealed()
    {
        await using var office = await Office.OpenAsync();
        var project = await office.ProjectAsync("tracing");
        (await office.AddAsync(project.Id, "requests", "tracing", "id,name\nseed-4711,Quaxolotl Unique\n")).IsOk.ShouldBeTrue();
        (await office.Projects.CloseAsync(office.Officer, project.Id, Cancel)).IsOk.ShouldBeTrue();
        (await office.Spy.Ledger.PendingAsync(100, Cancel)).Sum(set => set.Count).ShouldBe(4, "proposed, approved, input, closed");
        var history = new List<string>();
        await foreach (var operation in office.Spy.Records.HistoryAsync("matching.project", project.Id, Cancel))
        {
            history.Add(operation.Reason);
        }

        history.ShouldBe(["linkage.proposed", "linkage.approved", "linkage.input-added", "linkage.closed"]);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(office.Folder, "data"), "*", SearchOption.AllDirectories))
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            bytes.AsSpan().IndexOf("Quaxolotl"u8).ShouldBe(-1, file);
            bytes.AsSpan().IndexOf("seed-4711"u8).ShouldBe(-1, file);
        }
    }

    [Fact]
    public async Task When_a_project_ends_its_rows_and_results_can_be_read_by_nobody()
    {
        await using var office = await Office.OpenAsync();
        var run = await office.StartedAsync(400);
        await office.WorkAsync(office.NewWorker());
        (await office.Runs.FetchAsync(office.Steward, run.Id, "links.csv", Cancel)).IsOk.ShouldBeTrue();
        office.Clock.Now += TimeSpan.FromDays(31);
        (await office.Runs.FetchAsync(office.Steward, run.Id, "links.csv", Cancel)).Error!.Code.ShouldBe("matching.not-open");
        (await office.Projects.ExpireAsync(Cancel)).ShouldBe(1);
        (await office.Projects.FindAsync(run.Project, Cancel))!.State.ShouldBe(ProjectState.Closed);
        (await office.Keys.FindAsync("linkage." + run.Project, Cancel)).ShouldBeNull();
        (await office.Spy.Blobs.SweepAsync(TimeSpan.FromTicks(-1), Cancel)).ShouldBeGreaterThan(5);
        (await office.Projects.ExpireAsync(Cancel)).ShouldBe(0);
    }

    private static bool IsForbidden(string first, string second) => (first, second) is ("victim", "suspect") or ("suspect", "victim") or ("service", "enforcement") or ("enforcement", "service")
        or ("child", "enforcement") or ("enforcement", "child") or ("asylum", "state-of-origin") or ("state-of-origin", "asylum");
}
