using Inspection.Core;

namespace Inspection.Vision;

/// <summary>The one place where a source is made from what a person named.</summary>
public static class FrameSources
{
    /// <summary>Opens a source.</summary>
    /// <param name="spec">What a person named.</param>
    /// <param name="camera">The camera's name in the configuration.</param>
    /// <param name="simulated">Settings of the simulated line, already validated.</param>
    /// <param name="faults">Faults of the simulated line; outlives the source.</param>
    /// <param name="replay">Settings of folder and video, already validated.</param>
    /// <param name="pool">Where frames come from; outlives the source.</param>
    /// <param name="time">The clock.</param>
    /// <returns>The source, or why it cannot be opened; never another source instead.</returns>
    public static Outcome<IFrameSource> Open(
        SourceSpec spec, string camera, SimulatedOptions simulated, SimulatedFaults faults, ReplayOptions replay, MatFramePool pool, TimeProvider time)
        => spec.Kind switch
        {
            SourceKind.Folder => FolderSource.Open(camera, spec.Path, replay, pool, time),
            SourceKind.Video => VideoSource.Open(camera, spec.Path, replay, pool, time),
            _ => new SimulatedLine(camera, simulated, faults, pool, time),
        };
}
