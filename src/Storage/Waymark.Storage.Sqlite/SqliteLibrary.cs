using System.Runtime.InteropServices;

namespace Waymark.Storage.Sqlite;

/// <summary>
/// Binds ADO.NET to the operating system's SQLite, which the distribution patches; no native package is shipped.
/// </summary>
internal static class SqliteLibrary
{
    private static readonly Lazy<string> _version = new(Load);

    /// <summary>Loads the library once and answers its version. Throws <see cref="DllNotFoundException"/> when it is not installed.</summary>
    public static string Version => _version.Value;

    private static string Load()
    {
        var provider = new SQLitePCL.SQLite3Provider_e_sqlite3();
        NativeLibrary.SetDllImportResolver(provider.GetType().Assembly, static (_, _, _) => NativeLibrary.Load(
            OperatingSystem.IsWindows() ? "winsqlite3" : OperatingSystem.IsMacOS() ? "libsqlite3.dylib" : "libsqlite3.so.0"));
        SQLitePCL.raw.SetProvider(provider);
        return SQLitePCL.raw.sqlite3_libversion().utf8_to_string();
    }
}
