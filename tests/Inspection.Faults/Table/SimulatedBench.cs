using System.Diagnostics;
using Inspection.Gpio;

namespace Inspection.Faults;

/// <summary>
/// The station on its simulated chip, on any machine. What hardware would do is done to the simulated chip by order;
/// the outputs are read from a file that both processes map.
/// </summary>
internal sealed class SimulatedBench : Bench
{
    /// <summary>Longer than the default of 100 ms, because the machine may be busy with other things.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromMilliseconds(300);

    private readonly SharedLines _lines;
    private readonly Thread _reading;
    private volatile bool _ended;

    private SimulatedBench()
        : base(Directory.CreateTempSubdirectory("inspection-faults-").FullName, Deadline)
    {
        Write(GpioOptions.SimulatedChip);
        var shared = Path.Combine(Root, "lines");
        _lines = new SharedLines(shared);
        _reading = new Thread(Read) { IsBackground = true, Name = "lines" };
        _reading.Start();
        // A limit on the size of files stands for a full disk; without the trap its signal would end the process. As on a
        // station's own PC it goes before other programs, where this user may say so.
        Station = new StationChild(new Child(
            "/bin/bash", ["-c", "trap '' XFSZ; exec nice -n -15 \"$0\" \"$@\"", Program, "station", Data, Model, shared], Limits), TimeSpan.FromSeconds(3));
    }

    /// <summary>A station whose line runs; tried a few times, because a busy machine may warm its model up too slowly.</summary>
    public static SimulatedBench Start()
    {
        for (var tries = 1; ; tries++)
        {
            var bench = new SimulatedBench();
            try
            {
                bench.Station.Ready(TimeSpan.FromSeconds(60));
                bench.RunSteadily(TimeSpan.FromSeconds(60));
                return bench;
            }
            catch (InvalidOperationException)
            {
                bench.Dispose();
                if (tries == 3) throw;
            }
        }
    }

    /// <inheritdoc />
    public override long Press(string input, bool pressed) => Station.Do($"chip {(pressed ? "press" : "release")} {input}");

    /// <inheritdoc />
    public override long Cut(string input) => Station.Do($"chip cut {input}");

    /// <inheritdoc />
    public override long Stick(string output, bool? high) => Station.Do($"chip stick {output} {(high is { } level ? level ? "high" : "low" : "free")}");

    /// <inheritdoc />
    public override void ChipGone(bool gone) => Station.Do($"chip gone {(gone ? "true" : "false")}");

    /// <inheritdoc />
    public override long Mirror(bool? pulledIn)
        => Station.Do($"chip spoil {(pulledIn is { } reads ? reads ? RelayDefect.Welded : RelayDefect.Open : RelayDefect.None)}");

    /// <inheritdoc />
    public override long FillLedgerDisk(bool full)
    {
        var now = Nanoseconds.Now;
        using var limit = Process.Start("prlimit", ["--pid", $"{Station.Id}", $"--fsize={(full ? "1" : "unlimited")}:unlimited"]);
        limit.WaitForExit();
        if (limit.ExitCode != 0) throw new InvalidOperationException("prlimit could not limit the station's files");
        return now;
    }

    /// <inheritdoc />
    public override void HangLedgerDisk(bool hung) => Station.Do(hung ? "make ledger-hung" : "heal ledger-hung");

    /// <summary>A file stands where the folder was, so that no picture can be written.</summary>
    public override void FillPictureDisk(bool full)
    {
        var (folder, aside) = (Path.Combine(Data, "pictures"), Path.Combine(Root, "pictures"));
        if (full)
        {
            Directory.Move(folder, aside);
            File.WriteAllText(folder, "");
            return;
        }
        File.Delete(folder);
        Directory.Move(aside, folder);
    }

    /// <inheritdoc />
    public override void StepClock(TimeSpan by) => Station.Do(by > TimeSpan.Zero ? "make clock-forward" : "make clock-back");

    public override void Dispose()
    {
        base.Dispose();
        _ended = true;
        _reading.Join();
        _lines.Dispose();
        Directory.Delete(Root, true);
    }

    private void Read()
    {
        while (!_ended)
        {
            foreach (var change in _lines.Read()) Relay.Add(change);
            Wait.Past(TimeSpan.FromMilliseconds(1));
        }
    }
}
