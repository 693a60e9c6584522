namespace Inspection.Core;

/// <content>The evidence that beats are earned by, and the beat.</content>
public sealed partial class Interlock
{
    /// <summary>The loop turned, for a frame or for Idle: the evidence that beats are earned by.</summary>
    public void Turn()
    {
        lock (_gate)
        {
            var now = _time.GetTimestamp();
            if (_time.GetElapsedTime(_lastTurn, now) > _options.LoopDeadline) _freshSince = now;
            _lastTurn = now;
            if (_present[(int)TripCause.HeartbeatMissed])
            {
                RefreshHeartbeatCondition();
                if (!_present[(int)TripCause.HeartbeatMissed]) Publish();
            }
        }
    }

    /// <summary>
    /// The program's pool of threads runs: people's and the plant's orders, and all that watches files and clock, need it.
    /// From the first call on it must come again within <see cref="InterlockOptions.PoolDeadline"/>.
    /// </summary>
    public void PoolRuns()
    {
        lock (_gate) _poolRan = _time.GetTimestamp();
    }

    /// <summary>
    /// E-stop, stop switch and key were read. From the first call on they must be read again within the loop's deadline:
    /// what nobody reads may be pressed.
    /// </summary>
    public void InputsRead()
    {
        lock (_gate) _inputsRead = _time.GetTimestamp();
    }

    /// <summary>
    /// Called by the beat thread every 10 ms: gives one edge of the heartbeat if it is earned, ends a pass pulse whose
    /// time is over, compares the relay's contact, and trips when no beat has been earned for 100 ms. A beat is earned by
    /// a fresh turn of the loop and a contact that agrees.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// Another thread has held the interlock for 2 s and will not let go. Nobody could trip, stop or see it any more, so the
    /// process has to end: what is dead must not look alive.
    /// </exception>
    public void TryBeat()
    {
        // Twice, because a process that was stopped as a whole finds the first wait over before the holder has run again.
        if (!_gate.TryEnter(InterlockOptions.HeldLimit) && !_gate.TryEnter(InterlockOptions.HeldLimit))
            throw new InvalidOperationException("The interlock is held by a thread that does not come back. The station ends; the relay is open. Start it again, and send the log to its makers.");
        try
        {
            var now = _time.GetTimestamp();
            SetConditionLocked(TripCause.ClockStoodStill, _clock.StandsStill(now), "the monotonic clock does not advance");
            if (_passUntil != 0 && now >= _passUntil) ClearPass();
            LookAtRelay(now);
            LookAtBelt(now);
            if (_bypass?.Bypass.Remaining(_time) == TimeSpan.Zero) EndBypass("its time is over", Who.Station);
            if (_stopping is { } stop && _time.GetElapsedTime(stop.Since, now) >= _stop.RunOut) EndStopping("its time is over");
            if (!Energized)
            {
                LookAtPool(now);
                return;
            }
            if (!Done(_handshake.Tick(_mode == OutputMode.PassLine && UseOfGate != GateUse.Divert && _stopping is null, _rules.Deadline, _passPulse, now))) return;

            var sinceBeat = _time.GetElapsedTime(_lastBeat, now);
            var turnAge = _time.GetElapsedTime(_lastTurn, now);
            if (sinceBeat > InterlockOptions.BeatLimit)
            {
                _present[(int)TripCause.HeartbeatMissed] = true;
                _freshSince = now;
                TripLocked(TripCause.HeartbeatMissed, $"no beat earned for {sinceBeat.TotalMilliseconds:F0} ms; last loop turn {turnAge.TotalMilliseconds:F0} ms ago", Who.Station);
                return;
            }
            // Behind the heartbeat, which is the first to miss where the whole process stood still.
            if (InputsStale(now))
            {
                RefreshHeartbeatCondition();
                TripLocked(TripCause.HeartbeatMissed, $"e-stop, stop switch and key were not read for {_time.GetElapsedTime(_inputsRead, now).TotalMilliseconds:F0} ms", Who.Station);
                return;
            }
            LookAtPool(now);
            if (!Energized) return;
            if (turnAge >= _options.LoopDeadline || !_drive.Feedback.Agrees(now)) return;
            if (_drive.SelfTest.HoldsBeats || Done(_drive.Beat())) _lastBeat = now;
        }
        finally
        {
            _gate.Exit();
        }
    }

    private bool InputsStale(long now) => _inputsRead != 0 && _time.GetElapsedTime(_inputsRead, now) > _options.LoopDeadline;

    private void LookAtPool(long now)
        => SetConditionLocked(TripCause.ProgramStalled, _poolRan != 0 && _time.GetElapsedTime(_poolRan, now) > _options.PoolDeadline,
            "the program's pool of threads has not run in time");

    private void LookAtRelay(long now)
    {
        // A chip that was lost is not told anew a hundred times a second.
        if (!_drive.Look(now, out var passed) && !(_state == InterlockState.Faulted && _trips.Exists(t => t.Cause == _drive.Cause)))
            FaultLocked(_drive.Cause, _drive.Detail);
        if (passed is null || !Energized) return;
        Publish();
        _report(new InterlockTransition(_state, _state, null, passed, Who.Station, ResetAnswer.None, _time.GetUtcNow()) { Bypass = _bypass?.Account() });
    }

    private void RefreshHeartbeatCondition()
    {
        var now = _time.GetTimestamp();
        if (_time.GetElapsedTime(_lastTurn, now) > _options.LoopDeadline || InputsStale(now))
        {
            // Nothing beats while de-energised, so a loop that died or hangs is found here.
            _freshSince = now;
            _present[(int)TripCause.HeartbeatMissed] = true;
        }
        if (_time.GetElapsedTime(_freshSince, now) >= InterlockOptions.BeatRecovery) _present[(int)TripCause.HeartbeatMissed] = false;
    }
}
