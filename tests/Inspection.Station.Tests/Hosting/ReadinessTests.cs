using Inspection.Core;
using Inspection.Station.Hosting;
using Inspection.Testing;

namespace Inspection.Station.Tests.Hosting;

public sealed class ReadinessTests
{
    [Theory]
    [InlineData(5, 100, null)]
    [InlineData(40, 100, null)]
    [InlineData(41, 100, "interlock.loopDeadline to \"105 ms\"")]
    [InlineData(200, 100, "interlock.loopDeadline to \"260 ms\"")]
    [InlineData(200, 260, null)]
    [InlineData(990, 1000, "too slow for any interlock.loopDeadline")]
    public void Start_is_refused_with_the_value_to_set_when_the_model_is_too_slow_for_the_heartbeat(int p99, int deadline, string? says)
    {
        using var detector = new FakeDetector { WarmedP99 = TimeSpan.FromMilliseconds(p99) };
        var obstacle = Readiness.Obstacle(detector, new InterlockOptions { LoopDeadline = TimeSpan.FromMilliseconds(deadline) });
        if (says is null) obstacle.ShouldBeNull();
        else obstacle.ShouldNotBeNull().ShouldContain(says);
    }
}
