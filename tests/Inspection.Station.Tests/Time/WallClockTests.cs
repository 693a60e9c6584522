using Inspection.Core;
using Inspection.Station.Hosting;
using Inspection.Station.Time;
using Inspection.Testing;

namespace Inspection.Station.Tests.Time;

public sealed class WallClockTests
{
    private readonly SteppedTime _time = new();
    private readonly MemoryLedger _ledger;
    private readonly Alarms _alarms;
    private readonly WallClock _clock;
    private readonly ClockKeeper _keeper;
    private bool _synchronised = true;

    public WallClockTests()
    {
        _ledger = new(_time);
        _alarms = new(_time, (_, _) => { });
        _clock = new(_time, () => _synchronised);
        var outbox = new EntryOutbox(_time, true);
        outbox.Attach(_ledger);
        _keeper = new(_clock, outbox, _alarms, _time, true);
        Look();
    }

    [Theory]
    [InlineData(3600)]
    [InlineData(-3600)]
    public void A_step_is_an_entry_with_both_times_and_an_alarm_and_no_time_is_trusted_until_it_is_synchronised_again(int seconds)
    {
        _synchronised = false;
        _time.Step = TimeSpan.FromSeconds(seconds);
        Look();
        _clock.IsTrusted.ShouldBeFalse();
        var audit = _ledger.Audits("clock-stepped").ShouldHaveSingleItem();
        audit.ShouldBe($"from 2000-01-01T00:00:00.400Z to {MessageSchema.Time(_time.GetUtcNow())}, by {seconds:+0;-0}.000 s");
        Alarm("clock-stepped").ShouldBeTrue();
        Look();
        _clock.IsTrusted.ShouldBeFalse();

        _synchronised = true;
        Look();
        _clock.IsTrusted.ShouldBeTrue();
        _alarms.Active.ShouldBeEmpty();
        _ledger.Audits("clock-stepped").Count.ShouldBe(1);
    }

    [Fact]
    public void A_step_that_the_kernel_calls_synchronised_is_believed_only_at_the_next_look()
    {
        _time.Step = TimeSpan.FromSeconds(1);
        Look();
        _clock.IsTrusted.ShouldBeFalse();
        Alarm("clock-stepped").ShouldBeFalse("2 s and less raise none");
        Look();
        _clock.IsTrusted.ShouldBeTrue();
    }

    [Fact]
    public void A_person_with_the_role_confirms_the_clock_until_it_steps_again()
    {
        _synchronised = false;
        _time.Step = TimeSpan.FromMinutes(5);
        Look();
        _keeper.Confirm(Some.Operator)!.Code.ShouldBe("clock-not-permitted");
        _keeper.Confirm(Who.Plant("mes"))!.Code.ShouldBe("clock-not-permitted");
        _clock.IsTrusted.ShouldBeFalse();
        _keeper.Confirm(Who.Person("Sam", Role.Setter)).ShouldBeNull();
        _clock.IsTrusted.ShouldBeTrue();
        Look();
        _alarms.Active.ShouldBeEmpty();
        _ledger.Audits("clock-confirmed").Count.ShouldBe(1);

        _time.Step = TimeSpan.Zero;
        Look();
        _clock.IsTrusted.ShouldBeFalse();
    }

    [Fact]
    public void A_clock_that_runs_on_and_is_slewed_by_a_little_makes_no_entry()
    {
        for (var i = 0; i < 1000; i++)
        {
            _time.Step += TimeSpan.FromMilliseconds(1);
            Look();
        }
        _ledger.Audits("clock-stepped").ShouldBeEmpty();
        _clock.IsTrusted.ShouldBeTrue();
    }

    private bool Alarm(string code) => _alarms.Active.Any(a => a.Code == code);

    private void Look()
    {
        _time.Advance(TimeSpan.FromMilliseconds(200));
        _keeper.Look();
    }
}
