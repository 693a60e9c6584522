using Microsoft.Extensions.Time.Testing;

namespace Inspection.Core.Tests;

public sealed class CabinetBridgeTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero));
    private readonly List<string> _held = [];
    private readonly Alarms _alarms;

    public CabinetBridgeTests() => _alarms = new(_time, static (_, _) => { });

    private CabinetBridge Bridge(DateTimeOffset? lastKnown = null) => new(_alarms, _held.Add, _time, lastKnown);

    [Fact]
    public void One_that_is_closed_when_the_station_comes_alive_says_that_it_was_closed_before()
    {
        var bridge = Bridge(_time.GetUtcNow() - TimeSpan.FromHours(2));
        bridge.See(true);
        bridge.IsClosed.ShouldBeTrue();
        _held.ShouldHaveSingleItem().ShouldContain("since before the start of the program, at some time after 2026-01-31T10:00:00.000Z");
        _alarms.Active.ShouldHaveSingleItem().Code.ShouldBe("bridge-closed");
        _time.Advance(TimeSpan.FromMinutes(5));
        bridge.See(true);
        bridge.See(false);
        bridge.IsClosed.ShouldBeFalse();
        _held[1].ShouldContain("since before the start of the program, at some time after 2026-01-31T10:00:00.000Z, until 2026-01-31T12:05:00.000Z");
        _held.Count.ShouldBe(2);
        _alarms.Active.ShouldBeEmpty();
    }

    [Fact]
    public void One_that_closes_later_says_since_when_and_until_when_each_time()
    {
        var bridge = Bridge(_time.GetUtcNow());
        bridge.See(false);
        _held.ShouldBeEmpty();
        _time.Advance(TimeSpan.FromMinutes(1));
        bridge.See(true);
        _held[0].ShouldContain("closed, since 2026-01-31T12:01:00.000Z;");
        _time.Advance(TimeSpan.FromMinutes(30));
        bridge.See(false);
        _held[1].ShouldContain("since 2026-01-31T12:01:00.000Z, until 2026-01-31T12:31:00.000Z");
        bridge.See(true);
        _held.Count.ShouldBe(3);
    }

    [Fact]
    public void Without_an_entry_before_it_says_only_that_it_was_before_the_start()
    {
        Bridge().See(true);
        _held.ShouldHaveSingleItem().ShouldContain("since before the start of the program; parts");
    }
}
