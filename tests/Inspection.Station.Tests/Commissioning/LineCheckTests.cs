using System.Collections.Concurrent;
using Inspection.Gpio;
using Inspection.Station.Commissioning;
using Inspection.Testing;

namespace Inspection.Station.Tests.Commissioning;

/// <summary>The checks in which the command itself reads and drives the lines, on the simulated chip.</summary>
public sealed class LineCheckTests : IDisposable
{
    private readonly GpioLines _lines = GpioLines.Open(new GpioOptions(), TimeProvider.System).Value!;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _said = new();
    private readonly Keyboard _keyboard = new();
    private readonly Asking _person;

    public LineCheckTests() => _person = new Asking(_keyboard, _said.Enqueue, TimeProvider.System, _stop.Token);

    public void Dispose()
    {
        _keyboard.Dispose();
        _lines.Dispose();
        _stop.Dispose();
    }

    private SimulatedChip Chip => _lines.Simulation!;

    private Task Asked(string what) => Eventually.Holds(() => _said.Any(line => line.Contains(what, StringComparison.Ordinal)), TimeSpan.FromSeconds(60));

    private void AllAtRest()
    {
        foreach (var output in _lines.Map.Pins.Where(pin => !pin.IsInput)) Chip.Level(output.Name).ShouldBe(output.LevelOf(false), output.Name);
    }

    private static async Task<CheckEndedException> Ends(Task<string> check) => await Should.ThrowAsync<CheckEndedException>(check);

    [Fact]
    public async Task Two_inputs_that_change_together_fail()
    {
        var check = new InputsCheck(_lines, _person).RunAsync();
        await Asked("e-stop (line 5");
        Chip.SetInput(LineNames.BinFull, true);
        Chip.SetInput(LineNames.EStop, true);
        var ended = await Ends(check);
        ended.Outcome.ShouldBe(CheckOutcome.Fail);
        ended.Message.ShouldBe("bin-full changed when e-stop was worked");
    }

    [Fact]
    public async Task An_input_that_is_not_at_rest_is_named_and_the_check_waits_for_it()
    {
        Chip.CutWire(LineNames.StopSwitch);
        var check = new InputsCheck(_lines, _person).RunAsync();
        await Asked("All contacts at rest");
        _keyboard.Type("");
        await Asked("At work: stop-switch.");
        _keyboard.Type("f wire cut");
        (await Ends(check)).Message.ShouldBe("wire cut");
    }

    [Theory]
    [InlineData(RelayDefect.Welded, "K1 is not open with both outputs at rest within 400 ms")]
    [InlineData(RelayDefect.Open, "K1 did not close within 500 ms")]
    public async Task A_relay_that_is_broken_fails_and_the_outputs_are_at_rest(RelayDefect defect, string told)
    {
        Chip.Spoil(defect);
        _keyboard.Type("SAFE");
        var ended = await Ends(new RelayCheck(_lines, _person, TimeProvider.System).RunAsync());
        (ended.Outcome, ended.Message).ShouldBe((CheckOutcome.Fail, told));
        AllAtRest();
    }

    [Fact]
    public async Task Nothing_closes_before_somebody_says_that_it_is_safe()
    {
        var check = new RelayCheck(_lines, _person, TimeProvider.System).RunAsync();
        foreach (var typed in new[] { "", "p", "safe", "yes" }) _keyboard.Type(typed);
        await Eventually.Holds(() => _said.Count(line => line.Contains("in capitals", StringComparison.Ordinal)) == 4);
        Chip.RelayClosed.ShouldBeFalse();
        AllAtRest();
        _keyboard.Type("n somebody is in the machine");
        (await Ends(check)).Outcome.ShouldBe(CheckOutcome.NotDone);
    }

    [Fact]
    public async Task A_signal_while_the_relay_is_held_closed_opens_it()
    {
        _keyboard.Type("SAFE");
        var check = new RelayCheck(_lines, _person, TimeProvider.System).RunAsync();
        await Asked("K1 is held closed");
        Chip.RelayClosed.ShouldBeTrue();
        await _stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(check);
        AllAtRest();
    }

    [Fact]
    public async Task A_relay_that_opens_while_it_is_held_fails()
    {
        _keyboard.Type("SAFE");
        var check = new RelayCheck(_lines, _person, TimeProvider.System).RunAsync();
        await Asked("K1 is held closed");
        Chip.SetInput(LineNames.StopSwitch, true);
        (await Ends(check)).Message.ShouldBe("K1 opened although it was beaten");
        AllAtRest();
    }

    [Fact]
    public async Task An_output_that_does_not_follow_fails_and_names_itself()
    {
        Chip.Stick(LineNames.Heartbeat, high: false);
        _keyboard.Type("SAFE");
        _keyboard.Type("p");
        var ended = await Ends(new OutputsCheck(_lines, _person, TimeProvider.System).RunAsync());
        ended.Message.ShouldContain("(heartbeat) was written high and reads low");
        AllAtRest();
    }

    [Fact]
    public async Task A_relay_that_closes_at_lines_that_stand_still_fails()
    {
        _keyboard.Type("SAFE");
        Chip.Spoil(RelayDefect.Welded);
        (await Ends(new OutputsCheck(_lines, _person, TimeProvider.System).RunAsync())).Message.ShouldBe("K1 closed although nothing beat");
        AllAtRest();
    }

    /// <summary>A keyboard at which a test types.</summary>
    private sealed class Keyboard : TextReader
    {
        private readonly BlockingCollection<string> _lines = [];

        public void Type(string line) => _lines.Add(line);

        public override string? ReadLine() => _lines.TryTake(out var line, Timeout.Infinite) ? line : null;

        protected override void Dispose(bool disposing)
        {
            _lines.CompleteAdding();
            base.Dispose(disposing);
        }
    }
}
