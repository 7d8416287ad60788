using System.Security.Cryptography;
using System.Text;
using Waymark.Model;
using Waymark.Storage;

namespace Waymark.Audit.Contracts;

/// <summary>
/// The salts under which leaves commit to persons, one each, in the key store. Destroying a person's salt erases them from
/// the ledger: no leaf can be tied to them any more, and every proof stays as valid as before. Actors have salts of their
/// own, so that erasing a subject never erases what was done (M79).
/// </summary>
public sealed class PersonSalts(IKeyStore keys)
{
    /// <summary>
    /// The salt of a subject or an actor by its id in the store. Error <c>keys.destroyed</c> after <see cref="EraseAsync"/>.
    /// </summary>
    public Task<Result<byte[]>> OfAsync(SaltKind kind, string id, CancellationToken cancellationToken) =>
        keys.GetOrCreateAsync(Name(kind, id), 32, cancellationToken);

    /// <summary>The salt when there is one; for opening commitments.</summary>
    public Task<byte[]?> FindAsync(SaltKind kind, string id, CancellationToken cancellationToken) =>
        keys.FindAsync(Name(kind, id), cancellationToken);

    /// <summary>Destroys the salt for ever; answers false when there was none. Deciding about it is the caller's.</summary>
    public Task<bool> EraseAsync(SaltKind kind, string id, CancellationToken cancellationToken) =>
        keys.DestroyAsync(Name(kind, id), cancellationToken);

    private static string Name(SaltKind kind, string id) =>
        $"salt.{(kind == SaltKind.Actor ? "actor" : "subject")}.{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)))}";
}

public enum SaltKind { Subject, Actor }
