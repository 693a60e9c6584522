namespace Inspection.Station.CommandLine;

/// <summary>How far a long command has come: one line that changes on a terminal, a line now and then in a file or pipe.</summary>
/// <param name="to">Where to.</param>
/// <param name="isTerminal">Whether a person sees it there at once.</param>
/// <param name="time">The clock.</param>
internal sealed class ProgressLine(TextWriter to, bool isTerminal, TimeProvider time) : IDisposable
{
    private const string Clear = "\r\u001b[K";

    // Faster than this nobody reads; in a log more often would hide what matters.
    private static readonly TimeSpan OnTerminal = TimeSpan.FromMilliseconds(100), InLog = TimeSpan.FromSeconds(10);

    private string? _step;
    private long _shownAt;

    /// <summary>To stderr, as everything for people.</summary>
    public static ProgressLine ToPerson() => new(Console.Error, !Console.IsErrorRedirected, TimeProvider.System);

    /// <summary>Tells it, unless it has just been told.</summary>
    /// <param name="step">What is done, in a word.</param>
    /// <param name="done">So much of it.</param>
    /// <param name="total">Of so much.</param>
    public void Tell(string step, int done, int total)
    {
        if (_step == step && time.GetElapsedTime(_shownAt) < (isTerminal ? OnTerminal : InLog)) return;
        var begins = _step != step;
        (_step, _shownAt) = (step, time.GetTimestamp());
        var text = begins && done == 0 ? $"{step} …" : $"{step} {done} of {total}";
        if (isTerminal) to.Write(Clear + text);
        else to.WriteLine(text);
    }

    /// <summary>Leaves the terminal's line to what is said next.</summary>
    public void Dispose()
    {
        if (isTerminal && _step is not null) to.Write(Clear);
    }
}
