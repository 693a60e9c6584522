using System.Text.Json.Nodes;
using Inspection.Core;

namespace Inspection.Gpio.Tests;

public sealed class GpioRelayTests : IDisposable
{
    private static readonly string[] Outputs = [LineNames.RelayEnable, LineNames.Heartbeat, LineNames.Pass];

    private readonly List<GpioLines> _opened = [];

    public void Dispose() => _opened.ForEach(lines => lines.Dispose());

    /// <summary>Lines whose outputs all have this polarity.</summary>
    private GpioLines Open(string polarity = "high")
    {
        var json = JsonNode.Parse(File.ReadAllText(Repository.File("hardware/pin-map.json")))!;
        foreach (var line in json["lines"]!.AsArray().Where(line => (string?)line!["direction"] == "output")) line!["polarity"] = polarity;
        PinMapReader.Read(System.Text.Encoding.UTF8.GetBytes(json.ToJsonString()), "test", out var map).ShouldBeEmpty();
        _opened.Add(GpioLines.Open(() => new SimulatedChip(map!, TimeProvider.System), map!).Value!);
        return _opened[^1];
    }

    [Theory]
    [InlineData("high", true)]
    [InlineData("low", false)]
    public void Outputs_have_the_polarity_of_the_map_from_the_moment_they_are_opened(string polarity, bool activeLevel)
    {
        var lines = Open(polarity);
        var chip = lines.Simulation!;
        foreach (var name in Outputs) chip.Level(name).ShouldBe(!activeLevel, name);

        lines.Relay.Energize();
        lines.Relay.SetPass(true);
        lines.Relay.Beat();
        foreach (var name in Outputs) chip.Level(name).ShouldBe(activeLevel, name);

        lines.Relay.DeEnergize();
        foreach (var name in Outputs) chip.Level(name).ShouldBe(!activeLevel, name);
    }

    [Fact]
    public void Each_beat_is_one_edge()
    {
        var lines = Open();
        var levels = new List<bool>();
        for (var i = 0; i < 4; i++)
        {
            lines.Relay.Beat();
            levels.Add(lines.Simulation!.Level(LineNames.Heartbeat));
        }
        levels.ShouldBe([true, false, true, false]);
    }

    [Theory]
    [InlineData(LineNames.RelayEnable)]
    [InlineData(LineNames.Heartbeat)]
    [InlineData(LineNames.Pass)]
    public void De_energising_clears_the_other_outputs_when_one_refuses(string broken)
    {
        var lines = Open();
        var chip = lines.Simulation!;
        lines.Relay.Energize();
        lines.Relay.SetPass(true);
        lines.Relay.Beat();
        chip.Break(broken, true);

        Should.Throw<IOException>(lines.Relay.DeEnergize).Message.ShouldContain("told to fail");

        foreach (var name in Outputs) chip.Level(name).ShouldBe(name == broken, name);
    }

    [Theory]
    [InlineData(LineNames.RelayEnable)]
    [InlineData(LineNames.Heartbeat)]
    [InlineData(LineNames.Pass)]
    public void An_output_that_does_not_follow_is_found_at_the_next_write_and_the_others_are_cleared(string name)
    {
        var lines = Open();
        var chip = lines.Simulation!;
        lines.Relay.Energize();
        lines.Relay.SetPass(true);
        lines.Relay.Beat();
        chip.Stick(name, true);
        Should.Throw<OutputReadbackException>(lines.Relay.DeEnergize).Message.ShouldEndWith($"({name}) was written low and reads high");
        foreach (var other in Outputs) chip.Level(other).ShouldBe(other == name, other);
        chip.Stick(name, false);
        Should.NotThrow(lines.Relay.DeEnergize);
        Should.Throw<OutputReadbackException>(() =>
        {
            lines.Relay.Energize();
            lines.Relay.SetPass(true);
            lines.Relay.Beat();
        });
    }

    [Fact]
    public void A_refused_write_is_an_IOException_at_every_output()
    {
        var lines = Open();
        lines.Simulation!.Break(true);
        Should.Throw<IOException>(lines.Relay.Energize);
        Should.Throw<IOException>(lines.Relay.Beat);
        Should.Throw<IOException>(() => lines.Relay.SetPass(true));
        Should.Throw<IOException>(lines.Relay.DeEnergize);
    }

    [Fact]
    public void Writing_allocates_nothing()
    {
        var relay = Open().Relay;
        void WriteAll()
        {
            relay.Energize();
            relay.Beat();
            relay.SetPass(true);
            relay.SetPass(false);
            relay.DeEnergize();
        }
        WriteAll();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) WriteAll();
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }
}
