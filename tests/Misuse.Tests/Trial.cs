using System.Reflection;
using Xunit.v3;

namespace Waymark.Misuse.Tests;

/// <summary>The ways into and out of the product there are so far, and those that come with later parts.</summary>
public enum Door
{
    /// <summary>A call of a module: the gate, exceptions, the log. What every other door ends at.</summary>
    Module,
    Page,
    Fragment,
    Api,

    /// <summary>A program with a key.</summary>
    Key,
    CommandLine,
    Import,
    Export,
    Print,
    Job,

    /// <summary>A folder of packs: the operator's, or one that somebody changed.</summary>
    PackFolder,

    /// <summary>Settings, variables, flags.</summary>
    Setting,

    /// <summary>The bytes of the store, below the application.</summary>
    Store,
    Backup,

    MergeSplitUndo,
    RegisterMigration,

    // Not built yet: the tests of these come with what opens them.
    ExchangeMessage,
    SealedBundle,
    OfflineOutbox,
}

[Flags]
public enum Parts
{
    None = 0,

    /// <summary>The attempt fails.</summary>
    Attempt = 1,

    /// <summary>The lawful neighbour passes.</summary>
    Neighbour = 2,

    /// <summary>With the guard taken out by the test, through composition, the harm is observed.</summary>
    Guard = 4,
    All = Attempt | Neighbour | Guard,
}

/// <summary>What a test of a misuse case proves, and through which doors. A <see cref="Trial"/> compares it with what the test did.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ProvesAttribute(Parts parts, params Door[] doors) : Attribute
{
    public Parts Parts => parts;

    public IReadOnlyList<Door> Doors => doors;
}

/// <summary>What of a misuse case is not proved, and why. It stands on the page <c>docs/operations/misuse.md</c>.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class MissingAttribute(string row, string what) : Attribute
{
    public string Row => row;

    public string What => what;
}

/// <summary>What came of one attempt: whether the harm was done, the stable code or status it was refused with, and every byte that was answered.</summary>
internal sealed record Seen(bool Harm, string? Code, string Bytes = "");

/// <summary>
/// One misuse case: the attempt through each door, its lawful neighbour, and the same attempt with the guard taken out. At the end the doors
/// and parts that were tried must be those that the test claims.
/// </summary>
internal sealed class Trial : IDisposable
{
    private readonly HashSet<Door> _doors = [];
    private readonly ProvesAttribute _claim = ((IXunitTestMethod)TestContext.Current.TestMethod!).Method.GetCustomAttribute<ProvesAttribute>()
        ?? throw new InvalidOperationException("A test with a trial says what it proves.");
    private Parts _parts;
    private bool _failed;

    /// <summary>REFUSE: nothing happens, and whoever works here is told a stable code.</summary>
    public async Task RefusedAsync(Door door, Func<Task<Seen>> attempt, string? code = null) => await KeepAsync(Parts.Attempt, door, async () =>
    {
        var seen = await attempt();
        seen.Harm.ShouldBeFalse($"{door}: the harm was done: {seen.Bytes}");
        seen.Code.ShouldNotBeNull($"{door}: refused without a code: {seen.Bytes}");
        if (code is not null)
        {
            seen.Code.ShouldBe(code, $"{door}: {seen.Bytes}");
        }
    });

    /// <summary>NEUTRAL: an outsider gets, byte for byte, what is got when nothing is there.</summary>
    public async Task NeutralAsync(Door door, Func<Task<Seen>> attempt, Func<Task<Seen>> nothing) => await KeepAsync(Parts.Attempt, door, async () =>
    {
        var (one, other) = (await attempt(), await nothing());
        one.Harm.ShouldBeFalse($"{door}: {one.Bytes}");
        (one.Code, one.Bytes).ShouldBe((other.Code, other.Bytes), $"{door}: told apart from nothing");
    });

    /// <summary>MASK: the value is in no byte.</summary>
    public async Task MaskedAsync(Door door, string seed, Func<Task<Seen>> attempt) => await KeepAsync(Parts.Attempt, door, async () =>
    {
        var seen = await attempt();
        seen.Harm.ShouldBeFalse($"{door}: {seen.Bytes}");
        seen.Bytes.ShouldNotContain(seed, Case.Insensitive, $"{door}: the value is there");
    });

    /// <summary>The lawful neighbour: as near as can be, and it works.</summary>
    public Task PassesAsync(Func<Task<bool>> neighbour, string what = "the lawful neighbour") => KeepAsync(Parts.Neighbour, null, async () => (await neighbour()).ShouldBeTrue(what));

    /// <summary>The same attempt where the test has composed the product without its guard: now the harm is there.</summary>
    public Task HarmsWithoutAsync(string guard, Func<Task<Seen>> attempt) => KeepAsync(Parts.Guard, null, async () =>
    {
        var seen = await attempt();
        seen.Harm.ShouldBeTrue($"without {guard} nothing happened: {seen.Code} {seen.Bytes}");
    });

    public void Dispose()
    {
        if (!_failed)
        {
            _parts.ShouldBe(_claim.Parts, "the parts that were tried");
            _doors.Order().ShouldBe(_claim.Doors.Order(), "the doors that were tried");
        }
    }

    private async Task KeepAsync(Parts part, Door? door, Func<Task> run)
    {
        try
        {
            await run();
        }
        catch
        {
            _failed = true;
            throw;
        }

        _parts |= part;
        if (door is { } tried)
        {
            _doors.Add(tried);
        }
    }
}
