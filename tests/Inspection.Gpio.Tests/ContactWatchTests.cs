using Microsoft.Extensions.Time.Testing;

namespace Inspection.Gpio.Tests;

public sealed class ContactWatchTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly ContactWatch _watch;

    public ContactWatchTests() => _watch = new(PinMap.Default[LineNames.EStop], _time);

    private void See(bool active, int milliseconds)
    {
        _time.Advance(TimeSpan.FromMilliseconds(milliseconds));
        _watch.See(active, _time.GetTimestamp());
    }

    [Fact]
    public void A_contact_that_changes_at_each_reading_bounces_and_rests_half_a_second_later()
    {
        for (var i = 0; i < 10; i++) See(i % 2 == 0, 5);
        _watch.Bounces.ShouldBeTrue();
        _watch.Told.ShouldContain("e-stop (line 5)");
        See(false, 400);
        _watch.Bounces.ShouldBeTrue();
        See(false, 100);
        _watch.Bounces.ShouldBeFalse();
    }

    [Fact]
    public void A_hand_that_presses_and_releases_does_not_bounce()
    {
        for (var i = 0; i < 40; i++) See(i % 2 == 0, 70);
        _watch.Bounces.ShouldBeFalse();
    }

    [Fact]
    public void A_contact_that_never_changes_does_not_bounce_and_looking_allocates_nothing()
    {
        for (var i = 0; i < 20; i++) See(true, 5);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) _watch.See(i % 2 == 0, i);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }
}
