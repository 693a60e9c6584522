using Inspection.Core;
using Inspection.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Inspection.Station.Tests.Running;

/// <summary>What the loop tells the interlock besides verdicts.</summary>
public sealed class LoopConditionTests
{
    // A beat is due every 100 ms.
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(90);

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(56));

    [Fact]
    public void A_line_that_waits_for_parts_never_trips()
    {
        using var line = new TestLine(TestLine.Passes, time: _time) { Beats = true };
        var beats = line.Relay.Beats;
        // 5.4 s without a part, while a lost camera is one that is silent for 1 s.
        for (var i = 0; i < 60; i++) Turn(line, () => FrameArrival.Idle(TimeSpan.Zero));
        line.Interlock.State.ShouldBe(InterlockState.Running);
        line.Relay.Enabled.ShouldBeTrue();
        (line.Relay.Beats - beats).ShouldBe(60);
        line.Counters.Snapshot().Inspected.ShouldBe(0);
    }

    [Fact]
    public void A_lost_camera_trips_with_its_reason_refuses_Reset_and_is_gone_when_the_camera_is_back()
    {
        using var line = new TestLine(TestLine.Passes, time: _time) { Beats = true };
        line.Source.Otherwise = Lost;
        for (var i = 0; i < 60 && line.Interlock.State == InterlockState.Running; i++) Turn(line, Lost);
        line.Interlock.Snapshot.FirstOut.ShouldNotBeNull().Cause.ShouldBe(TripCause.CameraLost);
        line.Interlock.Snapshot.FirstOut!.Detail.ShouldBe("unplugged");
        line.Relay.Enabled.ShouldBeFalse();
        line.Interlock.Reset(Some.Person, ResetAnswer.None)!.Code.ShouldBe("camera-lost");

        line.Source.Otherwise = static () => FrameArrival.Idle(TimeSpan.Zero);
        line.TurnUntil(() => line.Interlock.Snapshot.Present.Count == 0);
        line.Interlock.Reset(Some.Person, ResetAnswer.None).ShouldBeNull();

        static FrameArrival Lost() => FrameArrival.Lost(TimeSpan.FromSeconds(9), "unplugged");
    }

    /// <summary>Time goes on by a step, the source yields something, the loop turns.</summary>
    private void Turn(TestLine line, Func<FrameArrival> next)
    {
        using var asked = new ManualResetEventSlim();
        _time.Advance(Step);
        line.Source.Do(() =>
        {
            asked.Set();
            return next();
        });
        asked.Wait(TimeSpan.FromSeconds(10)).ShouldBeTrue();
        line.Turn();
    }
}
