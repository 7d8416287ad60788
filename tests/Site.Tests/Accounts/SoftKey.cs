using System.Buffers.Binary;
using System.Buffers.Text;
using System.Formats.Asn1;
using System.Formats.Cbor;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;

namespace Waymark.Site.Tests.Accounts;

/// <summary>A security key in software: makes and shows P-256 passkeys as a browser would hand them over, with a packed statement of its maker or none.</summary>
internal sealed class SoftKey : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly byte[] _id = RandomNumberGenerator.GetBytes(32);
    private string _user = "";
    private uint _count;

    /// <summary>How often the key says it signed, from the next answer on. Null: one more each time; passkeys that are copied between devices always say 0.</summary>
    public uint? Says { get; set; }

    /// <summary>A maker's root and the certificate it gave to this model.</summary>
    public static (X509Certificate2 Root, X509Certificate2 Device, ECDsa DeviceKey) Maker(byte[]? model = null)
    {
        var now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var rootRequest = new CertificateRequest("CN=Maker Root", rootKey, HashAlgorithmName.SHA256);
        rootRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var root = rootRequest.CreateSelfSigned(now, now.AddYears(20));
        var deviceKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("C=XA, O=Maker, OU=Authenticator Attestation, CN=Model", deviceKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteOctetString(model ?? new byte[16]);
        request.CertificateExtensions.Add(new X509Extension("1.3.6.1.4.1.45724.1.1.4", writer.Encode(), false));
        return (root, request.Create(root, now, now.AddYears(10), [1, 2, 3]), deviceKey);
    }

    /// <summary>The answer to <c>navigator.credentials.create</c>.</summary>
    public string Create(string options, string origin, (X509Certificate2 Root, X509Certificate2 Device, ECDsa DeviceKey)? maker = null, bool forged = false)
    {
        var asked = JsonDocument.Parse(options).RootElement;
        _user = asked.GetProperty("user").GetProperty("id").GetString()!;
        var client = Client("webauthn.create", asked.GetProperty("challenge").GetString()!, origin);
        var device = Device(asked.GetProperty("rp").GetProperty("id").GetString()!, withKey: true);
        var writer = new CborWriter(CborConformanceMode.Ctap2Canonical);
        writer.WriteStartMap(3);
        writer.WriteTextString("fmt");
        writer.WriteTextString(maker is null ? "none" : "packed");
        writer.WriteTextString("attStmt");
        if (maker is { } by)
        {
            byte[] signed = [.. device, .. SHA256.HashData(client)];
            writer.WriteStartMap(3);
            writer.WriteTextString("alg");
            writer.WriteInt32(-7);
            writer.WriteTextString("sig");
            writer.WriteByteString((forged ? _key : by.DeviceKey).SignData(signed, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
            writer.WriteTextString("x5c");
            writer.WriteStartArray(1);
            writer.WriteByteString(by.Device.RawData);
            writer.WriteEndArray();
            writer.WriteEndMap();
        }
        else
        {
            writer.WriteStartMap(0);
            writer.WriteEndMap();
        }

        writer.WriteTextString("authData");
        writer.WriteByteString(device);
        writer.WriteEndMap();
        return JsonSerializer.Serialize(new
        {
            id = Text(_id), rawId = Text(_id), type = "public-key", clientExtensionResults = new { },
            response = new { clientDataJSON = Text(client), attestationObject = Text(writer.Encode()), transports = new[] { "usb" } },
        });
    }

    /// <summary>The answer to <c>navigator.credentials.get</c>.</summary>
    public string Get(string options, string origin, string? domain = null)
    {
        var asked = JsonDocument.Parse(options).RootElement;
        var client = Client("webauthn.get", asked.GetProperty("challenge").GetString()!, origin);
        var device = Device(domain ?? asked.GetProperty("rpId").GetString()!, withKey: false);
        byte[] signed = [.. device, .. SHA256.HashData(client)];
        return JsonSerializer.Serialize(new
        {
            id = Text(_id), rawId = Text(_id), type = "public-key", clientExtensionResults = new { },
            response = new
            {
                clientDataJSON = Text(client), authenticatorData = Text(device), userHandle = _user,
                signature = Text(_key.SignData(signed, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)),
            },
        });
    }

    public void Dispose() => _key.Dispose();

    private byte[] Device(string domain, bool withKey)
    {
        var bytes = new List<byte>(SHA256.HashData(Encoding.UTF8.GetBytes(domain))) { (byte)(withKey ? 0x45 : 0x05) };
        var count = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(count, Says ?? ++_count);
        bytes.AddRange(count);
        if (withKey)
        {
            var point = _key.ExportParameters(false).Q;
            var key = new CborWriter(CborConformanceMode.Ctap2Canonical);
            key.WriteStartMap(5);
            key.WriteInt32(1);
            key.WriteInt32(2);
            key.WriteInt32(3);
            key.WriteInt32(-7);
            key.WriteInt32(-1);
            key.WriteInt32(1);
            key.WriteInt32(-2);
            key.WriteByteString(point.X!);
            key.WriteInt32(-3);
            key.WriteByteString(point.Y!);
            key.WriteEndMap();
            bytes.AddRange(new byte[16]);
            bytes.AddRange([0, (byte)_id.Length]);
            bytes.AddRange(_id);
            bytes.AddRange(key.Encode());
        }

        return [.. bytes];
    }

    private static byte[] Client(string type, string challenge, string origin) =>
        JsonSerializer.SerializeToUtf8Bytes(new { type, challenge, origin, crossOrigin = false });

    private static string Text(byte[] bytes) => Base64Url.EncodeToString(bytes);
}
