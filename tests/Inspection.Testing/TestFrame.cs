using Inspection.Core;

namespace Inspection.Testing;

/// <summary>A frame without pixels that counts its lives, so that a test can see one that was not given back.</summary>
public sealed class TestFrame : Frame
{
    private static readonly byte[] SmallestJpeg = Convert.FromBase64String(
        "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAAMCAgICAgMCAgIDAwMDBAYEBAQEBAgGBgUGCQgKCgkICQkKDA8MCgsOCwkJDRENDg8QEBEQCgwSExIQEw8QEBD/yQALCAABAAEBAREA/8wABgAQEAX/2gAIAQEAAD8A0s8g/9k=");

    private int _recycled;

    /// <summary>A frame with the given description.</summary>
    public TestFrame(in FrameDescription description) => Begin(description);

    /// <summary>True once its last holder has disposed of it.</summary>
    public bool Recycled => Volatile.Read(ref _recycled) == 1;

    public override int Width => Unreadable is null ? 640 : 0;

    public override int Height => Unreadable is null ? 480 : 0;

    public override byte[] Encode(PictureFormat format, int maxBytes, Overlay? overlay = null) => SmallestJpeg;

    protected override void Recycle() => Volatile.Write(ref _recycled, 1);
}
