using System.Net;
using Waymark.App.Accounts;
using Waymark.Site.Tests.Support;

namespace Waymark.Misuse.Tests;

/// <summary>One address through every door of a running server: page, fragment, API, print, and a program with a key.</summary>
internal static class Web
{
    /// <summary>
    /// The same request as a browser, as htmx, as a client of the API, for print (a page without script, its bytes are what is printed) and with a key of the account's owner.
    /// <paramref name="harm"/> judges status and bytes.
    /// </summary>
    public static IEnumerable<(Door Door, Func<Task<Seen>> Try)> Doors(
        Running site, HttpClient signedIn, string? key, string path, Dictionary<string, string>? form, Func<HttpStatusCode, string, bool> harm)
    {
        yield return (Door.Page, () => SendAsync(site, signedIn, path, form, harm, ("Accept", "text/html")));
        yield return (Door.Fragment, () => SendAsync(site, signedIn, path, form, harm, ("Accept", "text/html"), ("HX-Request", "true"), ("HX-Target", "main")));
        yield return (Door.Api, () => SendAsync(site, signedIn, path, form, harm, ("Accept", "application/json")));
        yield return (Door.Print, () => SendAsync(site, signedIn, path, form, harm, ("Accept", "text/html"), ("Sec-Fetch-Dest", "document")));
        if (key is not null)
        {
            yield return (Door.Key, async () =>
            {
                using var program = site.NewClient();
                program.DefaultRequestHeaders.Authorization = new("Bearer", key);
                return await SendAsync(site, program, path, form, harm, ("Accept", "application/json"));
            });
        }
    }

    public static async Task<Seen> SendAsync(Running site, HttpClient client, string path, Dictionary<string, string>? form, Func<HttpStatusCode, string, bool> harm, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(form is null ? HttpMethod.Get : HttpMethod.Post, new Uri(path, UriKind.Relative));
        if (form is not null)
        {
            var fields = new Dictionary<string, string>(form, StringComparer.Ordinal);
            if (client.DefaultRequestHeaders.Authorization is null)
            {
                fields["__RequestVerificationToken"] = await site.TokenAsync(client);
            }

            request.Content = new FormUrlEncodedContent(fields);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value).ShouldBeTrue();
        }

        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        var text = WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var refused = (int)response.StatusCode >= 400 ? "http." + (int)response.StatusCode : response.Headers.Location is { } to && to.ToString().Contains("/sign-in", StringComparison.Ordinal) ? "http.sign-in" : null;
        return new(harm(response.StatusCode, text + response.Headers.Location), refused ?? "http.answered", text);
    }

    /// <summary>A key that this account made for itself, for the widest purpose there is.</summary>
    public static Task<string> KeyAsync(Running site, string owner, string purpose = Purpose.ReadEvidence) => AccountTools.WithAccounts(site.Platform.Foundation, async accounts =>
    {
        var store = new AccountStore(site.Platform.Store, new AccountSecrets(site.Platform.Keys));
        var account = (await accounts.ListAsync(default)).Single(account => account.Name == owner);
        return (await new ApiKeys(site.Platform.Store, store, site.Platform.Time).MakeAsync(account, "test", [purpose], TimeSpan.FromDays(1), "test", default)).Value;
    });
}
