using System.Text.Json.Nodes;
using Inspection.Core;
using Inspection.Gpio;

namespace Inspection.Faults;

/// <summary>All faults: what is demanded of each, how it is made, from when it counts.</summary>
internal static class FaultTable
{
    // The limits of the product that evidence must first outlive.
    private static readonly TimeSpan LedgerLate = LedgerHealth.MaxPending;
    private static readonly TimeSpan KeyDiscrepancy = new InterlockOptions().KeyDiscrepancy;

    /// <summary>The rows in the order of the table.</summary>
    public static IReadOnlyList<Fault> All { get; } =
    [
        Open("killed", "SIGKILL to the station", b => Signal(b, StationChild.Kill)) with { Heal = null },
        Open("stopped", "SIGSTOP to the station; continued afterwards", b => Signal(b, StationChild.Stop)) with { Causes = [TripCause.CameraLost, TripCause.HeartbeatMissed], Heal = b => b.Station.Signal(StationChild.Continue), RefusesReset = false },
        Inside("abort", "the station's process calls abort()") with { Heal = null },
        Inside("exception-source", "each call of the frame source throws") with { Causes = [TripCause.CameraLost] },
        Window(Inside("exception-detector", "the detector throws at each part")),
        Stale(Inside("exception-loop", "the inspection loop throws once after a part and ends") with { Causes = [TripCause.HeartbeatMissed], Heal = null }),
        Thrown("exception-heartbeat", "the thread that beats throws"),
        Thrown("exception-inputs", "the thread that reads the inputs throws"),
        Thrown("exception-ledger", "the ledger's writer thread throws"),
        Thrown("exception-pool", "a thread of the pool throws"),
        Stale(Inside("infinite-loop", "the detector never returns") with { Causes = [TripCause.HeartbeatMissed] }),
        Stale(Inside("deadlock", "two threads wait for each other, one with the interlock's lock") with { Heal = null, LookAfter = TimeSpan.FromSeconds(4) }),
        Open("pause", "all threads of the process stand still for 2 s", Pause) with { Causes = [TripCause.CameraLost, TripCause.HeartbeatMissed], Heal = static _ => { }, RefusesReset = false },
        Inside("memory", "a thread takes all memory that the process may have and keeps it") with
        {
            Heal = null, CountsFrom = "the first refused allocation", Counts = static (b, made, _) => b.Station.Noted(Defects.Exhausted) ?? made,
        },
        Stale(Inside("pool", "every thread of the pool is blocked for good") with { Causes = [TripCause.ProgramStalled] }),
        Inside("camera-end", "the camera says that it is gone", SimulatedFault.Lost) with { Causes = [TripCause.CameraLost] },
        Inside("camera-stall", "the camera is silent", SimulatedFault.Stall) with { Causes = [TripCause.CameraLost] },
        Window(Inside("camera-freeze", "the camera repeats one picture", SimulatedFault.Freeze)),
        Window(Inside("camera-dark", "the light is out", SimulatedFault.Darken)),
        Window(Inside("camera-corrupt", "each part's frame cannot be read", SimulatedFault.Drop)),
        Open("model-replaced", "another file is put in the place of model.onnx", b => From(() => ReplaceModel(b))) with { Causes = [TripCause.ModelIntegrity], Heal = null, RefusesReset = false },
        Window(Inside("scores-nan", "every score is not a number")),
        Open("ledger-full", "no file of the process takes another byte", b => b.FillLedgerDisk(true)) with
        {
            Causes = [TripCause.LedgerUnavailable], Heal = b => b.FillLedgerDisk(false), TellsInGuest = true, CountsFrom = "the first byte that is refused; in the guest the write that leaves less than 1 MiB", HowInGuest = "the ledger's file system is filled to the last block",
        },
        Open("ledger-hung", "fsync of the journal does not return", b => From(() => b.HangLedgerDisk(true))) with
        {
            Causes = [TripCause.LedgerUnavailable], Heal = b => b.HangLedgerDisk(false), CountsFrom = "the 2 s that a verdict may wait to be durable", Counts = After(LedgerLate), HowInGuest = "the ledger's file system is frozen",
        },
        Open("heartbeat-stuck-high", "the line heartbeat stays high", b => b.Stick(LineNames.Heartbeat, true)) with { Causes = [TripCause.OutputReadback], Heal = b => b.Stick(LineNames.Heartbeat, null) },
        Open("heartbeat-stuck-low", "the line heartbeat stays low", b => b.Stick(LineNames.Heartbeat, false)) with { Causes = [TripCause.OutputReadback, TripCause.FeedbackWrong], Heal = b => b.Stick(LineNames.Heartbeat, null), RefusesReset = false },
        Open("enable-stuck-low", "the line relay-enable stays low", b => b.Stick(LineNames.RelayEnable, false)) with { Causes = [TripCause.OutputReadback, TripCause.FeedbackWrong], Heal = b => b.Stick(LineNames.RelayEnable, null), RefusesReset = false },
        Open("enable-stuck-high", "the line relay-enable stays high, then a person stops", b => ThenStop(b, () => b.Stick(LineNames.RelayEnable, true))) with
        {
            Causes = [TripCause.OutputReadback], Heal = b => b.Stick(LineNames.RelayEnable, null), CountsFrom = "the Stop that shows it",
        },
        Open("feedback-welded", "the mirror contact reads as pulled in, then a person stops", b => ThenStop(b, () => b.Mirror(true))) with
        {
            Causes = [TripCause.FeedbackWrong], Heal = b => b.Mirror(null), CountsFrom = "the Stop that shows it",
        },
        Open("feedback-open", "the mirror contact reads as dropped", b => b.Mirror(false)) with { Causes = [TripCause.FeedbackWrong], Heal = b => b.Mirror(null), RefusesReset = false },
        Open("key-channels", "the wire of one of the key's contacts is cut", b => b.Cut(LineNames.KeyOpening)) with
        {
            Causes = [TripCause.KeyChannels], Heal = b => b.Press(LineNames.Key, false), CountsFrom = "the expiry of interlock.keyDiscrepancy (500 ms)", Counts = After(KeyDiscrepancy),
        },
        Open("e-stop-cut", "the e-stop's wire is cut", b => b.Cut(LineNames.EStop)) with { Causes = [TripCause.EStop], Heal = b => b.Press(LineNames.EStop, false) },
        Open("stop-switch", "the stop switch is pressed", b => b.Press(LineNames.StopSwitch, true)) with { Causes = [TripCause.StopSwitch], Heal = b => b.Press(LineNames.StopSwitch, false) },
        Open("chip-gone", "every read and write of the chip is refused", b => From(() => b.ChipGone(true))) with
        {
            Causes = [TripCause.GpioLost], Heal = b => b.ChipGone(false), HowInGuest = "the driver is unbound from the chip", HealsInGuest = false,
        },

        Harmless("broker-hung", "SIGSTOP to the plant's broker", b => From(() => StationChild.Send(b.Plant.Broker, StationChild.Stop))) with
        {
            Heal = b => StationChild.Send(b.Plant.Broker, StationChild.Continue),
        },
        Harmless("page-flooded", "16 clients ask for the page without a pause", Flood.Begin) with { Heal = Flood.End },
        Harmless("pictures-full", "no picture can be written: a file stands in the place of their folder", b => From(() => b.FillPictureDisk(true))) with
        {
            Heal = b => b.FillPictureDisk(false), HowInGuest = "the pictures' file system is full",
        },
        Harmless("clock-forward", "the wall clock is set 1 h ahead", b => From(() => b.StepClock(TimeSpan.FromHours(1)))),
        Harmless("clock-back", "the wall clock is set 1 h back", b => From(() => b.StepClock(TimeSpan.FromHours(-1)))),
        Harmless("late-frame", "one frame comes 300 ms after its trigger (pass line)", b => b.Station.Do("make late-frame")),
    ];

    private static Fault Open(string name, string how, Func<Bench, long> make) => new(name, Demand.MustOpen, how, make);

    private static Fault Harmless(string name, string how, Func<Bench, long> make) => new(name, Demand.MustNotMatter, how, make);

    private static Fault Inside(string name, string how, string? order = null)
        => Open(name, how, b => b.Station.Do($"make {order ?? name}", TimeSpan.FromSeconds(60))) with { Heal = b => b.Station.Do($"heal {order ?? name}") };

    private static Fault Thrown(string name, string how) => Inside(name, how) with
    {
        Heal = null,
        CountsFrom = "the throw",
        Counts = static (b, made, _) => b.Station.Noted(Defects.Thrown) ?? made,
    };

    private static Fault Stale(Fault fault) => fault with { CountsFrom = "the expiry of interlock.loopDeadline", Counts = (b, made, _) => made + (long)b.LoopDeadline.TotalNanoseconds };

    private static Fault Window(Fault fault) => fault with
    {
        CountsFrom = "the part that fills the window",
        Counts = FillsTheWindow,
        RefusesReset = false,
        Causes = [TripCause.Indeterminates],
    };

    private static Func<Bench, long, long, long> After(TimeSpan limit) => (_, made, _) => made + (long)limit.TotalNanoseconds;

    private static long From(Action act)
    {
        var now = Nanoseconds.Now;
        act();
        return now;
    }

    private static long Signal(Bench bench, int signal) => From(() => bench.Station.Signal(signal));

    private static void ReplaceModel(Bench bench)
    {
        var model = Directory.GetFiles(Path.Combine(bench.Data, "models"), "model.onnx", SearchOption.AllDirectories).Single();
        File.WriteAllBytes(model + ".new", [.. File.ReadAllBytes(model), 0]);
        File.Move(model + ".new", model, overwrite: true);
    }

    private static long Pause(Bench bench)
    {
        var now = Signal(bench, StationChild.Stop);
        Wait.Past(TimeSpan.FromSeconds(2));
        bench.Station.Signal(StationChild.Continue);
        return now;
    }

    private static long ThenStop(Bench bench, Action spoil)
    {
        spoil();
        Wait.Past(TimeSpan.FromMilliseconds(500));
        return bench.Station.Do("stop");
    }

    /// <summary>The trigger of the last part that could not be judged before the relay opened, on the monotonic clock.</summary>
    private static long FillsTheWindow(Bench bench, long made, long opened)
    {
        var offset = (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalNanoseconds - Nanoseconds.Now;
        long? Last() => bench.Plant.Messages("verdict").Where(body => body["verdict"]!.GetValue<string>() == "Indeterminate")
            .Select(body => At(body) - (long)offset).Where(at => at <= opened - RelayRecord.Release).Cast<long?>().LastOrDefault();
        // The plant learns of it a little later than the relay.
        Wait.For(() => Last() > made && bench.Plant.Messages("interlock").Count > 0, TimeSpan.FromSeconds(2));
        Wait.Past(TimeSpan.FromMilliseconds(500));
        return Last() ?? made;
    }

    private static long At(JsonNode body) => (long)(body["trigger"]!["at"]!.GetValue<DateTimeOffset>() - DateTimeOffset.UnixEpoch).TotalNanoseconds;

    private static class SimulatedFault
    {
        public const string Lost = Vision.SimulatedFaults.Lost, Stall = Vision.SimulatedFaults.Stall, Freeze = Vision.SimulatedFaults.Freeze;
        public const string Darken = Vision.SimulatedFaults.Darken, Drop = Vision.SimulatedFaults.Drop;
    }
}
