using System.Net;
using Waymark.App.Accounts;
using Waymark.Site.Tests.Accounts;

namespace Waymark.Site.Tests.Support;

/// <summary>Staff with security keys whose maker a test server trusts.</summary>
internal sealed class Hardware : IDisposable
{
    private const string Password = "correct horse battery";
    private readonly (System.Security.Cryptography.X509Certificates.X509Certificate2 Root, System.Security.Cryptography.X509Certificates.X509Certificate2 Device, System.Security.Cryptography.ECDsa DeviceKey) _maker = SoftKey.Maker();
    private readonly string _roots = Directory.CreateTempSubdirectory("waymark-roots-").FullName;

    public Hardware() => File.WriteAllText(Path.Combine(_roots, "maker.pem"), _maker.Root.ExportCertificatePem());

    /// <summary>Settings of a server that trusts the maker.</summary>
    public Dictionary<string, string> Settings => new(StringComparer.Ordinal) { ["accounts.attestation-roots"] = _roots };

    /// <summary>A browser of this person, signed in with an own security key; the cookies for a second browser.</summary>
    public async Task<(HttpClient Client, CookieContainer Cookies)> SignInAsync(Running site, string role, string name, params string[] units)
    {
        await MakeAccountAsync(site, role, name, units);
        using var first = site.NewClient();
        (await site.SignInAsync(first, name, Password)).Headers.Location!.ToString().ShouldBe("/");
        using var key = new SoftKey();
        var origin = site.Address.GetLeftPart(UriPartial.Authority);
        using var options = await site.PostFormAsync(first, "/account/passkeys/options", []);
        var made = key.Create(await options.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), origin, _maker);
        using var added = await site.PostFormAsync(first, "/account/passkeys", new() { ["credential"] = made, ["label"] = "grey key" });
        added.Headers.Location!.ToString().ShouldBe("/account");
        var cookies = new CookieContainer();
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = cookies }) { BaseAddress = site.Address };
        using var asked = await site.PostFormAsync(client, "/sign-in/passkey/options", []);
        var shown = key.Get(await asked.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), origin, site.Address.Host);
        using var entered = await site.PostFormAsync(client, "/sign-in/passkey", new() { ["credential"] = shown });
        entered.Headers.Location!.ToString().ShouldBe("/");
        return (client, cookies);
    }

    /// <summary>An account with units; signed in by password only.</summary>
    public static async Task<HttpClient> ByPasswordAsync(Running site, string role, string name, params string[] units)
    {
        await MakeAccountAsync(site, role, name, units);
        var client = site.NewClient();
        (await site.SignInAsync(client, name, Password)).Headers.Location!.ToString().ShouldBe("/");
        return client;
    }

    public static Task<bool> MakeAccountAsync(Running site, string role, string name, params string[] units) => AccountTools.WithAccounts(site.Platform.Foundation, async accounts =>
    {
        var token = await accounts.InviteAsync(name, role, units, null, false, "test", TestContext.Current.CancellationToken);
        token.IsOk.ShouldBeTrue(token.Error?.ToString());
        (await accounts.WelcomeAsync(token.Value, name, Password, null, TestContext.Current.CancellationToken)).IsOk.ShouldBeTrue();
        return true;
    });

    public void Dispose()
    {
        _maker.Root.Dispose();
        _maker.Device.Dispose();
        _maker.DeviceKey.Dispose();
        Directory.Delete(_roots, recursive: true);
    }
}
