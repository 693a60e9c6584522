namespace Inspection.Core;

/// <summary>
/// The outputs and the contact that tells what came of them. Nothing here throws: what fails returns false and stands
/// in <see cref="Cause"/> and <see cref="Detail"/>. Called under the interlock's lock.
/// </summary>
internal sealed class RelayDrive
{
    private readonly IRelay _relay;
    private readonly TimeProvider _time;

    public RelayDrive(IRelay relay, TimeProvider time)
    {
        (_relay, _time, Feedback) = (relay, time, new FeedbackSupervision(time));
        SelfTest = new SelfTest(Feedback, time);
    }

    /// <summary>Compares the contact with the outputs.</summary>
    public FeedbackSupervision Feedback { get; }

    /// <summary>Tests the relay at Start.</summary>
    public SelfTest SelfTest { get; }

    /// <summary>Why the last call that returned false failed.</summary>
    public TripCause Cause { get; private set; }

    /// <summary>What was seen then.</summary>
    public string Detail { get; private set; } = "";

    /// <summary>The contact at the last reading; null where none is wired.</summary>
    public bool? PulledIn { get; private set; }

    /// <summary>How often the relay was asked to pull in, the self-test's second time included.</summary>
    public long Cycles { get; set; }

    public bool Energize()
    {
        if (!Try(static relay => relay.Energize())) return false;
        Feedback.Written(true, _time.GetTimestamp());
        return true;
    }

    public bool DeEnergize()
    {
        // A level that did not fall is still there, so the contact then follows the beats alone.
        if (!Try(static relay => relay.DeEnergize())) return false;
        Feedback.Written(false, _time.GetTimestamp());
        return true;
    }

    public bool Beat()
    {
        if (!Try(static relay => relay.Beat())) return false;
        if (Feedback.PullingSince == 0) Cycles++;
        Feedback.Edge(_time.GetTimestamp());
        return true;
    }

    public bool SetPass(bool active) => active ? Try(static relay => relay.SetPass(true)) : Try(static relay => relay.SetPass(false));

    public bool Has(PlantLine line) => _relay.Has(line);

    public bool Set(PlantLine line, bool active)
    {
        try
        {
            _relay.Set(line, active);
            return true;
        }
        catch (IOException e)
        {
            return Refused(e);
        }
    }

    /// <summary>Reads the contact and compares it.</summary>
    /// <returns>False when it could not be read, or is not as the outputs ask.</returns>
    public bool Look(long now, out string? selfTestPassed)
    {
        selfTestPassed = null;
        if (!Read()) return false;
        if (PulledIn is not { } pulledIn) return true;
        selfTestPassed = SelfTest.See(pulledIn, now);
        if (Feedback.See(pulledIn, now) is not { } wrong) return true;
        (Cause, Detail) = (TripCause.FeedbackWrong, wrong);
        return false;
    }

    /// <summary>Reads the contact.</summary>
    public bool Read()
    {
        try
        {
            PulledIn = _relay.PulledIn;
            return true;
        }
        catch (IOException e)
        {
            (Cause, Detail) = (TripCause.GpioLost, e.Message);
            return false;
        }
    }

    private bool Try(Action<IRelay> write)
    {
        try
        {
            write(_relay);
            return true;
        }
        catch (IOException e)
        {
            return Refused(e);
        }
    }

    private bool Refused(IOException e)
    {
        (Cause, Detail) = (e is OutputReadbackException ? TripCause.OutputReadback : TripCause.GpioLost, e.Message);
        return false;
    }
}
