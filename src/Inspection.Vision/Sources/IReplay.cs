using OpenCvSharp;

namespace Inspection.Vision;

/// <summary>Recorded pictures, read one after another by one thread that may block: a folder's photos, a video's frames.</summary>
internal interface IReplay : IDisposable
{
    /// <summary>The next picture, or null at the end.</summary>
    ReplayedPicture? Read();

    /// <summary>Goes back to the beginning; <see cref="ReplayedPicture.Due"/> goes on from where it was.</summary>
    void Rewind();
}

/// <summary>One picture of a replay.</summary>
/// <param name="Pixels">BGR, 8 bit; the receiver disposes of them. Null when it could not be read.</param>
/// <param name="Origin">The file relative to its folder; for a video with the frame's number.</param>
/// <param name="TrueLabel">The true label where it is known.</param>
/// <param name="Unreadable">Why there are no pixels.</param>
/// <param name="Due">When it is due, counted from the replay's beginning.</param>
internal readonly record struct ReplayedPicture(Mat? Pixels, string Origin, string? TrueLabel, string? Unreadable, TimeSpan Due);
