using Inspection.Core;
using Inspection.Gpio;
using Inspection.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Inspection.Faults.Tests;

/// <summary>The row of the table that nobody waits for: a simulated clock, the station's loop, interlock and simulated chip.</summary>
public sealed class DayWithoutPartTests
{
    private static readonly TimeSpan Day = TimeSpan.FromHours(Repository.IsLong ? 24 : 0.1);

    private bool _turning;
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(56));

    // Its threads never sleep.
    [Fact(DisableParallelization = true)]
    [Trait("Long", "faults")]
    public void A_day_without_a_part_leaves_the_relay_closed()
    {
        using var lines = GpioLines.Open(new GpioOptions(), _time).Value!;
        var interlock = new Interlock(_time, lines.Relay, new InterlockOptions(), static _ => { });
        interlock.Use(Some.Recipe);
        var alarms = new Alarms(_time, static (_, _) => { });
        using var source = new IdleSource();
        using var capture = new Capture(() => source, interlock.Triggered, new CaptureOptions(), _time, alarms, NullLogger.Instance);
        using var live = new LiveView();
        var loop = new InspectionLoop(
            capture, new FakeDetector(static (_, _) => throw new InvalidOperationException("there is no part")), interlock, new MemoryLedger(_time),
            new PartInspections(interlock, new RecentRejects()), live, new Counters(_time), Some.Context, _time, NullLogger.Instance);
        capture.Start();
        var ring = Reach.Get<object>(capture, "_ring");
        var done = false;
        // Nothing arrives, so the loop would wait its real 50 ms at each turn.
        var waker = new Thread(() =>
        {
            while (!Volatile.Read(ref done))
            {
                if (Volatile.Read(ref _turning))
                    lock (ring) Monitor.PulseAll(ring);
                else Thread.Yield();
            }
        });
        waker.Start();
        try
        {
            Pass(interlock, loop, source, TimeSpan.FromSeconds(2));
            interlock.SetObstacle(null);
            interlock.Start(Some.Person).ShouldBeNull();
            Pass(interlock, loop, source, TimeSpan.FromSeconds(3));
            interlock.Snapshot.SelfTesting.ShouldBeFalse();
            var until = _time.GetUtcNow() + Day;
            while (_time.GetUtcNow() < until)
            {
                Pass(interlock, loop, source, TimeSpan.FromMilliseconds(500));
                if (!lines.Simulation!.RelayClosed || interlock.State != InterlockState.Running)
                    Assert.Fail($"After {_time.GetUtcNow() - (until - Day)} the relay opened: {interlock.Snapshot.FirstOut}");
            }
        }
        finally
        {
            Volatile.Write(ref done, true);
            waker.Join();
        }
    }

    /// <summary>Beats every 10 ms and a turn every 90 ms, the slowest that earns them all, then waits until the source was asked, as it always is within 300 ms.</summary>
    private void Pass(Interlock interlock, InspectionLoop loop, IdleSource source, TimeSpan span)
    {
        for (var beats = 1; beats <= span / BeatThread.Period; beats++)
        {
            _time.Advance(BeatThread.Period);
            // As the inputs are read; both switches are closed.
            interlock.SetCondition(TripCause.EStop, false, "");
            interlock.SetCondition(TripCause.StopSwitch, false, "");
            interlock.TryBeat();
            if (beats % 9 == 0)
            {
                Volatile.Write(ref _turning, true);
                loop.Turn();
                Volatile.Write(ref _turning, false);
            }
            if (beats % 20 != 0) continue;
            var asked = source.Asked;
            SpinWait.SpinUntil(() => source.Asked > asked + 1);
        }
    }

    private sealed class IdleSource : IFrameSource
    {
        private long _asked;

        public long Asked => Interlocked.Read(ref _asked);

        public string Camera => "camera1";

        public bool Simulated => true;

        public bool WaitsForRoom => false;

        public bool Ended => false;

        public FrameArrival Next(CancellationToken stop)
        {
            Interlocked.Increment(ref _asked);
            return FrameArrival.Idle(TimeSpan.Zero);
        }

        public void Dispose()
        {
        }
    }
}
