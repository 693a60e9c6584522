namespace Inspection.Vision.Tests.Evaluation;

/// <summary>Progress that is told at once and on the same thread.</summary>
internal sealed class Told<T>(Action<T> told) : IProgress<T>
{
    public void Report(T value) => told(value);
}
