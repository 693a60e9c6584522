using Inspection.Core;
using Inspection.Gpio;
using Inspection.Station.Hosting;
using Inspection.Testing;

namespace Inspection.Station.Tests.Hosting;

public sealed class GateWorkTests
{
    [Theory, InlineData(InterlockState.Tripped), InlineData(InterlockState.Faulted)]
    public void A_part_that_did_not_reach_the_bin_is_an_alarm_until_somebody_resets(InterlockState reset)
    {
        var alarms = new Alarms(TimeProvider.System, static (_, _) => { });
        using var lines = GpioLines.Open(new GpioOptions(), TimeProvider.System).Value!;
        using var work = GateWork.Open(lines, Some.Recipe, TimeProvider.System).Value!;
        var part = new PartDisposition(new Trigger(Guid.Empty, "line", DateTimeOffset.UnixEpoch, 1), null, Disposition.Unknown, Confirmation.None, "seen nowhere", Who.Station);
        work.See(part, alarms);
        alarms.Active.ShouldBeEmpty("what is unknown after a stop is no failure to divert");
        work.See(part with { MissedBin = true }, alarms);
        alarms.Active.ShouldHaveSingleItem().Code.ShouldBe("not-diverted");
        // Another cause came first.
        GateWork.See(Transition(InterlockState.Running, InterlockState.Tripped, TripCause.Request), alarms);
        if (reset == InterlockState.Faulted) GateWork.See(Transition(InterlockState.Tripped, InterlockState.Faulted, TripCause.GpioLost), alarms);
        alarms.Active.ShouldHaveSingleItem();
        GateWork.See(Transition(reset, InterlockState.Stopped, null), alarms);
        alarms.Active.ShouldBeEmpty();
    }

    [Fact]
    public void A_belt_on_which_each_part_is_diverted_for_the_one_before_is_an_alarm_until_a_part_is_delivered()
    {
        var alarms = new Alarms(TimeProvider.System, static (_, _) => { });
        using var lines = GpioLines.Open(new GpioOptions(), TimeProvider.System).Value!;
        using var work = GateWork.Open(lines, Some.Recipe, TimeProvider.System).Value!;
        var part = new PartDisposition(new Trigger(Guid.Empty, "line", DateTimeOffset.UnixEpoch, 1), null, Disposition.Diverted, Confirmation.BinEye, "", Who.Station);
        var (crowded, delivered) = (part with { ForOthers = true, Crowded = true }, part with { Disposition = Disposition.Delivered });
        foreach (var _ in Enumerable.Range(1, GateWork.CrowdedInARow - 1)) work.See(crowded, alarms);
        work.See(delivered, alarms);
        foreach (var _ in Enumerable.Range(1, GateWork.CrowdedInARow - 1)) work.See(crowded, alarms);
        work.See(part, alarms);
        alarms.Active.ShouldBeEmpty();
        work.See(crowded, alarms);
        alarms.Active.ShouldHaveSingleItem().Code.ShouldBe("parts-too-close");
        work.See(delivered, alarms);
        alarms.Active.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(InterlockState.Stopped, true, true)]
    [InlineData(InterlockState.Tripped, true, true)]
    [InlineData(InterlockState.Running, true, false)]
    [InlineData(InterlockState.Stopped, false, false)]
    public void A_person_is_asked_to_look_while_the_line_stands_and_the_belt_is_not_known(InterlockState state, bool unknown, bool asked)
        => GateWork.AsksForLook(new(state, null, [], [], null, DateTimeOffset.UnixEpoch) { ZoneUnknown = unknown }).ShouldBe(asked);

    private static InterlockTransition Transition(InterlockState from, InterlockState to, TripCause? cause)
        => new(from, to, cause, "seen", Some.Person, ResetAnswer.None, DateTimeOffset.UnixEpoch);
}
