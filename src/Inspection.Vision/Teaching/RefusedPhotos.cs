using Inspection.Core;

namespace Inspection.Vision;

/// <summary>Collects what is wrong with photos, so that all of it is told at once.</summary>
internal sealed class RefusedPhotos
{
    private const int Shown = 10;

    private readonly List<string> _problems = [];

    /// <summary>What is wrong so far, each photo by name; null when nothing is.</summary>
    public Failure? Failure => _problems.Count == 0
        ? null
        : new Failure("photos-refused", $"{_problems.Count} photo{(_problems.Count == 1 ? " is" : "s are")} refused; remove, replace or leave out (--leave-out NAME) and teach again:\n"
            + string.Join("\n", _problems.Take(Shown).Select(p => "  " + p)) + (_problems.Count > Shown ? $"\n  … and {_problems.Count - Shown} more" : ""));

    /// <summary>Adds one that cannot be used.</summary>
    /// <param name="problem">Its name and why.</param>
    public void Add(string problem) => _problems.Add(problem);

    /// <summary>Adds one that cannot be read.</summary>
    /// <param name="name">Its name, as <see cref="TeachRequest.LeaveOut"/> takes it.</param>
    /// <param name="failure">Why.</param>
    public void Add(string name, Failure failure) => Add(failure.Message.Contains(name, StringComparison.Ordinal) ? failure.Message : $"{name}: {failure.Message}");
}
