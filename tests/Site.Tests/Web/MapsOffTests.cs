using System.Net;
using Waymark.App.Hosting;
using Waymark.Site.Tests.Support;

namespace Waymark.Site.Tests.Web;

/// <summary>Where a State asks for an approved base map, the operator shows none: no map, no way to one, no file of one.</summary>
public sealed class MapsOffTests
{
    [Theory]
    [InlineData("on", true)]
    [InlineData("off", false)]
    public async Task Maps_can_be_switched_off(string setting, bool shown)
    {
        await using var site = await Running.StartAsync(new Dictionary<string, string> { ["maps"] = setting }, opener: new PlatformOpener());
        var page = await ReadAsync("/data/reference/key-figures?view=table");
        page.Contains("view=map", StringComparison.Ordinal).ShouldBe(shown);
        var asked = await ReadAsync("/data/reference/key-figures?view=map");
        asked.Contains("<svg class=\"chart map", StringComparison.Ordinal).ShouldBeFalse("241 figures of many kinds are no map");
        using var file = await site.Client.GetAsync(new Uri("/data/reference/key-figures.map.svg", UriKind.Relative), TestContext.Current.CancellationToken);
        file.StatusCode.ShouldNotBe(HttpStatusCode.OK);
        (await ReadAsync("/data/reference/mekong-smuggling-routes?view=table")).ShouldNotContain("view=map", customMessage: "a series without countries or areas has no map");

        async Task<string> ReadAsync(string address) =>
            await site.Client.GetStringAsync(new Uri(address, UriKind.Relative), TestContext.Current.CancellationToken);
    }
}
