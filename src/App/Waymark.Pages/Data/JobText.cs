using Waymark.Storage;

namespace Waymark.Pages.Data;

/// <summary>Progress in words with numbers; an unknown total shows the count alone, never a bar without numbers.</summary>
public static class JobText
{
    public static string Progress(StoredJob job, ITexts texts) => job.Progress switch
    {
        null => "",
        { Of: { } of } progress => texts.Format("jobs.n-of-m", ("step", texts["jobs.step." + progress.Step]),
            ("done", Display.Count(progress.Done, texts.Culture)), ("of", Display.Count(of, texts.Culture))),
        { } progress => texts.Format("jobs.n", ("step", texts["jobs.step." + progress.Step]), ("done", Display.Count(progress.Done, texts.Culture))),
    };
}
