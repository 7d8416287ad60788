using Waymark.Model;

namespace Waymark.Storage;

/// <summary>
/// Signing keys, data keys and erasure salts. It lives outside the database and its backups: otherwise erasing by
/// destroying a key would be undone by any restore. Files of mode 0600, one per key, in the operator's key folder.
/// </summary>
public interface IKeyStore
{
    /// <summary>
    /// The key of this name, made from the system's random source when it does not exist; <paramref name="bytes"/> is its
    /// length (1 to 4,096). Names: 1 to 128 of <c>a-z 0-9 . _ -</c>, beginning with a letter or digit. Errors:
    /// <c>keys.destroyed</c>, <c>keys.length</c> (a key of another length is there), <c>keys.invalid-name</c>,
    /// <c>keys.unavailable</c>.
    /// </summary>
    Task<Result<byte[]>> GetOrCreateAsync(string name, int bytes, CancellationToken cancellationToken);

    /// <summary>The key, or null when there is none or it was destroyed.</summary>
    Task<byte[]?> FindAsync(string name, CancellationToken cancellationToken);

    /// <summary>Overwrites and removes the key; a key of this name is never made again. Answers false when there was none.</summary>
    Task<bool> DestroyAsync(string name, CancellationToken cancellationToken);
}
