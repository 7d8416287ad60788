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
        return await WithKeyAsync(site.Address, first);
    }

    /// <summary>A second browser of whoever is signed in with the first, who adds a security key there and signs in with it here.</summary>
    public async Task<(HttpClient Client, CookieContainer Cookies)> WithKeyAsync(Uri address, HttpClient first)
    {
        using var key = new SoftKey();
        var origin = address.GetLeftPart(UriPartial.Authority);
        using var options = await PostAsync(first, "/account/passkeys/options");
        var made = key.Create(await options.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), origin, _maker);
        using var added = await PostAsync(first, "/account/passkeys", ("credential", made), ("label", "grey key"));
        added.Headers.Location!.ToString().ShouldBe("/account");
        var cookies = new CookieContainer();
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = cookies }) { BaseAddress = address };
        using var asked = await PostAsync(client, "/sign-in/passkey/options");
        var shown = key.Get(await asked.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), origin, address.Host);
        using var entered = await PostAsync(client, "/sign-in/passkey", ("credential", shown));
        entered.Headers.Location!.ToString().ShouldBe("/");
        return (client, cookies);
    }

    /// <summary>Posts a form with the token that a page of this site hands out.</summary>
    public static async Task<HttpResponseMessage> PostAsync(HttpClient client, string address, params (string Name, string Value)[] fields)
    {
        using var token = System.Text.Json.JsonDocument.Parse(await client.GetStringAsync(new Uri("/api/account/form-token", UriKind.Relative)));
        return await client.PostAsync(new Uri(address, UriKind.Relative), new FormUrlEncodedContent(
            [.. fields.Select(field => KeyValuePair.Create(field.Name, field.Value)), new("__RequestVerificationToken", token.RootElement.GetProperty("token").GetString()!)]));
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
