using System.Device.Gpio;
using Inspection.Core;

namespace Inspection.Gpio.Tests;

/// <summary>The device bindings on a driver of no chip, as any controller gives them.</summary>
public sealed class DeviceTests : IDisposable
{
    private const int Enable = 17, Heartbeat = 27;

    private readonly RecordingDriver _driver = new();
    private readonly GpioController _controller;

    public DeviceTests() => _controller = new GpioController(_driver);

    public void Dispose() => _controller.Dispose();

    [Theory]
    [InlineData(true, "Low", "High")]
    [InlineData(false, "High", "Low")]
    public void A_relay_rests_from_the_moment_it_is_opened_and_has_its_polarity(bool activeHigh, string rest, string active)
    {
        using var relay = new WatchdogRelay(Enable, Heartbeat, activeHigh, activeHigh, _controller, shouldDispose: false);
        _driver.Asked.ShouldBe([$"17 Output {rest}", $"27 Output {rest}"]);
        _driver.Asked.Clear();
        relay.Energize();
        relay.Beat();
        relay.Beat();
        relay.Beat();
        relay.DeEnergize();
        _driver.Asked.ShouldBe([$"17 {active}", $"27 {active}", $"27 {rest}", $"27 {active}", $"17 {rest}", $"27 {rest}"]);
    }

    [Fact]
    public void A_relay_that_is_disposed_is_at_rest_and_its_lines_are_released()
    {
        var relay = new WatchdogRelay(Enable, Heartbeat, controller: _controller, shouldDispose: false);
        relay.Energize();
        relay.Beat();
        _driver.Asked.Clear();
        relay.Dispose();
        relay.Dispose();
        _driver.Asked.ShouldBe(["17 Low", "17 closed", "27 Low", "27 closed"]);
        _driver.Disposed.ShouldBeFalse();
    }

    [Fact]
    public void One_line_of_a_relay_is_cleared_when_the_other_refuses_also_at_the_end()
    {
        var relay = new WatchdogRelay(Enable, Heartbeat, controller: _controller, shouldDispose: false);
        relay.Energize();
        relay.Beat();
        _driver.Broken.Add(Enable);
        Should.Throw<IOException>(relay.DeEnergize).Message.ShouldBe("refused");
        _driver[Heartbeat].ShouldBe(PinValue.Low);
        relay.Dispose();
        _driver.Asked[^3..].ShouldBe(["17 closed", "27 Low", "27 closed"]);
    }

    [Fact]
    public void An_output_that_does_not_follow_is_told_by_line_and_name()
    {
        using var relay = new WatchdogRelay(Enable, Heartbeat, controller: _controller, shouldDispose: false);
        _driver.Stuck.Add(Enable);
        Should.Throw<OutputReadbackException>(relay.Energize).Message.ShouldBe("line 17 (relay-enable) was written high and reads low");
    }

    [Fact]
    public void A_device_disposes_its_controller_only_when_it_was_given_it_for_good()
    {
        new DivertGate(5, controller: _controller, shouldDispose: false).Dispose();
        _driver.Disposed.ShouldBeFalse();
        new DivertGate(5, controller: _controller).Dispose();
        _driver.Disposed.ShouldBeTrue();
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void A_feedback_contact_is_read_by_its_polarity(bool pulledInHigh, bool pulledInAtLow)
    {
        using var contact = new FeedbackContact(19, pulledInHigh, PinMode.InputPullUp, _controller, shouldDispose: false);
        _driver.Asked.ShouldBe(["19 InputPullUp"]);
        _driver[19] = PinValue.Low;
        contact.IsPulledIn().ShouldBe(pulledInAtLow);
        _driver[19] = PinValue.High;
        contact.IsPulledIn().ShouldBe(!pulledInAtLow);
    }

    [Theory]
    [InlineData(false, true, false, false)]
    [InlineData(true, true, true, false)]
    [InlineData(false, false, false, true)]
    [InlineData(true, false, true, true)]
    public void A_key_is_turned_only_when_both_contacts_say_so(bool closingHigh, bool openingHigh, bool closing, bool opening)
    {
        using var key = new DualChannelKeySwitch(13, 26, controller: _controller, shouldDispose: false);
        (_driver[13], _driver[26]) = (closingHigh, openingHigh);
        key.Read().ShouldBe(new KeyReading(closing, opening));
        key.Read().IsTurned.ShouldBe(closing && opening);
    }

    [Fact]
    public void A_stack_light_shows_what_is_wanted_and_is_dark_in_the_end()
    {
        var light = new StackLight(1, 2, 3, buzzerActiveHigh: false, controller: _controller, shouldDispose: false);
        (_driver[1], _driver[2], _driver[3]).ShouldBe((PinValue.Low, PinValue.Low, PinValue.High));
        light.Show(yellow: true, blue: false, buzzer: true);
        (_driver[1], _driver[2], _driver[3]).ShouldBe((PinValue.High, PinValue.Low, PinValue.Low));
        _driver.Broken.Add(1);
        Should.Throw<IOException>(() => light.Show(false, true, false));
        (_driver[2], _driver[3]).ShouldBe((PinValue.High, PinValue.High));
        light.Dispose();
        (_driver[2], _driver[3]).ShouldBe((PinValue.Low, PinValue.High));
    }

    [Fact]
    public void A_stack_light_without_a_lamp_opens_no_line_for_it()
    {
        using var light = new StackLight(bluePin: 2, controller: _controller, shouldDispose: false);
        light.Show(true, true, true);
        _driver.Asked.ShouldBe(["2 Output Low", "2 High"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_gate_diverts_before_and_after_it_is_told_anything(bool letThroughHigh)
    {
        PinValue through = letThroughHigh, divert = !letThroughHigh;
        var gate = new DivertGate(5, letThroughHigh, _controller, shouldDispose: false);
        _driver[5].ShouldBe(divert);
        gate.LetThrough();
        _driver[5].ShouldBe(through);
        gate.Divert();
        _driver[5].ShouldBe(divert);
        gate.LetThrough();
        gate.Dispose();
        _driver[5].ShouldBe(divert);
    }
}
