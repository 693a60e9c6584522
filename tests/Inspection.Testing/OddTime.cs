using Microsoft.Extensions.Time.Testing;

namespace Inspection.Testing;

/// <summary>A clock that a test moves, and that creeps on by 100 ns at each look, as no real clock stands still.</summary>
public sealed class CreepingTime : FakeTimeProvider
{
    public override long GetTimestamp()
    {
        Advance(TimeSpan.FromTicks(1));
        return base.GetTimestamp();
    }
}

/// <summary>A clock whose wall time somebody sets while its monotonic time goes on.</summary>
public sealed class SteppedTime : FakeTimeProvider
{
    /// <summary>How far the wall clock was set.</summary>
    public TimeSpan Step { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Step;

    public override long GetTimestamp() => base.GetUtcNow().UtcTicks;
}

/// <summary>A clock that runs on by a second at each look, so that a detector that is warmed up for a while is so after its fewest runs.</summary>
public sealed class HastyTime : FakeTimeProvider
{
    public override long GetTimestamp()
    {
        Advance(TimeSpan.FromSeconds(1));
        return base.GetTimestamp();
    }
}
