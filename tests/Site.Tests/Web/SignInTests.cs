using System.Net;
using Waymark.App.Accounts;
using Waymark.App.Hosting;
using Waymark.Site.Tests.Support;

namespace Waymark.Site.Tests.Web;

public sealed class SignInTests
{
    private const string Password = "correct horse battery";

    [Fact]
    public async Task A_session_lives_in_a_cookie_that_scripts_and_other_sites_cannot_use()
    {
        await using var site = await Running.StartAsync();
        await site.MakeAccountAsync(Roles.Reader, "Ann", Password);
        using var client = site.NewClient();
        using var response = await site.SignInAsync(client, "Ann", Password);
        var cookie = response.Headers.GetValues("Set-Cookie").Single(text => text.StartsWith("waymark-session=", StringComparison.Ordinal)).ToLowerInvariant();
        cookie.ShouldContain("httponly");
        cookie.ShouldContain("samesite=strict");
        cookie.ShouldContain("path=/");
        cookie.ShouldNotContain("expires");
        (await client.GetStringAsync(new Uri("/api/account", UriKind.Relative), TestContext.Current.CancellationToken)).ShouldContain("\"role\":\"reader\"");
    }

    [Fact]
    public async Task Behind_TLS_the_cookies_are_secure_and_bound_to_the_host()
    {
        await using var site = await Running.StartAsync(new Dictionary<string, string> { ["server.public-address"] = "https://waymark.example", ["server.proxies"] = "127.0.0.1" });
        await site.MakeAccountAsync(Roles.Reader, "Ann", Password);
        using var client = site.NewClient();
        client.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
        client.DefaultRequestHeaders.Add("X-Forwarded-Host", "waymark.example");
        using var response = await client.GetAsync(new Uri("/api/account/form-token", UriKind.Relative), TestContext.Current.CancellationToken);
        response.Headers.GetValues("Set-Cookie").Single().ShouldStartWith("__Host-waymark-form=");
        response.Headers.GetValues("Set-Cookie").Single().ShouldContain("secure", Case.Insensitive);
        response.Headers.GetValues("Strict-Transport-Security").Single().ShouldStartWith("max-age=31536000");
    }

    [Fact]
    public async Task Every_failure_has_one_and_the_same_answer()
    {
        await using var site = await Running.StartAsync();
        await site.MakeAccountAsync(Roles.Reader, "Ann", Password);
        using var client = site.NewClient();
        var answers = new List<string>();
        foreach (var (name, password) in new[] { ("Ann", "wrong"), ("Nobody", "wrong"), ("", ""), ("Ann", new string('x', 501)) })
        {
            using var response = await site.SignInAsync(client, name, password);
            answers.Add($"{(int)response.StatusCode} {response.Headers.Location}");
        }

        answers.Distinct().ShouldBe(["302 /sign-in?failed=true"]);
    }

    [Fact]
    public async Task Five_wrong_passwords_lock_the_account_for_a_quarter_of_an_hour()
    {
        await using var site = await Running.StartAsync();
        await site.MakeAccountAsync(Roles.Reader, "Ann", Password);
        using var client = site.NewClient();
        for (var i = 0; i < 5; i++)
        {
            using var wrong = await site.SignInAsync(client, "Ann", "wrong password here");
        }

        using var right = await site.SignInAsync(client, "Ann", Password);
        right.Headers.Location!.ToString().ShouldBe("/sign-in?failed=true");
        var account = await AccountTools.WithAccounts(site.Platform.Foundation, async accounts => (await accounts.ListAsync(default)).Single());
        account.LockoutEnd!.Value.ShouldBeInRange(DateTimeOffset.FromUnixTimeSeconds(0), site.Platform.Time.GetUtcNow().AddMinutes(16));
    }

    [Fact]
    public async Task Locking_an_account_ends_its_sessions_at_once()
    {
        await using var site = await Running.StartAsync();
        using var client = await site.SignedInAsync(Roles.Steward);
        (await client.GetAsync(new Uri("/api/jobs", UriKind.Relative), TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await AccountTools.WithAccounts(site.Platform.Foundation, accounts => accounts.LockAsync("Ann Example"))).IsOk.ShouldBeTrue();
        (await client.GetAsync(new Uri("/api/jobs", UriKind.Relative), TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Too_many_tries_from_one_address_are_turned_away()
    {
        await using var site = await Running.StartAsync(new Dictionary<string, string> { ["limits.sign-ins-per-minute"] = "3" });
        using var client = site.NewClient();
        var codes = new List<HttpStatusCode>();
        for (var i = 0; i < 5; i++)
        {
            using var response = await site.SignInAsync(client, "Nobody", "wrong");
            codes.Add(response.StatusCode);
        }

        codes[2].ShouldBe(HttpStatusCode.Redirect);
        codes[4].ShouldBe(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task After_signing_in_only_addresses_of_this_site_are_gone_to()
    {
        await using var site = await Running.StartAsync();
        await site.MakeAccountAsync(Roles.Reader, "Ann", Password);
        foreach (var (to, expected) in new[] { ("//evil.example/", "/"), ("/\\evil.example", "/"), ("https://evil.example/", "/"), ("/sources", "/sources") })
        {
            using var client = site.NewClient();
            using var response = await site.PostFormAsync(client, "/sign-in", new() { ["name"] = "Ann", ["password"] = Password, ["return"] = to });
            response.Headers.Location!.ToString().ShouldBe(expected, to);
        }
    }

    [Fact]
    public async Task Signing_out_clears_what_the_browser_keeps()
    {
        await using var site = await Running.StartAsync();
        using var client = await site.SignedInAsync(Roles.Reader);
        using var response = await site.PostFormAsync(client, "/sign-out", []);
        response.Headers.GetValues("Clear-Site-Data").Single().ShouldContain("storage");
        (await client.GetStringAsync(new Uri("/api/account", UriKind.Relative), TestContext.Current.CancellationToken)).ShouldNotContain("Ann");
    }

    [Fact]
    public async Task The_first_administrator_comes_by_a_link_that_works_once()
    {
        await using var site = await Running.StartAsync();
        var link = new Uri((await FirstAdministrator.LinkAsync(site.Platform, site.Address.Port, default)).ShouldNotBeNull());
        link.IsLoopback.ShouldBeTrue();
        var token = link.Query["?token=".Length..];
        using var client = site.NewClient();
        using var weak = await SetUpAsync(site, client, token, "Ada", "short");
        weak.Headers.Location!.ToString().ShouldBe($"/setup?token={token}&failed=password", "a weak password does not use the link up");
        using var good = await SetUpAsync(site, client, token, "Ada", Password);
        good.Headers.Location!.ToString().ShouldBe("/");
        (await client.GetStringAsync(new Uri("/api/account", UriKind.Relative), TestContext.Current.CancellationToken)).ShouldContain("administrator");
        using var again = await SetUpAsync(site, site.NewClient(), token, "Eve", Password);
        again.Headers.Location!.ToString().ShouldBe("/setup?failed=link");
        (await FirstAdministrator.LinkAsync(site.Platform, site.Address.Port, default)).ShouldBeNull("there is an administrator now");
    }

    [Fact]
    public async Task Two_links_make_one_administrator()
    {
        await using var site = await Running.StartAsync();
        var links = new[] { await TokenAsync(site), await TokenAsync(site) };
        var results = await Task.WhenAll(links.Select((token, at) => SetUpAsync(site, site.NewClient(), token, "Ada" + at, Password)));
        results.Count(response => response.Headers.Location!.ToString() == "/").ShouldBeGreaterThan(0);
        using var late = await SetUpAsync(site, site.NewClient(), await MakeAsync(site), "Late", Password);
        late.Headers.Location!.ToString().ShouldBe("/setup?failed=link");
    }

    [Fact]
    public async Task The_link_expires_after_an_hour()
    {
        var clock = new FakeClock(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var site = await Running.StartAsync(time: clock);
        var token = await MakeAsync(site);
        clock.Advance(TimeSpan.FromMinutes(61));
        var done = await AccountTools.WithAccounts(site.Platform.Foundation, accounts => accounts.WelcomeAsync(token, "Ada", Password, IPAddress.Loopback, default));
        done.Error!.Code.ShouldBe("link.gone");
    }

    [Fact]
    public async Task The_link_is_refused_from_another_machine()
    {
        await using var site = await Running.StartAsync(new Dictionary<string, string> { ["server.proxies"] = "127.0.0.1", ["server.public-address"] = "http://waymark.example" });
        var token = await MakeAsync(site);
        using var client = site.NewClient();
        client.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.9");
        using var response = await SetUpAsync(site, client, token, "Ada", Password);
        response.Headers.Location!.ToString().ShouldBe("/setup?failed=link");
        (await AccountTools.WithAccounts(site.Platform.Foundation, accounts => accounts.HasAdministratorAsync(default))).ShouldBeFalse();
    }

    [Fact]
    public async Task Tokens_and_passwords_are_nowhere_in_the_data_folder()
    {
        await using var site = await Running.StartAsync();
        var token = await MakeAsync(site);
        await site.MakeAccountAsync(Roles.Reader, "Ann", "seed-password-7261");
        foreach (var file in Directory.GetFiles(site.Folder, "*", SearchOption.AllDirectories))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
            var text = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
            text.ShouldNotContain(token);
            text.ShouldNotContain("seed-password-7261");
        }
    }

    private static Task<HttpResponseMessage> SetUpAsync(Running site, HttpClient client, string token, string name, string password) =>
        site.PostFormAsync(client, "/setup", new() { ["token"] = token, ["name"] = name, ["password"] = password });

    private static async Task<string> TokenAsync(Running site) =>
        (await FirstAdministrator.LinkAsync(site.Platform, site.Address.Port, default))!.Split('=')[1];

    private static async Task<string> MakeAsync(Running site) =>
        (await new OneTimeLinks(site.Platform.Store, site.Platform.Time).MakeAsync(LinkPurpose.FirstAdministrator, null, "test", default)).Value;
}
