using Waymark.Storage;

namespace Waymark.Pages.Data;

/// <summary>Progress in words with numbers; an unknown total shows the count alone, never a bar without numbers.</summary>
public static class JobText
{
    public static string Progress(JobProgress? progress, ITexts texts)
    {
        if (progress is not { Step.Length: > 0 })
        {
            return "";
        }

        var (word, part) = progress.Step.LastIndexOf(' ') is var at and > 0 && progress.Step.IndexOf('/', at) > 0 ? (progress.Step[..at], progress.Step[(at + 1)..].Split('/')) : (progress.Step, []);
        var (step, done) = (texts["jobs.step." + word.Replace(' ', '-')], Display.Count(progress.Done, texts.Culture));
        var said = progress.Of is { } of
            ? texts.Format("jobs.n-of-m", ("step", step), ("done", done), ("of", Display.Count(of, texts.Culture)))
            : texts.Format("jobs.n", ("step", step), ("done", done));
        return part is [var file, var files] ? texts.Format("jobs.file-of", ("file", file), ("files", files), ("said", said)) : said;
    }
}
