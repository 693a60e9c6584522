using System.Diagnostics;
using System.Globalization;
using Inspection.Core;

namespace Inspection.Store.Tests;

public sealed class KillTests
{
    [Fact]
    [Trait("Long", "ledger")]
    public async Task Nothing_that_was_durable_is_missing_after_kill_minus_nine_and_the_sequence_goes_on()
    {
        await using var box = new Box();
        var told = new Dictionary<(string LedgerId, long Sequence), string>();
        var kills = DamageTests.Long ? 50 : 4;
        for (var kill = 0; kill < kills; kill++) await RunAndKillAsync(box.Root, lines: 300 + 217 * kill % 1000, told);

        told.Count.ShouldBeGreaterThan(kills * 300);
        box.Open();
        await box.AppendAsync(1);
        var stored = new Dictionary<(string, long), string>();
        foreach (var message in box.All().Where(m => m.Kind == EntryKind.Inspection))
        {
            var body = Box.Json(message);
            stored.Add((body.GetProperty("ledgerId").GetString()!, body.GetProperty("sequence").GetInt64()), body.GetProperty("note").GetString()!);
        }
        foreach (var (number, note) in told) stored[number].ShouldBe(note);
        box.All().Select(m => m.At.Position).ShouldBe(Enumerable.Range(1, box.All().Count).Select(i => (long)i));
        box.Gaps().ShouldBe(Enumerable.Repeat("power-lost", kills));
        box.Archive.Verify().FirstBad.ShouldBeNull();
    }

    private static async Task RunAndKillAsync(string root, int lines, Dictionary<(string, long), string> told)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        // Run by the dotnet host or as its own program: the child is begun in the same way.
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet") start.ArgumentList.Add(typeof(KillTests).Assembly.Location);
        start.ArgumentList.Add(Program.Child);
        start.ArgumentList.Add(root);
        using var child = Process.Start(start)!;
        for (var read = 0; read < lines; read++)
        {
            var parts = (await child.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30)))!.Split(' ');
            told[(parts[0], long.Parse(parts[1], CultureInfo.InvariantCulture))] = parts[2];
        }
        child.Kill();
        await child.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        child.ExitCode.ShouldBe(137);
    }
}
