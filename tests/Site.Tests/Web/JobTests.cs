using System.Net;
using System.Text.Json;
using Waymark.App.Accounts;
using Waymark.Site.Tests.Support;
using Waymark.Storage;

namespace Waymark.Site.Tests.Web;

public sealed class JobTests
{
    [Fact]
    public async Task A_dropped_file_becomes_a_job_and_the_job_its_import()
    {
        await using var site = await Running.StartAsync();
        using var client = await site.SignedInAsync(Roles.Steward);
        using var form = new MultipartFormDataContent
        {
            { new StringContent(await site.TokenAsync(client)), "__RequestVerificationToken" },
            { new ByteArrayContent("a,b"u8.ToArray()), "files", "C:\\fakepath\\population.csv" },
        };
        using var response = await client.PostAsync(new Uri("/sources/import", UriKind.Relative), form, TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        var id = response.Headers.Location!.ToString()["/jobs/".Length..];
        var job = await EndAsync(site, id);
        job.State.ShouldBe(JobState.Done, job.ErrorText);
        site.Evidence.Imported.Single().Files.Single().FileName.ShouldBe("population.csv");
        site.Evidence.Imported.Single().Files.Single().Bytes.ToArray().ShouldBe("a,b"u8.ToArray());
        site.Evidence.Imported.Single().Actor.Length.ShouldBe(32, "the account's id, never its name");
        using var seen = JsonDocument.Parse(await client.GetStringAsync(new Uri("/api/jobs/" + id, UriKind.Relative), TestContext.Current.CancellationToken));
        seen.RootElement.GetProperty("result").GetProperty("files")[0].GetProperty("state").GetString().ShouldBe("imported");
    }

    [Fact]
    public async Task Progress_is_told_as_events_until_the_job_ends()
    {
        await using var site = await Running.StartAsync();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        site.Evidence.BeforeImport = cancellationToken => gate.Task.WaitAsync(cancellationToken);
        using var client = await site.SignedInAsync(Roles.Steward);
        var id = await UploadAsync(client);
        using var events = await client.GetAsync(new Uri($"/jobs/{id}/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        events.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        using var reader = new StreamReader(await events.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        (await reader.ReadLineAsync(TestContext.Current.CancellationToken)).ShouldStartWith("data: {\"done\":0,", customMessage: "what the page's script reads");
        gate.SetResult();
        var rest = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
        rest.ShouldContain("\"ended\":true");
        var told = await client.GetStringAsync(new Uri($"/api/jobs/{id}/events", UriKind.Relative), TestContext.Current.CancellationToken);
        told.ShouldContain("event: end");
        told.ShouldContain("\"state\":\"done\"");
    }

    [Fact]
    public async Task A_job_says_how_far_it_is_in_the_words_of_the_reader()
    {
        await using var site = await Running.StartAsync();
        var store = site.Platform.Store;
        await store.CommitAsync(new() { Actor = "test", Reason = "test", Tasks = [new("half-done", "linkage", "{}"u8.ToArray())] }, TestContext.Current.CancellationToken);
        var held = (await store.Queue.LeaseAsync("linkage", "test", TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken))!;
        using var client = await site.SignedInAsync(Roles.Steward);
        foreach (var (step, of, said) in new (string, long?, string)[] { ("rows 2/3", null, "第 2 个文件，共 3 个。已读行数：1,200"), ("random pairs", 5_000, "随机抽取的对数：1,200 / 5,000") })
        {
            (await store.Queue.RenewAsync(held, new(step, 1_200, of), TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken)).ShouldBeTrue();
            (await client.GetStringAsync(new Uri("/jobs/half-done?lang=zh", UriKind.Relative), TestContext.Current.CancellationToken)).ShouldContain(said);
        }
    }

    /// <summary>Alarms, reviews and reminders are work of the queue, too: nobody who may import sees, stops or retries them here.</summary>
    [Theory]
    [InlineData("protection.alarm")]
    [InlineData("protection.review")]
    [InlineData("casework.reminder")]
    public async Task What_people_did_not_start_is_no_job_of_theirs(string queue)
    {
        await using var site = await Running.StartAsync();
        var store = site.Platform.Store;
        await store.CommitAsync(new() { Actor = "test", Reason = "test", Tasks = [new("secret", queue, "{}"u8.ToArray())] }, TestContext.Current.CancellationToken);
        using var client = await site.SignedInAsync(Roles.Administrator);
        (await client.GetStringAsync(new Uri("/jobs", UriKind.Relative), TestContext.Current.CancellationToken)).ShouldNotContain("secret");
        (await client.GetStringAsync(new Uri("/api/jobs", UriKind.Relative), TestContext.Current.CancellationToken)).ShouldNotContain("secret");
        foreach (var address in (string[])["/jobs/secret", "/jobs/secret/events", "/api/jobs/secret", "/api/jobs/secret/events"])
        {
            using var seen = await client.GetAsync(new Uri(address, UriKind.Relative), TestContext.Current.CancellationToken);
            seen.StatusCode.ShouldBe(HttpStatusCode.NotFound, address);
        }

        foreach (var act in (string[])["stop", "retry"])
        {
            using var form = await site.PostFormAsync(client, $"/jobs/secret/{act}", []);
            form.StatusCode.ShouldBe(HttpStatusCode.NotFound, act);
            using var call = await client.PostAsync(new Uri($"/api/jobs/secret/{act}", UriKind.Relative), null, TestContext.Current.CancellationToken);
            call.StatusCode.ShouldBe(HttpStatusCode.NotFound, act);
        }

        (await store.Queue.GetAsync("secret", TestContext.Current.CancellationToken))!.State.ShouldBe(JobState.Waiting);
    }

    [Fact]
    public async Task A_running_job_stops_when_asked_and_goes_on_when_retried()
    {
        await using var site = await Running.StartAsync();
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        site.Evidence.BeforeImport = async cancellationToken =>
        {
            started.TrySetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken);
        };
        using var client = await site.SignedInAsync(Roles.Steward);
        var id = await UploadAsync(client);
        await started.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        using var stopped = await site.PostFormAsync(client, $"/jobs/{id}/stop", []);
        stopped.Headers.Location!.ToString().ShouldBe("/jobs/" + id);
        (await EndAsync(site, id)).State.ShouldBe(JobState.Stopped);
        site.Evidence.BeforeImport = null;
        using var retried = await site.PostFormAsync(client, $"/jobs/{id}/retry", []);
        (await EndAsync(site, id)).State.ShouldBe(JobState.Done);
        using var late = await client.PostAsync(new Uri($"/api/jobs/{id}/stop", UriKind.Relative), null, TestContext.Current.CancellationToken);
        late.StatusCode.ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task A_job_survives_the_end_of_the_server()
    {
        var folder = Path.Combine(Path.GetTempPath(), "waymark-restart-" + Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(6)));
        string id;
        {
            var first = await Running.StartAsync(folder: folder);
            var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            first.Evidence.BeforeImport = async cancellationToken =>
            {
                started.TrySetResult();
                await Task.Delay(Timeout.Infinite, cancellationToken);
            };
            using var client = await first.SignedInAsync(Roles.Steward);
            id = await UploadAsync(client);
            await started.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
            await first.StopAsync();
        }

        await using var second = await Running.StartAsync(folder: folder);
        var job = await EndAsync(second, id);
        (job.State, job.Attempts).ShouldBe((JobState.Done, 2));
        second.Evidence.Imported.Single().Files.Single().Bytes.ToArray().ShouldBe("x"u8.ToArray());
    }

    private static async Task<string> UploadAsync(HttpClient client)
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent("x"u8.ToArray()), "files", "population.csv" } };
        using var response = await client.PostAsync(new Uri("/api/evidence/imports", UriKind.Relative), form, TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(HttpStatusCode.Accepted, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return response.Headers.Location!.ToString()["/api/jobs/".Length..];
    }

    private static async Task<StoredJob> EndAsync(Running site, string id)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        while (true)
        {
            var job = await site.Platform.Store.Queue.GetAsync(id, limit.Token);
            if (job!.State is JobState.Done or JobState.Failed or JobState.Stopped)
            {
                return job;
            }

            await Task.Delay(50, limit.Token);
        }
    }
}
