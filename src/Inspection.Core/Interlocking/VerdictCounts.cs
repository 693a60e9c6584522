namespace Inspection.Core;

/// <summary>Counts verdicts against the recipe's limits. No lock of its own; counting allocates nothing.</summary>
internal sealed class VerdictCounts
{
    private bool[] _window = new bool[100];
    private int _at;

    /// <summary>Rejects since the last part that was none.</summary>
    public int RejectsInARow { get; private set; }

    /// <summary>Indeterminates within the window.</summary>
    public int Indeterminates { get; private set; }

    /// <summary>The window in parts.</summary>
    public int Window => _window.Length;

    /// <summary>Begins at zero.</summary>
    /// <param name="window">The window in parts, 1 or more.</param>
    public void Forget(int window)
    {
        RejectsInARow = Indeterminates = _at = 0;
        if (_window.Length == window) Array.Clear(_window);
        else _window = new bool[window];
    }

    /// <summary>Counts one part.</summary>
    public void Count(VerdictKind kind)
    {
        RejectsInARow = kind == VerdictKind.Reject ? RejectsInARow + 1 : 0;
        var indeterminate = kind == VerdictKind.Indeterminate;
        if (_window[_at]) Indeterminates--;
        _window[_at] = indeterminate;
        if (indeterminate) Indeterminates++;
        _at = (_at + 1) % _window.Length;
    }
}
