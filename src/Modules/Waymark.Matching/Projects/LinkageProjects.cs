using Waymark.Matching.Contracts;
using Waymark.Model;
using Waymark.Protection.Contracts;
using Waymark.Storage;

namespace Waymark.Matching;

/// <summary>
/// Linkage projects on the record port. Every change is one commit of document, operation and ledger leaf. Whatever the classes forbid is
/// refused before a row is read.
/// </summary>
public sealed class LinkageProjects(IStore store, IKeyStore keys, ITwoPersons twoPersons, IReadOnlyList<RegisterClass> classes, TimeProvider time)
{
    public const int MostRuns = 100;
    public const long MostPairs = 100_000_000_000;
    public const int MostInputs = 10;
    public const long LargestInput = 256L << 20;
    public static readonly TimeSpan Longest = TimeSpan.FromDays(180);
    private readonly LinkageLedger _ledger = new(keys, time);

    public ProjectVault Vault { get; } = new(store, keys);

    /// <summary>Kinds of registers, as the vocabulary lists them.</summary>
    public IReadOnlyList<RegisterClass> Classes => classes;

    /// <summary>Newest first, at most a thousand.</summary>
    public async Task<IReadOnlyList<LinkageProject>> ListAsync(CancellationToken cancellationToken)
    {
        var page = await store.Records.ListAsync(new(LinkageRegisters.Project, [], "proposed", Descending: true, Limit: 1_000), cancellationToken);
        return page.IsOk ? [.. page.Value.Records.Select(Read)] : throw new StoreException(page.Error);
    }

    public async Task<LinkageProject?> FindAsync(string id, CancellationToken cancellationToken) =>
        LinkageRegisters.IsId(id) && await store.Records.GetAsync(LinkageRegisters.Project, id, cancellationToken) is { } record ? Read(record) : null;

    /// <summary>
    /// Proposes a project; nothing can be read in it before a second person approves. Errors: <c>matching.role</c>, <c>two.credential</c>,
    /// <c>matching.project-invalid</c>, <c>matching.unknown-class</c>, <c>matching.forbidden-pair</c>.
    /// </summary>
    public async Task<Result<LinkageProject>> ProposeAsync(Actor actor, ProjectProposal proposal, CancellationToken cancellationToken)
    {
        if (!LinkageRoles.Propose.Contains(actor.Role, StringComparer.Ordinal))
        {
            return WrongRole();
        }

        if (!actor.IsHardware)
        {
            return Error.Refused("two.credential", "Both persons sign in with a trusted security key.", "两人均须使用受信安全密钥登录。");
        }

        var now = time.GetUtcNow();
        var fault = Fault(proposal, now) ?? Known(proposal.Classes) ?? ForbiddenPairs.Check(proposal.Classes).Error;
        if (fault is not null)
        {
            return fault;
        }

        var project = new LinkageProject(
            LinkageRegisters.NewId(), proposal.Name.Trim(), proposal.Purpose.Trim(), proposal.Dpia.Trim(), [.. proposal.Classes.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            proposal.RunBudget, proposal.PairBudget, proposal.Expires, actor, now);
        return await WriteAsync(project, actor.Account, "proposed", cancellationToken);
    }

    /// <summary>The second person, who answers for data protection, opens the project. Errors: <c>matching.no-project</c>, <c>matching.role</c>, <c>two.*</c>, <c>store.conflict</c>.</summary>
    public async Task<Result<LinkageProject>> ApproveAsync(Actor actor, string id, CancellationToken cancellationToken)
    {
        if (await FindAsync(id, cancellationToken) is not { State: ProjectState.Proposed } project || project.Expires <= time.GetUtcNow())
        {
            return NoProject(id);
        }

        if (!LinkageRoles.Approve.Contains(actor.Role, StringComparer.Ordinal))
        {
            return WrongRole();
        }

        var now = time.GetUtcNow();
        var fault = ForbiddenPairs.Check(project.Classes).Error ?? twoPersons.Check(project.ProposedBy, project.ProposedAt, actor, now);
        return fault is not null ? fault
            : await WriteAsync(project with { State = ProjectState.Open, ApprovedBy = actor.Account, ApprovedAt = now }, actor.Account, "approved", cancellationToken);
    }

    /// <summary>
    /// Takes a file of a register in. The classes are looked at first and a marked export is refused; only then are rows read, and they are
    /// sealed at once. Errors: <c>matching.forbidden-pair</c>, <c>matching.class-not-allowed</c>, <c>matching.marked-export</c>,
    /// <c>matching.input-exists</c>, <c>matching.input-large</c>, those of reading the file, <c>matching.not-open</c>, <c>matching.other-register</c>.
    /// </summary>
    public Task<Result<LinkageProject>> AddInputAsync(
        Actor actor, string id, string name, string registerClass, string idColumn, Func<CancellationToken, Task<Stream>> open, CancellationToken cancellationToken) =>
        AddInputAsync(actor, id, new(name, registerClass, idColumn), open, cancellationToken);

    /// <summary>As the other, where the file may be a later state of one that the same person brought.</summary>
    public async Task<Result<LinkageProject>> AddInputAsync(
        Actor actor, string id, InputProposal proposal, Func<CancellationToken, Task<Stream>> open, CancellationToken cancellationToken)
    {
        var (name, registerClass, idColumn) = (proposal.Name, proposal.Class, proposal.IdColumn);
        var found = await UsableAsync(actor, LinkageRoles.Propose, id, cancellationToken);
        if (!found.IsOk)
        {
            return found;
        }

        var project = found.Value;
        name = name.Trim();
        var fault = Known([registerClass])
            ?? ForbiddenPairs.Check([.. project.Inputs.Select(input => input.Class), registerClass]).Error
            ?? (project.Classes.Contains(registerClass, StringComparer.Ordinal) ? null
                : Error.Refused("matching.class-not-allowed", $"The project does not allow registers of class \"{registerClass}\".", $"该项目不允许“{registerClass}”类登记册。", registerClass))
            ?? (name.Length is 0 or > 80 || idColumn.Trim().Length is 0 or > 200 ? Error.Invalid("matching.input-invalid", "A file has a name of at most 80 characters and an id column.", "文件须有不超过 80 字的名称和标识列。") : null)
            ?? (project.Inputs.Any(input => input.Name == name) || project.Inputs.Count >= MostInputs
                ? Error.Conflict("matching.input-exists", "The project has a file of this name already, or ten of them.", "项目中已有同名文件，或已有十个文件。", name) : null);
        // Whoever joins the handles of two files knows which of their records are one: the one who brought both knows it anyway, nobody else may.
        var former = project.Inputs.FirstOrDefault(input => input.Name == proposal.Continues);
        fault ??= proposal.Continues is null || (former is not null && former.AddedBy == actor.Account && former.Class == registerClass) ? null
            : Error.Refused("matching.other-register", "A later state of a register has its class and comes from the same person.", "登记册的后续文件须属同一类别，并由同一人带来。", name);
        if (fault is not null)
        {
            return fault;
        }

        await using var stream = await open(cancellationToken);
        using var bytes = new MemoryStream();
        var buffer = new byte[1 << 16];
        for (int got; (got = await stream.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            bytes.Write(buffer, 0, got);
            if (bytes.Length > LargestInput)
            {
                return Error.TooLarge("matching.input-large", $"A file has at most {LargestInput >> 20} MiB.", $"文件最多 {LargestInput >> 20} MiB。", name);
            }
        }

        bytes.Position = 0;
        var readable = RegisterReader.Read(bytes, name, new RegisterOptions { IdColumn = idColumn.Trim(), Wanted = sample => [.. sample.Columns.Select(_ => false)] }, cancellationToken);
        if (!readable.IsOk)
        {
            return readable.Error;
        }

        var plain = bytes.ToArray();
        var put = await Vault.PutAsync(project.Id, "input/" + name, plain, cancellationToken);
        if (!put.IsOk)
        {
            return put.Error;
        }

        var input = new ProjectInput(name, registerClass, idColumn.Trim(), put.Value, plain.Length, actor.Account, time.GetUtcNow()) { Continues = former?.HandlesOf };
        return await WriteAsync(project with { Inputs = [.. project.Inputs, input] }, actor.Account, "input-added", cancellationToken, new BlobReference(Owner(project.Id), new(put.Value)));
    }

    /// <summary>Ends the project: its key is destroyed, so that rows, handles and results can be read by nobody. Errors: <c>matching.no-project</c>, <c>matching.role</c>.</summary>
    public async Task<Result<LinkageProject>> CloseAsync(Actor actor, string id, CancellationToken cancellationToken)
    {
        if (await FindAsync(id, cancellationToken) is not { State: not ProjectState.Closed } project)
        {
            return NoProject(id);
        }

        if (actor.Account != project.ProposedBy.Account && !LinkageRoles.Approve.Contains(actor.Role, StringComparer.Ordinal))
        {
            return WrongRole();
        }

        return await EndAsync(project, actor.Account, "closed", cancellationToken);
    }

    /// <summary>Ends every project whose day has come; answers how many.</summary>
    public async Task<int> ExpireAsync(CancellationToken cancellationToken)
    {
        var ended = 0;
        foreach (var project in await ListAsync(cancellationToken))
        {
            if (project.State != ProjectState.Closed && project.Expires <= time.GetUtcNow() && (await EndAsync(project, "linkage", "expired", cancellationToken)).IsOk)
            {
                ended++;
            }
        }

        return ended;
    }

    /// <summary>Which record each handle of an input stands for, as CSV, for the account that brought the file and for nobody else.</summary>
    public async Task<Result<byte[]>> HandlesAsync(Actor actor, string id, string input, CancellationToken cancellationToken)
    {
        var found = await UsableAsync(actor, LinkageRoles.Propose, id, cancellationToken);
        if (!found.IsOk)
        {
            return found.Error;
        }

        if (found.Value.Inputs.FirstOrDefault(item => item.Name == input) is not { } known || known.AddedBy != actor.Account)
        {
            return Error.Refused("matching.not-your-file", "Only who brought a file learns what its handles stand for.", "只有带来文件的人才能得知句柄对应的记录。");
        }

        var file = await ReadAsync(found.Value, known, cancellationToken);
        var handle = await Vault.HandlesAsync(id, known.HandlesOf, cancellationToken);
        if ((file.Error ?? handle.Error) is { } fault)
        {
            return fault;
        }

        var ids = file.Value.Table.Ids!;
        using var stream = new MemoryStream();
        LinkWriters.HandleTable(stream, ids, handle.Value);
        return await NotedAsync(found.Value, actor.Account, "handles-fetched", cancellationToken) is { } failed ? failed : stream.ToArray();
    }

    internal static string Owner(string project) => "linkage/" + project;

    /// <summary>The rows of an input as they were brought, for planning and for handles.</summary>
    internal async Task<Result<RegisterFile>> ReadAsync(LinkageProject project, ProjectInput input, CancellationToken cancellationToken)
    {
        var plain = await Vault.OpenAsync(project.Id, "input/" + input.Name, input.Blob, cancellationToken);
        return plain.Then(bytes =>
        {
            using var stream = new MemoryStream(bytes, writable: false);
            return RegisterReader.Read(stream, input.Name, new RegisterOptions { IdColumn = input.IdColumn }, cancellationToken);
        });
    }

    /// <summary>The project when this actor may work in it now.</summary>
    internal async Task<Result<LinkageProject>> UsableAsync(Actor actor, IReadOnlyList<string> roles, string id, CancellationToken cancellationToken)
    {
        if (!roles.Contains(actor.Role, StringComparer.Ordinal))
        {
            return WrongRole();
        }

        return await FindAsync(id, cancellationToken) is not { } project ? NoProject(id)
            : !project.IsUsable(time.GetUtcNow()) ? Error.Refused("matching.not-open", "The project is not open: two persons have not agreed, or it has ended.", "项目未开放：尚未经两人同意，或已结束。", project.Name)
            : project;
    }

    /// <summary>A write of the project's next version, to go into a larger write set.</summary>
    internal static RecordWrite Next(LinkageProject project, string did) => LinkageRegisters.Write(
        LinkageRegisters.Project, project.Id, project.Version, LinkageRegisters.Bytes(project), new { did },
        new RecordHead("proposed", LinkageRegisters.Time(project.ProposedAt)), new RecordHead("state", project.State.ToString().ToLowerInvariant()));

    internal Task<Result<Waymark.Ledger.LedgerLeaf>> LeafAsync(string account, ReadOnlyMemory<byte> document, CancellationToken cancellationToken) => _ledger.LeafAsync(account, document, cancellationToken);

    internal static Error NoProject(string id) => Error.NotFound("matching.no-project", "There is no such project.", "没有此项目。", id);

    internal static Error WrongRole() => Error.Refused("matching.role", "Your role does not do this.", "您的角色不办理此事。");

    private async Task<Result<LinkageProject>> EndAsync(LinkageProject project, string account, string did, CancellationToken cancellationToken)
    {
        // The record first: a crash in between leaves a closed project whose key goes with the next try, never an open one without key.
        var runs = await RunsAsync(project.Id, cancellationToken);
        var written = await WriteAsync(project with { State = ProjectState.Closed, ClosedAt = time.GetUtcNow() }, account, did, cancellationToken,
            [.. project.Inputs.Select(input => input.Blob).Concat(runs.SelectMany(run => run.Results.Values)).Select(blob => new BlobReference(Owner(project.Id), new(blob), Remove: true))]);
        if (written.IsOk)
        {
            await Vault.DestroyAsync(project.Id, cancellationToken);
        }

        return written;
    }

    private async Task<IReadOnlyList<LinkageRun>> RunsAsync(string project, CancellationToken cancellationToken)
    {
        var page = await store.Records.ListAsync(new(LinkageRegisters.Run, [new("project", project)], Limit: 1_000), cancellationToken);
        return page.IsOk ? [.. page.Value.Records.Select(record => LinkageRegisters.Read<LinkageRun>(record.Document))] : throw new StoreException(page.Error);
    }

    private async Task<Error?> NotedAsync(LinkageProject project, string account, string did, CancellationToken cancellationToken) =>
        (await WriteAsync(project, account, did, cancellationToken)).Error;

    private async Task<Result<LinkageProject>> WriteAsync(LinkageProject project, string account, string did, CancellationToken cancellationToken, params BlobReference[] references)
    {
        var write = Next(project, did);
        var leaf = await LeafAsync(account, write.Document!.Value, cancellationToken);
        if (!leaf.IsOk)
        {
            return leaf.Error;
        }

        var written = await store.CommitAsync(
            new() { Actor = account, Reason = "linkage." + did, Records = [write], BlobReferences = references, Leaves = [leaf.Value.Encode()] }, cancellationToken);
        return written.IsOk ? project with { Version = project.Version + 1 } : written.Error;
    }

    private Error? Known(IReadOnlyList<string> asked) => asked.Count > 0 && asked.All(code => classes.Any(known => known.Code == code)) ? null
        : Error.Refused("matching.unknown-class", "Every register has a known class.", "每个登记册须属于已知类别。", string.Join(", ", asked))
            .WithHint("Classes: " + string.Join(", ", classes.Select(known => known.Code)), "类别：" + string.Join("、", classes.Select(known => known.Code)));

    private static Error? Fault(ProjectProposal proposal, DateTimeOffset now)
    {
        return proposal.Name.Trim().Length is 0 or > 120 ? Invalid("name", "A project has a name of at most 120 characters.", "项目须有不超过 120 字的名称。")
            : proposal.Purpose.Trim().Length is < 10 or > 1_000 ? Invalid("purpose", "Say the purpose in 10 to 1,000 characters.", "请用 10 至 1000 字说明目的。")
            : proposal.Dpia.Trim().Length is < 3 or > 120 ? Invalid("dpia", "Name the data-protection impact assessment by its number.", "请注明数据保护影响评估的编号。")
            : proposal.RunBudget is < 1 or > MostRuns ? Invalid("runs", $"Between 1 and {MostRuns} runs.", $"运行次数应在 1 至 {MostRuns} 之间。")
            : proposal.PairBudget is < 1 or > MostPairs ? Invalid("pairs", "Between 1 and 100,000,000,000 pairs.", "比较对数应在 1 至 1000 亿之间。")
            : proposal.Expires <= now || proposal.Expires > now + Longest ? Invalid("expires", "A project ends within 180 days.", "项目须在 180 天内结束。")
            : null;
        static Error Invalid(string field, string en, string zh) => Error.Invalid("matching.project-invalid", en, zh, field);
    }

    private static LinkageProject Read(StoredRecord record) => LinkageRegisters.Read<LinkageProject>(record.Document) with { Version = record.Version };
}
