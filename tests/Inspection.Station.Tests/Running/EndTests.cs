using Inspection.Core;
using Inspection.Testing;

namespace Inspection.Station.Tests.Running;

public sealed class EndTests
{
    [Theory]
    [InlineData(StationProcess.Interrupt)]
    [InlineData(15)]
    public async Task A_signal_ends_the_station_in_order_and_the_next_start_goes_on_where_it_stood(int signal)
    {
        using var box = new StationBox();
        box.SimulateAt(20);
        await using (var station = StationProcess.Start(box.Run()))
        {
            await station.ReadyAsync();
            await Eventually.Holds(() => box.Verdicts().Count >= 10, TimeSpan.FromSeconds(30));
            var began = TimeProvider.System.GetTimestamp();
            station.Signal(signal);
            (await station.ExitAsync()).ShouldBe(0, station.Said);
            TimeProvider.System.GetElapsedTime(began).ShouldBeLessThan(TimeSpan.FromSeconds(15));
            station.Said.ShouldContain("the outputs are de-energised");
        }
        box.Verify().FirstBad.ShouldBeNull();
        var before = box.Verdicts().Count;
        await using var again = StationProcess.Start(box.Run());
        await again.ReadyAsync();
        await Eventually.Holds(() => box.Verdicts().Count > before + 5, TimeSpan.FromSeconds(30));
        (await again.EndAsync()).ShouldBe(0);
        box.Verdicts().Select(StationBox.Sequence).ShouldBe(Enumerable.Range(1, box.Verdicts().Count).Select(n => (long)n));
    }

    [Fact]
    public async Task Every_start_is_Stopped_and_every_message_says_that_it_is_simulated()
    {
        using var box = new StationBox();
        box.SimulateAt(20);
        await using var station = StationProcess.Start(box.Run());
        await station.ReadyAsync();
        await Eventually.Holds(() => box.Verdicts().Count >= 5, TimeSpan.FromSeconds(30));
        (await station.EndAsync()).ShouldBe(0);
        box.Verdicts().ShouldAllBe(v => StationBox.Member(v, "interlock").GetString() == nameof(InterlockState.Stopped));
        box.Verdicts().ShouldAllBe(v => StationBox.Member(v, "simulated").GetBoolean());
    }
}
