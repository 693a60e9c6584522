using Inspection.Core;

namespace Inspection.Panel.Sessions;

/// <summary>Who is signed in on one page. It ends with the page, with sign-out, and after 15 minutes without a touch.</summary>
internal sealed class Session(PanelContext context)
{
    /// <summary>Without a touch for so long the person is signed out.</summary>
    public static readonly TimeSpan IdleLimit = TimeSpan.FromMinutes(15);

    private readonly Lock _gate = new();
    private Who? _person = context.DemoPerson;
    private long _touched = context.Time.GetTimestamp();

    /// <summary>Who is signed in, or null.</summary>
    public Who? Person
    {
        get
        {
            lock (_gate)
            {
                if (_person is not null && context.Time.GetElapsedTime(_touched) >= IdleLimit) Leave("idle for 15 minutes");
                return _person;
            }
        }
    }

    /// <summary>Who does what needs no sign-in.</summary>
    public Who PersonOrAnybody => Person ?? Who.Anybody;

    /// <summary>Somebody touched the page. A touch after the limit does not bring anybody back.</summary>
    public void Touch()
    {
        lock (_gate)
        {
            if (Person is not null) _touched = context.Time.GetTimestamp();
        }
    }

    /// <summary>Signs in with a PIN. May take a tenth of a second: not for the page's own thread.</summary>
    /// <returns>Null when signed in, else why not.</returns>
    public Failure? SignIn(string name, string pin)
    {
        var outcome = Identify(name, pin);
        if (!outcome.Succeeded) return outcome.Failure;
        Enter(outcome.Value, "with PIN");
        return null;
    }

    /// <summary>Who a name and a PIN belong to; changes nobody's session. Takes as long as <see cref="SignIn"/>.</summary>
    public Outcome<Who> Identify(string name, string pin)
    {
        var outcome = context.People.SignIn(name, pin);
        // Waiting after too many tries is not another try.
        if (!outcome.Succeeded && outcome.Failure.Code == "wrong-pin") Audit(Who.Anybody, "sign-in-refused", name);
        return outcome;
    }

    /// <summary>Signs the simulation's demo person in.</summary>
    public void SignInDemo()
    {
        if (context.DemoPerson is { } demo) Enter(demo, "demo, without PIN");
    }

    /// <summary>Signs out.</summary>
    public void SignOut()
    {
        lock (_gate)
        {
            if (_person is not null) Leave("by hand");
        }
    }

    private void Enter(Who person, string how)
    {
        lock (_gate)
        {
            _person = person;
            _touched = context.Time.GetTimestamp();
        }
        Audit(person, "sign-in", how);
    }

    private void Leave(string how)
    {
        var person = _person!;
        _person = null;
        Audit(person, "sign-out", how);
    }

    private void Audit(Who who, string action, string detail)
        => context.Audit(new AuditEntry(context.Time, context.Simulated, who, action, detail));
}
