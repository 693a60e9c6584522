using OpenCvSharp;
using OpenCvSharp.Internal;

namespace Inspection.Vision;

/// <summary>
/// Makes a frame into a model's input with its part turned upright: the frame is shrunk by area, which averages, then the
/// small picture is turned, which does not. What comes from outside the frame repeats its edge. Allocates nothing managed.
/// </summary>
internal sealed class UprightPicture : IDisposable
{
    // Turning blurs by half a pixel: a picture of the input's own size came out half as sharp, one of twice its size as sharp as unturned.
    private const int Oversampling = 2;

    private readonly Size _size;
    private readonly PoseFinder _finder;
    private readonly KeptMat<byte> _wide;
    private readonly KeptMat<double> _matrix = new(3, 2, MatType.CV_64FC1);

    /// <summary>Lays out the buffers.</summary>
    /// <param name="template">By what parts are found.</param>
    /// <param name="size">The input.</param>
    public UprightPicture(PartTemplate template, Size size)
    {
        _size = size;
        _finder = new PoseFinder(template);
        _wide = new(Oversampling * size.Width, Oversampling * size.Height, MatType.CV_8UC3);
    }

    /// <summary>How the part of the last frame lies.</summary>
    public Pose Pose { get; private set; }

    /// <summary>Fills the input picture; where no part was found it shows the frame as it is.</summary>
    /// <param name="frame">8-bit BGR of any size.</param>
    /// <param name="input">Receives 8-bit BGR of the input's size.</param>
    public void Fill(InputArray frame, OutputArray input)
    {
        NativeMethods.HandleException(NativeMethods.imgproc_resize(frame.CvPtr, _wide.Write.CvPtr, _wide.Size, 0, 0, (int)InterpolationFlags.Area));
        Pose = _finder.Find(_wide.Read);
        Pose.ToPhoto.Write(_matrix.Values, _size, _wide.Size);
        NativeMethods.HandleException(NativeMethods.imgproc_warpAffine(
            _wide.Read.CvPtr, input.CvPtr, _matrix.Read.CvPtr, _size, (int)(InterpolationFlags.Linear | InterpolationFlags.WarpInverseMap), (int)BorderTypes.Replicate, default));
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var held in (IDisposable[])[_finder, _wide, _matrix]) held.Dispose();
    }
}
