using OpenCvSharp;

namespace Inspection.Vision;

/// <summary>
/// How well anomaly maps tell the pixels of defects from all others, over photos whose defects are marked. Photos are added
/// one by one; only counts are kept.
/// </summary>
/// <remarks>
/// Map and mask are compared pixel by pixel in the photo's own shape, at most <see cref="MaxSide"/> on its longer side; the
/// map is brought there bilinearly. Scores are sorted into bins that are 0.05 % wide, and pixels of one bin count as equal.
/// </remarks>
internal sealed class PixelScores
{
    /// <summary>Greatest length of a compared picture's longer side, in pixels.</summary>
    public const int MaxSide = 1024;

    /// <summary>The share of defect-free pixels up to which the per-region overlap is averaged.</summary>
    public const double OverlapLimit = 0.3;

    // The twenty highest bits of a float, made to rise with its value: sign, exponent and eleven bits of fraction.
    private const int Shift = 12;
    private const int Bins = 1 << (32 - Shift);

    private readonly long[] _sound = new long[Bins];
    private readonly long[] _marked = new long[Bins];
    private readonly double[] _overlap = new double[Bins];
    private long _soundPixels;
    private long _markedPixels;
    private int _regions;

    /// <summary>Defective photos whose marked pixels were counted.</summary>
    public int MarkedPhotos { get; private set; }

    /// <summary>
    /// Area under the ROC curve over all pixels, 0–1, ties counting half; null where either kind is missing.
    /// </summary>
    public double? Auroc
    {
        get
        {
            if (_soundPixels == 0 || _markedPixels == 0) return null;
            double wins = 0, below = 0;
            for (var bin = 0; bin < Bins; bin++)
            {
                wins += _marked[bin] * (below + (_sound[bin] / 2.0));
                below += _sound[bin];
            }
            return wins / ((double)_soundPixels * _markedPixels);
        }
    }

    /// <summary>
    /// Per-region overlap (PRO) as MVTec AD defines it (Bergmann et al., CVPR 2020 and IJCV 129, 2021): the share of each
    /// marked region (8-connected) that lies above a threshold, averaged over the regions, so that a small defect weighs as
    /// much as a large one; its mean over the thresholds at which 0 to 30 % of all defect-free pixels lie above. 0–1; null
    /// where either kind is missing.
    /// </summary>
    public double? RegionOverlap
    {
        get
        {
            if (_soundPixels == 0 || _regions == 0) return null;
            double area = 0, share = 0, overlap = 0;
            for (var bin = Bins - 1; bin >= 0 && share < OverlapLimit; bin--)
            {
                if (_sound[bin] == 0 && _overlap[bin] == 0) continue;
                var (nextShare, nextOverlap) = (share + ((double)_sound[bin] / _soundPixels), overlap + (_overlap[bin] / _regions));
                if (nextShare > OverlapLimit)
                {
                    nextOverlap = overlap + ((nextOverlap - overlap) * (OverlapLimit - share) / (nextShare - share));
                    nextShare = OverlapLimit;
                }
                area += (nextShare - share) * (overlap + nextOverlap) / 2;
                (share, overlap) = (nextShare, nextOverlap);
            }
            return Math.Min(1, area / OverlapLimit);
        }
    }

    /// <summary>Adds a good part: every pixel is defect-free.</summary>
    /// <param name="map">The anomaly map, row by row.</param>
    /// <param name="mapSize">Its size.</param>
    /// <param name="photo">The photo's size.</param>
    public void AddGood(ReadOnlySpan<float> map, Size mapSize, Size photo)
    {
        using var scores = Spread(map, mapSize, Grid(photo));
        scores.GetArray(out float[] values);
        foreach (var value in values) _sound[Bin(value)]++;
        _soundPixels += values.Length;
    }

    /// <summary>Adds a defective part.</summary>
    /// <param name="map">The anomaly map, row by row.</param>
    /// <param name="mapSize">Its size.</param>
    /// <param name="photo">The photo's size.</param>
    /// <param name="mask">Marks the defect: 8-bit BGR of any size, marked where brighter than half of its brightest pixel.</param>
    /// <returns>False when the mask marks nothing, so that nothing was added.</returns>
    public bool AddDefect(ReadOnlySpan<float> map, Size mapSize, Size photo, Mat mask)
    {
        using var marked = Marked(mask, Grid(photo));
        using var labels = new Mat();
        var regions = Cv2.ConnectedComponents(marked, labels, PixelConnectivity.Connectivity8) - 1;
        if (regions == 0) return false;
        labels.GetArray(out int[] region);
        var sizes = new int[regions + 1];
        foreach (var label in region) sizes[label]++;
        using var scores = Spread(map, mapSize, Grid(photo));
        scores.GetArray(out float[] values);
        for (var i = 0; i < values.Length; i++)
        {
            var bin = Bin(values[i]);
            if (region[i] == 0) _sound[bin]++;
            else
            {
                _marked[bin]++;
                _overlap[bin] += 1.0 / sizes[region[i]];
            }
        }
        _soundPixels += sizes[0];
        _markedPixels += values.Length - sizes[0];
        _regions += regions;
        MarkedPhotos++;
        return true;
    }

    private static Size Grid(Size photo)
    {
        var shrink = Math.Min(1, (double)MaxSide / Math.Max(photo.Width, photo.Height));
        return new(Math.Max(1, (int)Math.Round(photo.Width * shrink)), Math.Max(1, (int)Math.Round(photo.Height * shrink)));
    }

    private static Mat Spread(ReadOnlySpan<float> map, Size mapSize, Size grid)
    {
        using var small = new Mat(mapSize, MatType.CV_32FC1);
        small.SetArray(map.ToArray());
        var large = new Mat();
        Cv2.Resize(small, large, grid, 0, 0, InterpolationFlags.Linear);
        return large;
    }

    /// <summary>The mask on the grid. A pixel of it is marked where any of the mask's own pixels within is, so that no small defect vanishes.</summary>
    private static Mat Marked(Mat mask, Size grid)
    {
        using var grey = new Mat();
        Cv2.CvtColor(mask, grey, ColorConversionCodes.BGR2GRAY);
        Cv2.MinMaxLoc(grey, out double _, out double brightest);
        using var own = new Mat();
        Cv2.Compare(grey, Scalar.All(brightest / 2), own, CmpTypes.GT);
        using var exact = new Mat();
        own.ConvertTo(exact, MatType.CV_32FC1);
        using var sized = new Mat();
        Cv2.Resize(exact, sized, grid, 0, 0, grid.Width < own.Width ? InterpolationFlags.Area : InterpolationFlags.Nearest);
        var marked = new Mat();
        Cv2.Compare(sized, Scalar.All(0), marked, CmpTypes.GT);
        return marked;
    }

    /// <summary>The bin of a score. What is not a number is as suspicious as can be.</summary>
    private static int Bin(float score)
    {
        if (float.IsNaN(score)) return Bins - 1;
        // Adding zero makes of both zeros one.
        var bits = BitConverter.SingleToUInt32Bits(score + 0f);
        return (int)(((bits & 0x8000_0000) == 0 ? bits | 0x8000_0000 : ~bits) >> Shift);
    }
}
