using Inspection.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Inspection.Core.Tests.Interlocking;

public sealed class RepeatedTripsTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly Alarms _alarms;
    private readonly Interlock _interlock;

    public RepeatedTripsTests()
    {
        _alarms = new(_time, (_, _) => { });
        _interlock = new(_time, new FakeRelay(), new InterlockOptions(), new RepeatedTrips(_alarms, _time).See);
        _interlock.SetObstacle(null);
    }

    [Fact]
    public void The_third_trip_of_one_kind_within_an_hour_calls_the_setter_and_an_operators_Reset_does_not_end_it()
    {
        Trip(TripCause.RejectsInARow, 20);
        Trip(TripCause.RejectsInARow, 20);
        _alarms.Active.ShouldBeEmpty();
        Trip(TripCause.RejectsInARow, 0);
        _alarms.Active.ShouldHaveSingleItem().Code.ShouldBe("trips-repeat");

        Trip(TripCause.Request, 0, Who.Person("Sam", Role.Setter));
        _alarms.Active.ShouldBeEmpty();
    }

    [Fact]
    public void Three_trips_in_more_than_an_hour_or_of_different_kinds_call_nobody()
    {
        for (var i = 0; i < 5; i++) Trip(TripCause.RejectsInARow, 31);
        Trip(TripCause.Request, 1);
        Trip(TripCause.PartNotPassed, 1);
        Trip(TripCause.Indeterminates, 1);
        _alarms.Active.ShouldBeEmpty();
    }

    private void Trip(TripCause cause, int minutesAfter, Who? resets = null)
    {
        _interlock.Turn();
        // After a long pause the loop has to turn for a second before Start is permitted.
        for (var i = 0; i < 30; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(50));
            _interlock.Turn();
        }
        _interlock.Start(Some.Operator).ShouldBeNull();
        _interlock.Trip(cause, "seen", Who.Station);
        _interlock.Reset(resets ?? Some.Operator, ResetAnswer.CauseRemoved).ShouldBeNull();
        _time.Advance(TimeSpan.FromMinutes(minutesAfter));
    }
}
