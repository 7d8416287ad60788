using System.Net;
using System.Text.RegularExpressions;

namespace Waymark.Site.Tests.Support;

/// <summary>What a person's browser reads.</summary>
internal static partial class Browsing
{
    /// <summary>A page that is there, as text: references resolved, each run of white space one space.</summary>
    public static async Task<string> PageAsync(HttpClient client, string address)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, UriKind.Relative));
        request.Headers.Accept.ParseAdd("text/html");
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, address);
        return Spaces().Replace(WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)), " ");
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
