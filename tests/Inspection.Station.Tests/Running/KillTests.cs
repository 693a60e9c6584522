using Inspection.Testing;

namespace Inspection.Station.Tests.Running;

public sealed class KillTests
{
    [Fact]
    public async Task After_each_kill_nothing_durable_is_missing_none_has_another_content_and_the_sequence_goes_on()
    {
        using var box = new StationBox();
        box.SimulateAt(40);
        var first = StationProcess.Start(box.Run());
        await first.ReadyAsync();
        await using var subscriber = new MosquittoSub(box.Mqtt, "mes");
        var seen = 0;
        for (var kill = 0; kill < 5; kill++)
        {
            var wanted = seen + 30;
            await Eventually.Holds(() => subscriber.Lines.Count >= wanted, TimeSpan.FromSeconds(60));
            first.Signal(StationProcess.Kill);
            await first.ExitAsync();
            await first.DisposeAsync();
            seen = subscriber.Lines.Count;
            first = StationProcess.Start(box.Run());
            await first.ReadyAsync();
        }
        await Eventually.Holds(() => subscriber.Lines.Count >= seen + 30, TimeSpan.FromSeconds(60));
        (await first.EndAsync()).ShouldBe(0, first.Said);
        await first.DisposeAsync();

        box.Verify().FirstBad.ShouldBeNull();
        var ledger = box.Verdicts();
        ledger.Select(v => StationBox.Member(v, "ledgerId").GetGuid()).Distinct().Count().ShouldBe(1);
        ledger.Select(StationBox.Sequence).ShouldBe(Enumerable.Range(1, ledger.Count).Select(n => (long)n));
        // The station's end waits for the acknowledgement, not for the client to have printed the line.
        await Eventually.Holds(() => subscriber.Lines.Distinct().Count() >= ledger.Count, TimeSpan.FromSeconds(20));
        // Some may have been told twice, with the same bytes; the set is the ledger's.
        subscriber.Lines.Distinct().OrderBy(StationBox.Sequence).ShouldBe(ledger);
    }
}
