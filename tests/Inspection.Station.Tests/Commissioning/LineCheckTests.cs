using System.Collections.Concurrent;
using Inspection.Gpio;
using Inspection.Station.Commissioning;
using Inspection.Testing;
using Microsoft.Extensions.Time.Testing;

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
        var ended = await Ends(check);
        (ended.Outcome, ended.Message).ShouldBe((CheckOutcome.NotDone, "somebody is in the machine"));
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
        Chip.Spoil(RelayDefect.Open);
        (await Ends(check)).Message.ShouldBe("K1 opened although it was beaten");
        AllAtRest();
    }

    [Theory]
    [InlineData(LineNames.EStop, "is pressed or its wire is cut")]
    [InlineData(LineNames.StopSwitch, "is pressed or its wire is cut")]
    [InlineData(LineNames.EStop, "cannot be read: ")]
    [InlineData(LineNames.StopSwitch, "cannot be read: ")]
    public async Task A_switch_that_is_pressed_or_cannot_be_read_while_the_relay_is_held_opens_it_and_says_why(string name, string told)
    {
        _keyboard.Type("SAFE");
        var check = new RelayCheck(_lines, _person, TimeProvider.System).RunAsync();
        await Asked("K1 is held closed");
        if (told.StartsWith("is", StringComparison.Ordinal)) Chip.SetInput(name, true);
        else Chip.Break(name, true);
        var ended = await Ends(check);
        ended.Outcome.ShouldBe(CheckOutcome.Fail);
        ended.Message.ShouldStartWith($"{name} {told}");
        AllAtRest();
    }

    [Theory]
    [InlineData(LineNames.EStop)]
    [InlineData(LineNames.StopSwitch)]
    public async Task A_switch_that_was_pressed_before_lets_the_relay_close_at_no_time(string name)
    {
        var waits = 0;
        var (ended, _) = await LeapAsync(_ => TimeSpan.FromTicks(++waits), chip => chip.CutWire(name));
        (ended.Outcome, ended.Message, waits).ShouldBe((CheckOutcome.Fail, $"{name} is pressed or its wire is cut", 0));
    }

    [Fact]
    public async Task A_relay_is_held_closed_for_two_minutes_at_most_where_nobody_types()
    {
        var (ended, held) = await LeapAsync(static _ => TimeSpan.Zero);
        (ended.Outcome, ended.Message).ShouldBe((CheckOutcome.Fail, "nothing was typed for 2 minutes while K1 was held closed"));
        held.ShouldBeInRange(TimeSpan.FromSeconds(118), TimeSpan.FromSeconds(120));
    }

    [Fact]
    public async Task A_contact_that_opens_in_the_pause_that_crosses_its_limit_was_too_late()
    {
        var (ended, _) = await LeapAsync(static chip => chip.IsOutputActive(LineNames.RelayEnable) ? TimeSpan.Zero : TimeSpan.FromMilliseconds(60));
        (ended.Outcome, ended.Message).ShouldBe((CheckOutcome.Fail, "K1 did not open when relay-enable fell within 50 ms"));
    }

    [Theory]
    [InlineData("n")]
    [InlineData("n ")]
    [InlineData("f")]
    [InlineData("fail ")]
    public async Task A_check_neither_fails_nor_is_left_out_without_a_word_why(string typed)
    {
        var asked = _person.ConfirmAsync("As expected?");
        _keyboard.Type(typed);
        await Asked("n REASON: not done.");
        asked.IsCompleted.ShouldBeFalse();
        _keyboard.Type("n no meter");
        (await Should.ThrowAsync<CheckEndedException>(asked)).Message.ShouldBe("no meter");
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

    /// <summary>The relay's check where every wait is over at once, and nobody types after SAFE.</summary>
    /// <param name="late">How much longer than asked a wait lasts.</param>
    /// <param name="before">Done to the chip first.</param>
    /// <returns>How it ended, and how long after the question of what is measured.</returns>
    private static async Task<(CheckEndedException Ended, TimeSpan Held)> LeapAsync(Func<SimulatedChip, TimeSpan> late, Action<SimulatedChip>? before = null)
    {
        var time = new LeapingTime();
        using var lines = GpioLines.Open(new GpioOptions(), time).Value!;
        using var keyboard = new Keyboard();
        var asked = 0L;
        var person = new Asking(keyboard, line => asked = line.Contains("K1 is held closed", StringComparison.Ordinal) ? time.GetTimestamp() : asked, time, CancellationToken.None);
        before?.Invoke(lines.Simulation!);
        time.Late = () => late(lines.Simulation!);
        keyboard.Type("SAFE");
        var ended = await Ends(new RelayCheck(lines, person, time).RunAsync());
        foreach (var output in lines.Map.Pins.Where(pin => !pin.IsInput)) lines.Simulation!.IsOutputActive(output.Name).ShouldBeFalse(output.Name);
        return (ended, time.GetElapsedTime(asked));
    }

    /// <summary>A clock on which every wait is over at once.</summary>
    private sealed class LeapingTime : FakeTimeProvider
    {
        public Func<TimeSpan> Late { get; set; } = static () => TimeSpan.Zero;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            Advance(dueTime + Late());
            return timer;
        }
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
