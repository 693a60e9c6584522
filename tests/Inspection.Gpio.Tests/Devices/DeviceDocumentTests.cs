using System.Device.Gpio;
using Inspection.Samples;
using Microsoft.Extensions.Time.Testing;

namespace Inspection.Gpio.Tests;

public sealed class DeviceDocumentTests
{
    private static readonly Type[] Devices = [typeof(WatchdogRelay), typeof(FeedbackContact), typeof(DualChannelKeySwitch), typeof(StackLight), typeof(DivertGate)];

    private static string Readme => File.ReadAllText(Repository.File("src/Inspection.Gpio/Devices/README.md"));

    [Fact]
    public void The_wiring_tables_name_every_parameter_of_every_device_and_no_other()
    {
        foreach (var device in Devices)
        {
            var section = Readme.Split("\n## ").Single(section => section.StartsWith(device.Name + "\n", StringComparison.Ordinal));
            var rows = section.Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Select(line => line.Split('|')[4]);
            var named = rows.SelectMany(cell => cell.Split('`').Where((_, at) => at % 2 == 1));
            device.GetConstructors().ShouldHaveSingleItem().GetParameters().Select(parameter => parameter.Name!).Except(["controller", "shouldDispose"])
                .ShouldBe(named, ignoreOrder: true, customMessage: device.Name);
        }
    }

    [Fact]
    public void Every_device_takes_a_controller_or_makes_its_own_and_disposes_it_unless_told_otherwise()
    {
        foreach (var device in Devices)
        {
            typeof(IDisposable).IsAssignableFrom(device).ShouldBeTrue(device.Name);
            var last = device.GetConstructors().ShouldHaveSingleItem().GetParameters()[^2..];
            (last[0].Name, last[0].ParameterType, last[0].DefaultValue).ShouldBe(("controller", typeof(GpioController), null));
            (last[1].Name, last[1].DefaultValue).ShouldBe(("shouldDispose", true));
        }
    }

    [Fact]
    public async Task The_sample_works_each_device_and_leaves_all_at_rest()
    {
        var driver = new RecordingDriver();
        using var controller = new GpioController(driver);
        driver[19] = PinValue.Low;
        driver[13] = PinValue.High;
        var time = new FakeTimeProvider();
        using var output = new StringWriter();
        var sample = DeviceSample.RunAsync(controller, output, time);
        while (!sample.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(10));
            await Task.Yield();
        }
        await sample;
        output.ToString().Trim().ShouldBe("The relay has pulled in.");
        driver.Asked.Count(asked => asked is "27 High").ShouldBe(50);
        driver.Asked.ShouldContain("20 High");
        driver.Asked.ShouldContain("23 High");
        foreach (var pin in (int[])[17, 27, 20, 21, 12, 23])
        {
            driver[pin].ShouldBe(PinValue.Low);
            driver.Asked.ShouldContain($"{pin} closed");
        }
    }
}
