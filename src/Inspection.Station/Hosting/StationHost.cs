using Inspection.Core;
using Inspection.Gpio;
using Inspection.Mqtt;
using Inspection.Panel;
using Inspection.Station.Settings;
using Inspection.Station.Time;
using Inspection.Store;
using Inspection.Vision;

namespace Inspection.Station.Hosting;

/// <summary>One station: everything built, wired and started in the order in which it depends on each other.</summary>
internal sealed class StationHost : IAsyncDisposable
{
    private readonly Closers _open;
    private readonly Rounds[] _rounds;

    private StationHost(Closers open, Rounds[] rounds, StationParts parts) => (_open, _rounds, Parts) = (open, rounds, parts);

    /// <summary>What runs.</summary>
    public StationParts Parts { get; }

    /// <summary>Builds and starts a station; Stopped, whatever it was before.</summary>
    /// <param name="folder">The data folder, held by the caller.</param>
    /// <param name="settings">Accepted settings.</param>
    /// <param name="request">What was typed.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logs">Where log lines go.</param>
    /// <returns>The station, or what stands in its way; nothing is left open then.</returns>
    public static async Task<Outcome<StationHost>> StartAsync(
        DataFolder folder, StationSettings settings, RunRequest request, TimeProvider time, ILoggerFactory logs)
    {
        var open = new Closers();
        var started = await BuildAsync(open, folder, settings, request, time, logs);
        if (!started.Succeeded) await open.DisposeAsync();
        return started;
    }

    private static async Task<Outcome<StationHost>> BuildAsync(
        Closers open, DataFolder folder, StationSettings settings, RunRequest request, TimeProvider time, ILoggerFactory logs)
    {
        var log = logs.CreateLogger("station");
        var began = time.GetUtcNow();
        var simulated = settings.IsSimulated;
        var outbox = new EntryOutbox(time, simulated);
        var alarms = new Alarms(time, (alarm, active) =>
        {
            StationLog.Alarm(log, alarm, active);
            outbox.Append(new AlarmEntry(time, simulated, alarm, active));
        });

        var wallClock = new WallClock(time, SystemClock.IsTrusted);
        var clock = new ClockKeeper(wallClock, outbox, alarms, time, simulated);
        var repeated = new RepeatedTrips(alarms, time);

        // People first: whoever cannot sign in cannot start the line.
        var people = new PeopleFile(folder.PeopleFile).Load();
        if (!people.Succeeded) return people.Failure;

        // Pixels outlive everything that may hold a frame: the ledger still writes pictures when the rest has ended.
        var pool = open.Add(new MatFramePool());

        // The memory, before anything is judged.
        var opened = JournalLedger.Open(folder, settings.Store, time, alarms, () => wallClock.IsTrusted, simulated, logs.CreateLogger("ledger"));
        if (!opened.Succeeded) return opened.Failure;
        var inUse = open.Add(new LedgerInUse(opened.Value));
        var ledger = opened.Value;
        ledger.Start();
        var before = BypassNotes.Before(ledger);
        var lastKnown = LastEntry(ledger, began);
        outbox.Attach(ledger);
        if (BypassNotes.CutOff(before, time, simulated) is { } held) outbox.Append(held);

        // The model, checked before it may judge.
        StationLog.Progress(log, "The model is checked and warmed up …");
        var chosen = RecipeAndModel.Find(folder, settings, request, time);
        if (!chosen.Succeeded) return Refused(chosen.Failure, alarms);
        var recipe = chosen.Value.Recipe;
        var guard = new FileGuard(FileGuard.FilesOf(folder, chosen.Value));
        var seeing = Seeing.Open(chosen.Value.ModelFolder, settings, request, pool, time);
        if (!seeing.Succeeded)
        {
            var refused = Refused(seeing.Failure, alarms);
            return refused with { Message = $"Recipe {recipe.Name}@{recipe.Revision}: {refused.Message}" };
        }
        var eye = open.Add(seeing.Value);

        // The outputs, de-energised.
        var lines = GpioLines.Open(settings.Gpio, time);
        if (!lines.Succeeded) return lines.Failure;
        open.Add(lines.Value);
        if (lines.Value.Polled.Count > 0)
            StationLog.Progress(log, $"The chip has no interrupts at {string.Join(", ", lines.Value.Polled)}: these inputs are read every {InputReader.Period.TotalMilliseconds:F0} ms, and what comes and goes between is not seen.");
        var gate = GateWork.Open(lines.Value, recipe, time);
        if (!gate.Succeeded) return gate.Failure;
        var gateWork = open.Add(gate.Value);
        TestParts? tests = null;
        var interlock = new Interlock(time, lines.Value.Relay, settings.Interlock, transition =>
        {
            StationLog.Transition(log, transition);
            outbox.Append(new InterlockEntry(time, simulated, transition));
            repeated.See(transition);
            GateWork.See(transition, alarms);
            tests?.See(transition);
            if (transition is { EndsBypass: true, Bypass: { } account }) outbox.Append(BypassNotes.LotHeld(time, simulated, transition, account, recipe, lot: null));
        })
        {
            EyeAtGate = gateWork.EyeAtGate,
            Disposed = part =>
            {
                outbox.Append(new DispositionEntry(time, simulated, part));
                gateWork.See(part, alarms);
                tests?.See(part);
            },
        };
        interlock.Use(recipe);
        if (recipe.TestParts is not null) tests = new TestParts(recipe, TestNotes.Before(ledger, recipe, before, time), interlock, outbox.Append, alarms, time, simulated);
        var wear = RelayWear.Open(folder.RelayFile, settings.Interlock.RelayCycles, interlock, alarms, time);
        if (!wear.Succeeded) return wear.Failure;
        open.Add(new BeatThread(interlock, time));
        open.Add(new PoolWatch(interlock, time));
        var belt = new BeltWatch(settings.Interlock, alarms, detail => Hold("interlock-bridged", detail), time);
        var bridge = new CabinetBridge(alarms, detail => Hold("bridge", detail), time, lastKnown);
        open.Add(new InputReader(lines.Value, interlock, alarms, belt, bridge, time));
        gateWork.Follow(interlock, alarms);
        if (lines.Value.StackLight is { } light) open.Add(new LampThread(light, interlock, () => GateWork.AsksForLook(interlock.Snapshot) || tests is { Snapshot.IsDue: true }, alarms, time));

        void Hold(string reason, string detail) => outbox.Append(new LotEntry(time, simulated, Who.Station, null, reason, detail, null));

        // One frame's straight way.
        var context = new PipelineContext(recipe, eye.Detector.Model, null, settings.Gpio.IsSimulated);
        var live = open.Add(new LiveView());
        var rejects = new RecentRejects();
        var counters = new Counters(time);
        var capture = open.Add(new Capture(eye.OpenSource, gateWork.Before(interlock.Triggered), settings.Capture, time, alarms, logs.CreateLogger("capture")));
        var inspections = new PartInspections(interlock, rejects);
        var loop = new LoopThread(
            new InspectionLoop(
                capture, eye.Detector, interlock, ledger, inspections, live, counters, context, time, logs.CreateLogger("loop"))
            { TestParts = tests },
            alarms, log);
        eye.InUse = () => loop.Turning;

        // Those who listen and look.
        var board = new DeliveryBoard();
        var mqtt = await MqttDelivery.StartAsync(
            settings.Mqtt, new MqttStation(ledger, interlock, alarms, counters, board, time, simulated, Program.Version, () => context) { Append = outbox.Append, TestParts = tests });
        if (!mqtt.Succeeded) return mqtt.Failure;
        open.Add(mqtt.Value);
        var defects = open.Add(new DefectKeeper(part => StoredPicture.Find(ledger, folder.Pictures, part), folder.Models, alarms, time, log));
        var overrides = open.Add(new Overrides(sequence => PartsInLedger.Find(ledger, sequence), outbox.Append, alarms, counters, rejects, time, simulated) { Withdraw = interlock.Withdraw, KnownBad = defects.Keep });
        var judge = new JudgingModel(eye.Detector.Model, recipe.Model.Threshold ?? eye.Detector.Card.Threshold);
        var labels = open.Add(new LabelSample(judge, new LabelBook(), LabelsInLedger.Of(ledger, folder.Pictures), outbox.Append, time, simulated) { KnownBad = defects.Keep });
        overrides.Recall(DeliveredNotes.Open(ledger));
        var page = await PageHost.StartAsync(settings.Http, new PanelContext(
            interlock, live, counters, rejects, alarms, board, new People(people.Value, time), () => context,
            eye.Simulation(lines.Value), simulated, folder.Pictures, DemoPerson(settings), time, outbox.Append)
        { ConfirmClock = clock.Confirm, Numbers = inspections.Numbers, Overrides = overrides, Labels = labels, Promise = eye.Detector.Card.PromiseOf(judge), TestParts = tests });
        if (!page.Succeeded) return page.Failure;
        open.Add(page.Value);

        BypassNotes.Recall(before, interlock, time);

        // A retained message of the last process may still say Running.
        outbox.Append(new InterlockEntry(time, simulated, new InterlockTransition(
            InterlockState.Stopped, InterlockState.Stopped, null, "the station started", Who.Station, ResetAnswer.None, time.GetUtcNow())));
        outbox.Append(new AuditEntry(time, simulated, Who.Station, "station-started",
            $"Inspection {Program.Version}, recipe {recipe.Name}@{recipe.Revision}, source {settings.Source}, chip {settings.Gpio.Chip}"));
        open.Add(loop).Start();
        capture.Start();
        interlock.SetObstacle(Readiness.Obstacle(eye.Detector, settings.Interlock), Readiness.Code);
        var watch = new StationWatch(outbox, alarms, counters, ledger, time);
        Rounds[] rounds =
        [
            new([watch.Look, clock.Look, () => BypassNotes.Warn(interlock.Snapshot.Bypass, alarms, time), () => tests?.Look()], time, log),
            new([wear.Value.Look, () => guard.Look(interlock)], time, log),
        ];
        return new StationHost(open, rounds, new StationParts(settings, inUse, interlock, alarms, capture, loop, counters, mqtt.Value, outbox, simulated, time, log)
        { Lines = lines.Value, Overrides = overrides, Labels = labels, TestParts = tests });
    }

    /// <summary>Ends the station: outputs first, then its queues for at most 10 s; the rest stays in the ledger.</summary>
    public async ValueTask DisposeAsync()
    {
        await Shutdown.RunAsync(Parts);
        foreach (var rounds in _rounds) await rounds.DisposeAsync();
        await _open.DisposeAsync();
    }

    /// <summary>When the station last recorded anything before this start; null where that is not known.</summary>
    private static DateTimeOffset? LastEntry(JournalLedger ledger, DateTimeOffset before)
    {
        try
        {
            return ledger.Query(new LedgerQuery { To = before, Max = 1 }).Rows is [var last, ..] ? last.At : null;
        }
        catch (IOException)
        {
            // It then says only that it was before this start.
            return null;
        }
    }

    /// <summary>A model that may not judge is an alarm, so that the ledger knows why the station did not start.</summary>
    private static Failure Refused(Failure failure, Alarms alarms)
    {
        if (failure.Code.StartsWith("model", StringComparison.Ordinal))
            alarms.Raise("model-refused", AlarmPriority.High, failure.Message, "Restore the model's folder, or run another recipe or model.");
        return failure;
    }

    /// <summary>In the simulation a named person starts the line without a PIN; where a chip is real nobody does.</summary>
    private static Who? DemoPerson(StationSettings settings) => settings.Gpio.IsSimulated ? Who.Person("Demo", Role.Administrator) : null;
}
