using System.Runtime.InteropServices;
using Waymark.Model;

namespace Waymark.Statistics.Cube.Columns;

/// <summary>An append-only dictionary: codes never change their number, so columns packed earlier stay true.</summary>
internal sealed class CodeDictionary<T>(IEqualityComparer<T>? comparer = null) where T : notnull
{
    private readonly Dictionary<T, int> _numbers = new(comparer);
    private T[] _frozen = [];

    public int Count => _numbers.Count;

    public int NumberOf(T code)
    {
        ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(_numbers, code, out var exists);
        return exists ? known : known = _numbers.Count - 1;
    }

    /// <summary>The codes by number as of now; a snapshot keeps the array, later codes go into a new one.</summary>
    public T[] Freeze() => _frozen.Length == Count ? _frozen : _frozen = [.. _numbers.Keys];
}

/// <summary>
/// What stands beside a value: status, confidentiality, comparator. A series has few combinations, so one byte numbers
/// them, and a condition on any of the three becomes one table of 256 answers.
/// </summary>
internal readonly record struct Mark(ObservationStatus Status, ConfidentialityStatus Confidentiality, Comparator Comparator)
{
    /// <summary>There is a figure that can be summed.</summary>
    public bool IsNumber => !Status.IsMissing() && Comparator is not (Comparator.None or Comparator.Code);

    /// <summary>The reader of a sum must know of it: no figure, a bound, a range, "about", a code.</summary>
    public bool IsSpecial => !IsNumber || Comparator != Comparator.Equal;
}
