namespace Waymark.Linkage.Bench;

/// <summary>Progress on the caller's thread, one report at a time.</summary>
internal sealed class Direct(Action<LinkageProgress> act) : IProgress<LinkageProgress>
{
    public void Report(LinkageProgress value)
    {
        lock (act)
        {
            act(value);
        }
    }
}
