using Waymark.Model;
using Waymark.Packs;
using Waymark.Packs.Content;

namespace Waymark.Evidence.Tests;

/// <summary>The areas of the built-in pack.</summary>
internal static class TestAreas
{
    public static AreaRegistry Build(PackLibrary library)
    {
        var errors = new PackErrors();
        return AreaPack.Read(library.Get("codelists", AreaPack.Id).Value, errors)
            ?? throw new InvalidOperationException(string.Join('\n', errors.All.Take(10)));
    }
}
