using System.Runtime.InteropServices;
using Inspection.Core;
using OpenCvSharp;
using OpenCvSharp.Internal;

namespace Inspection.Vision;

/// <summary>
/// Makes frames into a model's input: resized, RGB, 0..1, planar, straight into the input tensor. Teaching, evaluation and
/// inspection all go through here, so that a model judges exactly what it was taught on. One thread.
/// </summary>
/// <remarks>
/// Mats are laid over memory that lives as long as this object and their array headers are kept, because each
/// <c>InputArray</c> or <c>OutputArray</c> that OpenCvSharp makes for itself is a managed allocation. Its wrappers also
/// dispose of the <c>OutputArray</c> that they were given, so the native functions behind them are called directly.
/// </remarks>
public sealed class InputPicture : IDisposable
{
    private readonly Size _size;
    private readonly InterpolationFlags _interpolation;
    private readonly byte[][] _buffers = new byte[2][];
    private readonly Mat[] _pictures = new Mat[2];
    private readonly InputArray[] _reads = new InputArray[2];
    private readonly OutputArray[] _writes = new OutputArray[2];
    private readonly byte[] _grey;
    private readonly Mat _greyMat;
    private readonly OutputArray _greyWrite;
    private readonly UprightPicture? _upright;
    private readonly Mat _plane;
    private readonly OutputArray _planeWrite;
    private readonly Mat[] _planes = new Mat[3];
    private readonly OutputArray[] _planeWrites = new OutputArray[3];
    private int _current;
    private int _identicalFor;
    private bool _first = true;

    // OpenCV would spread a larger picture over all processors, which the line's other threads need.
    static InputPicture() => Cv2.SetNumThreads(1);

    /// <summary>Lays the conversion over an input tensor.</summary>
    /// <param name="planes">
    /// 3 × height × width values, allocated pinned (<see cref="GC.AllocateArray{T}(int, bool)"/>); receives R, G and B.
    /// </param>
    /// <param name="width">The model's width in pixels.</param>
    /// <param name="height">The model's height in pixels.</param>
    /// <param name="resize">How a frame becomes that size.</param>
    public InputPicture(float[] planes, int width, int height, ModelResize resize)
        : this(planes, width, height, resize, null)
    {
    }

    /// <summary>Lays the conversion over an input tensor, with parts turned upright where there is a template to find them by.</summary>
    internal InputPicture(float[] planes, int width, int height, ModelResize resize, PartTemplate? template)
    {
        ArgumentNullException.ThrowIfNull(planes);
        ArgumentOutOfRangeException.ThrowIfLessThan(planes.Length, 3 * width * height);
        _size = new Size(width, height);
        _upright = template is null ? null : new UprightPicture(template, _size);
        _interpolation = resize == ModelResize.Area ? InterpolationFlags.Area : InterpolationFlags.Linear;
        for (var i = 0; i < 2; i++)
        {
            _buffers[i] = GC.AllocateArray<byte>(3 * width * height, pinned: true);
            _pictures[i] = Over(_buffers[i], 0, width, height, MatType.CV_8UC3);
            _reads[i] = InputArray.Create(_pictures[i]);
            _writes[i] = OutputArray.Create(_pictures[i]);
        }
        _grey = GC.AllocateArray<byte>(width * height, pinned: true);
        _greyMat = Over(_grey, 0, width, height, MatType.CV_8UC1);
        _greyWrite = OutputArray.Create(_greyMat);
        _plane = new Mat(height, width, MatType.CV_8UC1);
        _planeWrite = OutputArray.Create(_plane);
        for (var c = 0; c < 3; c++)
        {
            _planes[c] = Over(planes, c * width * height, width, height, MatType.CV_32FC1);
            _planeWrites[c] = OutputArray.Create(_planes[c]);
        }
    }

    /// <summary>The resized picture: 8-bit BGR, row by row, 3 × height × width bytes; until the next <see cref="Fill"/>.</summary>
    public ReadOnlySpan<byte> Pixels => _buffers[_current];

    /// <summary>How the part of the frame that was filled last lies; null where parts are taken as they lie.</summary>
    internal Pose? Pose => _upright?.Pose;

    /// <summary>Fills the input tensor from a frame. Allocates nothing managed.</summary>
    /// <param name="frame">8-bit BGR of any size.</param>
    public void Fill(InputArray frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        _current = 1 - _current;
        if (_upright is not null) _upright.Fill(frame, _writes[_current]);
        else NativeMethods.HandleException(NativeMethods.imgproc_resize(frame.CvPtr, _writes[_current].CvPtr, _size, 0, 0, (int)_interpolation));
        for (var c = 0; c < 3; c++)
        {
            NativeMethods.HandleException(NativeMethods.core_extractChannel(_reads[_current].CvPtr, _planeWrite.CvPtr, 2 - c));
            NativeMethods.HandleException(NativeMethods.core_Mat_convertTo(_plane.CvPtr, _planeWrites[c].CvPtr, MatType.CV_32FC1, 1 / 255.0, 0));
        }
        GC.KeepAlive(frame);
    }

    /// <summary>Measures the picture that was filled last; once per picture. Allocates nothing managed.</summary>
    public FrameHealth Measure()
    {
        NativeMethods.HandleException(
            NativeMethods.imgproc_cvtColor(_reads[_current].CvPtr, _greyWrite.CvPtr, (int)ColorConversionCodes.BGR2GRAY, 0));
        // The exact comparison ends at the first difference, so it costs less than any hash of a picture that moves.
        var identical = !_first && _buffers[0].AsSpan().SequenceEqual(_buffers[1]);
        _identicalFor = identical ? _identicalFor + 1 : 0;
        _first = false;
        return PictureMeasures.Of(_grey, _size.Width, _size.Height) with { IdenticalFor = _identicalFor };
    }

    /// <summary>Forgets the picture before, so that the next one counts as new.</summary>
    public void Forget() => (_first, _identicalFor) = (true, 0);

    /// <inheritdoc />
    public void Dispose()
    {
        _upright?.Dispose();
        foreach (var held in (IDisposable[])[.. _reads, .. _writes, _greyWrite, _planeWrite, .. _planeWrites]) held.Dispose();
        foreach (var mat in (Mat[])[.. _pictures, _greyMat, _plane, .. _planes]) mat.Dispose();
    }

    private static Mat Over<T>(T[] pinned, int offset, int width, int height, MatType type)
        => Mat.FromPixelData(height, width, type, Marshal.UnsafeAddrOfPinnedArrayElement(pinned, offset));
}
