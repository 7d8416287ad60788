using Waymark.Evidence.Catalogue;
using Waymark.Evidence.Contracts;
using Waymark.Evidence.Profiles;
using Waymark.Evidence.Reading;
using Waymark.Formats;
using Waymark.Model;

namespace Waymark.Evidence.Importing;

/// <summary>What a file is, before it is read in full.</summary>
internal sealed record Recognised(TabularFile? File, FileHead? Head, IReadOnlyList<Candidate> Candidates, SourceProfile? Profile,
    IReadOnlyList<string> Persons, Error? Error, Error? Warning);

/// <summary>A file read by its profile; nothing is stored yet.</summary>
internal sealed record Interpreted(FileReading Reading, string Release, long ReleaseOrder);

/// <summary>From bytes to observations: open, recognise, read. Pure but for the time it takes.</summary>
internal sealed class FileInterpreter(EvidenceCatalogue catalogue, PersonDetector? persons, ReadLimits limits)
{
    public Recognised Recognise(ImportInput input, string? source, CancellationToken cancellation)
    {
        var opened = TabularFile.Open(input.Bytes, input.FileName, limits, null, cancellation);
        if (!opened.TryGet(out var file))
        {
            return new(null, null, [], null, [], opened.Error, null);
        }

        var read = FileHead.Read(file, cancellation);
        if (!read.TryGet(out var head))
        {
            return new(file, null, [], null, [], read.Error, null);
        }

        var candidates = Recogniser.Rank(catalogue.Profiles, head);
        var personal = persons?.Inspect(head) ?? [];
        if (source is not null)
        {
            return catalogue.FindProfile(source) is { } forced ? new(file, head, candidates, forced, personal, null, null)
                : new(file, head, candidates, null, personal, Model.Error.NotFound("import.no-profile", $"There is no source profile \"{source}\".", $"没有来源说明“{source}”。")
                    .WithHint("\"waymark sources\" lists them.", "用 waymark sources 列出。"), null);
        }

        var fitting = candidates.Where(candidate => candidate.Fits).ToList();
        var warning = fitting.Count > 1 && fitting[0].Score == fitting[1].Score && fitting[0].Profile.Recognise.Priority == fitting[1].Profile.Recognise.Priority
            ? Model.Error.Faulty("import.two-profiles", $"Two profiles fit equally: {fitting[0].Profile.Id} was used, {fitting[1].Profile.Id} fits as well.",
                $"两个来源说明同样适用：已用 {fitting[0].Profile.Id}，{fitting[1].Profile.Id} 也适用。", input.FileName)
            : null;
        return new(file, head, candidates, fitting.FirstOrDefault()?.Profile, personal, null, warning);
    }

    public Result<Interpreted> Read(Recognised recognised, IProgress<long>? progress, CancellationToken cancellation)
    {
        var (file, head, profile) = (recognised.File!, recognised.Head!.For(recognised.Profile!), recognised.Profile!);
        var early = ReleaseFinder.Find(profile, head, null);
        var reading = new FileReading(catalogue, profile, file, early, cancellation) { Progress = progress };
        if (reading.Read() is { } error)
        {
            return error;
        }

        var release = early ?? ReleaseFinder.Find(profile, head, reading);
        if (reading.IsEmpty)
        {
            return Model.Error.Faulty("import.no-observations", "The profile fits, but no table in the file gave an observation.", "来源说明适用，但文件中没有表格给出观测值。", file.FileName)
                .WithHint("Look at the sheets and the header rows in the report.", "请查看报告中的工作表和表头行。");
        }

        if (release is null)
        {
            return Model.Error.Faulty("import.no-release", "Nothing in the file says which edition it is.", "文件中没有说明版次的内容。", file.FileName)
                .WithHint("Give the file the name it was published under, and look whether the column or note with the edition is still there.", "请使用发布时的文件名，并检查载明版次的列或注释是否仍在。");
        }

        // Exceptions of the period that name a release need it while reading; only files that say it last are read twice.
        if (early is null && DependsOnRelease(profile))
        {
            reading = new FileReading(catalogue, profile, file, release, cancellation) { Progress = progress };
            if (reading.Read() is { } again)
            {
                return again;
            }
        }

        return new Interpreted(reading, release, ReleaseFinder.Order(release));
    }

    private static bool DependsOnRelease(SourceProfile profile) => profile.Period.Overrides
        .Concat(profile.Tables.SelectMany(table => table.Period?.Overrides ?? []))
        .Concat(profile.Tables.SelectMany(table => table.Columns).SelectMany(column => column.Period?.Overrides ?? []))
        .Any(exception => exception.Release is not null);
}
