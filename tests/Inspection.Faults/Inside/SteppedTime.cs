namespace Inspection.Faults;

/// <summary>The system's clock, whose wall time alone can be made to step; its monotonic time goes on.</summary>
internal sealed class SteppedTime : TimeProvider
{
    private long _step;

    /// <summary>Moves the wall clock.</summary>
    public void Step(TimeSpan by) => Interlocked.Add(ref _step, by.Ticks);

    /// <inheritdoc />
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddTicks(Interlocked.Read(ref _step));

    /// <inheritdoc />
    public override long GetTimestamp() => System.GetTimestamp();

    /// <inheritdoc />
    public override long TimestampFrequency => System.TimestampFrequency;
}
