using Microsoft.Extensions.Time.Testing;

namespace Inspection.Gpio.Tests;

public sealed class PolledEdgesTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly LineEdge[] _into = new LineEdge[4];

    [Fact]
    public void A_level_that_changed_since_the_last_look_is_one_edge_of_now()
    {
        var edges = new PolledEdges(false, TimeSpan.Zero, _time);
        edges.Take(false, _into).ShouldBe(0);
        _time.Advance(TimeSpan.FromMilliseconds(5));
        edges.Take(true, _into).ShouldBe(1);
        _into[0].ShouldBe(new LineEdge(_time.GetTimestamp(), true, 0));
        edges.Take(true, _into).ShouldBe(0);
        edges.Take(false, _into).ShouldBe(1);
    }

    [Fact]
    public void With_a_debounce_a_level_counts_once_it_has_stayed_and_from_its_beginning()
    {
        var edges = new PolledEdges(false, TimeSpan.FromMilliseconds(10), _time);
        edges.Take(true, _into).ShouldBe(0);
        _time.Advance(TimeSpan.FromMilliseconds(5));
        edges.Take(false, _into).ShouldBe(0, "it bounced");
        _time.Advance(TimeSpan.FromMilliseconds(5));
        var began = _time.GetTimestamp();
        edges.Take(true, _into).ShouldBe(0);
        _time.Advance(TimeSpan.FromMilliseconds(10));
        edges.Take(true, _into).ShouldBe(1);
        _into[0].ShouldBe(new LineEdge(began, true, 0));
    }

    [Fact]
    public void Without_room_the_edge_waits()
    {
        var edges = new PolledEdges(false, TimeSpan.Zero, _time);
        edges.Take(true, []).ShouldBe(0);
        edges.Take(true, _into).ShouldBe(1);
    }
}
