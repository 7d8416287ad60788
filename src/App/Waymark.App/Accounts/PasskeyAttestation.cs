using System.Formats.Asn1;
using System.Formats.Cbor;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Waymark.App.Accounts;

public enum AttestationResult
{
    /// <summary>The device said nothing about itself, or vouched for itself only.</summary>
    None,

    /// <summary>A maker whose root certificate the operator trusts vouches for the device.</summary>
    Trusted,

    /// <summary>The statement is broken or forged; the passkey is not taken.</summary>
    Wrong,
}

/// <summary>
/// Who vouches for a passkey: the statement formats "none" and "packed" of WebAuthn Level 3, section 8. Other formats count
/// as none. A device is hardware for us only when its certificate leads to a root that the operator put into the folder
/// <c>accounts.attestation-roots</c>.
/// </summary>
public static class PasskeyAttestation
{
    private const string ModelExtension = "1.3.6.1.4.1.45724.1.1.4";
    private const int ModelAt = 37;

    public static AttestationResult Check(byte[] attestation, byte[] clientData, X509Certificate2Collection roots)
    {
        try
        {
            var (format, algorithm, signature, chain, device) = Read(attestation);
            if (format != "packed")
            {
                return AttestationResult.None;
            }

            byte[] signed = [.. device, .. SHA256.HashData(clientData)];
            if (chain.Count == 0)
            {
                // Vouches for itself with the new key; that the key signs is checked at every sign-in.
                return AttestationResult.None;
            }

            using var leaf = X509CertificateLoader.LoadCertificate(chain[0]);
            using var key = leaf.GetECDsaPublicKey();
            return key is null || algorithm != -7 || !key.VerifyData(signed, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)
                || !IsModel(leaf, device)
                ? AttestationResult.Wrong
                : IsTrusted(leaf, chain, roots) ? AttestationResult.Trusted : AttestationResult.None;
        }
        catch (Exception broken) when (broken is CborContentException or CryptographicException or AsnContentException or InvalidOperationException or ArgumentException)
        {
            return AttestationResult.Wrong;
        }
    }

    /// <summary>The operator's trusted makers: every certificate in the files <c>*.pem</c> of the folder.</summary>
    public static X509Certificate2Collection Roots(string? folder)
    {
        var roots = new X509Certificate2Collection();
        if (folder is not null && Directory.Exists(folder))
        {
            foreach (var file in Directory.GetFiles(folder, "*.pem").Order(StringComparer.Ordinal))
            {
                roots.ImportFromPemFile(file);
            }
        }

        return roots;
    }

    private static bool IsTrusted(X509Certificate2 leaf, List<byte[]> rest, X509Certificate2Collection roots)
    {
        if (roots.Count == 0)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(roots);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        foreach (var certificate in rest.Skip(1))
        {
            chain.ChainPolicy.ExtraStore.Add(X509CertificateLoader.LoadCertificate(certificate));
        }

        return chain.Build(leaf);
    }

    // A certificate that names a device model must name the model that the device names.
    private static bool IsModel(X509Certificate2 leaf, byte[] device)
    {
        if (leaf.Extensions[ModelExtension] is not { } extension)
        {
            return true;
        }

        var model = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadOctetString();
        return device.Length >= ModelAt + 16 && model.AsSpan().SequenceEqual(device.AsSpan(ModelAt, 16));
    }

    private static (string Format, long Algorithm, byte[] Signature, List<byte[]> Chain, byte[] Device) Read(byte[] attestation)
    {
        var (format, algorithm, signature, chain, device) = ("", 0L, Array.Empty<byte>(), new List<byte[]>(), Array.Empty<byte>());
        var reader = new CborReader(attestation);
        for (var left = reader.ReadStartMap() ?? 0; left > 0; left--)
        {
            switch (reader.ReadTextString())
            {
                case "fmt":
                    format = reader.ReadTextString();
                    break;
                case "authData":
                    device = reader.ReadByteString();
                    break;
                case "attStmt":
                    for (var parts = reader.ReadStartMap() ?? 0; parts > 0; parts--)
                    {
                        switch (reader.ReadTextString())
                        {
                            case "alg":
                                algorithm = reader.ReadInt64();
                                break;
                            case "sig":
                                signature = reader.ReadByteString();
                                break;
                            case "x5c":
                                for (var items = reader.ReadStartArray() ?? 0; items > 0; items--)
                                {
                                    chain.Add(reader.ReadByteString());
                                }

                                reader.ReadEndArray();
                                break;
                            default:
                                reader.SkipValue();
                                break;
                        }
                    }

                    reader.ReadEndMap();
                    break;
                default:
                    reader.SkipValue();
                    break;
            }
        }

        return (format, algorithm, signature, chain, device);
    }
}
