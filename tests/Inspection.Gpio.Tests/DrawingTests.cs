using System.Diagnostics;

namespace Inspection.Gpio.Tests;

public class DrawingTests
{
    private static string Folder => Repository.File("hardware/drawings");

    [Fact]
    public void The_drawings_are_those_that_their_sources_give()
    {
        var made = Directory.CreateTempSubdirectory("inspection-drawings-");
        try
        {
            var start = new ProcessStartInfo("bash", [Path.Combine(Folder, "draw.sh"), made.FullName]) { RedirectStandardError = true };
            using var draw = Process.Start(start)!;
            draw.StandardError.ReadToEnd().ShouldBeEmpty();
            draw.WaitForExit();
            draw.ExitCode.ShouldBe(0);
            var names = made.GetFiles().Select(file => file.Name).Order().ToList();
            names.ShouldBe(Directory.GetFiles(Folder, "*.svg").Select(Path.GetFileName).Order());
            foreach (var name in names)
                File.ReadAllText(Path.Combine(made.FullName, name)).ShouldBe(File.ReadAllText(Path.Combine(Folder, name)), $"{name}: bash hardware/drawings/draw.sh makes it anew");
        }
        finally
        {
            made.Delete(recursive: true);
        }
    }

    [Fact]
    public void The_drawing_of_the_industrial_PC_has_every_line_of_its_map()
    {
        PinMap.Read(Repository.File("hardware/pin-maps/x86-idio-24.json"), out var map).ShouldBeEmpty();
        var drawing = File.ReadAllText(Path.Combine(Folder, "wiring-x86.svg"));
        foreach (var pin in map!.Pins) drawing.ShouldContain($"line {pin.Line} {pin.Name}<");
    }

    [Fact]
    public void Each_input_in_that_drawing_hangs_on_a_contact_of_its_kind()
    {
        PinMap.Read(Repository.File("hardware/pin-maps/x86-idio-24.json"), out var map).ShouldBeEmpty();
        var drawn = File.ReadAllLines(Path.Combine(Folder, "wiring-x86.draw"));
        foreach (var pin in map!.Pins.Where(pin => pin.IsInput))
        {
            var at = Array.FindIndex(drawn, line => line.EndsWith($"line {pin.Line} {pin.Name}", StringComparison.Ordinal));
            // The pin stands before its text; the contact is at the same height.
            var height = drawn[at - 1].Split(' ')[2];
            drawn.ShouldContain($"{(pin.Contact == Contact.NormallyClosed ? "nc" : "no")}-h 44 {height}", customMessage: pin.Name);
        }
    }

    [Fact]
    public void Every_part_of_the_netlist_is_in_the_drawing_and_in_the_list_of_parts()
    {
        // K1 and S1 are beside the board; the rest of the netlist's names stand for properties of parts.
        string[] parts = [.. Circuit.Fault.All().Select(fault => fault.Part).Distinct()];
        parts.Length.ShouldBeGreaterThan(25);
        var drawing = File.ReadAllText(Path.Combine(Folder, "watchdog.svg"));
        var list = File.ReadAllText(Repository.File("hardware/circuit/parts.md"));
        foreach (var part in parts)
        {
            drawing.ShouldContain($">{part}", customMessage: part);
            list.ShouldContain(part, customMessage: part);
        }
    }
}
