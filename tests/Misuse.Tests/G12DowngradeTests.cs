using System.Text;
using Waymark.App.CommandLine;
using Waymark.Protection.Tests;
using Waymark.Rules;
using Waymark.Rules.Tests;

namespace Waymark.Misuse.Tests;

/// <summary>Group 12, continued: downgrade and hostile files.</summary>
public sealed class G12DowngradeTests
{
    [Fact]
    [Proves(Parts.All, Door.Module, Door.PackFolder, Door.Setting)]
    public async Task M74_what_was_in_force_is_not_followed_by_what_is_older()
    {
        using var trial = new Trial();
        static string Newer(string packs) => packs.Replace("version: 1.0.0", "version: 1.2.0", StringComparison.Ordinal);
        await using var desk = await Desk.OpenAsync(edit: Newer);
        (await desk.Book.Adoptions.MayStartAsync(default)).ShouldBeNull();
        async Task<Seen> Start(Func<string, string> edit)
        {
            var refusal = await desk.Open(edit).Adoptions.MayStartAsync(default);
            return new(refusal is null, refusal?.Code);
        }

        await trial.RefusedAsync(Door.PackFolder, () => Start(packs => packs), "packs.older");
        await trial.RefusedAsync(Door.PackFolder, () => Start(packs => Newer(packs).Replace("id: harbour\n", "id: harbour-2\n", StringComparison.Ordinal)), "packs.gone");
        await trial.RefusedAsync(Door.Module, async () =>
        {
            var book = desk.Open(packs => packs);
            var older = await book.AdoptAsync(Desk.Legal, "harbour", book.Rules.Packs.Single(pack => pack.Id == "harbour").Hash, default);
            return new(older.IsOk, older.Error?.Code);
        }, "adoption.older");
        await trial.PassesAsync(async () => !(await Start(Newer)).Code.IsNamed() && !(await Start(packs => packs.Replace("version: 1.0.0", "version: 1.3.0", StringComparison.Ordinal))).Code.IsNamed(), "the same, and newer");
        await desk.IntegrateAsync();
        desk.Clock.Advance(TimeSpan.FromMinutes(-30));
        await trial.RefusedAsync(Door.Setting, () => Start(packs => packs.Replace("version: 1.0.0", "version: 1.3.0", StringComparison.Ordinal)), "clock.behind");

        // The guard is the memory of what was in force: a store that never heard of it starts with anything.
        ComposedStore? composed = null;
        await using var open = await Desk.OpenAsync(edit: Newer, around: store => composed = new ComposedStore(store));
        (await open.Book.Adoptions.MayStartAsync(default)).ShouldBeNull();
        composed!.Forgotten.Add("protection.packs-held");
        composed.Forgotten.Add("protection.adoption");
        await trial.HarmsWithoutAsync("the memory of versions", async () =>
        {
            var refusal = await open.Open(packs => packs).Adoptions.MayStartAsync(default);
            return new(refusal is null, refusal?.Code);
        });
    }

    [Theory]
    [Proves(Parts.All, Door.CommandLine, Door.PackFolder)]
    [InlineData("duplicate key", "    topic: purpose\n", "    topic: purpose\n    topic: other\n")]
    [InlineData("anchor", "    topic: purpose\n", "    topic: &x purpose\n")]
    [InlineData("no as false", "mandatory: true", "mandatory: no")]
    [InlineData("look-alike letter in a code", "consent.status = given", "consent.status = givеn")]
    [InlineData("look-alike letter in a word", "modality: prohibit", "modality: prоhibit")]
    [InlineData("nesting", "scope: {action: [read, collect]}", "scope: {action: [[[[[[read]]]]]]}")]
    [InlineData("hexadecimal", "value: 72", "value: 0x48")]
    public async Task M75_a_hostile_file_is_refused_with_its_line(string what, string part, string instead)
    {
        using var trial = new Trial();
        Sample.Harbour.ShouldContain(part, Case.Sensitive, what);
        using var call = new Installation();
        foreach (var schema in Directory.EnumerateFiles(Path.Combine(Installation.Packs, "schema"), "*.json"))
        {
            Write(call, "packs/schema/" + Path.GetFileName(schema), await File.ReadAllTextAsync(schema));
        }

        Write(call, "packs/vocabulary/rules.yaml", Sample.Vocabulary);
        Write(call, "packs/rules/floor.yaml", Sample.Floor);
        async Task<Seen> Check(string harbour, params string[] verb)
        {
            Write(call, "packs/rules/harbour.yaml", harbour);
            var (code, output, error) = await call.RunAsync([.. verb, "packs"]);
            return new(code == ExitCode.Done, (output + error).Contains("harbour.yaml:", StringComparison.Ordinal) ? "line.named" : null, output + error);
        }

        var hostile = Sample.Harbour.Replace(part, instead, StringComparison.Ordinal);
        await trial.RefusedAsync(Door.CommandLine, () => Check(hostile, "rules", "check"), "line.named");
        await trial.RefusedAsync(Door.PackFolder, () => Check(hostile, "rules", "test"), "line.named");
        await trial.PassesAsync(async () => (await Check(Sample.Harbour, "rules", "check")).Harm, "the file as it was");

        // What a lenient reader would have made of it is another pack: the reader is the guard, and the hash that two persons adopted the second.
        await trial.HarmsWithoutAsync("the strict reader", () => Task.FromResult(new Seen(
            Sample.Library(Sample.Floor, Sample.Harbour.Replace("mandatory: true", "mandatory: false", StringComparison.Ordinal)) is var lenient && lenient.Errors.Count == 0
            && lenient.Find("harbour")!.Hash != Sample.Standard.Find("harbour")!.Hash && lenient.Packs.SelectMany(pack => pack.Rules).Count(rule => rule.Duty is { IsMandatory: true })
                < Sample.Standard.Packs.SelectMany(pack => pack.Rules).Count(rule => rule.Duty is { IsMandatory: true }), null)));
    }

    private static void Write(Installation call, string name, string text)
    {
        var path = Path.Combine(call.Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text, new UTF8Encoding(false));
    }
}

internal static class Codes
{
    /// <summary>Whether something was refused, with a code.</summary>
    public static bool IsNamed(this string? code) => code is not null;
}
