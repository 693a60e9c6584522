using Inspection.Core;
using Inspection.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Inspection.Gpio.Tests;

/// <summary>The interlock on the simulated chip, its circuit and its relay, beat by beat and without a thread.</summary>
public sealed class DriveTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<InterlockTransition> _transitions = [];
    private readonly GpioLines _lines;
    private readonly Interlock _interlock;
    private bool _inputsAreRead = true;

    public DriveTests()
    {
        _lines = GpioLines.Open(new GpioOptions(), _time).Value!;
        _interlock = new Interlock(_time, _lines.Relay, new InterlockOptions(), _transitions.Add);
        _interlock.SetObstacle(null);
        Beat(100);
    }

    public void Dispose() => _lines.Dispose();

    private SimulatedChip Chip => _lines.Simulation!;

    private TripCause? FirstOut => _interlock.Snapshot.FirstOut?.Cause;

    private void Beat(int times = 1)
    {
        for (var i = 0; i < times; i++)
        {
            _time.Advance(BeatThread.Period);
            _interlock.Turn();
            if (_inputsAreRead)
            {
                _interlock.SetCondition(TripCause.EStop, _lines.IsActive(_lines.Map[LineNames.EStop]), "pressed");
                _interlock.SetCondition(TripCause.StopSwitch, _lines.IsActive(_lines.Map[LineNames.StopSwitch]), "pressed");
            }
            _interlock.TryBeat();
        }
    }

    private int BeatsUntil(Func<bool> done)
    {
        for (var i = 0; i < 300; i++)
        {
            if (done()) return i;
            Beat();
        }
        throw new TimeoutException($"Still {_interlock.State} after 3 s of the line's time.");
    }

    private void Start()
    {
        _interlock.Start(Some.Person).ShouldBeNull();
        BeatsUntil(() => !_interlock.Snapshot.SelfTesting);
        Beat(10);
        _interlock.State.ShouldBe(InterlockState.Running);
        Chip.RelayClosed.ShouldBeTrue();
    }

    [Fact]
    public void The_first_Start_tests_the_relay_and_records_its_times_and_permits_nothing_before()
    {
        _interlock.Start(Some.Person).ShouldBeNull();
        var seen = new List<bool>();
        while (_interlock.Snapshot.SelfTesting)
        {
            _interlock.Triggered(_time.GetTimestamp());
            _interlock.PermitPass(_time.GetTimestamp(), true).ShouldBeFalse();
            if (seen.Count == 0 || seen[^1] != Chip.RelayClosed) seen.Add(Chip.RelayClosed);
            Beat();
        }
        seen.ShouldBe([false, true, false], "and it closed again at the test's end");
        Chip.RelayClosed.ShouldBeTrue();
        var test = _transitions[^1];
        (test.From, test.To).ShouldBe((InterlockState.Running, InterlockState.Running));
        test.Detail.ShouldBe("self-test passed: pulled in after 10 ms, dropped 200 ms after the last beat, pulled in again after 10 ms");
        _interlock.Triggered(_time.GetTimestamp());
        _interlock.PermitPass(_time.GetTimestamp(), true).ShouldBeTrue();
    }

    [Fact]
    public void It_is_tested_again_at_a_Start_24_hours_later_and_not_before()
    {
        Start();
        _interlock.Stop(Who.Anybody);
        Beat(20);
        _time.Advance(TimeSpan.FromHours(23));
        Beat(200);
        _interlock.Start(Some.Person).ShouldBeNull();
        _interlock.Snapshot.SelfTesting.ShouldBeFalse();
        _interlock.Stop(Who.Anybody);
        Beat(20);
        _time.Advance(TimeSpan.FromHours(1));
        Beat(200);
        _interlock.Start(Some.Person).ShouldBeNull();
        _interlock.Snapshot.SelfTesting.ShouldBeTrue();
    }

    [Fact]
    public void A_welded_relay_is_Faulted_within_a_tenth_of_a_second_after_Stop_and_is_not_reset_before_it_was_open_for_a_second()
    {
        Start();
        Chip.Spoil(RelayDefect.Welded);
        Beat(50);
        _interlock.State.ShouldBe(InterlockState.Running, "nothing shows it while it is energised");
        _interlock.Stop(Who.Anybody).ShouldBeNull();
        Beat(10);
        _interlock.State.ShouldBe(InterlockState.Stopped);
        Beat();
        (_interlock.State, FirstOut).ShouldBe((InterlockState.Faulted, TripCause.FeedbackWrong));
        _interlock.Snapshot.FirstOut!.Detail.ShouldContain("welded");
        Beat(200);
        _interlock.Reset(Some.Person, ResetAnswer.None)!.Code.ShouldBe("relay-not-dropped");

        Chip.Spoil(RelayDefect.None);
        Beat(99);
        _interlock.Reset(Some.Person, ResetAnswer.None)!.Code.ShouldBe("relay-not-dropped");
        Beat(3);
        _interlock.Reset(Some.Operator, ResetAnswer.None)!.Code.ShouldBe("not-permitted");
        _interlock.Reset(Some.Person, ResetAnswer.None).ShouldBeNull();
        Beat(10);
        Chip.RelayClosed.ShouldBeFalse();
        _interlock.Start(Some.Person).ShouldBeNull();
        _interlock.Snapshot.SelfTesting.ShouldBeTrue("a fault forces the test");
    }

    [Fact]
    public void A_trip_with_a_welded_relay_keeps_its_first_cause_and_becomes_Faulted()
    {
        Start();
        Chip.Spoil(RelayDefect.Welded);
        _interlock.Trip(TripCause.Request, "asked", Who.Plant("mes"));
        Beat(20);
        (_interlock.State, FirstOut).ShouldBe((InterlockState.Faulted, TripCause.Request));
        _interlock.Snapshot.Later.Select(t => t.Cause).ShouldBe([TripCause.FeedbackWrong]);
    }

    [Fact]
    public void A_relay_that_does_not_pull_in_is_Faulted_after_half_a_second()
    {
        Chip.Spoil(RelayDefect.Open);
        _interlock.Start(Some.Person).ShouldBeNull();
        BeatsUntil(() => _interlock.State == InterlockState.Faulted).ShouldBeInRange(50, 53);
        FirstOut.ShouldBe(TripCause.FeedbackWrong);
        Chip.Level(LineNames.RelayEnable).ShouldBeFalse();
    }

    [Fact]
    public void A_watchdog_circuit_that_does_not_drop_fails_the_self_test()
    {
        _interlock.Start(Some.Person).ShouldBeNull();
        BeatsUntil(() => Chip.RelayClosed);
        Chip.Spoil(RelayDefect.Welded);
        BeatsUntil(() => _interlock.State == InterlockState.Faulted).ShouldBeInRange(49, 54);
        _interlock.Snapshot.FirstOut!.Detail.ShouldContain("after the last beat");
        _transitions.ShouldNotContain(t => t.Detail.Contains("passed"));
    }

    [Fact]
    public void A_relay_that_drops_though_energised_is_Faulted_before_a_missed_heartbeat_says_less()
    {
        Start();
        Beat(60);
        Chip.Spoil(RelayDefect.Open);
        BeatsUntil(() => _interlock.State != InterlockState.Running).ShouldBeLessThanOrEqualTo(7);
        (_interlock.State, FirstOut).ShouldBe((InterlockState.Faulted, TripCause.FeedbackWrong));
        Chip.Level(LineNames.RelayEnable).ShouldBeFalse();
    }

    [Fact]
    public void A_stop_switch_that_is_read_late_is_no_fault_of_the_relay()
    {
        Start();
        Beat(60);
        _inputsAreRead = false;
        Chip.SetInput(LineNames.StopSwitch, true);
        Beat(9);
        Chip.RelayClosed.ShouldBeFalse();
        _interlock.State.ShouldBe(InterlockState.Running);
        _inputsAreRead = true;
        Beat();
        (_interlock.State, FirstOut).ShouldBe((InterlockState.Tripped, TripCause.StopSwitch));
    }

    [Fact]
    public void An_open_relay_earns_no_beat_even_while_nobody_may_say_whose_fault_it_is()
    {
        Start();
        _inputsAreRead = false;
        Chip.Spoil(RelayDefect.Open);
        BeatsUntil(() => _interlock.State != InterlockState.Running).ShouldBeLessThanOrEqualTo(13);
        FirstOut.ShouldBe(TripCause.HeartbeatMissed);
    }

    [Fact]
    public void Start_is_refused_while_the_relay_still_reads_as_pulled_in()
    {
        Start();
        _interlock.Stop(Who.Anybody).ShouldBeNull();
        _interlock.Start(Some.Person)!.Code.ShouldBe("relay-not-dropped");
        Beat(2);
        _interlock.Start(Some.Person).ShouldBeNull();
    }

    [Fact]
    public void A_feedback_wire_that_is_cut_is_Faulted_in_Stopped()
    {
        using var lines = GpioLines.Open(new GpioOptions(), _time).Value!;
        lines.Simulation!.Spoil(RelayDefect.Welded);
        var interlock = new Interlock(_time, lines.Relay, new InterlockOptions(), _ => { });
        for (var i = 0; i < 12; i++)
        {
            _time.Advance(BeatThread.Period);
            interlock.TryBeat();
        }
        interlock.State.ShouldBe(InterlockState.Faulted);
    }

    [Fact]
    public void Where_the_map_says_that_no_contact_is_wired_nothing_is_compared_or_tested_and_it_is_shown()
    {
        var pins = PinMap.Default.Pins.Where(pin => pin.Name != LineNames.RelayFeedback);
        var map = new PinMap(pins);
        using var lines = GpioLines.Open(() => new SimulatedChip(map, _time), map).Value!;
        lines.Relay.PulledIn.ShouldBeNull();
        var interlock = new Interlock(_time, lines.Relay, new InterlockOptions(), _ => { });
        interlock.SetObstacle(null);
        interlock.Turn();
        interlock.Start(Some.Person).ShouldBeNull();
        (interlock.Snapshot.RelayRead, interlock.Snapshot.SelfTesting).ShouldBe((false, false));
        _interlock.Snapshot.RelayRead.ShouldBeTrue();
    }

    [Fact]
    public void A_beat_and_its_look_at_the_contact_allocate_nothing()
    {
        Start();
        Beat(100);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            _interlock.Turn();
            if (i % 4 == 0) _time.Advance(BeatThread.Period);
            _interlock.TryBeat();
        }
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1000 * 24, "the fake clock's own");
        _interlock.State.ShouldBe(InterlockState.Running);
    }
}
