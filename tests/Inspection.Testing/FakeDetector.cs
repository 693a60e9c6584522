using Inspection.Core;

namespace Inspection.Testing;

/// <summary>A detector that does what a test says.</summary>
public sealed class FakeDetector(Action<Frame, Detection> detect) : IDefectDetector
{
    /// <summary>Gives every view the same score.</summary>
    public FakeDetector(float score = 0.1f, float threshold = 0.5f)
        : this((_, d) => (d.Score, d.Threshold, d.Health) = (score, threshold, Some.SoundHealth))
    {
    }

    public ModelIdentity Model => Some.Model;

    public TimeSpan WarmedP99 { get; init; } = TimeSpan.FromMilliseconds(5);

    public void Detect(Frame view, Recipe recipe, Detection detection) => detect(view, detection);

    public void Dispose()
    {
    }
}
