namespace Inspection.Core;

/// <summary>
/// Where frames come from: a camera, a replay, the simulated line. Driven by one thread, <see cref="Capture"/>'s.
/// </summary>
public interface IFrameSource : IDisposable
{
    /// <summary>The camera's name in the configuration.</summary>
    string Camera { get; }

    /// <summary>True unless a real camera is behind it.</summary>
    bool Simulated { get; }

    /// <summary>True when frames may wait for room in the channel (replay as fast as possible); a live source never waits.</summary>
    bool WaitsForRoom { get; }

    /// <summary>True after the last frame of a replay that is played once; from then on the source is idle.</summary>
    bool Ended { get; }

    /// <summary>
    /// The next thing that happened; returns within 50 ms. May throw when the device fails: the source is then disposed
    /// of and made anew with back-off.
    /// </summary>
    /// <param name="stop">Signalled when the station stops; the method then returns at once.</param>
    FrameArrival Next(CancellationToken stop);
}

/// <summary>What a frame source yields.</summary>
public enum ArrivalKind
{
    /// <summary>No part; the camera is alive.</summary>
    Idle,

    /// <summary>A part's frame.</summary>
    Frame,

    /// <summary>The camera gives no sign of life.</summary>
    Lost,
}

/// <summary>One thing that a frame source yields.</summary>
public readonly record struct FrameArrival
{
    private FrameArrival(ArrivalKind kind, Frame? frame, TimeSpan age, string? reason)
        => (Kind, Frame, SignOfLifeAge, Reason) = (kind, frame, age, reason);

    /// <summary>Which of the three it is.</summary>
    public ArrivalKind Kind { get; }

    /// <summary>The frame, owned by the receiver; only with <see cref="ArrivalKind.Frame"/>.</summary>
    public Frame? Frame { get; }

    /// <summary>Time since the camera last gave a sign of life.</summary>
    public TimeSpan SignOfLifeAge { get; }

    /// <summary>Why the camera is lost, for a person.</summary>
    public string? Reason { get; }

    /// <summary>A part's frame, whose ownership passes to the receiver.</summary>
    public static FrameArrival Of(Frame frame) => new(ArrivalKind.Frame, frame, TimeSpan.Zero, null);

    /// <summary>No part.</summary>
    /// <param name="signOfLifeAge">Time since the camera last gave a sign of life.</param>
    public static FrameArrival Idle(TimeSpan signOfLifeAge) => new(ArrivalKind.Idle, null, signOfLifeAge, null);

    /// <summary>The camera gives no sign of life.</summary>
    public static FrameArrival Lost(TimeSpan signOfLifeAge, string reason) => new(ArrivalKind.Lost, null, signOfLifeAge, reason);
}
