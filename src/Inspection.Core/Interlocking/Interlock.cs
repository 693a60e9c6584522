namespace Inspection.Core;

/// <summary>
/// Decides whether the outputs may be energised. One lock; no I/O but the writes to <see cref="IRelay"/>, made under
/// it. Only a person's Start leads to Running and only a person with the key to Bypassed; nothing else energises. Time is
/// monotonic only.
/// </summary>
public sealed partial class Interlock
{
    private const string NotReady = "not-ready";

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly RelayDrive _drive;
    private readonly Action<InterlockTransition> _report;
    private readonly InterlockOptions _options;
    private readonly bool[] _present = new bool[Enum.GetValues<TripCause>().Length];
    private readonly List<Trip> _trips = [];
    private readonly VerdictCounts _counts = new();
    private Trip? _fault;

    private InterlockState _state = InterlockState.Stopped;
    private InterlockSnapshot _snapshot;
    private DateTimeOffset _since;
    private long _entered;
    private string? _obstacle = "the station is still starting";
    private string _obstacleCode = NotReady;

    private TripRules _rules = new();
    private readonly PlantHandshake _handshake;
    private StopRules _stop = new();
    private GateRules? _gateRules;
    private OutputMode _mode;
    private TimeSpan _passPulse = TimeSpan.FromMilliseconds(30);

    private long _lastTurn;
    private long _freshSince;
    private long _lastBeat;
    private long _poolRan;
    private long _inputsRead;
    private long _newestTrigger;
    private long _passUntil;
    private ClockWatch _clock;

    /// <summary>A stopped, de-energised interlock.</summary>
    /// <param name="time">Clock; only its monotonic time decides anything.</param>
    /// <param name="relay">The outputs.</param>
    /// <param name="options">Settings, already validated.</param>
    /// <param name="report">Called under the lock for every transition, in order; must return at once and not throw.</param>
    public Interlock(TimeProvider time, IRelay relay, InterlockOptions options, Action<InterlockTransition> report)
    {
        (_time, _drive, _options, _report) = (time, new RelayDrive(relay, time), options, report);
        _key = new KeySwitch(time, options.KeyDiscrepancy);
        (_handshake, _tracker) = (new PlantHandshake(_drive, time), new PartTracker(time, part => Disposed(part)));
        (_since, _entered) = (time.GetUtcNow(), time.GetTimestamp());
        _lastTurn = _freshSince = _lastBeat = time.GetTimestamp();
        _snapshot = new(_state, null, [], [], _obstacle, _since);
        lock (_gate)
        {
            if (Done(_drive.DeEnergize()) && Done(_drive.Read())) Publish();
        }
    }

    /// <summary>The interlock at this moment; reading it takes no lock.</summary>
    public InterlockSnapshot Snapshot => Volatile.Read(ref _snapshot);

    /// <summary>The state at this moment.</summary>
    public InterlockState State => Snapshot.State;

    /// <summary>Worst time from a hang of the loop to the relay's opening: the loop's deadline, one beat, and the slowest drop-out of the watchdog circuit.</summary>
    public TimeSpan WorstOpening => _options.LoopDeadline + InterlockOptions.BeatPeriod + InterlockOptions.WatchdogDropOut;

    /// <summary>How often the relay in use has pulled in.</summary>
    public long RelayCycles
    {
        get
        {
            lock (_gate) return _drive.Cycles;
        }
    }

    /// <summary>How often it had pulled in before this start of the process.</summary>
    public void RememberCycles(long cycles)
    {
        lock (_gate) _drive.Cycles += cycles;
    }

    /// <summary>Whether half of the Indeterminates that trip, or more, are in the window.</summary>
    public bool ManyIndeterminates
    {
        get
        {
            lock (_gate) return _counts.Indeterminates > 0 && 2 * _counts.Indeterminates >= _rules.Indeterminates;
        }
    }

    /// <summary>Takes the recipe's rules into force and empties the counters. Refused while energised.</summary>
    /// <returns>False while Running or Bypassed.</returns>
    public bool Use(Recipe recipe)
    {
        lock (_gate)
        {
            if (Energized) return false;
            (_rules, _stop, _mode) = (recipe.Rules, recipe.Stop, recipe.Output.Mode);
            (_passPulse, _gateRules) = (recipe.Output.PassPulse, recipe.Gate);
            _tracker.Use(_gateRules, EyeAtGate);
            _counts.Forget(_rules.IndeterminateWindow);
            Publish();
            return true;
        }
    }

    /// <summary>Says why Start must be refused besides conditions, or null when nothing stands in the way any more.</summary>
    /// <param name="obstacle">What it is and what to do, for a person.</param>
    /// <param name="code">What Start is refused with: <c>not-ready</c> where waiting may help, else a code of its own.</param>
    public void SetObstacle(string? obstacle, string code = NotReady)
    {
        lock (_gate)
        {
            (_obstacle, _obstacleCode) = (obstacle, code);
            Publish();
        }
    }

    /// <summary>A person starts. Energises.</summary>
    /// <returns>Null when Running now, else why it was refused and what to do.</returns>
    public Failure? Start(Who who)
    {
        lock (_gate)
        {
            if (!who.IsPerson && !who.IsAtButton) return new("not-a-person", "Only a signed-in person, or somebody at the start button, can start.");
            if (_state != InterlockState.Stopped)
                return new("not-stopped", $"The interlock is {_state}. {(_state == InterlockState.Running ? "It runs already." : "Reset first.")}");
            // First, because a model that is too slow also makes the heartbeat stale, and the obstacle says what to set.
            if (_obstacle is not null) return new(_obstacleCode, _obstacle);
            RefreshHeartbeatCondition();
            if (FirstPresent() is { } cause)
            {
                Publish();
                return new(Codes.Of(cause), $"{Codes.Of(cause)} is still present. Remove it, then start.");
            }
            if (EnergizeLocked() is { } refused) return refused;
            Enter(InterlockState.Running, null, "started", who, ResetAnswer.None);
            return null;
        }
    }

    /// <summary>Anybody stops: at once, or where the recipe's stop is of category 1 once the zone is empty; a second Stop does not wait, nor does the station's own end.</summary>
    /// <returns>Null when Stopped now or soon, else why nothing changed.</returns>
    public Failure? Stop(Who who)
    {
        lock (_gate)
        {
            if (!Energized) return new("not-running", $"The interlock is {_state}; there is nothing to stop.");
            if (_state == InterlockState.Bypassed) return EndBypass("stopped", who) ? null : Refused();
            if (_stopping is null && who != Who.Station && LetRunOut(null, "stopped", who)) return null;
            if (_stopping is not null) EndStopping("not waited for");
            else if (Done(_drive.DeEnergize())) Enter(InterlockState.Stopped, null, "stopped", who, ResetAnswer.None);
            return _state == InterlockState.Faulted ? Refused() : null;
        }
    }

    /// <summary>A person resets, having answered the cause. Energises nothing.</summary>
    /// <returns>Null when Stopped now, else why it was refused and what to do.</returns>
    public Failure? Reset(Who who, ResetAnswer answer)
    {
        lock (_gate)
        {
            if (!who.IsPerson && !who.IsAtButton) return new("not-a-person", "Only a signed-in person, or somebody at the reset button, can reset.");
            if (_state is not (InterlockState.Tripped or InterlockState.Faulted))
                return new("not-tripped", $"The interlock is {_state}; there is nothing to reset.");
            RefreshHeartbeatCondition();
            if (FirstPresent() is { } cause)
            {
                Publish();
                return new(Codes.Of(cause), $"{Codes.Of(cause)} is still present. Remove it, then reset.");
            }
            if (_state == InterlockState.Faulted)
            {
                if (!who.May(Permission.ResetFault)) return new("not-permitted", "A hardware fault is reset by maintenance.");
                if (!Done(_drive.DeEnergize()) || !Done(_drive.Read())) return Refused();
                if (_key.Disagrees) return new("key-channels", "The key's contacts still disagree. Check its wires, then reset.");
                if (_drive.PulledIn is not null && !_drive.Feedback.DroppedFor(InterlockOptions.DroppedBeforeReset, _time.GetTimestamp())) return NotDropped();
            }
            if (answer != ResetAnswer.None && !who.IsPerson) return new("not-a-person", "Only a signed-in person can answer a cause.");
            if (answer == ResetAnswer.None && _trips.Exists(t => TripCauses.AnswersTo(t.Cause).Count > 0))
                return new("answer-needed", "Say what it was: the parts are really bad, the rejects were false, or the cause is removed.");

            if (_state == InterlockState.Faulted) _drive.SelfTest.Force();
            _counts.Forget(_rules.IndeterminateWindow);
            Enter(InterlockState.Stopped, null, "reset", who, answer);
            return null;
        }
    }

    /// <summary>An event trips: out of Running, Bypassed or, for a request, Stopped.</summary>
    public void Trip(TripCause cause, string detail, Who who)
    {
        lock (_gate) TripLocked(cause, detail, who);
    }

    /// <summary>A condition came or went. It trips when it comes; while it is present Start and Reset are refused.</summary>
    public void SetCondition(TripCause cause, bool present, string detail)
    {
        lock (_gate)
        {
            if (cause is TripCause.EStop or TripCause.StopSwitch) _drive.Feedback.SwitchRead(cause == TripCause.StopSwitch ? 1 : 0, !present, _time.GetTimestamp());
            SetConditionLocked(cause, present, detail);
        }
    }

    /// <summary>The hardware failed: Faulted until maintenance resets.</summary>
    /// <param name="cause">A cause of the kind <see cref="CauseKind.Fault"/>.</param>
    /// <param name="detail">What was seen, for a person.</param>
    public void Fault(TripCause cause, string detail)
    {
        lock (_gate) FaultLocked(cause, detail);
    }

    /// <summary>
    /// A part is there: the pass line of the part before is cleared, and no earlier part is permitted any more, even
    /// while this one still waits to be judged. Where there is a gate, the part is followed from here on.
    /// </summary>
    /// <param name="trigger">The part's trigger.</param>
    public void Triggered(Trigger trigger)
    {
        lock (_gate)
        {
            if (_mode == OutputMode.Gate) Track(_tracker.Enter(trigger));
            if (trigger.Timestamp <= _newestTrigger) return;
            _newestTrigger = trigger.Timestamp;
            ClearPass();
            Done(_handshake.Begin(trigger.Timestamp));
        }
    }

    /// <summary>
    /// The first effect of a verdict: counts it, trips or withholds, and writes the level of <c>relay-enable</c>.
    /// Never permits a part.
    /// </summary>
    /// <param name="verdict">What the judge said.</param>
    /// <param name="trigger">The part's trigger; its deadline runs from it.</param>
    /// <param name="actedAt">Monotonic time just after the level was written.</param>
    /// <param name="counts">False for a test part, whose verdict says nothing of the production.</param>
    /// <returns>The verdict, or Indeterminate <c>late</c> when the part's deadline had passed.</returns>
    public Verdict Apply(Verdict verdict, in Trigger trigger, out long actedAt, bool counts = true)
    {
        lock (_gate)
        {
            if (verdict.Kind != VerdictKind.Indeterminate && _time.GetElapsedTime(trigger.Timestamp) >= _rules.Deadline)
                verdict = Verdict.Indeterminate(VerdictReason.Late);
            if (Energized)
            {
                if (counts)
                {
                    _bypass?.Count(_time.GetUtcNow());
                    Count(verdict);
                }
                if (Energized) Done(_drive.Energize());
                if (verdict.Kind != VerdictKind.Pass && !LetsThrough(trigger.Timestamp) && _handshake.Tell(trigger.Timestamp, false) is { } told) Done(told);
            }
            else
                Done(_drive.DeEnergize());
            actedAt = _time.GetTimestamp();
            return verdict;
        }
    }

    /// <summary>
    /// Begins the pass pulse of a part whose entry is durable, unless another part's trigger came, it did not pass, its
    /// deadline passed, or <see cref="MayPermit"/> says no. Under a bypass that lets parts through, every part whose
    /// trigger came since the bypass began is permitted as not inspected.
    /// </summary>
    /// <param name="triggered">Monotonic time of its trigger, as given to <see cref="Triggered"/>.</param>
    /// <param name="passed">Whether its verdict is Pass.</param>
    /// <returns>True when the pulse began.</returns>
    public bool PermitPass(long triggered, bool passed)
    {
        lock (_gate)
        {
            if (_mode == OutputMode.Gate) return passed && MayPermit(triggered) && _tracker.Permit(triggered);
            if (_mode != OutputMode.PassLine || triggered != _newestTrigger) return false;
            var now = _time.GetTimestamp();
            if (!LetsThrough(triggered) && !(passed && MayPermit(triggered) && _time.GetElapsedTime(triggered, now) < _rules.Deadline)) return false;
            if (_handshake.IsWired) return _handshake.Tell(triggered, true) is { } told && Done(told);
            _passUntil = now + (long)(_passPulse.TotalSeconds * _time.TimestampFrequency);
            return Done(_drive.SetPass(true));
        }
    }

    private bool Energized => _state is InterlockState.Running or InterlockState.Bypassed;

    private void Count(Verdict verdict)
    {
        _counts.Count(verdict.Kind);
        if (_mode == OutputMode.TripOnReject && verdict.Kind != VerdictKind.Pass && !IsBypassed(TripCause.PartNotPassed))
            TripLocked(TripCause.PartNotPassed, $"{verdict.Kind}: {Codes.Of(verdict.Reason)}", Who.Station);
        if (_counts.RejectsInARow >= _rules.RejectsInARow && !IsBypassed(TripCause.RejectsInARow))
            TripLocked(TripCause.RejectsInARow, $"{_counts.RejectsInARow} rejects in a row", Who.Station);
        if (_counts.Indeterminates >= _rules.Indeterminates && !IsBypassed(TripCause.Indeterminates))
            TripLocked(TripCause.Indeterminates, $"{_counts.Indeterminates} Indeterminates in {_counts.Window} parts, the last: {Codes.Of(verdict.Reason)}", Who.Station);
    }

    private void SetConditionLocked(TripCause cause, bool present, string detail)
    {
        if (_present[(int)cause] == present) return;
        _present[(int)cause] = present;
        if (present) TripLocked(cause, detail, Who.Station);
        Publish();
    }

    /// <summary>Writes the level, at Start and at a bypass; a relay that is not tested yet is tested first.</summary>
    private Failure? EnergizeLocked()
    {
        if (!Done(_drive.Read())) return Refused();
        if (_drive.PulledIn == true) return NotDropped();
        _counts.Forget(_rules.IndeterminateWindow);
        _lastBeat = _lastBelt = _time.GetTimestamp();
        if (!Done(_drive.Energize())) return Refused();
        if (_drive.PulledIn is not null) _drive.SelfTest.Begin(_lastBeat);
        return null;
    }

    private static bool IsEvent(TripCause cause) => TripCauses.KindOf(cause) == CauseKind.Event;

    private void TripLocked(TripCause cause, string detail, Who who)
    {
        if (IsBypassed(cause)) return;
        if (_state is InterlockState.Tripped or InterlockState.Faulted)
        {
            if (_trips.Exists(t => t.Cause == cause)) return;
            _trips.Add(new Trip(cause, detail, _time.GetUtcNow()));
            Publish();
            return;
        }
        if (_state == InterlockState.Stopped && cause != TripCause.Request) return;
        if (LetRunOut(cause, detail, who) || !Done(_drive.DeEnergize())) return;
        // What began a stop of category 1 came first, though another cause has now cut it short.
        if (_stopping is null) _trips.Clear();
        if (!_trips.Exists(t => t.Cause == cause)) _trips.Add(new Trip(cause, detail, _time.GetUtcNow()));
        if (RemainingCause() is { } remains) _trips.Add(remains);
        var first = _trips[0];
        Enter(InterlockState.Tripped, first.Cause, first.Cause == cause ? detail : $"{first.Detail}; then {Codes.Of(cause)}: {detail}", who, ResetAnswer.None);
    }

    /// <summary>What the drive could not do is a hardware fault.</summary>
    private bool Done(bool done)
    {
        if (!done) FaultLocked(_drive.Cause, _drive.Detail);
        return done;
    }

    private static Failure NotDropped()
        => new("relay-not-dropped", "The relay has not read as dropped for long enough. Wait a second; if it stays so, its contact is welded or the feedback's wire is cut.");

    /// <summary>Why an act failed whose write was refused.</summary>
    private Failure Refused() => new(Codes.Of(_fault!.Cause), _fault.Detail);

    private void FaultLocked(TripCause cause, string detail)
    {
        // One line may refuse while the others still obey; the relay tries each.
        if (!_drive.DeEnergize() && _drive.Detail != detail) detail += "; " + _drive.Detail;
        _fault = new Trip(cause, detail, _time.GetUtcNow());
        // The first-out cause stays first, however often the chip refuses again.
        var known = _trips.FindIndex(t => t.Cause == cause);
        if (_state == InterlockState.Faulted && known >= 0) return;
        if (known < 0) _trips.Add(_fault);
        if (RemainingCause() is { } remains) _trips.Add(remains);
        if (_state == InterlockState.Faulted) Publish();
        else Enter(InterlockState.Faulted, cause, detail, Who.Station, ResetAnswer.None);
    }

    private void Enter(InterlockState to, TripCause? cause, string detail, Who who, ResetAnswer answer)
    {
        var from = _state;
        _state = to;
        (_since, _entered) = (_time.GetUtcNow(), _time.GetTimestamp());
        _passUntil = 0;
        var account = _bypass?.Account();
        if (!Energized)
        {
            _drive.SelfTest.End();
            _handshake.Cleared();
            _gateOpen = false;
        }
        _stopping = null;
        _tracker.StateChanged(Energized, _bypass is not null);
        if (to != InterlockState.Bypassed) _bypass = null;
        if (to is InterlockState.Stopped || Energized) _trips.Clear();
        Publish();
        _report(new InterlockTransition(from, to, cause, detail, who, answer, _time.GetUtcNow()) { Bypass = account });
    }

    private void ClearPass()
    {
        if (_passUntil == 0) return;
        _passUntil = 0;
        Done(_drive.SetPass(false));
    }

    private TripCause? FirstPresent(TripCause? but = null)
    {
        for (var i = 0; i < _present.Length; i++)
            if (_present[i] && (TripCause)i != but) return (TripCause)i;
        return null;
    }

    private void Publish()
    {
        var present = new List<TripCause>();
        for (var i = 0; i < _present.Length; i++)
            if (_present[i]) present.Add((TripCause)i);
        Volatile.Write(ref _snapshot, new(_state, _trips.FirstOrDefault(), [.. _trips.Skip(1)], present, _obstacle, _since)
        {
            Entered = _entered,
            ObstacleCode = _obstacleCode,
            SelfTesting = _drive.SelfTest.UnderWay,
            StoppingSince = _stopping?.Since,
            RelayRead = _drive.PulledIn is not null,
            ZoneUnknown = _mode == OutputMode.Gate && _tracker.ZoneUnknown,
            Bypass = _bypass?.Bypass,
        });
    }
}
