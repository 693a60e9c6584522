using Inspection.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Inspection.Core.Tests.Interlocking;

/// <summary>The four lines to a plant's controller: ready, busy, valid and pass.</summary>
public sealed class HandshakeTests(ITestOutputHelper output)
{
    private readonly FakeTimeProvider _time = new();
    private readonly FakeRelay _relay = new() { Wired = [PlantLine.Ready, PlantLine.Busy, PlantLine.Valid] };

    private Interlock Running()
    {
        var interlock = new Interlock(_time, _relay, new InterlockOptions(), _ => { });
        interlock.SetObstacle(null);
        interlock.Start(Some.Person).ShouldBeNull();
        Beat(interlock);
        Lines().ShouldBe("ready");
        return interlock;
    }

    private string Lines()
    {
        IEnumerable<string> active = Enum.GetValues<PlantLine>().Where(_relay.IsActive).Select(line => Codes.Of(line));
        return string.Join(' ', _relay.PassActive ? active.Append("pass") : active);
    }

    private void Beat(Interlock interlock, int times = 1)
    {
        for (var i = 0; i < times; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(10));
            interlock.Turn();
            interlock.TryBeat();
        }
    }

    private Trigger Part(Interlock interlock)
    {
        _time.Advance(TimeSpan.FromMilliseconds(1));
        var trigger = Some.Trigger(_time);
        interlock.Triggered(trigger);
        return trigger;
    }

    [Fact]
    public void A_bypass_that_lets_parts_through_gives_one_that_did_not_pass_its_pass_and_valid_too()
    {
        var interlock = Running();
        interlock.Stop(Who.Anybody).ShouldBeNull();
        interlock.SetKey(true, true);
        interlock.Bypass(Some.Person, new(TripCause.Indeterminates, "the light is replaced", BypassRequest.Usual, LetThrough: true)).ShouldBeNull();
        Beat(interlock);
        var trigger = Part(interlock);
        interlock.Apply(Verdict.Indeterminate(VerdictReason.DarkFrame), trigger, out _);
        interlock.PermitPass(trigger.Timestamp, false).ShouldBeTrue();
        Beat(interlock);
        Lines().ShouldContain("valid pass");
    }

    [Fact]
    public void A_fresh_durable_Pass_is_set_before_valid_and_cleared_after_it()
    {
        var interlock = Running();
        var trigger = Part(interlock);
        Lines().ShouldBe("ready busy");
        interlock.PermitPass(trigger.Timestamp, true).ShouldBeTrue();
        Lines().ShouldBe("ready busy pass");
        Beat(interlock);
        Lines().ShouldBe("ready valid pass");
        Beat(interlock, 2);
        Lines().ShouldBe("ready valid pass");
        Beat(interlock);
        Lines().ShouldBe("ready pass");
        Beat(interlock);
        Lines().ShouldBe("ready");
    }

    [Fact]
    public void A_reject_is_told_at_once_with_pass_low()
    {
        var interlock = Running();
        var trigger = Part(interlock);
        interlock.Apply(Verdict.Reject, trigger, out _);
        Beat(interlock);
        Lines().ShouldBe("ready valid");
        interlock.PermitPass(trigger.Timestamp, true).ShouldBeFalse("it has its result");
        Beat(interlock, 4);
        Lines().ShouldBe("ready");
    }

    [Fact]
    public void A_part_without_a_result_is_told_only_when_its_deadline_has_passed_and_then_with_pass_low()
    {
        var interlock = Running();
        var trigger = Part(interlock);
        for (var i = 0; i < 19; i++)
        {
            Beat(interlock);
            Lines().ShouldBe("ready busy");
        }
        Beat(interlock);
        interlock.PermitPass(trigger.Timestamp, true).ShouldBeFalse();
        Beat(interlock);
        Lines().ShouldBe("ready valid");
    }

    [Fact]
    public void A_Pass_that_is_no_longer_fresh_when_valid_would_rise_is_told_as_none()
    {
        var interlock = Running();
        var trigger = Part(interlock);
        for (var i = 0; i < 18; i++) Beat(interlock);
        interlock.PermitPass(trigger.Timestamp, true).ShouldBeTrue();
        Lines().ShouldBe("ready busy pass");
        // The beat comes late.
        _time.Advance(TimeSpan.FromMilliseconds(20));
        interlock.Turn();
        interlock.TryBeat();
        Lines().ShouldBe("ready busy");
        Beat(interlock);
        Lines().ShouldBe("ready valid");
    }

    [Theory, InlineData(0), InlineData(1), InlineData(4)]
    public void The_next_trigger_takes_valid_and_pass_back_at_once(int beats)
    {
        var interlock = Running();
        interlock.PermitPass(Part(interlock).Timestamp, true).ShouldBeTrue();
        Beat(interlock, beats);
        Part(interlock);
        Lines().ShouldBe("ready busy");
    }

    [Fact]
    public void All_are_low_outside_Running_and_while_the_relay_is_tested()
    {
        var interlock = Running();
        interlock.PermitPass(Part(interlock).Timestamp, true);
        Beat(interlock);
        interlock.Trip(TripCause.Request, "asked", Who.Plant("mes"));
        Lines().ShouldBe("");
        Part(interlock);
        Beat(interlock, 5);
        Lines().ShouldBe("");
        interlock.Reset(Some.Person, ResetAnswer.CauseRemoved).ShouldBeNull();
        _relay.PulledIn = false;
        Beat(interlock, 110);
        interlock.Start(Some.Person).ShouldBeNull();
        Beat(interlock, 5);
        interlock.Snapshot.SelfTesting.ShouldBeTrue();
        Lines().ShouldBe("");
    }

    [Fact]
    public void While_the_line_runs_out_no_part_begins_and_the_one_before_is_still_told()
    {
        var interlock = new Interlock(_time, _relay, new InterlockOptions(), _ => { });
        interlock.Use(Some.Recipe with { Stop = new StopRules { Category = 1 } });
        interlock.SetObstacle(null);
        interlock.Start(Some.Person).ShouldBeNull();
        Beat(interlock);
        var before = Part(interlock);
        Beat(interlock);
        interlock.Stop(Some.Person).ShouldBeNull();
        Beat(interlock);
        Lines().ShouldBe("busy");
        interlock.PermitPass(before.Timestamp, true).ShouldBeTrue();
        Beat(interlock);
        Lines().ShouldBe("valid pass");
        Part(interlock);
        Lines().ShouldBe("");
    }

    [Fact]
    public void Whatever_comes_in_whatever_order_valid_with_pass_means_a_fresh_Pass_of_the_newest_part()
    {
        const int Sequences = 3000, Steps = 120;
        var (permits, valids) = (0, 0);
        for (var seed = 0; seed < Sequences; seed++)
        {
            var random = new Random(seed);
            var interlock = Running();
            var (newest, permitted, since, pass) = (default(Trigger), false, 0L, false);
            var valid = false;
            for (var step = 0; step < Steps; step++)
            {
                switch (random.Next(10))
                {
                    case 0:
                        (newest, permitted) = (Part(interlock), false);
                        break;
                    case 1:
                        permitted |= interlock.PermitPass(newest.Timestamp, true);
                        if (permitted) permits++;
                        break;
                    case 2:
                        interlock.PermitPass(newest.Timestamp - 1, true).ShouldBeFalse();
                        break;
                    case 3:
                        interlock.Apply(random.Next(2) == 0 ? Verdict.Reject : Verdict.Pass, newest, out _);
                        break;
                    case 4 when random.Next(5) == 0:
                        interlock.Stop(Who.Anybody);
                        interlock.Start(Some.Person);
                        break;
                    default:
                        Beat(interlock);
                        break;
                }
                var now = _time.GetTimestamp();
                if (_relay.PassActive != pass) (pass, since) = (_relay.PassActive, now);
                var isValid = _relay.IsActive(PlantLine.Valid);
                if (isValid && pass && !permitted) throw new InvalidOperationException($"seed {seed}, step {step}: valid and pass without a Pass");
                if (isValid && !valid && pass && _time.GetElapsedTime(newest.Timestamp, now) >= TimeSpan.FromMilliseconds(200)) throw new InvalidOperationException($"seed {seed}, step {step}: a stale Pass");
                if (isValid && !valid && _time.GetElapsedTime(since, now) < TimeSpan.FromMilliseconds(5)) throw new InvalidOperationException($"seed {seed}, step {step}: pass changed just before valid");
                if (isValid && valid && since == now) throw new InvalidOperationException($"seed {seed}, step {step}: pass changed under valid");
                if (isValid && !valid) valids++;
                valid = isValid;
            }
            interlock.Stop(Who.Anybody);
            Lines().ShouldBe("");
        }
        output.WriteLine($"{Sequences} random sequences of {Steps} steps: {permits} times permitted, {valids} pulses of valid");
        valids.ShouldBeGreaterThan(Sequences);
        permits.ShouldBeGreaterThan(Sequences);
    }

    [Fact]
    public void It_allocates_nothing()
    {
        var interlock = Running();
        long Measure(int parts)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < parts; i++)
            {
                _time.Advance(TimeSpan.FromMilliseconds(1));
                var trigger = new Trigger(Guid.Empty, "line", DateTimeOffset.UnixEpoch, _time.GetTimestamp());
                interlock.Triggered(trigger);
                interlock.Apply(i % 2 == 0 ? Verdict.Pass : Verdict.Reject, trigger, out _);
                interlock.PermitPass(trigger.Timestamp, i % 2 == 0);
                Beat(interlock, 6);
            }
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
        Measure(3);
        // Five rejects in a row would trip.
        Measure(20).ShouldBe(0);
    }
}
