using System.Collections.Frozen;
using Waymark.Model;
using Waymark.Packs;

namespace Waymark.Casework.Registers;

/// <summary>
/// All registers that this node may load, compiled once at start. A register that names other profiles than the node's is left out and listed
/// in <see cref="LeftOut"/>.
/// </summary>
public sealed class RegisterLibrary
{
    public const string Kind = "registers";

    private readonly FrozenDictionary<string, RegisterPlan> _plans;

    private readonly PackLibrary _library;
    private readonly Seen _seen;

    private RegisterLibrary(IReadOnlyList<RegisterPlan> plans, IReadOnlyList<RegisterPlan> leftOut, IReadOnlyList<Error> errors, PackLibrary library, Seen seen)
    {
        (All, LeftOut, Errors, Purposes, _library, _seen) = (plans, leftOut, errors, [.. seen.Codes("purpose")], library, seen);
        _plans = plans.ToFrozenDictionary(plan => plan.Id, StringComparer.Ordinal);
    }

    public IReadOnlyList<RegisterPlan> All { get; }

    public IReadOnlyList<RegisterPlan> LeftOut { get; }

    /// <summary>What is wrong with packs, each with file, line and column.</summary>
    public IReadOnlyList<Error> Errors { get; }

    /// <summary>The vocabulary's purposes; their place is their bit.</summary>
    public IReadOnlyList<string> Purposes { get; }

    /// <summary>A pack beside the registers, such as a standard that one of them follows.</summary>
    internal Pack? Pack(string kind, string id) => _library.Find(kind, id);

    public RegisterPlan? Find(string id) => _plans.GetValueOrDefault(id);

    /// <summary>Bits of purposes; unknown ones give none, so an unknown purpose opens nothing.</summary>
    public ulong Bits(IEnumerable<string> purposes) => purposes.Aggregate(0UL, (bits, purpose) =>
    {
        for (var at = 0; at < Math.Min(64, Purposes.Count); at++)
        {
            if (Purposes[at] == purpose)
            {
                return bits | (1UL << at);
            }
        }

        return bits;
    });

    /// <summary>
    /// Compiles an earlier edition of a register that is loaded here, by the vocabulary and the floor of now. Null when it is not sound any more: what protects people
    /// today holds for records of yesterday too.
    /// </summary>
    internal RegisterPlan? Compile(string id, IReadOnlyDictionary<string, byte[]> files)
    {
        var folder = files.ContainsKey("pack.yaml") ? $"{Kind}/{id}/" : $"{Kind}/";
        var held = files.ToDictionary(file => folder + file.Key, file => file.Value, StringComparer.Ordinal);
        var path = folder + (files.ContainsKey("pack.yaml") ? "pack.yaml" : id[(id.LastIndexOf('/') + 1)..] + ".yaml");
        var pack = _library.Read(new PackMemory("kept", held), path);
        var plan = pack is null || pack.Key.Id != id ? null : RegisterReader.Read(pack, _seen, new PackErrors());
        return plan is not null && Find(id) is { } now && plan.Partition == now.Partition && plan.Class == now.Class ? plan : null;
    }

    /// <summary>Reads every register of the library; null for <paramref name="profile"/> loads all (checking and testing packs only).</summary>
    public static RegisterLibrary Read(PackLibrary library, NodeProfile? profile)
    {
        var errors = new PackErrors(1_000);
        var seen = new Seen(library, errors);
        var plans = new List<RegisterPlan>();
        var all = new List<Error>(errors.All);
        foreach (var pack in library.OfKind(Kind))
        {
            var own = new PackErrors();
            if (RegisterReader.Read(pack, seen, own) is { } plan)
            {
                plans.Add(plan);
            }

            all.AddRange(own.All);
        }

        foreach (var plan in plans)
        {
            var targets = plan.Fields.Select(field => (From: field.Path, To: field.Target)).Concat(plan.Links.SelectMany(link => link.Registers.Select(to => (From: link.Type, To: (string?)to))));
            all.AddRange(targets.Where(target => target.To is { } to and not Guards.ReturnGates.Decisions && library.Find(Kind, to) is null).Select(target => Error.Faulty(
                "register.unknown-register", $"\"{target.From}\" leads to the register \"{target.To}\", which is not there.", $"“{target.From}”指向的登记册“{target.To}”不存在。", plan.File + ":1:1")));
            all.AddRange(from field in plan.Fields
                         where field.States.Count > 0 && field.StatesFor is not null
                         let target = plans.Find(other => other.Id == field.Target)
                         where target is not null
                         from path in field.States.Values.Append(field.StatesFor)
                         where target.Field(path) is null
                         select Error.Faulty("register.states", $"\"{field.Path}\": the register \"{target.Id}\" has no field \"{path}\".", $"“{field.Path}”：登记册“{target.Id}”没有字段“{path}”。", plan.File + ":1:1"));
            all.AddRange(from guard in plan.Transitions.SelectMany(step => step.Guards)
                         where guard.Kind is GuardKind.Decision or GuardKind.Assessment
                         let target = plans.Find(other => other.Id == guard.Field?.Target)
                         where target is not null && ((guard.Names is { } path && target.Field(path)?.Type != FieldType.Reference)
                             || !guard.States.DefaultIfEmpty(target.States.FirstOrDefault(state => state.IsStanding)?.Id ?? "").All(state => target.State(state) is { IsStanding: true }))
                         select Error.Faulty("register.guard-names", $"A guard on \"{guard.Field!.Path}\" names a field that is no reference, or a state that does not stand, of the register \"{target.Id}\".",
                             $"关于“{guard.Field.Path}”的条件所指登记册“{target.Id}”的字段不是引用，或其状态并非有效状态。", plan.File + ":1:1"));
        }

        return new([.. plans.Where(plan => profile is null || plan.Profiles.Contains(profile.Value))], [.. plans.Where(plan => profile is not null && !plan.Profiles.Contains(profile.Value))],
            all, library, seen);
    }
}
