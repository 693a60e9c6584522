using Inspection.Core;
using Inspection.Vision;

namespace Inspection.Station.Bench;

/// <summary>The figures of one run of <c>bench</c>; all times in milliseconds.</summary>
/// <param name="Model">The model.</param>
/// <param name="Images">Pictures that were decoded into memory.</param>
/// <param name="Frames">Frames of each kind, warm-up not counted.</param>
/// <param name="Threads">ONNX threads, in the bare model and in the loop.</param>
/// <param name="Bare">(a) Bare ONNX Runtime on ready tensors.</param>
/// <param name="Loop">(b) The station's loop from decoded frame to relay line written.</param>
/// <param name="LoopWithoutResize">(b) with pictures that have the model's size already.</param>
/// <param name="Ratio">(b) / (a).</param>
/// <param name="RatioWithoutResize">(b) without resize / (a).</param>
/// <param name="Throughput">(c) Frames waiting.</param>
/// <param name="ManagedBytes">(d) Managed bytes from frame taken to relay line written.</param>
/// <param name="VerdictToRelay">(e) The detector's return, judging included, to relay line written.</param>
/// <param name="DurableEntriesPerSecond">(f) A run of its own.</param>
/// <param name="Graph">(g) The taught graph beside its bare backbone, before the station starts; null where the model was not taught by this program, or not on the backbone that is here.</param>
/// <param name="Passed">Parts that passed; all of them, or the figures are worth nothing.</param>
/// <param name="Subscriber">What the subscriber in its own process received.</param>
internal sealed record BenchReport(
    ModelIdentity Model, int Images, int Frames, int Threads, Times Bare, Times Loop, Times LoopWithoutResize,
    Times Ratio, Times RatioWithoutResize, Throughput Throughput, ManagedBytes ManagedBytes, Tail VerdictToRelay,
    double DurableEntriesPerSecond, GraphCost? Graph, long Passed, Received Subscriber);

/// <summary>A median and a 99th percentile.</summary>
internal sealed record Times(double Median, double P99)
{
    public static Times Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return new(Percentiles.Of(sorted, 0.5), Percentiles.Of(sorted, 0.99));
    }

    public Times Over(Times other) => new(Math.Round(Median / other.Median, 4), Math.Round(P99 / other.P99, 4));
}

/// <summary>A median and a 99.9th percentile.</summary>
internal sealed record Tail(double Median, double P999)
{
    public static Tail Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return new(Percentiles.Of(sorted, 0.5), Percentiles.Of(sorted, 0.999));
    }
}

/// <summary>Frames a second, and their share of what the bare model would do.</summary>
internal sealed record Throughput(double FramesPerSecond, double OfBare);

/// <summary>
/// Managed bytes of passing parts. The runtime gives each lock its wait handle (56–64 bytes) when two threads first meet
/// at it; such a part stands here.
/// </summary>
/// <param name="Median">Of one part.</param>
/// <param name="Most">Of one part.</param>
/// <param name="Parts">Parts that allocated anything.</param>
internal sealed record ManagedBytes(long Median, long Most, int Parts)
{
    public static ManagedBytes Of(IEnumerable<long> parts)
    {
        var sorted = parts.Order().ToArray();
        return new(sorted[sorted.Length / 2], sorted[^1], sorted.Count(bytes => bytes > 0));
    }
}

/// <summary>Messages that a subscriber got, of those that were sent.</summary>
internal sealed record Received(long Messages, long Sent);

/// <summary>Percentiles by nearest rank (ISO 3534-1's order statistic).</summary>
internal static class Percentiles
{
    public static double Of(double[] sorted, double share)
        => sorted.Length == 0 ? double.NaN : Math.Round(sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Length) - 1, 0, sorted.Length - 1)], 4);
}
