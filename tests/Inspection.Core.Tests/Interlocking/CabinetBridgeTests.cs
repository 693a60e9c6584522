using Microsoft.Extensions.Time.Testing;

namespace Inspection.Core.Tests;

public sealed class CabinetBridgeTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero));
    private readonly List<string> _held = [];
    private readonly Alarms _alarms;

    public CabinetBridgeTests() => _alarms = new(_time, static (_, _) => { });

    private CabinetBridge Bridge(DateTimeOffset? lastKnown = null) => new(_alarms, _held.Add, _time, lastKnown);

    private void See(CabinetBridge bridge, bool closed, int milliseconds = 200)
    {
        for (var i = 0; i <= milliseconds; i += 5)
        {
            bridge.See(closed);
            if (i < milliseconds) _time.Advance(TimeSpan.FromMilliseconds(5));
        }
    }

    [Fact]
    public void One_that_is_closed_when_the_station_comes_alive_says_that_it_was_closed_before()
    {
        var bridge = Bridge(_time.GetUtcNow() - TimeSpan.FromHours(2));
        See(bridge, true, 195);
        bridge.IsClosed.ShouldBeFalse();
        See(bridge, true, 5);
        bridge.IsClosed.ShouldBeTrue();
        _held.ShouldHaveSingleItem().ShouldContain("since before the start of the program, at some time after 2026-01-31T10:00:00.000Z");
        _alarms.Active.ShouldHaveSingleItem().Code.ShouldBe("bridge-closed");
        _time.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromMilliseconds(200));
        bridge.See(true);
        See(bridge, false);
        bridge.IsClosed.ShouldBeFalse();
        _held[1].ShouldContain("since before the start of the program, at some time after 2026-01-31T10:00:00.000Z, until 2026-01-31T12:05:00.000Z");
        _held.Count.ShouldBe(2);
        _alarms.Active.ShouldBeEmpty();
    }

    [Fact]
    public void One_that_closes_later_says_since_when_and_until_when_each_time()
    {
        var bridge = Bridge(_time.GetUtcNow());
        See(bridge, false, 60_000);
        _held.ShouldBeEmpty();
        See(bridge, true);
        _held[0].ShouldContain("closed, since 2026-01-31T12:01:00.000Z;");
        _time.Advance(TimeSpan.FromMinutes(30) - TimeSpan.FromMilliseconds(200));
        See(bridge, false);
        _held[1].ShouldContain("since 2026-01-31T12:01:00.000Z, until 2026-01-31T12:31:00.000Z");
        See(bridge, true);
        _held.Count.ShouldBe(3);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_contact_that_flickers_writes_nothing_and_leaves_it_as_it_was(bool closed)
    {
        var bridge = Bridge();
        See(bridge, closed);
        var (before, alarms) = (_held.Count, _alarms.Active.Count);
        for (var i = 0; i < 100; i++)
        {
            See(bridge, !closed, 195);
            _time.Advance(TimeSpan.FromMilliseconds(5));
            See(bridge, closed, 195);
            _time.Advance(TimeSpan.FromMilliseconds(5));
            bridge.IsClosed.ShouldBe(closed);
        }
        (_held.Count, _alarms.Active.Count).ShouldBe((before, alarms));
    }

    [Fact]
    public void One_that_flickers_at_the_start_and_closes_then_was_not_closed_before_it()
    {
        var bridge = Bridge();
        See(bridge, true, 100);
        See(bridge, false, 100);
        See(bridge, true);
        _held.ShouldHaveSingleItem().ShouldContain("since 2026-01-31T12:00:00.200Z;");
    }

    [Fact]
    public void Without_an_entry_before_it_says_only_that_it_was_before_the_start()
    {
        See(Bridge(), true);
        _held.ShouldHaveSingleItem().ShouldContain("since before the start of the program; parts");
    }
}
