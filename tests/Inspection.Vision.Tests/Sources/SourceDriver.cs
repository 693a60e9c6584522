using Inspection.Core;

namespace Inspection.Vision.Tests.Sources;

/// <summary>Drives a source as the capture thread does.</summary>
public static class SourceDriver
{
    /// <summary>The next frame; the caller disposes of it.</summary>
    public static MatFrame NextFrame(this IFrameSource source, TimeSpan? within = null)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(began) < (within ?? TimeSpan.FromSeconds(20)))
        {
            if (source.Next(CancellationToken.None).Frame is MatFrame frame) return frame;
            source.Ended.ShouldBeFalse("the source ended");
        }
        throw new TimeoutException("The source gave no frame.");
    }

    /// <summary>Everything until a replay that is played once has ended: (origin, true label, why unreadable).</summary>
    public static List<(string? Origin, string? Label, string? Unreadable)> PlayToEnd(this IFrameSource source)
    {
        var played = new List<(string?, string?, string?)>();
        var began = TimeProvider.System.GetTimestamp();
        while (!source.Ended)
        {
            TimeProvider.System.GetElapsedTime(began).TotalSeconds.ShouldBeLessThan(60);
            if (source.Next(CancellationToken.None).Frame is not { } frame) continue;
            played.Add((frame.Origin, frame.TrueLabel, frame.Unreadable));
            frame.Dispose();
        }
        return played;
    }
}
