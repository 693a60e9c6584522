namespace Inspection.Core;

/// <summary>A model that says how anomalous a view is. Driven by one thread, the loop's.</summary>
public interface IDefectDetector : IDisposable
{
    /// <summary>The model behind it.</summary>
    ModelIdentity Model { get; }

    /// <summary>
    /// The 99th percentile of its detection time, measured while it was warmed up. Start is refused when this
    /// plus 60 ms exceeds the loop's deadline.
    /// </summary>
    TimeSpan WarmedP99 { get; }

    /// <summary>
    /// Judges one view. Allocates nothing managed when the part passes. Expected failures
    /// are told in <see cref="Detection.Failure"/>; an exception makes the part Indeterminate too.
    /// </summary>
    /// <param name="view">The frame; it has pixels (<see cref="Frame.Unreadable"/> is null).</param>
    /// <param name="recipe">The recipe in force.</param>
    /// <param name="detection">Cleared by the caller, filled by the detector.</param>
    void Detect(Frame view, Recipe recipe, Detection detection);
}

/// <summary>Which model judged.</summary>
/// <param name="Name">The model's name.</param>
/// <param name="Version">The model's version, from 1.</param>
/// <param name="Sha256">SHA-256 of <c>model.onnx</c>, lower-case hexadecimal.</param>
public sealed record ModelIdentity(string Name, int Version, string Sha256);
