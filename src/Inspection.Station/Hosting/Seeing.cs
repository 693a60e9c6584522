using Inspection.Core;
using Inspection.Gpio;
using Inspection.Station.Settings;
using Inspection.Vision;

namespace Inspection.Station.Hosting;

/// <summary>The detector and the source that were chosen, both tried before the line turns.</summary>
internal sealed class Seeing : IDisposable
{
    private const string Camera = "camera1";

    private readonly SourceSpec _spec;
    private readonly SimulatedOptions _simulated;
    private readonly SimulatedFaults _faults = new();
    private readonly ReplayOptions _replay;
    private readonly MatFramePool _pool;
    private readonly TimeProvider _time;
    private IFrameSource? _first;

    private Seeing(OnnxDetector detector, SourceSpec spec, StationSettings settings, RunRequest request, MatFramePool pool, TimeProvider time)
    {
        (Detector, _spec, _simulated, _pool, _time) = (detector, spec, settings.Simulated, pool, time);
        _replay = request.Once ? settings.Replay with { Once = true, AsFastAsPossible = true } : settings.Replay;
    }

    /// <summary>The checked and warmed model.</summary>
    public OnnxDetector Detector { get; }

    /// <summary>True while somebody still detects; the detector then goes with the process.</summary>
    public Func<bool> InUse { private get; set; } = static () => false;

    /// <summary>Checks and warms the model, and opens the source a first time.</summary>
    /// <param name="modelFolder">The model's folder within the data folder.</param>
    /// <param name="settings">Accepted settings.</param>
    /// <param name="request">What was typed.</param>
    /// <param name="pool">Where frames come from; outlives everything that may hold one.</param>
    /// <param name="time">The clock.</param>
    /// <returns>Both, or why one of them cannot be used; never another instead.</returns>
    public static Outcome<Seeing> Open(string modelFolder, StationSettings settings, RunRequest request, MatFramePool pool, TimeProvider time)
    {
        var model = ModelFolder.Load(modelFolder);
        if (!model.Succeeded) return model.Failure;
        var seeing = new Seeing(new OnnxDetector(model.Value, time), SourceRules.Parse(settings.Source)!.Value, settings, request, pool, time);
        var source = seeing.TryOpenSource();
        if (source.Succeeded)
        {
            seeing._first = source.Value;
            return seeing;
        }
        seeing.Dispose();
        return source.Failure;
    }

    /// <summary>Makes the source, at the start and anew after it failed.</summary>
    /// <exception cref="IOException">It cannot be opened now.</exception>
    public IFrameSource OpenSource()
    {
        if (Interlocked.Exchange(ref _first, null) is { } first) return first;
        var source = TryOpenSource();
        return source.Succeeded ? source.Value : throw new IOException(source.Failure.Message);
    }

    /// <summary>What a person can do to the simulation; null where neither chip nor source is simulated by the program.</summary>
    public SimulationPanel? Simulation(GpioLines lines)
    {
        var chip = lines.Simulation;
        var isLine = _spec.Kind == SourceKind.Simulated;
        if (chip is null && !isLine) return null;
        return new SimulationPanel(
            chip is null ? null : chip.States, chip is null ? static (_, _) => { }
        : chip.SetInput,
            isLine ? SimulatedFaults.Names : [], _faults.Command);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Interlocked.Exchange(ref _first, null)?.Dispose();
        if (!InUse()) Detector.Dispose();
    }

    private Outcome<IFrameSource> TryOpenSource() => FrameSources.Open(_spec, Camera, _simulated, _faults, _replay, _pool, _time);
}
