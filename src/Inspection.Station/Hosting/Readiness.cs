using Inspection.Core;

namespace Inspection.Station.Hosting;

/// <summary>Why a model may not run the line although it is sound.</summary>
internal static class Readiness
{
    /// <summary>What a loop turn needs besides the detection: the longest wait for a frame and some room.</summary>
    public static readonly TimeSpan Margin = TimeSpan.FromMilliseconds(60);

    /// <summary>What Start is refused with then: waiting does not help.</summary>
    public const string Code = "model-too-slow";

    /// <summary>Why Start is refused, naming the value to set; null when nothing stands in the way.</summary>
    public static string? Obstacle(IDefectDetector detector, InterlockOptions options)
    {
        var needed = detector.WarmedP99 + Margin;
        if (needed <= options.LoopDeadline) return null;
        var milliseconds = Math.Ceiling(needed.TotalMilliseconds / 5) * 5;
        var model = $"{detector.Model.Name}@{detector.Model.Version} needs {detector.WarmedP99.TotalMilliseconds:F0} ms for 99 of 100 parts";
        return milliseconds <= 1000
            ? $"The model {model}: set interlock.loopDeadline to \"{milliseconds:F0} ms\" or more (it is {options.LoopDeadline.TotalMilliseconds:F0} ms), or choose a faster model. If other programs ran when the station started, end them and start it anew: that measures again."
            : $"The model {model}: that is too slow for any interlock.loopDeadline (at most 1000 ms). End other programs and start the station anew, which measures again; else choose a smaller input or a faster model, or a faster PC.";
    }
}
