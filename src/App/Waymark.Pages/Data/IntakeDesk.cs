using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Waymark.Casework.Contracts;
using Waymark.Model;

namespace Waymark.Pages.Data;

/// <summary>
/// The public forms, for families and for complaints: which unit each leads to, tokens of its forms, and what waits in memory to be shown once. No cookie is set: a form carries its own token, and whoever
/// fills it in has no sign-in that another site could misuse.
/// </summary>
public sealed class IntakeDesk(string? unit, IDataProtectionProvider protection, TimeProvider time)
{
    /// <summary>How many requests the form takes an hour, from everybody together: more is no family.</summary>
    public const int MostAnHour = 120;

    private const int MostKept = 2_000;

    private static readonly TimeSpan s_formLasts = TimeSpan.FromHours(3);

    private static readonly TimeSpan s_doorStands = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan s_kept = TimeSpan.FromMinutes(15);

    private readonly IDataProtector _protector = protection.CreateProtector("find-family");
    private readonly ConcurrentDictionary<string, (IntakeTyped What, DateTimeOffset Until)> _kept = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _shownOf = new(StringComparer.Ordinal);
    private readonly Lock _counting = new();
    private (DateTimeOffset Since, int Count) _hour;
    private readonly ConcurrentDictionary<string, KnownDoor> _doors = new(StringComparer.Ordinal);

    /// <summary>The unit that receives requests; null when this node takes none here.</summary>
    public string? Unit => unit;

    /// <summary>The unit that receives complaints for the review committee; null when this node takes none here.</summary>
    public string? ComplaintsUnit { get; init; }

    /// <summary>A token for a form that is drawn now; it holds the id that the record will have, so that sending twice is one request.</summary>
    public string NewForm() => _protector.Protect($"{Handle()} {time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)}");

    /// <summary>The id in a token of ours that is not older than three hours; else null.</summary>
    public string? Read(string? form)
    {
        try
        {
            return form is { Length: > 0 and < 1_000 } && _protector.Unprotect(form).Split(' ') is [{ Length: 32 } id, var at]
                && long.TryParse(at, CultureInfo.InvariantCulture, out var seconds) && time.GetUtcNow() - DateTimeOffset.FromUnixTimeSeconds(seconds) <= s_formLasts ? id : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>Whether the page takes anybody in; asked of the rules once a minute, however many look.</summary>
    public Task<IntakeDoor> DoorAsync(ITracingIntake intake, CancellationToken cancellationToken) => DoorAsync("requests", unit, intake.DoorAsync, cancellationToken);

    /// <summary>The same for complaints.</summary>
    public Task<IntakeDoor> ComplaintDoorAsync(IComplaintDoor complaints, CancellationToken cancellationToken) => DoorAsync("complaints", ComplaintsUnit, complaints.ComplaintDoorAsync, cancellationToken);

    private async Task<IntakeDoor> DoorAsync(string what, string? taker, Func<string, CancellationToken, Task<IntakeDoor>> ask, CancellationToken cancellationToken)
    {
        if (_doors.GetValueOrDefault(what) is { } known && time.GetUtcNow() - known.At < s_doorStands)
        {
            return known.Door;
        }

        var door = taker is null ? IntakeDoor.Closed : await ask(taker, cancellationToken);
        _doors[what] = new(door, time.GetUtcNow());
        return door;
    }

    /// <summary>Counts one request; false when the hour is full.</summary>
    public bool MayTake()
    {
        lock (_counting)
        {
            var now = time.GetUtcNow();
            _hour = now - _hour.Since >= TimeSpan.FromHours(1) ? (now, 1) : (_hour.Since, _hour.Count + 1);
            return _hour.Count <= MostAnHour;
        }
    }

    /// <summary>Keeps what is shown next for a quarter of an hour under a random handle.</summary>
    public string Keep(IntakeTyped what)
    {
        var now = time.GetUtcNow();
        foreach (var old in _kept.Where(pair => pair.Value.Until <= now).Select(pair => pair.Key).ToList())
        {
            Forget(old);
        }

        if (_kept.Count >= MostKept)
        {
            Forget(_kept.MinBy(pair => pair.Value.Until).Key);
        }

        var handle = Handle();
        _kept[handle] = (what, now + s_kept);
        if (what.Sent is { } sent)
        {
            _shownOf[sent] = handle;
        }

        return handle;
    }

    public IntakeTyped? Find(string? handle) => handle is { Length: 32 } && _kept.TryGetValue(handle, out var kept) && kept.Until > time.GetUtcNow() ? kept.What : null;

    /// <summary>The handle under which the code of this very form still waits to be written down: an answer that was lost on the way comes again.</summary>
    public string? Waiting(string sent) => _shownOf.TryGetValue(sent, out var handle) && Find(handle) is not null ? handle : null;

    public void Forget(string? handle)
    {
        if (handle is not null && _kept.TryRemove(handle, out var kept) && kept.What.Sent is { } sent)
        {
            _shownOf.TryRemove(sent, out _);
        }
    }

    private sealed record KnownDoor(IntakeDoor Door, DateTimeOffset At);

    private static string Handle() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
}

/// <summary>What the form shows again with its errors, or the code once it was sent.</summary>
public sealed record IntakeTyped(IntakeRequest? Request, IReadOnlyList<Error> Errors)
{
    public Complaint? Complaint { get; init; }

    public string? Code { get; init; }

    /// <summary>Id of the form whose code this is.</summary>
    public string? Sent { get; init; }
}
