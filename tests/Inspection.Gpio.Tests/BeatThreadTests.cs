using Inspection.Core;
using Inspection.Testing;

namespace Inspection.Gpio.Tests;

public class BeatThreadTests
{
    private static readonly TimeProvider Time = TimeProvider.System;

    // The thread runs by the real clock; the interlock's hardly moves, so that a busy machine misses no beat.
    private readonly CreepingTime _still = new();
    private readonly FakeRelay _relay = new();

    private Interlock Started()
    {
        var interlock = new Interlock(_still, _relay, new InterlockOptions(), _ => { });
        interlock.SetObstacle(null);
        interlock.Turn();
        interlock.Start(Some.Person).ShouldBeNull();
        return interlock;
    }

    [Fact]
    public async Task It_beats_every_10_ms_and_never_faster()
    {
        var interlock = Started();
        var began = Time.GetTimestamp();
        using (new BeatThread(interlock, Time))
            await Eventually.Holds(() => _relay.Beats >= 50);
        Time.GetElapsedTime(began).TotalMilliseconds.ShouldBeGreaterThanOrEqualTo(490);
    }

    [Fact]
    public async Task It_ends_the_beats_and_trips_when_the_loop_no_longer_turns()
    {
        var interlock = Started();
        using var beat = new BeatThread(interlock, Time);
        await Eventually.Holds(() => _relay.Beats > 2);
        _still.Advance(InterlockOptions.BeatLimit + TimeSpan.FromMilliseconds(1));
        await Eventually.Holds(() => interlock.State == InterlockState.Tripped);
        interlock.Snapshot.FirstOut!.Cause.ShouldBe(TripCause.HeartbeatMissed);
        _relay.Enabled.ShouldBeFalse();
    }

    [Fact]
    public async Task No_edge_comes_after_it_ended()
    {
        var interlock = Started();
        using (new BeatThread(interlock, Time))
            await Eventually.Holds(() => _relay.Beats > 2);
        var beats = _relay.Beats;
        var began = Time.GetTimestamp();
        await Eventually.Holds(() => Time.GetElapsedTime(began).TotalMilliseconds > 60);
        _relay.Beats.ShouldBe(beats);
    }

    [Fact]
    public async Task Turns_that_were_missed_are_not_made_up_for()
    {
        using var held = new ManualResetEventSlim();
        var ticks = 0;
        var period = TimeSpan.FromMilliseconds(5);
        using var ticker = new Ticker("test", period, Time, () =>
        {
            if (Interlocked.Increment(ref ticks) == 1) held.Wait(TimeSpan.FromSeconds(5));
        });
        await Eventually.Holds(() => Volatile.Read(ref ticks) == 1);
        var began = Time.GetTimestamp();
        await Eventually.Holds(() => Time.GetElapsedTime(began).TotalMilliseconds > 100);
        held.Set();
        began = Time.GetTimestamp();
        await Eventually.Holds(() => Volatile.Read(ref ticks) >= 6);
        Time.GetElapsedTime(began).TotalMilliseconds.ShouldBeGreaterThan(18);
    }

    [Fact]
    public async Task A_turn_allocates_nothing()
    {
        var allocated = new long[300];
        var ticks = 0;
        using (new Ticker("test", TimeSpan.FromMilliseconds(1), Time, () =>
        {
            if (ticks < allocated.Length) allocated[ticks] = GC.GetAllocatedBytesForCurrentThread();
            Volatile.Write(ref ticks, ticks + 1);
        }))
            await Eventually.Holds(() => Volatile.Read(ref ticks) > allocated.Length);
        (allocated[^1] - allocated[100]).ShouldBe(0);
    }
}
