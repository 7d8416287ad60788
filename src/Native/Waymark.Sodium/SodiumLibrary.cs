using System.Reflection;
using System.Runtime.InteropServices;

namespace Waymark.Sodium;

/// <summary>
/// The distribution's libsodium, which the distribution patches; no native package is shipped. 1.0.18 (soname 23) or
/// later has all that is called here.
/// </summary>
public static class SodiumLibrary
{
    /// <summary>The name in our declarations; it stands for whichever file is found.</summary>
    internal const string Name = "sodium";

    private static readonly string[] _files = OperatingSystem.IsWindows() ? ["libsodium.dll"]
        : OperatingSystem.IsMacOS() ? ["libsodium.dylib"]
        : ["libsodium.so.23", "libsodium.so.26", "libsodium.so"];

    private static readonly Lazy<string> _version = new(Load);

    /// <summary>Loads and starts the library once and answers its version. Throws <see cref="DllNotFoundException"/> when it is not installed.</summary>
    public static string Version => _version.Value;

    private static string Load()
    {
        NativeLibrary.SetDllImportResolver(typeof(SodiumLibrary).Assembly, Resolve);
        // 0 is the first start, 1 a library that another part of the process has started.
        return NativeMethods.Init() >= 0
            ? Marshal.PtrToStringUTF8(NativeMethods.VersionString()) ?? ""
            : throw new DllNotFoundException("libsodium has no source of random numbers");
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name != Name)
        {
            return 0;
        }

        foreach (var file in _files)
        {
            if (NativeLibrary.TryLoad(file, assembly, path, out var handle))
            {
                return handle;
            }
        }

        throw new DllNotFoundException($"None of these system libraries is installed: {string.Join(", ", _files)}");
    }
}
