using Inspection.Core;
using Inspection.Gpio;
using Inspection.Station.Settings;

namespace Inspection.Station.Hosting;

/// <summary>The source and the detector that were chosen.</summary>
internal sealed class Seeing(IDefectDetector detector, Func<IFrameSource> open) : IDisposable
{
    public IDefectDetector Detector => detector;

    public Func<IFrameSource> OpenSource => open;

    public static Outcome<Seeing> Open(string modelFolder, StationSettings settings, RunRequest request, TimeProvider time, ILoggerFactory logs)
        => new Failure("not-built-in", $"Seeing with {modelFolder} is not built into this version.");

    public SimulationPanel? Simulation(GpioLines lines)
        => detector is not null && lines.Simulation is { } chip ? new SimulationPanel(chip.States, chip.SetInput, [], (_, _) => { }) : null;

    public void Dispose() => detector.Dispose();
}
