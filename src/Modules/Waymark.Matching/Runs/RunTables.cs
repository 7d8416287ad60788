using Waymark.Linkage;
using Waymark.Matching.Contracts;
using Waymark.Model;

namespace Waymark.Matching;

/// <summary>The rows of a run, opened and blocked: the same on every worker, and with handles in the place of ids.</summary>
internal sealed record RunTables(string Run, OpenedFiles Files, LinkageRequest Request, LinkageTiles Tiles)
{
    /// <summary>Pairs that one tile compares, at least.</summary>
    public const long PairsPerTile = 20_000;

    /// <summary>Tiles that one run has, at most.</summary>
    public const int MostTiles = 256;

    public static async Task<Result<RunTables>> OpenAsync(LinkageProjects projects, LinkageProject project, LinkageRun run, LinkagePack pack, int threads, CancellationToken cancellationToken)
    {
        var left = await TableAsync(projects, project, run.Left, cancellationToken);
        var right = run.Right is null || !left.IsOk ? null : (Result<RegisterFile>?)await TableAsync(projects, project, run.Right, cancellationToken);
        if ((left.Error ?? right?.Error) is { } fault)
        {
            return fault;
        }

        var files = new OpenedFiles(left.Value, right?.Value, pack);
        var request = new LinkageRequest(files.Left.Table, files.Right?.Table, pack.Knowledge) { Effort = run.Effort, Threshold = run.Threshold, Threads = threads };
        return LinkageTiles.Open(request, PairsPerTile, MostTiles, cancellationToken).Select(tiles => new RunTables(run.Id, files, request, tiles));
    }

    /// <summary>A file of the project, with handles in the place of ids.</summary>
    public static async Task<Result<RegisterFile>> TableAsync(LinkageProjects projects, LinkageProject project, string name, CancellationToken cancellationToken)
    {
        if (project.Inputs.FirstOrDefault(input => input.Name == name) is not { } input)
        {
            return Error.NotFound("matching.no-input", "The project has no such file.", "项目中没有此文件。", name);
        }

        var file = await projects.ReadAsync(project, input, cancellationToken);
        var handle = file.IsOk ? await projects.Vault.HandlesAsync(project.Id, input.HandlesOf, cancellationToken) : file.Error;
        return handle.IsOk ? WithHandles(file.Value, handle.Value) : handle.Error;
    }

    private static Result<RegisterFile> WithHandles(RegisterFile file, Func<ReadOnlyMemory<byte>, string> handle)
    {
        var ids = file.Table.Ids!;
        var handles = new RecordIdsBuilder(ids.Count);
        for (var row = 0; row < ids.Count; row++)
        {
            handles.Add(System.Text.Encoding.ASCII.GetBytes(handle(ids[row].ToArray())));
        }

        return LinkageTable.Create(file.Table.Name, file.Table.Columns, handles.Build()).Select(table => file with { Table = table });
    }
}
