using Inspection.Testing;

namespace Inspection.Core.Tests.Diverting;

/// <summary>Long random sequences on a belt whose true parts are known: nothing but a fresh, durable Pass goes through the gate.</summary>
public sealed class GatePropertyTests(ITestOutputHelper output)
{
    private const int Steps = 400;

    /// <summary>Ticks by which a busy PC reads late here.</summary>
    private const int MostLag = 1;

    private static bool IsLong => Environment.GetEnvironmentVariable("INSPECTION_LONG") == "gate";

    [Fact]
    [Trait("Long", "gate")]
    public void Whatever_happens_to_belt_and_line_only_a_part_with_a_durable_Pass_that_came_in_time_is_let_through_or_under_a_bypass_that_lets_parts_through()
    {
        var sequences = IsLong ? 100_000 : 3000;
        var sum = new Tally();
        for (var seed = 0; seed < sequences; seed++) new Run(seed, quiet: false, sum).Go(Steps);
        output.WriteLine($"{sequences} random sequences of {Steps} steps: {sum}");
        sum.Through.ShouldBeGreaterThan(sequences, "or the test proves nothing");
        sum.Diverted.ShouldBeGreaterThan(sequences);
        sum.TrackingLost.ShouldBeGreaterThan(sequences / 4);
        sum.Removed.ShouldBeGreaterThan(0);
        sum.NotInspected.ShouldBeGreaterThan(sequences / 10);
        sum.Bypasses.ShouldBeGreaterThan(sequences / 4);
    }

    [Fact]
    [Trait("Long", "gate")]
    public void With_a_sound_encoder_nothing_trips_and_every_such_part_does_go_through()
    {
        var sequences = IsLong ? 20_000 : 1000;
        var sum = new Tally();
        for (var seed = 0; seed < sequences; seed++) new Run(seed, quiet: true, sum).Go(Steps);
        output.WriteLine($"{sequences} random sequences of {Steps} steps: {sum}");
        sum.TrackingLost.ShouldBe(0);
        sum.NotDiverted.ShouldBe(0);
        sum.Through.ShouldBeGreaterThan(sequences);
    }

    private static Who Second { get; } = Who.Person("Bea", Role.Setter);

    private sealed class Tally
    {
        public long Parts, Through, Diverted, Removed, TrackingLost, NotDiverted, Starts, Bypasses, NotInspected;

        public override string ToString()
            => $"{Parts} parts, {Through} let through, {Diverted} in the bin, {Removed} taken by hand, {Starts} starts, {Bypasses} bypasses with {NotInspected} parts let through as not inspected, {TrackingLost} times tracking lost, {NotDiverted} times not diverted";
    }

    private sealed class Run(int seed, bool quiet, Tally sum)
    {
        private readonly Random _random = new(seed);
        private readonly Belt _belt = new(eyeAtGate: seed % 3 != 0);
        private readonly List<BeltPart> _undecided = [];
        private readonly HashSet<BeltPart> _unhandled = [];
        private int _seen;
        private long _lastPart;

        public void Go(int steps)
        {
            for (var step = 0; step < steps; step++)
            {
                Act(step);
                Look(step);
            }
            _belt.Broken = false;
            _belt.Interlock.Stop(Who.Station);
            _belt.Interlock.ForgetParts();
            foreach (var part in _belt.Parts) Judge(part);
            sum.Parts += _belt.Parts.Count;
            sum.Through += _belt.Parts.Count(p => p.WentThrough);
            sum.NotInspected += _belt.Parts.Count(p => p.Under is not null);
            sum.Diverted += _belt.Parts.Count(p => p.InBin);
            sum.Removed += _belt.Parts.Count(p => p.Removed);
            sum.TrackingLost += _belt.Transitions.Count(t => t.Cause == TripCause.TrackingLost);
            sum.NotDiverted += _belt.Transitions.Count(t => t.Cause == TripCause.NotDiverted);
        }

        private void Act(int step)
        {
            if (_belt.Interlock.State == InterlockState.Tripped && _random.Next(10) == 0) _belt.Interlock.Reset(Some.Person, ResetAnswer.CauseRemoved);
            if (_belt.Interlock.State == InterlockState.Stopped && _random.Next(quiet ? 2 : 10) == 0 && _belt.Interlock.Start(Some.Person) is null) sum.Starts++;
            switch (_random.Next(100))
            {
                case < 25:
                    // Two parts at one place would be one.
                    if (_belt.At == _lastPart) break;
                    _lastPart = _belt.At;
                    var part = _belt.Part((VerdictKind)_random.Next(3) is VerdictKind.Indeterminate ? VerdictKind.Pass : (VerdictKind)_random.Next(3));
                    _undecided.Add(part);
                    _unhandled.Add(part);
                    break;
                case < 50 when _undecided.Count > 0:
                    var judged = _undecided[_random.Next(_undecided.Count)];
                    _undecided.Remove(judged);
                    // Some are never durable.
                    if (_random.Next(20) > 0) _belt.Durable(judged);
                    break;
                case < 54:
                    _belt.Pace = _random.Next(1, 20);
                    break;
                case 54:
                    _belt.Interlock.Stop(Who.Anybody);
                    break;
                case 55:
                    _belt.Wait(_random.Next(10, 500));
                    break;
                case 56 when !quiet:
                    _belt.Interlock.Trip(TripCause.Request, "asked", Who.Plant("mes"));
                    break;
                case 57 when !quiet:
                    _belt.MoveOne(0);
                    break;
                case 58 when !quiet:
                    _belt.MoveOne(2);
                    break;
                case 59 when !quiet && _random.Next(4) == 0:
                    _belt.Lose(_random.Next(1, 5));
                    break;
                case 60 when !quiet && _random.Next(4) == 0:
                    _belt.Broken = !_belt.Broken;
                    break;
                case 61 when !quiet:
                    TakeOne(swap: _random.Next(2) == 0);
                    break;
                case 62 when !quiet && _belt.Interlock.State is not (InterlockState.Running or InterlockState.Bypassed):
                    ClearBelt();
                    break;
                case 63 when !quiet && _belt.Interlock.State is not (InterlockState.Running or InterlockState.Bypassed):
                    Shuffle();
                    break;
                case 64 when !quiet && _random.Next(4) == 0:
                    _belt.See(_random.Next(2) == 0 && _belt.EyeAtGate);
                    break;
                case 66 when !quiet && _random.Next(2) == 0:
                    Bypass();
                    break;
                case 67 when !quiet && _random.Next(2) == 0:
                    _belt.Interlock.SetKey(false, false);
                    break;
                case 65 when !quiet:
                    _belt.Batch = _random.Next(1, MostLag + 2);
                    break;
                default:
                    _belt.Move(_random.Next(1, 12));
                    break;
            }
        }

        private void Bypass()
        {
            _belt.Interlock.SetKey(true, true);
            var cause = _random.Next(2) == 0 ? TripCause.RejectsInARow : TripCause.CameraLost;
            if (_belt.Interlock.Bypass(Some.Person, new(cause, "the model is retaught", TimeSpan.FromMinutes(5), Second, _random.Next(2) == 0)) is null) sum.Bypasses++;
        }

        /// <summary>Somebody takes a part from the running belt, or exchanges two.</summary>
        private void TakeOne(bool swap)
        {
            var there = OnBelt();
            if (there.Count < 2) return;
            var (one, other) = (there[0], there[1]);
            if (!swap)
            {
                one.Removed = true;
                return;
            }
            (one.At, other.At) = (other.At, one.At);
            foreach (var part in (BeltPart[])[one, other])
            {
                part.Off = Math.Max(part.Off, (int)Math.Abs(one.At - other.At));
                _unhandled.Remove(part);
            }
        }

        /// <summary>While the line is stopped, parts are pushed to and fro between camera and gate.</summary>
        private void Shuffle()
        {
            foreach (var part in OnBelt())
            {
                part.At = _belt.At - _random.Next(0, Belt.Distance);
                _unhandled.Remove(part);
            }
        }

        private void ClearBelt()
        {
            if (!_belt.Interlock.Snapshot.ZoneUnknown) return;
            foreach (var part in OnBelt()) part.Removed = true;
            _belt.Interlock.ConfirmZoneEmpty(Some.Person).ShouldBeNull();
        }

        private List<BeltPart> OnBelt()
            => [.. _belt.Parts.Where(p => p is { Removed: false, WentThrough: false } && _belt.At < p.At + Belt.Distance)];

        private void Look(int step)
        {
            if (_belt.GateOpen && _belt.Interlock.Snapshot is not ({ State: InterlockState.Running } or { State: InterlockState.Bypassed, Bypass.LetThrough: true })) Broken(step, $"the gate is open in {_belt.Interlock.State}");
            for (; _seen < _belt.Transitions.Count; _seen++)
                if (quiet && _belt.Transitions[_seen].Cause is { } cause) Broken(step, $"{Codes.Of(cause)}: {_belt.Transitions[_seen].Detail}");
            foreach (var part in _belt.Parts)
            {
                if (part.Under is { LetThrough: true }) continue;
                if (part.Under is not null) Broken(step, $"the part at {part.At} went through under a bypass that diverts");
                if (!part.WentThrough || (part.Verdict == VerdictKind.Pass && part.Durable && part.Permitted)) continue;
                // What is nearly as far from where it is believed to be as the tolerance meets the gate as it moves.
                if (part.Off < Belt.Tolerance - MostLag) Broken(step, $"the part at {part.At} went through: {part.Verdict}, durable {part.Durable}, permitted {part.Permitted}");
            }
        }

        /// <summary>What was told of a part in the end, against what became of it.</summary>
        private void Judge(BeltPart part)
        {
            if (part.Told.Count != 1) Broken(-1, $"the part at {part.At} was told {part.Told.Count} times");
            var told = part.Told[0].Disposition;
            if (part.Off >= Belt.Tolerance - MostLag || !_unhandled.Contains(part)) return;
            if (told == Disposition.Delivered && !part.WentThrough && !part.Removed) Broken(-1, $"the part at {part.At} was told as delivered");
            if (quiet && told == Disposition.Diverted && !part.InBin) Broken(-1, $"the part at {part.At} was told as diverted");
            if (quiet && told == Disposition.Unknown && part.Permitted && part.WentThrough != part.Permitted && Stayed(part)) Broken(-1, $"the part at {part.At} did not go through");
        }

        /// <summary>Whether the line was Running all the way from long before the part until it was done.</summary>
        private bool Stayed(BeltPart part)
            => _belt.Transitions.All(t => t.At < part.Trigger.At.AddMinutes(-1) || t.At > part.Trigger.At.AddMinutes(1));

        private void Broken(int step, string what) => throw new InvalidOperationException($"seed {seed}, step {step}: {what}");
    }
}
