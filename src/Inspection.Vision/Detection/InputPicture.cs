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
    private readonly KeptMat<byte>[] _pictures;
    private readonly KeptMat<byte> _grey;
    private readonly UprightPicture? _upright;
    private readonly KeptMat<byte> _plane;
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
        KeptMat<byte> Picture(MatType type) => new(width, height, type);
        _pictures = [Picture(MatType.CV_8UC3), Picture(MatType.CV_8UC3)];
        (_grey, _plane) = (Picture(MatType.CV_8UC1), Picture(MatType.CV_8UC1));
        for (var c = 0; c < 3; c++)
        {
            _planes[c] = Mat.FromPixelData(height, width, MatType.CV_32FC1, Marshal.UnsafeAddrOfPinnedArrayElement(planes, c * width * height));
            _planeWrites[c] = OutputArray.Create(_planes[c]);
        }
    }

    /// <summary>The resized picture: 8-bit BGR, row by row, 3 × height × width bytes; until the next <see cref="Fill"/>.</summary>
    public ReadOnlySpan<byte> Pixels => _pictures[_current].Values;

    /// <summary>How the part of the frame that was filled last lies; null where parts are taken as they lie.</summary>
    internal Pose? Pose => _upright?.Pose;

    /// <summary>Fills the input tensor from a frame. Allocates nothing managed.</summary>
    /// <param name="frame">8-bit BGR of any size.</param>
    public void Fill(InputArray frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        _current = 1 - _current;
        if (_upright is not null) _upright.Fill(frame, _pictures[_current].Write);
        else NativeMethods.HandleException(NativeMethods.imgproc_resize(frame.CvPtr, _pictures[_current].Write.CvPtr, _size, 0, 0, (int)_interpolation));
        for (var c = 0; c < 3; c++)
        {
            NativeMethods.HandleException(NativeMethods.core_extractChannel(_pictures[_current].Read.CvPtr, _plane.Write.CvPtr, 2 - c));
            NativeMethods.HandleException(NativeMethods.core_Mat_convertTo(_plane.Mat.CvPtr, _planeWrites[c].CvPtr, MatType.CV_32FC1, 1 / 255.0, 0));
        }
        GC.KeepAlive(frame);
    }

    /// <summary>Measures the picture that was filled last; once per picture. Allocates nothing managed.</summary>
    public FrameHealth Measure()
    {
        NativeMethods.HandleException(
            NativeMethods.imgproc_cvtColor(_pictures[_current].Read.CvPtr, _grey.Write.CvPtr, (int)ColorConversionCodes.BGR2GRAY, 0));
        // The exact comparison ends at the first difference, so it costs less than any hash of a picture that moves.
        var identical = !_first && _pictures[0].Values.SequenceEqual(_pictures[1].Values);
        _identicalFor = identical ? _identicalFor + 1 : 0;
        _first = false;
        return PictureMeasures.Of(_grey.Values, _size.Width, _size.Height) with { IdenticalFor = _identicalFor };
    }

    /// <summary>Forgets the picture before, so that the next one counts as new.</summary>
    public void Forget() => (_first, _identicalFor) = (true, 0);

    /// <inheritdoc />
    public void Dispose()
    {
        _upright?.Dispose();
        foreach (var held in (IDisposable[])[.. _pictures, _grey, _plane, .. _planeWrites, .. _planes]) held.Dispose();
    }
}
