using Inspection.Core;
using Inspection.Panel.Sessions;
using Inspection.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Inspection.Panel.Tests;

public sealed class SessionTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<EntryDraft> _entries = [];

    [Fact]
    public void A_person_who_touches_nothing_for_fifteen_minutes_is_signed_out()
    {
        var session = Make(("Ada", Role.Operator, "4711"));
        session.SignIn("Ada", "4711").ShouldBeNull();
        _time.Advance(TimeSpan.FromMinutes(14.9));
        session.Touch();
        _time.Advance(TimeSpan.FromMinutes(14.9));
        session.Person.ShouldBe(Who.Person("Ada", Role.Operator));

        _time.Advance(TimeSpan.FromMinutes(0.2));
        session.Touch();
        session.Person.ShouldBeNull("a touch after the limit brings nobody back");
        session.PersonOrAnybody.ShouldBe(Who.Anybody);
        _entries.Count.ShouldBe(2);
    }

    [Fact]
    public void A_refused_PIN_is_recorded_and_waiting_is_not()
    {
        var session = Make(("Ada", Role.Operator, "4711"));
        for (var i = 0; i < 9; i++) session.SignIn("Ada", "0000").ShouldNotBeNull();
        session.SignIn("Ada", "4711")!.Code.ShouldBe("too-many-tries");
        _entries.Count.ShouldBe(5);
        _time.Advance(TimeSpan.FromSeconds(31));
        session.SignIn("Ada", "4711").ShouldBeNull();
    }

    [Fact]
    public void Without_a_demo_person_nobody_signs_in_without_a_PIN()
    {
        var session = Make();
        session.SignInDemo();
        session.Person.ShouldBeNull();
        session.SignOut();
        _entries.ShouldBeEmpty();
    }

    private Session Make(params (string Name, Role Role, string Pin)[] people)
    {
        var interlock = new Interlock(_time, new FakeRelay(), new InterlockOptions(), _ => { });
        return new Session(new PanelContext(
            interlock, new LiveView(), new Counters(_time), new RecentRejects(), new Alarms(_time, (_, _) => { }), new DeliveryBoard(),
            new People([.. people.Select(p => Person.Create(p.Name, p.Role, p.Pin).Value!)], _time),
            () => Some.Context, null, false, "/nowhere", null, _time, _entries.Add)
        { Overrides = null! });
    }
}
