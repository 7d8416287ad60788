using Waymark.Model;

namespace Waymark.Packs;

/// <summary>
/// Collects what is wrong with one pack, all of it, each with its place. Keeps at most <see cref="Limit"/> errors and
/// says when there were more, so that a hostile file cannot fill memory with messages.
/// </summary>
public sealed class PackErrors(int limit = PackErrors.Limit)
{
    public const int Limit = 200;

    private readonly List<Error> _errors = [];

    public IReadOnlyList<Error> All => _errors;

    public int Count => _errors.Count;

    public bool IsFull => _errors.Count >= limit;

    public void Add(Error error)
    {
        if (_errors.Count < limit)
        {
            _errors.Add(error);
        }
        else if (_errors.Count == limit)
        {
            _errors.Add(Error.Faulty("pack.too-many-errors", "There are more errors; these are the first.",
                "还有更多错误，此处只列出前面的。", error.Where));
        }
    }

    public void Add(string file, PackPosition at, string code, string en, string zh) =>
        Add(Error.Faulty(code, en, zh, $"{file}:{at}"));

    public void Add(string file, PackPosition at, string code, string en, string zh, string hintEn, string hintZh) =>
        Add(Error.Faulty(code, en, zh, $"{file}:{at}").WithHint(hintEn, hintZh));

    public void AddRange(IEnumerable<Error> errors)
    {
        foreach (var error in errors)
        {
            Add(error);
        }
    }
}
