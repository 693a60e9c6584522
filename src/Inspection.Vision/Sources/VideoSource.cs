using System.Globalization;
using Inspection.Core;
using OpenCvSharp;

namespace Inspection.Vision;

/// <summary>A video file, read through OpenCV's FFmpeg on one thread; each frame is a part.</summary>
public static class VideoSource
{
    /// <summary>Opens a video.</summary>
    /// <param name="camera">The camera's name in the configuration.</param>
    /// <param name="file">The file.</param>
    /// <param name="options">Settings, already validated; the filter is not used.</param>
    /// <param name="pool">Where frames come from; outlives the source.</param>
    /// <param name="time">The clock.</param>
    /// <returns>The source; or <c>video-missing</c>, <c>video-empty</c>, <c>video-unreadable</c>, <c>video-too-large</c>.</returns>
    public static Outcome<IFrameSource> Open(string camera, string file, ReplayOptions options, MatFramePool pool, TimeProvider time)
    {
        var name = Path.GetFileName(file);
        try
        {
            var found = new FileInfo(file);
            if (!found.Exists) return new Failure("video-missing", $"The video {file} is not there. Check the path.");
            if (found.Length == 0) return new Failure("video-empty", $"The video {file} is empty (0 bytes). Copy it again.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Failure("video-unreadable", $"The video {file} cannot be read: {e.Message}");
        }
        var replay = VideoReplay.TryOpen(Path.GetFullPath(file));
        if (replay is null)
            return new Failure("video-unreadable", $"{name} holds no video that can be decoded. Try to play it with ffplay; convert it with: ffmpeg -i {name} -c:v libx264 out.mp4");
        if (replay.Pixels > ImageReader.MaxPixels)
        {
            replay.Dispose();
            return new Failure("video-too-large", $"{name} has {replay.Pixels / 1e6:F0} megapixels a frame; at most {ImageReader.MaxPixels / 1_000_000} are read.");
        }
        return new ReplaySource(camera, replay, options, pool, time);
    }

    private sealed class VideoReplay : IReplay
    {
        // The number of frames that a container states may be an estimate from duration and rate.
        private const double CompleteShare = 0.9;
        private const double FallbackRate = 25;

        // CAP_PROP_N_THREADS of OpenCV's videoio.hpp, which the wrapper does not name.
        private const int Threads = 70;

        private readonly string _file;
        private VideoCapture _capture;
        private Mat? _first;
        private int _read;
        private TimeSpan _lapBegan;
        private TimeSpan _due;
        private bool _toldIncomplete;

        private VideoReplay(string file, VideoCapture capture, Mat first) => (_file, _capture, _first) = (file, capture, first);

        public long Pixels => (long)_capture.FrameWidth * _capture.FrameHeight;

        private TimeSpan FrameTime => TimeSpan.FromSeconds(1 / (_capture.Fps is > 0.01 and < 1000 ? _capture.Fps : FallbackRate));

        /// <summary>Opens the file and reads its first frame, so that a file without one is told at once.</summary>
        public static VideoReplay? TryOpen(string file)
        {
            var capture = Capture(file);
            var first = new Mat();
            if (capture.IsOpened() && capture.Read(first) && !first.Empty()) return new VideoReplay(file, capture, first);
            first.Dispose();
            capture.Dispose();
            return null;
        }

        public ReplayedPicture? Read()
        {
            var pixels = _first ?? new Mat();
            var there = _first is not null || (_capture.Read(pixels) && !pixels.Empty());
            _first = null;
            if (!there)
            {
                pixels.Dispose();
                return Incomplete();
            }
            // Time stamps may be missing or fall back; the replay never does.
            var stamp = _lapBegan + TimeSpan.FromMilliseconds(Math.Clamp(_capture.PosMsec, 0, int.MaxValue));
            _due = _read == 0 ? _lapBegan : stamp > _due ? stamp : _due + FrameTime;
            _read++;
            if (pixels.Type() == MatType.CV_8UC3) return new(pixels, Origin(_read), null, null, _due);
            pixels.Dispose();
            return new(null, Origin(_read), null, $"{Origin(_read)} is not an 8-bit colour frame.", _due);
        }

        public void Rewind()
        {
            _lapBegan = _due + FrameTime;
            _capture.Dispose();
            _capture = Capture(_file);
            (_read, _toldIncomplete) = (0, false);
        }

        public void Dispose()
        {
            _first?.Dispose();
            _capture.Dispose();
        }

        // One thread: the others belong to the detector.
        private static VideoCapture Capture(string file)
            => new(file, VideoCaptureAPIs.FFMPEG, [Threads, 1]);

        /// <summary>At the end: one unreadable part when the file stops well before the end that it states, else null.</summary>
        private ReplayedPicture? Incomplete()
        {
            var stated = _capture.FrameCount;
            if (_toldIncomplete || stated <= 0 || _read >= stated * CompleteShare) return null;
            _toldIncomplete = true;
            return new(null, Origin(_read + 1), null, $"{Path.GetFileName(_file)} is damaged or truncated: {_read} of {stated} frames could be read.", _due + FrameTime);
        }

        private string Origin(int frame) => Path.GetFileName(_file) + "#" + frame.ToString(CultureInfo.InvariantCulture);
    }
}
