using System.Device.Gpio;
using Inspection.Gpio;

namespace Inspection.Samples;

/// <summary>Works each device once, with the pins of the README.</summary>
public static class DeviceSample
{
    /// <summary>Pulls the relay in for a second, says what its contact does, and lets one part through.</summary>
    /// <param name="controller">The controller that all devices share; its owner disposes it.</param>
    /// <param name="output">What is told.</param>
    /// <param name="time">The clock of the beats.</param>
    public static async Task RunAsync(GpioController controller, TextWriter output, TimeProvider time)
    {
        using var relay = new WatchdogRelay(enablePin: 17, heartbeatPin: 27, controller: controller, shouldDispose: false);
        using var contact = new FeedbackContact(pin: 19, controller: controller, shouldDispose: false);
        using var key = new DualChannelKeySwitch(closingPin: 13, openingPin: 26, controller: controller, shouldDispose: false);
        using var light = new StackLight(yellowPin: 20, bluePin: 21, buzzerPin: 12, controller: controller, shouldDispose: false);
        using var gate = new DivertGate(pin: 23, controller: controller, shouldDispose: false);

        light.Show(yellow: key.Read().IsTurned, blue: false, buzzer: false);
        relay.Energize();
        using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(10), time);
        for (var i = 0; i < 100 && await beat.WaitForNextTickAsync(); i++) relay.Beat();
        await output.WriteLineAsync(contact.IsPulledIn() ? "The relay has pulled in." : "The relay has not pulled in.");

        gate.LetThrough();
        await beat.WaitForNextTickAsync();
        gate.Divert();
        relay.DeEnergize();
    }
}
