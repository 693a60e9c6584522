using Inspection.Core;
using Inspection.Gpio;
using Inspection.Mqtt;
using Inspection.Station.Hosting;
using Inspection.Store;
using Inspection.Vision;
using OpenCvSharp;

namespace Inspection.Station.Bench;

/// <summary>
/// Measures the station's own loop beside the bare model, in alternating blocks: Running on the simulated chip, ledger
/// on disk, embedded broker with a subscriber in its own process, pictures and page off, every part below the threshold.
/// </summary>
internal sealed class BenchRun : IAsyncDisposable
{
    /// <summary>Frames of one block.</summary>
    public const int Block = 50;

    /// <summary>Blocks of each kind that are measured: 1,000 frames.</summary>
    public const int Blocks = 20;

    private const int Capacity = 2 * Block * (Blocks + 1);

    private readonly Closers _open = new();
    private readonly TimeProvider _time;
    private readonly LoopProbe _probe;
    private readonly BenchSource _source;
    private Interlock _interlock = null!;

    private BenchRun(TimeProvider time) => (_time, _probe, _source) = (time, new LoopProbe(time, Capacity), new BenchSource(time));

    private LoadedModel Model { get; init; } = null!;

    private GraphCost? Graph { get; init; }

    private JournalLedger Ledger { get; set; } = null!;

    private Counters Counters { get; set; } = null!;

    private MqttDelivery Mqtt { get; set; } = null!;

    /// <summary>Runs everything once.</summary>
    /// <param name="modelFolder">The model.</param>
    /// <param name="backbone">Folder of the backbone that this program teaches on.</param>
    /// <param name="imageFolder">Photos; those that cannot be read are left out.</param>
    /// <param name="workFolder">A data folder of its own, on the disk that the ledger is to be measured on.</param>
    /// <param name="time">The clock.</param>
    /// <param name="say">Takes progress, for a person.</param>
    public static async Task<Outcome<BenchReport>> RunAsync(string modelFolder, string backbone, string imageFolder, string workFolder, TimeProvider time, Action<string> say)
    {
        var loaded = ModelFolder.Load(modelFolder);
        if (!loaded.Succeeded) return loaded.Failure;
        await using var run = new BenchRun(time) { Model = loaded.Value, Graph = CostOf(loaded.Value, backbone, say) };
        var pictures = Pictures.Read(imageFolder, loaded.Value.Session.Width, loaded.Value.Session.Height);
        if (!pictures.Succeeded) return pictures.Failure;
        // Closed with the rest and after it: the source copies from these pictures to its end.
        var decoded = run._open.Add(pictures.Value);
        var started = await run.StartAsync(workFolder);
        if (started is not null) return started;
        try
        {
            return await run.MeasureAsync(decoded, say);
        }
        catch (BenchStoppedException stopped)
        {
            return new Failure("bench-stopped", stopped.Message);
        }
    }

    /// <summary>Now, while no other thread of the process takes time of the processor.</summary>
    private static GraphCost? CostOf(LoadedModel model, string backbone, Action<string> say)
    {
        if (model.Card is not { Kind: ModelKind.Taught, File: { } file }) return null;
        var cost = GraphCost.Measure(Path.Combine(model.Folder, file), backbone, new InputSize(model.Session.Width, model.Session.Height), model.Card);
        // At once: where a busy machine stops the line later, this figure stands all the same.
        say(cost.Succeeded
            ? FormattableString.Invariant($"The graph takes {cost.Value.Ratio:F3} of its bare backbone's time of the processor")
            : $"The graph is not compared with its backbone: {cost.Failure.Message}");
        return cost.Value;
    }

    /// <summary>Ends what was started.</summary>
    public ValueTask DisposeAsync() => _open.DisposeAsync();

    private async Task<Failure?> StartAsync(string workFolder)
    {
        var log = Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;
        var folder = DataFolder.Open(workFolder, _time);
        if (!folder.Succeeded) return folder.Failure;
        _open.Add(folder.Value);
        var alarms = new Alarms(_time, static (_, _) => { });
        var opened = JournalLedger.Open(folder.Value, new StoreOptions(), _time, alarms, static () => true, true, log);
        if (!opened.Succeeded) return opened.Failure;
        Ledger = _open.Add(opened.Value);
        Ledger.Start();
        var lines = GpioLines.Open(new GpioOptions(), _time);
        if (!lines.Succeeded) return lines.Failure;
        _open.Add(lines.Value);

        var recipe = EveryPartPasses(Model);
        var detector = _open.Add(new OnnxDetector(Model, _time));
        var interlock = new Interlock(_time, _probe.Around(lines.Value.Relay), new InterlockOptions { LoopDeadline = TimeSpan.FromSeconds(1) }, static _ => { });
        _interlock = interlock;
        interlock.Use(recipe);
        _open.Add(new BeatThread(interlock, _time));
        Counters = new Counters(_time);
        var live = _open.Add(new LiveView());
        var context = new PipelineContext(recipe, detector.Model, null, ChipSimulated: true);
        var board = new DeliveryBoard();
        var station = new MqttStation(Ledger, interlock, alarms, Counters, board, _time, true, Program.Version, () => context) { Append = entry => Ledger.TryAppend(entry) };
        var mqtt = await MqttDelivery.StartAsync(new MqttOptions { Port = 0 }, station);
        if (!mqtt.Succeeded) return mqtt.Failure;
        Mqtt = _open.Add(mqtt.Value);

        var capture = _open.Add(new Capture(() => _source, TakenAt, new CaptureOptions(), _time, alarms, log));
        var loop = _open.Add(new LoopThread(
            new InspectionLoop(capture, _probe.Around(detector), interlock, Ledger, new PartInspections(interlock, new RecentRejects()), live, Counters, context, _time, log),
            alarms, log));
        loop.Start();
        capture.Start();
        interlock.SetObstacle(null);
        return interlock.Start(Who.Person("Bench", Role.Administrator));
    }

    /// <summary>The source waits for room, so its parts are triggered when the loop takes them.</summary>
    private void TakenAt(Trigger trigger)
    {
        _interlock.Triggered(trigger);
        _probe.Taken();
    }

    private async Task<BenchReport> MeasureAsync(Pictures pictures, Action<string> say)
    {
        using var subscriber = SubscriberCommand.Start(Mqtt.Port, new MqttOptions().Root + "/verdict");
        if (await subscriber.StandardOutput.ReadLineAsync() != SubscriberCommand.Ready) throw new InvalidOperationException("The subscriber did not start.");
        var card = Model.Card;
        using var bare = BareModel.Open(Path.Combine(Model.Folder, card.File!), card.Input!.Name!, Model.Session.Width, Model.Session.Height);

        var bareTimes = new double[Blocks * Block];
        var (whole, sized, span) = (new List<double>(), new List<double>(), 0.0);
        say("Warming up …");
        bare.Run(new double[Block], _time);
        await PlayAsync(pictures.AsDecoded);
        await PlayAsync(pictures.AtModelSize);
        var first = _probe.Count;
        for (var block = 0; block < Blocks; block++)
        {
            bare.Run(bareTimes.AsSpan(block * Block, Block), _time);
            var (from, to) = await PlayAsync(pictures.AsDecoded);
            whole.AddRange(_probe.FrameToRelay(from, to));
            (from, to) = await PlayAsync(pictures.AtModelSize);
            sized.AddRange(_probe.FrameToRelay(from, to));
            span += _probe.Span(from, to);
            say($"{(block + 1) * Block} of {Blocks * Block} frames of each kind …");
        }
        var last = _probe.Count;
        var received = await ReceivedAsync(subscriber);
        var (bareSum, wholeSum, sizedSum) = (Times.Of(bareTimes), Times.Of(whole), Times.Of(sized));
        var perSecond = Blocks * (Block - 1) / span;
        return new BenchReport(
            Model.Identity, pictures.AsDecoded.Count, Blocks * Block, 1, bareSum, wholeSum, sizedSum, wholeSum.Over(bareSum), sizedSum.Over(bareSum),
            new Throughput(Math.Round(perSecond, 2), Math.Round(perSecond * bareSum.Median / 1000, 4)),
            ManagedBytes.Of(_probe.Bytes(first, last)), Tail.Of(_probe.VerdictToRelay(first, last)),
            await DurableEntries.PerSecondAsync(Ledger, _time), Graph, Counters.Snapshot().Passed, received);
    }

    private async Task<(int From, int To)> PlayAsync(IReadOnlyList<Mat> pictures)
    {
        var from = _probe.Count;
        _source.Ask(pictures, Block);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(5), _time);
        while (_probe.Count < from + Block)
        {
            if (_interlock.Snapshot is { State: not InterlockState.Running } stopped)
                throw new BenchStoppedException($"The line stopped after {_probe.Count} parts: {stopped.FirstOut?.Detail}. Run the bench on a machine that does nothing else.");
            await look.WaitForNextTickAsync();
        }
        return (from, from + Block);
    }

    private async Task<Received> ReceivedAsync(System.Diagnostics.Process subscriber)
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20), _time);
        var began = _time.GetTimestamp();
        while (!(Mqtt.AllAcknowledged && Ledger.Health.OldestPending == TimeSpan.Zero) && _time.GetElapsedTime(began) < OnceRun.Grace) await look.WaitForNextTickAsync();
        subscriber.StandardInput.Close();
        var messages = long.Parse(await subscriber.StandardOutput.ReadLineAsync() ?? "0", System.Globalization.CultureInfo.InvariantCulture);
        await subscriber.WaitForExitAsync();
        return new(messages, Counters.Snapshot().Inspected);
    }

    /// <summary>A recipe under which nothing is unfit and nothing is above the threshold.</summary>
    private static Recipe EveryPartPasses(LoadedModel model) => new()
    {
        Name = "bench",
        Revision = 1,
        CreatedBy = "bench",
        CreatedAt = DateTimeOffset.UnixEpoch,
        Model = new ModelReference { Name = model.Identity.Name, Version = model.Identity.Version, Threshold = model.HighestThreshold },
        Frames = new FrameLimits { MinMean = 0, MaxDarkShare = 1, MaxSaturatedShare = 1, MinSharpness = 0, MaxIdentical = int.MaxValue },
        Rules = new TripRules { Deadline = TimeSpan.FromSeconds(5) },
        Pictures = new PictureRules { PassEvery = 0 },
    };
}

/// <summary>The line did not run to the bench's end.</summary>
/// <param name="message">Why, for a person.</param>
internal sealed class BenchStoppedException(string message) : Exception(message);
