using System.Net;
using System.Net.Http.Headers;
using System.Security.Claims;
using System.Text;
using System.Text.RegularExpressions;
using Waymark.App.Accounts;
using Waymark.Site.Tests.Support;
using static Waymark.Site.Tests.Support.Browsing;

namespace Waymark.Site.Tests.Accounts;

/// <summary>Second steps, passkeys, sessions, keys and the outside login, each through the doors a browser or program uses.</summary>
public sealed partial class FactorTests
{
    private const string Password = "correct horse battery";

    [Theory]
    [InlineData(59L, "94287082")]
    [InlineData(1111111109L, "07081804")]
    [InlineData(1111111111L, "14050471")]
    [InlineData(1234567890L, "89005924")]
    [InlineData(2000000000L, "69279037")]
    [InlineData(20000000000L, "65353130")]
    public void RFC_6238_appendix_B_codes_come_out(long time, string code) =>
        Totp.Code("12345678901234567890"u8, Totp.StepOf(DateTimeOffset.FromUnixTimeSeconds(time)), digits: 8).ShouldBe(code);

    [Theory]
    [InlineData("f", "MY")]
    [InlineData("foobar", "MZXW6YTBOI")]
    public void RFC_4648_base_32_comes_out_and_back(string text, string coded)
    {
        Totp.Base32(Encoding.ASCII.GetBytes(text)).ShouldBe(coded);
        Totp.FromBase32(coded.ToLowerInvariant()).ShouldBe(Encoding.ASCII.GetBytes(text));
        Totp.FromBase32("not base 32!").ShouldBeNull();
    }

    [Fact]
    public async Task An_authenticator_app_is_set_up_and_then_asked_for()
    {
        var clock = new FakeClock(new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero));
        await using var site = await Running.StartAsync(time: clock);
        using var client = await site.SignedInAsync(Roles.Reader);
        var key = Key().Match(await PageAsync(client, "/account/authenticator")).Groups[1].Value.Replace(" ", "", StringComparison.Ordinal);
        string Code() => Totp.Code(Totp.FromBase32(key), Totp.StepOf(clock.GetUtcNow()));

        using var wrong = await site.PostFormAsync(client, "/account/authenticator", new() { ["code"] = "000000" });
        wrong.Headers.Location!.ToString().ShouldContain("failed=account.code");
        using var confirmed = await site.PostFormAsync(client, "/account/authenticator", new() { ["code"] = Code() });
        confirmed.Headers.Location!.ToString().ShouldBe("/account/once");
        var codes = Codes().Matches(await PageAsync(client, "/account/once")).Select(match => match.Groups[1].Value).ToList();
        codes.Count.ShouldBe(10);
        using var kept = await site.PostFormAsync(client, "/account/once/kept", []);
        (await PageAsync(client, "/account/once")).ShouldNotContain(codes[0]);

        clock.Advance(TimeSpan.FromMinutes(2));
        using var second = site.NewClient();
        using var password = await site.SignInAsync(second, "Ann Example", Password);
        password.Headers.Location!.ToString().ShouldBe("/sign-in/code");
        (await WhoAsync(second)).ShouldNotContain("Ann", Case.Sensitive, "the password alone opens nothing");
        var code = Code();
        using var entered = await site.PostFormAsync(second, "/sign-in/code", new() { ["code"] = code });
        entered.Headers.Location!.ToString().ShouldBe("/");
        (await WhoAsync(second)).ShouldContain("Ann");

        // A code is good once, even within its half minute; a recovery code too.
        using var third = site.NewClient();
        using (await site.SignInAsync(third, "Ann Example", Password))
        using (var again = await site.PostFormAsync(third, "/sign-in/code", new() { ["code"] = code }))
        {
            again.Headers.Location!.ToString().ShouldStartWith("/sign-in/code?failed=true");
        }

        using (var recovered = await site.PostFormAsync(third, "/sign-in/code", new() { ["code"] = codes[3].ToLowerInvariant() }))
        {
            recovered.Headers.Location!.ToString().ShouldBe("/");
        }

        using var fourth = site.NewClient();
        using (await site.SignInAsync(fourth, "Ann Example", Password))
        using (var spent = await site.PostFormAsync(fourth, "/sign-in/code", new() { ["code"] = codes[3] }))
        {
            spent.Headers.Location!.ToString().ShouldStartWith("/sign-in/code?failed=true");
        }

        foreach (var file in Directory.GetFiles(site.Folder, "*", SearchOption.AllDirectories))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(stream, Encoding.Latin1);
            var text = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
            text.ShouldNotContain(key, Case.Sensitive, file);
            text.ShouldNotContain(codes[5], Case.Sensitive, file);
        }
    }

    [Fact]
    public async Task Wrong_codes_lock_the_account_and_a_code_without_a_password_opens_nothing()
    {
        await using var site = await Running.StartAsync();
        using var client = await site.SignedInAsync(Roles.Reader);
        var key = Key().Match(await PageAsync(client, "/account/authenticator")).Groups[1].Value.Replace(" ", "", StringComparison.Ordinal);
        string Code() => Totp.Code(Totp.FromBase32(key), Totp.StepOf(TimeProvider.System.GetUtcNow()));
        using (await site.PostFormAsync(client, "/account/authenticator", new() { ["code"] = Code() }))
        using (var alone = await site.PostFormAsync(site.NewClient(), "/sign-in/code", new() { ["code"] = Code() }))
        {
            alone.Headers.Location!.ToString().ShouldStartWith("/sign-in/code?failed=true");
        }

        using var second = site.NewClient();
        using (await site.SignInAsync(second, "Ann Example", Password))
        {
            for (var i = 0; i < 5; i++)
            {
                using var wrong = await site.PostFormAsync(second, "/sign-in/code", new() { ["code"] = "000000" });
            }
        }

        using var locked = await site.SignInAsync(site.NewClient(), "Ann Example", Password);
        locked.Headers.Location!.ToString().ShouldBe("/sign-in?failed=true");
    }

    [Fact]
    public async Task A_passkey_is_made_and_opens_the_account_without_a_password()
    {
        await using var site = await Running.StartAsync();
        using var client = await site.SignedInAsync(Roles.Reader);
        using var key = new SoftKey();
        await AddAsync(site, client, key);
        using var other = site.NewClient();
        using var entered = await GetAsync(site, other, key);
        entered.Headers.Location!.ToString().ShouldBe("/");
        (await WhoAsync(other)).ShouldContain("Ann");
        var account = (await AccountAsync(site)).Passkeys.Single();
        (account.Attested, account.SignCount).ShouldBe((false, 2u));

        // An answer given to another site, or a key nobody enrolled, opens nothing.
        using var phished = await GetAsync(site, site.NewClient(), key, origin: "http://evil.example");
        phished.Headers.Location!.ToString().ShouldBe("/sign-in?failed=true");
        using var stranger = new SoftKey();
        using var unknown = await GetAsync(site, site.NewClient(), stranger);
        unknown.Headers.Location!.ToString().ShouldBe("/sign-in?failed=true");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_passkeys_answer_that_was_copied_with_its_cookie_opens_nothing_a_second_time(bool counts)
    {
        await using var site = await Running.StartAsync();
        using var client = await site.SignedInAsync(Roles.Reader);
        using var key = new SoftKey { Says = counts ? null : 0 };
        await AddAsync(site, client, key);

        // All that travels: cookies and form. The thief sends the same bytes.
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false };
        using var wire = new HttpClient(handler) { BaseAddress = site.Address };
        var cookies = new Dictionary<string, string>(StringComparer.Ordinal);
        async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, params (string Name, string Value)[] fields)
        {
            using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = method == HttpMethod.Get ? null : new FormUrlEncodedContent(fields.ToDictionary(field => field.Name, field => field.Value)) };
            request.Headers.TryAddWithoutValidation("Cookie", string.Join("; ", cookies.Select(pair => pair.Key + "=" + pair.Value)));
            var response = await wire.SendAsync(request, TestContext.Current.CancellationToken);
            return response;
        }

        void Keep(HttpResponseMessage response)
        {
            foreach (var parts in response.Headers.TryGetValues("Set-Cookie", out var set) ? set.Select(line => line.Split(';')[0].Split('=', 2)) : [])
            {
                cookies[parts[0]] = parts[1];
            }
        }

        using var form = await SendAsync(HttpMethod.Get, "/api/account/form-token");
        Keep(form);
        var token = System.Text.Json.JsonDocument.Parse(await form.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement.GetProperty("token").GetString()!;
        using var options = await SendAsync(HttpMethod.Post, "/sign-in/passkey/options", ("__RequestVerificationToken", token));
        Keep(options);
        var shown = key.Get(await options.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), Origin(site), site.Address.Host);
        using var entered = await SendAsync(HttpMethod.Post, "/sign-in/passkey", ("__RequestVerificationToken", token), ("credential", shown));
        entered.Headers.Location!.ToString().ShouldBe("/");
        using var copied = await SendAsync(HttpMethod.Post, "/sign-in/passkey", ("__RequestVerificationToken", token), ("credential", shown));
        copied.Headers.Location!.ToString().ShouldBe("/sign-in?failed=true");
        (copied.Headers.TryGetValues("Set-Cookie", out var given) ? given : []).ShouldNotContain(line => line.StartsWith("waymark-session", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_key_whose_counter_goes_back_was_copied_and_opens_nothing()
    {
        await using var site = await Running.StartAsync();
        using var client = await site.SignedInAsync(Roles.Reader);
        using var key = new SoftKey { Says = 40 };
        await AddAsync(site, client, key);
        foreach (var (says, to) in new[] { (41u, "/"), (41u, "/sign-in?failed=true"), (7u, "/sign-in?failed=true"), (42u, "/") })
        {
            key.Says = says;
            using var entered = await GetAsync(site, site.NewClient(), key);
            entered.Headers.Location!.ToString().ShouldBe(to, says.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
    }

    [Fact]
    public async Task Only_a_key_whose_maker_the_operator_trusts_counts_as_hardware()
    {
        var maker = SoftKey.Maker();
        var strange = SoftKey.Maker();
        var folder = Directory.CreateTempSubdirectory("waymark-roots-").FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "maker.pem"), maker.Root.ExportCertificatePem(), TestContext.Current.CancellationToken);
            await using var site = await Running.StartAsync(new Dictionary<string, string> { ["accounts.attestation-roots"] = folder });
            using var client = await site.SignedInAsync(Roles.LegalOfficer);
            using SoftKey trusted = new(), untrusted = new(), forged = new(), wrongModel = new();
            await AddAsync(site, client, trusted, maker);
            await AddAsync(site, client, untrusted, strange);
            (await TryAddAsync(site, client, forged, maker, isForged: true)).ShouldContain("failed=account.passkey-refused");
            (await TryAddAsync(site, client, wrongModel, SoftKey.Maker([9, .. new byte[15]]))).ShouldContain("failed=account.passkey-refused");
            (await AccountAsync(site)).Passkeys.Select(item => item.Attested).ShouldBe([true, false]);
            (await MethodAsync(site, trusted)).ShouldBe(SignInMethod.HardwareKey);
            (await MethodAsync(site, untrusted)).ShouldBe(SignInMethod.Passkey);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Sessions_are_listed_and_each_can_be_ended()
    {
        await using var site = await Running.StartAsync();
        using var here = await site.SignedInAsync(Roles.Steward);
        using var there = site.NewClient();
        there.DefaultRequestHeaders.UserAgent.ParseAdd("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0");
        using (await site.SignInAsync(there, "Ann Example", Password))
        {
            var page = await PageAsync(here, "/account");
            page.ShouldContain("Firefox, Linux");
            page.ShouldNotContain("Gecko");
            var id = SessionId().Matches(page).Select(match => match.Groups[1].Value).ToList();
            id.Count.ShouldBe(2);
            using var ended = await site.PostFormAsync(here, "/account/sessions/end-others", []);
            (await WhoAsync(there)).ShouldNotContain("Ann");
            (await WhoAsync(here)).ShouldContain("Ann");
            using var unknown = await site.PostFormAsync(here, $"/account/sessions/{new string('a', 64)}/end", []);
            unknown.Headers.Location!.ToString().ShouldContain("failed=session.unknown");
        }
    }

    [Fact]
    public async Task M55_whoever_left_is_out_at_once_with_session_key_and_passkey()
    {
        await using var site = await Running.StartAsync();
        using var client = await site.SignedInAsync(Roles.Steward);
        using var key = new SoftKey();
        await AddAsync(site, client, key);
        var secret = await MakeKeyAsync(site, client, "load-evidence");
        using var program = Program(site, secret);
        (await program.GetAsync(new Uri("/api/jobs", UriKind.Relative), TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await AccountTools.WithAccounts(site.Platform.Foundation, accounts => accounts.LeaveAsync("Ann Example", "test", default))).IsOk.ShouldBeTrue();
        (await client.GetAsync(new Uri("/api/jobs", UriKind.Relative), TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await program.GetAsync(new Uri("/api/jobs", UriKind.Relative), TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        using (var passkey = await GetAsync(site, site.NewClient(), key))
        using (var password = await site.SignInAsync(site.NewClient(), "Ann Example", Password))
        {
            passkey.Headers.Location!.ToString().ShouldBe("/sign-in?failed=true");
            password.Headers.Location!.ToString().ShouldBe("/sign-in?failed=true");
        }

        (await AccountTools.WithAccounts(site.Platform.Foundation, accounts => accounts.ResetAsync("Ann Example", "test", default))).Error!.Code.ShouldBe("account.left");
        var record = await site.Platform.Store.Records.GetAsync(Account.NameRegister, "ANN EXAMPLE", TestContext.Current.CancellationToken);
        record.ShouldNotBeNull("the name stays taken, so that the log keeps its meaning");
    }

    [Fact]
    public async Task M55_a_role_ends_by_itself_and_nobody_renews_the_own_one()
    {
        var clock = new FakeClock(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var site = await Running.StartAsync(time: clock);
        await site.MakeAccountAsync(Roles.Administrator, "Ada", Password);
        using var client = await site.SignedInAsync(Roles.Steward);
        clock.Advance(TimeSpan.FromDays(89));
        using var within = site.NewClient();
        using (var still = await site.SignInAsync(within, "Ann Example", Password))
        {
            still.Headers.Location!.ToString().ShouldBe("/");
        }

        var ada = (await AccountTools.WithAccounts(site.Platform.Foundation, async accounts => (await accounts.ListAsync(default)).Single(account => account.Name == "Ada"))).Id;
        (await AccountTools.WithAccounts(site.Platform.Foundation, accounts => accounts.RenewAsync("Ada", AccountService.LongestRole, ada))).Error!.Code.ShouldBe("account.own-role");
        clock.Advance(TimeSpan.FromDays(1) + TimeSpan.FromSeconds(1));
        (await WhoAsync(within)).ShouldNotContain("Ann", Case.Sensitive, "a running session ends with the role");
        using (var over = await site.SignInAsync(site.NewClient(), "Ann Example", Password))
        {
            over.Headers.Location!.ToString().ShouldBe("/sign-in?failed=true");
        }

        (await AccountTools.WithAccounts(site.Platform.Foundation, accounts => accounts.RenewAsync("Ann Example", TimeSpan.FromDays(9_999), ada)))
            .Value.ShouldBe(clock.GetUtcNow() + AccountService.LongestRole, "never longer than the limit");
        using var renewed = await site.SignInAsync(site.NewClient(), "Ann Example", Password);
        renewed.Headers.Location!.ToString().ShouldBe("/");
    }

    [Fact]
    public async Task A_key_opens_only_doors_of_its_purpose_and_never_more_than_its_owner_may()
    {
        await using var site = await Running.StartAsync(new Dictionary<string, string> { ["reading"] = "closed" });
        using var steward = await site.SignedInAsync(Roles.Steward);
        using var reading = Program(site, await MakeKeyAsync(site, steward, "read-evidence"));
        async Task<HttpStatusCode> Ask(HttpClient client, string address) =>
            (await client.GetAsync(new Uri(address, UriKind.Relative), TestContext.Current.CancellationToken)).StatusCode;
        (await Ask(reading, "/api/evidence/series")).ShouldBe(HttpStatusCode.OK);
        (await Ask(reading, "/api/jobs")).ShouldBe(HttpStatusCode.Forbidden);
        (await Ask(reading, "/account")).ShouldBe(HttpStatusCode.Forbidden);
        (await Ask(reading, "/about")).ShouldBe(HttpStatusCode.Forbidden);
        using var nobody = Program(site, "wmk_" + new string('0', 64));
        (await Ask(nobody, "/api/evidence/series")).ShouldBe(HttpStatusCode.Unauthorized);

        await site.MakeAccountAsync(Roles.Reader, "Rae", Password);
        using var reader = site.NewClient();
        using (await site.SignInAsync(reader, "Rae", Password))
        {
            using var loading = Program(site, await MakeKeyAsync(site, reader, "load-evidence"));
            (await Ask(loading, "/api/jobs")).ShouldBe(HttpStatusCode.Forbidden, "the owner may not either");
        }

        using var bad = await site.PostFormAsync(steward, "/account/keys", new() { ["label"] = "x", ["purposes"] = "search-persons", ["days"] = "10" });
        bad.Headers.Location!.ToString().ShouldContain("failed=key.purpose");
        using var late = await site.PostFormAsync(steward, "/account/keys", new() { ["label"] = "x", ["purposes"] = "read-evidence", ["days"] = "91" });
        late.Headers.Location!.ToString().ShouldContain("failed=key.invalid");
    }

    [Fact]
    public async Task The_outside_login_opens_the_account_that_an_administrator_named_and_no_other()
    {
        await using var provider = await OutsideProvider.StartAsync();
        await using var site = await Running.StartAsync(new Dictionary<string, string> { ["accounts.outside-issuer"] = provider.Issuer, ["accounts.outside-client"] = "waymark", ["accounts.outside-name"] = "Ministry login" });
        await AccountTools.WithAccounts(site.Platform.Foundation, accounts => accounts.InviteAsync("Olu", Roles.Reader, [], "subject-1", false, "test", default));
        (await PageAsync(site.NewClient(), "/sign-in")).ShouldContain("Ministry login");

        using var client = site.NewClient();
        (await OutsideAsync(client, provider)).ShouldBe("/sign-in/continue?return=%2Fsources");
        (await PageAsync(client, "/sign-in/continue?return=%2Fsources")).ShouldContain("0;url=/sources");
        (await WhoAsync(client)).ShouldContain("Olu");
        (await PageAsync(site.NewClient(), "/sign-in/continue?return=%2F%2Fevil.example")).ShouldContain("0;url=/\"");

        provider.Subject = "subject-2";
        (await OutsideAsync(site.NewClient(), provider)).ShouldBe("/sign-in?failed=true");
        provider.Subject = "subject-1";
        foreach (var fault in new[] { "alg-none", "other-key", "issuer", "audience", "nonce", "old" })
        {
            provider.Fault = fault;
            (await OutsideAsync(site.NewClient(), provider)).ShouldBe("/sign-in?failed=true", fault);
        }

        // A code fetched in one browser and brought by another was not begun there.
        provider.Fault = "";
        using var victim = site.NewClient();
        using var begun = await site.NewClient().GetAsync(new Uri("/sign-in/outside", UriKind.Relative), TestContext.Current.CancellationToken);
        using var foreign = await victim.GetAsync(new Uri(provider.SignedIn(begun.Headers.Location!), UriKind.Relative), TestContext.Current.CancellationToken);
        foreign.Headers.Location!.ToString().ShouldBe("/sign-in?failed=true");
    }

    [Fact]
    public async Task The_access_review_lists_who_has_what_and_ends_it()
    {
        await using var site = await Running.StartAsync();
        await site.MakeAccountAsync(Roles.CaseWorker, "Kim", Password);
        using var admin = await site.SignedInAsync(Roles.Administrator);
        (await PageAsync(admin, "/accounts")).ShouldContain("Kim");
        using var done = await site.PostFormAsync(admin, "/accounts/leave", new() { ["name"] = "Kim" });
        done.Headers.Location!.ToString().ShouldBe("/accounts");
        (await PageAsync(admin, "/accounts")).ShouldContain("Left");
        using var own = await site.PostFormAsync(admin, "/accounts/renew", new() { ["name"] = "Ann Example" });
        own.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    private static async Task<string> OutsideAsync(HttpClient client, OutsideProvider provider)
    {
        using var begun = await client.GetAsync(new Uri("/sign-in/outside?return=%2Fsources", UriKind.Relative), TestContext.Current.CancellationToken);
        using var done = await client.GetAsync(new Uri(provider.SignedIn(begun.Headers.Location!), UriKind.Relative), TestContext.Current.CancellationToken);
        return done.Headers.Location!.ToString();
    }

    private static HttpClient Program(Running site, string secret)
    {
        var client = site.NewClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        return client;
    }

    private static async Task<string> MakeKeyAsync(Running site, HttpClient client, string purpose)
    {
        using var made = await site.PostFormAsync(client, "/account/keys", new() { ["label"] = "nightly load", ["purposes"] = purpose, ["days"] = "30" });
        made.Headers.Location!.ToString().ShouldBe("/account/once");
        return Codes().Match(await PageAsync(client, "/account/once")).Groups[1].Value;
    }

    private static async Task AddAsync(Running site, HttpClient client, SoftKey key, (System.Security.Cryptography.X509Certificates.X509Certificate2, System.Security.Cryptography.X509Certificates.X509Certificate2, System.Security.Cryptography.ECDsa)? maker = null) =>
        (await TryAddAsync(site, client, key, maker)).ShouldBe("/account");

    private static async Task<string> TryAddAsync(
        Running site, HttpClient client, SoftKey key, (System.Security.Cryptography.X509Certificates.X509Certificate2, System.Security.Cryptography.X509Certificates.X509Certificate2, System.Security.Cryptography.ECDsa)? maker, bool isForged = false)
    {
        using var options = await site.PostFormAsync(client, "/account/passkeys/options", []);
        var made = key.Create(await options.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), Origin(site), maker, isForged);
        using var added = await site.PostFormAsync(client, "/account/passkeys", new() { ["credential"] = made, ["label"] = "grey key" });
        return added.Headers.Location!.ToString();
    }

    private static async Task<HttpResponseMessage> GetAsync(Running site, HttpClient client, SoftKey key, string? origin = null)
    {
        using var options = await site.PostFormAsync(client, "/sign-in/passkey/options", []);
        var shown = key.Get(await options.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), origin ?? Origin(site), site.Address.Host);
        return await site.PostFormAsync(client, "/sign-in/passkey", new() { ["credential"] = shown });
    }

    private static async Task<SignInMethod> MethodAsync(Running site, SoftKey key)
    {
        using var client = site.NewClient();
        using var entered = await GetAsync(site, client, key);
        entered.Headers.Location!.ToString().ShouldBe("/");
        var page = await site.Platform.Store.Records.ListAsync(new(Session.Register, [], "started", Descending: true, Limit: 1), TestContext.Current.CancellationToken);
        return System.Text.Json.JsonSerializer.Deserialize<Session>(page.Value.Records[0].Document.Span, Waymark.App.Output.JsonOutput.Options)!.Method;
    }

    private static Task<Account> AccountAsync(Running site) =>
        AccountTools.WithAccounts(site.Platform.Foundation, async accounts => (await accounts.ListAsync(default)).Single(account => account.Name == "Ann Example"));

    private static string Origin(Running site) => site.Address.GetLeftPart(UriPartial.Authority);

    private static Task<string> WhoAsync(HttpClient client) => client.GetStringAsync(new Uri("/api/account", UriKind.Relative), TestContext.Current.CancellationToken);

    [GeneratedRegex("<b class=\"ref\">([A-Z2-7 ]+)</b>")]
    private static partial Regex Key();

    [GeneratedRegex("<code>([^<]+)</code>")]
    private static partial Regex Codes();

    [GeneratedRegex("/account/sessions/([0-9a-f]{64})/end")]
    private static partial Regex SessionId();
}
