using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Inspection.Core;

namespace Inspection.Vision;

/// <summary>Measures of a grey picture's fitness to be judged, in one pass over its rows.</summary>
internal static class PictureMeasures
{
    private const byte Dark = 16;
    private const byte Saturated = 250;

    /// <summary>Mean, dark and saturated share over all pixels; sharpness over the inner ones.</summary>
    /// <param name="grey">Row by row.</param>
    /// <param name="width">Columns, 3–4096.</param>
    /// <param name="height">Rows, at least 3.</param>
    /// <returns>The measures; <see cref="FrameHealth.IdenticalFor"/> is 0.</returns>
    /// <remarks>
    /// Sharpness is the variance of the 4-neighbour Laplacian (Pech-Pacheco et al., "Diatom autofocusing in brightfield
    /// microscopy", ICPR 2000). Its sums stay exact: |Laplacian| ≤ 1020, so 4,096 squares fit 32 bits unsigned per row lane.
    /// </remarks>
    public static FrameHealth Of(ReadOnlySpan<byte> grey, int width, int height)
    {
        long sum = 0, dark = 0, saturated = 0, laplacian = 0, squares = 0;
        for (var y = 0; y < height; y++)
        {
            var row = grey.Slice(y * width, width);
            AddBrightness(row, ref sum, ref dark, ref saturated);
            if (y > 0 && y < height - 1)
                AddLaplacian(grey.Slice((y - 1) * width, width), row, grey.Slice((y + 1) * width, width), ref laplacian, ref squares);
        }
        double pixels = (double)width * height, inner = (double)(width - 2) * (height - 2);
        var mean = laplacian / inner;
        return new FrameHealth(
            (float)(sum / pixels), (float)(dark / pixels), (float)(saturated / pixels), (float)((squares / inner) - (mean * mean)), 0);
    }

    private static void AddBrightness(ReadOnlySpan<byte> row, ref long sum, ref long dark, ref long saturated)
    {
        ref var first = ref MemoryMarshal.GetReference(row);
        var lanes = Vector256<ushort>.Zero;
        var x = 0;
        for (; x <= row.Length - 32; x += 32)
        {
            var v = Vector256.LoadUnsafe(ref first, (nuint)x);
            lanes += Vector256.WidenLower(v) + Vector256.WidenUpper(v);
            dark += BitOperations.PopCount(Vector256.LessThan(v, Vector256.Create(Dark)).ExtractMostSignificantBits());
            saturated += BitOperations.PopCount(Vector256.GreaterThan(v, Vector256.Create(Saturated)).ExtractMostSignificantBits());
        }
        var (low, high) = Vector256.Widen(lanes);
        sum += Vector256.Sum(low + high);
        for (; x < row.Length; x++)
        {
            sum += row[x];
            if (row[x] < Dark) dark++;
            if (row[x] > Saturated) saturated++;
        }
    }

    private static void AddLaplacian(ReadOnlySpan<byte> above, ReadOnlySpan<byte> row, ReadOnlySpan<byte> below, ref long sum, ref long squares)
    {
        ref var up = ref MemoryMarshal.GetReference(above);
        ref var here = ref MemoryMarshal.GetReference(row);
        ref var down = ref MemoryMarshal.GetReference(below);
        var sums = Vector256<int>.Zero;
        var squared = Vector256<int>.Zero;
        var x = 1;
        for (; x <= row.Length - 17; x += 16)
        {
            var i = (nuint)x;
            var value = (Wide(ref here, i) << 2) - Wide(ref up, i) - Wide(ref down, i) - Wide(ref here, i - 1) - Wide(ref here, i + 1);
            var (low, high) = Vector256.Widen(value);
            sums += low + high;
            squared += (low * low) + (high * high);
        }
        sum += Vector256.Sum(sums);
        for (var lane = 0; lane < Vector256<int>.Count; lane++) squares += squared[lane];
        for (; x < row.Length - 1; x++)
        {
            var value = (4 * row[x]) - above[x] - below[x] - row[x - 1] - row[x + 1];
            sum += value;
            squares += value * value;
        }
    }

    private static Vector256<short> Wide(ref byte source, nuint index)
    {
        var bytes = Vector128.LoadUnsafe(ref source, index);
        return Vector256.Create(Vector128.WidenLower(bytes), Vector128.WidenUpper(bytes)).AsInt16();
    }
}
