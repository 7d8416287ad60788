using System.Net;
using Waymark.App.Configuration;

namespace Waymark.App.Hosting;

/// <summary>The address by which people reach the server.</summary>
public static class ServerAddress
{
    public static string Of(Settings settings, int? port = null)
    {
        if (settings.PublicAddress is { } stated)
        {
            return stated.GetLeftPart(UriPartial.Path).TrimEnd('/');
        }

        var host = settings.Address.Equals(IPAddress.Any) || settings.Address.Equals(IPAddress.IPv6Any) ? "localhost"
            : settings.Address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{settings.Address}]" : settings.Address.ToString();
        return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{(settings.Tls ? "https" : "http")}://{host}:{port ?? settings.Port}");
    }
}
