using System.Diagnostics.CodeAnalysis;
using Inspection.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Inspection.Core.Tests.Interlocking;

/// <summary>Every input in every state: all sequences up to a depth, and long random ones.</summary>
public sealed class InterlockPropertyTests(ITestOutputHelper output)
{
    private static bool Is(string name) => Environment.GetEnvironmentVariable("INSPECTION_LONG") == name;

    [Fact]
    [Trait("Long", "interlock")]
    public void Whatever_happens_energised_implies_Running_by_a_person_or_a_valid_bypass_and_every_bypass_ends()
    {
        var sequences = Is("interlock") ? 200_000 : 3000;
        const int Steps = 80;
        var (bypasses, starts, stops) = (0, 0, 0);
        for (var seed = 0; seed < sequences; seed++)
        {
            var random = new Random(seed);
            var line = new Line($"seed {seed}", (Rules)(seed % 3));
            // Left to chance alone, something would always stand in the way: every third input heals.
            for (var step = 0; step < Steps; step++) line.Do(random.Next(3) == 0 ? Line.Heal : random.Next(Line.Inputs));
            line.LetTimePass();
            (bypasses, starts, stops) = (bypasses + line.Bypasses, starts + line.Starts, stops + line.Stops);
        }
        output.WriteLine($"{sequences} random sequences of {Steps} inputs out of {Line.Inputs}: {starts} starts, {bypasses} bypasses, {stops} inputs with a stop of category 1 under way");
        starts.ShouldBeGreaterThan(sequences / 8);
        bypasses.ShouldBeGreaterThan(sequences / 8, "or the test proves nothing about them");
        stops.ShouldBeGreaterThan(sequences / 50, "or the test proves nothing about them");
    }

    [Fact]
    [Trait("Long", "interlock")]
    public void Every_sequence_of_inputs_up_to_a_depth_from_every_state_keeps_the_promises()
    {
        var depth = Is("interlock") ? 3 : 2;
        var (count, path) = (0L, new int[depth]);
        foreach (var (start, rules) in Starts())
        {
            Array.Clear(path);
            do
            {
                var line = new Line($"{start}, {rules}, then {string.Join(' ', path)}", rules);
                line.Bring(start);
                foreach (var input in path) line.Do(input);
                line.LetTimePass();
                count++;
            }
            while (Next(path));
        }
        output.WriteLine($"all {count} sequences of {depth} inputs out of {Line.Inputs}, from each of {Enum.GetValues<InterlockState>().Length} states, with stops of both categories and with trips on each reject");
        count.ShouldBe((long)Math.Pow(Line.Inputs, depth) * Starts().Count());
    }

    [Fact]
    [Trait("Long", "race")]
    public async Task No_stale_Energize_follows_a_Trip_on_another_thread()
    {
        var trips = Is("race") ? 1_000_000 : 20_000;
        var time = TimeProvider.System;
        var relay = new FakeRelay();
        var interlock = new Interlock(time, relay, new InterlockOptions { LoopDeadline = TimeSpan.FromSeconds(1) }, _ => { });
        interlock.SetObstacle(null);
        var ended = false;
        long energized = 0;
        var applying = Task.Run(() =>
        {
            while (!Volatile.Read(ref ended))
            {
                interlock.Turn();
                interlock.Apply(Verdict.Pass, Some.Trigger(time), out _);
                if (interlock.Start(Some.Person) is null) energized++;
                interlock.TryBeat();
            }
        }, TestContext.Current.CancellationToken);
        var stale = 0;
        for (var trip = 0; trip < trips; trip++)
        {
            // So that most trips meet an energised line, each at another moment.
            for (var spins = 0; spins < 2000 && !relay.Enabled; spins++) Thread.SpinWait(1);
            Thread.SpinWait(trip % 64);
            interlock.Trip(TripCause.Request, "asked", Who.Plant("mes"));
            // Nobody resets before this thread has looked, so the line must be low however long the other one goes on.
            if (relay.Enabled) stale++;
            if (interlock.Reset(Some.Person, ResetAnswer.CauseRemoved) is { } refused && refused.Code != "heartbeat-missed") throw new InvalidOperationException(refused.Message);
        }
        Volatile.Write(ref ended, true);
        await applying;
        output.WriteLine($"{trips} trips against {energized} starts and as many writes of the level on another thread");
        stale.ShouldBe(0);
        energized.ShouldBeGreaterThan(0);
    }

    /// <summary>What a recipe asks for.</summary>
    private enum Rules
    {
        StopsAtOnce,
        RunsOut,
        TripsOnReject,
    }

    private static IEnumerable<(InterlockState State, Rules Rules)> Starts()
        => Enum.GetValues<InterlockState>().SelectMany(state => Enum.GetValues<Rules>().Select(rules => (state, rules)));

    private static bool Next(int[] path)
    {
        for (var i = 0; i < path.Length; i++)
        {
            if (++path[i] < Line.Inputs) return true;
            path[i] = 0;
        }
        return false;
    }

    /// <summary>An interlock, and after each input the promises.</summary>
    private sealed class Line
    {
        private static readonly Who Setter = Who.Person("Sam", Role.Setter);
        private static readonly Who Quality = Who.Person("Quinn", Role.Quality);
        private static readonly TripCause[] Conditions = [.. Enum.GetValues<TripCause>().Where(c => TripCauses.KindOf(c) == CauseKind.Condition)];
        private static readonly TripCause[] Events = [.. Enum.GetValues<TripCause>().Where(c => TripCauses.KindOf(c) == CauseKind.Event)];
        private static readonly TripCause[] Vision = [.. Enum.GetValues<TripCause>().Where(TripCauses.IsVision)];
        private static readonly TripCause[] Faults = [.. Enum.GetValues<TripCause>().Where(c => TripCauses.KindOf(c) == CauseKind.Fault)];

        private readonly FakeTimeProvider _time = new();
        private readonly FakeRelay _relay = new();
        private readonly Interlock _interlock;
        private readonly string _name;
        private InterlockTransition? _last;
        private bool _key;
        private bool _eStop;
        private bool _inputsAreRead;
        private int _step;

        private readonly Rules _rules;

        /// <param name="name">Stands in the message.</param>
        /// <param name="rules">Of the recipe.</param>
        public Line(string name, Rules rules)
        {
            (_name, _rules) = (name, rules);
            _interlock = new(_time, _relay, new InterlockOptions(), transition => _last = transition);
            _interlock.Use(Some.Recipe with
            {
                Stop = new StopRules { Category = rules == Rules.RunsOut ? 1 : 0, RunOut = RunOut },
                Output = new PartOutput { Mode = rules == Rules.TripsOnReject ? OutputMode.TripOnReject : OutputMode.PassLine },
            });
            _interlock.SetObstacle(null);
            Pass(10);
        }

        // Numbered in the order of Act below.
        // After the conditions that come and go, each bypass in both ways, the answers, events and faults.
        private const int Others = 16;

        public static readonly int Inputs = (2 * Conditions.Length) + (2 * Vision.Length) + 5 + Events.Length + Faults.Length + Others;

        public static readonly int Heal = Inputs - 1;

        private static readonly TimeSpan RunOut = TimeSpan.FromMilliseconds(700);

        public int Bypasses { get; private set; }

        public int Starts { get; private set; }

        /// <summary>Inputs after which a stop of category 1 was under way.</summary>
        public int Stops { get; private set; }

        /// <summary>Brings it into a state by permitted ways.</summary>
        public void Bring(InterlockState state)
        {
            Turn(true);
            Pass(2000);
            if (state == InterlockState.Running) _interlock.Start(Some.Person).ShouldBeNull();
            else if (state == InterlockState.Tripped) _interlock.Trip(TripCause.Request, "asked", Who.Plant("mes"));
            else if (state == InterlockState.Faulted) _interlock.Fault(TripCause.GpioLost, "gone");
            else if (state == InterlockState.Bypassed) Bypass(TripCause.CameraLost, Setter, null);
            _interlock.State.ShouldBe(state);
        }

        /// <summary>One input and what must be true after it.</summary>
        public void Do(int input)
        {
            var (before, wasEnabled) = (_interlock.State, _relay.Enabled);
            var (starts, bypasses) = (Starts, Bypasses);
            _step++;
            Act(input);
            var state = _interlock.State;
            if (_relay.Enabled && !(state is InterlockState.Running or InterlockState.Bypassed)) Broken(input, $"energised in {state}");
            if (_relay.PassActive && state != InterlockState.Running && !(_interlock.Snapshot.Bypass is { LetThrough: true })) Broken(input, $"pass is active in {state}");
            Stopping(input, before, input is EStopPressed or StopSwitchPressed);
            if (_relay.Enabled && _eStop) Broken(input, "energised with the e-stop open");
            if (_relay.Enabled && !wasEnabled && starts == Starts && bypasses == Bypasses) Broken(input, $"energised out of {before} without a person");
            if (state == InterlockState.Running && before != InterlockState.Running && starts == Starts) Broken(input, $"Running out of {before} without a Start");
            if (state == InterlockState.Bypassed && before != InterlockState.Bypassed && bypasses == Bypasses) Broken(input, $"Bypassed out of {before} without a person");
            if (state == InterlockState.Bypassed && !_key) Broken(input, "Bypassed without the key");
            if ((state == InterlockState.Bypassed) != (_interlock.Snapshot.Bypass is not null)) Broken(input, "a bypass is shown where none is, or not where one is");
        }

        /// <summary>A cause while Running opens the relay at once, or within the run-out where the recipe and the cause permit it.</summary>
        private void Stopping(int input, InterlockState before, bool switchPressed)
        {
            var now = _interlock.Snapshot;
            if (now.StoppingSince is { } since)
            {
                Stops++;
                if (_rules != Rules.RunsOut || now.State != InterlockState.Running || switchPressed) Broken(input, "a stop that waits where none may");
                if (_time.GetElapsedTime(since) > RunOut + TimeSpan.FromMilliseconds(150)) Broken(input, "a stop that waits too long");
                if (_interlock.PermitPass(_time.GetTimestamp(), true)) Broken(input, "a part is permitted that came after the stop began");
            }
            else if (now is { State: InterlockState.Running, FirstOut: not null }) Broken(input, "a cause without effect");
            if (before == InterlockState.Running && switchPressed && now.State == InterlockState.Running) Broken(input, "a switch that does not stop");
        }

        /// <summary>An hour and a bit later, with beats and with the key as it is, no bypass is left.</summary>
        public void LetTimePass()
        {
            var bypassed = _interlock.State == InterlockState.Bypassed;
            _time.Advance(TimeSpan.FromMinutes(61));
            _interlock.Turn();
            _interlock.TryBeat();
            if (bypassed && !(_last is { EndsBypass: true } end && (end.Detail.Contains("time is over", StringComparison.Ordinal) || end.To == InterlockState.Faulted)))
                Broken(-1, "a bypass that its time does not end");
        }

        private const int EStopPressed = 0, StopSwitchPressed = 1;

        private void Act(int input)
        {
            var rest = input;
            bool Within(int count)
            {
                if (rest < count) return true;
                rest -= count;
                return false;
            }

            if (Within(Conditions.Length)) Set(Conditions[rest], true);
            else if (Within(Conditions.Length)) Set(Conditions[rest], false);
            else if (Within(Vision.Length)) Bypass(Vision[rest], Setter, Quality, letThrough: false);
            else if (Within(Vision.Length)) Bypass(Vision[rest], Setter, Quality, letThrough: true);
            else if (Within(5)) _interlock.Reset(rest % 2 == 0 ? Some.Person : _step % 2 == 0 ? Some.Operator : Who.AtButton("reset-button"), (ResetAnswer)(rest % 4));
            else if (Within(Events.Length)) _interlock.Trip(Events[rest], "asked", Who.Plant("mes"));
            else if (Within(Faults.Length)) _interlock.Fault(Faults[rest], "seen");
            else ActOther(rest, input);
        }

        private void ActOther(int other, int input)
        {
            switch (other)
            {
                case 0:
                    if (_interlock.Start(_step % 2 == 0 ? Some.Operator : Who.AtButton("start-button")) is null) Starts++;
                    break;
                case 1:
                    if (_interlock.Start(Who.Plant("mes")) is null || _interlock.Start(Who.Station) is null || _interlock.Start(Who.Anybody) is null) Broken(input, "nobody started");
                    break;
                case 2:
                    _interlock.Stop(Who.Anybody);
                    break;
                case 3 or 4 or 5:
                    var passes = other == 3;
                    _interlock.Triggered(_time.GetTimestamp());
                    _interlock.Apply(new Verdict(passes ? VerdictKind.Pass : other == 4 ? VerdictKind.Reject : VerdictKind.Indeterminate, VerdictReason.AboveThreshold), Some.Trigger(_time), out _);
                    if (_interlock.PermitPass(_time.GetTimestamp(), passes) && !passes && _interlock.Snapshot.Bypass is not { LetThrough: true }) Broken(input, "a part that did not pass is permitted");
                    break;
                case 6 or 7:
                    Turn(other == 6);
                    break;
                case 8:
                    Turn(_key, opposite: true);
                    break;
                case 9:
                    (_relay.Refuses, _relay.Disobeys) = (!_relay.Refuses, false);
                    break;
                case 10:
                    Pass(1200);
                    break;
                case 11:
                    // No contact wired, reads as pulled in, reads as dropped, none again.
                    _relay.PulledIn = _relay.PulledIn switch { null => true, true => false, false => null };
                    break;
                case 12:
                    _interlock.ZoneLeft();
                    break;
                case 13:
                    // From now on they must be read again and again.
                    _interlock.InputsRead();
                    _inputsAreRead = _step % 2 == 0;
                    break;
                case Others - 1:
                    foreach (var condition in Conditions) Set(condition, false);
                    (_relay.Refuses, _relay.Disobeys, _relay.PulledIn) = (false, false, null);
                    _inputsAreRead = true;
                    Pass(1200);
                    break;
                default:
                    _time.Advance(TimeSpan.FromMilliseconds(150));
                    _interlock.TryBeat();
                    break;
            }
        }

        private void Set(TripCause cause, bool present)
        {
            if (cause == TripCause.EStop) _eStop = present;
            _interlock.SetCondition(cause, present, "seen");
        }

        private void Bypass(TripCause cause, Who who, Who? second, bool letThrough = false)
        {
            if (_interlock.Bypass(Some.Operator, new(cause, "tried", TimeSpan.FromMinutes(5))) is null) Broken(-1, "an operator bypassed");
            if (_interlock.Bypass(who, new(cause, "the lens is cleaned", TimeSpan.FromMinutes(60), second, letThrough)) is null) Bypasses++;
        }

        private void Turn(bool key, bool opposite = false)
        {
            _key = key && !opposite;
            _interlock.SetKey(key, key != opposite);
        }

        /// <summary>The loop turns and beats are earned for so many milliseconds.</summary>
        private void Pass(int milliseconds)
        {
            for (var i = 0; i < milliseconds; i += 50)
            {
                _time.Advance(TimeSpan.FromMilliseconds(50));
                if (_inputsAreRead) _interlock.InputsRead();
                _interlock.Turn();
                _interlock.TryBeat();
            }
        }

        [DoesNotReturn]
        private void Broken(int input, string promise) => throw new InvalidOperationException($"{_name}, step {_step}, input {input}: {promise}");
    }
}
