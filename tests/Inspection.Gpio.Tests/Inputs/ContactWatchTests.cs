using Microsoft.Extensions.Time.Testing;

namespace Inspection.Gpio.Tests;

public sealed class ContactWatchTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly ContactWatch _watch;

    public ContactWatchTests() => _watch = new(PinMap.Default[LineNames.EStop], _time);

    /// <summary>So many edges, each so long after the one before, seen together at the end.</summary>
    private void Edges(int count, double milliseconds)
    {
        var edges = new LineEdge[count];
        for (var i = 0; i < count; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(milliseconds));
            edges[i] = new(_time.GetTimestamp(), i % 2 == 0, 0);
        }
        _watch.See(edges, _time.GetTimestamp());
    }

    private void Rest(int milliseconds)
    {
        _time.Advance(TimeSpan.FromMilliseconds(milliseconds));
        _watch.See([], _time.GetTimestamp());
    }

    [Fact]
    public void A_contact_that_changes_on_and_on_bounces_and_rests_half_a_second_later()
    {
        Edges(10, 11);
        _watch.Bounces.ShouldBeTrue();
        _watch.Told.ShouldContain("e-stop (line 5)");
        Rest(380);
        _watch.Bounces.ShouldBeTrue();
        Rest(100);
        _watch.Bounces.ShouldBeFalse();
    }

    [Fact]
    public void Bouncing_at_1_kHz_is_seen_although_every_reading_of_the_level_is_the_same()
    {
        // 5 ms hold ten edges, so that readings 5 ms apart always find the same level.
        for (var look = 0; look < 20; look++) Edges(10, 0.5);
        _watch.Bounces.ShouldBeTrue();
    }

    [Fact]
    public void A_contact_that_settles_within_10_ms_has_changed_once()
    {
        for (var press = 0; press < 4; press++)
        {
            Edges(21, 0.45);
            Rest(100);
        }
        _watch.Bounces.ShouldBeFalse();
    }

    [Fact]
    public void Edges_that_were_lost_are_more_than_a_hand_makes()
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        _watch.See([new(_time.GetTimestamp(), true, 3)], _time.GetTimestamp());
        _watch.Bounces.ShouldBeTrue();
    }

    [Fact]
    public void A_hand_that_presses_and_releases_does_not_bounce()
    {
        for (var i = 0; i < 40; i++) Edges(1, 70);
        _watch.Bounces.ShouldBeFalse();
    }

    [Fact]
    public void A_contact_that_never_changes_does_not_bounce_and_looking_allocates_nothing()
    {
        LineEdge[] edges = [new(1, true, 0), new(2, false, 0)];
        for (var i = 0; i < 20; i++) Rest(5);
        _watch.Bounces.ShouldBeFalse();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) _watch.See(edges, i);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }
}
