namespace Inspection.Core;

/// <summary>
/// Asks people for known parts, takes the part after an announcement for the known one, and keeps the line from
/// producing when a test was wrong or does not come. Thread-safe; a part in production allocates nothing here.
/// </summary>
/// <remarks>
/// While due, the line may run for the grace in all; neither Stop nor Reset nor a restart gives any of it back. Once it is
/// used up, or a part was wrong, <see cref="TripCause.TestPart"/> is present as a condition but for the two minutes after
/// an announcement, a Start or a right part, and a part in production ends even those: so the belt can bring test parts,
/// and nothing else can be made by resetting. Every lock order is: applying, the interlock's, this one's.
/// </remarks>
public sealed class TestParts
{
    /// <summary>An announced part must come within this time, or is withdrawn.</summary>
    public static readonly TimeSpan AnnouncedFor = TimeSpan.FromMinutes(2);

    private readonly Lock _applying = new();
    private readonly Lock _gate = new();
    private readonly Recipe _recipe;
    private readonly TestPartRules _rules;
    private readonly Interlock _interlock;
    private readonly Action<EntryDraft> _append;
    private readonly Alarms _alarms;
    private readonly TimeProvider _time;
    private readonly bool _simulated;
    private readonly TestSchedule _schedule;
    private readonly List<string> _reasons = [];
    private readonly bool[] _right;
    private PassedTest? _lastPassed;
    private readonly bool _hasGate;
    private TestRun? _announced;
    private (TestRun Run, Guid Trigger, long Since)? _onItsWay;
    private long _announcedAt;
    private long _window;
    private bool _failed;
    private TimeSpan _used;
    private long _runningSince;
    private string _why = "";
    private TestSnapshot _snapshot = null!;
    private bool _watchesParts;

    // The loop's own.
    private int _sources;
    private bool _lost;

    /// <summary>Test parts of a recipe that has the section.</summary>
    /// <param name="recipe">The recipe in force.</param>
    /// <param name="history">What the ledger knows.</param>
    /// <param name="interlock">Is refused its Start, and tripped.</param>
    /// <param name="append">Takes entries; must return at once.</param>
    /// <param name="alarms">Takes <c>test-part-due</c>.</param>
    /// <param name="time">The clock.</param>
    /// <param name="simulated">Stands in the entries.</param>
    public TestParts(Recipe recipe, TestHistory history, Interlock interlock, Action<EntryDraft> append, Alarms alarms, TimeProvider time, bool simulated)
    {
        (_recipe, _rules) = (recipe, recipe.TestParts ?? throw new ArgumentException("The recipe has no test parts.", nameof(recipe)));
        (_interlock, _append, _alarms, _time, _simulated) = (interlock, append, alarms, time, simulated);
        _schedule = new TestSchedule(_rules, time);
        _right = new bool[_rules.Parts.Count];
        _hasGate = recipe.Output.Mode == OutputMode.Gate;
        lock (_gate) Recall(history);
        Look();
    }

    /// <summary>The test parts at this moment; reading it takes no lock.</summary>
    public TestSnapshot Snapshot => Volatile.Read(ref _snapshot);

    /// <summary>Looks at the clocks; called by one thread, some times a second.</summary>
    public void Look() => Act(() =>
    {
        if (_schedule.Look() is { } reason) Due(reason);
        if (_announced is not null && _time.GetElapsedTime(_announcedAt) >= AnnouncedFor) WithdrawAnnounced("it did not come within 2 minutes", Who.Station);
        if (_onItsWay is { } going && _time.GetElapsedTime(going.Since) >= AnnouncedFor) NotConfirmed("nothing was told of where it went for 2 minutes");
        return true;
    });

    /// <summary>A person says that the next part is a known one.</summary>
    /// <param name="who">A signed-in person.</param>
    /// <param name="name">One of the section's parts that was not right yet.</param>
    /// <returns>Null when the next trigger is taken for it, else why not.</returns>
    public Failure? Announce(Who who, string name) => Act<Failure?>(() =>
    {
        if (!who.IsPerson) return new("not-a-person", "Only a signed-in person can announce a test part.");
        if (_reasons.Count == 0) return new("test-not-due", "No test is due.");
        if (_interlock.State == InterlockState.Bypassed) return new("test-not-now", "Test parts prove nothing under a bypass. End it first.");
        if (_announced is not null || _onItsWay is not null) return new("test-part-announced", "A test part is announced already, or on its way to the gate. Bring it, or withdraw it.");
        var index = IndexOf(name);
        if (index < 0 || _right[index]) return new("test-part-not-asked", "This test part is not asked for now.");
        (_announced, _announcedAt) = (new TestRun(_rules.Parts[index], who), _time.GetTimestamp());
        _window = _announcedAt;
        if (!_failed) _why = "";
        return null;
    });

    /// <summary>A person takes the announcement back.</summary>
    /// <returns>Null when none is announced any more.</returns>
    public Failure? Withdraw(Who who) => Act<Failure?>(() =>
    {
        if (!who.IsPerson) return new("not-a-person", "Only a signed-in person can withdraw a test part.");
        if (_announced is not null) WithdrawAnnounced("by hand", who);
        return null;
    });

    /// <summary>A transition of the interlock. Called under its lock, so what follows from it is applied at the next look.</summary>
    public void See(InterlockTransition transition)
    {
        lock (_gate)
        {
            var now = _time.GetTimestamp();
            if (transition.From == transition.To) return;
            if (transition.From == InterlockState.Running)
            {
                StopCounting(now);
                if (_onItsWay is not null) NotConfirmed("the line stopped while it was on its way to the gate");
            }
            if (transition.To == InterlockState.Running)
            {
                _runningSince = now;
                if (_announced is not null) _announcedAt = now;
                if (_window != 0) _window = now;
            }
            if (transition.To == InterlockState.Bypassed && _announced is not null) WithdrawAnnounced("a bypass began", transition.Who);
            if (transition.EndsBypass && _rules.AfterBypass) Due(TestReasons.Bypass);
            Publish(now);
        }
    }

    /// <summary>How the source is; called by the loop at each turn.</summary>
    /// <param name="sources">How many sources were made so far.</param>
    /// <param name="lost">Whether it is lost at this moment.</param>
    public void SeeSource(int sources, bool lost)
    {
        if (sources == _sources && lost == _lost) return;
        var changed = sources != _sources || (_lost && !lost);
        (_sources, _lost) = (sources, lost);
        if (!changed || !_rules.AfterCameraChange) return;
        Act(() =>
        {
            Due(TestReasons.CameraChange);
            return true;
        });
    }

    /// <summary>Asks of each part whether it is the announced one; called by the loop before the part is acted on.</summary>
    /// <returns>Null for a part in production.</returns>
    public TestRun? Take(in Trigger trigger)
        => Volatile.Read(ref _watchesParts) ? TakeAnnounced(trigger.Timestamp) : null;

    // Apart, because a lambda's captures are allocated where its method begins.
    private TestRun? TakeAnnounced(long triggered) => Act<TestRun?>(() =>
    {
        // With a gate a part proves something only while it is followed to the gate.
        if (_announced is { } run && triggered > _announcedAt && (!_hasGate || _interlock.State == InterlockState.Running))
        {
            _announced = null;
            return run;
        }
        if (IsOverdue(_time.GetTimestamp()) && _interlock.State == InterlockState.Running) (_window, _why) = (0, "a part came that was not announced as a test part, while a test is overdue");
        return null;
    });

    /// <summary>The verdict that was acted on; called by the loop after the announced part.</summary>
    /// <param name="run">What <see cref="Take"/> gave.</param>
    /// <param name="verdict">The verdict.</param>
    /// <param name="trigger">The part's trigger, by which the gate tells of it.</param>
    public void Judged(TestRun run, Verdict verdict, Guid trigger) => Act(() =>
    {
        if (!run.IsRight(verdict.Kind)) Failed(run, $"test part '{run.Part.Name}' is {Codes.Of(run.Part.Kind)} and was judged {verdict.Kind} ({Codes.Of(verdict.Reason)})");
        else if (_hasGate) (_onItsWay, _window) = ((run, trigger, _time.GetTimestamp()), _time.GetTimestamp());
        else Right(run);
        return true;
    });

    /// <summary>
    /// What became of a part, where there is a gate: a bad part must have been seen in the bin, a good one delivered. A good one that was diverted for others is asked for again. Called
    /// under the interlock's lock, so what follows from it is applied at the next look.
    /// </summary>
    public void See(PartDisposition part)
    {
        lock (_gate)
        {
            if (_onItsWay is not { } going || going.Trigger != part.Trigger.Id) return;
            _onItsWay = null;
            var wanted = going.Run.Part.Kind == TestPartKind.Good ? Disposition.Delivered : Disposition.Diverted;
            if (part.Disposition == wanted) Right(going.Run);
            else if (part.Disposition == Disposition.RemovedByHand) _window = 0;
            else if (part is { ForOthers: true, Disposition: Disposition.Diverted }) AskAgain(going.Run, "the gate diverted it for other parts on the belt");
            else Failed(going.Run, $"test part '{going.Run.Part.Name}' is {Codes.Of(going.Run.Part.Kind)}, was judged rightly, and at the gate is {part.Disposition}");
            Publish(_time.GetTimestamp());
        }
    }

    /// <summary>A part went by of which nothing is known, so it may have been the announced one.</summary>
    public void Missed() => Act(() =>
    {
        if (_announced is not null) WithdrawAnnounced("a part was missed, which may have been it", Who.Station);
        return true;
    });

    private void Recall(TestHistory history)
    {
        var now = _time.GetUtcNow();
        // A test that lies in the future says only that the wall clock was set back.
        if (history.LastPassed is { } passed && passed.At <= now)
        {
            _lastPassed = passed;
            _schedule.Passed(now - passed.At);
        }
        if (history.Action == TestEntry.Failed) (_failed, _why) = (true, "the last test failed");
        if (history.Action is TestEntry.Failed or TestEntry.Due)
        {
            // How long it ran since is not known, so all of the time counts; where the clock was set back, all of the grace.
            _used = history.At <= now ? now - history.At : _rules.Grace;
            _reasons.Add(_failed ? TestReasons.Failed : history.Reason);
        }
        if (_lastPassed is null) Due(TestReasons.NeverPassed);
        else if (_schedule.ShiftBeganAfter(_lastPassed.At)) Due(TestReasons.StartOfShift);
        if (history.ChangedOver && _rules.ChangeOver) Due(TestReasons.ChangeOver);
        if (history.Bypassed && _rules.AfterBypass) Due(TestReasons.Bypass);
        if (_reasons.Count > 0) Ask();
    }

    /// <summary>A test is due, or due for one more reason; then its parts are asked for from the first.</summary>
    private void Due(string reason)
    {
        if (_reasons.Contains(reason)) return;
        _reasons.Add(reason);
        Array.Clear(_right);
        if (_reasons.Count > 1) return;
        _used = TimeSpan.Zero;
        if (_runningSince != 0) _runningSince = _time.GetTimestamp();
        Note(TestEntry.Due, reason, Who.Station);
        Ask();
    }

    private void Ask() => _alarms.Raise("test-part-due", AlarmPriority.Medium, $"Test parts are due: {string.Join(", ", _reasons)}.", "Show the test parts that the page asks for, one by one.");

    private void Right(TestRun run)
    {
        _right[IndexOf(run.Part.Name)] = true;
        _window = _time.GetTimestamp();
        if (!_right.Contains(false)) Passed(run);
    }

    /// <summary>Neither right nor wrong: the part is asked for again.</summary>
    private void NotConfirmed(string why)
    {
        AskAgain(_onItsWay!.Value.Run, why);
        _onItsWay = null;
    }

    private void AskAgain(TestRun run, string why)
    {
        _append(new AuditEntry(_time, _simulated, Who.Station, "test-part-withdrawn", $"{run.Part.Name}: {why}"));
        _window = 0;
    }

    private void Passed(TestRun run)
    {
        _lastPassed = new PassedTest(_time.GetUtcNow(), run.By.Name);
        _schedule.Passed(TimeSpan.Zero);
        _reasons.Clear();
        Array.Clear(_right);
        (_failed, _window, _why) = (false, 0, "");
        Note(TestEntry.Passed, $"all {_right.Length} test parts were right", run.By);
        _alarms.Clear("test-part-due");
    }

    private void Failed(TestRun run, string why)
    {
        (_failed, _window, _why) = (true, 0, why);
        Array.Clear(_right);
        if (!_reasons.Contains(TestReasons.Failed)) _reasons.Add(TestReasons.Failed);
        Note(TestEntry.Failed, why, run.By);
        var since = _lastPassed is { } last ? $"since the last test that passed, {MessageSchema.Time(last.At)}" : "so far, as no test is known to have passed";
        _append(new LotEntry(_time, _simulated, run.By, null, "test-part-failed", $"{why}; everything made {since} is held.", null) { MadeFrom = _lastPassed?.At, MadeTo = _time.GetUtcNow() });
        Ask();
    }

    private void WithdrawAnnounced(string why, Who who)
    {
        _append(new AuditEntry(_time, _simulated, who, "test-part-withdrawn", $"{_announced!.Part.Name}: {why}"));
        (_announced, _window) = (null, 0);
    }

    private void Note(string action, string detail, Who who) => _append(new TestEntry(_time, _simulated, who, action, detail, _recipe, _lastPassed));

    private int IndexOf(string name)
    {
        for (var i = 0; i < _rules.Parts.Count; i++)
            if (_rules.Parts[i].Name == name) return i;
        return -1;
    }

    private void StopCounting(long now)
    {
        if (_runningSince == 0) return;
        if (_reasons.Count > 0) _used += _time.GetElapsedTime(_runningSince, now);
        _runningSince = 0;
    }

    private TimeSpan GraceLeft(long now)
    {
        var used = _used + (_runningSince == 0 ? TimeSpan.Zero : _time.GetElapsedTime(_runningSince, now));
        return _failed || used >= _rules.Grace ? TimeSpan.Zero : _rules.Grace - used;
    }

    private bool IsOverdue(long now) => _reasons.Count > 0 && GraceLeft(now) == TimeSpan.Zero;

    /// <summary>Changes something, then applies what follows from it to the interlock, in the order of the changes.</summary>
    private T Act<T>(Func<T> change)
    {
        lock (_applying)
        {
            T outcome;
            bool blocks;
            string why;
            lock (_gate)
            {
                outcome = change();
                var now = _time.GetTimestamp();
                blocks = IsOverdue(now) && (_window == 0 || _time.GetElapsedTime(_window, now) >= AnnouncedFor);
                why = _why.Length > 0 ? _why : "test parts are overdue";
                Publish(now);
            }
            _interlock.SetCondition(TripCause.TestPart, blocks, why);
            return outcome;
        }
    }

    private void Publish(long now)
    {
        var due = _reasons.Count > 0;
        var left = _announced is null ? TimeSpan.Zero : AnnouncedFor - _time.GetElapsedTime(_announcedAt, now);
        Volatile.Write(ref _watchesParts, _announced is not null || IsOverdue(now));
        Volatile.Write(ref _snapshot, new TestSnapshot(
            due, IsOverdue(now), [.. _reasons], due ? GraceLeft(now) : TimeSpan.Zero, [.. _rules.Parts.Select((part, i) => (part, _right[i]))],
            _announced?.Part, left > TimeSpan.Zero ? left : TimeSpan.Zero, _lastPassed)
        { OnItsWay = _onItsWay?.Run.Part });
    }
}
