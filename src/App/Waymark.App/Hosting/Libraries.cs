using Waymark.Pages;

namespace Waymark.App.Hosting;

/// <summary>The libraries that this program is made with, and their licences; a test compares them with the central pins.</summary>
public static class Libraries
{
    public static IReadOnlyList<LibraryFact> All { get; } =
    [
        new(".NET and ASP.NET Core", "10", "MIT"),
        new("Npgsql", "10.0.0", "PostgreSQL"),
        new("Microsoft.Data.Sqlite.Core", "6.0.7", "MIT"),
        new("SQLitePCLRaw", "2.0.6", "Apache-2.0"),
        new("SQLite (of the system)", "3", "public domain"),
        new("libsodium (of the system)", "1.0.18", "ISC"),
        new("YamlDotNet", "16.3.0", "MIT"),
        new("System.Numerics.Tensors", "10.0.15", "MIT"),
        new("System.CommandLine", "2.0.15", "MIT"),
        new("Microsoft.AspNetCore.OpenApi", "10.0.15", "MIT"),
        new("Microsoft.OpenApi", "2.13.0", "MIT"),
        new("OpenTelemetry", "1.20.1", "Apache-2.0"),
        new("htmx", "4.0.1", "0BSD"),
        new("Natural Earth (simplified boundaries)", "4.1", "public domain"),
    ];
}
