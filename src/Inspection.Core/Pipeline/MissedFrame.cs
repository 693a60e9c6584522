namespace Inspection.Core;

/// <summary>A part that was triggered while the channel was full: its pixels are gone, its place in the order is not.</summary>
internal sealed class MissedFrame : Frame
{
    /// <summary>Takes over all but the pixels.</summary>
    public MissedFrame(Frame frame) => Begin(new FrameDescription(
        frame.Id, frame.Trigger, frame.Camera, frame.CapturedAt, frame.Simulated, frame.Generated, frame.Origin, frame.TrueLabel, frame.PartId,
        Unreadable: "the channel was full"));

    /// <inheritdoc />
    public override int Width => 0;

    /// <inheritdoc />
    public override int Height => 0;

    /// <inheritdoc />
    public override byte[] Encode(PictureFormat format, int maxBytes, Overlay? overlay = null)
        => throw new InvalidOperationException("A missed frame has no pixels.");

    /// <inheritdoc />
    protected override void Recycle()
    {
    }
}
