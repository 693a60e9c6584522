using Inspection.Core;
using Inspection.Gpio;
using Inspection.Station.Hosting;
using Inspection.Station.Settings;
using Inspection.Store;
using Inspection.Vision;
using Microsoft.Extensions.Logging;

namespace Inspection.Faults;

/// <summary>
/// The real station, built by its own host, with the detector and the source wrapped once it stands, and the places
/// known where a fault can be put.
/// </summary>
internal sealed class StationInForce : IAsyncDisposable
{
    private readonly DataFolder _folder;
    private readonly StationHost _host;

    private StationInForce(DataFolder folder, StationHost host, SteppedTime time)
    {
        (_folder, _host, Time) = (folder, host, time);
        Loop = Reach.Get<InspectionLoop>(host.Parts.Loop, "_loop");
        Detector = new(Reach.Get<IDefectDetector>(Loop, "detector"));
        Reach.Set(Loop, "detector", Detector);

        var open = Reach.Get<Func<IFrameSource>>(host.Parts.Capture, "_open");
        Line = Reach.Get<SimulatedFaults>(open.Target!, "_faults");
        Reach.Set(host.Parts.Capture, "_open", (Func<IFrameSource>)(() => new FaultySource(open(), Source, time)));
        // The source in use ends, and the capture makes the wrapped one.
        lock (Reach.Get<object>(host.Parts.Capture, "_ring"))
            Reach.Set(host.Parts.Capture, "_life", Reach.Get<int>(host.Parts.Capture, "_life") + 1);
        Lines = Opened<GpioLines>();
    }

    public StationParts Parts => _host.Parts;

    public Interlock Interlock => Parts.Interlock;

    public InspectionLoop Loop { get; }

    public FaultyDetector Detector { get; }

    public SourceFaults Source { get; } = new();

    public SimulatedFaults Line { get; }

    public GpioLines Lines { get; }

    public SteppedTime Time { get; }

    /// <summary>Starts it on the settings of a data folder.</summary>
    /// <param name="data">The data folder.</param>
    /// <param name="model">The model's folder.</param>
    /// <param name="logs">Where its log goes.</param>
    public static async Task<StationInForce> StartAsync(string data, string model, ILoggerFactory logs)
    {
        // As the program itself does.
        LastResort.EndWithoutMemory();
        var time = new SteppedTime();
        var request = new RunRequest(null, null, model, false, true, null, null, data, false);
        var folder = Needed(DataFolder.Open(data, time));
        var reading = SettingsFile.Read(folder.Root, request);
        if (reading.Errors.Count > 0) throw new InvalidOperationException(string.Join("\n", reading.Errors));
        return new(folder, Needed(await StationHost.StartAsync(folder, reading.Settings, request, time, logs)), time);
    }

    /// <summary>A part of the station that its host keeps to itself.</summary>
    public T Opened<T>()
    {
        foreach (var closer in Reach.Get<Stack<IAsyncDisposable>>(Reach.Get<Closers>(_host, "_open"), "_open"))
        {
            if ((closer.GetType().Name == "Later" ? Reach.Get<object>(closer, "opened") : closer) is T part) return part;
        }
        throw new InvalidOperationException($"The station has no {typeof(T).Name} any more; correct the fault that reaches for it.");
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    private static T Needed<T>(Outcome<T> outcome) => outcome.Succeeded ? outcome.Value : throw new InvalidOperationException(outcome.Failure.ToString());
}
