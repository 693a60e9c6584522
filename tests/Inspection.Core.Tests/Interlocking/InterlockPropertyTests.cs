using Inspection.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Inspection.Core.Tests.Interlocking;

public sealed class InterlockPropertyTests(ITestOutputHelper output)
{
    private const int Sequences = 3000;
    private const int Steps = 60;

    [Fact]
    public void Whatever_happens_energised_implies_Running_by_a_person_and_a_trip_latches()
    {
        var steps = 0;
        for (var seed = 0; seed < Sequences; seed++) steps += Explore(seed);
        output.WriteLine($"{Sequences} random sequences, {steps} steps");
        steps.ShouldBe(Sequences * Steps);
    }

    private static int Explore(int seed)
    {
        var random = new Random(seed);
        var time = new FakeTimeProvider();
        var relay = new FakeRelay();
        var interlock = new Interlock(time, relay, new InterlockOptions(), _ => { });
        interlock.SetObstacle(null);
        var present = new HashSet<TripCause>();
        for (var step = 0; step < Steps; step++)
        {
            var before = interlock.State;
            var wasEnabled = relay.Enabled;
            var started = false;
            switch (random.Next(12))
            {
                case 0:
                    started = interlock.Start(random.Next(3) == 0 ? Who.Plant("mes") : Some.Person) is null;
                    if (started) present.ShouldBeEmpty();
                    break;
                case 1:
                    interlock.Stop(Who.Anybody);
                    break;
                case 2:
                    interlock.Reset(Some.Person, (ResetAnswer)random.Next(4));
                    break;
                case 3 or 4:
                    var cause = (TripCause)random.Next(4);
                    var on = random.Next(2) == 0;
                    interlock.SetCondition(cause, on, "seen");
                    if (on) present.Add(cause);
                    else present.Remove(cause);
                    break;
                case 5:
                    interlock.Trip(TripCause.Request, "asked", Who.Plant("mes"));
                    interlock.State.ShouldNotBe(InterlockState.Running);
                    break;
                case 6 or 7:
                    interlock.Triggered(time.GetTimestamp());
                    interlock.Apply(new Verdict((VerdictKind)random.Next(3), VerdictReason.AboveThreshold), Some.Trigger(time), out _);
                    break;
                case 8:
                    interlock.PermitPass(time.GetTimestamp());
                    break;
                case 9:
                    relay.Refuses = random.Next(3) == 0;
                    break;
                case 10:
                    time.Advance(TimeSpan.FromMilliseconds(random.Next(200)));
                    break;
                default:
                    interlock.Turn();
                    interlock.TryBeat();
                    break;
            }

            var energised = interlock.State == InterlockState.Running;
            if (relay.Enabled) energised.ShouldBeTrue($"seed {seed}, step {step}");
            if (relay.PassActive) energised.ShouldBeTrue($"seed {seed}, step {step}");
            if (relay.Enabled && !wasEnabled) started.ShouldBeTrue($"seed {seed}, step {step}: energised without a person's Start");
            if (before is InterlockState.Tripped or InterlockState.Faulted) energised.ShouldBeFalse($"seed {seed}, step {step}");
            if (present.Contains(TripCause.EStop)) relay.Enabled.ShouldBeFalse($"seed {seed}, step {step}");
        }
        return Steps;
    }

    [Fact]
    public async Task No_stale_Energize_follows_a_Trip_on_another_thread()
    {
        const int Rounds = 2000;
        var time = TimeProvider.System;
        var relay = new FakeRelay();
        var interlock = new Interlock(time, relay, new InterlockOptions(), _ => { });
        interlock.SetObstacle(null);
        for (var round = 0; round < Rounds; round++)
        {
            interlock.Turn();
            interlock.Start(Some.Person).ShouldBeNull();
            using var go = new Barrier(2);
            var applying = Task.Run(() =>
            {
                go.SignalAndWait();
                for (var i = 0; i < 20; i++) interlock.Apply(Verdict.Pass, Some.Trigger(time), out _);
            });
            go.SignalAndWait();
            interlock.Trip(TripCause.Request, "asked", Who.Plant("mes"));
            relay.Enabled.ShouldBeFalse();
            await applying;
            relay.Enabled.ShouldBeFalse();
            interlock.Reset(Some.Person, ResetAnswer.CauseRemoved).ShouldBeNull();
        }
    }
}
